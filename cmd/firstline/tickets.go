package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"firstline/bot/chat"
	"firstline/bot/markup"
	"firstline/handoff"
)

// ticketsCmd works on tickets in the database, beside a running serve, which
// delivers what is written here. Whoever can open the database may; --as says
// in whose name it stands in the ticket and in the audit log.
type ticketsCmd struct {
	As   string `help:"The agent to act as (default: ${user}); added when new." env:"FIRSTLINE_AGENT" placeholder:"NAME"`
	JSON bool   `name:"json" help:"Write JSON."`

	List     ticketsListCmd     `cmd:"" default:"withargs" help:"List tickets."`
	Show     ticketsShowCmd     `cmd:"" help:"Show a ticket's whole story."`
	Claim    ticketsClaimCmd    `cmd:"" help:"Take a ticket."`
	Release  ticketsReleaseCmd  `cmd:"" help:"Put a ticket back into the queue."`
	Transfer ticketsTransferCmd `cmd:"" help:"Give a ticket to a colleague."`
	Reply    ticketsReplyCmd    `cmd:"" help:"Answer the person; claims the ticket."`
	Note     ticketsNoteCmd     `cmd:"" help:"Add an internal note, which is never sent."`
	Solve    ticketsSolveCmd    `cmd:"" help:"Mark a ticket as solved."`
	Reopen   ticketsReopenCmd   `cmd:"" help:"Open a solved ticket again."`
}

// do runs f as the chosen agent.
func (t *ticketsCmd) do(ctx context.Context, s streams, c *cli, f func(d *handoff.Desk, by handoff.AgentID) error) error {
	name := t.As
	if name == "" {
		name = userName()
	}
	by, err := handoff.ParseAgentID(name)
	if err != nil {
		return usageError{fmt.Errorf("--as: %w", err)}
	}
	return withDesk(ctx, s, c, func(d *handoff.Desk) error {
		if err := d.EnsureAgent(ctx, by, handoff.RoleAgent); err != nil {
			return err
		}
		return f(d, by)
	})
}

// change runs an action on a ticket and prints its new state.
func (t *ticketsCmd) change(ctx context.Context, s streams, c *cli, id ticketArg, f func(*handoff.Desk, handoff.AgentID) (*handoff.Ticket, error)) error {
	return t.do(ctx, s, c, func(d *handoff.Desk, by handoff.AgentID) error {
		tk, err := f(d, by)
		if err != nil {
			return fmt.Errorf("ticket %d: %w", id, err)
		}
		if t.JSON {
			return writeJSON(s.out, ticketJSON(tk, tk.StateAt(time.Now())))
		}
		_, err = fmt.Fprintf(s.out, "ticket %s is %s\n", tk.ID, stateText(tk, time.Now()))
		return err
	})
}

func stateText(t *handoff.Ticket, now time.Time) string {
	if t.HeldAt(now) {
		return fmt.Sprintf("claimed by %s until %s", t.ClaimedBy, t.ClaimedUntil.Local().Format("15:04"))
	}
	return string(t.StateAt(now))
}

type ticketsListCmd struct {
	State string `help:"open, claimed, solved, mine or all." default:"waiting" enum:"waiting,open,claimed,solved,mine,all"`
	Max   int    `help:"At most this many." default:"200"`
}

// Run lists tickets.
func (l *ticketsListCmd) Run(ctx context.Context, s streams, c *cli, t *ticketsCmd) error {
	return t.do(ctx, s, c, func(d *handoff.Desk, by handoff.AgentID) error {
		f := handoff.Filter{Max: l.Max}
		switch l.State {
		case "waiting":
			f.States = []handoff.TicketState{handoff.Open, handoff.Claimed}
		case "mine":
			f.States, f.ClaimedBy = []handoff.TicketState{handoff.Claimed}, by
		case "all":
			f.Newest = true
		default:
			f.States = []handoff.TicketState{handoff.TicketState(l.State)}
		}
		lines, err := d.Queue(ctx, by, f)
		if err != nil {
			return err
		}
		if t.JSON {
			rows := make([]ticketRow, 0, len(lines))
			for _, line := range lines {
				r := ticketJSON(line.Ticket, line.State)
				r.Question = line.Question
				rows = append(rows, r)
			}
			return writeJSON(s.out, rows)
		}
		return writeQueue(s.out, lines, time.Now())
	})
}

func writeQueue(out io.Writer, lines []handoff.Line, now time.Time) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintln(out, "no tickets")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tSTATE\tSINCE\tWHY\tWHERE\tQUESTION")
	for _, l := range lines {
		state := string(l.State)
		if l.State == handoff.Claimed {
			state += " by " + string(l.ClaimedBy)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", l.ID, state, now.Sub(l.QueuedAt).Round(time.Second),
			l.Reason, l.Conversation.Network, plain(l.Question))
	}
	return w.Flush()
}

type ticketsShowCmd struct {
	ID ticketArg `arg:"" help:"Number of the ticket."`
}

