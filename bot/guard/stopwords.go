package guard

import (
	"strings"
	"sync"
)

// stopWords are what follows "password:" or "my password is" in sentences that
// tell no password.
var stopWords = wordSet(`
		a about account accepted after again all already also always an and another any anymore app are as asking at bad be because been before being
		broken but by can can't cannot case change changed changing code compromised contains choose correct could create currently delete different digits do does doesn't
		doing don't email empty enough enter error every example expired fail failed fails fine for forgot forgotten found from get gets getting good got
		hacked had has have having he hello help here hi how i i'm if in incorrect insecure instead invalid is isn't it it's its just keep keeps known
		later leaked least length letters like locked login longer lost make manager maximum may me minimum missing must my need necessary needed needs never
		new no none not nothing now of off ok okay old on one only or our out over page please possible problem protected question refused rejected
		required requirements requires reset resetting right rules safe same saved secure security she should show so some something somehow still
		stolen strength strong sure support than thanks that that's the their them then there they this to too try trying under unknown unsafe until up
		update updated use used user username using valid very was wasn't way we weak were what what's when where which who why will with without won't
		working works would wrong yes yet you your
		al algo alguien algun aun ayuda bien como con correcta correcto cual cuando de debe debil del demasiado desde donde el ella en era erronea es
		esa esta este falla fue fuerte funciona ha hay incorrecta incorrecto invalida la las le lo los mal me mi muy nada no nueva nunca o para pero
		por porque puede puedo que quiero recuperar segura ser si sin su tiene tu un una ustedes usted ya y yo olvidada olvide valida vieja
		au aucun aussi avec bon bonne c'est ca car ce cela cette comment correct dans de depuis des doit du elle en est et faible faux fonctionne fort
		il incorrecte invalide j'ai je jamais la le les mais mauvais mon ma ne ni non nouveau oublie on ou ou par pas perdu peut plus pour pourquoi
		qu'est quand que quel qui refuse sans se si son sur toujours tres trop un une valide vous
		aber alle als am andern auf aus bei bin bitte da das dass dem den der des die dies doch durch ein eine einem einen er es falsch fur funktioniert
		geht gesperrt gut habe haben hat hilfe ich ihr immer im in ist ja kann kein keine korrekt man mehr mein meine mit nach nicht nichts noch nur
		oder ohne richtig schwach sehr sein sich sicher sie sind soll stark um und ungultig unsicher unter vergessen verloren vom von vor wann warum was
		weil wenn werden wie wieder wird wo zu zum zur zurucksetzen
		а без бы был была быть в вам вас верный во вы где да для до его если есть же за забыл забыла забыт и из или как какой когда который кто ли меня
		мне мой можно мы на надо не неверен неверный неправильный нет но ну о об один он она от очень по помогите почему правильный при принимается
		пожалуйста с сбросить со сменить так также то только у уже утерян через что чтобы это я
		لا لم لن ما ماذا كيف لماذا متى اين من في على الى عن هل هو هي هذا هذه غير صحيحه خاطئه قويه ضعيفه منسيه نسيت و او ثم قد كان مع
	`)

// linkWords tie the word before them into a sentence.
var linkWords = wordSet(`
		a an the my your our their its his her this that these those of to in on at from with by into here there can must may will should is are was be as them us
		el la los las un una tu su mi de del en al con por para le les des du au aux dans sur avec votre ton notre cette ce
		der die das den dem des ein eine einen einem mein dein ihr ihre im ins von vom zum zur mit auf fur
		в на из с от до для по к ваш ваша ваше вашего мой твой этот
		في من على الى عن
	`)

// prose are words of the English list that sentences are full of, above all
// those that people write to a support.
var prose = wordSet(`
		about account address again all also already always amount another any ask because before between can change chat check code coin deposit
		either else error fee find first found give have help into just keep key know later like live make more much must need network never
		next now number off once one only open other over own person phone phrase please receive right same say security seed since start still
		such tell that then there they this time transfer true try two under until use used useful very wait want way what when where will wrong you
	`)

// wordSet makes a set of the words in text, folded.
func wordSet(text string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		m := map[string]bool{}
		for _, w := range strings.Fields(folded(text)) {
			m[w] = true
		}
		return m
	})
}

// isStop reports whether word belongs to a sentence. After a verb so do
// participles: "my password is blocked".
func isStop(word string, afterVerb bool) bool {
	word = strings.ToLower(word)
	if stopWords()[word] || stopWords()[strings.TrimSuffix(word, "!")] {
		return true
	}
	return afterVerb && (strings.HasSuffix(word, "ed") || strings.HasSuffix(word, "ing") || strings.HasSuffix(word, "ly"))
}
