package discordtest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
)

// Types of callbacks that are supported.
const (
	callbackDeferredMessage = 5
	callbackDeferredUpdate  = 6
)

func (s *Server) postCallback(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Type int `json:"type"`
		Data any `json:"data"`
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
	case in.Type == callbackDeferredMessage:
		m := s.newMessage(x.channel, userOf(s.BotID, true), "")
		m.Type, m.Flags, m.WebhookID, m.ApplicationID = 20, flagLoading, s.AppID, s.AppID
		m.interaction = x.id
		m.Interaction = map[string]any{
			"id": x.id, "type": x.kind, "user": userOf(x.user, false), "authorizing_integration_owners": map[string]string{},
		}
		x.reply = m
		s.publish(x.channel, m)
	case in.Type == callbackDeferredUpdate && x.kind == 3:
	default:
		s.find("callback of type %d to an interaction of type %d", in.Type, x.kind)
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body", nil)
		return
	}
	x.ack = in.Type
	s.change()
	w.WriteHeader(http.StatusNoContent)
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
	in, bad := s.validateMessage("reply", data, replyFields)
	if bad != nil {
		refuse(w, http.StatusBadRequest, bad.code, bad.message, bad.errs)
		return
	}
	x.reply.Content, x.reply.Components, x.reply.Flags = in.Content, in.Components, in.Flags
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
