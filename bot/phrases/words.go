package phrases

import (
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Duration returns a waiting time in words, "15 minutes". It rounds up, so that
// nobody waits longer than promised: to whole minutes up to 10 and to 5 minutes
// up to 90, then to hours up to two days, then to days. Below a minute it is
// one minute.
func (b *Book) Duration(lang string, d time.Duration) string {
	v := b.voice(lang)
	id, n := unit(d)
	return v.text(id, fields{Data: Data{Count: n}})
}

func unit(d time.Duration) (ID, int) {
	n := max(1, units(d, time.Minute))
	if n > 10 {
		n = (n + 4) / 5 * 5
	}
	switch {
	case n == 60:
		return hours, 1
	case n <= 90:
		return minutes, n
	case d <= 48*time.Hour:
		return hours, units(d, time.Hour)
	default:
		return days, units(d, 24*time.Hour)
	}
}

// units returns how many of u cover d. It can't overflow, unlike (d+u-1)/u.
func units(d, u time.Duration) int {
	n := int(d / u)
	if d%u > 0 {
		n++
	}
	return n
}

// kindNames are the kinds of secrets that have a name of their own.
var kindNames = map[string]ID{
	"seed_phrase": secretSeedPhrase,
	"private_key": secretPrivateKey,
	"card":        secretCard,
	"password":    secretPassword,
	"code":        secretCode,
	"token":       secretToken,
}

// Kinds joins the names of kinds of secrets, "a seed phrase and a password",
// each once. A kind that has no name is "something secret", and so is none.
func (b *Book) Kinds(lang string, kinds []string) string {
	var ids []ID
	for _, kind := range kinds {
		id, ok := kindNames[kind]
		if !ok {
			id = secretOther
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		ids = []ID{secretOther}
	}
	v := b.voice(lang)
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = v.text(id, fields{})
	}
	last := len(names) - 1
	text := v.list(listComma, names[:max(1, last)])
	if last > 0 {
		text = v.text(listAnd, fields{First: text, Next: names[last]})
	}
	return text
}

// list joins items by a phrase with First and Next. None is "".
func (v *voice) list(by ID, items []string) string {
	text := ""
	for i, item := range items {
		if i == 0 {
			text = item
			continue
		}
		text = v.text(by, fields{First: text, Next: item})
	}
	return text
}

// LanguageName returns the name of a language in that language, "Español", for
// any language; what is no language comes back as it is.
func (b *Book) LanguageName(lang string) string {
	if v := b.voices[lang]; v != nil {
		return v.name
	}
	return endonym(lang)
}

func endonym(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return lang
	}
	name := display.Self.Name(tag)
	if name == "" {
		return lang
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToTitle(first)) + name[size:]
}

// LanguageList returns the names of the site's languages, each in its own, in
// the operator's order.
func (b *Book) LanguageList(lang string) string { return b.voice(lang).languages }

// Values returns what the placeholders {{hours}} and {{languages}} of articles
// stand for. The map is the caller's.
func (b *Book) Values(lang string) map[string]string {
	v := b.voice(lang)
	return map[string]string{"hours": v.hours, "languages": v.languages}
}
