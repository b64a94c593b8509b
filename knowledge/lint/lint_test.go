package lint_test

import (
	"strings"
	"testing"

	"firstline/knowledge/lint"
)

func TestSource(t *testing.T) {
	t.Parallel()
	src := lint.NewSource("b.md", "one\n\ttwo \x1b[31m\n"+strings.Repeat("好", 200))
	src.Errorf(2, 3, "bad %q", "x")
	src.Warnf(3, 0, "long")
	src.Errorf(0, 0, "whole file")
	src.Errorf(9, 1, "no such line")
	other := lint.NewSource("a.md", "x")
	other.Warnf(1, 1, "first")
	src.Problems = append(src.Problems, other.Problems...)
	src.Problems.Sort()
	want := "a.md:1:1: warning: first\n    x\n" +
		"b.md: whole file\n" +
		"b.md:2:3: bad \"x\"\n    \ttwo �[31m\n" +
		"b.md:3: warning: long\n    " + strings.Repeat("好", 160) + "…\n" +
		"b.md:9:1: no such line"
	if got := src.Problems.Error(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if src.Problems.Err() == nil || other.Problems.Err() != nil {
		t.Error("an error is one, and a warning isn't")
	}
}

func TestSourceStops(t *testing.T) {
	t.Parallel()
	src := lint.NewSource("a.md", "x")
	for range 1000 {
		src.Warnf(1, 1, "again")
	}
	if n := len(src.Problems); n != 101 {
		t.Fatalf("%d problems, want 100 and one that says so", n)
	}
	if err := src.Problems.Err(); err != nil {
		t.Errorf("warnings became an error: %v", src.Problems[100])
	}
	src.Errorf(1, 1, "an error")
	if got, want := src.Problems[100].String(), "a.md: more problems than are shown"; got != want || src.Problems.Err() == nil {
		t.Errorf("the last is %q, want the error %q", got, want)
	}
}
