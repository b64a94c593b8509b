package knowledge_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"firstline/knowledge"
)

func TestAskShipped(t *testing.T) {
	t.Parallel()
	b := base(t)
	tests := []struct {
		query    knowledge.Query
		kind     knowledge.Kind
		reason   knowledge.Reason
		article  string // a prefix of the id; "" for none
		language string
	}{
		{knowledge.Query{Text: "i lost my phone with the authenticator"}, knowledge.Answer, "", "security/lost-2fa-device", "en"},
		{knowledge.Query{Text: "I LOST MY PHONE with the authenticater!!"}, knowledge.Answer, "", "security/lost-2fa-device", "en"},
		{knowledge.Query{Text: "hi, how do i withdraw"}, knowledge.Answer, "", "withdrawal/make-a-withdrawal", "en"},
		{knowledge.Query{Text: "钱转出去两个小时了还没到"}, knowledge.Answer, "", "withdrawal/", "zh"},
		{knowledge.Query{Text: "錢轉出去兩個小時了還沒到"}, knowledge.Answer, "", "withdrawal/", "zh"},
		{knowledge.Query{Text: "忘记密码了怎么办", Conversation: "en"}, knowledge.Answer, "", "security/reset-password", "zh"},
		{knowledge.Query{Text: strings.Repeat("\u202e\u200b\x00\xff", 10_000) + "how do i withdraw" + strings.Repeat("\u0336", 10_000)}, knowledge.Answer, "", "withdrawal/make-a-withdrawal", "en"},
		// Topics that a machine must not answer.
		{knowledge.Query{Text: "someone drained my wallet"}, knowledge.HandOff, knowledge.Always, "security/stolen-funds", "en"},
		{knowledge.Query{Text: "my coins are gone, hacked"}, knowledge.HandOff, knowledge.Always, "security/stolen-funds", "en"},
		{knowledge.Query{Text: "help!! i got hacked and all my money is gone"}, knowledge.HandOff, knowledge.Always, "security/stolen-funds", "en"},
		{knowledge.Query{Text: "somebody stole my bitcoin"}, knowledge.HandOff, knowledge.Always, "security/stolen-funds", "en"},
		{knowledge.Query{Text: "i lost my seed phrase"}, knowledge.HandOff, knowledge.Always, "security/lost-seed-phrase", "en"},
		{knowledge.Query{Text: "助记词丢了"}, knowledge.HandOff, knowledge.Always, "security/lost-seed-phrase", "zh"},
		{knowledge.Query{Text: "钱包被盗了"}, knowledge.HandOff, knowledge.Always, "security/stolen-funds", "zh"},
		{knowledge.Query{Text: "錢包被盜了"}, knowledge.HandOff, knowledge.Always, "security/stolen-funds", "zh"},
		// A person is asked for.
		{knowledge.Query{Text: "talk to a human"}, knowledge.HandOff, knowledge.Asked, "", "en"},
		{knowledge.Query{Text: "转人工"}, knowledge.HandOff, knowledge.Asked, "", "zh"},
		{knowledge.Query{Text: "quiero hablar con una persona"}, knowledge.HandOff, knowledge.Asked, "", "es"},
		{knowledge.Query{Text: "my deposit is missing, let me talk to a person"}, knowledge.HandOff, knowledge.Asked, "", "en"},
		// Small talk.
		{knowledge.Query{Text: "hola"}, knowledge.SmallTalk, "", "", "es"},
		{knowledge.Query{Text: "hola", Language: "en"}, knowledge.SmallTalk, "", "", "en"},
		{knowledge.Query{Text: "Hi there!", Conversation: "de"}, knowledge.SmallTalk, "", "", "en"},
		{knowledge.Query{Text: "hi", Conversation: "de"}, knowledge.SmallTalk, "", "", "de"},
		{knowledge.Query{Text: "👍", Conversation: "zh"}, knowledge.SmallTalk, "", "", "zh"},
		// Language: what is only a word or two stays in the conversation's.
		{knowledge.Query{Text: "2fa", Conversation: "zh", Hint: "en"}, knowledge.Choices, "", "", "zh"},
		{knowledge.Query{Text: "2fa authenticator google", Hint: "es-MX"}, knowledge.Answer, "", "security/turn-on-2fa", "es"},
		// Nothing of ours.
		{knowledge.Query{Text: "what's the capital of France"}, knowledge.HandOff, knowledge.OffTopic, "", "en"},
		{knowledge.Query{Text: "tell me a joke about penguins"}, knowledge.HandOff, knowledge.OffTopic, "", "en"},
		{knowledge.Query{Text: "蒙娜丽莎是谁画的"}, knowledge.HandOff, knowledge.OffTopic, "", "zh"},
		{knowledge.Query{Text: "не могу понять почему так вышло"}, knowledge.HandOff, knowledge.Unknown, "", "ru"},
		{knowledge.Query{Text: "", Hint: "zh-hans-CN"}, knowledge.HandOff, knowledge.Empty, "", "zh"},
		{knowledge.Query{Text: " \n\u200b?!…"}, knowledge.HandOff, knowledge.Empty, "", "en"},
		{knowledge.Query{Text: "😭😭😭", Conversation: "fr"}, knowledge.HandOff, knowledge.Empty, "", "fr"},
	}
	for _, tt := range tests {
		v, err := b.Ask(t.Context(), tt.query)
		if err != nil {
			t.Fatal(err)
		}
		id := ""
		if v.Passage != nil {
			id = v.Passage.Article
		}
		if v.Kind != tt.kind || v.Reason != tt.reason || v.Language != tt.language || !strings.HasPrefix(id, tt.article) || (id == "") != (tt.article == "") {
			tt.query.Text = tt.query.Text[:min(len(tt.query.Text), 200)]
			t.Errorf("Ask(%+v) = %s %s in %s with %q (%.2f) %v, want %s %s in %s with %q",
				tt.query, v.Kind, v.Reason, v.Language, id, v.Confidence, v.Choices, tt.kind, tt.reason, tt.language, tt.article)
		}
		check(t, tt.query.Text, v)
	}
}

