package strict

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"firstline/knowledge/lint"
)

// Node is a value with its place in the file. The zero Node stands for what is
// not in the file; reading it gives nothing and reports nothing.
type Node struct {
	src  *lint.Source
	node ast.Node
	name string // of the key that leads to it
}

// Present reports whether the value is in the file.
func (n Node) Present() bool { return n.node != nil }

// Blank reports whether the value is absent, or there but empty.
func (n Node) Blank() bool {
	switch v := n.node.(type) {
	case nil, *ast.NullNode:
		return true
	case *ast.StringNode:
		return strings.TrimSpace(v.Value) == ""
	default:
		return false
	}
}

// IsText reports whether the value is text.
func (n Node) IsText() bool {
	switch n.node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return true
	default:
		return false
	}
}

// At returns the line and column where the value begins, from 1.
func (n Node) At() (line, column int) {
	if n.node == nil {
		return 0, 0
	}
	t := n.node.GetToken()
	if m, ok := n.node.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		t = m.Values[0].Key.GetToken() // the mapping's own token is the first ":"
	}
	if t == nil || t.Position == nil {
		return 0, 0
	}
	return t.Position.Line, n.column(t)
}

// column returns the column of a token. The parser's is too high for unquoted
// text with space behind it.
func (n Node) column(t *token.Token) int {
	if t.Type != token.StringType {
		return t.Position.Column
	}
	line := n.src.Line(t.Position.Line)
	before := len(line) - len(skip(line, t.Position.Column-1))
	end := min(before+len(t.Value), len(line))
	if at := strings.LastIndex(line[:end], t.Value); at >= 0 {
		return utf8.RuneCountInString(line[:at]) + 1
	}
	return t.Position.Column // of several lines
}

// Errorf reports an error at the value.
func (n Node) Errorf(format string, args ...any) {
	line, column := n.At()
	n.src.Errorf(line, column, format, args...)
}

// Warnf reports a warning at the value.
func (n Node) Warnf(format string, args ...any) {
	line, column := n.At()
	n.src.Warnf(line, column, format, args...)
}

// wrong reports a value of the wrong type.
func (n Node) wrong(want string) {
	hint := ""
	switch n.node.(type) {
	case *ast.NullNode:
		n.Errorf("%s is empty: want %s", n.label(), want)
		return
	case *ast.MappingNode:
		if want == "text" {
			hint = `; text with ": " in it must be in quotes`
		}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		if want == "text" {
			hint = "; put it in quotes"
		}
	}
	n.Errorf("%s is %s: want %s%s", n.label(), kind(n.node), want, hint)
}

func (n Node) label() string {
	if n.name == "" {
		return "this"
	}
	return n.name
}

func kind(node ast.Node) string {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.BoolNode:
		return "true or false"
	case *ast.StringNode, *ast.LiteralNode:
		return "text"
	case *ast.AnchorNode, *ast.AliasNode:
		return "an anchor or alias (& or *), which is not supported"
	case *ast.TagNode:
		return "a tag (!), which is not supported"
	default:
		return "something else"
	}
}

// cutComment finds "#" that stands where somebody meant it as text: "order #12".
var cutComment = regexp.MustCompile(`^\s+#[^\s#]`)

// Text returns a text, with every run of white space made one space. It reports
// what isn't text and what is empty; then ok is false.
func (n Node) Text() (text string, ok bool) {
	switch v := n.node.(type) {
	case nil:
		return "", false
	case *ast.StringNode:
		text = v.Value
		n.warnCut(v)
	case *ast.LiteralNode:
		text = v.Value.Value
	default:
		n.wrong("text")
		return "", false
	}
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		n.Errorf("%s is empty: want text", n.label())
		return "", false
	}
	return text, true
}

// warnCut warns of unquoted text that a "#" cut off.
func (n Node) warnCut(v *ast.StringNode) {
	line, column := n.At()
	if v.Token == nil || v.Token.Type != token.StringType || column == 0 {
		return
	}
	rest := skip(n.src.Line(line), column-1)
	if rest, found := strings.CutPrefix(rest, v.Value); found && cutComment.MatchString(rest) {
		n.Warnf("the text ends before the #, which begins a comment: put the text in quotes if it belongs to it")
	}
}

// skip returns a line without its first runes.
func skip(line string, runes int) string {
	for range runes {
		_, size := utf8.DecodeRuneInString(line)
		line = line[size:]
	}
	return line
}

// Bool returns true or false, and reports anything else.
func (n Node) Bool() (value, ok bool) {
	switch v := n.node.(type) {
	case nil:
		return false, false
	case *ast.BoolNode:
		return v.Value, true
	default:
		n.wrong("true or false")
		return false, false
	}
}

// Number returns a number within the bounds, and reports anything else.
func (n Node) Number(least, most float64) (value float64, ok bool) {
	switch v := n.node.(type) {
	case nil:
		return 0, false
	case *ast.IntegerNode:
		switch i := v.Value.(type) {
		case int64:
			value = float64(i)
		case uint64:
			value = float64(i)
		}
	case *ast.FloatNode:
		value = v.Value
	default:
		n.wrong("a number")
		return 0, false
	}
	if value < least || value > most {
		n.Errorf("%s is %v: want a number from %v to %v", n.label(), value, least, most)
		return 0, false
	}
	return value, true
}

// List returns the values of a list, and reports anything else, for which it
// returns nil.
func (n Node) List() []Node {
	switch v := n.node.(type) {
	case nil:
		return nil
	case *ast.SequenceNode:
		nodes := make([]Node, 0, len(v.Values))
		for _, item := range v.Values {
			nodes = append(nodes, Node{n.src, item, "a value of " + n.label()})
		}
		return nodes
	default:
		n.wrong("a list")
		return nil
	}
}
