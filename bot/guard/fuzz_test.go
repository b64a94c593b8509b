package guard

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
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

// TestBounded cleans long texts made to be expensive. Quadratic work would take
// minutes; the limit only tells that from linear work on a busy machine.
func TestBounded(t *testing.T) {
	t.Parallel()
	const size = 100_000
	m := newMaker(3)
	pieces := map[string]string{
		"letters": "a", "letters apart": "a ", "words": "abandon ", "words in one": "abandon", "misspelt words": "abandn abilty ", "words of sentences": "that this you can ", "digits": "4", "digits apart": "4 ", "card groups": "4111 1111 ",
		"cues": "password:", "cues and values": "password: how ", "quotes": `password: "`, "api keys": "api-key=", "private keys": "private key ", "private keys and numbers": "private key " + rawKey + "x ", "joined keys": "private_key-",
		"hashes": txHash + " ", "hashes and cues": txHash + " tx key ", "codes": "code 123456 or ", "backup codes": "backup codes ", "braces": "{", "closed braces": `{"iv":"aaaaaaaaaaaa"}`, "fields": `"ciphertext"`, "brackets": "[1,",
		"bytes": "1,", "pem": "-----BEGIN PRIVATE KEY-----", "pem lines": "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAA\n", "markers": "[card removed]", "half markers": "[card ", "chinese": "的", "chinese apart": "歇 ", "chinese cues": "助记词", "chinese passwords": "密码是",
		"invisible": "\u200b", "accents": "e\u0301", "kana": "か\u3099", "not utf-8": "\xff", "base 58": m.chars(bitcoinAlphabet, 88) + " ", "base 58 in one": m.chars(bitcoinAlphabet, 51), "dots": ".", "mixed": "a1!", "newlines": "\n", "colons": "password:\n:", "tokens": "eyJaaaaaaaaaa.", "bot tokens": "123456789:AA",
		"distant": "password for the thing ", "solana": m.solana() + " ",
	}
	for name, piece := range pieces {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Repeat(piece, size/len(piece)+1)
			done := make(chan struct{})
			go func() {
				defer close(done)
				Clean(text)
			}()
			select {
			case <-done:
			case <-time.After(30 * time.Second):
				t.Error("takes more than linear time")
			}
		})
	}
}
