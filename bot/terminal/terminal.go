// Package terminal is the channel of somebody who sits at the terminal in
// which Firstline runs: everything can be tried with no account anywhere.
//
// It speaks lines of text and knows no network library.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"firstline/bot/chat"
	"firstline/bot/markup"
)

// Console is a line editor: it reads lines and may be written to while a line
// is being typed. *term.Terminal is one.
type Console interface {
	io.Writer
	// ReadLine returns the next line without its end, or io.EOF.
	ReadLine() (string, error)
}

// Options configures a Channel.
type Options struct {
	Console Console
	// Network is chat.Terminal, or another name to keep apart several
	// terminals at one database: each is a network with one conversation.
	Network chat.Network
	Person  chat.Person
	Color   bool // style text by ANSI sequences
	// Columns returns how wide the console is now; nil or 0: lines are not
	// broken.
	Columns func() int
	Now     func() time.Time
}

// Channel implements chat.Channel on a Console.
type Channel struct {
	o Options

	mu      sync.Mutex
	choices []chat.Choice // of the newest message that had any
}

// New returns a channel.
func New(o Options) *Channel { return &Channel{o: o} }

// Network is the one of the options.
func (c *Channel) Network() chat.Network { return c.o.Network }

// Capabilities is what a terminal can do: messages of any length, choices by
// number, and nothing can be unsaid.
func Capabilities() chat.Capabilities { return chat.Capabilities{Choices: 99} }

// Capabilities implements chat.Channel.
func (*Channel) Capabilities() chat.Capabilities { return Capabilities() }

// conversation is where everything here is said.
func (c *Channel) conversation() chat.ConversationID {
	return chat.ConversationID{Network: c.o.Network, ID: "you"}
}

// Run reads lines until the console ends, the person quits, or ctx ends; it
// returns nil then. A line that is being waited for can't be interrupted: its
// goroutine ends with the console.
func (c *Channel) Run(ctx context.Context, r chat.Receiver) error {
	lines := make(chan string)
	failed := make(chan error, 1)
	go func() {
		for {
			line, err := c.o.Console.ReadLine()
			if err != nil {
				failed <- err
				return
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return fmt.Errorf("reading the terminal: %w", err)
		case line := <-lines:
			m, quit := c.parse(line)
			if quit {
				return nil
			}
			if m == nil {
				continue
			}
			if err := r.Receive(ctx, []*chat.Message{m}); err != nil {
				if err := c.print("Your message could not be stored, please send it again. The log says why."); err != nil {
					return fmt.Errorf("writing to the terminal: %w", err)
				}
			}
		}
	}
}

// parse makes a message of a line; nil for an empty one.
func (c *Channel) parse(line string) (m *chat.Message, quit bool) {
	line = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(line, "\x00", ""), "\uFFFD"))
	if line == "" {
		return nil, false
	}
	id := uuid.Must(uuid.NewV7()).String()
	m = &chat.Message{
		Event: id, ID: chat.MessageID(id), Conversation: c.conversation(), From: c.o.Person,
		Private: true, Addressed: true, Text: line, SentAt: c.o.Now(),
	}
	if data, ok := c.pick(line); ok {
		m.Choice, m.Text = data, ""
		return m, false
	}
	word, rest, _ := strings.Cut(line, " ")
	switch strings.ToLower(word) {
	case "/quit", "/exit", "/q":
		return nil, true
	case "/start", "/help", "/human", "/ask":
		m.Command, m.Text = chat.Command(strings.ToLower(word[1:])), strings.TrimSpace(rest)
	}
	return m, false
}

// pick returns what the number in line stands for.
func (c *Channel) pick(line string) (data string, ok bool) {
	n, err := strconv.Atoi(line)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || n < 1 || n > len(c.choices) {
		return "", false
	}
	return c.choices[n-1].Data, true
}

// Send prints a message.
func (c *Channel) Send(_ context.Context, to chat.ConversationID, out *chat.Outbound) (chat.MessageID, error) {
	if to != c.conversation() {
		return "", &chat.SendError{Kind: chat.Rejected, Reason: "this terminal has no such conversation"}
	}
	var b strings.Builder
	b.WriteString("\n" + markup.Terminal(out.Body, c.o.Color) + "\n")
	for i, ch := range out.Choices {
		label := markup.Terminal(chat.Plain(ch.Label), false)
		fmt.Fprintf(&b, "  [%d] %s\n", i+1, label)
	}
	if len(out.Choices) > 0 {
		c.mu.Lock()
		c.choices = out.Choices
		c.mu.Unlock()
	}
	text := b.String()
	if c.o.Columns != nil {
		text = wrap(text, c.o.Columns())
	}
	if err := c.print(text); err != nil {
		return "", &chat.SendError{Kind: chat.Temporary, Reason: "the terminal can't be written to"}
	}
	return chat.MessageID(uuid.Must(uuid.NewV7()).String()), nil
}

func (c *Channel) print(s string) error {
	_, err := io.WriteString(c.o.Console, s+"\n")
	return err
}

// Lines is a Console without editing, for input that is not typed.
func Lines(in io.Reader, out io.Writer) Console {
	return &lines{in: bufio.NewReaderSize(in, 64<<10), out: out}
}

type lines struct {
	in  *bufio.Reader
	mu  sync.Mutex
	out io.Writer
}

// maxLine is the most bytes of one line; the rest of a longer one is dropped.
const maxLine = 64 << 10

func (l *lines) ReadLine() (string, error) {
	var b strings.Builder
	for {
		part, more, err := l.in.ReadLine()
		if err != nil {
			if b.Len() > 0 && errors.Is(err, io.EOF) {
				return b.String(), nil
			}
			return "", err
		}
		if b.Len() < maxLine {
			b.Write(part)
		}
		if !more {
			return b.String(), nil
		}
	}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(p)
}
