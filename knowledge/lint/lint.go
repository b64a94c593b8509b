// Package lint is how problems in the content folder are told to the people
// who edit it: file, line, the source line, and what is wrong.
package lint

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with a file.
type Problem struct {
	File    string // path within the content folder
	Line    int    // from 1; 0 when the problem is the whole file
	Column  int    // from 1, in runes; 0 when unknown
	Source  string // the text of the line; "" when Line is 0
	Message string
	Warning bool // the content can be used in spite of it
}

// String returns "file:line:column: message" and, when known, the source line
// below it.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ":%d", p.Column)
		}
	}
	b.WriteString(": ")
	if p.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.Message)
	if p.Source != "" {
		b.WriteString("\n    " + p.Source)
	}
	return b.String()
}

// Problems is a list of problems; as an error it means that the content can't
// be used.
type Problems []Problem

// Error returns every problem, one after the other.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err returns ps as an error when one of them is not a warning, and nil
// otherwise.
func (ps Problems) Err() error {
	for _, p := range ps {
		if !p.Warning {
			return ps
		}
	}
	return nil
}
