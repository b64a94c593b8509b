// Package guard finds secrets in what people write (seed phrases, private keys,
// card numbers, passwords, codes, access tokens) and replaces them, so that no
// inbox, index, log or screen ever holds them.
//
// It decides by form first (checksums, word lists, key pairs) and by the words
// around only where the form is ambiguous. Addresses, transaction ids, phone
// numbers, mail addresses and amounts are not secrets: support needs them. It
// knows no network and no storage, and it never keeps or logs what it saw.
//
// Known trade-offs: 64 hexadecimal digits are a private key only where the text
// calls them a key, since transaction ids look the same. Phrases from other
// word lists than those of BIP-39 (Monero, SLIP-39) are not known.
package guard

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is what sort of secret was found.
type Kind string

// The kinds of secrets.
const (
	SeedPhrase Kind = "seed_phrase"
	PrivateKey Kind = "private_key" // and key files
	Card       Kind = "card"        // payment card numbers and their security codes
	Password   Kind = "password"
	Code       Kind = "code" // one-time codes, PINs, backup codes, authenticator secrets
	Token      Kind = "token"
)

// kinds are all kinds, those that cost the most when known first: where secrets
// overlap, the first one names the place.
var kinds = []Kind{SeedPhrase, PrivateKey, Token, Card, Password, Code}

// marker returns what replaces a secret, for example "[seed phrase removed]".
func marker(k Kind) string {
	return "[" + strings.ReplaceAll(string(k), "_", " ") + " removed]"
}

// passes bounds how often Clean looks again. What one pass leaves behind is not
// a secret by the same rules, so the second finds nothing; more than two are
// for texts made up to confuse.
const passes = 4

// Clean returns text with each secret replaced by a marker, and the kinds that
// were found, each once, in the order of their first place. Cleaning a clean
// text changes nothing. Any bytes are accepted; what is no secret stays as it
// is. The time is linear in the length of text.
func Clean(text string) (clean string, found []Kind) {
	for range passes {
		hits := scan(text)
		if len(hits) == 0 {
			break
		}
		text = replace(text, hits)
		for _, h := range hits {
			if !slices.Contains(found, h.kind) {
				found = append(found, h.kind)
			}
		}
	}
	return text, found
}

// hit is a secret at text[start:end].
type hit struct {
	start, end int
	kind       Kind
}

// Detectors find secrets in a view; their hits may overlap and are in offsets of
// the view. Most texts have no digits and need only the first ones.
var (
	detectors      = []func(*view) []hit{seedPhrases, gluedPhrases, hanPhrases, keyTokens, pemBlocks, keystores, accessTokens, passwords, authenticatorSecrets}
	digitDetectors = []func(*view) []hit{hexKeys, byteArrays, cuedTokens, cards, securityCodes, codes, backupCodes}
)

// scan returns the secrets in text, in order, apart from each other.
func scan(text string) []hit {
	v := newView(text)
	var hits []hit
	run := func(detectors []func(*view) []hit) {
		for _, find := range detectors {
			for _, h := range find(v) {
				if h.start < h.end {
					hits = append(hits, v.original(h))
				}
			}
		}
	}
	run(detectors)
	if hasDigit(v.text) {
		run(digitDetectors)
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	var out []hit
	for _, h := range hits {
		if n := len(out); n > 0 && h.start < out[n-1].end {
			last := &out[n-1]
			last.end = max(last.end, h.end)
			if slices.Index(kinds, h.kind) < slices.Index(kinds, last.kind) {
				last.kind = h.kind
			}
			continue
		}
		out = append(out, h)
	}
	return out
}

func replace(text string, hits []hit) string {
	var b strings.Builder
	from := 0
	for _, h := range hits {
		b.WriteString(text[from:h.start])
		b.WriteString(marker(h.kind))
		from = h.end
	}
	b.WriteString(text[from:])
	return b.String()
}
