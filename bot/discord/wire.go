package discord

import (
	"encoding/json"
	"time"
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
	Webhook      lenient[string]           `json:"webhook_id"`
	Content      lenient[string]           `json:"content"`
	Timestamp    lenient[time.Time]        `json:"timestamp"`
	Flags        lenient[int]              `json:"flags"`
	Mentions     lenient[[]wireUser]       `json:"mentions"`
	MentionRoles lenient[[]string]         `json:"mention_roles"`
	RepliesTo    lenient[wireReply]        `json:"referenced_message"`
	Attachments  lenient[[]wireAttachment] `json:"attachments"`
	Stickers     lenient[[]wireSticker]    `json:"sticker_items"`
	Forwarded    lenient[[]wireSnapshot]   `json:"message_snapshots"`
	Interaction  lenient[wireID]           `json:"interaction_metadata"`
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
}

type wireSticker struct {
	ID   string          `json:"id"`
	Name lenient[string] `json:"name"`
}

// wireSnapshot is a forwarded message.
type wireSnapshot struct {
	Message lenient[struct {
		Content     lenient[string]           `json:"content"`
		Attachments lenient[[]wireAttachment] `json:"attachments"`
	}] `json:"message"`
}

type wireInteraction struct {
	ID          string            `json:"id"`
	Application string            `json:"application_id"`
	Type        int               `json:"type"`
	Token       string            `json:"token"`
	Channel     string            `json:"channel_id"`
	Guild       lenient[string]   `json:"guild_id"`
	User        lenient[wireUser] `json:"user"` // in direct messages
	Member      lenient[struct {
		User wireUser `json:"user"`
	}] `json:"member"` // in guilds
	Locale  lenient[string] `json:"locale"`
	Message lenient[wireID] `json:"message"` // that holds the pressed button
	Data    lenient[struct {
		Name          lenient[string]       `json:"name"`
		Options       lenient[[]wireOption] `json:"options"`
		CustomID      lenient[string]       `json:"custom_id"`
		ComponentType lenient[int]          `json:"component_type"`
	}] `json:"data"`
}

type wireOption struct {
	Name  string          `json:"name"`
	Value lenient[string] `json:"value"`
}

type wireReady struct {
	User        wireUser          `json:"user"`
	Application lenient[wireID]   `json:"application"`
	Guilds      lenient[[]wireID] `json:"guilds"`
}

type wireGuild struct {
	ID       string                 `json:"id"`
	Channels lenient[[]wireChannel] `json:"channels"`
	Threads  lenient[[]wireChannel] `json:"threads"`
	Roles    lenient[[]wireRole]    `json:"roles"`
}

type wireChannel struct {
	ID          string          `json:"id"`
	Type        lenient[int]    `json:"type"`
	LastMessage lenient[string] `json:"last_message_id"`
}

type wireRole struct {
	ID   string `json:"id"`
	Tags lenient[struct {
		Bot lenient[string] `json:"bot_id"`
	}] `json:"tags"`
}

// Numbers of Discord's API.
const (
	messageDefault = 0 // https://discord.com/developers/docs/resources/message#message-object-message-types
	messageReply   = 19

	flagLoading = 1 << 7  // "… is thinking"
	flagVoice   = 1 << 13 // the attachment is a voice message

	interactionCommand   = 2 // https://discord.com/developers/docs/interactions/receiving-and-responding
	interactionComponent = 3
	componentButton      = 2

	channelDM        = 1 // https://discord.com/developers/docs/resources/channel#channel-object-channel-types
	channelCategory  = 4
	channelDirectory = 14
	channelForum     = 15 // its last_message_id is a thread, not a message
	channelMedia     = 16
)
