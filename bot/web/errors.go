package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"firstline/bot/web/weblog"
)

// problem is an error that the browser is told of. Code is for its script.
type problem struct {
	status  int
	code    string
	text    string
	retryIn time.Duration // 0: not said
}

// Error returns the words for people who read answers of the interface.
func (p *problem) Error() string { return p.text }

// The problems of requests. Their texts are for developers; the page words what
// people see by the codes.
var (
	errNoRoute       = &problem{status: http.StatusNotFound, code: "not_found", text: "there is nothing here"}
	errNotFound      = &problem{status: http.StatusNotFound, code: "not_found", text: "there is no such file in this session"}
	errNoSession     = &problem{status: http.StatusUnauthorized, code: "no_session", text: "no session: make one with POST /chat/api/session"}
	errForged        = &problem{status: http.StatusForbidden, code: "identity_refused", text: "the signature does not fit the user, or identities are not set up"}
	errOtherSite     = &problem{status: http.StatusForbidden, code: "other_site", text: "this site may not use the chat: add its origin to FIRSTLINE_WEB_ORIGINS"}
	errBodySize      = &problem{status: http.StatusRequestEntityTooLarge, code: "too_long", text: "the body is too large"}
	errBadJSON       = &problem{status: http.StatusBadRequest, code: "bad_request", text: "the body is not the JSON that is expected here"}
	errBadUTF8       = &problem{status: http.StatusBadRequest, code: "bad_text", text: "the body is not valid UTF-8"}
	errBadID         = &problem{status: http.StatusBadRequest, code: "bad_request", text: "id must be 8 to 64 letters, digits, - or _"}
	errEmpty         = &problem{status: http.StatusBadRequest, code: "empty", text: "a message needs text, files or a choice"}
	errTooLong       = &problem{status: http.StatusUnprocessableEntity, code: "too_long", text: "text is longer than 4000 characters"}
	errManyFiles     = &problem{status: http.StatusUnprocessableEntity, code: "too_many_files", text: "at most 10 files come with a message"}
	errForeignFile   = &problem{status: http.StatusUnprocessableEntity, code: "no_file", text: "a file is not of this session, or came with another message"}
	errUsed          = &problem{status: http.StatusConflict, code: "choice_gone", text: "this choice was used already or never was there"}
	errFileSize      = &problem{status: http.StatusRequestEntityTooLarge, code: "file_size", text: "the file is too large"}
	errFileType      = &problem{status: http.StatusUnsupportedMediaType, code: "file_type", text: "only images (PNG, JPEG, GIF, WebP), PDF and plain text in UTF-8 are accepted"}
	errFileSecret    = &problem{status: http.StatusUnprocessableEntity, code: "file_secret", text: "the file holds what looks like a secret and was not kept"}
	errManyUploads   = &problem{status: http.StatusUnprocessableEntity, code: "too_many_files", text: "this session has uploaded as much as it may"}
	errUploadStopped = &problem{status: http.StatusBadRequest, code: "bad_request", text: "the upload broke off"}
	errStopped       = &problem{status: http.StatusServiceUnavailable, code: "unavailable", text: "not serving at the moment: try again", retryIn: 2 * time.Second}
	errInternal      = &problem{status: http.StatusServiceUnavailable, code: "unavailable", text: "that did not work on our side: try again", retryIn: 5 * time.Second}
)

// tooFast is the answer to more than may be sent at once.
func tooFast(wait time.Duration) *problem {
	return &problem{status: http.StatusTooManyRequests, code: "too_fast", text: "too many requests: wait", retryIn: wait}
}

// explain returns err as a problem. What is no problem is our own fault: it is
// logged, and nothing of it is told.
func (c *Channel) explain(r *http.Request, err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errBodySize
	}
	if errors.Is(err, weblog.ErrNotFound) {
		return errNotFound
	}
	if !errors.Is(err, context.Canceled) {
		c.log.Error("web: request", "route", r.Pattern, "method", r.Method, "err", err)
	}
	return errInternal
}

// fail answers a request that ended with err.
func (c *Channel) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := c.explain(r, err)
	if p.retryIn > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(max(p.retryIn.Round(time.Second), time.Second)/time.Second)))
	}
	answer(w, p.status, map[string]any{"error": map[string]string{"code": p.code, "message": p.text}})
}

// answer writes v as JSON.
func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a reader that is gone asks again
}
