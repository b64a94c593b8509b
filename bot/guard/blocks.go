package guard

import (
	"regexp"
	"strings"
)

var pemBegin = regexp.MustCompile(`-{2,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-{2,5}`)

// pemBlocks finds PEM and PGP private key blocks. One without its last line goes
// on as far as its lines look like base 64.
func pemBlocks(v *view) []hit {
	var hits []hit
	for _, m := range pemBegin.FindAllStringIndex(v.text, -1) {
		if n := len(hits); n > 0 && m[0] < hits[n-1].end {
			continue
		}
		hits = append(hits, hit{start: m[0], end: m[1] + pemLength(v.text[m[1]:]), kind: PrivateKey})
	}
	return hits
}

var pemBody = regexp.MustCompile(`^(?:[ \n]*(?:[A-Za-z-]+: [^\n]*\n|[A-Za-z0-9+/=]{16,}|[A-Za-z0-9+/]{2,}=+))*(?:[ \n]*[A-Za-z0-9+/=]{1,15}\n)?(?:[ \n]*-{2,5} ?END [A-Z0-9 ]*-{2,5})?`)

// pemLength returns the length of what follows the first line of a block.
func pemLength(s string) int { return len(pemBody.FindString(s)) }

var keystoreField = regexp.MustCompile(`"(?:ciphertext|cipherparams|kdfparams|encseed|bkp_address)\\?"|"(?:salt|iv)\\?" ?: ?\\?"[A-Za-z0-9+/=]{8,}\\?"`)

// keystores finds wallet files: JSON with an encrypted key.
func keystores(v *view) []hit {
	fields := keystoreField.FindAllStringIndex(v.text, -1)
	if len(fields) == 0 {
		return nil
	}
	var hits []hit
	for _, o := range objects(v.text) {
		// An object counts when it has two such fields, to leave other JSON alone.
		inside := 0
		for len(fields) > 0 && fields[0][1] <= o.end {
			if fields[0][0] >= o.start {
				inside++
			}
			fields = fields[1:]
		}
		if inside >= 2 {
			hits = append(hits, hit{start: o.start, end: o.end, kind: PrivateKey})
		}
	}
	return hits
}

// objects returns the outermost {…} of s; one that isn't closed goes to the end.
func objects(s string) []hit {
	var out []hit
	depth, start := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			if depth == 0 {
				start = i
			}
			depth++
		case '}':
			if depth == 1 {
				out = append(out, hit{start: start, end: i + 1})
			}
			depth = max(depth-1, 0)
		case barrier:
			depth = 0
		}
	}
	if depth > 0 {
		out = append(out, hit{start: start, end: len(s)})
	}
	return out
}

// byteArrays finds keys written as a list of 64 bytes, as Solana's tools write
// them, or of 32 bytes in brackets after a cue.
func byteArrays(v *view) []hit {
	s := v.text
	var hits []hit
	for from := 0; from < len(s); {
		if s[from] < '0' || s[from] > '9' {
			from++
			continue
		}
		to, n := byteList(s, from)
		if n == 64 || n == 32 && cuedBefore(v, from) {
			for from > 0 && strings.IndexByte("[ ", s[from-1]) >= 0 {
				from--
			}
			for to < len(s) && strings.IndexByte(" ]", s[to]) >= 0 {
				to++
			}
			hits = append(hits, hit{start: from, end: to, kind: PrivateKey})
		}
		from = to
	}
	return hits
}

// byteList returns where the list of numbers up to 255 ends that starts at from,
// and how many they are; numbers are separated by commas.
func byteList(s string, from int) (to, n int) {
	for i := from; ; {
		value, digits := 0, i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			value = min(value*10+int(s[i]-'0'), 1000)
			i++
		}
		if i == digits || value > 255 {
			return max(to, i), n
		}
		to = i
		n++
		comma := false
		for i < len(s) && (s[i] == ',' && !comma || s[i] == ' ' || s[i] == '\n') {
			comma = comma || s[i] == ','
			i++
		}
		if !comma {
			return to, n
		}
	}
}

// cuedBefore reports whether a strong cue for a key ends shortly before i.
func cuedBefore(v *view, i int) bool {
	near := &view{text: v.text[max(0, i-cueBefore):i], lower: v.lower[max(0, i-cueBefore):i]}
	return len(strongKeyCues.find(near)) > 0
}
