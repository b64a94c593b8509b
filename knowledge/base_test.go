package knowledge_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"firstline/knowledge"
	"firstline/knowledge/article"
)

// write returns an article with a lead and sections of "heading: text".
func write(language, id, title, lead string, questions []string, sections ...string) *article.Article {
	a := &article.Article{
		ID: id, Language: language, Title: title, Questions: questions, HandOff: article.Offer,
		URL: "https://example.com/" + language + "/" + id, File: language + "/" + id + ".md", Hash: strings.Repeat("0", 64),
		Sections: []article.Section{{Markdown: lead, Text: lead, Line: 10}},
	}
	for _, s := range sections {
		heading, text, _ := strings.Cut(s, ": ")
		a.Sections = append(a.Sections, article.Section{Heading: heading, Markdown: text, Text: text, Line: 20})
	}
	return a
}

func small() []*article.Article {
	return []*article.Article{
		write("en", "pay/refund", "Get your money back", "You get your money back within a week.",
			[]string{"i want a refund", "money back please", "how do i return my order"}, "By card: The bank shows it after three days."),
		write("en", "pay/invoice", "Invoices", "Invoices are sent by e-mail.", []string{"where is my invoice", "send me the bill again"}),
		write("en", "shop/hours", "Opening hours", "We are open every day.", []string{"when are you open", "opening hours on sunday"}),
		write("de", "shop/hours", "Öffnungszeiten", "Wir haben täglich geöffnet.", []string{"wann habt ihr geöffnet", "habt ihr sonntags offen"}),
	}
}

func newBase(t testing.TB, o knowledge.Options, articles []*article.Article) *knowledge.Base {
	t.Helper()
	b := knowledge.New(o)
	t.Cleanup(func() { _ = b.Close() })
	if err := b.Replace(t.Context(), knowledge.Content{Articles: articles}); err != nil {
		t.Fatal(err)
	}
	return b
}

