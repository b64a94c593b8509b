package files_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"firstline/bot/chat"
	"firstline/bot/chat/chattest"
	"firstline/handoff"
	"firstline/handoff/files"
	"firstline/handoff/store"
)

// cellar is a keeper at work on a real database and disk, in virtual time.
type cellar struct {
	*testing.T
	store  *store.Store
	net    *chattest.Fake
	folder *files.Folder
	path   string
	log    bytes.Buffer
	stop   func()
}

const small = 1000

func inCellar(t *testing.T, f func(c *cellar)) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := &cellar{T: t, path: filepath.Join(dir, "attachments"), net: chattest.New(chat.Telegram, chat.Capabilities{})}
		var err error
		if c.store, err = store.Open(t.Context(), filepath.Join(dir, "test.db"), store.Options{Now: time.Now}); err != nil {
			t.Fatal(err)
		}
		c.start(10_000, c.net)
		f(c)
		c.stop()
		if err := c.store.Close(); err != nil {
			t.Error(err)
		}
	})
}

func (c *cellar) start(total int64, channels ...chat.Channel) {
	c.Helper()
	c.folder = open(c.T, c.path, total)
	wake, quiet := c.store.Listen(store.Files)
	k := &files.Keeper{
		Store: c.store, Folder: c.folder, Channels: channels, Wake: wake, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(&c.log, nil)), Max: small,
	}
	ctx, cancel := context.WithCancel(c.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.Run(ctx)
	}()
	c.stop = func() {
		cancel()
		<-done
		quiet()
	}
}

func (c *cellar) add(entry, ref string) *handoff.File {
	c.Helper()
	return c.addAt(time.Now(), entry, ref)
}

// addAt is add at an earlier time.
func (c *cellar) addAt(at time.Time, entry, ref string) *handoff.File {
	c.Helper()
	f := &handoff.File{
		Entry: entry, Thread: "telegram/1", In: c.net.Private("1"), At: at,
		Attachment: chat.Attachment{Kind: "photo", Name: "my passport.png", Ref: ref},
	}
	c.update(func(tx handoff.Tx) error { return tx.AddFile(f) })
	return f
}

func (c *cellar) update(f func(handoff.Tx) error) {
	c.Helper()
	if err := c.store.Update(c.Context(), f); err != nil {
		c.Fatal(err)
	}
}

// ends waits, in virtual time, until the file is in another state than pending
// and forgetting.
func (c *cellar) ends(f *handoff.File) *handoff.File {
	c.Helper()
	for range 3600 {
		now := c.now(f)
		if now.State != handoff.FilePending && now.State != handoff.FileForgetting {
			return now
		}
		time.Sleep(time.Second)
	}
	c.Fatal("it does not end")
	return nil
}

func (c *cellar) now(f *handoff.File) (now *handoff.File) {
	c.Helper()
	err := c.store.View(c.Context(), func(tx handoff.Tx) (err error) {
		now, err = tx.File(f.ID)
		return err
	})
	if err != nil {
		c.Fatal(err)
	}
	return now
}

const png = "\x89PNG\x0d\x0a\x1a\x0a"

func TestTypesAndSizes(t *testing.T) {
	inCellar(t, func(c *cellar) {
		for content, want := range map[string]string{
			png + "…":          "image/png",
			"\xff\xd8\xff…":    "image/jpeg",
			"GIF89a…":          "image/gif",
			"RIFF1234WEBPVP8 ": "image/webp",
			"%PDF-1.7":         "application/pdf",
			"OggS\x00\x02":     "audio/ogg",
			"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom": "video/mp4",
			"just a log":                            "text/plain; charset=utf-8",
			"PK\x03\x04":                            "! type: application/zip",
			"<html><script>alert(1)</script>":       "! type: text/html",
			`<?xml version="1.0"?><svg onload=""/>`: "! type: text/xml",
			"MZ\x00\x01\x02":                        "! type: application/octet-stream",
			"\x7fELF\x01\x02":                       "! type: application/octet-stream",
			"":                                      "! empty",
			strings.Repeat("x", small):              "text/plain; charset=utf-8",
			strings.Repeat("x", small+1):            "! larger than 0 MB",
		} {
			ref := fmt.Sprintf("%x", content)
			c.net.Attach(ref, []byte(content), nil)
			f := c.ends(c.add("e", ref))
			if refused, ok := strings.CutPrefix(want, "! "); ok {
				if f.State != handoff.FileRefused || f.Reason != refused {
					t.Errorf("%.20q: %s, %q; want refused, %q", content, f.State, f.Reason, refused)
				}
				continue
			}
			if f.State != handoff.FileKept || f.Type != want || f.Size != int64(len(content)) || read(t, c.folder, f.Hash) != content {
				t.Errorf("%.20q: %+v", content, f)
			}
		}
		if drafts, _ := filepath.Glob(filepath.Join(c.path, "draft-*")); len(drafts) > 0 {
			t.Errorf("left behind: %v", drafts)
		}
	})
}

