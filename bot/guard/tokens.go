package guard

import "regexp"

// tokenForms match access tokens that their form gives away.
var tokenForms = regexp.MustCompile(`\b(?:` +
	`[0-9]{6,12}:AA[A-Za-z0-9_-]{30,36}` + // Telegram bot
	`|[MNO][A-Za-z0-9_-]{22,28}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{25,40}|mfa\.[A-Za-z0-9_-]{60,}` + // Discord
	`|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_.-]*)?` + // JSON web token
	`|sk-[A-Za-z0-9_-]{20,}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}` + // OpenAI and others, Stripe
	`|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{18,}` + // GitHub, GitLab
	`|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{33,}|ya29\.[A-Za-z0-9_-]{20,}` + // AWS, Google
	`|xox[abeoprs]-[A-Za-z0-9-]{10,}|hf_[A-Za-z0-9]{30,}|npm_[A-Za-z0-9]{30,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}` +
	`|discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{40,}|hooks\.slack\.com/services/[A-Za-z0-9/]{20,}` +
	`)`)

func accessTokens(v *view) []hit {
	var hits []hit
	for _, m := range tokenForms.FindAllStringIndex(v.text, -1) {
		hits = append(hits, hit{start: m[0], end: m[1], kind: Token})
	}
	return hits
}

// Many tokens are just random letters and digits; "token" alone says nothing
// where coins are called tokens.
var (
	tokenCues = newCues(`(?:api|access|auth|bearer|bot|refresh|session|client|app|secret) ?[_-]? ?(?:access ?[_-]? ?)?(?:keys?|secrets?|tokens?)|bearer|api ?(?:密钥|令牌)|访问令牌`)
	tokenLike = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_+/.=-]{15,}`)
	address   = regexp.MustCompile(`^0x[0-9a-fA-F]{40}\b`)
)

// cuedTokens finds the long random values that follow a cue.
func cuedTokens(v *view) []hit {
	var hits []hit
	end := 0
	for _, c := range tokenCues.find(v) {
		if c.start < end { // inside the token before
			continue
		}
		at := afterSeparator(v.lower, c.end)
		m := tokenLike.FindString(upTo(v.text, at, longestValue))
		if m != "" && hasDigit(m) && hasLetter(m) && !address.MatchString(m) {
			end = runEnd(v.text, at+len(m), len(m))
			hits = append(hits, hit{start: at, end: end, kind: Token})
		}
	}
	return hits
}

func hasDigit(s string) bool {
	for i := range len(s) {
		if digit(s[i]) {
			return true
		}
	}
	return false
}

// hasLetter reports whether s has an ASCII letter.
func hasLetter(s string) bool {
	for i := range len(s) {
		if alphanumeric(s[i]) && !digit(s[i]) {
			return true
		}
	}
	return false
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
