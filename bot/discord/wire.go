package discord

import (
	"encoding/json"
	"time"

	"firstline/bot/chat"
)

// The library's own structs are not used for what arrives: a kind of component
// that it does not know empties its whole message. These read only what is
// needed, and a field of an unexpected shape costs that field alone.

// lenient is a field that is left at its zero value when it can't be decoded.
type lenient[T any] struct{ V T }

// UnmarshalJSON never fails.
func (l *lenient[T]) UnmarshalJSON(data []byte) error {
	var v T
	if json.Unmarshal(data, &v) == nil {
		l.V = v
	}
	return nil
}

type wireUser struct {
	ID         string          `json:"id"`
	Username   lenient[string] `json:"username"`
	GlobalName lenient[string] `json:"global_name"`
	Bot        lenient[bool]   `json:"bot"`
}

type wireMessage struct {
	ID           string                    `json:"id"`
	Channel      string                    `json:"channel_id"`
	Guild        lenient[string]           `json:"guild_id"` // of events only; "" in direct messages
	Type         lenient[int]              `json:"type"`
	Author       lenient[wireUser]         `json:"author"`
	Member       lenient[*wireMember]      `json:"member"` // of events in guilds only
	Webhook      lenient[string]           `json:"webhook_id"`
	Content      lenient[string]           `json:"content"`
	Timestamp    lenient[time.Time]        `json:"timestamp"`
	Flags        lenient[int]              `json:"flags"`
	Mentions     lenient[[]wireUser]       `json:"mentions"`
	MentionRoles lenient[[]string]         `json:"mention_roles"`
	Reference    lenient[wireReference]    `json:"message_reference"`
	RepliesTo    lenient[wireReply]        `json:"referenced_message"`
	Attachments  lenient[[]wireAttachment] `json:"attachments"`
	Stickers     lenient[[]wireSticker]    `json:"sticker_items"`
	Forwarded    lenient[[]wireSnapshot]   `json:"message_snapshots"`
	Interaction  lenient[wireID]           `json:"interaction_metadata"`
	Edited       lenient[time.Time]        `json:"edited_timestamp"`
	Components   lenient[[]wireRow]        `json:"components"`
}

// replyTo returns the message of the same channel that m replies to, or "". A
// forwarded message and what was taken over from another channel refer to one too.
func (m *wireMessage) replyTo() chat.MessageID {
	ref := m.Reference.V
	_, ok := parseSnowflake(ref.Message.V)
	if !ok || m.Type.V != messageReply || ref.Type.V != referenceReply || (ref.Channel.V != "" && ref.Channel.V != m.Channel) {
		return ""
	}
	return chat.MessageID(ref.Message.V)
}

// wireMember is what messages and interactions tell of a member of a guild.
type wireMember struct {
	User        wireUser          `json:"user"`        // not with messages
	Permissions lenient[string]   `json:"permissions"` // in this channel; of interactions
	Roles       lenient[[]string] `json:"roles"`
}

type wireReference struct {
	Type    lenient[int]    `json:"type"`
	Message lenient[string] `json:"message_id"`
	Channel lenient[string] `json:"channel_id"`
}

type wireID struct {
	ID string `json:"id"`
}

type wireReply struct {
	Author lenient[wireUser] `json:"author"`
}

type wireAttachment struct {
	ID          string          `json:"id"`
	Filename    lenient[string] `json:"filename"`
	ContentType lenient[string] `json:"content_type"`
	Size        lenient[int64]  `json:"size"`
	URL         lenient[string] `json:"url"` // signed: it ends within a day
}

type wireSticker struct {
	ID     string          `json:"id"`
	Name   lenient[string] `json:"name"`
	Format lenient[int]    `json:"format_type"`
}

// wireRow is a row of buttons.
type wireRow struct {
	Type       lenient[int]          `json:"type"`
	Components lenient[[]wireButton] `json:"components"`
}

type wireButton struct {
	Type     lenient[int]    `json:"type"`
	Style    lenient[int]    `json:"style"`
	Label    lenient[string] `json:"label"`
	CustomID lenient[string] `json:"custom_id"`
}

// wireDeleted is MESSAGE_DELETE and MESSAGE_DELETE_BULK.
type wireDeleted struct {
	ID      lenient[string]   `json:"id"`
	IDs     lenient[[]string] `json:"ids"`
	Channel string            `json:"channel_id"`
	Guild   lenient[string]   `json:"guild_id"`
}

// wireSnapshot is a forwarded message.
type wireSnapshot struct {
	Message lenient[struct {
		Content     lenient[string]           `json:"content"`
		Attachments lenient[[]wireAttachment] `json:"attachments"`
	}] `json:"message"`
}

