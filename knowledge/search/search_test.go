package search_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"firstline/knowledge/search"
)

func docs() []search.Doc {
	var docs []search.Doc
	add := func(language, article string, sections []string, questions ...string) {
		for i, q := range questions {
			kind := search.Question
			if i == 0 {
				kind = search.Title
			}
			docs = append(docs, search.Doc{Language: language, Article: article, Kind: kind, Text: q})
		}
		for i, s := range sections {
			docs = append(docs, search.Doc{Language: language, Article: article, Kind: search.Section, Section: i, Text: s})
		}
	}
	add("en", "password", []string{"You can choose a new one.", "By e-mail we send a link.", "Rules: twelve letters and a symbol."},
		"Forgotten password", "i forgot my password", "can't log in any more")
	add("en", "delivery", []string{"It takes two days.", "Tracking shows where the parcel is."},
		"Delivery", "where is my parcel", "how long does shipping take")
	add("en", "refund", nil, "Refunds", "i want my money back", "return an order")
	add("zh", "password", []string{"可以重新设置。"}, "忘记密码", "密码忘了怎么办", "登录不了")
	add("zh", "delivery", nil, "配送", "我的包裹在哪里", "多久能到")
	add("de", "password", nil, "Passwort vergessen", "ich habe mein passwort vergessen")
	add("fr", "password", nil, "Mot de passe oublié", "j'ai oublié mon mot de passe", "l'accès ne marche plus")
	add("es", "password", nil, "Contraseña olvidada", "olvidé mi contraseña")
	add("ru", "password", nil, "Забыли пароль", "я забыл пароль ещё вчера")
	add("ar", "password", nil, "نسيت كلمة المرور", "كيف أستعيد كلمة السر")
	return docs
}

func build(t testing.TB, docs []search.Doc) *search.Index {
	t.Helper()
	x, err := search.New(docs)
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

func TestSearch(t *testing.T) {
	t.Parallel()
	x := build(t, docs())
	tests := []struct{ language, text, want string }{ // want "" for nothing
		{"en", "I FORGOT my Password!!", "password"},
		{"en", "where are my parcels", "delivery"}, // inflected
		{"en", "pasword", "password"},              // mistyped
		{"en", "parcle", "delivery"},
		{"en", "how long?", "delivery"}, // function words only
		{"en", "tracking", "delivery"},  // in a section only
		{"en", `title:"x" +password ~2 \`, "password"},
		{"zh", "密碼忘記了", "password"}, // Traditional
		{"zh", "包裹", "delivery"},
		{"zh", "裹", "delivery"}, // a single character
		{"de", "Passwörter vergessen", "password"},
		{"fr", "L’ACCES au mot de passe", "password"},
		{"es", "olvide la contrasena", "password"},
		{"ru", "забыла пароли еще", "password"},
		{"ar", "نَسِيتُ كلمه المرور", "password"},
		{"en", "忘记密码", ""},
		{"zh", "password", ""},
		{"pt", "password", ""}, // a language without articles
		{"en", "", ""},
		{"en", "?! \x00\xff", ""},
		{"en", strings.Repeat("zz ", 50_000), ""},
	}
	for _, tt := range tests {
		hits, err := x.Search(t.Context(), tt.language, tt.text, 10)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(hits) > 0 {
			got = hits[0].Article
		}
		if got != tt.want {
			t.Errorf("Search(%s, %.40q) = %v, want %q first", tt.language, tt.text, hits, tt.want)
		}
		if !slices.IsSortedFunc(hits, func(a, b search.Hit) int { return int(1e9 * (b.Score - a.Score)) }) {
			t.Errorf("Search(%s, %.40q): not best first: %v", tt.language, tt.text, hits)
		}
	}
}

func TestSearchTellsTheSection(t *testing.T) {
	t.Parallel()
	x := build(t, docs())
	for text, want := range map[string]int{"password rules symbol": 2, "password e-mail link": 1, "forgot": -1} {
		hits, err := x.Search(t.Context(), "en", text, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(hits) != 1 || hits[0].Article != "password" || hits[0].Section != want {
			t.Errorf("Search(%q) = %v, want section %d of password", text, hits, want)
		}
	}
}

func TestSearchMax(t *testing.T) {
	t.Parallel()
	x := build(t, docs())
	for max, want := range map[int]int{-1: 0, 0: 0, 1: 1, 2: 2, 99: 3} {
		hits, err := x.Search(t.Context(), "en", "my password, my parcel, my money", max)
		if err != nil || len(hits) != want {
			t.Errorf("at most %d: %v, %v", max, hits, err)
		}
	}
}

func TestEmptyIndex(t *testing.T) {
	t.Parallel()
	x := build(t, nil)
	if hits, err := x.Search(t.Context(), "en", "password", 5); err != nil || len(hits) > 0 {
		t.Errorf("%v, %v", hits, err)
	}
}

func TestSearchAtOnce(t *testing.T) {
	t.Parallel()
	x := build(t, docs())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				hits, err := x.Search(t.Context(), "en", "i forgot my password", 1)
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
	x, err := search.New(docs())
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Search(t.Context(), "en", "password", 1); err == nil {
		t.Error("a closed index can be searched")
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		language, text           string
		words, stems, pairs, tri []string
	}{
		{"en", "can't find the user's codes", []string{"cant", "find", "the", "user", "codes"}, []string{"cant", "find", "the", "user", "code"},
			[]string{"cant find", "find the", "the user", "user codes"}, nil},
		{"fr", "l'argent d'hier aujourd'hui", []string{"argent", "hier", "aujourdhui"}, nil, nil, nil},
		{"zh", "提现usdt没到", []string{"提", "现", "usdt", "没", "到"}, nil, []string{"提现", "现 usdt", "usdt 没", "没到"}, nil},
		{"en", "an été", []string{"an", "été"}, nil, nil, []string{"^an", "an$", "^ét", "été", "té$"}},
		{"en", "", []string{}, nil, nil, []string{}},
		{"en", "' '' a' 'b", []string{"a", "b"}, nil, nil, []string{"^a$", "^b$"}},
		{"en", strings.Repeat("x", 65) + " y", []string{"y"}, nil, nil, nil},
	}
	for _, tt := range tests {
		words := search.Words(tt.language, tt.text)
		if !slices.Equal(words, tt.words) {
			t.Errorf("Words(%q) = %q, want %q", tt.text, words, tt.words)
		}
		if got := search.Stem(tt.language, words); tt.stems != nil && !slices.Equal(got, tt.stems) {
			t.Errorf("Stem(%q) = %q, want %q", words, got, tt.stems)
		}
		if got := search.Pairs(words); tt.pairs != nil && !slices.Equal(got, tt.pairs) {
			t.Errorf("Pairs(%q) = %q, want %q", words, got, tt.pairs)
		}
		if got := search.Trigrams(words); tt.tri != nil && !slices.Equal(got, tt.tri) {
			t.Errorf("Trigrams(%q) = %q, want %q", words, got, tt.tri)
		}
	}
}

// FuzzSearch looks for texts that a stemmer or bleve can't take.
func FuzzSearch(f *testing.F) {
	x := build(f, docs())
	languages := []string{"en", "zh", "es", "fr", "de", "ru", "ar", "pt"}
	for _, s := range []string{"i forgot my password", "忘记密码 usdt", "l'''a", "\xff\x00", "ées", "ъъъ", "ةةة", "aaaaaaaaaaaaaaaa"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range languages {
			if _, err := x.Search(t.Context(), l, text, 5); err != nil {
				t.Fatalf("Search(%s, %q): %v", l, text, err)
			}
		}
	})
}
