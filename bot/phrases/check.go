package phrases

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"firstline/knowledge/lint/strict"
)

// action is the only thing a template may do: that is why it can't fail.
var action = regexp.MustCompile(`\{\{\s*\.([A-Za-z]+)\s*\}\}`)

// check reports what is wrong with the texts of a phrase.
func (e entry) check(f forms) {
	for form, node := range e.nodes {
		text := e.texts[form]
		used := e.checkFields(node, text)
		if a, b, several := f.several(form); several && shapes[e.id].plural && !used["Count"] {
			node.Errorf("%s: this form stands for %d, %d and others, so {{.Count}} must be in it", e.id, a, b)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			node.Errorf("%s holds a control character", e.id)
		}
		if shapes[e.id].max > 0 && strings.Contains(text, "\n") {
			node.Errorf("%s must be one line", e.id)
		}
	}
}

// checkFields reports fields that the phrase isn't given, and those that it is
// given and doesn't show.
func (e entry) checkFields(node strict.Node, text string) (used map[string]bool) {
	s := shapes[e.id]
	allowed := append([]string{"Product"}, s.fields...)
	if s.plural {
		allowed = append(allowed, "Count")
	}
	used = make(map[string]bool)
	for _, match := range action.FindAllStringSubmatch(text, -1) {
		name := match[1]
		used[name] = true
		if !slices.Contains(allowed, name) {
			node.Errorf("%s: {{.%s}} is not known here: known are %s", e.id, name, braced(allowed))
		}
	}
	if strings.ContainsAny(action.ReplaceAllString(text, ""), "{}") {
		node.Errorf("%s: braces are only for fields, and a field is written like {{.Product}}: known are %s", e.id, braced(allowed))
	}
	for _, name := range s.fields {
		if !used[name] {
			node.Errorf("%s: {{.%s}} must be in it", e.id, name)
		}
	}
	return used
}

func braced(names []string) string { return "{{." + strings.Join(names, "}}, {{.") + "}}" }

// try renders a phrase in every plural form that whole numbers take, and
// reports what fails, is empty or too long.
func (e entry) try(v *voice, f forms) {
	for form, node := range e.nodes {
		counts := f[form]
		if !shapes[e.id].plural {
			counts = []int{0}
		}
		if len(counts) == 0 {
			continue
		}
		if err := e.tryOnce(v, counts[0]); err != nil {
			node.Errorf("%s: %v", e.id, err)
		}
	}
}

func (e entry) tryOnce(v *voice, count int) error {
	const x = "x"
	text, err := v.localize(e.id, fields{
		Data:  Data{Wait: x, Language: x, Title: x, Hours: x, Kinds: x, Count: count},
		First: x, Next: x, Days: x, From: x, To: x, Zone: x,
	})
	if err != nil {
		return err
	}
	if strings.TrimSpace(text) == "" {
		return errors.New("nothing is said")
	}
	if limit, n := shapes[e.id].max, utf8.RuneCountInString(text); limit > 0 && n > limit {
		return fmt.Errorf("too long: %d characters, at most %d", n, limit)
	}
	return nil
}
