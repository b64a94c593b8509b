package telegramtest

import (
	"context"
	"net/url"
	"strings"
)

// Command is an entry of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// menu is for whom a list of commands is.
type menu struct {
	lang string
	chat int64 // 0: everywhere else
}

// readMenu reads the scope and the language of a menu.
func (s *Server) readMenu(name string, params url.Values) (m menu, a answer) {
	var scope struct {
		Type string `json:"type"`
		Chat int64  `json:"chat_id"`
	}
	if !s.decode(name, params, "scope", &scope) {
		return m, badRequest("can't parse BotCommandScope JSON object")
	}
	if (scope.Type == "chat") != (scope.Chat != 0) || (scope.Type != "" && scope.Type != "default" && scope.Type != "chat") {
		s.find("%s: the scope %q of the chat %d", name, scope.Type, scope.Chat)
		return m, badRequest("unsupported type specified")
	}
	if scope.Chat != 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, a := s.reach(scope.Chat); a.isError() {
			return m, a
		}
	}
	return menu{params.Get("language_code"), scope.Chat}, ok(nil)
}

func (s *Server) setMyCommands(_ context.Context, params url.Values) answer {
	var list []Command
	if !s.decode("setMyCommands", params, "commands", &list) {
		return badRequest("can't parse commands JSON object")
	}
	at, a := s.readMenu("setMyCommands", params)
	if a.isError() {
		return a
	}
	if at.lang != "" && len(at.lang) != 2 {
		s.find("setMyCommands: %q is not a language of two letters", at.lang)
		return badRequest("invalid language code specified")
	}
	for _, c := range list {
		wrong := strings.Trim(c.Command, "abcdefghijklmnopqrstuvwxyz0123456789_")
		if n := len(c.Command); n < 1 || n > 32 || wrong != "" {
			s.find("setMyCommands: the name %q", c.Command)
			return badRequest("BOT_COMMAND_INVALID")
		}
		if n := len([]rune(c.Description)); n < 1 || n > 256 {
			s.find("setMyCommands: a description of %d characters", n)
			return badRequest("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commands[at] = list
	s.notify()
	return ok(true)
}

func (s *Server) getMyCommands(_ context.Context, params url.Values) answer {
	at, a := s.readMenu("getMyCommands", params)
	if a.isError() {
		return a
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return ok(append([]Command{}, s.commands[at]...))
}
