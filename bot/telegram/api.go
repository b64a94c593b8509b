package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// placeholder stands for the token everywhere but on the wire: the library
// puts the token into every address, and Go puts addresses into errors.
const placeholder = "TOKEN"

// maxAnswer bounds an answer's bytes. Telegram stops a batch of updates at 4 MiB.
const maxAnswer = 32 << 20

// api calls methods of the Bot API through the library's MakeRequest, with what
// that lacks: a context, a timeout, a token that is not in errors, and errors
// that say whether the request can have been carried out.
type api struct {
	endpoint string              // the library's format: "%s" for the token and for the method
	files    string              // where files are, with the placeholder and a slash at the end
	scrub    func(string) string // replaces the token, should a server repeat it
	client   *http.Client
	timeout  time.Duration
}

func newAPI(base, token string, timeout time.Duration) *api {
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     60 * time.Second,
		Protocols:           new(http.Protocols),
	}
	// HTTP/1 only: with HTTP/2 all requests share one connection, and when it
	// dies silently every send hangs on it until its timeout.
	transport.Protocols.SetHTTP1(true)
	return &api{
		endpoint: strings.ReplaceAll(base, "%", "%%") + "/bot%s/%s",
		files:    base + "/file/bot" + placeholder + "/",
		scrub:    func(s string) string { return strings.ReplaceAll(s, token, placeholder) },
		timeout:  timeout,
		client: &http.Client{
			Transport: withToken(transport, token),
			// The API never redirects, and a redirect must not be given the token.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// tokenTransport is an http.RoundTripper. The token is kept in a closure, so
// that printing a struct can't print it.
type tokenTransport struct {
	roundTrip func(*http.Request) (*http.Response, error)
	closeIdle func()
}

// withToken replaces the placeholder in the address at the last moment.
func withToken(next *http.Transport, token string) tokenTransport {
	insert := func(path string) string {
		return strings.Replace(path, "/bot"+placeholder+"/", "/bot"+token+"/", 1)
	}
	return tokenTransport{
		closeIdle: next.CloseIdleConnections,
		roundTrip: func(req *http.Request) (*http.Response, error) {
			target := *req.URL
			target.Path, target.RawPath = insert(target.Path), insert(target.RawPath)
			sent := req.WithContext(req.Context())
			sent.URL = &target
			resp, err := next.RoundTrip(sent)
			if resp != nil {
				resp.Request = req
			}
			return resp, err
		},
	}
}

// RoundTrip implements http.RoundTripper.
func (t tokenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	return t.roundTrip(req)
}

// CloseIdleConnections is what http.Client.CloseIdleConnections looks for.
func (t tokenTransport) CloseIdleConnections() { t.closeIdle() }

// call calls method and returns its result. Its errors are *callError.
func (a *api) call(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	return a.callFor(ctx, a.timeout, method, params)
}

// callFor is call with a timeout of its own.
func (a *api) callFor(ctx context.Context, timeout time.Duration, method string, params tgbotapi.Params) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var x exchange
	do := func(req *http.Request) (*http.Response, error) { return x.do(a.client, req.WithContext(ctx)) }
	// NewBotAPI would ask the network who the bot is; MakeRequest needs no more
	// than this.
	bot := tgbotapi.BotAPI{Token: placeholder, Client: doer(do)}
	bot.SetAPIEndpoint(a.endpoint)
	resp, err := bot.MakeRequest(method, params)
	if err != nil {
		return nil, a.explain(method, &x, err)
	}
	return resp.Result, nil
}

// doer is a tgbotapi.HTTPClient. The library passes no context: the function
// brings the one of its call.
type doer func(*http.Request) (*http.Response, error)

// Do calls d.
func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }

// exchange is how far one request came.
type exchange struct {
	status int // HTTP status; 0: no answer came
	// reached reports that there was a connection to write the request to. It
	// is asked instead of httptrace's WroteRequest because that can come after
	// the client has already returned an error. The transport tries again by
	// itself only when nothing was written, and then asks for a connection anew.
	reached atomic.Bool
}

// do sends req and reads the whole answer, so that an interrupted one is told
// from one that makes no sense.
func (x *exchange) do(client *http.Client, req *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { x.reached.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { x.reached.Store(true) },
	}
	resp, err := client.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // what was read counts
	x.status = resp.StatusCode
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
