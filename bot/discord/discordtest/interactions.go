package discordtest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
)

// Types of callbacks that are supported.
const (
	callbackMessage         = 4
	callbackDeferredMessage = 5
	callbackDeferredUpdate  = 6
	callbackUpdate          = 7
	callbackForm            = 9
)

// Types of interactions.
const (
	interactionCommand   = 2
	interactionComponent = 3
	interactionForm      = 5
)

// form is what a bot asks a person to fill.
type form struct {
	CustomID   string `json:"custom_id"`
	Title      string `json:"title"`
	Components []struct {
		Label     string `json:"label"`
		Component struct {
			CustomID string `json:"custom_id"`
		} `json:"component"`
	} `json:"components"`
}

func (f *form) field() string { return f.Components[0].Component.CustomID }

func (s *Server) postCallback(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, http.StatusBadRequest, 50109, "The request body contains invalid JSON.", nil)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.pending[r.PathValue("interaction")]
	switch {
	case x == nil || x.token != r.PathValue("token"), x.expired:
		refuse(w, http.StatusNotFound, 10062, "Unknown interaction", nil)
		return
	case x.ack != 0:
		refuse(w, http.StatusBadRequest, 40060, "Interaction has already been acknowledged.", nil)
		return
	}
	if bad := s.takeCallback(x, in.Type, in.Data); bad != nil {
		refuse(w, http.StatusBadRequest, bad.code, bad.message, bad.errs)
		return
	}
	x.ack = in.Type
	s.change()
	w.WriteHeader(http.StatusNoContent)
}

// takeCallback does what a callback asks for. The caller holds s.mu.
func (s *Server) takeCallback(x *interaction, kind int, data json.RawMessage) *malformed {
	invalid := &malformed{code: 50035, message: "Invalid Form Body"}
	switch {
	case kind == callbackMessage:
		in, bad := s.validateMessage("callback", data, replyFields)
		if bad != nil {
			return bad
		}
		s.reply(x, in.Flags).Content = in.Content
	case kind == callbackDeferredMessage:
		var in struct {
			Flags int `json:"flags"`
		}
		if len(data) > 0 && json.Unmarshal(data, &in) != nil {
			return invalid
		}
		s.reply(x, in.Flags|flagLoading)
	case kind == callbackDeferredUpdate && x.kind == interactionComponent:
	case kind == callbackUpdate && x.kind == interactionComponent:
		in, bad := s.validatePart("update", data, replyFields)
		if bad != nil {
			return bad
		}
		in.apply(x.on)
	case kind == callbackForm && x.kind != interactionForm:
		x.form = &form{}
		if json.Unmarshal(data, x.form) != nil || len(x.form.Components) == 0 {
			x.form = nil
			return invalid
		}
	default:
		s.find("callback of type %d to an interaction of type %d", kind, x.kind)
		return invalid
	}
	return nil
}

// reply makes the message that answers an interaction.
func (s *Server) reply(x *interaction, flags int) *message {
	m := s.newMessage(x.channel, userOf(s.BotID, true), "")
	m.Type, m.Flags, m.WebhookID, m.ApplicationID = 20, flags, s.AppID, s.AppID
	m.interaction = x.id
	m.Interaction = map[string]any{
		"id": x.id, "type": x.kind, "user": userOf(x.user, false), "authorizing_integration_owners": map[string]string{},
	}
	x.reply = m
	if flags&flagEphemeral == 0 {
		s.publish(x.channel, m)
	}
	return m
}

// replyOf returns the interaction of a request for its reply, or refuses. The
// caller holds s.mu.
func (s *Server) replyOf(w http.ResponseWriter, r *http.Request) *interaction {
	if r.PathValue("application") == s.AppID {
		for _, x := range s.pending {
			if x.token != r.PathValue("token") {
				continue
			}
			switch {
			case x.expired:
				refuse(w, http.StatusUnauthorized, 50027, "Invalid Webhook Token", nil)
				return nil
			case x.reply == nil:
				refuse(w, http.StatusNotFound, 10008, "Unknown Message", nil)
				return nil
			}
			return x
		}
	}
	refuse(w, http.StatusNotFound, 10015, "Unknown Webhook", nil)
	return nil
}

func (s *Server) patchReply(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.replyOf(w, r)
	if x == nil {
		return
	}
	in, bad := s.validatePart("reply", data, replyFields)
	if bad != nil {
		refuse(w, http.StatusBadRequest, bad.code, bad.message, bad.errs)
		return
	}
	x.reply.Flags &^= flagLoading
	in.apply(x.reply)
	s.change()
	answer(w, http.StatusOK, x.reply)
}

func (s *Server) deleteReply(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.replyOf(w, r)
	if x == nil {
		return
	}
	x.channel.messages = slices.DeleteFunc(x.channel.messages, func(m *message) bool { return m == x.reply })
	x.reply = nil
	s.change()
	w.WriteHeader(http.StatusNoContent)
}
