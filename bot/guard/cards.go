package guard

import (
	"regexp"
	"strings"
)

var (
	cardCues  = newCues(`(?:credit |debit |bank |visa |master)?cards?(?: ?(?:no\.?|number|num|nr))?|visa|mastercard|maestro|amex|american express|unionpay|银行卡号?|卡号|卡號|信用卡号?|借记卡|tarjetas?|carte(?: bancaire| bleue)?|cb|kreditkarte|karte|kartennummer|карт\pL*|بطاقه|البطاقه|cartao|carta|カード|카드`)
	orderCues = newCues(`orders?|order ?(?:id|no|number)|tx ?id|ids?|uid|ticket|invoice|reference|ref|tracking|imei|serial|account|iban|phone|tel|订单号?|单号|编号|流水号?|pedido|factura|commande|facture|bestellung|rechnung|заказ\pL*|номер заказа|طلب`)
	// grouped digits: at most two characters between two of them.
	digitRun = regexp.MustCompile(`[0-9](?:[ .-]?[0-9]|[ -]{2}[0-9]){11,}`)
	// cardRest is what people write after a card's number: when it ends and its
	// security code.
	cardRest = regexp.MustCompile(`^[ ,;|/\n]{1,3}(?:(?:exp\w*|valid\w*|有效期)?[ :.]{0,3}(?:0?[1-9]|1[0-2]) ?[/.-] ?(?:20)?[0-9]{2}[ ,;|/\n]{0,3})(?:(?:cvv2?|cvc2?|csc)?[ :]{0,2}[0-9]{3,4}\b)?`)
)

// cards finds payment card numbers: 13 to 19 digits whose check digit is right
// and that start and group as an issuer's do. A cue admits the rarer lengths; an
// order number is left alone unless it is written in groups like a card's.
func cards(v *view) []hit {
	runs := digitRun.FindAllStringIndex(v.text, -1)
	if len(runs) == 0 {
		return nil
	}
	cue := cardCues.find(v)
	order := orderCues.find(v)
	var hits []hit
	for _, r := range runs {
		if partOfNumber(v.text, r[0], r[1]) {
			continue
		}
		near := endBefore(cue, r[0], 40)
		c := cardRun{digits: v.text[r[0]:r[1]], cued: near >= 0, ordered: endBefore(order, r[0], 24) > near}
		for _, h := range c.find() {
			end := r[0] + h.end
			end += len(cardRest.FindString(upTo(v.lower, end, 60)))
			hits = append(hits, hit{start: r[0] + h.start, end: end, kind: Card})
		}
	}
	return hits
}

// partOfNumber reports whether s[from:to] is a part of something longer: a
// word, a phone number, an amount, a path.
func partOfNumber(s string, from, to int) bool {
	if touches(s, from, to) {
		return true
	}
	if from > 0 && strings.IndexByte("+_@=", s[from-1]) >= 0 || to < len(s) && s[to] == '_' {
		return true
	}
	return from > 1 && strings.IndexByte(".,", s[from-1]) >= 0 && digit(s[from-2]) ||
		to+1 < len(s) && s[to] == ',' && digit(s[to+1])
}

// cardRun is a run of digits, perhaps in groups, in which a card number may be
// followed or preceded by other numbers.
type cardRun struct {
	digits        string
	cued, ordered bool
}

func (c cardRun) find() []hit {
	starts, ends := groups(c.digits)
	var hits []hit
	for i := 0; i < len(starts); i++ {
		for j := min(len(ends), i+20) - 1; j >= i; j-- {
			h := hit{start: starts[i], end: ends[j]}
			if c.isCard(h, j-i+1) {
				hits = append(hits, h)
				i = j
				break
			}
		}
	}
	return hits
}

// groups returns where groups of digits start and end in s.
func groups(s string) (starts, ends []int) {
	for i := range len(s) {
		if digit(s[i]) && (i == 0 || !digit(s[i-1])) {
			starts = append(starts, i)
		}
		if digit(s[i]) && (i+1 == len(s) || !digit(s[i+1])) {
			ends = append(ends, i+1)
		}
	}
	return starts, ends
}

// isCard judges one stretch of n groups.
func (c cardRun) isCard(h hit, n int) bool {
	if h.end-h.start > 19*3 || h.start > 0 && c.digits[h.start-1] == '.' || h.end < len(c.digits) && c.digits[h.end] == '.' {
		return false
	}
	number := keepDigits(c.digits[h.start:h.end])
	if len(number) < 13 || len(number) > 19 || number == strings.Repeat(number[:1], len(number)) {
		return false
	}
	grouped := n == len(number) || 2*n == len(number) || n == 4 && len(number) == 16 ||
		n == 3 && (len(number) == 15 || len(number) == 14) || n == 5 && len(number) == 19
	if c.ordered && !grouped {
		return false
	}
	switch {
	case !luhn(number): // a digit mistyped, but it is called a card and looks like one
		return c.cued && usual(number) && (n == 1 || grouped)
	case c.cued:
		return number[0] >= '2' && number[0] <= '9'
	}
	return usual(number) && (n == 1 || grouped)
}

// usual reports whether an issuer that is common today starts its numbers like
// this and makes them of this length (ISO/IEC 7812).
func usual(number string) bool {
	prefix := func(n int) int {
		p := 0
		for _, c := range number[:n] {
			p = p*10 + int(c-'0')
		}
		return p
	}
	between := func(n, low, high int) bool { p := prefix(n); return p >= low && p <= high }
	switch len(number) {
	case 14:
		return between(3, 300, 305) || between(2, 36, 36) || between(2, 38, 39) // Diners Club
	case 15:
		return between(2, 34, 34) || between(2, 37, 37) // American Express
	case 16:
		return between(1, 4, 4) || between(2, 51, 55) || between(4, 2221, 2720) || // Visa, Mastercard
			between(4, 2200, 2204) || between(4, 3528, 3589) || // Mir, JCB
			between(4, 6011, 6011) || between(3, 644, 649) || between(2, 65, 65) || // Discover
			between(2, 62, 62) || between(2, 60, 60) || between(2, 81, 82) || // UnionPay, RuPay
			between(2, 50, 50) || between(2, 56, 58) || between(2, 63, 63) || between(2, 67, 67) || // Maestro, Elo
			between(4, 9792, 9792) // Troy
	case 19:
		return between(2, 62, 62) || between(4, 9558, 9558) || between(1, 4, 4) // UnionPay, Visa
	}
	return false
}

// luhn checks the last digit of number as ISO/IEC 7812 has it.
func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			d = d/10 + d%10
		}
		sum += d
	}
	return sum%10 == 0
}

func keepDigits(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}

var (
	securityCodeCues = newCues(`cvv2?|cvc2?|cvn|csc|card (?:security|verification) (?:code|number)|卡?安全码|信用卡验证码|code de securite|codigo de seguridad|kartenprufnummer|prufziffer`)
	securityCode     = regexp.MustCompile(`^[^0-9\n\x00.?!]{0,12}([0-9]{3,4})\b`)
)

// securityCodes finds the three or four digits on a card after a cue.
func securityCodes(v *view) []hit {
	var hits []hit
	for _, c := range securityCodeCues.find(v) {
		if m := securityCode.FindStringSubmatchIndex(upTo(v.lower, c.end, 24)); m != nil {
			hits = append(hits, hit{start: c.end + m[2], end: c.end + m[3], kind: Card})
		}
	}
	return hits
}
