package talk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"firstline/knowledge/talk"
)

// Who reports a theft, or what an alleged agent wants, must reach the article
// about it, however it is written.
func TestRecogniserLeavesDanger(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	texts := map[string][]string{
		"en": {"my money was stolen", "someone stole all my coins!!", "i was scammed", "SCAM APP STOLE MY MONEY", "all my usdt is gone and i didn't send it", "Your Agent Called Me And Wanted My Code", "support wrote me on telegram and wants my seed phrase", "i got hacked"},
		"zh": {"我的钱被偷了", "币全被转走了", "我被骗了", "客服找我要助记词", "錢包被盜了", "有人冒充客服打电话给我"},
		"es": {"me robaron todo", "me estafaron", "un agente me pidió mi clave", "hackearon mi cuenta y no hay dinero", "atención al cliente me pidió el código"},
		"fr": {"on m'a volé tous mes bitcoins", "je me suis fait arnaquer", "un agent m'a demandé ma phrase secrète", "mon compte est piraté"},
		"de": {"mir wurden meine coins gestohlen", "ich wurde betrogen", "ein mitarbeiter wollte meine seed phrase", "mein wallet wurde leergeräumt"},
		"ru": {"у меня украли все деньги", "меня обманули мошенники", "поддержка просит мой пароль", "кошелёк взломали"},
		"ar": {"سرقوا كل فلوسي", "تم النصب علي", "موظف الدعم طلب عبارتي السرية", "محفظتي تهكرت"},
	}
	for l, ts := range texts {
		r := learn(t, b, l, nil)
		for _, text := range ts {
			if got := recognise(b, r, text); got != nothing {
				t.Errorf("%s: %q is %s", l, text, got)
			}
		}
	}
}

func TestLearn(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	var questions []string
	for i := range 2500 {
		questions = append(questions, fmt.Sprintf("how do i move coin %d to wallet %d", i, i%7))
	}
	// Articles list these too; they must not be learned as none of the kinds.
	questions = append(questions, "talk to a human", "i want to talk to a human")
	r, again := learn(t, b, "en", questions), learn(t, b, "en", questions)
	for _, kinds := range messages(t)["en"] {
		for _, text := range kinds {
			what, p := r.Recognise(text)
			if w, q := again.Recognise(text); w != what || q != p {
				t.Fatalf("%q is %q %v, then %q %v", text, what, p, w, q)
			}
			if !(p >= 0 && p <= 1) {
				t.Errorf("%q is %q with probability %v", text, what, p)
			}
		}
	}
	for text, want := range map[string]talk.What{
		"Could You Please Let Me Talk To Somebody": talk.Person,
		"could you pleese let me talk to sombody":  talk.Person,
		"are you a robot":                          talk.OffTopic,
		"how do i move coin 3":                     talk.Nothing,
		"":                                         talk.Nothing,
		"👍":                                        talk.Nothing,
	} {
		if what, p := r.Recognise(text); what != want {
			t.Errorf("%q is %q with %.2f, want %q", text, what, p, want)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Learn(cancelled, "en", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Learn returns %v", err)
	}
}

// What there are no phrases for is not found, and nothing panics.
func TestLearnLittle(t *testing.T) {
	t.Parallel()
	few, problems := talk.Load(fstest.MapFS{"en/smalltalk.yaml": {Data: []byte(few)}}, []string{"en"})
	if problems != nil {
		t.Fatal(problems)
	}
	for name, r := range map[string]*talk.Recogniser{
		"zero book":        learn(t, &talk.Book{}, "en", []string{"a"}),
		"another language": learn(t, few, "tlh", nil),
		"one phrase each":  learn(t, few, "en", nil),
		"zero":             {},
	} {
		for _, text := range []string{"nuqneH", "my deposit is missing", ""} {
			if what, _ := r.Recognise(text); what != talk.Nothing {
				t.Errorf("%s: %q is %s", name, text, what)
			}
		}
	}
}

// A long message isn't small talk, and takes no longer than a short one.
func TestRecogniserBounds(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	r := learn(t, b, "en", nil)
	for _, text := range []string{
		strings.Repeat("thank you ", 20), strings.Repeat("this is useless and ", 5), strings.Repeat("a", 1<<20),
		strings.Repeat("\xff", 1<<20), strings.Repeat("talk to a human ", 1<<16), strings.Repeat("h\u0336", 1<<18), strings.Repeat("谢", 1<<18),
	} {
		start := time.Now()
		if what, _ := r.Recognise(text); what != talk.Nothing {
			t.Errorf("%.40q is %s", text, what)
		}
		if d := time.Since(start); d > time.Second {
			t.Errorf("%.40q took %v", text, d)
		}
	}
}

func FuzzRecogniser(f *testing.F) {
	b := shipped(f)
	recognisers := map[string]*talk.Recogniser{}
	for _, l := range languages {
		recognisers[l] = learn(f, b, l, nil)
	}
	for _, s := range []string{"hi", "this is useless", "转人工", "\xff\x00", strings.Repeat("h", 1000), "h̷̛e̷l̷l̷o", "👍🏽❤️", "don't talk to a human", "لا أفهم", "qu'est-ce que c'est"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for l, r := range recognisers {
			what, p := r.Recognise(text)
			if !(p >= 0 && p <= 1) || what == "filler" || what == "questions" {
				t.Errorf("%s: Recognise(%q) = %q, %v", l, text, what, p)
			}
		}
	})
}

func BenchmarkLearn(b *testing.B) {
	book := shipped(b)
	var questions []string
	for i := range 2500 {
		questions = append(questions, fmt.Sprintf("why is my withdrawal number %d to exchange%d still not there", i, i%500))
	}
	for b.Loop() {
		learn(b, book, "en", questions)
	}
}

func BenchmarkRecogniser(b *testing.B) {
	r := learn(b, shipped(b), "en", nil)
	for b.Loop() {
		r.Recognise("i did exactly that and it still does not work")
	}
}
