package rank_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"firstline/knowledge/rank"
)

// shop is a small base of four articles, with bodies.
var shop = []rank.Article{
	{
		ID: "delivery", Title: "When your parcel arrives",
		Questions: []string{"where is my parcel", "my order has not arrived yet", "how long does delivery take", "track my package", "when will my order come"},
		Sections:  []rank.Section{{"", "We ship within two days. The courier sends you a tracking number by text message."}},
	},
	{
		ID: "refund", Title: "Getting your money back",
		Questions: []string{"i want a refund", "how do i get my money back", "when is my refund paid", "return an item for a refund", "refund has not come"},
		NotFor:    []string{"refund of a gift card"},
		Sections:  []rank.Section{{"", "Send the item back within thirty days."}, {"Damaged goods", "Photograph the scratches before you post it."}},
	},
	{
		ID: "password", Title: "Forgotten password",
		Questions: []string{"i forgot my password", "reset my password", "can't log in to my account", "the login link does not work", "password reset mail missing"},
		Sections:  []rank.Section{{"", "Choose Forgotten on the sign-in page."}},
	},
	{
		ID: "giftcard", Title: "Gift cards",
		Questions: []string{"how do i use a gift card", "my gift card is not accepted", "gift card balance", "buy a gift card for a friend", "is there a voucher"},
		Sections:  []rank.Section{{"", "Vouchers are valid for three years."}},
	},
}

