package guard

import "crypto/sha256"

// checksumOK reports whether words are a phrase of the list whose last bits are
// the first ones of the SHA-256 of the others, as BIP-39 has it. There must be as
// many of them as a phrase can have.
func checksumOK(words []word, list listSet) bool {
	index := dict().index[list]
	bits := make([]byte, 0, len(words)*11)
	for _, w := range words {
		i, ok := index[w.text]
		if !ok {
			return false
		}
		for b := 10; b >= 0; b-- {
			bits = append(bits, byte(i>>b&1))
		}
	}
	check := len(bits) / 33
	entropy := make([]byte, (len(bits)-check)/8)
	for i := range entropy {
		for _, b := range bits[i*8 : i*8+8] {
			entropy[i] = entropy[i]<<1 | b
		}
	}
	sum := sha256.Sum256(entropy)
	for i, b := range bits[len(entropy)*8:] {
		if sum[0]>>(7-i)&1 != b {
			return false
		}
	}
	return true
}
