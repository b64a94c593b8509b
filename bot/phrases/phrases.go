// Package phrases owns what the bot says of its own: every phrase in every
// language of the site, with the plural forms, lists, durations and opening
// hours of that language. Load checks all of it, so that speaking can't fail
// later.
//
// It knows site.yaml and the phrases.yaml files; it knows no network, no
// ticket and no article, and it never decides what is said.
package phrases

import (
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Data fills in what a phrase leaves open; the constants of ID say which of it
// they need. The product's name is always filled in. What is filled in is never
// read as a template.
type Data struct {
	Wait     string // a Duration
	Language string // a LanguageName
	Title    string // of an article
	Hours    string // Book.Hours
	Kinds    string // Book.Kinds
	Count    int    // chooses the plural form; not below 0
}

// fields is what templates see.
type fields struct {
	Data
	Product        string
	First, Next    string // of a list
	Days, From, To string // of a span of hours; From and To also of days
	Zone           string
}

// Book speaks the languages of a site. It is safe for concurrent use and never
// changes: to change phrases, load another.
type Book struct {
	voices   map[string]*voice // by language
	fallback *voice
}

// Text returns a phrase. A language that the site doesn't have is read without
// its region (zh-TW as zh), or else replaced by the site's fallback. The result
// is never empty: an id that is no constant of this package comes back as it
// is.
func (b *Book) Text(lang string, id ID, d Data) string {
	return b.voice(lang).text(id, fields{Data: d})
}

// Count returns a phrase in the plural form for n, which also becomes d.Count.
func (b *Book) Count(lang string, id ID, n int, d Data) string {
	d.Count = n
	return b.Text(lang, id, d)
}

func (b *Book) voice(lang string) *voice {
	if v := b.voices[lang]; v != nil {
		return v
	}
	primary, _, _ := strings.Cut(strings.ReplaceAll(lang, "_", "-"), "-")
	if v := b.voices[strings.ToLower(primary)]; v != nil {
		return v
	}
	return b.fallback
}

// voice is one language.
type voice struct {
	product   string
	localizer *i18n.Localizer
	// Worked out by Load, as they depend on the site alone.
	name, hours, languages string
}

func (v *voice) text(id ID, f fields) string {
	text, err := v.localize(id, f)
	if err != nil || text == "" {
		return string(id) // Load has rendered every phrase, so this is none
	}
	return text
}

func (v *voice) localize(id ID, f fields) (string, error) {
	f.Product = v.product
	c := i18n.LocalizeConfig{MessageID: string(id), TemplateData: &f}
	if shapes[id].plural {
		c.PluralCount = f.Count
	}
	return v.localizer.Localize(&c)
}
