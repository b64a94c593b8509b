// Package strict reads YAML as people write it by hand: every value comes with
// its line and column, every mistake is reported and not only the first, and
// what could be misread (unknown or repeated keys, numbers where text is meant,
// anchors, tags) is refused.
//
// It knows YAML and lint; it knows nothing of what the files mean.
package strict

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"firstline/knowledge/lint"
)

// The parser's time grows with the square of the size and of the nesting, so
// both are limited far above what anybody writes by hand.
const (
	maxBytes    = 64 << 10
	maxBrackets = 1000
)

// Parse reads one YAML document. Its text must have the line numbers of the
// file (blank lines in front do), and \n as line ends. What is wrong goes to
// src; then, and when the document is empty, the node is absent.
func Parse(src *lint.Source, text string) Node {
	if len(text) > maxBytes {
		src.Errorf(0, 0, "too long: %d bytes of YAML, at most %d", len(text), maxBytes)
		return Node{}
	}
	if strings.Count(text, "[")+strings.Count(text, "{") > maxBrackets {
		src.Errorf(0, 0, "too many [ and { in the YAML, at most %d", maxBrackets)
		return Node{}
	}
	file, err := parse(text)
	if err != nil {
		reportSyntax(src, err)
		return Node{}
	}
	var body ast.Node
	for i, doc := range file.Docs {
		if i > 0 {
			line, column := 0, 0
			if doc.Start != nil {
				line, column = doc.Start.Position.Line, doc.Start.Position.Column
			}
			src.Errorf(line, column, "a second YAML document: one is allowed")
			return Node{}
		}
		body = doc.Body
	}
	if body == nil {
		return Node{}
	}
	if _, comments := body.(*ast.CommentGroupNode); comments {
		return Node{}
	}
	return Node{src: src, node: body}
}

// parse turns a panic of the parser, which is complex and reads files of
// people, into an error.
func parse(text string) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("not valid YAML: %v", r)
		}
	}()
	return parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
}

func reportSyntax(src *lint.Source, err error) {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil || syntax.Token.Position == nil {
		src.Errorf(0, 0, "not valid YAML: %v", err)
		return
	}
	message := syntax.Message
	switch message {
	case "mapping value is not allowed in this context":
		message = `text with ": " in it must be in quotes`
	case "found character '\t' that cannot start any token":
		message = "a tab: YAML is indented with spaces"
	case "could not find flow map content":
		message = "text with { at its beginning must be in quotes"
	default:
		if strings.HasSuffix(message, "is a reserved character") {
			message += ": put the text in quotes"
		}
	}
	at := syntax.Token.Position
	src.Errorf(at.Line, at.Column, "not valid YAML: %s", message)
}
