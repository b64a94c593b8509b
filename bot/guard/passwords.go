package guard

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	passwordCues = newCues(`passwords?|passwd|pswd|pwd|passphrase|log[ -]?in password|passwort\pL*|kennwort|contrasenas?|mot de passe|mdp|senha|sifre\pL*|haslo|wachtwoord|mat khau|kata sandi|` +
		`парол\pL*|密码|密碼|口令|パスワード|비밀번호|암호|كلمه المرور|كلمه مرور|كلمه السر|كلمه مروري|كلمه سر`)
	// shortCues mean other things too: only with a sign or verb after them.
	shortCues = newCues(`pass|pw|passcode|clave|parola|pswrd`)
	// undone stands before a password that isn't told: "forgot password".
	undone = regexp.MustCompile(`(?:forg[eo]t\pL*|reset\pL*|chang\pL*|lost|los[et]|recover\pL*|wrong|incorrect|invalid|new|set|create|creat\pL*|need|weak|strong|olvid\pL*|cambiar|oubli\pL*|changer|vergessen\pL*|andern|забыл\pL*|сменить|忘记|忘記|忘了|修改|重置|更改)[ \pL]{0,12}$`)
	// distant is what may stand between a password's name and "is".
	distant = regexp.MustCompile(`^ [^\n.?!,;:\x00]{1,40}?(?: (?:is|es|est|ist|lautet)|是) ?[:=]? ?`)
)

// passwords finds what people call their password. Only the value goes; a
// sentence about a password stays.
func passwords(v *view) []hit {
	var hits []hit
	find := func(cues []cue, looseToo bool) {
		end := 0
		for _, c := range cues {
			if c.start < end { // inside the password before
				continue
			}
			if h, ok := passwordAt(v, c, looseToo); ok {
				hits = append(hits, h)
				end = h.end
			}
		}
	}
	find(passwordCues.find(v), true)
	find(shortCues.find(v), false)
	return hits
}

func passwordAt(v *view, c cue, looseToo bool) (hit, bool) {
	at, how := after(v.lower, c.end)
	told := !undone.MatchString(v.lower[max(0, c.start-40):c.start])
	if how == loose {
		if m := distant.FindString(upTo(v.lower, c.end, 64)); m != "" && told {
			val := valueAt(v, c.end+len(m))
			if val.mixed() && len(val.bare()) >= 6 {
				return val.hit(v), true
			}
		}
		if !looseToo || !told {
			return hit{}, false
		}
	}
	val := valueAt(v, at)
	if isMail(val.text) { // "mail and password: me@x.example hunter2"
		val = valueAt(v, val.end+len(blankAfter.FindString(v.lower[val.end:min(len(v.lower), val.end+3)])))
		how = loose
	}
	if !val.password(how, told) || val.plain() && sentenceGoesOn(v, val.end) {
		return hit{}, false
	}
	if val.plain() && how != loose {
		val.end = phraseEnd(v, val.end)
	}
	return val.hit(v), true
}

// value is what may be a password.
type value struct {
	start, end int
	text       string
}

// longestValue is how many bytes of a value are looked at.
const longestValue = 256

// hit returns the value as a password. A very long one goes on to white space.
func (val value) hit(v *view) hit {
	return hit{start: val.start, end: runEnd(v.text, val.end, len(val.text)), kind: Password}
}

// runEnd returns where a secret really ends of which n bytes were looked at, up
// to offset i: further, at white space, when that was all that is looked at.
func runEnd(s string, i, n int) int {
	for n >= longestValue-utf8.UTFMax && i < len(s) && strings.IndexByte(" \n\x00", s[i]) < 0 {
		i++
	}
	return i
}

