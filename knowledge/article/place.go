package article

import (
	"sort"
	"strings"
	"unicode/utf8"

	"firstline/knowledge/lint"
)

// document is the markdown of an article as it stands in the file, and later
// with its placeholders filled in. Filling in never adds or removes a line.
type document struct {
	src    *lint.Source
	before int    // lines of the file in front of it
	raw    string // as in the file
	filled string
	source []byte // filled, as the parser wants it
	edits  []edit // in order
	starts []int  // offsets in raw of the lines
}

// edit says what of filled came for what of raw.
type edit struct {
	rawStart, rawEnd       int
	filledStart, filledEnd int
}

func newDocument(src *lint.Source, before int, raw string) *document {
	d := &document{src: src, before: before, raw: raw, filled: raw, starts: []int{0}}
	for i := range len(raw) {
		if raw[i] == '\n' {
			d.starts = append(d.starts, i+1)
		}
	}
	return d
}

// line returns the index of the line that holds an offset in raw.
func (d *document) line(offset int) int {
	return sort.SearchInts(d.starts, offset+1) - 1
}

// at returns the line and column in the file of an offset in raw.
func (d *document) at(offset int) (line, column int) {
	i := d.line(offset)
	return d.before + i + 1, utf8.RuneCountInString(d.raw[d.starts[i]:offset]) + 1
}

// origin returns the offset in raw of an offset in filled; within a value it is
// that of the placeholder.
func (d *document) origin(offset int) int {
	offset = max(offset, 0) // goldmark has -1 where it knows no place
	shift := 0
	for _, e := range d.edits {
		if offset < e.filledStart {
			break
		}
		if offset < e.filledEnd {
			return e.rawStart
		}
		shift = e.rawEnd - e.filledEnd
	}
	return offset + shift
}

// errorf reports an error at an offset in filled.
func (d *document) errorf(offset int, format string, args ...any) {
	line, column := d.at(d.origin(offset))
	d.src.Errorf(line, column, format, args...)
}

// warnf reports a warning at an offset in filled.
func (d *document) warnf(offset int, format string, args ...any) {
	line, column := d.at(d.origin(offset))
	d.src.Warnf(line, column, format, args...)
}

// lineStart returns the offset in filled at which a line begins.
func lineStart(text string, offset int) int {
	return strings.LastIndexByte(text[:offset], '\n') + 1
}

// lineEnd returns the offset in filled behind the line break of a line.
func lineEnd(text string, offset int) int {
	if i := strings.IndexByte(text[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(text)
}