type wireInteraction struct {
	ID          string               `json:"id"`
	Application string               `json:"application_id"`
	Type        int                  `json:"type"`
	Token       string               `json:"token"`
	Channel     string               `json:"channel_id"`
	Place       lenient[wireChannel] `json:"channel"`
	Guild       lenient[string]      `json:"guild_id"`
	User        lenient[wireUser]    `json:"user"`   // in direct messages
	Member      lenient[wireMember]  `json:"member"` // in guilds
	Locale      lenient[string]      `json:"locale"`
	Message     lenient[wireMessage] `json:"message"` // that holds the pressed button
	Data        lenient[struct {
		Name          lenient[string]       `json:"name"`
		Type          lenient[int]          `json:"type"`
		Target        lenient[string]       `json:"target_id"`
		Options       lenient[[]wireOption] `json:"options"`
		CustomID      lenient[string]       `json:"custom_id"`
		ComponentType lenient[int]          `json:"component_type"`
		Components    lenient[[]wireField]  `json:"components"` // of a form
		Resolved      lenient[struct {
			Messages lenient[map[string]wireMessage] `json:"messages"`
		}] `json:"resolved"`
	}] `json:"data"`
}

type wireOption struct {
	Name  string       `json:"name"`
	Value lenient[any] `json:"value"`
}

// wireField is what a form holds: an input, or something around inputs.
type wireField struct {
	CustomID lenient[string]      `json:"custom_id"`
	Value    lenient[string]      `json:"value"`
	Inner    lenient[*wireField]  `json:"component"`
	Inners   lenient[[]wireField] `json:"components"`
}

type wireReady struct {
	User        wireUser          `json:"user"`
	Application lenient[wireID]   `json:"application"`
	Guilds      lenient[[]wireID] `json:"guilds"`
	Session     string            `json:"session_id"`
	Resume      lenient[string]   `json:"resume_gateway_url"`
}

type wireGuild struct {
	ID       string                 `json:"id"`
	Channels lenient[[]wireChannel] `json:"channels"`
	Threads  lenient[[]wireChannel] `json:"threads"`
	Roles    lenient[[]wireRole]    `json:"roles"`
}

type wireChannel struct {
	ID          string              `json:"id"`
	Type        lenient[int]        `json:"type"`
	Guild       lenient[string]     `json:"guild_id"`
	Name        lenient[string]     `json:"name"`
	Parent      lenient[string]     `json:"parent_id"`
	LastMessage lenient[string]     `json:"last_message_id"`
	Recipients  lenient[[]wireUser] `json:"recipients"` // of a direct conversation
	Thread      lenient[struct {
		ArchivedAt lenient[time.Time] `json:"archive_timestamp"`
	}] `json:"thread_metadata"`
	Overwrites lenient[[]wireOverwrite] `json:"permission_overwrites"`
}

type wireRole struct {
	ID          string          `json:"id"`
	Permissions lenient[string] `json:"permissions"`
	Tags        lenient[struct {
		Bot lenient[string] `json:"bot_id"`
	}] `json:"tags"`
}

// wireOverwrite changes permissions in one channel, of a role or a member.
type wireOverwrite struct {
	ID    string          `json:"id"`
	Allow lenient[string] `json:"allow"`
	Deny  lenient[string] `json:"deny"`
}

// Numbers of Discord's API.
const (
	messageDefault = 0 // https://discord.com/developers/docs/resources/message#message-object-message-types
	messageReply   = 19

	referenceReply = 0 // https://discord.com/developers/docs/resources/message#message-reference-types

	flagEphemeral = 1 << 6  // only one person sees it
	flagLoading   = 1 << 7  // "… is thinking"
	flagVoice     = 1 << 13 // the attachment is a voice message

	interactionCommand   = 2 // https://discord.com/developers/docs/interactions/receiving-and-responding
	interactionComponent = 3
	interactionForm      = 5
	componentRow         = 1
	componentButton      = 2
	componentInput       = 4
	componentLabel       = 18

	channelText      = 0
	channelDM        = 1 // https://discord.com/developers/docs/resources/channel#channel-object-channel-types
	channelCategory  = 4
	channelDirectory = 14
	channelForum     = 15 // its last_message_id is a thread, not a message
	channelMedia     = 16

	channelAnnouncementThread = 10
	channelThread             = 11
	channelPrivateThread      = 12
)

// isThread reports whether a kind of channel is a thread.
func isThread(kind int) bool {
	return kind == channelAnnouncementThread || kind == channelThread || kind == channelPrivateThread
}