func ask(t testing.TB, b *knowledge.Base, q knowledge.Query) knowledge.Verdict {
	t.Helper()
	v, err := b.Ask(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEmptyBase(t *testing.T) {
	t.Parallel()
	b := knowledge.New(knowledge.Options{Fallback: "en"})
	v := ask(t, b, knowledge.Query{Text: "how do i get a refund?"})
	if v.Kind != knowledge.HandOff || v.Reason != knowledge.Unknown || v.Language != "en" {
		t.Errorf("without articles: %+v", v)
	}
	if _, ok := b.Article("en", "pay/refund"); ok {
		t.Error("an article of nowhere")
	}
}

func TestPassageIsTraceable(t *testing.T) {
	t.Parallel()
	articles := small()
	b := newBase(t, knowledge.Options{Fallback: "en"}, articles)
	v := ask(t, b, knowledge.Query{Text: "Where is my invoice?"})
	want := knowledge.Passage{
		Article: "pay/invoice", Language: "en", Title: "Invoices", Markdown: "Invoices are sent by e-mail.",
		URL: "https://example.com/en/pay/invoice", File: "en/pay/invoice.md", Hash: strings.Repeat("0", 64),
	}
	if v.Kind != knowledge.Answer || *v.Passage != want {
		t.Errorf("Ask = %+v with %+v, want %+v", v, v.Passage, want)
	}
	if p := b.Passage(articles[0], 1); p.Section != "By card" || p.Markdown != "The bank shows it after three days." {
		t.Errorf("Passage = %+v", p)
	}
	for _, section := range []int{-1, 2, 99} {
		if p := b.Passage(articles[0], section); p.Section != "" || p.Markdown != articles[0].Sections[0].Markdown {
			t.Errorf("Passage of section %d = %+v, want the lead", section, p)
		}
	}
}

func TestAnswerHoldsWhatAnswers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Many words about nothing in particular. ", 60)
	lead := strings.Repeat("The lead says the most important thing in some detail. ", 6)
	articles := append(small(), write("en", "parcel/delivery", "Delivery", lead, []string{"my parcel", "where is my shipment", "parcel delivery"},
		"Track a parcel: Enter the tracking number on the map.",
		"Customs: Duties are paid at the customs office with form seven.",
		"Insurance: "+long+" Insurance covers breakage of porcelain."))
	b := newBase(t, knowledge.Options{Fallback: "en"}, articles)
	tests := []struct {
		name          string
		query         knowledge.Query
		section       string
		parts, absent []string
	}{
		{"a one-sentence lead is followed by the first steps", knowledge.Query{Text: "i want a refund"}, "",
			[]string{"within a week", "## By card", "three days"}, nil},
		{"a full lead stands alone when no section matches", knowledge.Query{Text: "where is my shipment"}, "",
			[]string{"most important"}, []string{"##"}},
		{"the section that matches follows the lead", knowledge.Query{Text: "parcel delivery: customs duties at the customs office?"}, "",
			[]string{"most important", "## Customs", "form seven"}, []string{"tracking number"}},
		{"a follow-up gets the section without the lead", knowledge.Query{Text: "parcel delivery: customs duties at the customs office?", Article: "parcel/delivery"}, "Customs",
			[]string{"form seven"}, []string{"most important"}},
	}
	for _, tt := range tests {
		v := ask(t, b, tt.query)
		if v.Kind != knowledge.Answer {
			t.Errorf("%s: %+v", tt.name, v)
			continue
		}
		if v.Passage.Section != tt.section {
			t.Errorf("%s: section %q, want %q", tt.name, v.Passage.Section, tt.section)
		}
		for _, p := range tt.parts {
			if !strings.Contains(v.Passage.Markdown, p) {
				t.Errorf("%s: %q is missing in %q", tt.name, p, v.Passage.Markdown)
			}
		}
		for _, p := range tt.absent {
			if strings.Contains(v.Passage.Markdown, p) {
				t.Errorf("%s: %q is in %q", tt.name, p, v.Passage.Markdown)
			}
		}
	}
	v := ask(t, b, knowledge.Query{Text: "parcel delivery insurance breakage of porcelain"})
	if v.Kind == knowledge.Answer && len([]rune(v.Passage.Markdown)) > 1500 && v.Passage.Section == "" {
		t.Errorf("a lead and a long section in one answer of %d runes", len([]rune(v.Passage.Markdown)))
	}
}

func TestDraftsAreNeverFound(t *testing.T) {
	t.Parallel()
	articles := small()
	articles[1].Draft = true
	b := newBase(t, knowledge.Options{Fallback: "en"}, append(articles, nil))
	if _, ok := b.Article("en", "pay/invoice"); ok {
		t.Error("Article finds a draft")
	}
	v := ask(t, b, knowledge.Query{Text: "where is my invoice"})
	if v.Passage != nil && v.Passage.Article == "pay/invoice" || slices.ContainsFunc(v.Choices, func(c knowledge.Choice) bool { return c.Article == "pay/invoice" }) {
		t.Errorf("Ask finds a draft: %+v", v)
	}
}

func TestNotForPushesDown(t *testing.T) {
	t.Parallel()
	articles := small()
	articles[0].NotFor = []string{"can i return home late"}
	b := newBase(t, knowledge.Options{Fallback: "en"}, articles)
	if v := ask(t, b, knowledge.Query{Text: "can i return home late"}); v.Kind == knowledge.Answer {
		t.Errorf("answered with %+v", v.Passage)
	}
}

func TestFallbackLanguage(t *testing.T) {
	t.Parallel()
	b := newBase(t, knowledge.Options{Languages: []string{"en", "de", "es"}, Fallback: "en"}, small())
	a, ok := b.Article("de", "pay/refund")
	if !ok || a.Language != "en" {
		t.Errorf("Article in a language without it: %v, %v", a, ok)
	}
	if a, ok := b.Article("de-AT", "shop/hours"); !ok || a.Language != "de" {
		t.Errorf("Article in de-AT: %v, %v", a, ok)
	}
	if _, ok := b.Article("de", "no/such"); ok {
		t.Error("an article that there isn't")
	}
	tests := []struct {
		query             knowledge.Query
		kind              knowledge.Kind
		language, passage string // of the verdict and of its passage
	}{
		{knowledge.Query{Text: "Wann habt ihr geöffnet?"}, knowledge.Answer, "de", "de"},
		{knowledge.Query{Text: "wann habt ihr geoeffnet"}, knowledge.Answer, "de", "de"},
		{knowledge.Query{Text: "where is my invoice", Language: "es"}, knowledge.Answer, "es", "en"},
		{knowledge.Query{Text: "opening hours sunday", Conversation: "de"}, knowledge.Answer, "en", "en"},
		{knowledge.Query{Text: "password", Conversation: "es"}, knowledge.HandOff, "es", ""}, // one word says little
		{knowledge.Query{Text: "i want a refund", Conversation: "de"}, knowledge.Answer, "en", "en"},
		{knowledge.Query{Text: "où est ma facture s'il vous plaît", Hint: "es"}, knowledge.HandOff, "es", ""},
	}
	for _, tt := range tests {
		v := ask(t, b, tt.query)
		passage := ""
		if v.Passage != nil {
			passage = v.Passage.Language
		}
		if v.Kind != tt.kind || v.Language != tt.language || passage != tt.passage {
			t.Errorf("Ask(%+v) = %+v with %+v", tt.query, v, v.Passage)
		}
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	articles := append(small(),
		write("en", "ship/cost", "Shipping cost", "Five coins.", []string{"what does shipping cost"}),
		write("en", "ship/time", "Shipping time", "Two days.", []string{"how long does shipping take"}))
	b := newBase(t, knowledge.Options{Languages: []string{"en", "es"}, Fallback: "en"}, articles)
	v := ask(t, b, knowledge.Query{Text: "shipping"})
	if v.Kind != knowledge.Choices || v.Choices[0].Title+v.Choices[1].Title != "Shipping timeShipping cost" || v.Confidence != v.Choices[0].Confidence {
		t.Errorf("one word that two articles share: %+v", v)
	}
	if v := ask(t, b, knowledge.Query{Text: "shipping", Language: "es"}); v.Kind == knowledge.Choices {
		t.Errorf("titles that the asker can't read: %+v", v)
	}
	if v := ask(t, b, knowledge.Query{Text: "can you help me please"}); v.Reason != knowledge.Unknown {
		t.Errorf("a question without content: %+v", v)
	}
}

func TestReplaceRefusesAndKeeps(t *testing.T) {
	t.Parallel()
	b := newBase(t, knowledge.Options{Fallback: "en"}, small())
	for name, bad := range map[string][]*article.Article{
		"the same article twice": append(small(), small()[0]),
		"no language":            {write("", "pay/refund", "Refund", "Lead.", nil)},
	} {
		if err := b.Replace(t.Context(), knowledge.Content{Articles: bad}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if v := ask(t, b, knowledge.Query{Text: "where is my invoice"}); v.Kind != knowledge.Answer {
		t.Errorf("after a Replace that failed: %+v", v)
	}
}

// While articles are replaced, everybody gets the whole of one set.
func TestReplaceIsAtomic(t *testing.T) {
	t.Parallel()
	edition := func(n int) []*article.Article {
		articles := small()
		for _, a := range articles {
			a.Hash = fmt.Sprint(n)
			a.Sections[0].Markdown = fmt.Sprint("edition ", n)
		}
		return articles
	}
	b := newBase(t, knowledge.Options{Fallback: "en"}, edition(0))
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				v, err := b.Ask(t.Context(), knowledge.Query{Text: "where is my invoice"})
				if err != nil || v.Kind != knowledge.Answer || v.Passage.Markdown != "edition "+v.Passage.Hash {
					t.Errorf("Ask = %+v, %v", v, err)
					return
				}
				if _, ok := b.Article("en", "pay/refund"); !ok {
					t.Error("Article finds nothing")
					return
				}
			}
		})
	}
	for n := 1; n <= 30; n++ {
		if err := b.Replace(t.Context(), knowledge.Content{Articles: edition(n)}); err != nil {
			t.Error(err)
		}
	}
	close(done)
	wg.Wait()
	if v := ask(t, b, knowledge.Query{Text: "where is my invoice"}); v.Passage == nil || v.Passage.Hash != "30" {
		t.Errorf("after the last Replace: %+v", v)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	b := newBase(t, knowledge.Options{Fallback: "en"}, small())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				if _, err := b.Ask(t.Context(), knowledge.Query{Text: "where is my invoice"}); err != nil {
					if !errors.Is(err, knowledge.ErrClosed) {
						t.Errorf("Ask while closing: %v", err)
					}
					return
				}
			}
		})
	}
	if err := b.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	wg.Wait()
	if err := b.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if err := b.Replace(t.Context(), knowledge.Content{Articles: small()}); !errors.Is(err, knowledge.ErrClosed) {
		t.Errorf("Replace after Close: %v", err)
	}
	if _, ok := b.Article("en", "pay/refund"); ok {
		t.Error("Article after Close")
	}
}

