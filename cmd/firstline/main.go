// Command firstline answers questions on Telegram, Discord and in the terminal
// from markdown help articles, and hands what it can't answer to a queue of
// people.
//
// This package wires the others together: flags and environment, start and
// shutdown, one file for each subcommand.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"firstline/handoff/store"
	"firstline/knowledge"

	_ "time/tzdata" // opening hours name time zones; the binary may run where there is no zone database
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// streams is where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// cli is the command line. Settings that a deployment fixes can also come from
// the environment; secrets come from there or from a file, never from a flag.
type cli struct {
	Content  string `help:"Folder with the articles (default: those built in)." env:"FIRSTLINE_CONTENT" placeholder:"DIR" type:"path"`
	Database string `help:"SQLite file (default: ${database})." env:"FIRSTLINE_DATABASE" placeholder:"PATH"`

	Serve   serveCmd   `cmd:"" default:"withargs" help:"Answer questions and run the desk (default). On a terminal with no token set, chat at once."`
	Chat    chatCmd    `cmd:"" help:"Chat in this terminal, also beside a running serve."`
	Ask     askCmd     `cmd:"" help:"Show the verdict on one question."`
	Check   checkCmd   `cmd:"" help:"Check the content folder, what each token can do and the web chat's settings, and say what is wrong."`
	Eval    evalCmd    `cmd:"" help:"Measure how well questions are answered."`
	Tickets ticketsCmd `cmd:"" help:"Work on tickets, also beside a running serve."`
	Agents  agentsCmd  `cmd:"" help:"Manage who works at the desk."`
	Version versionCmd `cmd:"" help:"Show the version."`
}

// usageError is a mistake in how a command was called.
type usageError struct{ error }

// Unwrap returns what was wrong.
func (e usageError) Unwrap() error { return e.error }

// run executes one command line and returns the exit code: 0, 1 for a failure,
// 2 for a mistake in the call.
func run(ctx context.Context, args []string, s streams) int {
	var c cli
	code := -1
	parser, err := kong.New(&c,
		kong.Name("firstline"),
		kong.Description("Answers questions from help articles and hands the rest to people."),
		kong.Writers(s.out, s.err),
		kong.Exit(func(n int) { code = n }),
		kong.Vars{"database": defaultDatabase(), "user": userName(), "costs": strconv.Itoa(knowledge.DefaultWrong)},
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s, &c),
	)
	if err != nil {
		fmt.Fprintln(s.err, "firstline:", err)
		return 1
	}
	k, err := parser.Parse(args)
	if code >= 0 { // --help has written its text
		return code
	}
	if err != nil {
		fmt.Fprintln(s.err, "firstline:", err)
		fmt.Fprintln(s.err, "Run \"firstline --help\" for what can be called.")
		return 2
	}
	if c.Database == "" {
		c.Database = defaultDatabase()
	}
	if strings.Contains(c.Database, "://") {
		err = usageError{fmt.Errorf("--database: %w: this build keeps everything in a SQLite file", store.ErrUnsupported)}
	} else {
		err = k.Run()
	}
	if _, ok := errors.AsType[usageError](err); ok {
		fmt.Fprintln(s.err, "firstline:", err)
		return 2
	}
	if err != nil {
		fmt.Fprintln(s.err, "firstline:", err)
		return 1
	}
	return 0
}
