package telegram

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// callError is why a call failed. It is built anew from known parts: the errors
// of net/http and of the library hold addresses, and those hold the token.
type callError struct {
	method string
	reason string // plain words: no token, no address, no message text
	// code is Telegram's error_code; 0 when the answer was not Telegram's or
	// none came.
	code       int
	retryAfter time.Duration
	migratedTo int64         // the supergroup that a group has become; 0: none
	outcome    chat.SendKind // what it means for a message (Unknown … Rejected)
}

// Error returns the method and the reason.
func (e *callError) Error() string { return "telegram " + e.method + ": " + e.reason }

// refused reports that Telegram does not accept the token: 401, 404 (a token
// that never existed) or 421 (a self-hosted server for other bots).
func (e *callError) refused() bool {
	return e.code == http.StatusUnauthorized || e.code == http.StatusNotFound || e.code == http.StatusMisdirectedRequest
}

// explain turns an error of MakeRequest into a callError.
func (a *api) explain(method string, x *exchange, err error) *callError {
	e := &callError{method: method}
	if apiErr, ok := errors.AsType[*tgbotapi.Error](err); ok && apiErr.Code != 0 {
		e.code = apiErr.Code
		e.reason = "Telegram says: " + a.describe(apiErr.Message)
		e.retryAfter = time.Duration(max(apiErr.RetryAfter, 0)) * time.Second
		e.migratedTo = apiErr.MigrateToChatID
		e.outcome = outcomeOf(apiErr)
		return e
	}
	switch {
	case x.status >= http.StatusMultipleChoices:
		// A gateway's page, or a proxy's: the API itself answers in JSON.
		e.reason = fmt.Sprintf("the server answered with an error page (HTTP %d)", x.status)
		e.outcome = chat.Temporary
	case x.status != 0:
		e.reason = "the answer broke off or was not Telegram's"
		e.outcome = chat.Unknown
	case x.reached.Load():
		e.reason = plainWords(err)
		e.outcome = chat.Unknown
	default:
		e.reason = plainWords(err)
		e.outcome = chat.Temporary
	}
	return e
}

// outcomeOf says what an answer of the API means for the message. An answer
// means that the message was not sent.
func outcomeOf(e *tgbotapi.Error) chat.SendKind {
	switch e.Code {
	case http.StatusForbidden: // blocked, deactivated, kicked, not a member
		return chat.Unreachable
	case http.StatusBadRequest:
		switch message := strings.ToLower(e.Message); {
		case e.MigrateToChatID != 0:
		case containsAny(message, unreachable):
			return chat.Unreachable
		case containsAny(message, gone):
			return chat.Gone
		}
		return chat.Rejected
	case http.StatusRequestEntityTooLarge:
		return chat.Rejected
	}
	return chat.Temporary // 429, 5xx, and a refused token, which the operator can correct
}

// unreachable is how Telegram's 400 answers say that the chat can't be written
// to, in lower case. The words are those of Telegram's server and of the errors
// that it passes on from behind.
var unreachable = []string{
	"chat not found", "peer_id_invalid", "channel_private", "channel_invalid",
	"chat_write_forbidden", "chat_restricted", "chat_send_plain_forbidden",
	"rights to send", "user_is_blocked", "input_user_deactivated",
	topicClosed,
}

// topicClosed is how Telegram says that a topic can't be written in.
const topicClosed = "topic_closed"

// gone is how its 400 answers say that a message or a topic is not there any more.
var gone = []string{
	"message to edit not found", "message to delete not found", "message_id_invalid",
	"message thread not found", "topic_deleted", "topic_id_invalid",
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// quoted is where a description can repeat a part of what was sent.
var quoted = regexp.MustCompile(`"[^"]*"|(^|\s)'[^']*'`)

// describe returns Telegram's description, fit for staff and logs: without
// quotations and without the token, should a server ever repeat it.
func (a *api) describe(s string) string {
	s = quoted.ReplaceAllString(a.scrub(clean(s)), " …")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return s
}

// plainWords names the cause of a failed exchange without repeating the error's
// own text.
func plainWords(err error) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && !dns.IsTimeout {
		return "the name of the server could not be resolved"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the server's certificate is not trusted"
	}
	if ne, ok := errors.AsType[net.Error](err); ok && ne.Timeout() {
		return "no answer in time"
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.Is(err, context.Canceled):
		return "it was stopped"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was dropped"
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error() // a fixed text of the system, such as "network is unreachable"
	}
	return "the network failed"
}

// sendError is e as the outbox understands it.
func (e *callError) sendError() *chat.SendError {
	se := &chat.SendError{Kind: e.outcome, RetryAfter: e.retryAfter, Reason: e.reason}
	switch {
	case e.refused():
		se.Reason = "Telegram refuses the bot's token; the operator must correct it"
	case strings.Contains(strings.ToLower(e.reason), topicClosed):
		return errTopicClosed
	case e.migratedTo != 0:
		se.Reason = "the group has become a supergroup with another id; the message was not sent there"
	}
	return se
}

// asCallError returns err as a callError; every error of api.call is one.
func asCallError(err error) *callError {
	if e, ok := errors.AsType[*callError](err); ok {
		return e
	}
	return &callError{method: "call", reason: "unclassified error"}
}
