package lang_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"firstline/knowledge/lang"
)

func TestDetect(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, want string
		sure       bool
	}{
		{"where is my money??? i sent it 3 hours ago", "en", true},
		{"hola", "es", true},
		{"no me llega el código al móvil", "es", true},
		{"¿Cuánto tarda un retiro?", "es", true},
		{"je n'arrive pas à me connecter", "fr", true},
		{"bonjour", "fr", true},
		{"Ich habe mein Passwort vergessen", "de", true},
		{"geht nicht", "de", true},
		{"Где мои деньги?", "ru", true},
		{"أين أموالي", "ar", true},
		{"钱转出去两个小时了还没到", "zh", true},
		{"錢轉出去兩個小時了還沒到", "zh", true},
		{"我的USDT提现没到账", "zh", true},
		{"USDT TRC20 deposit 未到账", "zh", true},
		{"币", "zh", true},
		{"как вывести USDT на Binance", "ru", true},
		{"what does 你好 mean in the app i am using", "en", true},
		{"não consigo entrar na minha conta", "pt", true},
		{"non riesco ad accedere al mio conto", "it", true},
		{"ik kan niet inloggen op mijn rekening", "nl", true},
		{"パスワードを忘れました", "ja", true},
		{"비밀번호를 잊어버렸어요", "ko", true},
		{"Де мої гроші?", "uk", true},
		{"پولم نرسیده است", "fa", true},
		{"2fa", "", false},
		{"USDT", "", false},
		{"kyc", "", false},
		{"TXID 0x93af…", "", false},
		{"", "", false},
		{"😀 !!", "", false},
		{"\xff\xfe\x00", "", false},
		{strings.Repeat("a", 100_000), "", false},
	}
	for _, tt := range tests {
		if got, sure := lang.Detect(tt.text); got != tt.want || sure != tt.sure {
			t.Errorf("Detect(%.60q) = %q, %v, want %q, %v", tt.text, got, sure, tt.want, tt.sure)
		}
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	seven := []string{"en", "zh", "es", "fr", "de", "ru", "ar"}
	tests := []struct {
		name, text, forced, conversation, hint string
		supported                              []string
		want                                   string
	}{
		{"forced beats all", "钱没到", "fr", "en", "de", seven, "fr"},
		{"forced but not supported", "钱没到", "pt", "en", "de", seven, "zh"},
		{"script beats the conversation", "钱没到", "", "en", "de", seven, "zh"},
		{"words beat the conversation", "where is my money", "", "zh", "de", seven, "en"},
		{"short Latin stays with the conversation", "2fa", "", "zh", "en", seven, "zh"},
		{"nothing but the hint", "2fa", "", "", "es-MX", seven, "es"},
		{"a hint with script and region", "2fa", "", "", "zh-hans-CN", seven, "zh"},
		{"a hint with an underscore", "2fa", "", "", "pt_BR", []string{"pt"}, "pt"},
		{"a hint that isn't supported", "2fa", "", "", "pt-BR", seven, ""},
		{"a language that isn't supported", "não consigo entrar na minha conta", "", "", "en", seven, "en"},
		{"everything is supported", "não consigo entrar na minha conta", "", "", "en", nil, "pt"},
		{"nothing is supported", "where is my money", "en", "en", "en", []string{}, ""},
		{"rubbish for tags", "2fa", "x", "-", "123-45", seven, ""},
	}
	for _, tt := range tests {
		if got := lang.Decide(tt.text, tt.forced, tt.conversation, tt.hint, tt.supported); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPrimary(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"en": "en", "EN": "en", "zh-hans-CN": "zh", "zh-Hant": "zh", "pt_BR": "pt", " de-AT ": "de", "yue-HK": "zh", "ary": "ar",
		"": "", "e": "", "english": "", "12": "", "e\x00": "", "é": "", "-": "",
	} {
		if got := lang.Primary(tag); got != want {
			t.Errorf("Primary(%q) = %q, want %q", tag, got, want)
		}
	}
}

func TestNormalize(t *testing.T) {
	t.Parallel()
	tests := []struct{ language, text, want string }{
		{"en", "  Hello,\tWORLD\r\n", "hello, world"},
		{"en", "can’t", "can't"},
		{"en", "ﬁat ① ｆｕｌｌ", "fiat 1 full"},
		{"es", "¿Cuánto? ÁÉÍÓÚ ñ", "¿cuanto? aeiou n"},
		{"fr", "Œuvre à l’été", "oeuvre a l'ete"},
		{"de", "Straße Überweisung", "strasse uberweisung"},
		{"de", "Ueberweisung neue quer Koeln", "uberweisung neue quer koln"},
		{"de", "ÜBERWEISUNG", "uberweisung"},
		{"es", "nuevo", "nuevo"},
		{"ru", "Ещё Йод й", "еще йод й"},
		{"ar", "أَيْنَ إيداعي آخر مـــال ى ة", "اين ايداعي اخر مال ي ه"},
		{"ar", "٠١٢٣٤٥٦٧٨٩ ۰۱۲", "0123456789 012"},
		{"zh", "錢包被盜，驗證碼沒收到", "钱包被盗,验证码没收到"},
		{"zh", "帳號 賬號 账号", "账号 账号 账号"},
		{"", "登錄", "登录"},
		{"ja", "ガム登錄", "ガム登錄"},
		{"en", "a\u200bb\u202ec\u2066d\ufeff", "abcd"},
		{"en", "h̷̢̛e̶l̸l̵o", "hello"},
		{"en", "x\x00y\x07z", "x y z"},
		{"en", "a\xffb", "a b"},
		{"ko", "비밀번호", "비밀번호"},
		{"hi", "पासवर्ड", "पासवर्ड"},
		{"", "", ""},
		{"zh", "\u3000 　", ""},
	}
	for _, tt := range tests {
		if got := lang.Normalize(tt.language, tt.text); got != tt.want {
			t.Errorf("Normalize(%q, %q) = %q, want %q", tt.language, tt.text, got, tt.want)
		}
	}
}

func TestIsFunctionWord(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{"the": true, "dont": true, "don't": true, "fur": true, "für": true, "qué": true, "que": true, "bitcoin": false, "capital": false, "": false} {
		if got := lang.IsFunctionWord(word); got != want {
			t.Errorf("IsFunctionWord(%q) = %v", word, got)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"Hello", "錢包", "أَيْنَ", "Ueber", "\xff\x00", "ﷺ", "a\u0301\u0301\u0301", "Ǆ", "가"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range []string{"", "de", "zh", "ar"} {
			once := lang.Normalize(l, text)
			if !utf8.ValidString(once) {
				t.Errorf("Normalize(%q, %q) isn't UTF-8", l, text)
			}
			// The longest decomposition (ﷺ) makes 18 letters of one.
			if utf8.RuneCountInString(once) > 20*utf8.RuneCountInString(text) {
				t.Errorf("Normalize(%q, %q) grows to %d runes", l, text, utf8.RuneCountInString(once))
			}
		}
		lang.Detect(text)
	})
}

func BenchmarkDetect(b *testing.B) {
	for b.Loop() {
		lang.Detect("hi so i got a new iphone yesterday and now the codes are gone, how do i log in??")
	}
}
