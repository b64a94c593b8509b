package rank_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"runtime"
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

func TestRank(t *testing.T) {
	t.Parallel()
	m := train(t, shop, rank.Options{Language: "en"})
	tests := []struct{ name, text, want string }{
		{"words of a question", "has my order not come?", "delivery"},
		{"its own question", "Track my package!", "delivery"},
		{"a word form", "i am refunding, get the moneys back", "refund"},
		{"only the body has it", "there are scratches, shall i photograph them", "refund"},
		{"only a heading has it", "goods were damaged", "refund"},
		{"not for", "refund of a gift card", "giftcard"},
		{"mistyped", "reste my pasword", "password"},
		{"written together", "buy a giftcard", "giftcard"},
		{"a hash in it", "where is my parcel 0x93afc0ffee93afc0ffee93afc0ffee93afc0ffee", "delivery"},
	}
	for _, tt := range tests {
		r := m.Rank(tt.text, nil)
		if len(r.Articles) != len(shop) || r.Articles[0].ID != tt.want {
			t.Errorf("%s: Rank(%q) = %+v, want %s first", tt.name, tt.text, r.Articles, tt.want)
		}
	}
}

func TestProbabilities(t *testing.T) {
	t.Parallel()
	m := train(t, shop, rank.Options{Language: "en"})
	for _, text := range []string{"where is my parcel", "password", "the weather in Lima tomorrow", "ð", strings.Repeat("my gift card ", 5000), "\xff\xfe refund"} {
		r := m.Rank(text, nil)
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
	own, odd := m.Rank("gift card balance", nil), m.Rank("the weather in Lima tomorrow", nil)
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
		if r := m.Rank(" ?! 😀", nil); r.InScope != 0 || len(r.Articles) != 0 {
			t.Errorf("%s: no words: %+v", name, r)
		}
		if r := m.Rank("my parcel", nil); len(r.Articles) != len(articles) {
			t.Errorf("%s: %+v, want all articles", name, r)
		}
		if m.Explain("my parcel", "nobody") != nil {
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
	if m.Samples() < 96 || len(m.Curve()) == 0 {
		t.Fatalf("%d samples, curve %v", m.Samples(), m.Curve())
	}
	for i, p := range m.Curve() {
		if p.Right+p.Wrong > 1+1e-9 || i > 0 && (p.Right > m.Curve()[i-1].Right || p.Refused < m.Curve()[i-1].Refused) {
			t.Errorf("point %d of the curve can't be: %+v", i, m.Curve())
		}
	}
	if first := m.Curve()[0]; first.Right < 0.5 || first.Refused != 0 {
		t.Errorf("with every question answered: %+v", first)
	}
	quick := train(t, articles, rank.Options{Language: "en", Quick: true})
	if quick.Samples() != 0 || quick.Curve() != nil {
		t.Error("a quick training was cross-validated")
	}
	like := train(t, articles, rank.Options{Language: "en", Quick: true, Like: m})
	if got, want := like.Rank("about topic3 please", nil), m.Rank("about topic3 please", nil); !reflect.DeepEqual(got, want) {
		t.Errorf("with the calibration of another model: %+v, want %+v", got, want)
	}
	if few := train(t, shop[:2], rank.Options{Language: "en"}); few.Samples() != 0 {
		t.Errorf("10 questions were cross-validated: %d", few.Samples())
	}
}

// A model learns nothing from what it is asked, so any number may ask at once.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	m := train(t, shop, rank.Options{Language: "en"})
	want := m.Rank("wher is my refnud", nil)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if got := m.Rank("wher is my refnud", nil); !reflect.DeepEqual(got, want) {
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

func TestLexical(t *testing.T) {
	t.Parallel()
	m := train(t, shop, rank.Options{Language: "en"})
	const text = "lost my thing"
	before := m.Rank(text, nil)
	last := before.Articles[len(before.Articles)-1]
	after := m.Rank(text, []rank.Lexical{{ID: last.ID, Strength: 50}, {ID: "gone", Strength: 99}})
	if after.Articles[0].ID != last.ID {
		t.Errorf("%+v, want %s first", after.Articles, last.ID)
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	m := train(t, shop, rank.Options{Language: "en"})
	got := m.Explain("hello i need a refnud today", "refund")
	if len(got) != 6 || got[0].Word != "refund" || got[0].Weight <= 0 {
		t.Errorf("%+v, want refund first", got)
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
		if r := m.Rank(text, nil); r.Articles[0].ID != want {
			t.Errorf("Rank(%q) = %+v, want %s", text, r.Articles, want)
		}
	}
}

func TestNoneExamples(t *testing.T) {
	t.Parallel()
	const text = "sing me a song about my parcel"
	without := train(t, shop, rank.Options{Language: "en", Quick: true})
	with := train(t, shop, rank.Options{Language: "en", Quick: true, None: []string{"sing me a song", "sing a song about love"}})
	if a, b := without.Rank(text, nil).InScope, with.Rank(text, nil).InScope; b >= a {
		t.Errorf("in scope %v with examples of none, %v without", b, a)
	}
}
