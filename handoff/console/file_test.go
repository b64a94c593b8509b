package console_test

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/handoff"
	"firstline/handoff/console"
	"firstline/handoff/files"
)

// cabinet is a desk with kept attachments.
type cabinet struct {
	*desk
	folder *files.Folder
}

func newCabinet(t *testing.T) *cabinet {
	t.Helper()
	folder, err := files.OpenFolder(filepath.Join(t.TempDir(), "attachments"), 0)
	if err != nil {
		t.Fatal(err)
	}
	return &cabinet{newDesk(t, func(o *console.Options) { o.Files = folder }), folder}
}

// attach adds a message with an attachment to a ticket and ends its fetching.
func (c *cabinet) attach(id handoff.TicketID, name, content string, end handoff.File) *handoff.File {
	c.t.Helper()
	c.must(c.store.Update(c.t.Context(), func(tx handoff.Tx) error {
		k, err := tx.Ticket(id)
		if err != nil {
			return err
		}
		e := &handoff.Entry{
			Thread: k.Thread, Ticket: id, Kind: handoff.ByAsker, In: k.Conversation, At: c.clock.now(),
			Attachments: []chat.Attachment{{Kind: "document", Name: name, Ref: "r"}},
		}
		if err := tx.AddEntry(e); err != nil {
			return err
		}
		return c.rules.AddFiles(tx, e)
	}))
	taken, err := c.store.TakeFiles(c.t.Context(), []chat.Network{chat.Telegram}, 1, c.clock.now(), time.Hour)
	c.must(err)
	f := taken[0]
	if end.State == handoff.FilePending {
		return f
	}
	if end.State == handoff.FileKept {
		d, err := c.folder.Draft()
		c.must(err)
		_, err = io.WriteString(d, content)
		c.must(err)
		f.Hash, err = d.Keep()
		c.must(err)
	}
	f.State, f.Type, f.Reason, f.Size = end.State, end.Type, end.Reason, int64(len(content))
	c.must(c.store.Update(c.t.Context(), func(tx handoff.Tx) error { return tx.FinishFile(f, time.Time{}) }))
	return f
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	id := c.ask(question{name: "Ada", text: "see the picture"})
	picture := c.attach(id, "screen \u202egnp.<b>.png", "PNG…", handoff.File{State: handoff.FileKept, Type: "image/png"})
	page := c.attach(id, "../../etc/passwd", "<script>alert(1)</script>", handoff.File{State: handoff.FileKept, Type: "text/plain; charset=utf-8"})
	refused := c.attach(id, "all.zip", "", handoff.File{State: handoff.FileRefused, Reason: "type: application/zip"})
	waiting := c.attach(id, "later.pdf", "", handoff.File{State: handoff.FilePending})
	ann := c.as("ann")
	story := ann.get(ticketPath(id))
	story.expect(t, http.StatusOK,
		`<img src="/desk/files/`+picture.ID+`"`, `<a href="/desk/files/`+page.ID+`" download>`,
		"not kept: type: application/zip", "being fetched", "screen \u202egnp.&lt;b&gt;.png", "Open it on Telegram.")
	for _, f := range []*handoff.File{refused, waiting} {
		if strings.Contains(story.body, "/desk/files/"+f.ID) {
			t.Errorf("there is a link to %s", f.Attachment.Name)
		}
		ann.get("/desk/files/"+f.ID).expect(t, http.StatusNotFound)
	}
	for _, tt := range []struct {
		f                        *handoff.File
		mediaType, content, name string
	}{
		{picture, "image/png", "PNG…", `inline; filename="screen gnp.b.png"`},
		{page, "text/plain; charset=utf-8", "<script>alert(1)</script>", `attachment; filename=etcpasswd.txt`},
	} {
		r := ann.get("/desk/files/" + tt.f.ID)
		r.expect(t, http.StatusOK, tt.content)
		for name, want := range map[string]string{
			"Content-Type": tt.mediaType, "X-Content-Type-Options": "nosniff", "Content-Disposition": tt.name,
			"Content-Security-Policy":      "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "private, no-cache",
		} {
			if got := r.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", tt.f.Attachment.Name, name, got, want)
			}
		}
		again := ann.do(http.MethodGet, "/desk/files/"+tt.f.ID, nil, http.Header{"If-None-Match": {r.header.Get("ETag")}})
		again.expect(t, http.StatusNotModified)
	}

	// Only for staff, only what there is.
	if r := c.browser().get("/desk/files/" + picture.ID); r.status != http.StatusSeeOther || strings.Contains(r.body, "PNG") {
		t.Errorf("a stranger: %d", r.status)
	}
	c.must(c.rules.DisableAgent(t.Context(), "lea", "ann"))
	if r := ann.get("/desk/files/" + picture.ID); r.status == http.StatusOK {
		t.Error("a disabled agent sees attachments")
	}
	bob := c.as("bob")
	for _, path := range []string{"none", "..%2f..%2fdesk.db", picture.Hash} {
		bob.get("/desk/files/"+path).expect(t, http.StatusNotFound)
	}
	c.must(c.folder.Remove(picture.Hash))
	bob.get("/desk/files/"+picture.ID).expect(t, http.StatusNotFound)
	if log := c.logs.String(); !strings.Contains(log, "missing") || strings.Contains(log, "gnp") {
		t.Errorf("log: %s", log)
	}
}