// check holds what is true of every verdict.
func check(t *testing.T, text string, v knowledge.Verdict) {
	t.Helper()
	bad := func(what string) { t.Errorf("Ask(%.80q): %s in %+v", text, what, v) }
	if v.Confidence < 0 || v.Confidence > 1 {
		bad("confidence out of range")
	}
	if (v.Passage != nil) != (v.Kind == knowledge.Answer || v.Reason == knowledge.Always) {
		bad("passage")
	}
	if v.Passage != nil && (v.Passage.Markdown == "" || v.Passage.File == "" || v.Passage.Hash == "") {
		bad("passage that can't be traced")
	}
	if n := len(v.Choices); v.Kind == knowledge.Choices && (n < 2 || n > 3) || v.Kind != knowledge.Choices && n > 0 {
		bad("number of choices")
	}
	if (v.Kind == knowledge.HandOff) != (v.Reason != "") || (v.Kind == knowledge.SmallTalk) != (v.Talk != "") {
		bad("reason or talk")
	}
	if v.Language == "" {
		bad("no language")
	}
}

// hostile are texts that nobody types by accident.
var hostile = []string{
	strings.Repeat("a", 100_000),
	strings.Repeat("\x00", 100_000),
	strings.Repeat("\x00how do i withdraw", 1000),
	strings.Repeat("\xff\xfe", 50_000),
	"how do i \xff withdraw",
	"h" + strings.Repeat("\u0336\u0341\u035b", 30_000),
	strings.Repeat("😀", 25_000),
	strings.Repeat("👩‍👩‍👧‍👦", 5_000),
	strings.Repeat("钱", 30_000),
	strings.Repeat("how do i withdraw ", 6_000),
	strings.Repeat("\u202e\u200b", 30_000) + "how do i withdraw",
	strings.Repeat("a b ", 30_000),
	`+title:"x" -y^99 foo~2 *:* /.*/ field:[1 TO 2] \`,
	"' OR 1=1; DROP TABLE articles; --",
	"{{link.website}} <script>alert(1)</script>",
}

func TestAskHostile(t *testing.T) {
	t.Parallel()
	b := base(t)
	for _, text := range hostile {
		for _, language := range []string{"", "en", "zh", "es"} {
			v, err := b.Ask(t.Context(), knowledge.Query{Text: text, Language: language, Conversation: text, Hint: text, Article: text})
			if err != nil {
				t.Errorf("Ask(%.40q): %v", text, err)
			}
			check(t, text, v)
			if v.Passage != nil && !utf8.ValidString(v.Passage.Markdown) {
				t.Errorf("Ask(%.40q): invalid UTF-8", text)
			}
		}
	}
}

// lightBase has all that ships, but few questions of each article: training on all
// takes each of the fuzzer's processes longer than it may.
func lightBase(f *testing.F) *knowledge.Base {
	f.Helper()
	c, err := readShipped()
	if err != nil {
		f.Fatal(err)
	}
	light := c.Content
	light.Articles = nil
	for _, a := range c.Articles {
		few := *a
		few.Questions = few.Questions[:8]
		light.Articles = append(light.Articles, &few)
	}
	b := knowledge.New(knowledge.Options{Languages: c.site.Languages, Fallback: c.site.Fallback})
	f.Cleanup(func() { _ = b.Close() })
	if err := b.Replace(f.Context(), light); err != nil {
		f.Fatal(err)
	}
	if err := b.Refined(f.Context()); err != nil {
		f.Fatal(err)
	}
	return b
}

func FuzzAsk(f *testing.F) {
	b := lightBase(f)
	for _, text := range hostile {
		f.Add(text[:min(len(text), 2000)], "", "")
	}
	f.Add("i lost my phone with the authenticator", "en", "zh-hans-CN")
	f.Add("钱转出去两个小时了还没到", "zh", "")
	f.Add("L'argent n'est pas arrivé", "fr", "de")
	f.Fuzz(func(t *testing.T, text, conversation, hint string) {
		v, err := b.Ask(context.Background(), knowledge.Query{Text: text, Conversation: conversation, Hint: hint})
		if err != nil {
			t.Fatal(err)
		}
		check(t, text, v)
	})
}

func TestAskCancelled(t *testing.T) {
	t.Parallel()
	b := knowledge.New(knowledge.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Ask(ctx, knowledge.Query{Text: "how do i withdraw"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Ask with a cancelled context: %v", err)
	}
}

// A question of the shipped articles must be answered from its article, or
// handed over from it when only people may handle it: editors write questions
// to be answered so.
func TestOwnQuestions(t *testing.T) {
	t.Parallel()
	_, articles := shipped(t)
	b := base(t)
	step := 1
	if raceDetector {
		step = 10 // what is asked doesn't matter for races
	}
	for _, a := range articles {
		for i := 0; i < len(a.Questions); i += step {
			q := a.Questions[i]
			v, err := b.Ask(t.Context(), knowledge.Query{Text: q, Language: a.Language})
			if err != nil {
				t.Fatal(err)
			}
			if v.Reason == knowledge.Asked || v.Kind == knowledge.SmallTalk {
				if !strings.HasPrefix(a.ID, "support/") { // those are about people
					t.Errorf("%s: %q is %s %s", a.File, q, v.Kind, v.Reason)
				}
				continue
			}
			if v.Passage == nil || v.Passage.Article != a.ID {
				t.Errorf("%s: %q is %s %s of %+v %v", a.File, q, v.Kind, v.Reason, v.Passage, v.Choices)
			}
		}
		for _, q := range a.NotFor {
			v, err := b.Ask(t.Context(), knowledge.Query{Text: q, Language: a.Language})
			if err != nil {
				t.Fatal(err)
			}
			if v.Kind == knowledge.Answer && v.Passage.Article == a.ID {
				t.Errorf("%s: %q, which it is not for, is answered from it", a.File, q)
			}
		}
	}
}
