package phrases

import (
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"firstline/knowledge/lint"
	"firstline/knowledge/lint/strict"
)

// entry is one phrase of a file: its texts by plural form, other alone when it
// has no forms, each with its place.
type entry struct {
	id    ID
	texts map[string]string
	nodes map[string]strict.Node
}

func (e entry) message() *i18n.Message {
	return &i18n.Message{
		ID: string(e.id), Zero: e.texts["zero"], One: e.texts["one"], Two: e.texts["two"],
		Few: e.texts["few"], Many: e.texts["many"], Other: e.texts[other],
	}
}

// parse returns the phrases of a file in its order. They are complete and right
// when src has no errors.
func parse(src *lint.Source, text string, f forms) []entry {
	root := strict.Parse(src, text)
	if !root.Present() {
		if len(src.Problems) == 0 {
			src.Errorf(0, 0, "there are no phrases in it")
		}
		return nil
	}
	var entries []entry
	missing := maps.Clone(shapes)
	for _, pair := range root.Pairs() {
		id := ID(pair.Key)
		if _, ok := shapes[id]; !ok {
			pair.Name.Errorf("unknown phrase %q", id)
			continue
		}
		delete(missing, id)
		entries = append(entries, entry{id: id, nodes: nodesOf(src, pair, f)})
	}
	if len(missing) > 0 {
		src.Errorf(0, 0, "missing: %s", join(slices.Sorted(maps.Keys(missing))))
	}
	if src.Problems.Err() != nil {
		return nil
	}
	fill(src, text, entries)
	for _, e := range entries {
		e.check(f)
	}
	return entries
}

func join[S ~string](items []S) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = string(item)
	}
	return strings.Join(texts, ", ")
}

// nodesOf returns the places of a phrase's texts by form, and reports what is
// no text and which forms are missing or too many.
func nodesOf(src *lint.Source, pair strict.Pair, f forms) map[string]strict.Node {
	nodes := map[string]strict.Node{other: pair.Value}
	if shapes[ID(pair.Key)].plural {
		before := len(src.Problems)
		nodes = pair.Value.Fields(f.names()...)
		if len(nodes) == 0 && len(src.Problems) > before {
			return nil // it has no forms at all, which was reported
		}
		for _, form := range f.names() {
			if !nodes[form].Present() {
				pair.Name.Errorf("%s: the plural form %q is missing: this language needs %s", pair.Key, form, join(f.names()))
			}
		}
	}
	for _, node := range nodes {
		node.Text() // reports what is wrong; the text itself comes from fill
	}
	return nodes
}

// fill reads the texts. It keeps white space within them, unlike strict: the
// no-break spaces of French must stay.
func fill(src *lint.Source, text string, entries []entry) {
	var values map[string]any
	if err := yaml.Unmarshal([]byte(text), &values); err != nil {
		src.Errorf(0, 0, "not valid YAML: %v", err)
		return
	}
	for i, e := range entries {
		byForm, plural := values[string(e.id)].(map[string]any)
		if !plural {
			byForm = map[string]any{other: values[string(e.id)]}
		}
		entries[i].texts = make(map[string]string)
		for form, value := range byForm {
			text, _ := value.(string) // nodesOf has refused anything else
			entries[i].texts[form] = strings.Trim(text, " \n")
		}
	}
}
