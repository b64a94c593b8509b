package search_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"firstline/knowledge/lang"
	"firstline/knowledge/search"
)

// library holds a few articles in each language.
var library = map[string][]search.Article{
	"en": {
		{ID: "password", Title: "Forgotten password", Sections: []search.Section{
			{"", "You can choose a new one."}, {"By e-mail", "We send a link."}, {"Rules", "Twelve letters and a symbol."},
		}},
		{ID: "delivery", Title: "Delivery", Sections: []search.Section{
			{"", "It takes two days until a parcel is there."}, {"How long does shipping take?", "Tracking shows where it is."},
		}},
		{ID: "refund", Title: "Getting your money back"},
	},
	"zh": {
		{ID: "password", Title: "忘记密码", Sections: []search.Section{{"", "可以重新设置。"}}},
		{ID: "delivery", Title: "配送", Sections: []search.Section{{"", "我的包裹在哪里"}}},
	},
	"de": {{ID: "password", Title: "Passwort vergessen"}, {ID: "post", Title: "Briefmarken kaufen"}},
	"fr": {{ID: "password", Title: "Mot de passe oublié"}, {ID: "post", Title: "Acheter des timbres"}},
	"es": {{ID: "password", Title: "Contraseña olvidada"}, {ID: "post", Title: "Comprar sellos"}},
	"ru": {{ID: "password", Title: "Забыли пароль ещё вчера"}, {ID: "post", Title: "Купить марки"}},
	"ar": {{ID: "password", Title: "نسيت كلمة المرور"}, {ID: "post", Title: "شراء طوابع"}},
}

