package discordtest

import (
	"encoding/json"
	"strings"
	"sync"
	"time"
)

// Kinds of channels.
const (
	kindText   = 0
	kindDM     = 1
	kindForum  = 15
	kindThread = 11
)

type channel struct {
	id, guild, user string // guild or user is empty
	kind            int
	parent, name    string
	archivedAt      string // of a thread that is archived
	autoArchive     int    // minutes; of a thread
	locked          bool
	overwrites      []Overwrite
	messages        []*message // oldest first
	refuse          *fault     // of everything that is posted
}

func (c *channel) lastMessage() any {
	if len(c.messages) == 0 {
		return nil
	}
	return c.messages[len(c.messages)-1].ID
}

// describe returns the channel as the API shows it.
func (c *channel) describe() map[string]any {
	d := map[string]any{"id": c.id, "type": c.kind, "last_message_id": c.lastMessage()}
	if c.guild != "" {
		d["guild_id"], d["name"], d["position"] = c.guild, c.name, 0
		d["permission_overwrites"] = c.overwrites
		if c.parent != "" {
			d["parent_id"] = c.parent
		}
		if c.kind == kindThread {
			at := c.archivedAt
			if at == "" {
				at = "2026-01-01T00:00:00+00:00"
			}
			d["thread_metadata"] = map[string]any{
				"archived": c.archivedAt != "", "locked": c.locked, "archive_timestamp": at, "auto_archive_duration": c.autoArchive,
			}
		}
	} else {
		d["recipients"] = []user{userOf(c.user, false)}
	}
	return d
}

// Overwrite changes the permissions of a role (Type 0) or a member (1) in a
// channel.
type Overwrite struct {
	ID    string `json:"id"`
	Type  int    `json:"type"`
	Allow string `json:"allow"`
	Deny  string `json:"deny"`
}

type user struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	GlobalName    *string `json:"global_name"`
	Discriminator string  `json:"discriminator"`
	Bot           bool    `json:"bot,omitempty"`
}

// names are what people call themselves, when that is not "User ID".
var names sync.Map

// SetName gives a person a name, on all servers of this process.
func SetName(userID, name string) { names.Store(userID, name) }

func userOf(id string, bot bool) user {
	u := user{ID: id, Username: "user" + id, Discriminator: "0", Bot: bot}
	if name, ok := names.Load(id); ok {
		u.GlobalName = new(name.(string))
	} else if !bot {
		u.GlobalName = new("User " + id)
	}
	return u
}

// message is a message as the API and MESSAGE_CREATE show it.
type message struct {
	ID              string          `json:"id"`
	ChannelID       string          `json:"channel_id"`
	GuildID         string          `json:"guild_id,omitempty"` // in events only
	Member          any             `json:"member,omitempty"`   // likewise
	Author          user            `json:"author"`
	WebhookID       string          `json:"webhook_id,omitempty"`
	ApplicationID   string          `json:"application_id,omitempty"`
	Content         string          `json:"content"`
	Timestamp       string          `json:"timestamp"`
	EditedTimestamp *string         `json:"edited_timestamp"`
	TTS             bool            `json:"tts"`
	MentionEveryone bool            `json:"mention_everyone"`
	Mentions        []user          `json:"mentions"`
	MentionRoles    []string        `json:"mention_roles"`
	Attachments     []Attachment    `json:"attachments"`
	Embeds          []any           `json:"embeds"`
	Components      json.RawMessage `json:"components"`
	Pinned          bool            `json:"pinned"`
	Type            int             `json:"type"`
	Flags           int             `json:"flags"`
	Nonce           string          `json:"nonce,omitempty"`
	Reference       any             `json:"message_reference,omitempty"`
	Referenced      *message        `json:"referenced_message,omitempty"`
	Stickers        []any           `json:"sticker_items,omitempty"`
	Interaction     any             `json:"interaction_metadata,omitempty"`

	interaction string // that it is the reply to
	replyTo     string
	threaded    bool // a thread was begun on it
}

// Attachment is a file of a person's message.
type Attachment struct {
	// Data is served at URL; Size is its length unless set.
	Data        []byte `json:"-"`
	ID          string `json:"id"` // set when empty
	Filename    string `json:"filename"`
	ContentType string `json:"content_type,omitempty"`
	Size        int64  `json:"size"`
	URL         string `json:"url"` // set when empty
	ProxyURL    string `json:"proxy_url"`
}

// flagEphemeral marks a message that one person sees.
const flagEphemeral = 1 << 6

// flagLoading marks the reply to a command before its content.
const flagLoading = 1 << 7

// newMessage returns an empty message. The caller holds s.mu.
func (s *Server) newMessage(c *channel, author user, content string) *message {
	return &message{
		ID:           s.newID(),
		ChannelID:    c.id,
		Author:       author,
		Content:      content,
		Timestamp:    time.Now().UTC().Format("2006-01-02T15:04:05.000000-07:00"),
		Mentions:     []user{},
		MentionRoles: []string{},
		Attachments:  []Attachment{},
		Embeds:       []any{},
		Components:   json.RawMessage("[]"),
	}
}

// SentMessage is a message of the bot.
type SentMessage struct {
	ID, ChannelID, Content string
	Buttons                []Button
	ReplyTo                string // message that it refers to
	Command                string // interaction that it is the reply to
	Nonce                  string
	Flags                  int
}

// Button is a button of a SentMessage.
type Button struct {
	Label, CustomID string
	Disabled        bool
	Style           int
}

// sent returns m as tests see it.
func (m *message) sent() SentMessage {
	out := SentMessage{
		ID: m.ID, ChannelID: m.ChannelID, Content: m.Content,
		ReplyTo: m.replyTo, Command: m.interaction, Nonce: m.Nonce, Flags: m.Flags,
	}
	var rows []struct {
		Components []struct {
			Type     int    `json:"type"`
			Label    string `json:"label"`
			CustomID string `json:"custom_id"`
			Disabled bool   `json:"disabled"`
			Style    int    `json:"style"`
		} `json:"components"`
	}
	_ = json.Unmarshal(m.Components, &rows) // validated when it came
	for _, row := range rows {
		for _, b := range row.Components {
			out.Buttons = append(out.Buttons, Button{Label: b.Label, CustomID: b.CustomID, Disabled: b.Disabled, Style: b.Style})
		}
	}
	return out
}

// mentionsIn returns the ids that text mentions with the given mark: "@" for
// people, "@&" for roles.
func mentionsIn(text, mark string) []string {
	var ids []string
	for _, part := range strings.Split(text, "<"+mark)[1:] {
		id, _, ok := strings.Cut(strings.TrimPrefix(part, "!"), ">")
		if ok && id != "" && strings.Trim(id, "0123456789") == "" {
			ids = append(ids, id)
		}
	}
	return ids
}
