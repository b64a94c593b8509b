package guard

import (
	"crypto/ed25519"
	"encoding/base32"
	"encoding/hex"
	"regexp"
	"strings"
)

// keyTokens finds private keys that their own form gives away: by a checksum, a
// prefix, or a public half that fits the secret one.
func keyTokens(v *view) []hit {
	var hits []hit
	for from := 0; from < len(v.text); {
		to := from
		for to < len(v.text) && alphanumeric(v.text[to]) {
			to++
		}
		if to == from {
			from++
			continue
		}
		if isPrivateKey(v.text[from:to]) {
			hits = append(hits, hit{start: from, end: to, kind: PrivateKey})
		}
		from = to
	}
	for _, m := range keyPrefixes.FindAllStringIndex(v.text, -1) {
		hits = append(hits, hit{start: m[0], end: m[1], kind: PrivateKey})
	}
	return hits
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// keyPrefixes match keys that name themselves: BIP-32 extended private keys
// (xprv… and their kin; cut ones too), Nostr, Sui, Cardano, age, EOS.
var keyPrefixes = regexp.MustCompile(`\b(?:` +
	`(?:[xyztuvYZUV]prv|Ltpv|Mtpv|dgpv|drkp)[1-9A-HJ-NP-Za-km-z]{40,}` +
	`|nsec1[a-z0-9]{50,}|(?i:suiprivkey1[a-z0-9]{50,}|age-secret-key-1[a-z0-9]{50,})` +
	`|ed25519e?_sk1[a-z0-9]{50,}|PVT_(?:K1|R1|WA)_[1-9A-HJ-NP-Za-km-z]{40,}` +
	`)`)

// isPrivateKey reports whether a run of letters and digits is a private key in
// one of the forms with a checksum.
func isPrivateKey(s string) bool {
	switch n := len(s); {
	case n == 51 || n == 52: // wallet import format: version, key, perhaps a mark
		p := base58Check(s, bitcoinAlphabet)
		return len(p) == 33 || len(p) == 34
	case n == 58 && s[:2] == "6P": // BIP-38, encrypted by a password
		return len(base58Check(s, bitcoinAlphabet)) == 39
	case n == 54 || n == 98: // Tezos
		return (strings.HasPrefix(s, "edsk") || strings.HasPrefix(s, "spsk") || strings.HasPrefix(s, "p2sk")) && base58Check(s, bitcoinAlphabet) != nil
	case n >= 85 && n <= 88: // Solana; a transaction's signature looks the same but has no public half
		return ed25519Pair(base58Decode(s, bitcoinAlphabet))
	case n == 128: // 64 bytes
		b, err := hex.DecodeString(s)
		return err == nil && ed25519Pair(b)
	case n == 56 && s[0] == 'S':
		return isStellarSecret(s)
	case n >= 27 && n <= 31 && s[0] == 's': // XRP Ledger
		p := base58Check(s, rippleAlphabet)
		return len(p) == 17 && p[0] == 0x21 || len(p) == 19 && p[0] == 0x01 && p[1] == 0xE1 && p[2] == 0x4B
	}
	return false
}

// ed25519Pair reports whether b is an Ed25519 secret key followed by the public
// key that belongs to it.
func ed25519Pair(b []byte) bool {
	if len(b) != ed25519.PrivateKeySize {
		return false
	}
	return string(ed25519.NewKeyFromSeed(b[:ed25519.SeedSize])) == string(b)
}

// isStellarSecret checks a Stellar secret seed (SEP-23): base 32 of a version
// byte, 32 bytes, and their CRC-16/XMODEM, low byte first.
func isStellarSecret(s string) bool {
	b, err := base32.StdEncoding.DecodeString(s)
	if err != nil || len(b) != 35 || b[0] != 18<<3 {
		return false
	}
	var crc uint16
	for _, c := range b[:33] {
		crc ^= uint16(c) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return b[33] == byte(crc) && b[34] == byte(crc>>8)
}
