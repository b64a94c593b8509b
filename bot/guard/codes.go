package guard

import (
	"regexp"
	"strings"
)

var (
	// strongCodeCues name a code that lets somebody in.
	strongCodeCues = newCues(`otps?|one[- ]?time (?:pass)?(?:code|word|pin)s?|(?:verification|verify|authentication|authenticator|auth|security|sms|text|email|2fa|two[- ]factor|mfa|totp|log[- ]?in|sign[- ]?in|confirmation|google|access|pass|6[- ]digit|six[- ]digit)[ -]?codes?|` +
		`2fa|pins?(?:[ -]?(?:code|number))?|passcode|验证码|驗證碼|动态码|动态密码|校验码|短信码|确认码|认证码|谷歌码|二次验证|安全码|` +
		`codigo (?:de (?:verificacion|seguridad|acceso|autenticacion|confirmacion)|sms|2fa)|code (?:de (?:verification|securite|confirmation|connexion|validation)|sms|2fa|secret)|` +
		`(?:bestatigungs|sicherheits|verifizierungs|sms-?|2fa-?|einmal|authentifizierungs)(?:codes?|passwort)|код\pL* (?:подтверждения|из смс|из sms|безопасности|2fa|доступа)|(?:проверочн\pL*|смс|sms)[ -]код\pL*|` +
		`رمز (?:التحقق|التاكيد|الامان|الدخول)|كود (?:التحقق|التفعيل)|認証コード|確認コード|인증 ?번호|인증 ?코드`)
	codeCues = newCues(`codes?|codigos?|код\pL*|رمز|الرمز|كود|コード|코드|代码`)
	// otherCode stands before codes that open nothing.
	otherCode = regexp.MustCompile(`(?:error|status|zip|post|postal|country|area|promo|promotion|referral|invite|invitation|discount|coupon|gift|voucher|http|response|reason|source|swift|bic|sort|bank|branch|bar|qr|product|item|order|ticket|booking|tracking|currency|dial|dialing|color|colour|hex|fehler|statu[st]|postleit|ошибк\pL*|错误|错误的|邀请|推荐|优惠|国家|邮政|合约|股票|币种)[ -]?$`)
	// noCode stands between a cue and a number that is none of its codes.
	noCode = regexp.MustCompile(`#|\b(?:errors?|orders?|tickets?|cases?|requests?|ids?|uid|ref|phone|tel|after|since|until|within|every|at|than|more|last|step|try|tried|attempts?|limit|amount|version|v)\b|错误|等了|超过|手机|[账帐单工编]号|订单|[发送]到|金额|第`)
	// noUnit stands after such a number.
	noUnit = regexp.MustCompile(`^ ?(?:%|usdt?|usdc|btc|eth|trx|bnb|sol|eur|euro?s?|dollars?|gbp|rub|cny|rmb|元|块|美元|美金|刀|个|次|分钟|小时|天|位|年|月|seconds?|secs?|ms\b|秒|minutes?|mins?|hours?|hrs?|days?|weeks?|times|digits?|characters?|x\b)`)
	// year is what else four digits in a sentence are.
	year = regexp.MustCompile(`^(?:19|20)[0-9]{2}(?:[^0-9]|$)`)
	// digitsCode is a code of digits, whole or in groups.
	digitsCode = regexp.MustCompile(`^(?:[0-9]{3}[ -][0-9]{3}|[0-9]{4}[ -][0-9]{4}|[0-9]{2}[ -][0-9]{2}[ -][0-9]{2}|[0-9] [0-9] [0-9] [0-9](?: [0-9]){0,4}|[0-9]-[0-9]-[0-9]-[0-9](?:-[0-9]){0,4}|[0-9]{4,8})`)
	// lettersCode is a code of letters and digits.
	lettersCode = regexp.MustCompile(`^[A-Za-z0-9]{2,8}(?:-[A-Za-z0-9]{2,8}){0,4}`)
	// looseGap may stand between "code" and digits; "g-" starts Google's codes.
	looseGap  = regexp.MustCompile("^[ :=\"'(*`#_\n-]{0,5}(?:(?:is|was|are|were|es|est|ist|lautet|lautete|это|هو|是|为|為|i (?:got|get|received|have)(?: is| was)?|that i (?:got|received)(?: is| was)?|they sent(?: me)?(?: is| was)?|you sent(?: me)?(?: is| was)?)[ :=\"'(*`\n]{0,4})?(?:g-)?$")
	moreCodes = regexp.MustCompile(`^ ?(?:[,;/、]|or|and|then|und|oder|o|y|ou|et|或|和|或者)? ?\n?`)
)

