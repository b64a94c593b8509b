package chat

import (
	"errors"
	"fmt"
	"time"
)

// SendKind says what a failed send means for the message.
type SendKind int

const (
	// Unknown means that the message may or may not have arrived (a dropped
	// connection, a timeout after the request was written). The zero value: an error that
	// nobody classified is Unknown, and unknown means retry.
	Unknown SendKind = iota
	// Temporary means that the message did not arrive; the same request can succeed later
	// (rate limit, 5xx, no network).
	Temporary
	// Unreachable means that this person or conversation can't be written to (blocked
	// the bot, closed direct messages, deleted channel). Retrying is pointless
	// until they act.
	Unreachable
	// Rejected means that the network will never accept this message (malformed, too
	// long, not allowed).
	Rejected
	// Gone means that the conversation is there, but not the part of it that this was
	// about: the message to edit, or the topic or thread to write in, was deleted.
	Gone
)

// String returns the kind's name as it is stored and shown.
func (k SendKind) String() string {
	switch k {
	case Unknown:
		return "unknown"
	case Temporary:
		return "temporary"
	case Unreachable:
		return "unreachable"
	case Rejected:
		return "rejected"
	case Gone:
		return "gone"
	}
	return fmt.Sprintf("SendKind(%d)", int(k))
}

// Permanent reports whether retrying is pointless.
func (k SendKind) Permanent() bool { return k == Unreachable || k == Rejected || k == Gone }

// SendError is why a message was not sent. Reason is for staff: plain words
// without a token and without the message's text.
type SendError struct {
	Kind       SendKind
	RetryAfter time.Duration // the network's own wish; 0 when it has none
	Reason     string
}

// Error returns the kind and the reason.
func (e *SendError) Error() string {
	if e.RetryAfter > 0 {
		return fmt.Sprintf("%s: %s (retry after %s)", e.Kind, e.Reason, e.RetryAfter)
	}
	return e.Kind.String() + ": " + e.Reason
}

// AsSendError returns err as a *SendError. An error of another type has
// outcome Unknown; its text is not kept, since library errors can hold tokens.
func AsSendError(err error) *SendError {
	if err == nil {
		return nil
	}
	if se, ok := errors.AsType[*SendError](err); ok {
		return se
	}
	return &SendError{Kind: Unknown, Reason: "unclassified error"}
}
