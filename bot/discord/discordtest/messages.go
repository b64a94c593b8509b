package discordtest

import (
	"io"
	"net/http"
	"slices"
	"strconv"
)

// messageOf returns the channel and the message of a request, or refuses. The
// caller holds s.mu.
func (s *Server) messageOf(w http.ResponseWriter, r *http.Request) (*channel, *message) {
	c := s.channelOf(w, r)
	if c == nil {
		return nil, nil
	}
	m := c.message(r.PathValue("message"))
	if m == nil {
		refuse(w, http.StatusNotFound, 10008, "Unknown Message", nil)
	}
	return c, m
}

func (s *Server) getMessage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, m := s.messageOf(w, r); m != nil {
		answer(w, http.StatusOK, m)
	}
}

func (s *Server) patchMessage(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m := s.messageOf(w, r)
	switch {
	case m == nil:
		return
	case m.Author.ID != s.BotID:
		refuse(w, http.StatusForbidden, 50005, "Cannot edit a message authored by another user", nil)
		return
	case c.archivedAt != "":
		refuse(w, http.StatusBadRequest, 50083, "Thread is archived", nil)
		return
	}
	in, bad := s.validatePart("edit", data, replyFields)
	if bad != nil {
		refuse(w, http.StatusBadRequest, bad.code, bad.message, bad.errs)
		return
	}
	in.apply(m)
	s.change()
	answer(w, http.StatusOK, m)
}

const permManageMessages = 1 << 13

func (s *Server) deleteMessage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m := s.messageOf(w, r)
	switch {
	case m == nil:
		return
	case m.Author.ID != s.BotID && c.guild == "":
		refuse(w, http.StatusForbidden, 50003, "Cannot execute action on a DM channel", nil)
		return
	case m.Author.ID != s.BotID && s.permissions[s.BotRole]&permManageMessages == 0:
		refuse(w, http.StatusForbidden, 50013, "Missing Permissions", nil)
		return
	case c.archivedAt != "":
		refuse(w, http.StatusBadRequest, 50083, "Thread is archived", nil)
		return
	}
	c.messages = slices.DeleteFunc(c.messages, func(one *message) bool { return one == m })
	s.change()
	w.WriteHeader(http.StatusNoContent)
}

// SetBotPermissions sets the permissions of the bot's role in all guilds.
func (s *Server) SetBotPermissions(permissions uint64) { s.SetPermissions(s.BotRole, permissions) }

// getArchived returns archived threads, the latest first.
func (s *Server) getArchived(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channelOf(w, r)
	if c == nil {
		return
	}
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	before := r.URL.Query().Get("before")
	threads, more := []any{}, false
	for _, t := range s.archivedBelow(c.id) {
		switch {
		case before != "" && t.archivedAt >= before:
		case limit > 0 && len(threads) == limit:
			more = true
		default:
			threads = append(threads, t.describe())
		}
	}
	answer(w, http.StatusOK, map[string]any{"threads": threads, "members": []any{}, "has_more": more})
}

// getFile serves an attachment, as Discord's servers for files do.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "" {
		s.find("the token was sent along for a file")
	}
	for _, c := range s.channels {
		m := c.message(r.PathValue("message"))
		if m == nil {
			continue
		}
		for _, a := range m.Attachments {
			if a.ID == r.PathValue("attachment") {
				_, _ = w.Write(a.Data)
				return
			}
		}
	}
	http.NotFound(w, r)
}

func (s *Server) postMessage(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channelOf(w, r)
	if c == nil {
		return
	}
	if c.archivedAt != "" {
		refuse(w, http.StatusBadRequest, 50083, "Thread is archived", nil)
		return
	}
	if c.locked && s.permissions[s.BotRole]&permManageThreads == 0 {
		refuse(w, http.StatusForbidden, 160005, "Thread is locked", nil)
		return
	}
	in, bad := s.validateMessage("message", data, messageFields)
	if bad != nil {
		refuse(w, http.StatusBadRequest, bad.code, bad.message, bad.errs)
		return
	}
	if in.EnforceNonce {
		if m := s.nonces[in.Nonce]; m != nil {
			answer(w, http.StatusOK, m)
			return
		}
	}
	m := s.newMessage(c, userOf(s.BotID, true), in.Content)
	m.Components, m.Flags, m.Nonce = in.Components, in.Flags, in.Nonce
	if ref := in.Reference; ref != nil {
		m.Referenced = c.message(ref.Message)
		if m.Referenced == nil && (ref.FailIfNotExists == nil || *ref.FailIfNotExists) {
			refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body", errorAt("message_reference", "REPLIES_UNKNOWN_MESSAGE"))
			return
		}
		if m.Referenced != nil {
			m.Type, m.replyTo, m.Reference = 19, ref.Message, map[string]any{"type": 0, "message_id": ref.Message, "channel_id": c.id}
		}
	}
	if in.EnforceNonce {
		s.nonces[in.Nonce] = m
	}
	s.publish(c, m)
	answer(w, http.StatusOK, m)
}
