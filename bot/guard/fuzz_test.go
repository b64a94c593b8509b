package guard

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func FuzzClean(f *testing.F) {
	m := newMaker(7)
	for _, seed := range []string{
		phrase12, "1. legal 2. winner", "private key: " + rawKey + " txid " + txHash, "助记词：歇据声翻姑旱凝碎欢荡泡剩", "4111 1111 1111 1111 12/27 123", "password: hunter2", `my password is "a b"`, "密码是abc123，",
		"code is 123456, 654321", "backup codes: 1abc-2345 2bcd-3456", m.pem(), m.keystore(), m.byteArray(), m.wif(), m.extendedKey(), m.token(), m.stellar(), m.xrp(), wide(phrase12), spread(phrase12, " "), "[card removed] 1",
		"email/password: a@b.cd x1x1x1x1\n", "otpauth://totp/x", "2fa secret JBSW Y3DP EHPK 3PXP", "api_key=abcdefgh12345678", "か\u3099\xff\x00\u200b", "pin 1234 or 5678 and 123 456",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean, found := Clean(text)
		if again, more := Clean(clean); again != clean || more != nil {
			t.Errorf("%q cleaned to %q, again to %q %v", text, clean, again, more)
		}
		if (clean == text) != (len(found) == 0) {
			t.Errorf("%q became %q, found %v", text, clean, found)
		}
		if utf8.ValidString(text) && !utf8.ValidString(clean) {
			t.Errorf("%q became %q, which is not UTF-8", text, clean)
		}
		for _, k := range found {
			if !slices.Contains(kinds, k) || !strings.Contains(clean, marker(k)) {
				t.Errorf("%q found %q but has no marker: %q", text, k, clean)
			}
		}
		if n := Name(text); utf8.RuneCountInString(n) > maxName || !utf8.ValidString(n) {
			t.Errorf("name %q", n)
		}
	})
}

// TestLong cleans long texts that would take minutes if the work weren't linear,
// and so run into the time limit of the test.
func TestLong(t *testing.T) {
	t.Parallel()
	const size = 6_000
	m := newMaker(3)
	for _, piece := range []string{
		"a", "a ", "abandon ", "abandon", "abandn abilty ", "that this you can ", "4", "4 ", "4111 1111 ",
		"password:", "password: how ", `password: "`, "api-key=", "private key ", "private key " + rawKey + "x ", "private_key-",
		txHash + " ", txHash + " tx key ", "code 123456 or ", "backup codes ", "{", `{"iv":"aaaaaaaaaaaa"}`, `"ciphertext"`, "[1,",
		"1,", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAA\n", "[card removed]", "[card ", "的", "歇 ", "助记词", "密码是",
		"\u200b", "e\u0301", "か\u3099", "\xff", m.chars(bitcoinAlphabet, 88) + " ", m.chars(bitcoinAlphabet, 51), ".", "a1!", "\n", "password:\n:", "eyJaaaaaaaaaa.", "123456789:AA",
		"password for the thing ", m.solana() + " ", "otpauth://", "pin 1234 and ",
	} {
		text := strings.Repeat(piece, size/len(piece)+1)
		clean, _ := Clean(text)
		if again, found := Clean(clean); again != clean {
			t.Errorf("%q many times is not clean when cleaned: %v", piece, found)
		}
	}
}

// TestCleanTwice strings secrets, cues and what stands between them together in
// every order: cleaning must end, and change nothing the second time.
func TestCleanTwice(t *testing.T) {
	t.Parallel()
	m := newMaker(5)
	pieces := []string{
		" ", "\n", ", ", ": ", ".", "is ", "and ", "\"", "'", "-", "：", "a", "1", "12 ", "password", "password: ", "my password is ", "密码", "密码是", "pass: ", "code ", "my code is ", "验证码", "backup codes: ", "2fa secret ",
		"private key ", "private key: ", "私钥", "txid ", "public key ", "key ", "card ", "order ", "cvv ", "12/27 ", "api key: ", "seed phrase: ", "助记词：", "助记词", "hunter2", "sunshine ", "how ", "123456 ", "1234 ", "4111 1111 1111 1111",
		"4111111111111111", rawKey, txHash, rawKey[:32], m.wif(), m.solana(), m.stellar(), m.token(), m.extendedKey(), phrase12 + " ", phrase12[:30], "legal ", "abandn ", "歇据声翻姑旱凝碎欢荡泡剩", "歇据声翻", "的", "歇 ", "JBSWY3DPEHPK3PXP",
		"a1b2-c3d4 ", "me@x.example ", "[card removed]", "[seed phrase removed]", "{", "}", `"ciphertext":"aa","cipherparams":{}`, "[1,2,", "-----BEGIN PRIVATE KEY-----\n", "MIIBVAIBADANBgkqhkiG9w0B\n", "-----END PRIVATE KEY-----",
		"\u200b", "\u0301", "\xff",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 25).Draw(t, "pieces"), "")
		clean, found := Clean(text)
		if again, more := Clean(clean); again != clean || more != nil {
			t.Fatalf("%q\ncleaned %q\n  again %q %v", text, clean, again, more)
		}
		for _, k := range found {
			if !strings.Contains(clean, marker(k)) {
				t.Fatalf("%q: no marker of %s in %q", text, k, clean)
			}
		}
	})
}
