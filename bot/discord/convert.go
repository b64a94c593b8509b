package discord

import (
	"cmp"
	"strings"
	"sync"

	"firstline/bot/chat"
)

// The beginnings of chat.Message.Event and, for a command, chat.Message.ID.
const (
	messageEvent     = "m:"
	editEvent        = "e:"
	deleteEvent      = "d:"
	interactionEvent = "i:"
)

// identity is who the bot is on Discord, as READY and GUILD_CREATE tell.
type identity struct {
	mu          sync.Mutex
	self        string
	application string
	roles       map[string]bool // the roles that are the bot's own: people mention them by mistake
}

func (id *identity) set(self, application string) {
	id.mu.Lock()
	defer id.mu.Unlock()
	id.self, id.application = self, application
}

func (id *identity) addRoles(roles []wireRole) {
	id.mu.Lock()
	defer id.mu.Unlock()
	for _, r := range roles {
		if id.self != "" && r.Tags.V.Bot.V == id.self {
			if id.roles == nil {
				id.roles = map[string]bool{}
			}
			id.roles[r.ID] = true
		}
	}
}

// message returns what m says to the bot, or nil when it is no message of a
// person that is for the bot.
func (r *run) message(m *wireMessage, private bool) *chat.Message {
	where := ordinary
	if !private {
		where, _ = r.places.room(m.Channel)
	}
	addressed := private || r.identity.addressed(m)
	if !addressed && where == ordinary {
		return nil
	}
	msg := r.written(m)
	if msg == nil {
		return nil
	}
	msg.Private, msg.Addressed = private, addressed
	var roles []string
	if member := m.Member.V; member != nil {
		roles = member.Roles.V
	}
	where.mark(msg, roles)
	r.heard.note(m.ID, hearing{text: hashOf(m.Content.V), edited: m.Edited.V, author: m.Author.V.ID, addressed: addressed})
	if private {
		r.places.meet(m.Channel, m.Author.V.ID)
	}
	return msg
}

// mark notes that m was written in such a room by somebody with these roles.
func (r room) mark(m *chat.Message, roles []string) {
	m.Help, m.StaffRoom, m.Roles = r == helpRoom, r == staffRoom, nil
	if r == staffRoom {
		m.Roles = roles
	}
}

// written returns m as a message, to whomever; nil when no person wrote it.
func (r *run) written(m *wireMessage) *chat.Message {
	author := m.Author.V
	switch {
	case author.ID == "" || author.Bot.V || m.Webhook.V != "" || r.identity.is(author.ID):
		return nil
	case m.Type.V != messageDefault && m.Type.V != messageReply: // somebody joined, a pin, a call
		return nil
	}
	sent := m.Timestamp.V
	if n, ok := parseSnowflake(m.ID); sent.IsZero() && ok {
		sent = n.time()
	}
	content, files := m.Content.V, m.Attachments.V
	for _, f := range m.Forwarded.V { // a forwarded message has no text of its own
		content = strings.TrimSpace(content + "\n" + f.Message.V.Content.V)
		files = append(files, f.Message.V.Attachments.V...)
	}
	text := r.identity.withoutMention(content)
	if title := r.places.title(m); title != "" { // often the question itself
		text = strings.TrimSpace(title + "\n\n" + text)
	}
	return &chat.Message{
		Event:        messageEvent + m.ID,
		ID:           chat.MessageID(m.ID),
		Conversation: conversation(m.Channel),
		From:         author.person(""),
		Text:         clean(text),
		ReplyTo:      m.replyTo(),
		Attachments:  attachments(m, files),
		SentAt:       sent.UTC(),
	}
}

// is reports whether the bot has this id.
func (id *identity) is(user string) bool {
	id.mu.Lock()
	defer id.mu.Unlock()
	return user == id.self
}

// addressed reports whether m mentions the bot or replies to it.
func (id *identity) addressed(m *wireMessage) bool {
	id.mu.Lock()
	defer id.mu.Unlock()
	for _, u := range m.Mentions.V {
		if u.ID == id.self {
			return true
		}
	}
	for _, r := range m.MentionRoles.V {
		if id.roles[r] {
			return true
		}
	}
	return m.RepliesTo.V.Author.V.ID == id.self && id.self != ""
}

// withoutMention takes the mentions of the bot out of text, and what set them
// off from it: "@bot, how do I …".
func (id *identity) withoutMention(text string) string {
	id.mu.Lock()
	defer id.mu.Unlock()
	marks := []string{"<@" + id.self + ">", "<@!" + id.self + ">"}
	for r := range id.roles {
		marks = append(marks, "<@&"+r+">")
	}
	for _, mark := range marks {
		for {
			before, after, found := strings.Cut(text, mark)
			if !found {
				break
			}
			before = strings.TrimRight(before, " ")
			after = strings.TrimLeft(after, " ")
			if before == "" {
				after = strings.TrimLeft(after, " ,:;\n")
			}
			text = strings.TrimSpace(before + " " + after)
		}
	}
	return text
}

func conversation(channel string) chat.ConversationID {
	return chat.ConversationID{Network: chat.Discord, ID: channel}
}

func (u wireUser) person(locale string) chat.Person {
	return chat.Person{
		ID:       u.ID,
		Name:     clean(cmp.Or(u.GlobalName.V, u.Username.V)),
		Language: clean(locale),
	}
}

// attachments describes files and the stickers of m. Ref is
// "channel/message/attachment": addresses of files expire, these ids do not.
func attachments(m *wireMessage, files []wireAttachment) []chat.Attachment {
	var list []chat.Attachment
	for _, f := range files {
		list = append(list, chat.Attachment{
			Kind: kindOf(f.ContentType.V, m.Flags.V&flagVoice != 0),
			Name: clean(f.Filename.V),
			Size: f.Size.V,
			Ref:  m.Channel + "/" + m.ID + "/" + f.ID,
		})
	}
	for _, s := range m.Stickers.V {
		list = append(list, chat.Attachment{Kind: "sticker", Name: clean(s.Name.V), Ref: m.Channel + "/" + m.ID + "/" + s.ID})
	}
	return list
}

func kindOf(contentType string, voice bool) string {
	switch family, _, _ := strings.Cut(contentType, "/"); {
	case voice:
		return "voice"
	case family == "image":
		return "photo"
	case family == "video":
		return "video"
	case family == "audio":
		return "voice"
	}
	return "document"
}

// clean returns s as valid UTF-8 without NUL, as databases want it.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

func (id *identity) applicationID() string {
	id.mu.Lock()
	defer id.mu.Unlock()
	return id.application
}
