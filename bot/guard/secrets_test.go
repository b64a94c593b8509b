package guard

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"unicode/utf8"

	"github.com/tyler-smith/go-bip39/wordlists"
)

// maker makes random secrets, the same ones in every run.
type maker struct{ *rand.Rand }

func newMaker(seed uint64) maker { return maker{rand.New(rand.NewPCG(seed, 39))} }

func (m maker) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(m.Uint32())
	}
	return b
}

func (m maker) pick(of ...string) string { return of[m.IntN(len(of))] }

func (m maker) chars(alphabet string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[m.IntN(len(alphabet))])
	}
	return b.String()
}

const (
	digitChars = "0123456789"
	lowerChars = "abcdefghijklmnopqrstuvwxyz"
	wordChars  = digitChars + lowerChars + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var bip39 = map[string][]string{
	"english": wordlists.English, "spanish": wordlists.Spanish, "french": wordlists.French, "italian": wordlists.Italian, "czech": wordlists.Czech,
	"japanese": wordlists.Japanese, "korean": wordlists.Korean, "chinese simplified": wordlists.ChineseSimplified, "chinese traditional": wordlists.ChineseTraditional,
}

// mnemonic makes a phrase of n words with a right checksum.
func (m maker) mnemonic(list []string, n int) []string {
	entropy := m.bytes(n * 11 * 32 / 33 / 8)
	sum := sha256.Sum256(entropy)
	bits := new(big.Int).SetBytes(append(entropy, sum[0]))
	bits.Rsh(bits, uint(8-len(entropy)/4))
	words := make([]string, n)
	for i := n - 1; i >= 0; i-- {
		words[i] = list[new(big.Int).And(bits, big.NewInt(2047)).Int64()]
		bits.Rsh(bits, 11)
	}
	return words
}

// typo misspells a word by one edit.
func (m maker) typo(word string) string {
	r := []rune(word)
	i := m.IntN(len(r) - 1)
	switch m.IntN(4) {
	case 0:
		r[i] = rune(lowerChars[m.IntN(26)])
	case 1:
		r[i], r[i+1] = r[i+1], r[i]
	case 2:
		r = append(r[:i], r[i+1:]...)
	default:
		r = append(r[:i+1], r[i:]...)
	}
	return string(r)
}

// wide writes ASCII in full-width characters.
func wide(s string) string {
	return strings.Map(func(c rune) rune {
		if c > ' ' && c < 0x7f {
			return c - '!' + 0xFF01
		}
		return c
	}, s)
}

// sprinkle puts a zero-width space between every two characters.
func sprinkle(s string) string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 && c != ' ' {
			b.WriteString("\u200b")
		}
		b.WriteRune(c)
	}
	return b.String()
}

func spread(s, sep string) string { return strings.Join(strings.Split(s, ""), sep) }

// groupsOf cuts s into groups of n with sep in between.
func groupsOf(s string, n int, sep string) string {
	var parts []string
	for ; len(s) > n; s = s[n:] {
		parts = append(parts, s[:n])
	}
	return strings.Join(append(parts, s), sep)
}

func numbered(words []string, form, sep string) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = fmt.Sprintf(form, i+1, w)
	}
	return strings.Join(out, sep)
}

// base58Encode is the inverse of base58Decode.
func base58Encode(b []byte, alphabet string) string {
	var out []byte
	n, base, rest := new(big.Int).SetBytes(b), big.NewInt(58), new(big.Int)
	for n.Sign() > 0 {
		n.DivMod(n, base, rest)
		out = append([]byte{alphabet[rest.Int64()]}, out...)
	}
	for i := 0; i < len(b) && b[i] == 0; i++ {
		out = append([]byte{alphabet[0]}, out...)
	}
	return string(out)
}

func withCheck(b []byte, alphabet string) string {
	sum := sha256.Sum256(b)
	sum = sha256.Sum256(sum[:])
	return base58Encode(append(b[:len(b):len(b)], sum[:4]...), alphabet)
}

func (m maker) wif() string {
	b := append([]byte{0x80}, m.bytes(32)...)
	if m.IntN(2) == 0 {
		b = append(b, 1)
	}
	return withCheck(b, bitcoinAlphabet)
}

func (m maker) extendedKey() string {
	version := [][]byte{{0x04, 0x88, 0xAD, 0xE4}, {0x04, 0x9D, 0x78, 0x78}, {0x04, 0xB2, 0x43, 0x0C}}[m.IntN(3)]
	return withCheck(append(version[:4:4], m.bytes(74)...), bitcoinAlphabet)
}

func (m maker) ed25519Key() []byte { return ed25519.NewKeyFromSeed(m.bytes(32)) }

func (m maker) solana() string { return base58Encode(m.ed25519Key(), bitcoinAlphabet) }

func (m maker) byteArray() string {
	numbers := []int{}
	for _, b := range m.ed25519Key() {
		numbers = append(numbers, int(b))
	}
	out, err := json.Marshal(numbers)
	if err != nil {
		panic(err)
	}
	return string(out)
}

