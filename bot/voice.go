package bot

import (
	"strconv"

	"firstline/bot/chat"
	"firstline/bot/markup"
	"firstline/bot/phrases"
	"firstline/handoff"
)

// Voice implements handoff.Voice with the current phrases.
type Voice struct{ Words func() Words }

// Reply puts the team's name above an agent's words, whose addresses can be
// clicked.
func (v Voice) Reply(t *handoff.Ticket, text string) chat.Rich {
	name := v.Words().Book.Text(t.Language, phrases.FromTeam, phrases.Data{})
	return chat.Join("\n\n", chat.Styled(name, chat.Heading), markup.Linkify(text))
}

// Solved says so and asks for a rating.
func (v Voice) Solved(t *handoff.Ticket) chat.Outbound {
	out := chat.Outbound{Body: chat.Plain(v.Words().Book.Text(t.Language, phrases.Solved, phrases.Data{}))}
	for n := 1; n <= 5; n++ {
		out.Choices = append(out.Choices, chat.Choice{
			Label: strconv.Itoa(n), Data: codeRate + t.ID.String() + ":" + strconv.Itoa(n),
		})
	}
	return out
}
