package browsertest

import (
	"encoding/json"
	"strings"
	"unicode"
)

// key is how a key is told to the browser.
type key struct {
	key, code string
	vk        int    // Windows virtual key code
	text      string // what it types
}

var keys = map[string]key{
	"Enter":     {"Enter", "Enter", 13, "\r"},
	"Tab":       {"Tab", "Tab", 9, ""},
	"Escape":    {"Escape", "Escape", 27, ""},
	"Backspace": {"Backspace", "Backspace", 8, ""},
	"Space":     {" ", "Space", 32, " "},
	"Home":      {"Home", "Home", 36, ""},
	"End":       {"End", "End", 35, ""},
	"ArrowUp":   {"ArrowUp", "ArrowUp", 38, ""},
	"ArrowDown": {"ArrowDown", "ArrowDown", 40, ""},
}

var modifiers = map[string]int{"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}

// Press presses a key with its modifiers, such as "Tab", "Shift+Tab",
// "Control+Enter" or "Control+a".
func (p *Page) Press(chord string) {
	p.t.Helper()
	parts := strings.Split(chord, "+")
	mask := 0
	for _, m := range parts[:len(parts)-1] {
		bit, ok := modifiers[m]
		if !ok {
			p.t.Fatalf("key %q: no modifier %q", chord, m)
		}
		mask |= bit
	}
	name := parts[len(parts)-1]
	k, ok := keys[name]
	if !ok {
		r := []rune(name)
		if len(r) != 1 || !unicode.IsLetter(r[0]) {
			p.t.Fatalf("key %q is not known", chord)
		}
		upper := strings.ToUpper(name)
		k = key{name, "Key" + upper, int(unicode.ToUpper(r[0])), name}
	}
	args := params{
		"key": k.key, "code": k.code, "windowsVirtualKeyCode": k.vk, "nativeVirtualKeyCode": k.vk, "modifiers": mask,
	}
	down := params{"type": "rawKeyDown"}
	if k.text != "" && mask&^modifiers["Shift"] == 0 {
		down = params{"type": "keyDown", "text": k.text}
	}
	if chord == "Control+a" {
		down["commands"] = []string{"selectAll"}
	}
	for name, v := range args {
		down[name] = v
	}
	p.call("Input.dispatchKeyEvent", down, nil)
	args["type"] = "keyUp"
	p.call("Input.dispatchKeyEvent", args, nil)
}

// Type types text where the focus is, as an input method would: any script.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.call("Input.insertText", params{"text": text}, nil)
}

// TabTo presses Tab until the focused element matches a CSS selector, and
// fails when the focus does not get there.
func (p *Page) TabTo(selector string) {
	p.t.Helper()
	const most = 100
	for range most {
		p.Press("Tab")
		if p.Focused(selector) {
			return
		}
	}
	p.t.Fatalf("%s is not reached by Tab", selector)
}

// Focused reports whether the focused element matches a CSS selector.
func (p *Page) Focused(selector string) bool {
	p.t.Helper()
	var ok bool
	p.Eval("document.activeElement.matches("+quote(selector)+")", &ok)
	return ok
}

// quote returns s as a JavaScript string.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always can be
	}
	return string(b)
}
