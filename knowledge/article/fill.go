package article

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// placeholder is {{name}}. What is between the braces is checked against the
// values that there are.
var placeholder = regexp.MustCompile(`\{\{[^{}\n]*\}\}`)

// name returns the name in a placeholder.
func name(placeholder string) string {
	return placeholder[2 : len(placeholder)-2]
}

// unknown says what is wrong with a placeholder that has no value.
func unknown(found string, values map[string]string) string {
	bare := strings.TrimSpace(name(found))
	if _, known := values[bare]; known {
		return found + ": write {{" + bare + "}} without spaces"
	}
	return "unknown placeholder " + found + ": known are " + names(values)
}

const unfinished = "unfinished placeholder: want {{name}}"

// leftover returns the place of {{ or }} in a text that belong to no
// placeholder, or -1.
func leftover(text string) int {
	masked := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		return strings.Repeat(" ", len(found))
	})
	open, closed := strings.Index(masked, "{{"), strings.Index(masked, "}}")
	if open >= 0 && (closed < 0 || open < closed) {
		return open
	}
	return closed
}

// fillPlain fills in the placeholders of a text that isn't markdown, such as a
// title, and gives what is wrong to report.
func fillPlain(text string, values map[string]string, report func(message string)) string {
	if leftover(text) >= 0 {
		report(unfinished)
	}
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		value, ok := values[name(found)]
		if !ok {
			report(unknown(found, values))
		}
		return value
	})
}

// context is what surrounds a placeholder in markdown.
type context uint8

const (
	elsewhere context = iota // a link's destination, or where nothing can be filled in
	inText
	inLinkText
	inCode
)

// fill fills in the placeholders of the markdown such that no value can become
// markup. Where each stands is taken from the syntax tree of the markdown
// with its placeholders, in which a placeholder is a word like any other.
func (d *document) fill(values map[string]string) {
	if at := leftover(d.raw); at >= 0 {
		d.errorf(at, unfinished)
	}
	found := placeholder.FindAllStringIndex(d.raw, -1)
	if len(found) == 0 {
		return
	}
	contexts := contextsOf(parse([]byte(d.raw)), len(d.raw))
	var b strings.Builder
	var edits []edit
	end := 0
	for _, at := range found {
		text, problem := d.value(at[0], at[1], contexts[at[0]], values)
		if problem != "" {
			d.errorf(at[0], "%s", problem) // d.edits is still empty: offsets are those in raw
		}
		b.WriteString(d.raw[end:at[0]])
		start := b.Len()
		b.WriteString(text)
		edits = append(edits, edit{at[0], at[1], start, b.Len()})
		end = at[1]
	}
	b.WriteString(d.raw[end:])
	d.filled, d.edits = b.String(), edits
}

var (
	inDestination = regexp.MustCompile(`\]\(<?[^\s()<>]*$`)
	urlGoesOn     = regexp.MustCompile(`^[/?#&=%_~0-9A-Za-z-]`)
)

// value returns the markdown to put for the placeholder at raw[start:end].
func (d *document) value(start, end int, where context, values map[string]string) (text, problem string) {
	found := d.raw[start:end]
	value, ok := values[name(found)]
	if !ok {
		return "https://unknown.invalid", unknown(found, values) // fits anywhere, so that this is the only complaint
	}
	before, after := d.raw[lineStart(d.raw, start):start], d.raw[end:lineEnd(d.raw, end)]
	if strings.HasSuffix(before, `\`) {
		return "", `a \ can't stand before a placeholder`
	}
	web := isWebAddress(value)
	switch where {
	case inCode:
		return "", "a placeholder can't stand in code"
	case inLinkText:
		return escapeText(value), ""
	case inText:
		switch {
		case strings.HasSuffix(before, "<") && strings.HasPrefix(after, ">") && (web || isMailAddress(value)):
			return value, ""
		case web && urlGoesOn.MatchString(after):
			return "", "an address that goes on after a placeholder: write [text](" + found + "…)"
		case web:
			return "<" + value + ">", ""
		case allDigits(value) && (strings.HasPrefix(after, ".") || strings.HasPrefix(after, ")")):
			return fmt.Sprintf("&#%d;%s", value[0], value[1:]), "" // "1." could begin a list
		}
		return escapeText(value), ""
	}
	if inDestination.MatchString(before) {
		return escapeDestination(value), ""
	}
	return "", "a placeholder can't stand here"
}

// contextsOf returns what surrounds each byte of a markdown text.
func contextsOf(tree ast.Node, size int) []context {
	contexts := make([]context, size)
	mark := func(start, stop int, c context) {
		for i := start; i < stop; i++ {
			contexts[i] = c
		}
	}
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch v := n.(type) {
		case *ast.Text:
			mark(v.Segment.Start, v.Segment.Stop, around(v))
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				mark(line.Start, line.Stop, inCode)
			}
		}
		return ast.WalkContinue, nil
	})
	return contexts
}

func around(text ast.Node) context {
	c := inText
	for n := text.Parent(); n != nil; n = n.Parent() {
		switch n.(type) {
		case *ast.CodeSpan:
			return inCode
		case *ast.Link, *ast.Image:
			c = inLinkText
		}
	}
	return c
}
