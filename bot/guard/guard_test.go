package guard

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	phrase12 = "legal winner thank year wave sausage worth useful legal winner thank yellow" // test vector of BIP-39
	txHash   = "0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060"
	rawKey   = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318" // of the web3.js documentation
)

// TestClean checks what exactly is replaced.
func TestClean(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
		found            []Kind
	}{
		{"phrase", "my words are " + phrase12 + " ok?", "my words are [seed phrase removed] ok?", []Kind{SeedPhrase}},
		{"phrase over lines", "1. legal\n2. winner\n3. thank\n4. year\n5. wave\n6. sausage\n7. worth\n8. useful\n9. legal\n10. winner\n11. thank\n12. yellow\nbye", "1. [seed phrase removed]\nbye", []Kind{SeedPhrase}},
		{"ten words", "legal winner thank year wave sausage worth useful yellow zebra", "[seed phrase removed]", []Kind{SeedPhrase}},
		{"repeated words with a right checksum", strings.Repeat("abandon ", 11) + "about", "[seed phrase removed]", []Kind{SeedPhrase}},
		{"the same of 24 words", strings.Repeat("abandon ", 23) + "art", "[seed phrase removed]", []Kind{SeedPhrase}},
		{"phrase cut to four letters", "aban lega winn than year wave saus wort usef zebr yell acti", "[seed phrase removed]", []Kind{SeedPhrase}},
		{"two phrases", phrase12 + "\nand the other one is for Peter:\n" + phrase12, "[seed phrase removed]\nand the other one is for Peter:\n[seed phrase removed]", []Kind{SeedPhrase}},
		{"spanish without accents", "abaco abdomen abeja abierto abogado abono aborto abrazo abrir abuelo abuso acabar", "[seed phrase removed]", []Kind{SeedPhrase}},
		{"chinese run together", "助记词：歇据声翻姑旱凝碎欢荡泡剩，怎么导入？", "助记词：[seed phrase removed]，怎么导入？", []Kind{SeedPhrase}},
		{"hex key", "private key: " + rawKey + ".", "private key: [private key removed].", []Kind{PrivateKey}},
		{"two hex keys", "my private keys: " + rawKey + ", 0x" + rawKey, "my private keys: [private key removed], [private key removed]", []Kind{PrivateKey}},
		{"key and transaction", "txid " + txHash + ", private key " + rawKey, "txid " + txHash + ", private key [private key removed]", []Kind{PrivateKey}},
		{"key of a transaction", "the private key that I used for this transaction is " + rawKey, "the private key that I used for this transaction is [private key removed]", []Kind{PrivateKey}},
		{"key over lines", "private key:\n4c0883a69102937d6231471b5dbb6204\nfe5129617082792ae468d01a3f362318\nthanks", "private key:\n[private key removed]\nthanks", []Kind{PrivateKey}},
		{"base 64 key", "secret key: q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA= thanks", "secret key: [private key removed] thanks", []Kind{PrivateKey}},
		{"card", "I paid with 4111 1111 1111 1111 yesterday", "I paid with [card removed] yesterday", []Kind{Card}},
		{"card with all", "card: 4111-1111-1111-1111 12/27 123 Bob", "card: [card removed] Bob", []Kind{Card}},
		{"mistyped card", "my card number is 4111 1111 1111 1112", "my card number is [card removed]", []Kind{Card}},
		{"two cards", "4111111111111111, 5500005555555559", "[card removed], [card removed]", []Kind{Card}},
		{"arabic-indic digits", "٤١١١ ١١١١ ١١١١ ١١١١", "[card removed]", []Kind{Card}},
		{"password", "Password: hunter2 doesn't work", "Password: [password removed] doesn't work", []Kind{Password}},
		{"password in quotes", `password is "my dog Rex", why`, `password is "[password removed]", why`, []Kind{Password}},
		{"password after a name", "the password for my tpWallet account is Hunter2x", "the password for my tpWallet account is [password removed]", []Kind{Password}},
		{"mail and password", "email/password: bob@x.example hunter22", "email/password: bob@x.example [password removed]", []Kind{Password}},
		{"chinese password", "我的密码是abc123，登录不了", "我的密码是[password removed]，登录不了", []Kind{Password}},
		{"full-width password", "密码：ａｂｃ１２３", "密码：[password removed]", []Kind{Password}},
		{"decomposed accents", "contrasen\u0303a: hunter2", "contrasen\u0303a: [password removed]", []Kind{Password}},
		{"code", "code 123456 not working", "code [code removed] not working", []Kind{Code}},
		{"codes", "I tried the codes 123456, 654321 and 111222", "I tried the codes [code removed], [code removed] and [code removed]", []Kind{Code}},
		{"code apart", "code is 1 2 3 4 5 6", "code is [code removed]", []Kind{Code}},
		{"token", "my bot 1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0 is down", "my bot [token removed] is down", []Kind{Token}},
		{"several kinds", "pin 1234 password: x9!x9 card 4111111111111111", "pin [code removed] password: [password removed] card [card removed]", []Kind{Code, Password, Card}},
		{"invisible characters go along", "pass\u200bword: hun\u200dter2\u200b ok", "pass\u200bword: [password removed] ok", []Kind{Password}},
		{"not utf-8", "\xffpassword: hunter2\xff \xfe", "\xffpassword: [password removed] \xfe", []Kind{Password}},
		{"NUL", "pass\x00word: hunter2", "pass\x00word: [password removed]", []Kind{Password}},
	}
	for _, tt := range tests {
		got, found := Clean(tt.text)
		if got != tt.want || !slices.Equal(found, tt.found) {
			t.Errorf("%s: %q\n got %q %v\nwant %q %v", tt.name, tt.text, got, found, tt.want, tt.found)
		}
		if again, found := Clean(got); again != got || found != nil {
			t.Errorf("%s: cleaned twice: %q %v", tt.name, again, found)
		}
	}
}

