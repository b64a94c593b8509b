package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"firstline/bot/chat"
	"firstline/bot/web/weblog"
)

const (
	maxBody  = 64 << 10 // bytes of a request that is not an upload
	maxText  = 4000     // runes of a message
	maxFiles = 10       // of a message
)

var clientID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// posted is what a browser sends.
type posted struct {
	// ID is the browser's own: the same again is the same message.
	ID   string `json:"id"`
	Text string `json:"text"`
	// Language is the page's.
	Language string `json:"language"`
	Files    []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"files"`
	// Choice is a pressed button and the message that holds it.
	Choice *struct {
		Message chat.MessageID `json:"message"`
		Data    string         `json:"data"`
	} `json:"choice"`
}

// postMessage stores a message. 200 means that it will be answered.
func (c *Channel) postMessage(w http.ResponseWriter, r *http.Request) error {
	if err := c.pace.requests.takeFor(r); err != nil {
		return err
	}
	s, err := c.session(r)
	if err != nil {
		return err
	}
	p, err := readPosted(w, r)
	if err != nil {
		return err
	}
	event := weblog.Event(s.ID, p.ID)
	id := weblog.OwnID(event)
	switch m, err := c.o.Store.WebMessage(r.Context(), s.ID, id); {
	case err == nil: // a repetition: the page may have only what came later
		answer(w, http.StatusOK, map[string]any{"id": id, "n": m.Position})
		return nil
	case !errors.Is(err, weblog.ErrNotFound):
		return err
	}
	if err := c.pace.messages.take(s.ID); err != nil {
		return err
	}
	m, err := c.message(r, s, event, p)
	if err != nil {
		return err
	}
	to := c.to()
	if to == nil {
		return errStopped
	}
	if err := to.Receive(r.Context(), []*chat.Message{m}); err != nil {
		return err
	}
	c.hub.wake(s.ID)
	answer(w, http.StatusOK, map[string]any{"id": id})
	return nil
}

func readPosted(w http.ResponseWriter, r *http.Request) (*posted, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, errBodySize
		}
		return nil, errBadJSON
	}
	if !utf8.Valid(body) {
		return nil, errBadUTF8
	}
	var p posted
	if err := json.Unmarshal(body, &p); err != nil {
		return nil, errBadJSON
	}
	p.Text = strings.TrimSpace(strings.ReplaceAll(p.Text, "\x00", ""))
	switch {
	case !clientID.MatchString(p.ID):
		return nil, errBadID
	case p.Text == "" && len(p.Files) == 0 && p.Choice == nil:
		return nil, errEmpty
	case utf8.RuneCountInString(p.Text) > maxText:
		return nil, errTooLong
	case len(p.Files) > maxFiles:
		return nil, errManyFiles
	case p.Choice != nil && (p.Choice.Data == "" || len(p.Choice.Data) > chat.MaxChoiceData):
		return nil, errUsed
	}
	return &p, nil
}

// message makes what the bot gets of what the browser sent.
func (c *Channel) message(r *http.Request, s weblog.Session, event string, p *posted) (*chat.Message, error) {
	m := &chat.Message{
		Event: event, ID: weblog.OwnID(event), Conversation: chat.ConversationID{Network: chat.Web, ID: s.ID},
		From:    chat.Person{ID: s.ID, Name: s.Identity, Language: c.language(p.Language, r)},
		Private: true, Addressed: true, SentAt: c.o.Now(),
	}
	if p.Choice != nil {
		holder, err := c.o.Store.WebMessage(r.Context(), s.ID, p.Choice.Message)
		if err != nil && !errors.Is(err, weblog.ErrNotFound) {
			return nil, err
		}
		if holder.Used != "" || !slices.ContainsFunc(holder.Choices, func(o chat.Choice) bool { return o.Data == p.Choice.Data }) {
			c.refused(r, "a choice that is not there")
			return nil, errUsed
		}
		m.ID, m.Choice = p.Choice.Message, p.Choice.Data
		return m, nil
	}
	m.Command, m.Text = command(p.Text)
	for _, f := range p.Files {
		u, err := c.o.Store.WebUpload(r.Context(), s.ID, f.ID)
		if err != nil && !errors.Is(err, weblog.ErrNotFound) {
			return nil, err
		}
		if err != nil || u.Message != "" {
			return nil, errForeignFile
		}
		m.Attachments = append(m.Attachments, chat.Attachment{Kind: kindOf(u.Type), Name: strings.ReplaceAll(f.Name, "\x00", ""), Size: u.Size, Ref: u.ID})
	}
	return m, nil
}

// command splits "/name text" for those who know it from other networks.
func command(text string) (chat.Command, string) {
	word, rest, _ := strings.Cut(text, " ")
	switch cmd := chat.Command(strings.ToLower(strings.TrimPrefix(word, "/"))); {
	case !strings.HasPrefix(word, "/"):
	case cmd == chat.CommandStart, cmd == chat.CommandHelp, cmd == chat.CommandHuman, cmd == chat.CommandAsk, cmd == chat.CommandSolved:
		return cmd, strings.TrimSpace(rest)
	}
	return chat.CommandNone, text
}