// valueAt returns the value that starts at offset i of v: what is in quotes, or
// all up to white space. One that starts with ASCII ends where another script
// starts, since Chinese is written without spaces. Empty when nothing is there.
func valueAt(v *view, i int) value {
	s := v.text
	if i >= len(s) {
		return value{start: i, end: i}
	}
	if q := s[i]; q == '"' || q == '\'' || q == '`' {
		line, _, _ := strings.Cut(s[i+1:min(len(s), i+100)], "\n")
		if n := strings.IndexByte(line, q); n > 0 && strings.IndexByte(line[:n], barrier) < 0 {
			return value{start: i + 1, end: i + 1 + n, text: s[i+1 : i+1+n]}
		}
	}
	ascii := s[i] < utf8.RuneSelf
	end := i
	for end < len(s) && end-i < longestValue {
		c, size := utf8.DecodeRuneInString(s[end:])
		if c == ' ' || c == '\n' || c == barrier || ascii && c >= utf8.RuneSelf || unicode.In(c, unicode.Han) || c >= 0x3001 && c <= 0x3011 {
			break
		}
		// A comma of a Chinese sentence was wider before.
		if (c == ',' || c == ';' || c == '?' || c == '!' || c == ')') && v.end[end]-v.start[end] > 1 {
			break
		}
		end += size
	}
	return value{start: i, end: end, text: s[i:end]}
}

// bare returns the value without the punctuation of the sentence around it.
func (val value) bare() string { return strings.Trim(val.text, ".,;:?()[]<>\"'") }

// mixed reports whether the value can't be a word: it has letters and digits, or
// signs among letters.
func (val value) mixed() bool {
	s := val.bare()
	if notSecret.MatchString(s) || !strings.ContainsFunc(s, unicode.IsLetter) && !hasDigit(s) {
		return false
	}
	letter := strings.ContainsFunc(s, unicode.IsLetter)
	return letter && hasDigit(s) || strings.ContainsAny(strings.TrimRight(s, "!"), "!@#$%^&*+=_~|\\") || letter && humps(s)
}

// humps reports capitals after small letters, as in "HuNter".
func humps(s string) bool {
	small := false
	for _, c := range s {
		if unicode.IsUpper(c) && small {
			return true
		}
		small = unicode.IsLower(c)
	}
	return false
}

// plain reports whether the value is a word.
func (val value) plain() bool {
	s := strings.TrimRight(val.bare(), "!")
	return s != "" && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz'-") == "" || s != "" && s[0] >= utf8.RuneSelf && !hasDigit(s)
}

// notSecret matches addresses, ranges, quantities and masks.
var notSecret = regexp.MustCompile(`(?i)^(?:https?://.*|www\..*|[0-9]+ ?[-~+] ?[0-9]*(?:[a-z]+)?|[0-9]+(?:th|st|nd|rd|x|h|d|min|hrs?|days?|chars?|characters?|digits?)|2fa|[*•x._#-]+|0x[0-9a-f]{40})$`)

var mail = regexp.MustCompile(`^[^@ ]+@[^@ ]+\.[a-zA-Z]+[.,;:]?$`)

func isMail(s string) bool { return mail.MatchString(s) }

// password decides whether the value is one, by how it is joined to its name.
func (val value) password(how joint, told bool) bool {
	s := val.bare()
	if s == "" || notSecret.MatchString(s) || !val.mixed() && len(passwordCues.find(newView(s))) > 0 {
		return false
	}
	digits := strings.Trim(s, "0123456789") == ""
	switch {
	case digits:
		return len(s) >= 6 || how != loose && len(s) >= 4
	case val.mixed():
		return how != loose || len(s) >= 6 && !strings.Contains(s, "/")
	case how == loose, !told, len(s) < 3:
		return false
	case !val.plain():
		return true
	}
	return !isStop(s, how == verb)
}

// sentenceGoesOn reports whether the word that ends at i is in the middle of a
// sentence: "password: opens your account".
func sentenceGoesOn(v *view, i int) bool {
	return i < len(v.text) && v.text[i] == ' ' && linkWords()[strings.ToLower(valueAt(v, i+1).bare())]
}

// phraseEnd returns where a password of several words ends whose first word
// ends at i: at the first small word, sign or line end.
func phraseEnd(v *view, i int) int {
	const mostWords = 8
	if i > 0 && strings.IndexByte(".,;:?!)\"'`", v.text[i-1]) >= 0 {
		return i
	}
	for range mostWords {
		if i >= len(v.text) || v.text[i] != ' ' {
			break
		}
		next := valueAt(v, i+1)
		if next.text == "" || isStop(next.bare(), true) || strings.ContainsAny(next.text, ":@/=") || !next.plain() && !next.mixed() {
			break
		}
		i = next.end
		if strings.ContainsAny(next.text[len(next.text)-1:], ".,;:?!)") {
			break
		}
	}
	return i
}
