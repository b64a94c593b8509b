package strict

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Pair is one key of a mapping with its value.
type Pair struct {
	Key   string
	Name  Node // the key itself
	Value Node
}

// Pairs returns the pairs of a mapping in their order, and reports anything
// else as well as keys that aren't text or that repeat.
func (n Node) Pairs() []Pair {
	if n.node == nil {
		return nil
	}
	mapping, ok := n.node.(*ast.MappingNode)
	if !ok {
		n.wrong("a mapping (key: value)")
		return nil
	}
	var pairs []Pair
	lines := make(map[string]int)
	for _, value := range mapping.Values {
		key, ok := value.Key.(*ast.StringNode)
		name := Node{n.src, value.Key, "key"}
		if !ok {
			name.Errorf("a key must be plain text")
			continue
		}
		line, _ := name.At()
		if first, repeated := lines[key.Value]; repeated {
			name.Errorf("key %q is already in line %d", key.Value, first)
			continue
		}
		lines[key.Value] = line
		pairs = append(pairs, Pair{key.Value, name, Node{n.src, value.Value, key.Value}})
	}
	return pairs
}

// Fields are the values of a mapping by key; absent ones are the zero Node.
type Fields map[string]Node

// Fields returns the values of a mapping whose keys are known, and reports
// those that aren't. It returns nil for what isn't a mapping.
func (n Node) Fields(known ...string) Fields {
	if _, ok := n.node.(*ast.MappingNode); !ok {
		n.Pairs() // reports it
		return nil
	}
	fields := make(Fields)
	for _, pair := range n.Pairs() {
		if !slices.Contains(known, pair.Key) {
			pair.Name.Errorf("unknown key %q: known are %s", pair.Key, strings.Join(known, ", "))
			continue
		}
		fields[pair.Key] = pair.Value
	}
	return fields
}
