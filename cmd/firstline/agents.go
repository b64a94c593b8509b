package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"firstline/handoff"
)

// agentsCmd manages staff. Whoever can open the database is its operator, so
// these commands ask for no other right.
type agentsCmd struct {
	List    agentsListCmd    `cmd:"" default:"1" help:"List the staff."`
	Add     agentsAddCmd     `cmd:"" help:"Add an agent and print their sign-in link."`
	Link    agentsLinkCmd    `cmd:"" help:"Print a new one-time sign-in link."`
	Disable agentsDisableCmd `cmd:"" help:"Take all rights from an agent."`
}

type agentsListCmd struct{}

// Run lists agents.
func (agentsListCmd) Run(ctx context.Context, s streams, c *cli) error {
	return withDesk(ctx, s, c, func(d *handoff.Desk) error {
		agents, err := d.Agents(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tROLE\tSINCE\tSTATE")
		for _, a := range agents {
			state := "active"
			if a.Disabled {
				state = "disabled"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.ID, a.Role, a.CreatedAt.Format("2006-01-02"), state)
		}
		return w.Flush()
	})
}

type agentsAddCmd struct {
	Name string `arg:"" help:"Short name, for good."`
	Lead bool   `help:"May also manage the staff."`
	URL  string `help:"Where the desk is reached." env:"FIRSTLINE_URL" default:"http://127.0.0.1:8080"`
}

// Run adds an agent.
func (a *agentsAddCmd) Run(ctx context.Context, s streams, c *cli) error {
	id, err := handoff.ParseAgentID(a.Name)
	if err != nil {
		return usageError{err}
	}
	role := handoff.RoleAgent
	if a.Lead {
		role = handoff.RoleLead
	}
	return withDesk(ctx, s, c, func(d *handoff.Desk) error {
		if err := d.EnsureAgent(ctx, id, role); err != nil {
			return err
		}
		return printLink(ctx, s, d, id, a.URL)
	})
}

type agentsLinkCmd struct {
	Name string `arg:"" help:"The agent's name."`
	URL  string `help:"Where the desk is reached." env:"FIRSTLINE_URL" default:"http://127.0.0.1:8080"`
}

// Run prints a link.
func (a *agentsLinkCmd) Run(ctx context.Context, s streams, c *cli) error {
	id, err := handoff.ParseAgentID(a.Name)
	if err != nil {
		return usageError{err}
	}
	return withDesk(ctx, s, c, func(d *handoff.Desk) error { return printLink(ctx, s, d, id, a.URL) })
}

func printLink(ctx context.Context, s streams, d *handoff.Desk, id handoff.AgentID, url string) error {
	link, err := signInLink(ctx, d, id, url)
	if err != nil {
		return fmt.Errorf("agent %s: %w", id, err)
	}
	_, err = fmt.Fprintf(s.out, "Sign in as %s (works once, within %s):\n%s\n", id, handoff.SignInFor, link)
	return err
}

type agentsDisableCmd struct {
	Name string `arg:"" help:"The agent's name."`
}

// Run disables an agent.
func (a *agentsDisableCmd) Run(ctx context.Context, s streams, c *cli) error {
	id, err := handoff.ParseAgentID(a.Name)
	if err != nil {
		return usageError{err}
	}
	return withDesk(ctx, s, c, func(d *handoff.Desk) error { return d.DisableAgent(ctx, "", id) })
}
