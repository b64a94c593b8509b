package telegram

import (
	"encoding/json"
	"slices"
	"strings"

	"firstline/bot/chat"
)

// media are the fields of a Message that hold a file, and the kind of
// chat.Attachment each is. The first that is there counts: for old clients an
// animation is a document too, and a live photo a photo.
var media = []struct{ field, kind string }{
	{"photo", "photo"},
	{"live_photo", "photo"},
	{"animation", "video"},
	{"video", "video"},
	{"video_note", "video"},
	{"voice", "voice"},
	{"audio", "document"},
	{"sticker", "sticker"},
	{"document", "document"},
}

// noContent are the fields of a Message that are not something that a person
// says: what every message can have, and service messages. Any other field
// (contact, location, poll, and what Telegram adds in future) is content, so
// that nobody who writes is passed over without an answer.
var noContent = set(`
message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot sender_tag
date guest_query_id business_connection_id chat forward_origin forward_from forward_from_chat forward_from_message_id
forward_signature forward_sender_name forward_date is_topic_message is_automatic_forward reply_to_message
external_reply quote reply_to_story reply_to_checklist_task_id reply_to_poll_option_id via_bot guest_bot_caller_user
guest_bot_caller_chat edit_date has_protected_content is_from_offline is_paid_post media_group_id author_signature
paid_star_count text entities link_preview_options suggested_post_info effect_id caption caption_entities
show_caption_above_media has_media_spoiler reply_markup

new_chat_participant new_chat_member left_chat_participant
new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo delete_chat_photo
group_chat_created supergroup_chat_created channel_chat_created message_auto_delete_timer_changed migrate_to_chat_id
migrate_from_chat_id pinned_message invoice successful_payment refunded_payment users_shared user_shared chat_shared gift
unique_gift gift_upgrade_sent connected_website write_access_allowed passport_data proximity_alert_triggered
boost_added chat_background_set checklist_tasks_done checklist_tasks_added direct_message_price_changed
forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened general_forum_topic_hidden
general_forum_topic_unhidden giveaway_created giveaway_winners giveaway_completed managed_bot_created
paid_message_price_changed poll_option_added poll_option_deleted suggested_post_approved
suggested_post_approval_failed suggested_post_declined suggested_post_paid suggested_post_refunded
video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited voice_chat_scheduled
voice_chat_started voice_chat_ended voice_chat_participants_invited web_app_data
`)

func set(names string) map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

// attachments returns what a message holds besides text: its file, or else the
// name of whatever content it has. What can't be read is still an attachment,
// without details. still is false for content that changes by itself.
func attachments(raw json.RawMessage) (list []chat.Attachment, still bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return nil, true
	}
	for _, m := range media {
		if value, ok := fields[m.field]; ok {
			return []chat.Attachment{fileOf(m.kind, value)}, true
		}
	}
	if fields["text"] != nil {
		return nil, true // an unknown field beside text is about the text
	}
	var other []string
	for name := range fields {
		if !noContent[name] {
			other = append(other, clean(name))
		}
	}
	if len(other) == 0 {
		return nil, true
	}
	return []chat.Attachment{{Kind: "other", Name: slices.Min(other)}}, fields["location"] == nil
}

// file is what the Bot API's types of files have in common.
type file struct {
	ID     string `json:"file_id"`
	Name   string `json:"file_name"`
	Size   int64  `json:"file_size"` // bytes
	Width  int64  `json:"width"`
	Height int64  `json:"height"`
}

// fileOf reads a file, or the largest of the sizes of a photo.
func fileOf(kind string, value json.RawMessage) chat.Attachment {
	var f file
	var sizes []file
	if json.Unmarshal(value, &sizes) == nil {
		for _, s := range sizes {
			if s.Width*s.Height >= f.Width*f.Height {
				f = s
			}
		}
	} else if json.Unmarshal(value, &f) != nil {
		f = file{}
	}
	return chat.Attachment{Kind: kind, Name: clean(f.Name), Size: max(f.Size, 0), Ref: clean(f.ID)}
}
