package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// rest calls Discord's HTTP API. The library's own calls are not used: they
// wait for rate limits without looking at a context, and their errors hold the
// request with the token.
type rest struct {
	http      *http.Client
	auth      string // the value of the Authorization header: a secret
	userAgent string
	limits    limits
}

const (
	requestTimeout = 20 * time.Second
	maxAnswer      = 32 << 20 // bytes; a page of 100 long messages is a few MB
)

// call does one request and decodes the answer into out, unless out is nil. An
// address of the library (https://discord.com/api/…) is rewritten by the
// client's transport.
func (r *rest) call(ctx context.Context, method, address string, in, out any) error {
	return r.do(ctx, method, address, in, out, true)
}

// callUnlimited is call for interactions, which have their own token in the
// address, no rate limit of the bot, and no time to wait for one.
func (r *rest) callUnlimited(ctx context.Context, method, address string, in, out any) error {
	return r.do(ctx, method, address, in, out, false)
}

func (r *rest) do(ctx context.Context, method, address string, in, out any, asBot bool) error {
	route := ""
	if asBot {
		route = routeOf(method, address)
		if err := r.limits.wait(ctx, route); err != nil {
			return err
		}
	}
	var body io.Reader = http.NoBody
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return &apiError{cause: "the request can't be encoded"}
		}
		body = bytes.NewReader(data)
	}
	var written atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { written.Store(true) },
	})
	req, err := http.NewRequestWithContext(traced, method, address, body)
	if err != nil {
		return &apiError{cause: "the address is malformed"}
	}
	req.Header.Set("User-Agent", r.userAgent)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if asBot {
		req.Header.Set("Authorization", r.auth)
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return &apiError{cause: networkCause(err), written: written.Load()}
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return &apiError{cause: networkCause(err), written: true}
	}
	if resp.StatusCode/100 != 2 {
		e := refusal(resp, data)
		if asBot {
			r.limits.note(route, resp.Header, e)
		}
		return e
	}
	if asBot {
		r.limits.note(route, resp.Header, nil)
	}
	if out != nil {
		if err := json.Unmarshal(data, out); err != nil {
			return &apiError{cause: "the answer can't be decoded", written: true}
		}
	}
	return nil
}

// routeOf returns what shares one of Discord's rate limits: all messages of a
// channel do, whichever is changed or gets a thread, and all members of a guild.
func routeOf(method, address string) string {
	path, _, _ := strings.Cut(address, "?")
	for _, all := range []string{"/messages/", "/members/"} {
		if before, one, found := strings.Cut(path, all); found {
			_, rest, _ := strings.Cut(one, "/")
			path = before + all + "…/" + rest
		}
	}
	return method + " " + path
}

// networkCause returns what went wrong without the address, which holds the
// token of an interaction.
func networkCause(err error) string {
	if ue, ok := errors.AsType[*url.Error](err); ok {
		err = ue.Err
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	}
	return err.Error()
}

// apiError is why a call failed. It holds neither tokens nor what was sent.
type apiError struct {
	status     int // HTTP status; 0: no answer
	code       int // Discord's code of the error; 0: none
	message    string
	fields     string // which fields Discord did not like, and why
	isDiscord  bool   // the answer is an error object of Discord's
	retryAfter time.Duration
	global     bool
	cause      string // why there is no answer
	written    bool   // without an answer: the request may have arrived
}

// Error returns the error in a line.
func (e *apiError) Error() string {
	switch {
	case e.status == 0:
		return "no answer from Discord: " + e.cause
	case !e.isDiscord:
		return fmt.Sprintf("HTTP %d without an error of Discord's", e.status)
	}
	text := fmt.Sprintf("HTTP %d: %s (code %d)", e.status, e.message, e.code)
	if e.fields != "" {
		text += ": " + e.fields
	}
	return text
}

// passing reports whether the same call can succeed later. An answer that is not
// Discord's (a proxy's, a firewall's) is no verdict.
func (e *apiError) passing() bool {
	return e.status == 0 || e.status >= 500 || e.status == http.StatusTooManyRequests || e.tokenRefused() || !e.isDiscord
}

// tokenRefused reports whether Discord refused the bot's token. A code tells
// that it was another one: 50027 is an interaction's that has ended.
func (e *apiError) tokenRefused() bool {
	return e.status == http.StatusUnauthorized && e.code == 0
}

// asAPIError returns err, which call made, as what it is.
func asAPIError(err error) *apiError {
	if e, ok := errors.AsType[*apiError](err); ok {
		return e
	}
	return &apiError{cause: "unknown", written: true}
}

// refusal decodes an answer that is not a success.
func refusal(resp *http.Response, data []byte) *apiError {
	var body struct {
		Code       lenient[int]     `json:"code"`
		Message    lenient[string]  `json:"message"`
		RetryAfter lenient[float64] `json:"retry_after"` // seconds
		Global     lenient[bool]    `json:"global"`
		Errors     lenient[any]     `json:"errors"`
	}
	e := &apiError{status: resp.StatusCode}
	if json.Unmarshal(data, &body) == nil && body.Message.V != "" {
		e.isDiscord = true
		e.code, e.message = body.Code.V, oneLine(body.Message.V)
		e.fields = strings.Join(fieldErrors("", body.Errors.V), ", ")
	}
	if e.status == http.StatusTooManyRequests {
		e.retryAfter = seconds(body.RetryAfter.V)
		if e.retryAfter == 0 {
			s, _ := strconv.ParseFloat(resp.Header.Get("Retry-After"), 64)
			e.retryAfter = seconds(s)
		}
		if e.retryAfter == 0 {
			e.retryAfter = 5 * time.Second
		}
		e.global = body.Global.V || resp.Header.Get("X-RateLimit-Global") != ""
	}
	return e
}

// seconds returns s as a duration, at least 0 and at most a day.
func seconds(s float64) time.Duration {
	if !(s > 0) { // also NaN
		return 0
	}
	return time.Duration(min(s, 24*60*60) * float64(time.Second))
}

// fieldErrors flattens Discord's tree of errors to "path: CODE". The messages
// in it are left out: they can quote what was sent.
func fieldErrors(path string, tree any) []string {
	node, ok := tree.(map[string]any)
	if !ok {
		return nil
	}
	var list []string
	for key, sub := range node {
		if key != "_errors" {
			list = append(list, fieldErrors(strings.TrimPrefix(path+"."+oneLine(key), "."), sub)...)
			continue
		}
		errs, _ := sub.([]any)
		for _, one := range errs {
			fields, _ := one.(map[string]any)
			if code, ok := fields["code"].(string); ok {
				list = append(list, path+": "+oneLine(code))
			}
		}
	}
	return list
}

// oneLine returns s short and without line ends, for logs and reasons.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(clean(s)), " ")
	if runes := []rune(s); len(runes) > 200 {
		s = string(runes[:200]) + "…"
	}
	return s
}
