package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// callHeader must be on requests that only a cookie authorises: a form or an
// image on another page can't send it.
const callHeader = "X-Firstline-Chat"

var hostForm = regexp.MustCompile(`^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// parseOrigin checks an origin of the settings and returns it as browsers write
// it. Its host ends up in a policy, so it must be nothing but a host.
func parseOrigin(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return "", badOrigin(text)
	}
	return originOf(text)
}

func originOf(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || !hostForm.MatchString(u.Host) {
		return "", badOrigin(address)
	}
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host, nil
}

func badOrigin(text string) error {
	return fmt.Errorf(prefix+"%q is not an origin: give scheme and host only, such as https://www.example.org", text)
}

// headers sets what every answer has.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

// guardAPI refuses what another site makes a browser send, and lets the scripts
// of configured sites read answers. Requests that carry no Origin come from
// our own page or from no browser; they still need a key.
func (c *Channel) guardAPI(next http.Handler) http.Handler {
	cop := http.NewCrossOriginProtection()
	for _, origin := range append(c.sortedOrigins(), c.o.Self) {
		if origin == "" {
			continue
		}
		if err := cop.AddTrustedOrigin(origin); err != nil {
			c.log.Error("web: an origin is not usable", "err", err) // parseOrigin has accepted it
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
		h.Add("Vary", "Origin")
		origin := r.Header.Get("Origin")
		switch {
		case c.origins[origin]:
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Expose-Headers", "Retry-After")
			if r.Method == http.MethodOptions {
				h.Set("Access-Control-Allow-Methods", "GET, POST")
				h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID, "+callHeader)
				h.Set("Access-Control-Max-Age", "600")
				w.WriteHeader(http.StatusNoContent)
				return
			}
		case origin != "" && !c.own(r, origin), cop.Check(r) != nil:
			c.refused(r, "another site", "origin", loggable(origin))
			c.fail(w, r, errOtherSite)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// own reports whether origin is ours: it is the host that was asked, or the
// browser says so itself, which no page can make it do.
func (c *Channel) own(r *http.Request, origin string) bool {
	if origin == c.o.Self || r.Header.Get("Sec-Fetch-Site") == "same-origin" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// refused logs that somebody tried what they may not, as often as one address
// may fill the log.
func (c *Channel) refused(r *http.Request, why string, more ...any) {
	if c.pace.refusals.takeFor(r) != nil {
		return
	}
	c.log.Warn("web: refused", append([]any{"reason", why, "method", r.Method, "path", strings.TrimRight(cutID(r.URL.Path), "/")}, more...)...)
}

// cutID takes the id of a file out of a path.
func cutID(path string) string {
	const files = "/chat/api/files/"
	if strings.HasPrefix(path, files) {
		return files
	}
	if len(path) > 40 || !strings.HasPrefix(path, "/chat/api/") {
		return "/chat/api/…"
	}
	return path
}

// loggable returns an origin when it is one, so that nothing else gets into the
// log by its name.
func loggable(origin string) string {
	clean, err := originOf(origin)
	if err != nil || len(clean) > 100 {
		return "none"
	}
	return clean
}

func (c *Channel) sortedOrigins() []string {
	all := make([]string, 0, len(c.origins)+1)
	for origin := range c.origins {
		all = append(all, origin)
	}
	slices.Sort(all)
	return all
}

// isSecure reports whether the browser reached us by TLS.
func isSecure(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

var errAddress = errors.New("no address")

// address is who sends r, to count by: an IPv4 address, or the /64 of an IPv6
// one, which is what one household has. Behind a proxy on this machine or in a
// private network it is the one that the proxy adds; anybody else's
// X-Forwarded-For counts for nothing.
func address(r *http.Request) (netip.Prefix, error) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{}, errAddress
	}
	a := peer.Addr().Unmap()
	if a.IsLoopback() || a.IsPrivate() {
		forwarded := r.Header.Values("X-Forwarded-For")
		if len(forwarded) > 0 {
			last := forwarded[len(forwarded)-1]
			last = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
			if client, err := netip.ParseAddr(last); err == nil {
				a = client.Unmap()
			}
		}
	}
	bits := 32
	if a.Is6() {
		bits = 64
	}
	return a.WithZone("").Prefix(bits)
}
