package browsertest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Page is a page of the browser. Its methods fail the test when they can't do
// what they say, so they must be called from the test's own goroutine.
type Page struct {
	t       testing.TB
	conn    *conn
	session string

	mu         sync.Mutex
	complaints []string
	dialogs    chan string // messages of those that opened
}

func (p *Page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *Page) call(method string, args, result any) {
	p.t.Helper()
	p.must(p.conn.call(p.t.Context(), p.session, method, args, result))
}

// Navigate opens url and waits until it is loaded and its modules have run.
func (p *Page) Navigate(url string) {
	p.t.Helper()
	var r struct{ ErrorText string }
	p.call("Page.navigate", params{"url": url}, &r)
	if r.ErrorText != "" {
		p.t.Fatalf("opening the page: %s", r.ErrorText)
	}
	p.Loaded()
}

// Loaded waits until the page is loaded.
func (p *Page) Loaded() {
	p.t.Helper()
	p.Wait(`document.readyState === "complete" && location.href !== "about:blank"`)
}

// Eval runs an expression, which may be a promise, and puts its value into
// result unless that is nil.
func (p *Page) Eval(expression string, result any) {
	p.t.Helper()
	if err := p.eval(expression, result); err != nil {
		p.t.Fatalf("evaluating %s: %v", expression, err)
	}
}

func (p *Page) eval(expression string, result any) error {
	var r struct {
		Result struct {
			Value       json.RawMessage
			Description string
		}
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	err := p.conn.call(p.t.Context(), p.session, "Runtime.evaluate",
		params{"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true}, &r)
	switch {
	case err != nil:
		return err
	case r.ExceptionDetails != nil:
		return fmt.Errorf("%s %s", r.ExceptionDetails.Text, r.ExceptionDetails.Exception.Description)
	case result == nil || r.Result.Value == nil:
		return nil
	}
	return json.Unmarshal(r.Result.Value, result)
}

// Text returns the value of an expression as text.
func (p *Page) Text(expression string) string {
	p.t.Helper()
	var s string
	p.Eval("String("+expression+")", &s)
	return s
}

// Wait waits until an expression is true. Errors in it count as not yet: the
// page may be in between two documents.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		var ok bool
		err := p.eval("Boolean("+condition+")", &ok)
		if ok {
			return
		}
		if time.Now().After(deadline) {
			var at, text string
			_ = p.eval("location.pathname", &at)
			_ = p.eval("document.body.innerText.slice(0, 2000)", &text)
			p.t.Fatalf("%s: never true (last error: %v) on %s:\n%s", condition, err, at, text)
		}
		time.Sleep(15 * time.Millisecond)
	}
}

// Viewport sets the size of the window in CSS pixels.
func (p *Page) Viewport(width, height int) {
	p.t.Helper()
	p.call("Emulation.setDeviceMetricsOverride",
		params{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
}

// Scheme sets the colour scheme that the person prefers: light or dark.
func (p *Page) Scheme(name string) {
	p.t.Helper()
	p.call("Emulation.setEmulatedMedia",
		params{"features": []params{{"name": "prefers-color-scheme", "value": name}}}, nil)
}

// Offline cuts the page off the network, or connects it again.
func (p *Page) Offline(off bool) {
	p.t.Helper()
	p.call("Network.emulateNetworkConditions",
		params{"offline": off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}, nil)
}

// Screenshot saves what the window shows as name.png in the folder that
// EnvScreenshots names; without one it does nothing.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	dir := os.Getenv(EnvScreenshots)
	if dir == "" {
		return
	}
	var shot struct{ Data string }
	p.call("Page.captureScreenshot", params{"format": "png"}, &shot)
	png, err := base64.StdEncoding.DecodeString(shot.Data)
	p.must(err)
	p.must(os.MkdirAll(dir, 0o755))
	p.must(os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}

// Complaints returns the errors on the page's console and the exceptions
// nobody caught since it was last called.
func (p *Page) Complaints() []string {
	// The page's events come in order, so an answered command has all before it.
	_ = p.eval("0", nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.complaints
	p.complaints = nil
	return all
}

func (p *Page) complain(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = append(p.complaints, text)
}

// Dialog waits until the page has opened a dialog and returns its message. It
// was dismissed at once.
func (p *Page) Dialog() string {
	p.t.Helper()
	select {
	case message := <-p.dialogs:
		return message
	case <-time.After(patience):
		p.t.Fatal("no dialog")
		return ""
	}
}

// dialog dismisses a dialog: an open one stops the page.
func (p *Page) dialog(data json.RawMessage) {
	var d struct{ Message string }
	_ = json.Unmarshal(data, &d)
	select {
	case p.dialogs <- d.Message:
	default:
		p.complain("dialog: " + d.Message) // nobody waits for so many
	}
	_, _, _ = p.conn.post(p.session, "Page.handleJavaScriptDialog", params{"accept": false})
}
