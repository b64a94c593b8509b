package phrases

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"
)

// IDs returns the phrases for others, sorted, to tests outside the package.
func IDs() []ID {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(shapes)), func(id ID) bool {
		for _, field := range shapes[id].fields {
			if !slices.Contains([]string{"Wait", "Language", "Title", "Hours", "Kinds"}, field) {
				return true
			}
		}
		return id == hoursZone
	})
}

// A constant without a shape would be a phrase that Load doesn't check.
func TestEveryConstantHasAShape(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "ids.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants := make(map[ID]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "ID" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		constants[ID(value)] = true
		return true
	})
	for id := range constants {
		if _, ok := shapes[id]; !ok {
			t.Errorf("%s has no shape", id)
		}
	}
	if len(constants) != len(shapes) {
		t.Errorf("%d constants, %d shapes", len(constants), len(shapes))
	}
}

func TestUnitNeverPromisesTooMuch(t *testing.T) {
	t.Parallel()
	of := map[ID]time.Duration{minutes: time.Minute, hours: time.Hour, days: 24 * time.Hour}
	random := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		d := time.Duration(random.Int64N(int64(time.Minute) << random.IntN(16)))
		id, n := unit(d)
		said := time.Duration(n) * of[id]
		if said < d {
			t.Fatalf("%v is called %d %s", d, n, id)
		}
		if d > time.Minute && said > 2*d {
			t.Fatalf("%v is called %d %s: far too long", d, n, id)
		}
	}
}