// TestNoSecret checks what must come through untouched.
func TestNoSecret(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"addresses": {
			"0x742d35Cc6634C0532925a3b844Bc9e7595f8bD19", "my address is 0x742d35Cc6634C0532925a3b844Bc9e7595f8bD19", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
			"TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
			"DRpbCBMxVnDK7maPM5tGv6MvB3v1sRMC86PZ8okm21hy", "GDQP2KPQGKIHYJGXNUIYOMHARUARCA7DJT5FO2FFOOKY3B2WSQHG4W37", "addr1qx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer3jcu5d8ps7zex2k2xt3uqxgjqnnj83ws8lhrn648jjxtwq2ytjqp",
			"EQDtFpEwcFAEcRe5mLVh2N6C0x-_hJEM7W61_JLnSF74p4q2", "token contract 0xdAC17F958D2ee523a2206206994597C13D831ec7", "api token: 0xdAC17F958D2ee523a2206206994597C13D831ec7",
			"private key of address 0x742d35Cc6634C0532925a3b844Bc9e7595f8bD19 lost", "private key for DRpbCBMxVnDK7maPM5tGv6MvB3v1sRMC86PZ8okm21hy",
			"xpub6CUGRUonZSQ4TWtTMmzXdrXDtypWKiKrhko4egpiMZbpiaQL2jkwSB1icqYh2cfDfVxdx4df189oLKnC5fSwqPfgyP3hooxujYzAu3fDVmz",
		},
		"transactions": {
			txHash, "txid: " + txHash, "tx hash " + txHash[2:], "https://etherscan.io/tx/" + txHash, "交易哈希：" + txHash, "my deposit " + txHash[2:] + " has not arrived",
			"private key is safe, but where is tx " + txHash, "public key: " + rawKey, "хеш транзакции " + txHash,
			"5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW", // a signature of Solana
			"block 19876543, nonce 12345678", "order 4111111111111111", "订单号4111111111111111", "uid 4012888888881881",
		},
		"numbers": {
			"+49 1512 3456789", "+1 (555) 010-9999", "call 0034 612 345 678", "I sent 1,234,567,890,123.45 USDT", "0.4111111111111111 ETH", "2026-11-22 10:30:00", "1700000000000",
			"chat -1001234567890", "1051234567890123456", "4111111111111112", "1234567812345678", "IBAN DE89 3704 0044 0532 0130 00", "v1.2.3-4111.1111",
			"45.67.89.101", "error code 404", "Error code: 100234", "zip code 90210", "postal code 560001", "country code +86", "promo code 123456", "invite code 888888", "邀请码 123456", "错误代码 123456",
			"status code 500123", "QR code 123456", "código de error 123456", "código postal 280011", "code 500", "the code expires after 300000 ms", "验证码 10 分钟没收到", "验证码发到了13812345678", "没收到验证码，等了1000分钟",
			"otp takes 1000 seconds", "2fa since 2023", "pin 3 times wrong", "security code for order 123456", "verification code not received after 2000 tries", "2fa not working on my phone 2022", "2fa reset request 123456", "otp case #123456", "verification code sent to id 123456",
		},
		"passwords that aren't told": {
			"I forgot my password", "password: how do I reset it?", "my password is not working", "my password is wrong", "the password is incorrect!", "My password is blocked", "Is my password safe?",
			"reset password please", "change password 2fa", "password 8 characters", "password: 8-20 characters", "password must be 12 characters", "密码忘记了", "密码是什么？", "密码是错误的", "密码错误5次", "密码8-20位", "设置密码",
			"contraseña: no la recuerdo", "mi contraseña es incorrecta", "olvidé mi contraseña", "mot de passe oublié", "mon mot de passe est refusé", "mot de passe : je ne sais plus", "Passwort vergessen", "mein Passwort ist falsch",
			"Passwort: wie ändere ich es?", "забыл пароль", "пароль: не помню", "мой пароль не подходит", "пароль неверный", "نسيت كلمة المرور", "كلمة المرور غير صحيحة", "كلمة المرور: كيف اغيرها؟", "password: ********",
			"Password: the one you chose when you registered", "password manager 1Password", "one password for all", "wrong password 3 times", "password? help", "Passwords: delete them", "https://x.example/reset-password?id=3",
			"password/2FA", "my password is still the same as before", "Is the password case sensitive?", "the password is required",
		},
		"phrases that aren't told": {
			"what is a seed phrase?", "I lost my seed phrase", "助记词和私钥不要告诉任何人", "助记词是什么，怎么备份才安全呢", "我的助记词丢失了怎么办请帮帮我吧", "助记词：请勿截图，也不要存网盘",
			"my seed phrase has 12 words", "this chat can tell you. Before you try again, ask", "frase semilla perdida", "how to back up my private key?", "private key", "my secret is safe", "never share private keys with anybody in this chat",
			"提现一直在审核中已经三天了", "转账成功但是对方没有收到币",
		},
		"others": {
			"", " ", "hello", "[", "[]", "[seed phrase removed]", "x [password removed] y", "password: [password removed]", "me@x.example", "{\"a\": 1}", "[1, 2, 3]", "sk-short", "key: value", "api key?", "bearer of bad news",
			"token not showing up in my wallet", "ghp_", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
			"d41d8cd98f00b204e9800998ecf8427e", "550e8400-e29b-41d4-a716-446655440000",
		},
	}
	for name, texts := range tests {
		for _, text := range texts {
			if got, found := Clean(text); got != text || found != nil {
				t.Errorf("%s: %q became %q %v", name, text, got, found)
			}
		}
	}
}

