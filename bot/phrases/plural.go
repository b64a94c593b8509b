package phrases

import (
	"fmt"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// The plural forms of CLDR. Every language has other: go-i18n says it where it
// finds no better one.
var formNames = []string{"zero", "one", "two", "few", "many", other}

const other = "other"

// forms are the plural forms of a language, each with examples of counts that
// take it. Other may have none: in Russian it is for fractions only.
type forms map[string][]int

// formsOf asks go-i18n, whose rules choose the form later, for the form of so
// many counts that every form which whole numbers take is among them.
func formsOf(tag language.Tag) (forms, error) {
	bundle := i18n.NewBundle(tag)
	err := bundle.AddMessages(tag, &i18n.Message{
		ID: "form", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: other,
	})
	if err != nil {
		return nil, err
	}
	// Rules look at the last two digits, and at whole millions.
	counts := []int{1_000, 1_000_000}
	for n := range 200 {
		counts = append(counts, n)
	}
	slices.Sort(counts)
	found := forms{other: nil}
	localizer := i18n.NewLocalizer(bundle, tag.String())
	for _, n := range counts {
		form, err := localizer.Localize(&i18n.LocalizeConfig{MessageID: "form", PluralCount: n})
		if err != nil {
			return nil, fmt.Errorf("plural form of %d in %s: %w", n, tag, err)
		}
		found[form] = append(found[form], n)
	}
	return found, nil
}

// names returns the forms in the order of CLDR.
func (f forms) names() []string {
	return slices.DeleteFunc(slices.Clone(formNames), func(name string) bool {
		_, has := f[name]
		return !has
	})
}

// several returns two counts from 1 that share a form; ok is false when it has
// only one, so that its text may say the number in words ("next").
func (f forms) several(form string) (a, b int, ok bool) {
	counts := slices.DeleteFunc(slices.Clone(f[form]), func(n int) bool { return n == 0 })
	if len(counts) < 2 {
		return 0, 0, false
	}
	return counts[0], counts[1], true
}
