package console

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// maxBody is the most bytes of a form: handoff.MaxText runes of four bytes,
// each of which a browser may write as three, and some room.
const maxBody = 320 << 10

// policy lets pages load nothing but our own scripts and styles.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// protect adds the headers that keep pages from being framed, cached, sniffed
// and referred to, and refuses what another site makes a browser send.
func (c *console) protect(next http.Handler) http.Handler {
	cop := http.NewCrossOriginProtection()
	cop.SetDenyHandler(c.open(func(http.ResponseWriter, *http.Request) error { return errCrossOrigin }))
	next = cop.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// parseForm reads the form in r's body, within maxBody.
func parseForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	err := r.ParseForm()
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errBodyTooLong
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errBadForm, err)
	}
	return nil
}

func secureRequest(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}
