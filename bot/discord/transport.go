package discord

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// libraryBase is how the addresses of the library's Endpoint… variables begin.
const libraryBase = "https://discord.com/api/"

// rebase sends requests for libraryBase to another base and refuses all others,
// so that the token goes nowhere else.
type rebase struct {
	base string // ends with a slash
	next http.RoundTripper
}

var errElsewhere = errors.New("not an address of Discord's API")

// RoundTrip implements http.RoundTripper.
func (t rebase) RoundTrip(req *http.Request) (*http.Response, error) {
	rest, ok := strings.CutPrefix(req.URL.String(), libraryBase)
	u, err := url.Parse(t.base + rest)
	if !ok || err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // as RoundTripper demands
		}
		return nil, errElsewhere
	}
	out := req.Clone(req.Context())
	out.URL, out.Host = u, ""
	return t.next.RoundTrip(out)
}

// newHTTPClient returns a client for the API at base.
func newHTTPClient(base string) (*http.Client, error) {
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("discord: the API base must be an address such as %s", libraryBase)
	}
	next := http.DefaultTransport.(*http.Transport).Clone()
	next.MaxIdleConnsPerHost = 16
	return &http.Client{
		Transport: rebase{base: strings.TrimRight(base, "/") + "/", next: next},
		Timeout:   requestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // the API does not redirect
		},
	}, nil
}
