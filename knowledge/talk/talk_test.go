package talk_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"firstline/content"
	"firstline/knowledge/talk"
)

var languages = []string{"en", "zh", "es", "fr", "de", "ru", "ar"}

func shipped(t testing.TB) *talk.Book {
	t.Helper()
	b, problems := talk.Load(content.FS, languages)
	for _, p := range problems {
		t.Errorf("%v", p)
	}
	if b == nil {
		t.FailNow()
	}
	return b
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	tests := []struct {
		text string
		what talk.What
		lang string // one of the languages; "" for none
	}{
		{"hi there!", talk.Greeting, "en"},
		{"Hello", talk.Greeting, "en"},
		{"HELLOOOOO???", talk.Greeting, "en"},
		{"hi 😀", talk.Greeting, "en"},
		{"ok thank you so much", talk.Thanks, "en"},
		{"ok", talk.Thanks, "en"},
		{"ok thanks", talk.Thanks, "en"},
		{"thanks, bye!", talk.Goodbye, "en"},
		{"good   morning\nteam", talk.Greeting, "en"},
		{"hola", talk.Greeting, "es"},
		{"¡Muchísimas gracias!", talk.Thanks, "es"},
		{"hasta luego", talk.Goodbye, "es"},
		{"Bonjour à tous", talk.Greeting, "fr"},
		{"s'il vous plaît, merci beaucoup", talk.Thanks, "fr"},
		{"tschuess", talk.Goodbye, "de"},
		{"Schönen guten Tag", talk.Greeting, "de"},
		{"Здравствуйте!", talk.Greeting, "ru"},
		{"все понял, спасибо большое", talk.Thanks, "ru"},
		{"السلام عليكم ورحمة الله", talk.Greeting, "ar"},
		{"شُكْراً جَزِيلاً", talk.Thanks, "ar"},
		{"你好啊", talk.Greeting, "zh"},
		{"謝謝你，辛苦了", talk.Thanks, "zh"},
		{"好的谢谢，再见", talk.Goodbye, "zh"},
		{"谢谢客服", talk.Thanks, "zh"},
		{"ｈｉ", talk.Greeting, "en"},
		{"👋", talk.Greeting, ""},
		{"👍🏽", talk.Thanks, ""},
		{"❤️", talk.Thanks, ""},
		{"bot?", talk.Greeting, "en"},

		{"talk to a human", talk.Person, "en"},
		{"Please let me TALK TO A PERSON!!!", talk.Person, "en"},
		{"my deposit is missing, talk to a human", talk.Person, "en"},
		{"the bot does not help, connect me to an agent", talk.Person, "en"},
		{"the bot is not helping talk to a human", talk.Person, "en"},
		{"can i get a real person?", talk.Person, "en"},
		{"representative", talk.Person, "en"},
		{"转人工", talk.Person, "zh"},
		{"轉人工客服", talk.Person, "zh"},
		{"充值三天了还没到，帮我转人工", talk.Person, "zh"},
		{"客服", talk.Person, "zh"},
		{"quiero hablar con una persona", talk.Person, "es"},
		{"Je voudrais parler à un conseiller s'il vous plaît", talk.Person, "fr"},
		{"ich moechte mit einem Menschen sprechen", talk.Person, "de"},
		{"деньги не пришли, позовите оператора", talk.Person, "ru"},
		{"أريد التحدث مع موظف", talk.Person, "ar"},

		{"this is useless!", talk.Complaint, "en"},
		{"hi, you are not helping at all", talk.Complaint, "en"},
		{"thanks, still not working, this is useless", talk.Complaint, "en"},
		{"useless bot, talk to a human", talk.Person, "en"},
		{"sorry but it didn't work 😭", talk.Nothing, ""},
		{"ok it didn't work 😭", talk.Failed, "en"},
		{"That's Not What I Asked", talk.Failed, "en"},
		{"ok, and how long does that take?", talk.Followup, "en"},
		{"thanks! where do i find that", talk.Followup, "en"},
		{"why???", talk.Followup, "en"},
		{"你们的服务太差了", talk.Complaint, "zh"},
		{"服务太差了！", talk.Complaint, "zh"},
		{"好的，還是不行", talk.Failed, "zh"},
		{"谢谢，那要多久？", talk.Followup, "zh"},
		{"qué pésimo servicio", talk.Complaint, "es"},
		{"gracias, pero sigue sin funcionar", talk.Failed, "es"},
		{"¿y cuánto cuesta?", talk.Followup, "es"},
		{"c'est nul !", talk.Complaint, "fr"},
		{"merci mais ça ne marche toujours pas", talk.Failed, "fr"},
		{"d'accord, et après ?", talk.Followup, "fr"},
		{"so ein mist", talk.Complaint, "de"},
		{"hat leider nicht geklappt", talk.Nothing, ""},
		{"danke, klappt aber nicht", talk.Nothing, ""},
		{"ok danke, geht immer noch nicht", talk.Failed, "de"},
		{"und wo finde ich das?", talk.Followup, "de"},
		{"это безобразие", talk.Complaint, "ru"},
		{"спасибо, но не помогло", talk.Failed, "ru"},
		{"а что дальше?", talk.Followup, "ru"},
		{"خدمة سيئة جدا", talk.Complaint, "ar"},
		{"شكرا لكن ما زبط", talk.Failed, "ar"},
		{"طيب، كم يستغرق ذلك؟", talk.Followup, "ar"},

		{"", talk.Nothing, ""},
		{"what's the weather like today", talk.Nothing, ""}, // only learned from
		{"are you a real person", talk.Nothing, ""},
		{"你是真人吗", talk.Nothing, ""},
		{"bist du ein echter mensch", talk.Nothing, ""},
		{"could you get me a real person", talk.Person, "en"},
		{"the code does not work", talk.Nothing, ""},
		{"没收到", talk.Nothing, ""},
		{"...", talk.Nothing, ""},
		{"😂😂😂", talk.Nothing, ""},
		{"hi, my deposit has not arrived", talk.Nothing, ""},
		{"thanks but it still doesn't work", talk.Failed, "en"},
		{"你好，我的充值没到账", talk.Nothing, ""},
		{"2fa", talk.Nothing, ""},
		{"i don't want to talk to a human", talk.Nothing, ""},
		{"no quiero hablar con una persona", talk.Nothing, ""},
		{"不用转人工", talk.Nothing, ""},
		{"customer service called me and asked for my code", talk.Nothing, ""},
		{"客服让我把验证码发给他是真的吗", talk.Nothing, ""},
		{"служба поддержки просит мой пароль это нормально", talk.Nothing, ""},
		{"yesterday a man wrote to me on telegram and said that i should talk to a human on his team", talk.Nothing, ""},
	}
	for _, tt := range tests {
		what, langs := b.Recognise(tt.text)
		if what != tt.what {
			t.Errorf("Recognise(%q) = %q %v, want %q", tt.text, what, langs, tt.what)
			continue
		}
		found := tt.lang == "" && len(langs) == 0
		for _, l := range langs {
			found = found || l == tt.lang
		}
		if !found {
			t.Errorf("Recognise(%q) is in %v, want %q", tt.text, langs, tt.lang)
		}
	}
}

