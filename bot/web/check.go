package web

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// Level is how much a Finding matters.
type Level string

// Levels. A Problem has to be put right before going live; Advice can be.
const (
	OK      Level = "ok"
	Advice  Level = "advice"
	Problem Level = "problem"
)

// Finding is what is to say of a setting, in words for its operator. It never
// holds a secret.
type Finding struct {
	Level Level
	Text  string
}

// Settings are what an operator sets, to be checked before a Channel is made.
type Settings struct {
	Origins []string // see Options
	Secret  string   // see Options
	URL     string   // where people reach us, when that is not Listen; "": it is
	Listen  string   // host:port
}

// Check says what the settings mean and what is wrong with them. It asks nobody.
func Check(s Settings) []Finding {
	found := []Finding{s.address()}
	if len(s.Origins) == 0 {
		found = append(found, Finding{OK, "no other site may embed the chat: FIRSTLINE_WEB_ORIGINS is not set"})
	}
	for _, text := range s.Origins {
		found = append(found, s.origin(text))
	}
	switch {
	case s.Secret == "":
		found = append(found, Finding{OK, "everybody is anonymous: FIRSTLINE_WEB_SECRET is not set"})
	case len(s.Secret) < minSecret:
		found = append(found, Finding{Problem, errShortSecret.Error()})
	case len(s.Origins) == 0:
		found = append(found, Finding{Advice, "a secret is set that no site can use: FIRSTLINE_WEB_ORIGINS is not set"})
	default:
		found = append(found, Finding{OK, "a secret is set: these sites can sign who is logged in"})
	}
	return found
}

// address says where the page is.
func (s Settings) address() Finding {
	if s.URL != "" {
		origin, err := originOf(s.URL)
		switch {
		case err != nil:
			return Finding{Problem, errSelf.Error() + " (FIRSTLINE_URL)"}
		case plain(origin):
			return Finding{Advice, "the page is at " + origin + "/chat, where others on the way can read and change what people write: " +
				"let FIRSTLINE_URL be https, by a proxy that speaks TLS"}
		}
		return Finding{OK, "the page is at " + origin + "/chat"}
	}
	page := "the page is at http://" + s.Listen + "/chat"
	switch host, _, err := net.SplitHostPort(s.Listen); {
	case err != nil:
		return Finding{Problem, "FIRSTLINE_LISTEN is not an address such as 127.0.0.1:8080"}
	case !local(host):
		return Finding{Advice, page + " for others, too, who can read and change on the way what people write: " +
			"put a proxy that speaks TLS in front, and set FIRSTLINE_URL to its address"}
	case len(s.Origins) > 0:
		return Finding{Advice, page + " for this machine only: behind a proxy set FIRSTLINE_URL to the address that people reach"}
	}
	return Finding{OK, page + " for this machine; behind a proxy set FIRSTLINE_URL to the address that people reach"}
}

// origin says whether a site may embed the chat.
func (s Settings) origin(text string) Finding {
	origin, err := parseOrigin(text)
	self, _ := originOf(s.URL)
	switch {
	case err != nil:
		return Finding{Problem, "FIRSTLINE_WEB_ORIGINS: " + strings.TrimPrefix(err.Error(), prefix)}
	case strings.HasPrefix(origin, "https:") && plain(self):
		return Finding{Problem, origin + " can't embed the chat: browsers load nothing from " + self + " into a page that came by https"}
	case plain(origin):
		return Finding{Advice, origin + " may embed the chat, but others on the way can change its pages: name it with https"}
	}
	return Finding{OK, origin + " may embed the chat"}
}

// plain reports whether an origin is reached unencrypted over a network.
func plain(origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && !local(u.Hostname())
}

// local reports whether a host is this machine.
func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && ip.IsLoopback()
}

// prefix is what this package's errors begin with.
const prefix = "web: "

var (
	errShortSecret = errors.New("the secret of signed identities is shorter than 16 characters: make one with openssl rand -hex 32")
	errSelf        = errors.New("the address that people reach us at must be such as https://help.example.org")
)
