package guard

import (
	"cmp"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

// Words that say whether a number that could be a private key is one. The
// strong ones leave no doubt; the weak ones lose against any that is nearer.
var (
	strongKeyCues = newCues(`(?:private|secret|spending|signing|spend|view|priv|pvt)[ _-]?keys?|privkeys?|私钥|私鑰|秘密鍵|개인 ?키|clave (?:privada|secreta)|llave privada|` +
		`clef? (?:privee|secrete)s?|privat(?:er?|en)? ?schlussel|(?:приватн|закрыт|секретн)\pL* ключ\pL*|المفتاح الخاص|مفتاح خاص|مفتاحي الخاص|chave privada|chiave privata|khoa rieng|ozel anahtar`)
	weakKeyCues  = newCues(`keys?|secrets?|pk|sk|密钥|密鑰|金钥|钥匙|schlussel|ключ\pL*|clave|llave|cle|مفتاح|wif`)
	strongTxCues = newCues(`tx ?ids?|tx ?hash(?:es)?|txn ?(?:hash|ids?)?|txs?|hash(?:es)?|transaction ?(?:ids?|hash(?:es)?|number)|交易 ?(?:id|哈希|号|單號|单号)|哈希值?|хеш\pL*|хэш\pL*|public ?keys?|公钥|公鑰|clave publica|cle publique|` +
		`offentlicher? schlussel|открыт\pL* ключ\pL*|block ?hash|signature|contract|checksum|sha256`)
	weakTxCues = newCues(`transactions?|transfers?|transaccion\pL*|transaktion\pL*|транзакц\pL*|معامله|交易|转账|explorer|block`)
)

// How far from a number a cue may stand, in bytes, other numbers not counted.
const (
	cueBefore = 90
	cueAfter  = 60
)

// hexNumbers returns what may be keys of 32 or 64 bytes, perhaps with a digit or
// two lost or doubled in copying.
func hexNumbers(s string) []hit {
	var out []hit
	for from := 0; from < len(s); {
		to := from
		for to < len(s) && alphanumeric(s[to]) {
			to++
		}
		digits := strings.TrimPrefix(strings.ToLower(upTo(s[:to], from, 140)), "0x")
		if len(digits) >= 60 && len(digits) <= 130 && strings.Trim(digits, "0123456789abcdef") == "" {
			out = append(out, hit{start: from, end: to, kind: PrivateKey})
		}
		from = max(to, from+1)
	}
	return out
}

// hexKeys finds private keys in hexadecimal digits. Transaction ids look the
// same, and people must be able to send those: only the words around decide,
// and without any the number stays.
func hexKeys(v *view) []hit {
	numbers := hexNumbers(v.text)
	strong := strongKeyCues.find(v)
	hits := announcedKeys(v, strong)
	if len(numbers) == 0 {
		return hits
	}
	signs := signsOf(v, strong)
	for i, n := range numbers {
		next := len(v.text)
		if i+1 < len(numbers) {
			next = numbers[i+1].start
		}
		if signs.sayKey(numbers[:i], n, min(next, n.end+cueAfter)) {
			hits = append(hits, n)
		}
	}
	return hits
}

// touches reports whether s[from:to] is only a part of a longer word.
func touches(s string, from, to int) bool {
	return from > 0 && alphanumeric(s[from-1]) || to < len(s) && alphanumeric(s[to])
}

// sign is a cue with what it says.
type sign struct {
	cue
	key, strong bool
}

// signs are in the order of their places.
type signs []sign

func signsOf(v *view, strongKeys []cue) signs {
	var all signs
	add := func(cues []cue, key, strong bool) {
		for _, c := range cues {
			all = append(all, sign{cue: c, key: key, strong: strong})
		}
	}
	add(strongKeys, true, true)
	add(strongTxCues.find(v), false, true)
	add(weakKeyCues.find(v), true, false)
	add(weakTxCues.find(v), false, false)
	slices.SortStableFunc(all, func(a, b sign) int { return cmp.Compare(a.start, b.start) })
	// "key" inside "public key" says nothing.
	out := all[:0]
	for _, s := range all {
		if n := len(out); n > 0 && s.start < out[n-1].end {
			if s.strong && !out[n-1].strong {
				out[n-1] = s
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// sayKey reports whether the signs near the number n make it a key: the nearest
// one before it, however strong, but a strong "private key" counts more than a
// weak "transaction"; if there is none, the first strong one after it, before
// limit. The numbers before n take no room: a list may follow one cue.
func (s signs) sayKey(before []hit, n hit, limit int) bool {
	i, _ := slices.BinarySearchFunc(s, n.start, func(a sign, at int) int { return cmp.Compare(a.start, at) })
	room, at, weakTx := cueBefore, n.start, false
	for j := i - 1; j >= 0; j-- {
		for len(before) > 0 && before[len(before)-1].end > s[j].end {
			last := before[len(before)-1]
			room -= at - last.end
			at, before = last.start, before[:len(before)-1]
			if room < 0 {
				break
			}
		}
		if room -= at - s[j].end; room < 0 {
			break
		}
		at = s[j].start
		switch {
		case s[j].key && (s[j].strong || !weakTx):
			return true
		case s[j].strong:
			return false
		case !s[j].key:
			weakTx = true
		}
	}
	if weakTx {
		return false
	}
	for ; i < len(s) && s[i].end <= limit; i++ {
		if s[i].strong {
			return s[i].key
		}
	}
	return false
}

// notAddress is the length from which a run of letters and digits is longer
// than any address.
const notAddress = 48

var (
	keyLike    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9+/_-]{42,}=*`)
	keyGroups  = regexp.MustCompile(`^[A-Za-z0-9]{2,32}(?:[ \n-][A-Za-z0-9]{2,32})+`)
	groupLines = strings.NewReplacer(" ", "", "\n", "", "-", "")
)

// announcedKeys finds what stands right after a strong cue and is no address:
// keys with a wrong checksum, keys in base 64, keys cut into groups.
func announcedKeys(v *view, strong []cue) []hit {
	var hits []hit
	end := 0
	for _, c := range strong {
		if c.start < end { // inside the key before
			continue
		}
		at := afterSeparator(v.lower, c.end)
		if m := keyLike.FindString(upTo(v.text, at, longestValue)); hasDigit(m) && (len(m) >= notAddress || strings.HasSuffix(m, "=")) {
			end = runEnd(v.text, at+len(m), len(m))
			hits = append(hits, hit{start: at, end: end, kind: PrivateKey})
		}
		hits = append(hits, groupedKey(v.text, at)...)
	}
	return hits
}

// groupedKey finds a key of 32 bytes in hexadecimal or wallet import format that
// is cut into groups and starts at offset at.
func groupedKey(s string, at int) []hit {
	m := keyGroups.FindString(upTo(s, at, 160))
	for end := range len(m) + 1 {
		if end < len(m) && alphanumeric(m[end]) {
			continue
		}
		key := groupLines.Replace(m[:end])
		if len(key) > 66 {
			break
		}
		_, err := hex.DecodeString(strings.TrimPrefix(key, "0x"))
		if err == nil && len(key) >= 64 || isPrivateKey(key) {
			return []hit{{start: at, end: at + end, kind: PrivateKey}}
		}
	}
	return nil
}
