package guard

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// fold maps a character to the plain one that it stands for, or to -1 when it
// can't be seen or is an accent: full-width letters, zero-width spaces or
// missing accents must not hide a secret.
func fold(c rune) rune {
	if c < 0x7f {
		switch c {
		case '\n':
			return c
		case '\t', '\v', '\f', '\r':
			return ' '
		}
		if c < ' ' {
			return -1
		}
		return c
	}
	if plain, ok := plainLetters()[c]; ok {
		return plain
	}
	switch {
	case c == utf8.RuneError, unicode.In(c, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me):
		return -1
	case c == 0x115F, c == 0x1160, c == 0x3164, c == 0xFFA0, c == 0x0640: // fillers
		return -1
	case c == 0x2028, c == 0x2029:
		return '\n'
	case unicode.IsSpace(c):
		return ' '
	case c >= 0xFF01 && c <= 0xFF5E: // full-width
		return c - 0xFF01 + '!'
	case c >= 0x1D400 && c <= 0x1D6A3: // mathematical alphabets
		if c = (c - 0x1D400) % 52; c < 26 {
			return 'A' + c
		}
		return 'a' + c - 26
	case c >= 0x1D7CE && c <= 0x1D7FF: // and digits
		return '0' + (c-0x1D7CE)%10
	case c >= 0x24B6 && c <= 0x24CF: // circled letters
		return 'A' + c - 0x24B6
	case c >= 0x24D0 && c <= 0x24E9:
		return 'a' + c - 0x24D0
	case c >= 0x2010 && c <= 0x2015, c == 0x2212:
		return '-'
	case unicode.IsDigit(c): // of another script: they come in tens
		d := rune(0)
		for d < 9 && unicode.IsDigit(c-d-1) {
			d++
		}
		return '0' + d
	}
	return c
}

// plainLetters maps letters with accents to those without, and variants that
// are typed for each other.
var plainLetters = sync.OnceValue(func() map[rune]rune {
	m := map[rune]rune{}
	for _, line := range strings.Fields(`
		aàáâãäåāăąạảấầẩẫậắằẳẵặ cçćĉċč dďđ eèéêëēĕėęěẹẻẽếềểễệ gĝğġģ hĥħ iìíîïĩīĭįıỉị
		jĵ kķ lĺļľł nñńņňŋ oòóôõöøōŏőơọỏốồổỗộớờởỡợ rŕŗř sśŝşšș tţťŧț uùúûüũūŭůűųưụủứừửữự wŵ
		yýÿŷỳỵỷỹ zźżž иий её اأإآٱ هة يىی كک '‘’ʼ "“”„«»`) {
		plain, size := utf8.DecodeRuneInString(line)
		for _, c := range line[size:] {
			m[c], m[unicode.ToUpper(c)] = plain, unicode.ToUpper(plain)
		}
	}
	return m
})

// compose joins a character with a mark after it where the two are one letter
// of a word list, as in decomposed kana and Hangul; 0 when they don't join.
func compose(last, c rune) rune {
	switch {
	case c == 0x3099 && last >= 0x3041 && last <= 0x30FF: // か + voiced mark
		return last + 1
	case c == 0x309A && last >= 0x3041 && last <= 0x30FF:
		return last + 2
	case last >= 0x1100 && last <= 0x1112 && c >= 0x1161 && c <= 0x1175: // consonant + vowel
		return 0xAC00 + ((last-0x1100)*21+c-0x1161)*28
	case last >= 0xAC00 && last <= 0xD7A3 && (last-0xAC00)%28 == 0 && c > 0x11A7 && c <= 0x11C2: // + final consonant
		return last + c - 0x11A7
	}
	return 0
}

// folded returns s as a view has it in lower case.
func folded(s string) string { return newView(s).lower }
