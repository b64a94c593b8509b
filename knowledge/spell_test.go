package knowledge

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCorrect(t *testing.T) {
	t.Parallel()
	s := newSpeller()
	s.learn([]string{"withdrawal", "withdrawal", "password", "authenticator", "deposit", "phone", "phones", "вывод", "code"})
	for word, want := range map[string]string{
		"withdrawl":     "withdrawal",    // left out
		"passwword":     "password",      // doubled
		"authenticater": "authenticator", // replaced
		"depoist":       "deposit",       // swapped
		"вывоод":        "вывод",
		"password":      "password", // right
		"phone":         "phone",
		"cod":           "cod",       // too short
		"eposit":        "eposit",    // another first letter is another word
		"pasward":       "pasward",   // two errors
		"passw0rd":      "passw0rd",  // no word
		"breakfast":     "breakfast", // like nothing
		"":              "",
	} {
		if got := s.correct(word); got != want {
			t.Errorf("correct(%q) = %q, want %q", word, got, want)
		}
	}
}

// Every single typing error in a word, its first letter aside, is corrected when
// the articles have only that word.
func TestCorrectAnyError(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zäöü]{6,12}`).Draw(t, "word")
		s := newSpeller()
		s.learn([]string{word})
		r := []rune(word)
		at := rapid.IntRange(1, len(r)-2).Draw(t, "at")
		letter := rapid.RuneFrom([]rune("abcxyzäé")).Draw(t, "letter")
		var typed string
		switch rapid.IntRange(0, 3).Draw(t, "error") {
		case 0:
			typed = string(r[:at]) + string(r[at+1:])
		case 1:
			typed = string(r[:at]) + string(letter) + string(r[at:])
		case 2:
			typed = string(r[:at]) + string(letter) + string(r[at+1:])
		default:
			typed = string(r[:at]) + string(r[at+1]) + string(r[at]) + string(r[at+2:])
		}
		if got := s.correct(typed); got != word {
			t.Errorf("correct(%q) = %q, want %q", typed, got, word)
		}
	})
}
