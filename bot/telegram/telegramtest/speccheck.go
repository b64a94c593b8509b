package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// check returns what is wrong with a call.
func (d *spec) check(method string, params url.Values) (problems []string) {
	m, ok := d.Methods[method]
	if !ok {
		return []string{"there is no such method"}
	}
	for name, values := range params {
		f, ok := find(m.Fields, name)
		if !ok {
			problems = append(problems, fmt.Sprintf("unknown parameter %q", name))
			continue
		}
		for _, v := range values {
			problems = append(problems, d.any(f, func(kind string) []string { return d.parameter(f, kind, v) })...)
		}
	}
	for _, f := range m.Fields {
		if f.Required && !params.Has(f.Name) {
			problems = append(problems, fmt.Sprintf("the parameter %q is missing", f.Name))
		}
	}
	return problems
}

func find(fields []specField, name string) (specField, bool) {
	for _, f := range fields {
		if f.Name == name {
			return f, true
		}
	}
	return specField{}, false
}

// any returns what is wrong for every type of f; nothing when one of them fits.
func (d *spec) any(f specField, check func(kind string) []string) (problems []string) {
	for _, kind := range f.Types {
		p := check(kind)
		if len(p) == 0 {
			return nil
		}
		problems = append(problems, p...)
	}
	return problems
}

// parameter checks the text of a form's parameter as one type.
func (d *spec) parameter(f specField, kind, text string) []string {
	switch kind {
	case "String":
		return length(f, text)
	case "InputFile":
		return []string{f.Name + ": a file is not sent as a parameter"}
	}
	var v any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		return []string{fmt.Sprintf("%s: this is no %s", f.Name, kind)}
	}
	return d.value(f, kind, v)
}

// value checks a decoded value as one type.
func (d *spec) value(f specField, kind string, v any) (problems []string) {
	wrong := []string{fmt.Sprintf("%s: this is no %s", f.Name, kind)}
	if inner, ok := strings.CutPrefix(kind, "Array of "); ok {
		list, ok := v.([]any)
		if !ok {
			return wrong
		}
		for _, element := range list {
			problems = append(problems, d.value(f, inner, element)...)
		}
		return problems
	}
	switch kind {
	case "Integer":
		n, ok := v.(json.Number)
		if !ok {
			return wrong
		}
		i, err := strconv.ParseInt(n.String(), 10, 64)
		if err != nil {
			return wrong
		}
		return between(f, i)
	case "Float":
		if _, ok := v.(json.Number); !ok {
			return wrong
		}
	case "Boolean":
		if _, ok := v.(bool); !ok {
			return wrong
		}
	case "String":
		s, ok := v.(string)
		if !ok {
			return wrong
		}
		return length(f, s)
	default:
		object, ok := v.(map[string]any)
		if !ok {
			return wrong
		}
		return d.object(f.Name, kind, object)
	}
	return nil
}

// object checks the fields of an object of a type.
func (d *spec) object(at, kind string, object map[string]any) (problems []string) {
	t, ok := d.Types[kind]
	if !ok {
		return []string{fmt.Sprintf("%s: there is no type %s", at, kind)}
	}
	if len(t.Subtypes) > 0 {
		return d.any(specField{Types: t.Subtypes}, func(sub string) []string { return d.object(at, sub, object) })
	}
	for name, v := range object {
		f, ok := find(t.Fields, name)
		if !ok {
			problems = append(problems, fmt.Sprintf("%s: %s has no field %q", at, kind, name))
			continue
		}
		problems = append(problems, d.any(f, func(k string) []string { return d.value(f, k, v) })...)
	}
	for _, f := range t.Fields {
		if _, there := object[f.Name]; f.Required && !there {
			problems = append(problems, fmt.Sprintf("%s: %s needs the field %q", at, kind, f.Name))
		}
	}
	return problems
}

// Limits stand in the descriptions, in words.
var (
	lengths = regexp.MustCompile(`(\d+)-(\d+) (characters|bytes)`)
	ranges  = regexp.MustCompile(`(?:Values between |Must be between )(\d+)-(\d+)`)
)

// length checks a text. Characters of a message's text are UTF-16 code units,
// as core.telegram.org/api/entities counts them; elsewhere they are runes.
func length(f specField, text string) []string {
	m := lengths.FindStringSubmatch(f.Description)
	if m == nil {
		return nil
	}
	n := utf8.RuneCountInString(text)
	switch {
	case m[3] == "bytes":
		n = len(text)
	case strings.Contains(f.Description, "parsing"):
		n = len(utf16.Encode([]rune(text)))
	}
	low, _ := strconv.Atoi(m[1]) // the expression matches digits only
	high, _ := strconv.Atoi(m[2])
	if n < low || n > high {
		return []string{fmt.Sprintf("%s has a length of %d, allowed are %d to %d %s", f.Name, n, low, high, m[3])}
	}
	return nil
}

func between(f specField, n int64) []string {
	m := ranges.FindStringSubmatch(f.Description)
	if m == nil {
		return nil
	}
	low, _ := strconv.ParseInt(m[1], 10, 64) // the expression matches digits only
	high, _ := strconv.ParseInt(m[2], 10, 64)
	if n < low || n > high {
		return []string{fmt.Sprintf("%s is %d, allowed are %d to %d", f.Name, n, low, high)}
	}
	return nil
}
