package lang

import (
	"strings"
	"sync"
)

// functionWords are the words that give a Latin-script language away: function
// words and the few others that short messages are made of, written as people
// write them in chats (with and without apostrophe or accent). Words that more
// than one language uses stand in each of them, and count for less. The
// languages beyond those that Firstline speaks are here so that a message in
// one of them isn't taken for its neighbour.
var functionWords = map[string][]string{
	"en": strings.Fields(`the a an and or but if of to in on at by for from with without about into over after before
		is are was were be been am being do does did done doing have has had having will would can could should may might must
		i you he she it we they me him her us them my your his its our their mine yours this that these those there here
		what which who whom whose when where why how not no yes don't dont doesn't doesnt didn't didnt isn't isnt can't cant cannot
		won't wont i'm im i've ive it's its what's whats please help hello hi hey thanks thank still yet already just any some all
		get got need want lost give make send sent tell know take back out up off again now so as than then too very my
		per plus let see add show why's we're they're you're he's she's who's that's there's hows ya ai am im tell use using used like more most first next much many long too going goes went
		please won aren't wasn't haven't havent hasn't couldn't anyone someone somebody nothing something been`),
	"es": strings.Fields(`el la los las un una unos unas y o pero si de del al a en con sin por para sobre entre hasta desde
		es son era fue ser estar está esta estoy están hay he ha han había tengo tiene tienen puedo puede pueden quiero quiere
		yo tú tu él ella nosotros ellos me te se nos le les lo mi mis su sus este esto esa ese eso aquí ahí
		que qué cual cuál quien quién cuando cuándo donde dónde cómo como porque porqué no sí ya aún todavía también muy más mas
		hola gracias ayuda por favor necesito hacer hago ver nada algo alguien todo todos una vez hace hacia mi cuenta dinero
		eres puedes pueden quieres quieren tienes haces estas cuanto cuánto cuanta cuántos cuantos cuales cuáles usted ustedes nunca nadie algún alguna
		ningún ninguna mucho mucha poco llegado perder olvidado pasa pasó sé saber debo otra otro hoy ayer bien conmigo pude
		buenos buenas días tardes noches adiós perdí perdido olvidé llega llegó`),
	"fr": strings.Fields(`le la les un une des et ou mais si de du au aux à a en dans avec sans par pour sur entre chez vers
		est sont était être suis es êtes ai as avez ont avait peux peut pouvez veux veut voudrais dois doit fait faire
		je j'ai tu il elle on nous vous ils elles me te se lui leur y mon ma mes ton ta tes son sa ses notre nos votre vos
		ce cet cette ces ça cela c'est qu'est que quoi qui quel quelle quels quelles quand où comment pourquoi parce combien
		ne pas n'ai n'est plus jamais rien encore déjà aussi très bien tout tous toujours
		hello hey d'où signifie veut dire elles peuvent faut comme même avant après depuis hier aujourd'hui quelqu'un rien tes reçu perdu oublié
		bonjour bonsoir salut merci aide s'il plaît plait svp besoin argent compte d'un d'une l'ai j'ai n'arrive`),
	"de": strings.Fields(`der die das den dem des ein eine einen einem einer eines und oder aber wenn von vom zu zum zur im in
		an am auf aus bei mit ohne nach vor über unter für durch gegen um
		ist sind war waren sein bin bist habe hab hast hat haben hatte wird werden wurde kann kannst können konnte möchte will
		soll sollte muss müssen darf ich du er sie es wir ihr mich mir dich dir ihm ihn uns euch mein meine meinen meinem meiner
		dein deine ihre ihren unser dieser diese dieses hi hey was wer wie wo wann warum wieso welche welcher welches nicht kein keine
		keinen nichts noch schon nur auch sehr mehr immer wieder jetzt hier da dann so als bitte danke hallo hilfe guten tag
		wo wann her hin zeige kommt kommen bedeutet macht machen können magst kennst gehts gestern heute etwas jemand wurde habt gib alle
		geld konto gibt geht funktioniert vergessen verloren`),
	"pt": strings.Fields(`o a os as um uma e ou mas se de do da dos das no na nos nas em com sem por para pra ao à
		é são era foi ser estar está estou estão há tem têm tenho posso pode quero quer não sim já ainda também muito mais
		eu você voce ele ela nós eles me te se meu minha meus minhas seu sua este esta isso isto aqui que qual quem quando onde
		como porque olá obrigado obrigada ajuda preciso fazer fiz minha conta dinheiro consigo perdi esqueci`),
	"it": strings.Fields(`il lo la i gli le un uno una e o ma se di del della dei delle a al alla in nel nella con senza per su
		tra fra è sono era essere sto sta ho hai ha abbiamo hanno posso può vuole voglio vorrei devo non sì già ancora anche molto
		più io tu lui lei noi voi loro mi ti si ci mio mia miei tuo suo questo questa quello che cosa chi quale quando dove come
		perché ciao grazie aiuto bisogno fare soldi conto perso dimenticato`),
	"nl": strings.Fields(`de het een en of maar als van te in op aan bij met zonder voor naar uit over door om is zijn was ben
		bent heb hebt heeft hebben had wordt kan kunnen wil moet mag ik je jij hij zij ze we wij mij mijn jouw uw onze dit dat
		deze die wat wie hoe waar wanneer waarom welke niet geen nog al ook zeer meer weer nu hier dan hallo hulp dank bedankt
		alstublieft geld rekening kwijt vergeten`),
	"tr": strings.Fields(`bir ve veya ama için ile bu şu o ben sen biz siz onlar benim senin bana sana ne nasıl neden niye nerede
		kim hangi var yok değil mi mı mu mü çok daha en de da ki gibi kadar sonra önce merhaba teşekkürler yardım lütfen param
		hesap hesabım hesabıma para gelmedi istiyorum olarak şifremi unuttum`),
	"id": strings.Fields(`yang dan atau tapi di ke dari untuk dengan tanpa ini itu saya aku kamu anda dia kami kita mereka apa
		siapa kapan dimana mana kenapa mengapa bagaimana tidak bukan belum sudah ada bisa mau ingin akan lagi juga sangat halo
		terima kasih tolong uang akun saya belum masuk lupa hilang gimana kok nya`),
	"pl": strings.Fields(`i w z na do od po za przez dla nie tak jest są był być mam masz ma mogę może chcę ja ty on ona my wy
		mój moja moje co kto jak gdzie kiedy dlaczego czy już jeszcze też bardzo się to ten ta dzień dobry cześć dziękuję pomoc
		proszę pieniądze konto konta hasła`),
	"vi": strings.Fields(`tôi bạn là và của có không được cho này đó một các những với từ trong để khi nào gì sao làm thế nào
		tại chưa đã sẽ rồi xin chào cảm ơn giúp tiền tài khoản mình`),
}

// IsFunctionWord reports whether a word, as people write it in lower case, is a
// function word of a language in Latin letters. Accents and apostrophes may be
// missing.
func IsFunctionWord(word string) bool { return plainFunctionWords()[word] }

var plainFunctionWords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, ws := range functionWords {
		for _, w := range ws {
			m[w] = true
			m[strings.ReplaceAll(Normalize("", w), "'", "")] = true
		}
	}
	return m
})
