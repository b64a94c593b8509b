package phrases_test

import (
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	. "firstline/bot/phrases"
	"firstline/knowledge/site"
)

// content is what the program ships with.
func content() fs.FS { return os.DirFS("../../content") }

var languages = []string{"en", "zh", "es", "fr", "de", "ru", "ar"}

func shippedSite(t testing.TB) *site.Site {
	t.Helper()
	s, problems := site.Load(content())
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

func shipped(t testing.TB) *Book {
	t.Helper()
	return load(t, content(), shippedSite(t))
}

func load(t testing.TB, fsys fs.FS, s *site.Site) *Book {
	t.Helper()
	b, problems := Load(fsys, s)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return b
}

func TestShippedLanguages(t *testing.T) {
	t.Parallel()
	if s := shippedSite(t); !slices.Equal(s.Languages, languages) {
		t.Errorf("site has %v, the tests are for %v", s.Languages, languages)
	}
}

func TestEveryPhraseSpeaks(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	d := Data{Wait: "WAIT", Language: "LANGUAGE", Title: "TITLE {{.Product}}", Hours: "HOURS", Kinds: "KINDS"}
	shows := map[ID]string{
		UnknownTimer: d.Wait, WaitEstimate: d.Wait, FallbackLanguage: d.Language,
		More: d.Title, ClosedNow: d.Hours, SecretRemoved: d.Kinds,
	}
	for _, lang := range languages {
		seen := make(map[string]ID)
		for _, id := range IDs() {
			for _, n := range []int{0, 1, 2, 3, 5, 11, 21, 100} {
				text := b.Count(lang, id, n, d)
				if text == "" || text == string(id) || strings.Contains(text, "<no value>") {
					t.Errorf("%s %s %d: %q", lang, id, n, text)
				}
				if id != More && strings.ContainsAny(text, "{}") {
					t.Errorf("%s %s %d: a placeholder is left in %q", lang, id, n, text)
				}
				if !strings.Contains(text, shows[id]) {
					t.Errorf("%s %s: %q is not in %q", lang, id, shows[id], text)
				}
			}
			if text := b.Text(lang, id, Data{Count: 7}); len(text) > 60 {
				if other, twice := seen[text]; twice {
					t.Errorf("%s: %s and %s are the same: %q", lang, id, other, text)
				}
				seen[text] = id
			}
		}
		if text := b.Text(lang, Welcome, Data{}); !strings.Contains(text, "tpWallet") {
			t.Errorf("%s: the product is not in %q", lang, text)
		}
	}
}

func TestTranslated(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	for _, lang := range languages[1:] {
		for _, id := range IDs() {
			text := b.Text(lang, id, Data{Count: 3})
			if len(text) > 15 && text == b.Text("en", id, Data{Count: 3}) {
				t.Errorf("%s %s is in English: %q", lang, id, text)
			}
		}
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	for _, c := range []struct {
		lang string
		id   ID
		n    int
		want string
	}{
		{"en", QueuePlace, 1, "You are next in the queue."},
		{"en", QueuePlace, 2, "You are number 2 in the queue."},
		{"en", QueuePlace, 21, "You are number 21 in the queue."},
		{"zh", QueuePlace, 1, "你现在排在第1位。"},
		{"es", QueuePlace, 1, "Tu turno es el siguiente."},
		{"es", QueuePlace, 1000000, "Tu puesto en la cola es el 1000000."},
		{"fr", QueuePlace, 1, "Vous êtes en tête de la file d’attente."},
		{"fr", QueuePlace, 2, "Vous êtes en position 2 dans la file d’attente."},
		{"de", QueuePlace, 1, "Sie sind als Nächstes an der Reihe."},
		{"de", QueuePlace, 21, "Sie sind auf Platz 21 der Warteschlange."},
		{"ru", QueuePlace, 1, "Ваше место в очереди: 1."},
		{"ru", QueuePlace, 21, "Ваше место в очереди: 21."},
		{"ar", QueuePlace, 1, "دورك هو التالي."},
		{"ar", QueuePlace, 2, "ترتيبك في قائمة الانتظار: 2."},
		{"ar", QueuePlace, 101, "ترتيبك في قائمة الانتظار: 101."},
	} {
		if got := b.Count(c.lang, c.id, c.n, Data{}); got != c.want {
			t.Errorf("%s %s %d: %q, want %q", c.lang, c.id, c.n, got, c.want)
		}
		if got := b.Text(c.lang, c.id, Data{Count: c.n}); got != c.want {
			t.Errorf("%s %s: Text with Count %d: %q, want %q", c.lang, c.id, c.n, got, c.want)
		}
	}
}

func TestLanguageThatTheSiteHasNot(t *testing.T) {
	t.Parallel()
	s := shippedSite(t)
	s.Fallback = "es"
	b := load(t, content(), s)
	spanish, chinese := "Hacer una pregunta", "提问"
	for lang, want := range map[string]string{
		"es": spanish, "": spanish, "xx": spanish, "ja": spanish, "-": spanish, "no language": spanish,
		"zh": chinese, "zh-TW": chinese, "zh_Hans_CN": chinese, "ZH": chinese,
	} {
		if got := b.Text(lang, CommandAsk, Data{}); got != want {
			t.Errorf("%q: %q, want %q", lang, got, want)
		}
	}
}

func TestUnknownIDIsNeverEmpty(t *testing.T) {
	t.Parallel()
	if got := shipped(t).Text("ru", ID("nonsense"), Data{}); got != "nonsense" {
		t.Errorf("got %q", got)
	}
}

func TestProductIsNoTemplate(t *testing.T) {
	t.Parallel()
	s := shippedSite(t)
	s.Product = "{{.Wait}} & <b>"
	if got := load(t, content(), s).Text("en", FromTeam, Data{Wait: "no"}); got != "{{.Wait}} & <b> team" {
		t.Errorf("got %q", got)
	}
}

func TestNoBreakSpacesOfFrenchStay(t *testing.T) {
	t.Parallel()
	if got := shipped(t).Text("fr", Choices, Data{}); !strings.HasSuffix(got, "\u00A0?") {
		t.Errorf("got %q", got)
	}
}

// Isolates keep names in Latin letters readable within Arabic. Anything else
// that changes the direction of text has no place in a phrase.
func TestBidiControls(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	for _, lang := range languages {
		for _, id := range IDs() {
			text := b.Text(lang, id, Data{Count: 3})
			depth := 0
			for _, r := range text {
				switch {
				case r == '\u2068' && lang == "ar":
					depth++
				case r == '\u2069' && depth > 0:
					depth--
				case strings.ContainsRune("\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069", r):
					t.Errorf("%s %s: %U in %q", lang, id, r, text)
				}
			}
			if depth != 0 {
				t.Errorf("%s %s: an isolate is left open in %q", lang, id, text)
			}
		}
	}
}

func TestButtonsAreShort(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	for _, lang := range languages {
		for _, id := range []ID{ButtonHelped, ButtonWrong, ButtonPerson, ButtonNone, ButtonTeam, ButtonReword} {
			if text := b.Text(lang, id, Data{}); utf8.RuneCountInString(text) > 30 {
				t.Errorf("%s %s is long for a button: %q", lang, id, text)
			}
		}
	}
}

// Run with -race, this shows that a book may be shared.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 100 {
				lang := languages[(i+n)%len(languages)]
				want := strconv.Itoa(n + 30)
				if got := b.Count(lang, QueuePlace, n+30, Data{}); !strings.Contains(got, want) {
					t.Errorf("%s: %q is not in %q", lang, want, got)
				}
				b.Kinds(lang, []string{"card", "code"})
				b.Values(lang)["hours"] = "mine"
			}
		})
	}
	wg.Wait()
	if got := b.Values("en")["hours"]; got == "mine" {
		t.Error("callers share the map of Values")
	}
}

func BenchmarkText(b *testing.B) {
	book := shipped(b)
	for _, c := range []struct {
		name string
		id   ID
	}{{"plain", Greeting}, {"filled", UnknownTimer}, {"plural", QueuePlace}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				book.Text("ru", c.id, Data{Wait: "5 минут", Count: 3})
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	s := shippedSite(b)
	for b.Loop() {
		load(b, content(), s)
	}
}