func (m maker) stellar() string {
	b := append([]byte{18 << 3}, m.bytes(32)...)
	var crc uint16
	for _, c := range b {
		crc ^= uint16(c) << 8
		for range 8 {
			high := crc&0x8000 != 0
			crc <<= 1
			if high {
				crc ^= 0x1021
			}
		}
	}
	return base32.StdEncoding.EncodeToString(append(b, byte(crc), byte(crc>>8)))
}

func (m maker) xrp() string {
	return withCheck(append([]byte{0x21}, m.bytes(16)...), rippleAlphabet)
}

func (m maker) hexKey() string { return hex.EncodeToString(m.bytes(32)) }

func (m maker) pem() string {
	kind := m.pick("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
	body := groupsOf(m.chars(wordChars+"+/", 60+m.IntN(700)), 64, "\n")
	return "-----BEGIN " + kind + "-----\n" + body + "=\n-----END " + kind + "-----"
}

func (m maker) keystore() string {
	return fmt.Sprintf(`{"version":3,"id":"x","address":"%x","crypto":{"ciphertext":"%x","cipherparams":{"iv":"%x"},"cipher":"aes-128-ctr","kdf":"scrypt","kdfparams":{"dklen":32,"salt":"%x","n":8192},"mac":"%x"}}`,
		m.bytes(20), m.bytes(32), m.bytes(16), m.bytes(32), m.bytes(32))
}

// cardNumber makes a number with a right check digit.
func (m maker) cardNumber() string {
	form := []struct {
		prefix string
		n      int
	}{{"4", 16}, {"51", 16}, {"5412", 16}, {"2221", 16}, {"2720", 16}, {"34", 15}, {"37", 15}, {"6011", 16}, {"65", 16}, {"3530", 16}, {"36", 14}, {"622848", 19}, {"6222", 16}, {"2202", 16}}[m.IntN(14)]
	number := form.prefix + m.chars(digitChars, form.n-len(form.prefix)-1)
	for d := range digitChars {
		if luhn(number + digitChars[d:d+1]) {
			return number + digitChars[d:d+1]
		}
	}
	panic("no check digit")
}

// cardGroups writes a number as on a card.
func cardGroups(number, sep string) string {
	if len(number) == 15 || len(number) == 14 {
		return number[:4] + sep + number[4:10] + sep + number[10:]
	}
	return groupsOf(number, 4, sep)
}

// password makes what people choose: words, words with digits, random signs.
func (m maker) password() string {
	word := m.pick("sunshine", "dragon", "Bella", "monkey", "qwerty", "Barcelona", "iloveyou", "Natasha", "shadow", "tpwalletfan")
	switch m.IntN(5) {
	case 0:
		return word
	case 1:
		return word + m.chars(digitChars, 2+m.IntN(4))
	case 2:
		return strings.ToUpper(word[:1]) + word[1:] + m.pick("!", "@", "#", "_") + m.chars(digitChars, 3)
	case 3:
		return m.chars(digitChars, 6+m.IntN(4))
	}
	return m.chars(wordChars, 6) + m.pick("!", "#x", "$5", "&") + m.chars(wordChars, 5) + m.chars(digitChars, 1)
}

func (m maker) token() string {
	switch m.IntN(9) {
	case 0:
		return "1" + m.chars(digitChars, 9) + ":AA" + m.chars(wordChars+"_-", 32) + "x"
	case 1:
		return "M" + m.chars(wordChars, 23) + "." + m.chars(wordChars, 6) + "." + m.chars(wordChars+"_-", 37) + "z"
	case 2:
		return "eyJ" + m.chars(wordChars, 20) + ".eyJ" + m.chars(wordChars, 40) + "." + m.chars(wordChars+"_-", 42) + "s"
	case 3:
		return "sk-" + m.chars(wordChars, 48)
	case 4:
		return "ghp_" + m.chars(wordChars, 36)
	case 5:
		return "AKIA" + m.chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
	case 6:
		return "xoxb-" + m.chars(digitChars, 12) + "-" + m.chars(wordChars, 24)
	case 7:
		return "AIza" + m.chars(wordChars+"_-", 34) + "q"
	}
	return "sk_live_" + m.chars(wordChars, 24)
}

// left reports whether a part of a secret is still in text: any n characters of
// it in a row, without regard to white space and what can't be seen.
func left(text, secret string, n int) bool {
	text, r := squeeze(text), []rune(squeeze(secret))
	if len(r) < n {
		n = len(r)
	}
	for i := 0; i+n <= len(r); i++ {
		if strings.Contains(text, string(r[i:i+n])) {
			return true
		}
	}
	return false
}

func squeeze(s string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(" \n\u200b\u3000-", c) || c == utf8.RuneError {
			return -1
		}
		return c
	}, s)
}
