package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	commandName = regexp.MustCompile(`^[-_\p{L}\p{N}]{1,32}$`)
	locales     = fields("ar bg cs da de el en-GB en-US es-419 es-ES fi fr he hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW")
)

// validateCommands returns what is wrong with registered commands, or "".
func validateCommands(data []byte, ofGuild bool) string {
	var list []map[string]json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return err.Error()
	}
	for _, c := range list {
		if problem := validateCommand(c, commandFields); problem != "" {
			return problem
		}
		if ofGuild && (c["contexts"] != nil || c["integration_types"] != nil) {
			return "contexts and integration_types are for global commands"
		}
		var options []map[string]json.RawMessage
		if c["options"] != nil {
			if err := json.Unmarshal(c["options"], &options); err != nil {
				return err.Error()
			}
		}
		optional := false
		for _, o := range options {
			if problem := validateCommand(o, optionFields); problem != "" {
				return "option: " + problem
			}
			required := string(o["required"]) == "true"
			if required && optional {
				return "a required option comes after one that is not"
			}
			optional = optional || !required
			if kind := string(o["type"]); (o["max_length"] != nil && kind != "3") || (o["min_value"] != nil && kind != "4") {
				return "option: of another type"
			}
		}
	}
	return ""
}

func validateCommand(c map[string]json.RawMessage, allowed []string) string {
	for field := range c {
		if !slices.Contains(allowed, field) {
			return "unknown field " + field
		}
	}
	var name, description string
	var localized map[string]string
	_ = json.Unmarshal(c["name"], &name)
	_ = json.Unmarshal(c["description"], &description)
	if string(c["type"]) == "3" && c["options"] == nil && len(allowed) == len(commandFields) { // in a message's menu
		if n := utf8.RuneCountInString(name); n < 1 || n > 32 || description != "" {
			return fmt.Sprintf("name %q", name)
		}
		description = "none"
	} else if !commandName.MatchString(name) || strings.ToLower(name) != name {
		return fmt.Sprintf("name %q", name)
	}
	if raw := c["description_localizations"]; raw != nil && json.Unmarshal(raw, &localized) != nil {
		return "description_localizations"
	}
	for locale := range localized {
		if !slices.Contains(locales, locale) {
			return "locale " + locale
		}
	}
	for _, text := range append(slices.Collect(maps.Values(localized)), description) {
		if n := utf8.RuneCountInString(text); n < 1 || n > 100 {
			return fmt.Sprintf("description of %d characters", n)
		}
	}
	return ""
}