func train(t testing.TB, articles []rank.Article, o rank.Options) *rank.Model {
	t.Helper()
	m, err := rank.Train(t.Context(), articles, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func ask(t testing.TB, m *rank.Model, question string) rank.Ranking {
	t.Helper()
	r, err := m.Rank(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRank(t *testing.T) {
	t.Parallel()
	m := train(t, shop, rank.Options{Language: "en"})
	tests := []struct{ name, text, want string }{
		{"words of a question", "has my order not come?", "delivery"},
		{"its own question", "Track my package!", "delivery"},
		{"a word form", "i am refunding, get the moneys back", "refund"},
		{"not for", "refund of a gift card", "giftcard"},
		{"mistyped", "reste my pasword", "password"},
		{"written together", "buy a giftcard", "giftcard"},
		{"a hash in it", "where is my parcel 0x93afc0ffee93afc0ffee93afc0ffee93afc0ffee", "delivery"},
	}
	for _, tt := range tests {
		r := ask(t, m, tt.text)
		if len(r.Articles) != len(shop) || r.Articles[0].ID != tt.want {
			t.Errorf("%s: Rank(%q) = %+v, want %s first", tt.name, tt.text, r.Articles, tt.want)
		}
	}
}

func TestProbabilities(t *testing.T) {
	t.Parallel()
	m := train(t, shop, rank.Options{Language: "en"})
	for _, text := range []string{"where is my parcel", "password", "the weather in Lima tomorrow", "ð", strings.Repeat("my gift card ", 5000), "\xff\xfe refund"} {
		r := ask(t, m, text)
		sum := 0.0
		for i, a := range r.Articles {
			if math.IsNaN(a.Probability) || a.Probability < 0 || a.Probability > 1 || math.IsNaN(a.Score) {
				t.Errorf("Rank(%.30q): %+v is no probability", text, a)
			}
			if i > 0 && a.Score > r.Articles[i-1].Score {
				t.Errorf("Rank(%.30q) isn't in order: %+v", text, r.Articles)
			}
			sum += a.Probability
		}
		if math.Abs(sum-r.InScope) > 1e-9 || r.InScope < 0 || r.InScope > 1 {
			t.Errorf("Rank(%.30q): the probabilities add up to %v, want InScope %v", text, sum, r.InScope)
		}
	}
	own, odd := ask(t, m, "gift card balance"), ask(t, m, "the weather in Lima tomorrow")
	if !own.Articles[0].Own || own.Articles[0].Probability < 0.9 {
		t.Errorf("an article's own question: %+v, want it to be sure", own.Articles[0])
	}
	if odd.InScope >= own.InScope || odd.Known >= own.Known {
		t.Errorf("out of scope: %v known %v, want less than %v known %v", odd.InScope, odd.Known, own.InScope, own.Known)
	}
}

func TestNothingToAsk(t *testing.T) {
	t.Parallel()
	for name, articles := range map[string][]rank.Article{
		"none": nil, "shop": shop, "no texts": {{ID: "a"}, {ID: "b", Title: "??"}}, "one": shop[:1],
	} {
		m := train(t, articles, rank.Options{Language: "en", None: []string{"", "hi there"}})
		if r := ask(t, m, " ?! 😀"); r.InScope != 0 || len(r.Articles) != 0 {
			t.Errorf("%s: no words: %+v", name, r)
		}
		if r := ask(t, m, "my parcel"); len(r.Articles) != len(articles) {
			t.Errorf("%s: %+v, want all articles", name, r)
		}
		if x, err := m.Explain(t.Context(), "my parcel", "nobody"); err != nil || x.Words != nil {
			t.Errorf("%s: explained an article that isn't there", name)
		}
	}
}

func TestTrainErrors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		articles []rank.Article
		options  rank.Options
	}{
		"same id twice": {[]rank.Article{{ID: "a"}, {ID: "a"}}, rank.Options{}},
		"no id":         {[]rank.Article{{Title: "a"}}, rank.Options{}},
		"share of 1":    {shop, rank.Options{NoneShare: 1}},
		"NaN":           {shop, rank.Options{NoneShare: math.NaN()}},
	} {
		if _, err := rank.Train(t.Context(), tt.articles, tt.options); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if m, err := rank.Train(ctx, shop, rank.Options{}); !errors.Is(err, context.Canceled) || m != nil {
		t.Errorf("cancelled: %v, %v", m, err)
	}
}

// The same articles give the same model whatever the number of processors, so a
// restart changes no answer.
func TestSameModel(t *testing.T) { // not parallel: it sets GOMAXPROCS
	o := rank.Options{Language: "en", Seed: 7, None: []string{"what a day", "sing a song"}}
	articles := many(12, 8)
	several := train(t, articles, o)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if one := train(t, articles, o); !reflect.DeepEqual(one, several) {
		t.Error("two trainings differ")
	}
	if several.Samples() == 0 {
		t.Error("nothing was cross-validated, so nothing was compared")
	}
}

func TestCalibration(t *testing.T) {
	t.Parallel()
	articles := many(12, 8)
	m := train(t, articles, rank.Options{Language: "en"})
	if m.Samples() < 96 || m.LeastScope() <= 0 || m.LeastScope() >= 1 {
		t.Fatalf("%d samples, least scope %v", m.Samples(), m.LeastScope())
	}
	below := 0
	for _, a := range articles {
		for _, q := range a.Questions {
			if ask(t, m, "please "+q).InScope < m.LeastScope() {
				below++
			}
		}
	}
	if all := len(articles) * len(articles[0].Questions); below > all/20 {
		t.Errorf("%d of %d questions that articles answer are below the least scope", below, all)
	}
	quick := train(t, articles, rank.Options{Language: "en", Quick: true})
	if quick.Samples() != 0 || quick.LeastScope() != 0 {
		t.Error("a quick training was cross-validated")
	}
	like := train(t, articles, rank.Options{Language: "en", Quick: true, Like: m})
	if got, want := ask(t, like, "about topic3 please").InScope, ask(t, m, "about topic3 please").InScope; math.Abs(got-want) > 0.05 {
		t.Errorf("with the calibration of another model: in scope %v, want about %v", got, want)
	}
	if got, guess := ask(t, like, "about topic3 please").InScope, ask(t, quick, "about topic3 please").InScope; got == guess {
		t.Errorf("the calibration of another model changes nothing: %v", got)
	}
	if few := train(t, shop[:2], rank.Options{Language: "en"}); few.Samples() != 0 {
		t.Errorf("10 questions were cross-validated: %d", few.Samples())
	}
}

// A model learns nothing from what it is asked, so any number may ask at once.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	m := train(t, shop, rank.Options{Language: "en"})
	want := ask(t, m, "wher is my refnud")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if got := ask(t, m, "wher is my refnud"); !reflect.DeepEqual(got, want) {
					t.Errorf("%+v, want %+v", got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestSize(t *testing.T) {
	t.Parallel()
	small, large := train(t, shop, rank.Options{Quick: true}), train(t, many(50, 10), rank.Options{Quick: true})
	if s, l := small.Size(), large.Size(); s <= 0 || s > 1<<20 || l <= s {
		t.Errorf("4 articles take %d bytes, 50 take %d", s, l)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for wrong, want := range map[float64]float64{0: 0, 1: 0, 2: 0.5, 4: 0.75, 10: 0.9} {
		if got := rank.Cut(wrong); math.Abs(got-want) > 1e-12 {
			t.Errorf("Cut(%v) = %v, want %v", wrong, got, want)
		}
	}
}

// What a full text search finds is evidence, for articles that nothing else
// speaks for too; what it finds of articles that aren't there is passed over.
func TestSearchIsEvidence(t *testing.T) {
	t.Parallel()
	find := func(_ context.Context, words []string) ([]rank.Hit, error) {
		switch words[0] {
		case "scratches":
			return []rank.Hit{{ID: "gone", Share: 1}, {ID: "refund", Section: 1, Share: 0.9}}, nil
		case "broken":
			return nil, errors.New("the index is broken")
		}
		return nil, nil
	}
	m := train(t, shop, rank.Options{Language: "en", Search: find})
	r := ask(t, m, "scratches on it")
	if r.Articles[0].ID != "refund" || len(r.Hits) != 2 {
		t.Errorf("%+v, want refund first", r)
	}
	if _, err := m.Rank(t.Context(), "broken thing"); err == nil {
		t.Error("the search's error is lost")
	}
}

// With many articles only some are candidates: those that the weights find, and
// those that the search does.
func TestCandidates(t *testing.T) {
	t.Parallel()
	articles := many(200, 4)
	m := train(t, articles, rank.Options{Language: "en", Quick: true, Search: func(context.Context, []string) ([]rank.Hit, error) {
		return []rank.Hit{{ID: "a150", Share: 0.2}}, nil
	}})
	r := ask(t, m, "about topic7 please")
	if len(r.Articles) < 20 || len(r.Articles) > 40 || r.Articles[0].ID != "a7" {
		t.Errorf("%d candidates, first %+v", len(r.Articles), r.Articles[0])
	}
	if !slices.ContainsFunc(r.Articles, func(s rank.Scored) bool { return s.ID == "a150" }) {
		t.Error("what the search found isn't among them")
	}
}

// Labelled messages tell how sure a ranking really is.
func TestAdjusted(t *testing.T) {
	t.Parallel()
	articles := many(12, 8)
	m := train(t, articles, rank.Options{Language: "en"})
	var right, wrong []rank.Labelled
	for i := range 60 {
		text := fmt.Sprintf("tell me about topic%d when it is number %d", i%12, i)
		right = append(right, rank.Labelled{Text: text, ID: fmt.Sprint("a", i%12)})
		wrong = append(wrong, rank.Labelled{Text: text, ID: fmt.Sprint("a", (i+1)%12)})
	}
	adjusted := func(messages []rank.Labelled) (*rank.Model, float64) {
		a, err := m.Adjusted(t.Context(), messages, 0.1)
		if err != nil {
			t.Fatal(err)
		}
		return a, ask(t, a, "what is topic3").Articles[0].Probability
	}
	_, sure := adjusted(right)
	a, unsure := adjusted(wrong)
	if sure < 0.8 || unsure > 0.2 {
		t.Errorf("where all were right the probability is %.2f, where all were wrong %.2f", sure, unsure)
	}
	if a.Labelled() != 60 || m.Labelled() != 0 {
		t.Errorf("labelled: %d, before %d", a.Labelled(), m.Labelled())
	}
	if same, _ := adjusted(right[:10]); same != m {
		t.Error("ten messages adjust a model")
	}
	own := []rank.Labelled{{Text: "??"}, {Text: "of nobody", ID: "nobody"}}
	for range 60 {
		own = append(own, rank.Labelled{Text: articles[0].Questions[0], ID: "a0"})
	}
	if same, _ := adjusted(own); same != m {
		t.Error("an article's own questions adjust a model")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	m := train(t, shop, rank.Options{Language: "en"})
	got, err := m.Explain(t.Context(), "hello i need a refnud today", "refund")
	if err != nil || len(got.Words) != 6 || got.Words[0].Part != "refund" || got.Words[0].Weight <= 0 {
		t.Errorf("%+v, %v, want refund first", got, err)
	}
	if len(got.Terms) == 0 || got.Terms[0].Weight <= 0 || got.Classifier <= 0 || got.Centroid <= 0 || got.Text != 0 {
		t.Errorf("%+v, want terms of refund", got)
	}
}

func TestChinese(t *testing.T) {
	t.Parallel()
	m := train(t, []rank.Article{
		{ID: "withdraw", Title: "提现", Questions: []string{"提现多久到账", "我的提现还没有到", "怎么把钱提出来"}},
		{ID: "password", Title: "忘记密码", Questions: []string{"密码忘了怎么办", "如何重置登录密码", "登录不了"}},
		{ID: "kyc", Title: "身份验证", Questions: []string{"身份验证失败", "上传证件", "KYC 要多久"}},
	}, rank.Options{Language: "zh"})
	for text, want := range map[string]string{"我提現兩個小時了還沒到賬": "withdraw", "登录密码重置": "password", "kyc多久": "kyc"} {
		if r := ask(t, m, text); r.Articles[0].ID != want {
			t.Errorf("Rank(%q) = %+v, want %s", text, r.Articles, want)
		}
	}
}

func TestNoneExamples(t *testing.T) {
	t.Parallel()
	const text = "sing me a song about my parcel"
	without := train(t, shop, rank.Options{Language: "en", Quick: true})
	with := train(t, shop, rank.Options{Language: "en", Quick: true, None: []string{"sing me a song", "sing a song about love"}})
	if a, b := ask(t, without, text).InScope, ask(t, with, text).InScope; b >= a {
		t.Errorf("in scope %v with examples of none, %v without", b, a)
	}
}
