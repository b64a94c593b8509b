package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxSource   = 160 // runes of a source line that a problem shows
	maxProblems = 100 // of a file; more is noise
)

// Source is a file that is being checked: what is found wrong with it is
// gathered in Problems, up to a hundred of them. It is for one goroutine.
type Source struct {
	File     string // path within the content folder
	Problems Problems

	lines []string
}

// NewSource returns the source of a file. Lines in text end with \n.
func NewSource(file, text string) *Source {
	return &Source{File: file, lines: strings.Split(text, "\n")}
}

// Line returns a line of the file by its number from 1, and "" when there is
// none.
func (s *Source) Line(number int) string {
	if number < 1 || number > len(s.lines) {
		return ""
	}
	return s.lines[number-1]
}

// Errorf adds an error at a line and column from 1; 0 when unknown.
func (s *Source) Errorf(line, column int, format string, args ...any) {
	s.add(false, line, column, format, args)
}

// Warnf adds a warning at a line and column from 1; 0 when unknown.
func (s *Source) Warnf(line, column int, format string, args ...any) {
	s.add(true, line, column, format, args)
}

func (s *Source) add(warning bool, line, column int, format string, args []any) {
	if len(s.Problems) == maxProblems {
		s.Problems = append(s.Problems, Problem{File: s.File, Message: "more problems than are shown", Warning: true})
	}
	if len(s.Problems) > maxProblems {
		rest := &s.Problems[maxProblems]
		rest.Warning = rest.Warning && warning
		return
	}
	s.Problems = append(s.Problems, Problem{
		File: s.File, Line: line, Column: column, Source: printable(s.Line(line)),
		Message: fmt.Sprintf(format, args...), Warning: warning,
	})
}

// printable makes a line of any file fit to be shown in a terminal.
func printable(line string) string {
	runes, more := 0, ""
	for i := range line {
		if runes == maxSource {
			line, more = line[:i], "…"
			break
		}
		runes++
	}
	return strings.Map(func(r rune) rune {
		if r != '\t' && unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, strings.TrimRight(line, " \t\r")) + more
}

// Sort orders problems by file, line and column.
func (ps Problems) Sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), strings.Compare(a.Message, b.Message))
	})
}