// codes finds one-time codes, PINs and the like: digits after, or before, a
// word for them.
func codes(v *view) []hit {
	var hits []hit
	strong := strongCodeCues.find(v)
	for _, c := range strong {
		hits = append(hits, strongCode(v, c)...)
	}
	for _, c := range codeCues.find(v) {
		if !otherCode.MatchString(v.lower[max(0, c.start-24):c.start]) {
			hits = append(hits, looseCode(v, c)...)
		}
	}
	return append(hits, codesBefore(v)...)
}

// strongCode finds what follows a strong cue, in a few words' distance.
func strongCode(v *view, c cue) []hit {
	rest := upTo(v.lower, c.end, 50)
	gap := strings.IndexAny(rest, "0123456789")
	if gap >= 0 && gap <= 32 && !strings.ContainsAny(rest[:gap], "\x00.?!;%$€") && !strings.Contains(rest[:gap], "。") && !noCode.MatchString(rest[:gap]) {
		if hits := digitsAt(v, c.end+gap, 4); hits != nil && (looseGap.MatchString(rest[:gap]) || !year.MatchString(rest[gap:])) {
			return hits
		}
	}
	at, how := after(v.lower, c.end)
	if how == loose {
		return nil
	}
	m := lettersCode.FindString(v.text[at:])
	if len(m) >= 5 && hasDigit(m) && hasLetter(m) && !touches(v.text, at, at+len(m)) && !notSecret.MatchString(m) {
		return []hit{{start: at, end: at + len(m), kind: Code}}
	}
	return nil
}

// looseCode finds digits right after the word "code".
func looseCode(v *view, c cue) []hit {
	rest := upTo(v.lower, c.end, 50)
	gap := strings.IndexAny(rest, "0123456789")
	if gap < 0 || !looseGap.MatchString(rest[:gap]) {
		return nil
	}
	least := 6
	if _, how := after(v.lower, c.end); how == verb {
		least = 5 // as Telegram's
	}
	if strings.HasSuffix(v.lower[:c.start], "my ") && !strings.Contains(rest[:gap], "error") {
		least = 4
	}
	return digitsAt(v, c.end+gap, least)
}

// digitsAt returns the codes of digits that start at offset at, the first with
// at least least digits, each next one as long as the one before.
func digitsAt(v *view, at, least int) []hit {
	var hits []hit
	for {
		m := digitsCode.FindString(v.lower[at:])
		n := len(keepDigits(m))
		end := at + len(m)
		if n < least || n > 8 || at > 0 && (alphanumeric(v.text[at-1]) || strings.IndexByte(".,+", v.text[at-1]) >= 0) || numberGoesOn(v.lower[end:]) {
			return hits
		}
		hits = append(hits, hit{start: at, end: end, kind: Code})
		least = n
		at = end + len(moreCodes.FindString(v.lower[end:]))
		if at == end {
			return hits
		}
	}
}

// numberGoesOn reports whether rest makes the digits before it something else
// than a code: a longer number, a date, a time, an amount.
func numberGoesOn(rest string) bool {
	if rest == "" {
		return false
	}
	if alphanumeric(rest[0]) {
		return true
	}
	if len(rest) > 1 && strings.IndexByte(".,:/-", rest[0]) >= 0 && digit(rest[1]) {
		return true
	}
	return noUnit.MatchString(rest)
}

// codeFirst is a code before its name: "123456 is my code".
var codeFirst = newCues(`(?:[0-9]{3}[ -][0-9]{3}|[0-9]{4,8}) ?(?:is|was|es|est|ist|это|هو|是|为)? ?(?:the|my|your|a|mi|el|mon|le|mein|der|мой|我的|你的|这个)? ?(?:2fa|otp|sms|verification|security|login|log-in|auth|验证码|驗證碼|动态码|pin|code|codigo|код)`)

func codesBefore(v *view) []hit {
	var hits []hit
	for _, c := range codeFirst.find(v) {
		if c.start > 0 && (alphanumeric(v.text[c.start-1]) || strings.IndexByte(".,+#/:", v.text[c.start-1]) >= 0) {
			continue
		}
		m := digitsCode.FindString(v.lower[c.start:])
		least := 6
		between := v.lower[c.start+len(m) : c.end]
		if strings.Trim(between, " ") != between && len(keepDigits(m)) >= least {
			hits = append(hits, hit{start: c.start, end: c.start + len(m), kind: Code})
		}
	}
	return hits
}
