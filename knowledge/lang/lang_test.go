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
		// Apostrophes as people type them.
		{"en", "can´t can`t can‘t can＇t `code`", "can't can't can't can't `code`"},
		// Look-alikes take the script of the rest of their word.
		{"en", "sсаm Binаnсе USDТ", "scam binance usdt"},
		{"ru", "дeньги cчёт пepeвoд", "деньги счет перевод"},
		{"ru", "USDTшка сайт.com", "usdtшка сайт.com"},
		{"ru", "Й й Ё", "й й е"},
		{"de", "Größe Groesse GRÖSSE Grösse", "grosse grosse grosse grosse"},
		{"de", "Kontoloeschung Steuer Zuege", "kontoloschung steuer zuge"},
		{"de", "Zwei\u00adFaktor", "zweifaktor"},
		{"fr", "cœur ŒUVRE naïf ça", "coeur oeuvre naif ca"},
		{"ar", "إلى الى أحمد احمد مكتبة مكتبه آخِر مُحَمَّدٌ", "الي الي احمد احمد مكتبه مكتبه اخر محمد"},
		{"ar", "ﻻ ﻣﺤﻔﻈﺔ ١٫٥ مسؤول رئيس", "لا محفظه 1.5 مسوول رييس"},
		{"fa", "کیف پول ۱۲۳", "كيف پول 123"},
		{"zh", "註冊 轉賬 匯款 餘額 手續費 凍結 綁定 設置 備份 助記詞 私鑰 密碼 隱私 聯繫 郵箱 簡訊 認證 審核 失敗 撤銷 網絡 區塊鏈 兌換 購買", "注册 转账 汇款 余额 手续费 冻结 绑定 设置 备份 助记词 私钥 密码 隐私 联系 邮箱 简讯 认证 审核 失败 撤销 网络 区块链 兑换 购买"},
		{"zh", "為什麼 爲 嗎 還沒 後 裡 裏 戶 户 啟 啓 臺 別 說 説 錄 著 註", "为什么 为 吗 还没 后 里 里 户 户 启 启 台 别 说 说 录 着 注"},
		{"zh", "ＵＳＤＴ（ＴＲＣ２０）：１００", "usdt(trc20):100"},
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
	})
}

func FuzzDetect(f *testing.F) {
	for _, s := range []string{"Hello", "錢包ー", "أَيْنَ 3ayez", "l'argent", "sсаm", "\xff\x00", "`\"«„", "a.com/b", "<@1> :x: #y", "''", "ﷺ", "WHERE IS IT", "> quoted\nit"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if l, sure := lang.Detect(text); l == "" && sure || l != "" && lang.Primary(l) != l {
			t.Errorf("Detect(%q) = %q, %v", text, l, sure)
		}
	})
}