func TestRetries(t *testing.T) {
	inCellar(t, func(c *cellar) {
		c.net.Attach("a", []byte("half"), &chat.SendError{Kind: chat.Temporary, Reason: "502"})
		c.net.Attach("never", nil, errors.New("https://files/bot123:TOKEN/x"))
		c.net.Attach("gone", nil, &chat.SendError{Kind: chat.Rejected, Reason: "the file is gone"})
		a, gone := c.add("e", "a"), c.add("e", "gone")
		// It has been tried for two days but ten minutes.
		never := c.addAt(time.Now().Add(10*time.Minute-48*time.Hour), "e", "never")
		time.Sleep(time.Minute)
		if f := c.now(a); f.State != handoff.FilePending || f.Reason != "502" || f.Attempt < 3 {
			t.Errorf("while the network is away: %+v", f)
		}
		c.net.Attach("a", []byte(png), nil)
		if f := c.ends(a); f.State != handoff.FileKept || f.Reason != "" {
			t.Errorf("then: %+v", f)
		}
		if f := c.ends(gone); f.State != handoff.FileRefused || f.Reason != "the file is gone" {
			t.Errorf("what is gone: %+v", f)
		}
		began := time.Now()
		if f := c.ends(never); f.State != handoff.FileRefused || !strings.Contains(f.Reason, "could not be fetched") {
			t.Errorf("what never comes: %+v after %s", f, time.Since(began))
		}
		if log := c.log.String(); strings.Contains(log, "TOKEN") || strings.Contains(log, "passport") {
			t.Errorf("the log holds what it must not: %s", log)
		}
	})
}

func TestForgetting(t *testing.T) {
	inCellar(t, func(c *cellar) {
		c.net.Attach("a", []byte(png), nil)
		first, twin := c.ends(c.add("e1", "a")), c.ends(c.add("e2", "a"))
		c.update(func(tx handoff.Tx) error { return tx.ForgetFiles("e1") })
		if f := c.ends(first); f.State != handoff.FileForgotten || f.Hash != "" || f.Attachment.Name != "" {
			t.Errorf("%+v", f)
		}
		if got := read(t, c.folder, twin.Hash); got != png { // another attachment has the same content
			t.Errorf("%q", got)
		}
		c.update(func(tx handoff.Tx) error { return tx.ForgetFiles("e2") })
		c.ends(twin)
		if all, err := c.folder.All(); err != nil || len(all) > 0 {
			t.Errorf("left: %v, %v", all, err)
		}
	})
}

// TestFullAndRestart: a full disk is no reason to lose a file, and what a process
// that died left behind is found.
func TestFullAndRestart(t *testing.T) {
	inCellar(t, func(c *cellar) {
		c.stop()
		if _, err := keep(t, c.folder, "nobody's"); err != nil {
			t.Fatal(err)
		}
		c.start(9, c.net)
		c.net.Attach("a", []byte(png+"1234"), nil)
		f := c.add("e", "a")
		time.Sleep(time.Minute)
		if now := c.now(f); now.State != handoff.FilePending || now.Reason != files.ErrFull.Error() {
			t.Errorf("without room: %+v", now)
		}
		c.stop()
		c.start(1000, c.net)
		if now := c.ends(f); now.State != handoff.FileKept {
			t.Errorf("with room again: %+v", now)
		}
		if all, err := c.folder.All(); err != nil || len(all) != 1 {
			t.Errorf("kept: %v, %v", all, err)
		}
		// A network that gives no files.
		c.stop()
		c.start(1000, struct{ chat.Channel }{c.net})
		if now := c.ends(c.add("e", "a")); now.State != handoff.FileRefused || !strings.Contains(now.Reason, "this network") {
			t.Errorf("without a way to fetch: %+v", now)
		}
	})
}
