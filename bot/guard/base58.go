package guard

import (
	"bytes"
	"crypto/sha256"
	"strings"
)

// The alphabets of base 58: Bitcoin's, which nearly everybody uses, and the XRP
// Ledger's.
const (
	bitcoinAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	rippleAlphabet  = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
)

// base58Decode returns the bytes that s stands for, nil when it is no base 58.
// The time is quadratic: s must be short.
func base58Decode(s, alphabet string) []byte {
	var out []byte // little endian
	for i := range len(s) {
		carry := strings.IndexByte(alphabet, s[i])
		if carry < 0 {
			return nil
		}
		for j := range out {
			carry += int(out[j]) * 58
			out[j] = byte(carry)
			carry >>= 8
		}
		for ; carry > 0; carry >>= 8 {
			out = append(out, byte(carry))
		}
	}
	for i := 0; i < len(s) && s[i] == alphabet[0]; i++ {
		out = append(out, 0)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// base58Check returns what s stands for without its checksum of four bytes, nil
// when that is wrong.
func base58Check(s, alphabet string) []byte {
	b := base58Decode(s, alphabet)
	if len(b) < 5 {
		return nil
	}
	payload := b[:len(b)-4]
	sum := sha256.Sum256(payload)
	sum = sha256.Sum256(sum[:])
	if !bytes.Equal(sum[:4], b[len(b)-4:]) {
		return nil
	}
	return payload
}
