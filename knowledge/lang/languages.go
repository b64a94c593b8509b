package lang

// tongues are the languages that words vote for, by which a vote is an index
// here. The order is that of preference when two are level: first those that
// Firstline ships for, then their neighbours, then languages that are here only
// so that a message in one of them isn't taken for one of the others.
var tongues = [...]string{
	"en", "es", "fr", "de", "ru", "ar",
	"it", "pt", "nl", "pl", "tr", "id", "vi", "uk", "fa",
	"cs", "sv", "da", "ro", "hu", "hr", "tl", "fi", "ca", "sw", "bg", "sr", "be", "kk", "ur",
	"ar-Latn", "ru-Latn", "zh-Latn", "hi-Latn",
}

// shipped is how many of the tongues Firstline ships for.
const shipped = 6

// scores are the evidence for each tongue, in nats: the logarithm of how much
// likelier it has made what was read.
type scores [len(tongues)]float32

// set is a set of tongues, with marks beside them.
type set uint64

const (
	// neutral marks a word that every language uses: names of coins, kyc.
	neutral set = 1 << 63
	// loan marks an English word that others write in their own sentences.
	loan set = 1 << 62
	// function marks a word of functionWords.
	function set = 1 << 61
)

func (s set) has(tongue int) bool { return s>>tongue&1 != 0 }

// tongue returns the index of a language, and -1 for an unknown one.
func tongue(language string) int {
	for i, l := range tongues {
		if l == language {
			return i
		}
	}
	return -1
}

// setOf returns the set of languages.
func setOf(languages ...string) set {
	var s set
	for _, l := range languages {
		s |= 1 << tongue(l)
	}
	return s
}