// Run shows a ticket.
func (a *ticketsShowCmd) Run(ctx context.Context, s streams, c *cli, t *ticketsCmd) error {
	return t.do(ctx, s, c, func(d *handoff.Desk, by handoff.AgentID) error {
		st, err := d.Story(ctx, handoff.TicketID(a.ID), by)
		if err != nil {
			return fmt.Errorf("ticket %d: %w", a.ID, err)
		}
		if t.JSON {
			return writeJSON(s.out, storyJSON(st))
		}
		return writeStory(s.out, st, time.Now())
	})
}

// ticketRef is the argument of commands that need a ticket only.
type ticketRef struct {
	ID ticketArg `arg:"" help:"Number of the ticket."`
}

// act runs a method of the desk on the ticket.
func (a *ticketRef) act(ctx context.Context, s streams, c *cli, t *ticketsCmd,
	method func(*handoff.Desk, context.Context, handoff.TicketID, handoff.AgentID) (*handoff.Ticket, error),
) error {
	return t.change(ctx, s, c, a.ID, func(d *handoff.Desk, by handoff.AgentID) (*handoff.Ticket, error) {
		return method(d, ctx, handoff.TicketID(a.ID), by)
	})
}

type ticketsClaimCmd struct{ ticketRef }

// Run claims a ticket.
func (a *ticketsClaimCmd) Run(ctx context.Context, s streams, c *cli, t *ticketsCmd) error {
	return a.act(ctx, s, c, t, (*handoff.Desk).Claim)
}

type ticketsReleaseCmd struct{ ticketRef }

// Run releases a ticket.
func (a *ticketsReleaseCmd) Run(ctx context.Context, s streams, c *cli, t *ticketsCmd) error {
	return a.act(ctx, s, c, t, (*handoff.Desk).Release)
}

type ticketsTransferCmd struct {
	ID ticketArg `arg:"" help:"Number of the ticket."`
	To string    `arg:"" help:"Name of the agent."`
}

// Run transfers a ticket.
func (a *ticketsTransferCmd) Run(ctx context.Context, s streams, c *cli, t *ticketsCmd) error {
	to, err := handoff.ParseAgentID(a.To)
	if err != nil {
		return usageError{err}
	}
	return t.change(ctx, s, c, a.ID, func(d *handoff.Desk, by handoff.AgentID) (*handoff.Ticket, error) {
		return d.Transfer(ctx, handoff.TicketID(a.ID), by, to)
	})
}

type ticketsSolveCmd struct{ ticketRef }

// Run solves a ticket.
func (a *ticketsSolveCmd) Run(ctx context.Context, s streams, c *cli, t *ticketsCmd) error {
	return a.act(ctx, s, c, t, (*handoff.Desk).Solve)
}

type ticketsReopenCmd struct{ ticketRef }

// Run reopens a ticket.
func (a *ticketsReopenCmd) Run(ctx context.Context, s streams, c *cli, t *ticketsCmd) error {
	return a.act(ctx, s, c, t, (*handoff.Desk).Reopen)
}

// ticketText is the arguments of commands that write something to a ticket.
type ticketText struct {
	ID   ticketArg `arg:"" help:"Number of the ticket."`
	Text []string  `arg:"" help:"What to write; - reads it from standard input."`
	Key  string    `help:"Writing again with the same key does nothing." placeholder:"KEY"`
}

// write runs a method of the desk with the text.
func (a *ticketText) write(ctx context.Context, s streams, c *cli, t *ticketsCmd,
	method func(*handoff.Desk, context.Context, handoff.TicketID, handoff.AgentID, string, string) (*handoff.Ticket, error),
) error {
	text := strings.Join(a.Text, " ")
	if text == "-" {
		b, err := io.ReadAll(io.LimitReader(s.in, 4*handoff.MaxText+1))
		if err != nil {
			return err
		}
		text = string(b)
	}
	key := a.Key
	if key == "" {
		key = uuid.NewString()
	}
	return t.change(ctx, s, c, a.ID, func(d *handoff.Desk, by handoff.AgentID) (*handoff.Ticket, error) {
		return method(d, ctx, handoff.TicketID(a.ID), by, key, text)
	})
}

type ticketsReplyCmd struct{ ticketText }

// Run replies.
func (a *ticketsReplyCmd) Run(ctx context.Context, s streams, c *cli, t *ticketsCmd) error {
	return a.write(ctx, s, c, t, (*handoff.Desk).Reply)
}

type ticketsNoteCmd struct{ ticketText }

// Run notes.
func (a *ticketsNoteCmd) Run(ctx context.Context, s streams, c *cli, t *ticketsCmd) error {
	return a.write(ctx, s, c, t, (*handoff.Desk).Note)
}

// ticketArg is a ticket's number, with or without a number sign.
type ticketArg int64

// UnmarshalText parses the number.
func (a *ticketArg) UnmarshalText(b []byte) error {
	n, err := strconv.ParseInt(strings.TrimPrefix(string(b), "#"), 10, 64)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is not a ticket's number", b)
	}
	*a = ticketArg(n)
	return nil
}

// plain makes a stranger's text safe to print on a terminal.
func plain(text string) string { return markup.Terminal(chat.Plain(text), false) }

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
