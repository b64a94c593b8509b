package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestToken is the longest run without spaces, in bytes, that can be words:
// the longest of a language with few (Zwei-Faktor-Authentifizierung) are half of
// it.
const longestToken = 120

// isCode reports whether a token is no language: a link, an e-mail address, a
// hash, an identifier.
func isCode(token string) bool {
	if len(token) > longestToken || strings.ContainsAny(token, `@_=\{}<>|`) || strings.Contains(token, "://") || strings.Contains(token, "()") {
		return true
	}
	if hasFold(token, "www.") {
		return true
	}
	digits, letters := 0, 0
	for i := range len(token) {
		switch c := token[i]; {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters++
		}
	}
	if digits >= 3 && letters > 0 && len(token) >= 20 { // addresses and hashes, whole or shortened
		return true
	}
	for i := strings.IndexByte(token, '.'); i > 0; {
		rest := token[i+1:]
		n := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
		if n < 0 {
			n = len(rest)
		}
		if domainEnds[strings.ToLower(rest[:n])] {
			return true
		}
		next := strings.IndexByte(rest, '.')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return false
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// domainEnds are what the links and files that people paste end with. Those that
// are words (de, me, es) are left out: many people put no space after a full
// stop.
var domainEnds = func() map[string]bool {
	m := map[string]bool{}
	for _, e := range strings.Fields(`com org net io app xyz dev info finance exchange network eth pdf png jpg jpeg json apk exe zip html php js py
		go txt csv example cc gg ly ai ru cn`) {
		m[e] = true
	}
	return m
}()

// marked returns the length of a mention, a tag, a command, a ticker or the name
// of an emoji at the start of text, and 0 when there is none.
func marked(text string) int {
	n := 1
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		if !isWordRune(r) && r != '_' && (text[0] != '<' || !strings.ContainsRune("@#!&:/", r)) {
			break
		}
		n += size
	}
	switch {
	case n == 1:
		return 0
	case text[0] == ':' && (n == len(text) || text[n] != ':'):
		return 0
	case text[0] == '<' && (n == len(text) || text[n] != '>'):
		return 0
	}
	return n
}
