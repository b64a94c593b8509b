package discord

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"firstline/bot/chat"
)

// files downloads what people have attached. The bot's token is not sent along:
// the addresses are signed.
type files struct {
	http *http.Client
	// own is scheme and host of another API base, whose files are fetched too;
	// "" for Discord's own.
	own string
}

// stalled is how long a download may bring nothing.
const stalled = 30 * time.Second

func newFiles(apiBase string) files {
	f := files{http: &http.Client{
		Transport: http.DefaultTransport.(*http.Transport).Clone(),
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // it could lead anywhere
		},
	}}
	if u, err := url.Parse(apiBase); err == nil && apiBase != DefaultAPIBase {
		f.own = u.Scheme + "://" + u.Host
	}
	return f
}

// allowed reports whether a file may be fetched from address: Discord's hosts
// for files only, whatever a message says.
func (f files) allowed(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if f.own != "" && u.Scheme+"://"+u.Host == f.own {
		return true
	}
	return u.Scheme == "https" && (u.Host == "cdn.discordapp.com" || u.Host == "media.discordapp.net")
}

// Fetch writes an attachment to w. Its address is asked for anew: the one that
// came with the message ends within a day. It implements chat.Fetcher.
func (c *Channel) Fetch(ctx context.Context, in chat.ConversationID, a chat.Attachment, w io.Writer, max int64) error {
	part := strings.Split(a.Ref, "/")
	if in.Network != chat.Discord || len(part) != 3 {
		return &chat.SendError{Kind: chat.Rejected, Reason: "not an attachment on Discord"}
	}
	for _, id := range part {
		if _, ok := parseSnowflake(id); !ok {
			return &chat.SendError{Kind: chat.Rejected, Reason: "not an attachment on Discord"}
		}
	}
	var m wireMessage
	if err := c.rest.call(ctx, "GET", discordgo.EndpointChannelMessage(part[0], part[1]), nil, &m); err != nil {
		return c.sendError(err)
	}
	address, size := c.files.find(&m, part[2])
	switch {
	case address == "":
		return &chat.SendError{Kind: chat.Rejected, Reason: "the attachment was removed from its message"}
	case size > max:
		return chat.ErrTooLarge
	case !c.files.allowed(address):
		c.log.Warn("discord: an attachment with an address that is not Discord's was not fetched", "channel", part[0])
		return &chat.SendError{Kind: chat.Rejected, Reason: "the attachment is not on Discord's servers"}
	}
	return c.files.download(ctx, address, w, max)
}

// find returns where an attachment or sticker of m is; "" when it is not there.
func (f files) find(m *wireMessage, id string) (address string, size int64) {
	list := m.Attachments.V
	for _, forwarded := range m.Forwarded.V {
		list = append(list, forwarded.Message.V.Attachments.V...)
	}
	for _, a := range list {
		if a.ID == id {
			return a.URL.V, a.Size.V
		}
	}
	for _, s := range m.Stickers.V {
		if s.ID == id {
			return f.sticker(s), 0
		}
	}
	return "", 0
}

// sticker returns the address of a sticker's picture.
// https://discord.com/developers/docs/reference#image-formatting-cdn-endpoints
func (f files) sticker(s wireSticker) string {
	base, ending := "https://cdn.discordapp.com", ".png"
	switch s.Format.V {
	case 3:
		ending = ".json"
	case 4:
		base, ending = "https://media.discordapp.net", ".gif"
	}
	if f.own != "" {
		base = f.own
	}
	return base + "/stickers/" + s.ID + ending
}

// download streams a file into w.
func (f files) download(ctx context.Context, address string, w io.Writer, max int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch := time.AfterFunc(stalled, cancel)
	defer watch.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return &chat.SendError{Kind: chat.Rejected, Reason: "the attachment's address is malformed"}
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := f.http.Do(req)
	if err != nil { // its text holds the signed address
		return &chat.SendError{Kind: chat.Temporary, Reason: "the attachment can't be fetched: " + networkCause(err)}
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return &chat.SendError{Kind: chat.Rejected, Reason: "the attachment is gone"}
	case resp.StatusCode != http.StatusOK:
		return &chat.SendError{Kind: chat.Temporary, Reason: "the attachment can't be fetched: HTTP " + resp.Status[:3]}
	case resp.ContentLength > max:
		return chat.ErrTooLarge
	}
	body := &watched{r: resp.Body, watch: watch}
	if _, err := io.CopyN(w, body, max); err != nil && !errors.Is(err, io.EOF) {
		reason := "the attachment can't be kept"
		if body.failed {
			reason = "the attachment came incompletely"
		}
		return &chat.SendError{Kind: chat.Temporary, Reason: reason}
	}
	if n, err := io.ReadFull(body, make([]byte, 1)); n > 0 {
		return chat.ErrTooLarge
	} else if !errors.Is(err, io.EOF) {
		return &chat.SendError{Kind: chat.Temporary, Reason: "the attachment came incompletely"}
	}
	return nil
}

// watched is a body that is given up when nothing comes for long.
type watched struct {
	r      io.Reader
	watch  *time.Timer
	failed bool
}

// Read reads.
func (w *watched) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	if n > 0 {
		w.watch.Reset(stalled)
	}
	w.failed = w.failed || (err != nil && !errors.Is(err, io.EOF))
	return n, err
}
