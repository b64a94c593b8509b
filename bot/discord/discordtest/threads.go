package discordtest

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	permManageThreads = 1 << 34
	permCreateThreads = 1 << 35

	flagHasThread = 1 << 5
	// typeThreadBegins is of the first message of a thread on a message, which
	// shows that message.
	typeThreadBegins = 21
)

// postThread begins a thread on a message.
func (s *Server) postThread(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m := s.messageOf(w, r)
	if m == nil {
		return
	}
	s.checkFields("thread", data, threadFields)
	var in struct {
		Name        string `json:"name"`
		AutoArchive int    `json:"auto_archive_duration"`
	}
	bad := json.Unmarshal(data, &in)
	n := utf8.RuneCountInString(strings.TrimSpace(in.Name))
	switch {
	case c.kind != kindText:
		refuse(w, http.StatusBadRequest, 50024, "Cannot execute action on this channel type", nil)
	case s.permissions[s.BotRole]&permCreateThreads == 0:
		refuse(w, http.StatusForbidden, 50013, "Missing Permissions", nil)
	case bad != nil || n < 1 || n > 100:
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body", errorAt("name", "BASE_TYPE_BAD_LENGTH"))
	case !slices.Contains([]int{0, 60, 1440, 4320, 10080}, in.AutoArchive):
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body", errorAt("auto_archive_duration", "BASE_TYPE_CHOICES"))
	case m.threaded: // also when that thread is deleted
		refuse(w, http.StatusBadRequest, 160004, "A thread has already been created for this message", nil)
	default:
		answer(w, http.StatusCreated, s.begin(c, m, in.Name, in.AutoArchive).describe())
	}
}

// begin begins a thread and tells the bot. The caller holds s.mu.
func (s *Server) begin(c *channel, on *message, name string, autoArchive int) *channel {
	if strings.Contains(name, "@everyone") || strings.Contains(name, "@here") || mentionsIn(name, "@") != nil || mentionsIn(name, "@&") != nil {
		s.find("thread: its name could name people")
	}
	if strings.ContainsFunc(name, unicode.IsControl) {
		s.find("thread: its name has control characters")
	}
	on.threaded, on.Flags = true, on.Flags|flagHasThread
	t := s.addChannel(&channel{id: on.ID, guild: c.guild, kind: kindThread, parent: c.id, name: name, autoArchive: autoArchive})
	s.dispatchTo(c.guild, "THREAD_CREATE", t.describe(), intentGuilds)
	s.dispatchTo(c.guild, "MESSAGE_UPDATE", s.event(c, on), c.intent())
	first := s.newMessage(t, userOf(s.BotID, true), "")
	first.Type, first.Reference = typeThreadBegins, map[string]any{"type": 0, "message_id": on.ID, "channel_id": c.id}
	s.publish(t, first)
	return t
}

// Thread returns the name of a thread and the channel that it is below.
func (s *Server) Thread(threadID string) (name, parentID string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[threadID]
	if c == nil || c.kind != kindThread {
		return "", "", false
	}
	return c.name, c.parent, true
}

// DeleteThread deletes a thread, as a moderator does. The message that it began
// on stays.
func (s *Server) DeleteThread(threadID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[threadID]
	delete(s.channels, threadID)
	s.order = slices.DeleteFunc(s.order, func(id string) bool { return id == threadID })
	s.dispatchTo(c.guild, "THREAD_DELETE", map[string]any{
		"id": c.id, "guild_id": c.guild, "parent_id": c.parent, "type": c.kind,
	}, intentGuilds)
	s.change()
}

// Lock locks a thread that stays active: only who may manage threads can write.
func (s *Server) Lock(threadID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[threadID].locked = true
}

// patchChannel opens threads again.
func (s *Server) patchChannel(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Archived *bool `json:"archived"`
		Locked   *bool `json:"locked"`
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.checkFields("channel", data, channelFields)
	if err := json.Unmarshal(data, &in); err != nil || in.Archived == nil {
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body", nil)
		return
	}
	c := s.channelOf(w, r)
	switch {
	case c == nil:
		return
	case (c.locked || in.Locked != nil) && s.permissions[s.BotRole]&permManageThreads == 0:
		refuse(w, http.StatusForbidden, 50013, "Missing Permissions", nil)
		return
	}
	if !*in.Archived {
		c.archivedAt = ""
	}
	if in.Locked != nil {
		c.locked = *in.Locked
	}
	s.change()
	answer(w, http.StatusOK, c.describe())
}
