package eval

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// Column are figures with what they are of.
type Column struct {
	Name string
	Figures
}

// Columns returns the figures of a result and, when there are several languages,
// of each. of is put in front of their names; "" for nothing.
func Columns(of string, r Result) []Column {
	all := []Column{{strings.TrimSpace(of + " all"), r.Figures}}
	if of != "" {
		all[0].Name = of
	}
	if len(r.ByLang) < 2 {
		return all
	}
	for _, l := range slices.Sorted(maps.Keys(r.ByLang)) {
		all = append(all, Column{strings.TrimSpace(of + " " + l), r.ByLang[l]})
	}
	return all
}

// rows are the lines of the table.
var rows = []struct {
	name   string
	unit   string
	scale  float64
	digits int
	value  func(Figures) Figure
}{
	{"questions", "", 1, 0, func(f Figures) Figure { return Figure(f.Queries) }},
	{"in scope", "", 1, 0, func(f Figures) Figure { return Figure(f.InScope) }},
	{"top 1", "%", 100, 1, func(f Figures) Figure { return f.Top1 }},
	{"top 3", "%", 100, 1, func(f Figures) Figure { return f.Top3 }},
	{"mean reciprocal rank", "", 1, 3, func(f Figures) Figure { return f.MRR }},
	{"in scope, answered rightly", "%", 100, 1, func(f Figures) Figure { return f.InScopeAccuracy }},
	{"out of scope, not answered", "%", 100, 1, func(f Figures) Figure { return f.OutOfScopeRecall }},
	{"precision of answers", "%", 100, 1, func(f Figures) Figure { return f.Precision }},
	{"answered", "%", 100, 1, func(f Figures) Figure { return f.Coverage }},
	{"answered wrongly", "%", 100, 1, func(f Figures) Figure { return f.WrongRate }},
	{"asked back", "%", 100, 1, func(f Figures) Figure { return f.Choices }},
	{"false alarms", "%", 100, 1, func(f Figures) Figure { return f.Alarms }},
	{"area under ROC", "", 1, 3, func(f Figures) Figure { return f.AUROC }},
	{"calibration error", "", 1, 3, func(f Figures) Figure { return f.ECE }},
	{"training", "ms", 1, 0, func(f Figures) Figure { return f.TrainMS }},
	{"query, median", "µs", 1, 0, func(f Figures) Figure { return f.QueryP50US }},
	{"query, 99th percentile", "µs", 1, 0, func(f Figures) Figure { return f.QueryP99US }},
	{"heap in use", "MB", 1e-6, 1, func(f Figures) Figure { return f.HeapBytes }},
}

// WriteTable writes figures side by side for people to read; "-" stands where
// there was nothing to measure.
func WriteTable(w io.Writer, columns []Column) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	width := 0
	for _, r := range rows {
		width = max(width, len([]rune(label(r.name, r.unit))))
	}
	fmt.Fprintf(t, "%-*s\t", width, "")
	for _, c := range columns {
		fmt.Fprintf(t, "%s\t", c.Name)
	}
	fmt.Fprintln(t)
	for _, r := range rows {
		fmt.Fprintf(t, "%-*s\t", width, label(r.name, r.unit))
		for _, c := range columns {
			v := float64(r.value(c.Figures))
			if math.IsNaN(v) {
				fmt.Fprint(t, "-\t")
				continue
			}
			fmt.Fprintf(t, "%.*f\t", r.digits, v*r.scale)
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

func label(name, unit string) string {
	if unit == "" {
		return name
	}
	return name + ", " + unit
}