// Only what changed is made anew: of the languages that stay the same, the
// measured probabilities stay.
func TestReplaceKeepsWhatStays(t *testing.T) {
	t.Parallel()
	b := knowledge.New(knowledge.Options{Fallback: "en"})
	t.Cleanup(func() { _ = b.Close() })
	english := shelves()
	german := []*article.Article{write("de", "a/laden", "Öffnungszeiten", "Täglich.", []string{"wann habt ihr geöffnet", "habt ihr sonntags offen"})}
	samples := func() int {
		x, err := b.Explain(t.Context(), knowledge.Query{Text: "where is the parcel now", Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		return x.Samples
	}
	replace := func(articles ...*article.Article) {
		t.Helper()
		if err := b.Replace(t.Context(), knowledge.Content{Articles: articles}); err != nil {
			t.Fatal(err)
		}
	}
	replace(append(english, german...)...)
	if err := b.Refined(t.Context()); err != nil {
		t.Fatal(err)
	}
	measured := samples()
	if measured == 0 {
		t.Fatal("nothing was measured")
	}
	edited := *german[0]
	edited.Questions = append(slices.Clone(edited.Questions), "wann macht ihr zu")
	replace(append(english, &edited)...)
	if got := samples(); got != measured {
		t.Errorf("after a change in German, English is measured with %d messages, before with %d", got, measured)
	}
	if v := ask(t, b, knowledge.Query{Text: "wann macht ihr zu", Language: "de"}); v.Kind != knowledge.Answer {
		t.Errorf("the edit isn't live: %+v", v)
	}
	changed := *english[0]
	changed.Title = "Something else about the parcel"
	replace(append(append([]*article.Article{&changed}, english[1:]...), &edited)...)
	if v := ask(t, b, knowledge.Query{Text: "where is my parcel today", Language: "en"}); v.Passage == nil || v.Passage.Title != changed.Title {
		t.Errorf("the edit isn't live: %+v", v)
	}
	if err := b.Refined(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := samples(); got == 0 {
		t.Error("after a change in English nothing was measured again")
	}
}

func TestRefined(t *testing.T) {
	t.Parallel()
	b := knowledge.New(knowledge.Options{})
	if err := b.Refined(t.Context()); err != nil {
		t.Errorf("without articles: %v", err)
	}
	if err := b.Replace(t.Context(), knowledge.Content{Articles: shelves()}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Refined(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Refined(t.Context()); !errors.Is(err, knowledge.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}
