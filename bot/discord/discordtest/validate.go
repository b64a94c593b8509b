package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Fields of requests, by Discord's API description.
var (
	messageFields = fields("content embeds allowed_mentions sticker_ids components flags attachments poll message_reference nonce enforce_nonce tts")
	replyFields   = fields("content embeds allowed_mentions components attachments poll flags")
	buttonFields  = fields("type id custom_id style label disabled url sku_id emoji")
	rowFields     = fields("type id components")
	mentionFields = fields("parse users roles replied_user")
	refFields     = fields("type message_id channel_id guild_id fail_if_not_exists")
	commandFields = fields("id type name name_localizations description description_localizations options default_member_permissions dm_permission contexts integration_types nsfw handler")
	optionFields  = fields("type name name_localizations description description_localizations required autocomplete min_length max_length min_value max_value choices")
	threadFields  = fields("name auto_archive_duration rate_limit_per_user")
	channelFields = fields("name archived locked invitable auto_archive_duration rate_limit_per_user flags applied_tags")
)

func fields(names string) []string { return strings.Fields(names) }

// posted is a message as the bot writes it.
type posted struct {
	Content      string          `json:"content"`
	Components   json.RawMessage `json:"components"`
	Flags        int             `json:"flags"`
	Nonce        string          `json:"nonce"`
	EnforceNonce bool            `json:"enforce_nonce"`
	Mentions     *struct {
		Parse []string `json:"parse"`
	} `json:"allowed_mentions"`
	Reference *struct {
		Message         string `json:"message_id"`
		FailIfNotExists *bool  `json:"fail_if_not_exists"`
	} `json:"message_reference"`

	unchanged bool // the text
}

// malformed is why Discord refuses a request.
type malformed struct {
	code    int
	message string
	errs    any
}

// errorAt returns Discord's tree of errors for one field.
func errorAt(path, code string) any {
	var tree any = map[string]any{"_errors": []any{map[string]any{"code": code, "message": "No."}}}
	keys := strings.Split(path, ".")
	for i := len(keys) - 1; i >= 0; i-- {
		tree = map[string]any{keys[i]: tree}
	}
	return tree
}

// validateMessage checks what the bot writes. The caller holds s.mu.
func (s *Server) validateMessage(what string, data []byte, allowed []string) (*posted, *malformed) {
	s.checkFields(what, data, allowed)
	var in posted
	if err := json.Unmarshal(data, &in); err != nil {
		s.find("%s: %v", what, err)
		return nil, &malformed{code: 50109, message: "The request body contains invalid JSON."}
	}
	bad := func(path, code string) (*posted, *malformed) {
		return nil, &malformed{code: 50035, message: "Invalid Form Body", errs: errorAt(path, code)}
	}
	if in.Mentions == nil || in.Mentions.Parse == nil || len(in.Mentions.Parse) > 0 {
		s.find("%s: allowed_mentions.parse is not []: it could ping people", what)
	}
	switch {
	case strings.TrimSpace(in.Content) == "":
		return nil, &malformed{code: 50006, message: "Cannot send an empty message"}
	case utf8.RuneCountInString(in.Content) > 2000:
		return bad("content", "BASE_TYPE_MAX_LENGTH")
	case utf8.RuneCountInString(in.Nonce) > 25:
		return bad("nonce", "NONCE_TYPE_TOO_LONG")
	case in.Flags&^(1<<2|1<<12) != 0 && (what != "callback" || in.Flags != flagEphemeral):
		s.find("%s: flags %d can't be set", what, in.Flags)
	}
	if path, code := s.checkComponents(what, in.Components); code != "" {
		return bad(path, code)
	}
	if len(in.Components) == 0 || string(in.Components) == "null" {
		in.Components = json.RawMessage("[]")
	}
	return &in, nil
}

// validatePart checks a change of a message, which can leave its text as it is.
// The caller holds s.mu.
func (s *Server) validatePart(what string, data []byte, allowed []string) (*posted, *malformed) {
	var object map[string]json.RawMessage
	if json.Unmarshal(data, &object) == nil && object["content"] == nil {
		object["content"] = json.RawMessage(`"unchanged"`)
		data, _ = json.Marshal(object) // it was JSON
		in, bad := s.validateMessage(what, data, allowed)
		if in != nil {
			in.unchanged = true
		}
		return in, bad
	}
	return s.validateMessage(what, data, allowed)
}

// apply changes m.
func (in *posted) apply(m *message) {
	if !in.unchanged {
		m.Content = in.Content
	}
	m.Components = in.Components
	m.Flags = m.Flags&^(1<<2) | in.Flags
}

// checkFields notes fields that Discord does not know.
func (s *Server) checkFields(what string, data []byte, allowed []string) {
	var object map[string]json.RawMessage
	if json.Unmarshal(data, &object) != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(allowed, name) {
			s.find("%s: unknown field %q", what, name)
		}
	}
	for name, nested := range map[string][]string{"allowed_mentions": mentionFields, "message_reference": refFields} {
		if object[name] != nil && slices.Contains(allowed, name) {
			s.checkFields(what+"."+name, object[name], nested)
		}
	}
}

// checkComponents returns what Discord refuses; code is empty for nothing.
func (s *Server) checkComponents(what string, data json.RawMessage) (path, code string) {
	if len(data) == 0 {
		return "", ""
	}
	var rows []json.RawMessage
	if json.Unmarshal(data, &rows) != nil {
		return "components", "LIST_TYPE_CONVERT"
	}
	if len(rows) > 5 {
		return "components", "BASE_TYPE_MAX_LENGTH"
	}
	seen := map[string]bool{}
	for i, raw := range rows {
		var row struct {
			Type       int               `json:"type"`
			Components []json.RawMessage `json:"components"`
		}
		at := fmt.Sprintf("components.%d", i)
		if json.Unmarshal(raw, &row) != nil || row.Type != 1 {
			return at + ".type", "UNION_TYPE_CHOICES"
		}
		s.checkFields(what+".components", raw, rowFields)
		if len(row.Components) < 1 || len(row.Components) > 5 {
			return at + ".components", "BASE_TYPE_BAD_LENGTH"
		}
		for j, raw := range row.Components {
			s.checkFields(what+".button", raw, buttonFields)
			var b struct {
				Type     int    `json:"type"`
				Style    int    `json:"style"`
				Label    string `json:"label"`
				CustomID string `json:"custom_id"`
			}
			at := fmt.Sprintf("%s.components.%d", at, j)
			switch err := json.Unmarshal(raw, &b); {
			case err != nil || b.Type != 2 || b.Style < 1 || b.Style > 4:
				return at, "COMPONENT_TYPE_INVALID"
			case b.Label == "" || utf8.RuneCountInString(b.Label) > 80:
				return at + ".label", "BASE_TYPE_BAD_LENGTH"
			case b.CustomID == "" || utf8.RuneCountInString(b.CustomID) > 100:
				return at + ".custom_id", "BASE_TYPE_BAD_LENGTH"
			case seen[b.CustomID]:
				return at + ".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"
			}
			seen[b.CustomID] = true
		}
	}
	return "", ""
}
