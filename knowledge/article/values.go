package article

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"firstline/knowledge/site"
)

// SiteValues returns the values of the placeholders that the site alone
// decides: product, email and link.<name>. What the site leaves empty is not
// there, so that an article which needs it is refused.
func SiteValues(s *site.Site) map[string]string {
	values := map[string]string{"product": s.Product}
	if s.Email != "" {
		values["email"] = s.Email
	}
	for name, address := range s.Links {
		values["link."+name] = address
	}
	return values
}

// clean returns values that are one line without space around it and without
// control characters, and leaves out those that are empty.
func clean(values map[string]string) map[string]string {
	cleaned := make(map[string]string, len(values))
	for name, value := range values {
		value = strings.Join(strings.FieldsFunc(value, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r)
		}), " ")
		if value = strings.ToValidUTF8(value, ""); value != "" {
			cleaned[name] = value
		}
	}
	return cleaned
}

// names returns what an editor may write, for messages.
func names(values map[string]string) string {
	list := make([]string, 0, len(values))
	for name := range values {
		list = append(list, "{{"+name+"}}")
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// escapeText returns a value as markdown that shows it literally, wherever in a
// text it stands. A backslash may stand before any ASCII punctuation; it is left
// out where none could mean something, so that what is usual ("24 hours a day,
// every day") stays as it is.
func escapeText(value string) string {
	var b strings.Builder
	digits := true // so far there are only digits: "1." would begin a list
	for i, r := range value {
		if r < 0x80 && isPunct(byte(r)) {
			harmless := strings.ContainsRune(",./:-@%$?+=", r)
			if !harmless || i == 0 || digits && r == '.' {
				b.WriteByte('\\')
			}
		}
		digits = digits && '0' <= r && r <= '9'
		b.WriteRune(r)
	}
	return b.String()
}

func isPunct(c byte) bool {
	return '!' <= c && c <= '/' || ':' <= c && c <= '@' || '[' <= c && c <= '`' || '{' <= c && c <= '~'
}

// escapeDestination returns a value as part of a link's destination. A URL stays
// as it is; what can't be in one, or would end the destination, is encoded.
func escapeDestination(value string) string {
	var b strings.Builder
	for i := range len(value) {
		c := value[i]
		entityEnd := c == ';' && strings.Contains(value[:i], "&") // "&copy;" would become ©
		if c <= ' ' || c == 0x7F || entityEnd || strings.IndexByte("()<>\"'\\`{}", c) >= 0 {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func allDigits(value string) bool {
	return strings.Trim(value, "0123456789") == ""
}

// isWebAddress reports whether a value is a URL that can stand as <URL>.
func isWebAddress(value string) bool {
	if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r == 0x7F || r == '<' || r == '>' }) {
		return false
	}
	u, err := url.Parse(value)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// isMailAddress reports whether a value is an address that can stand as
// <address>.
func isMailAddress(value string) bool {
	a, err := mail.ParseAddress(value)
	return err == nil && a.Address == value && !strings.ContainsAny(value, " <>\"\\()[],:;")
}