// Every phrase that the shipped files list must be recognised as what it is
// listed for, alone and with the noise of chats around it.
func TestShippedPhrases(t *testing.T) {
	t.Parallel()
	b := shipped(t)
	for _, l := range languages {
		for kind, phrases := range shippedPhrases(t, l) {
			if kind == "filler" || kind == "offtopic" || kind == "questions" {
				continue
			}
			for _, p := range phrases {
				for _, text := range []string{p, "  " + strings.ToUpper(p) + " !!"} {
					if what, _ := b.Recognise(text); what != talk.What(kind) && !otherKind(t, l, p, string(what)) {
						t.Errorf("%s: %q of %s is %q", l, text, kind, what)
					}
				}
			}
		}
	}
}

// few has what a file must have.
const few = "greeting: [hi]\nthanks: [thanks]\ngoodbye: [bye]\nperson: [human please]\n"

func TestLoadProblems(t *testing.T) {
	t.Parallel()
	const good = few
	tests := []struct {
		name, file string
		want       string // in the first problem
		warning    bool
	}{
		{"unknown key", good + "greetings: [hey]\n", `en/smalltalk.yaml:5:1: unknown key "greetings"`, false},
		{"missing key", "greeting: [hi]\nthanks: [thanks]\ngoodbye: [bye]\n", "person is missing", false},
		{"no list", "greeting: hi\nthanks: [thanks]\ngoodbye: [bye]\nperson: [human]\n", "en/smalltalk.yaml:1:11: ", false},
		{"number", "greeting: [1]\nthanks: [thanks]\ngoodbye: [bye]\nperson: [human]\n", "en/smalltalk.yaml:1:12: ", false},
		{"no letters", "greeting: [hi, \"!\"]\nthanks: [thanks]\ngoodbye: [bye]\nperson: [human]\n", `"!" has no letters or digits`, false},
		{"too long", "greeting: [\"" + strings.Repeat("a b ", 20) + "\"]\nthanks: [t]\ngoodbye: [b]\nperson: [h]\n", "too long", false},
		{"no phrase", "greeting: []\nthanks: [thanks]\ngoodbye: [bye]\nperson: [human]\n", "at least one", false},
		{"twice", "greeting: [hi, Hi!]\nthanks: [thanks]\ngoodbye: [bye]\nperson: [human]\n", "warning: ", true},
		{"empty", "", "empty", false},
		{"not text", "\xff\xfe", "UTF-8", false},
		{"empty optional key", good + "complaint: []\n", "en/smalltalk.yaml:5:12: complaint needs at least one", false},
		{"a question without letters", good + "questions: [\"?\"]\n", `en/smalltalk.yaml:5:13: "?" has no letters`, false},
		{"a question that is too long", good + "offtopic: [\"" + strings.Repeat("a b ", 40) + "\"]\n", "en/smalltalk.yaml:5:12: ", false},
		{"no text", good + "followup: [why, 2]\n", "en/smalltalk.yaml:5:17: ", false},
		{"twice among those learned", good + "offtopic: [tell a joke, Tell a joke!]\n", "warning: ", true},
		{"broken", "greeting: [hi\n", "en/smalltalk.yaml:", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{"en/smalltalk.yaml": {Data: []byte(tt.file)}}
			b, problems := talk.Load(fsys, []string{"en"})
			if len(problems) == 0 || !strings.Contains(problems[0].String(), tt.want) {
				t.Errorf("problems %v, want one with %q", problems, tt.want)
			}
			if (b != nil) != tt.warning {
				t.Errorf("book %v with problems %v", b, problems)
			}
		})
	}
	if b, problems := talk.Load(fstest.MapFS{}, []string{"en"}); b != nil || problems.Err() == nil || problems[0].File != "en/smalltalk.yaml" {
		t.Errorf("a missing file: %v, %v", b, problems)
	}
	crlf := fstest.MapFS{"en/smalltalk.yaml": {Data: []byte("\uFEFF" + strings.ReplaceAll(good, "\n", "\r\n"))}}
	if b, problems := talk.Load(crlf, []string{"en"}); b == nil || len(problems) > 0 {
		t.Errorf("a file written on Windows: %v", problems)
	}
}

func FuzzRecognise(f *testing.F) {
	b := shipped(f)
	for _, s := range []string{"hi", "转人工", "\xff\x00", strings.Repeat("h", 1000), "h̷̛e̷l̷l̷o", "👍🏽❤️", "don't talk to a human"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		what, langs := b.Recognise(text)
		if what == talk.Nothing && langs != nil || what == "filler" {
			t.Errorf("Recognise(%q) = %q, %v", text, what, langs)
		}
	})
}
