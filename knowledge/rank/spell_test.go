package rank

import (
	"strings"
	"testing"
)

func TestCorrect(t *testing.T) {
	t.Parallel()
	s := newSpeller()
	for range 3 {
		s.learn(strings.Fields("withdrawal address account deposit my card 2fa bitcoin verification пароль"))
	}
	s.learn([]string{"tether", "weather", "post", "host"})
	s.learn([]string{"post"})
	s.finish()
	tests := []struct{ text, want string }{
		{"withdrawl", "withdrawal"}, // a letter is missing
		{"adddress", "address"},     // one too many
		{"acvount", "account"},      // another
		{"depsoit", "deposit"},      // two swapped
		{"verifcatoin", "verification"},
		{"mycard", "my card"},
		{"парль", "пароль"},
		{"wether", "weather"},      // not tether: first letters are seldom mistyped
		{"lost", "post"},           // the more frequent one; nothing better is known
		{"cad", "cad"},             // too short
		{"card", "card"},           // known
		{"depxxxit", "depxxxit"},   // too far
		{"2faa", "2faa"},           // has a digit
		{"0xbitcoin", "0xbitcoin"}, // an address
		{"12345", "12345"},         // a number
		{"提现", "提现"},               // characters
		{strings.Repeat("deposit", 9), strings.Repeat("deposit", 9)},
	}
	for _, tt := range tests {
		got, made := s.correct([]string{"so", tt.text, "ok"})
		if g := strings.Join(got[1:len(got)-1], " "); g != tt.want || (len(made) > 0) != (tt.text != tt.want) {
			t.Errorf("correct(%q) = %q, %v, want %q", tt.text, g, made, tt.want)
		}
	}
}

func TestEdits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"abcd", "abdc", 1}, {"abcd", "badc", 2}, {"abcd", "xyzw", 3}, {"kitten", "sitting", 3}, {"été", "ete", 2},
	} {
		if got := edits([]rune(tt.a), []rune(tt.b), 2); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}
