package words_test

import (
	"testing"

	"firstline/handoff"
	"firstline/handoff/words"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, got, want string }{
		{"language", words.Language("zh-Hant"), "Traditional Chinese"},
		{"no language", words.Language(""), ""},
		{"bad language", words.Language("x!"), "x!"},
		{"network", words.Network("telegram"), "Telegram"},
		{"new network", words.Network("smoke_signals"), "smoke signals"},
		{"visible", words.Shown(" 👩‍👩‍👧 "), " 👩‍👩‍👧 "},
		{"invisible", words.Shown("\u200b \u3164\u0301"), ""},
		{"reason", words.Reason(handoff.ReasonAlways), "Topic for people only"},
		{"new reason", words.Reason("full_moon"), "full moon"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}
