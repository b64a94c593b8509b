package telegramtest

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"strconv"
	"strings"
)

// method is what the Bot API says about one of its methods.
type method struct {
	required string // names of parameters
	optional string
	handle   func(*Server, context.Context, url.Values) answer
}

// methods are those that are served, with their parameters as of Bot API 10.1.
var methods = map[string]method{
	"getMe":      {handle: (*Server).getMe},
	"getUpdates": {optional: "offset limit timeout allowed_updates", handle: (*Server).getUpdates},
	"setWebhook": {
		required: "url",
		optional: "certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
		handle:   (*Server).setWebhook,
	},
	"deleteWebhook":  {optional: "drop_pending_updates", handle: (*Server).deleteWebhook},
	"getWebhookInfo": {handle: (*Server).getWebhookInfo},
	"sendMessage": {
		required: "chat_id text",
		optional: "business_connection_id message_thread_id direct_messages_topic_id parse_mode entities " +
			"link_preview_options disable_notification protect_content allow_paid_broadcast message_effect_id " +
			"suggested_post_parameters reply_parameters reply_markup",
		handle: (*Server).sendMessage,
	},
	"editMessageText": {
		required: "chat_id message_id text",
		optional: "business_connection_id inline_message_id parse_mode entities link_preview_options rich_message reply_markup",
		handle:   (*Server).editMessageText,
	},
	"editMessageReplyMarkup": {
		required: "chat_id message_id",
		optional: "business_connection_id inline_message_id reply_markup",
		handle:   (*Server).editMessageReplyMarkup,
	},
	"getFile":             {required: "file_id", handle: (*Server).getFile},
	"getChat":             {required: "chat_id", handle: (*Server).getChat},
	"getChatMember":       {required: "chat_id user_id", handle: (*Server).getChatMember},
	"getMyCommands":       {optional: "scope language_code", handle: (*Server).getMyCommands},
	"deleteMessage":       {required: "chat_id message_id", handle: (*Server).deleteMessage},
	"sendChatAction":      {required: "chat_id action", optional: "business_connection_id message_thread_id", handle: (*Server).sendChatAction},
	"answerCallbackQuery": {required: "callback_query_id", optional: "text show_alert url cache_time", handle: (*Server).answerCallbackQuery},
	"createForumTopic":    {required: "chat_id name", optional: "icon_color icon_custom_emoji_id", handle: (*Server).createForumTopic},
	"reopenForumTopic":    {required: "chat_id message_thread_id", handle: (*Server).reopenForumTopic},
	"setMyCommands":       {required: "commands", optional: "scope language_code", handle: (*Server).setMyCommands},
}

// integers are the parameters that are whole numbers.
var integers = words("offset limit timeout chat_id user_id message_thread_id message_id cache_time max_connections")

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// check finds unknown, missing and malformed parameters.
func (s *Server) check(name string, m method, params url.Values) answer {
	known := words(m.required + " " + m.optional)
	for p := range params {
		if !known[p] {
			s.find("%s: the parameter %q does not exist", name, p)
		}
	}
	for p := range words(m.required) {
		if params.Get(p) == "" {
			s.find("%s: the parameter %q is required", name, p)
			return badRequest("parameter %q is required", p)
		}
	}
	for p := range integers {
		if v := params.Get(p); v != "" {
			if _, err := strconv.ParseInt(v, 10, 64); err != nil {
				s.find("%s: %s is not a number", name, p)
				return badRequest("invalid %s specified", p)
			}
		}
	}
	return ok(nil)
}

// number returns an integer parameter that check has seen; 0 when it is absent.
func number(params url.Values, name string) int64 {
	n, _ := strconv.ParseInt(params.Get(name), 10, 64) // checked before
	return n
}

// decode reads a JSON parameter into v and reports whether it is well-formed.
// An absent one leaves v as it is.
func (s *Server) decode(method string, params url.Values, name string, v any) bool {
	text := params.Get(name)
	if text == "" {
		return true
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		s.find("%s: %s: %v", method, name, err)
		return false
	}
	return true
}

func (s *Server) getMe(context.Context, url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	me := botUser()
	maps.Copy(me, s.self)
	return ok(me)
}

func (s *Server) answerCallbackQuery(_ context.Context, params url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := params.Get("callback_query_id")
	if answered, known := s.queries[id]; !known || answered {
		return badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	s.queries[id] = true
	s.notify()
	return ok(true)
}
