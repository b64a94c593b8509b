package telegram

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"firstline/bot/chat"
)

// read fills in what m's text says: whether it is for the bot, the command, and
// the text without what addressed the bot. text is m's text or caption.
func (c converter) read(out *chat.Message, m *message, text string, marks []tgbotapi.MessageEntity) {
	mentioned := false
	if !out.Private {
		// In private a mention addresses nobody: it is a part of the question.
		text, mentioned = c.withoutMention(text, marks)
	}
	isCommand := false
	if m.Caption == "" || m.Text != "" { // captions are not commands
		out.Command, text, isCommand = c.command(text, out.StaffRoom)
	}
	out.Text = clean(text)
	out.Addressed = out.Private || mentioned || isCommand || c.isReplyToBot(m)
}

// commands are those that the bot understands everywhere, in the order of its
// menu.
var commands = []chat.Command{chat.CommandAsk, chat.CommandHuman, chat.CommandSolved, chat.CommandHelp, chat.CommandStart}

// command splits "/name text" or "/name@bot text". A command that is unknown or
// another bot's is ordinary text: ok is false and text is returned as it is.
// Those of staff are known in the staff room only.
func (c converter) command(text string, staff bool) (cmd chat.Command, rest string, ok bool) {
	if !strings.HasPrefix(text, "/") {
		return chat.CommandNone, text, false
	}
	word, rest := text[1:], ""
	if end := strings.IndexFunc(word, unicode.IsSpace); end >= 0 {
		word, rest = word[:end], strings.TrimSpace(word[end:])
	}
	name, bot, suffixed := strings.Cut(word, "@")
	if suffixed && !strings.EqualFold(bot, c.self.UserName) {
		return chat.CommandNone, text, false
	}
	cmd = chat.Command(strings.ToLower(name))
	known := slices.Contains(commands, cmd) || (staff && slices.Contains(chat.StaffCommands, cmd))
	if !known {
		return chat.CommandNone, text, false
	}
	return cmd, rest, true
}

// isReplyToBot reports whether m replies to a message of the bot.
func (c converter) isReplyToBot(m *message) bool {
	r := m.repliedTo()
	return r != nil && r.From != nil && r.From.ID == c.self.ID
}

// withoutMention takes the mentions of the bot out of text. marks count UTF-16
// code units; those that lie outside of text are ignored.
func (c converter) withoutMention(text string, marks []tgbotapi.MessageEntity) (rest string, found bool) {
	units := utf16.Encode([]rune(text))
	keep := make([]uint16, 0, len(units))
	at := 0
	for _, e := range marks { // in the order of their offsets
		if e.Offset < at || e.Length <= 0 || e.Offset > len(units)-e.Length {
			continue
		}
		name := string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))
		switch {
		case e.Type == "mention" && strings.EqualFold(name, "@"+c.self.UserName):
		case e.Type == "text_mention" && e.User != nil && e.User.ID == c.self.ID:
		default:
			continue
		}
		keep = append(keep, units[at:e.Offset]...)
		at = e.Offset + e.Length
		found = true
	}
	if !found {
		return text, false
	}
	rest = string(utf16.Decode(append(keep, units[at:]...)))
	return strings.TrimSpace(strings.TrimLeft(rest, " ,:;\n\t")), true
}