func TestStrip(t *testing.T) {
	t.Parallel()
	for _, k := range kinds {
		if got := Strip("my " + marker(k) + "?"); got != "my  ?" {
			t.Errorf("Strip of %q = %q", marker(k), got)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, want string }{
		{"", ""},
		{"Alice", "Alice"},
		{"  Al\tice\n Smith ", "Al ice Smith"},
		{"\u202eecilA\u202c", "ecilA"},
		{"sup\u200bport\x00\x1b[31m", "support[31m"},
		{"ali\xffce", "ali\uFFFDce"},
		{"👩\u200d💻 dev", "👩\u200d💻 dev"},
		{"张伟", "张伟"},
		{phrase12, "[seed phrase removed]"},
		{"4111\n1111\n1111\n1111", "[card removed]"},
		{strings.Repeat("é", 70), strings.Repeat("é", 64)},
	}
	for _, tt := range tests {
		got := Name(tt.name)
		if got != tt.want {
			t.Errorf("Name(%q) = %q, want %q", tt.name, got, tt.want)
		}
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 64 || Name(got) != got {
			t.Errorf("Name(%q) = %q is not fit", tt.name, got)
		}
	}
}

// TestLists checks what the detectors take for granted about the word lists.
func TestLists(t *testing.T) {
	t.Parallel()
	d := dict()
	for name, list := range bip39 {
		for _, w := range list {
			f := folded(w)
			if d.words[f] == 0 {
				t.Fatalf("%s: %q is not known as %q", name, w, f)
			}
			if latin(f) && (len(f) < 3 || len(f) > longestGlued) {
				t.Errorf("%s: %q is longer or shorter than glued words may be", name, w)
			}
			if len(f) > longWord {
				t.Errorf("%s: %q is too long", name, w)
			}
		}
	}
	for w := range prose() {
		if d.words[w]&english == 0 {
			t.Errorf("%q is not in the English list", w)
		}
	}
	m := newMaker(1)
	for name, list := range bip39 {
		for _, n := range []int{12, 15, 18, 21, 24} {
			var words []word
			for _, w := range m.mnemonic(list, n) {
				words = append(words, word{text: folded(w)})
			}
			set := d.words[folded(list[0])] & d.words[folded(list[1])] & d.words[folded(list[2000])] &^ english4
			for l := range lists {
				if set == 1<<l && !checksumOK(words, set) {
					t.Errorf("%s: checksum of %d words is not accepted", name, n)
				}
			}
		}
	}
}

func TestView(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"Abc", "Abc"},
		{"ｐａｓｓ：１", "pass:1"},
		{"a\u200bb\u00adc\ufeffd\x00e\x7ff\xffg", "abcdefg"},
		{"contraseña CLÉ Ärger ё й", "contrasena CLE Arger е и"},
		{"e\u0301", "e"},
		{"a\u00a0b\u3000c\td\r\ne", "a b c d \ne"},
		{"٣४𝟗①", "349①"},
		{"𝐚𝑩ⓒ", "aBc"},
		{"か\u3099き\u3099は\u309a", "がぎぱ"},
		{"\u1100\u1161\u11a8", "각"},
		{"x[card removed]y", "x\x00y"},
	}
	for _, tt := range tests {
		v := newView(tt.text)
		if v.text != tt.want {
			t.Errorf("view of %q is %q, want %q", tt.text, v.text, tt.want)
		}
		if len(v.lower) != len(v.text) || len(v.start) != len(v.text) || len(v.end) != len(v.text) {
			t.Errorf("view of %q has lengths %d, %d, %d, %d", tt.text, len(v.text), len(v.lower), len(v.start), len(v.end))
		}
	}
	// What can't be seen goes with the character before it.
	if got, want := newView("xé\u200bb\u0301y").original(hit{start: 1, end: 3}), (hit{start: 1, end: 9}); got != want {
		t.Errorf("original %+v, want %+v", got, want)
	}
}
