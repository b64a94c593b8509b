package guard

import (
	"regexp"
	"strings"
)

var (
	backupCues = newCues(`(?:backup|back-up|recovery|rescue|emergency|scratch|restore)[ -]codes?|恢复码|恢复代码|备份码|备用码|备用验证码|救援码|codigos? de (?:respaldo|recuperacion|seguridad)|codes? de (?:secours|recuperation|sauvegarde)|` +
		`(?:wiederherstellungs|backup-?|ersatz)codes?|резервн\pL* код\pL*|код\pL* восстановления|رموز? (?:الاسترداد|النسخ الاحتياطي)`)
	// backupCode is one of a list of such codes, with what numbers it.
	backupCode = regexp.MustCompile(`^(?:[ ,;:*•|\n-]|[0-9]{1,2}[.)] )*([A-Za-z0-9]{3,12}(?:[ -][A-Za-z0-9]{3,12}){0,3})`)
	setupCues  = newCues(`(?:2fa|totp|otp|mfa|authenticator|google auth\pL*|setup|set-up|manual|authy)[ -]?(?:setup |entry |auth )?(?:secrets?|keys?|seeds?)(?: key)?|(?:设置|绑定|验证器|谷歌|谷歌验证)?密钥|setup code|secret ?key|clave (?:secreta|de configuracion)|cle (?:secrete|de configuration)`)
	setupKey   = regexp.MustCompile(`^[A-Za-z2-7]{4}(?:[ -]?[A-Za-z2-7]{4}){3,15}`)
	otpauth    = regexp.MustCompile(`(?i)otpauth(?:-migration)?://[^ \n\x00]*`)
)

// backupCodes finds the list of codes that replace a lost second factor.
func backupCodes(v *view) []hit {
	var hits []hit
	for _, c := range backupCues.find(v) {
		at, _ := after(v.lower, c.end)
		for range 20 { // services give ten or so
			m := backupCode.FindStringSubmatchIndex(v.text[at:])
			if m == nil {
				break
			}
			start, end := at+m[2], at+m[3]
			end = start + codeLength(v.text[start:end])
			if end == start || touches(v.text, start, end) {
				break
			}
			hits = append(hits, hit{start: start, end: end, kind: Code})
			at = end
		}
	}
	return hits
}

// codeLength returns how much of s, groups of letters and digits, is a code: as
// many groups as have a digit; 0 when the first has none or all is too short.
func codeLength(s string) int {
	n := 0
	for n < len(s) {
		end := n
		for end < len(s) && (end == n || alphanumeric(s[end])) {
			end++
		}
		if !hasDigit(s[n:end]) {
			break
		}
		n = end
	}
	if len(strings.Trim(s[:n], " -")) < 6 {
		return 0
	}
	return n
}

// authenticatorSecrets finds what sets up an authenticator app: a base 32 key
// after a cue, or the address in its picture.
func authenticatorSecrets(v *view) []hit {
	var hits []hit
	for _, c := range setupCues.find(v) {
		at := afterSeparator(v.lower, c.end)
		m := setupKey.FindString(v.text[at:])
		// A sentence in small letters is no key.
		if m != "" && !touches(v.text, at, at+len(m)) && (hasDigit(m) || strings.ToUpper(m) == m) {
			hits = append(hits, hit{start: at, end: at + len(m), kind: Code})
		}
	}
	for _, m := range otpauth.FindAllStringIndex(v.text, -1) {
		hits = append(hits, hit{start: m[0], end: m[1], kind: Code})
	}
	return hits
}