func build(t testing.TB, language string, articles []search.Article) *search.Index {
	t.Helper()
	x, err := search.New(language, articles)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func words(language, text string) []string {
	return lang.Words(language, lang.Normalize(language, text))
}

func TestSearch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		language, text, want string // want "" for nothing
		section              int
	}{
		{"en", "I FORGOT my Passwords!!", "password", 0}, // inflected
		{"en", "tracking", "delivery", 1},
		{"en", "password rules", "password", 2}, // the title counts in every section
		{"en", "how long?", "delivery", 1},      // function words only
		{"en", "my money", "refund", 0},         // an article without a body
		{"en", `title:"x" +symbol ~2 \`, "password", 2},
		{"zh", "密碼忘記了", "password", 0}, // Traditional
		{"zh", "包裹", "delivery", 0},
		{"zh", "裹", "delivery", 0}, // a single character
		{"de", "Passwörter vergessen", "password", 0},
		{"fr", "L’ACCES au mot de passe", "password", 0},
		{"es", "olvide la contrasena", "password", 0},
		{"ru", "забыла пароли еще", "password", 0},
		{"ar", "نَسِيتُ كلمه المرور", "password", 0},
		{"en", "忘记密码", "", 0},
		{"zh", "password", "", 0},
		{"en", "", "", 0},
		{"en", "?! \x00\xff", "", 0},
		{"en", strings.Repeat("zz ", 50_000), "", 0},
	}
	for _, tt := range tests {
		x := build(t, tt.language, library[tt.language])
		hits, err := x.Search(t.Context(), words(tt.language, tt.text), 10)
		if err != nil {
			t.Fatal(err)
		}
		var got search.Hit
		if len(hits) > 0 {
			got = hits[0]
		}
		if got.Article != tt.want || got.Section != tt.section {
			t.Errorf("Search(%s, %.40q) = %v, want section %d of %q first", tt.language, tt.text, hits, tt.section, tt.want)
		}
		for i, h := range hits {
			if h.Share <= 0 || h.Share > 1 || i > 0 && h.Share > hits[i-1].Share {
				t.Errorf("Search(%s, %.40q): no shares, best first: %v", tt.language, tt.text, hits)
			}
		}
	}
}

// The share of a question means the same whatever the question: words that no
// passage has lower it.
func TestShare(t *testing.T) {
	t.Parallel()
	x := build(t, "en", library["en"])
	share := func(text string) float64 {
		hits, err := x.Search(t.Context(), words("en", text), 1)
		if err != nil || len(hits) == 0 {
			t.Fatal(hits, err)
		}
		return hits[0].Share
	}
	all, half := share("tracking"), share("tracking helicopters")
	if half >= 0.7*all || half <= 0.2*all {
		t.Errorf("with an unknown word the share is %v, without it %v", half, all)
	}
}

func TestSections(t *testing.T) {
	t.Parallel()
	x := build(t, "en", library["en"])
	all := x.Sections("delivery", words("en", "how long does the shipping take"))
	if len(all) != 2 || all[1].Heading < 0.6 || all[1].Share <= all[0].Share || all[0].Heading != 0 {
		t.Errorf("the heading is nearly the question: %+v", all)
	}
	if all := x.Sections("refund", words("en", "money")); len(all) != 1 || all[0].Share <= 0 {
		t.Errorf("an article without a body: %+v", all)
	}
	if all := x.Sections("nobody", words("en", "money")); all != nil {
		t.Errorf("an article that isn't there: %+v", all)
	}
}

func TestSearchMax(t *testing.T) {
	t.Parallel()
	x := build(t, "en", library["en"])
	for most, want := range map[int]int{-1: 0, 0: 0, 1: 1, 2: 2, 99: 6} {
		hits, err := x.Search(t.Context(), words("en", "my password, my parcel delivery, my money"), most)
		if err != nil || len(hits) != want {
			t.Errorf("at most %d: %v, %v", most, hits, err)
		}
	}
}

func TestEmptyIndex(t *testing.T) {
	t.Parallel()
	x := build(t, "en", nil)
	if hits, err := x.Search(t.Context(), words("en", "password"), 5); err != nil || len(hits) > 0 {
		t.Errorf("%v, %v", hits, err)
	}
}

// What all passages have in common doesn't hide what tells one from another,
// however many there are.
func TestSearchAmongMany(t *testing.T) {
	t.Parallel()
	var many []search.Article
	for i := range 3000 {
		many = append(many, search.Article{ID: fmt.Sprint(i), Title: "How to use the thing", Sections: []search.Section{
			{"", fmt.Sprintf("The thing of the shop is number n%d and it is what you want to use", i)},
		}})
	}
	x := build(t, "en", many)
	hits, err := x.Search(t.Context(), words("en", "how do i use the thing of number n1234"), 3)
	if err != nil || len(hits) == 0 || hits[0].Article != "1234" {
		t.Errorf("%v, %v", hits, err)
	}
}

func TestSearchAtOnce(t *testing.T) {
	t.Parallel()
	x := build(t, "en", library["en"])
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				hits, err := x.Search(t.Context(), words("en", "i forgot my password"), 1)
				if err != nil || len(hits) != 1 || hits[0].Article != "password" {
					t.Errorf("%v, %v", hits, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestClosed(t *testing.T) {
	t.Parallel()
	x, err := search.New("en", library["en"])
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Search(t.Context(), words("en", "password"), 1); err == nil {
		t.Error("a closed index can be searched")
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		language, text string
		want           []string
	}{
		{"en", "can't find the user's codes", []string{"cant", "find", "the", "user", "code"}},
		{"zh", "提现usdt没到", []string{"提", "现", "usdt", "没", "到", "提现", "没到"}},
		{"pt", "os códigos", []string{"os", "codigos"}}, // no stemmer here
		{"en", "", []string{}},
	} {
		if got := search.Terms(tt.language, words(tt.language, tt.text)); !slices.Equal(got, tt.want) {
			t.Errorf("Terms(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// FuzzSearch looks for texts that a stemmer or bleve can't take.
func FuzzSearch(f *testing.F) {
	indexes := map[string]*search.Index{}
	for l, articles := range library {
		indexes[l] = build(f, l, articles)
	}
	for _, s := range []string{"i forgot my password", "忘记密码 usdt", "l'''a", "\xff\x00", "ées", "ъъъ", "ةةة", "aaaaaaaaaaaaaaaa"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for l, x := range indexes {
			if _, err := x.Search(t.Context(), words(l, text), 5); err != nil {
				t.Fatalf("Search(%s, %q): %v", l, text, err)
			}
		}
	})
}
