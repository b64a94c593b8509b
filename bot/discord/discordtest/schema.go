package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// schema is the part of JSON Schema that Discord's description uses.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       types              `json:"type"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Additional json.RawMessage    `json:"additionalProperties"` // a schema, or a bool
	Items      *schema            `json:"items"`
	OneOf      []*schema          `json:"oneOf"`
	AnyOf      []*schema          `json:"anyOf"`
	AllOf      []*schema          `json:"allOf"`
	Enum       []any              `json:"enum"`
	Const      any                `json:"const"`
	Format     string             `json:"format"`
	Pattern    string             `json:"pattern"`
	MinLength  *int               `json:"minLength"`
	MaxLength  *int               `json:"maxLength"`
	MinItems   *int               `json:"minItems"`
	MaxItems   *int               `json:"maxItems"`
	MaxProps   *int               `json:"maxProperties"`
	Minimum    *float64           `json:"minimum"`
	Maximum    *float64           `json:"maximum"`
	Unique     bool               `json:"uniqueItems"`
}

// types is one type or several.
type types []string

// UnmarshalJSON reads both forms.
func (t *types) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = types{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(t))
}

// validate returns what is wrong with a value; at is where it is. Numbers are
// json.Number.
func (s *spec) validate(x *schema, at string, value any) []string {
	if x == nil {
		return nil
	}
	if x.Ref != "" {
		target, ok := s.schemas[x.Ref]
		if !ok {
			return []string{at + ": the description lacks " + x.Ref}
		}
		return s.validate(target, at, value)
	}
	var problems []string
	say := func(format string, args ...any) {
		problems = append(problems, at+": "+fmt.Sprintf(format, args...))
	}
	if kind := typeOf(value); len(x.Type) > 0 && !slices.Contains(x.Type, kind) && (kind != "integer" || !slices.Contains(x.Type, "number")) {
		say("it is %s, not %s", kind, strings.Join(x.Type, " or "))
		return problems
	}
	if x.Const != nil && !same(x.Const, value) {
		say("it must be %v", x.Const)
	}
	if len(x.Enum) > 0 && !slices.ContainsFunc(x.Enum, func(e any) bool { return same(e, value) }) {
		say("it must be one of %v", x.Enum)
	}
	switch v := value.(type) {
	case string:
		problems = append(problems, x.checkText(at, v)...)
	case json.Number:
		n, _ := v.Float64()
		if (x.Minimum != nil && n < *x.Minimum) || (x.Maximum != nil && n > *x.Maximum) {
			say("%v is out of range", v)
		}
	case []any:
		if (x.MinItems != nil && len(v) < *x.MinItems) || (x.MaxItems != nil && len(v) > *x.MaxItems) {
			say("it has %d items", len(v))
		}
		for i, item := range v {
			problems = append(problems, s.validate(x.Items, at+"."+strconv.Itoa(i), item)...)
			if x.Unique && slices.ContainsFunc(v[:i], func(other any) bool { return reflect.DeepEqual(other, item) }) {
				say("item %d is there twice", i)
			}
		}
	case map[string]any:
		problems = append(problems, s.checkObject(x, at, v)...)
	}
	for _, all := range x.AllOf {
		problems = append(problems, s.validate(all, at, value)...)
	}
	for _, choice := range [][]*schema{x.OneOf, x.AnyOf} {
		problems = append(problems, s.best(choice, at, value)...)
	}
	return problems
}

// best returns what is wrong by the alternative that fits best.
func (s *spec) best(choice []*schema, at string, value any) []string {
	var best []string
	for i, alternative := range choice {
		problems := s.validate(alternative, at, value)
		if len(problems) == 0 {
			return nil
		}
		if i == 0 || weight(problems, at) < weight(best, at) {
			best = problems
		}
	}
	return best
}

// weight of problems: a wrong kind of thing is worse than anything in it.
func weight(problems []string, at string) int {
	n := len(problems)
	for _, p := range problems {
		if strings.HasPrefix(p, at+": it is ") || strings.HasPrefix(p, at+".type: ") {
			n += 1000
		}
	}
	return n
}

func (x *schema) checkText(at, text string) (problems []string) {
	n := utf8.RuneCountInString(text)
	if (x.MinLength != nil && n < *x.MinLength) || (x.MaxLength != nil && n > *x.MaxLength) {
		problems = append(problems, fmt.Sprintf("%s: it has %d characters", at, n))
	}
	if x.Pattern != "" && !regexp.MustCompile(x.Pattern).MatchString(text) {
		problems = append(problems, at+": it does not match "+x.Pattern)
	}
	switch x.Format {
	case "snowflake":
		if _, err := strconv.ParseUint(text, 10, 64); err != nil {
			problems = append(problems, at+": it is no id")
		}
	case "date-time":
		if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
			problems = append(problems, at+": it is no time")
		}
	}
	return problems
}

func (s *spec) checkObject(x *schema, at string, object map[string]any) (problems []string) {
	for _, name := range x.Required {
		if _, ok := object[name]; !ok {
			problems = append(problems, at+"."+name+": it is missing")
		}
	}
	if x.MaxProps != nil && len(object) > *x.MaxProps {
		problems = append(problems, fmt.Sprintf("%s: it has %d fields", at, len(object)))
	}
	var additional *schema
	free := json.Unmarshal(x.Additional, &additional) == nil || string(x.Additional) == "true"
	for _, name := range slices.Sorted(maps.Keys(object)) {
		property, ok := x.Properties[name]
		switch {
		case ok:
			problems = append(problems, s.validate(property, at+"."+name, object[name])...)
		case free:
			problems = append(problems, s.validate(additional, at+"."+name, object[name])...)
		case len(x.Properties) > 0 || x.Additional != nil:
			problems = append(problems, at+"."+name+": unknown field")
		}
	}
	return problems
}

func typeOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case json.Number:
		if f, err := v.Float64(); err == nil && f == math.Trunc(f) {
			return "integer"
		}
		return "number"
	}
	return "object"
}

func same(want, value any) bool {
	if n, ok := value.(json.Number); ok {
		f, err := n.Float64()
		return err == nil && want == f
	}
	return want == value
}
