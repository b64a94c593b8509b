package lang

import "sync"

// alphabets are the letters beyond a to z that the languages in Latin letters
// write, after their orthographies; loan words aside.
var alphabets = map[string]string{
	"en": "", "id": "", "tl": "", "sw": "",
	"es": "áéíóúüñ",
	"fr": "àâçéèêëîïôœùûüÿæ",
	"de": "äöüß",
	"it": "àèéìíòóù",
	"pt": "áàâãçéêíóôõúü",
	"nl": "éëïóöüè",
	"pl": "ąćęłńóśźż",
	"tr": "çğıöşüâîû",
	"vi": "àáâãèéêìíòóôõùúýăđĩũơư" + vietnamese,
	"cs": "áčďéěíňóřšťúůýž",
	"sv": "åäöé",
	"da": "æøåé",
	"ro": "ăâîșțşţ",
	"hu": "áéíóöőúüű",
	"hr": "čćđšž",
	"fi": "äöå",
	"ca": "àçéèíïóòúü",
}

const vietnamese = "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"

// cyrillicLetters and arabicLetters tell the languages of these scripts apart;
// the others have them seldom.
var cyrillicLetters = map[rune]set{
	'ы': setOf("ru", "be", "kk"), 'э': setOf("ru", "be", "kk"), 'ё': setOf("ru", "be"), 'и': setOf("ru", "uk", "bg", "sr", "kk"),
	'щ': setOf("ru", "uk", "bg"), 'ъ': setOf("ru", "bg"),
	'і': setOf("uk", "be", "kk"), 'ї': setOf("uk"), 'є': setOf("uk"), 'ґ': setOf("uk"), 'ў': setOf("be"),
	'ј': setOf("sr"), 'љ': setOf("sr"), 'њ': setOf("sr"), 'ћ': setOf("sr"), 'ђ': setOf("sr"), 'џ': setOf("sr"),
	'қ': setOf("kk"), 'ғ': setOf("kk"), 'ң': setOf("kk"), 'ө': setOf("kk"), 'ұ': setOf("kk"), 'ү': setOf("kk"), 'һ': setOf("kk"), 'ә': setOf("kk"),
}

// Iraqis write چ and گ too, and Egyptians ى for ي, so that one letter is not
// enough against words.
var arabicLetters = map[rune]set{
	'ة': setOf("ar"), 'أ': setOf("ar"), 'إ': setOf("ar"), 'ى': setOf("ar"), 'ي': setOf("ar"), 'ك': setOf("ar"),
	'پ': setOf("fa", "ur"), 'چ': setOf("fa", "ur"), 'ژ': setOf("fa", "ur"), 'گ': setOf("fa", "ur"), 'ک': setOf("fa", "ur"), 'ی': setOf("fa", "ur"),
	'ٹ': setOf("ur"), 'ڈ': setOf("ur"), 'ڑ': setOf("ur"), 'ں': setOf("ur"), 'ے': setOf("ur"), 'ہ': setOf("ur"), 'ھ': setOf("ur"),
}

// letterEvidence is what one letter says for the languages that write it, and
// against the others of its script.
type letterEvidence struct {
	in, script set
	plus       float32
}

// against is what a letter counts against the languages that don't write it: a
// name or a loan word may have it.
const against = 1.6

var evidence = sync.OnceValue(func() map[rune]letterEvidence {
	m := map[rune]letterEvidence{}
	var latin set
	writers := map[rune]set{}
	for l, letters := range alphabets {
		latin |= setOf(l)
		for _, r := range letters {
			writers[r] |= setOf(l)
		}
	}
	add := func(ws map[rune]set, script set) {
		for r, in := range ws {
			m[r] = letterEvidence{in: in, script: script &^ in, plus: rarity(in)}
		}
	}
	add(writers, latin|setOf("ar-Latn", "ru-Latn", "zh-Latn", "hi-Latn"))
	add(cyrillicLetters, setOf("ru", "uk", "bg", "sr", "be", "kk"))
	add(arabicLetters, setOf("ar", "fa", "ur"))
	return m
})

// rarity is what a letter is worth for those that write it: the fewer, the more.
func rarity(in set) float32 {
	n := 0
	for i := range tongues {
		if in.has(i) {
			n++
		}
	}
	switch n {
	case 1:
		return 1.2
	case 2:
		return 0.9
	case 3, 4:
		return 0.5
	}
	return 0.2
}
