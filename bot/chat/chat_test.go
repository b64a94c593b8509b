package chat

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestConversationID(t *testing.T) {
	t.Parallel()
	c := ConversationID{Network: Telegram, ID: "-100/7"}
	if got := c.String(); got != "telegram/-100/7" {
		t.Errorf("got %q", got)
	}
}

func TestAsSendError(t *testing.T) {
	t.Parallel()
	if AsSendError(nil) != nil {
		t.Error("AsSendError(nil) is an error")
	}
	se := &SendError{Kind: Rejected, Reason: "too long"}
	if got := AsSendError(fmt.Errorf("sending: %w", se)); got != se {
		t.Errorf("AsSendError of a wrapped SendError = %v", got)
	}
	got := AsSendError(errors.New("Post https://api.example/botSECRET: refused"))
	if got.Kind != Unknown || got.Error() != "unknown: unclassified error" {
		t.Errorf("AsSendError of a foreign error = %v", got)
	}
}

func TestSendError(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err       SendError
		want      string
		permanent bool
	}{
		{SendError{Kind: Temporary, Reason: "busy", RetryAfter: 3 * time.Second}, "temporary: busy (retry after 3s)", false},
		{SendError{Kind: Unreachable, Reason: "blocked"}, "unreachable: blocked", true},
		{SendError{Kind: Rejected, Reason: "too long"}, "rejected: too long", true},
		{SendError{Kind: Gone, Reason: "the topic was deleted"}, "gone: the topic was deleted", true},
		{SendError{Kind: 9, Reason: "?"}, "SendKind(9): ?", false},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want || tt.err.Kind.Permanent() != tt.permanent {
			t.Errorf("%q, permanent %t; want %q, %t", got, tt.err.Kind.Permanent(), tt.want, tt.permanent)
		}
	}
}
