// Package browsertest drives a real browser in tests: it starts Chromium
// without a window and speaks the DevTools protocol to it. Tests that use it
// are skipped where there is no browser, unless they are required to run.
//
// It knows nothing of the pages under test.
package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The environment variables that Start and Screenshot look at.
const (
	// EnvBrowser names the browser's program instead of chromium on the PATH.
	EnvBrowser = "FIRSTLINE_CHROMIUM"
	// EnvRequire set to 1 makes a missing browser a failure.
	EnvRequire = "FIRSTLINE_REQUIRE_BROWSER"
	// EnvScreenshots is the folder that screenshots go to; none are taken
	// without it.
	EnvScreenshots = "FIRSTLINE_SCREENSHOTS"
)

// patience is how long the browser may take to start, answer, or make a
// condition true. Only a failing test waits for so long.
const patience = 30 * time.Second

// Browser is a running browser, which ends with its test.
type Browser struct{ conn *conn }

// Start starts a browser with an empty profile. It skips the test when there
// is no browser, or fails it when one is required.
func Start(t testing.TB) *Browser {
	t.Helper()
	program, err := find()
	if err != nil {
		if os.Getenv(EnvRequire) == "1" {
			t.Fatalf("no browser: %v", err)
		}
		t.Skipf("no browser (%v): install chromium or set %s", err, EnvBrowser)
	}
	profile, err := os.MkdirTemp("", "browsertest-")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-dev-shm-usage", "--force-color-profile=srgb",
		// Each new window would run the page of an address bar that nobody sees,
		// which takes more time than the page under test, and a process in reserve.
		"--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess",
		"--remote-debugging-port=0", "--user-data-dir="+profile, "about:blank")
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it is stopped by us, or address reports that it is gone
		close(exited)
	}()
	b := &Browser{}
	t.Cleanup(func() {
		b.stop(cmd, exited)
		// The browser's helpers may still be writing as they end.
		for range 50 {
			if os.RemoveAll(profile) == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	url, err := address(profile, exited)
	if err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	if b.conn, err = dial(url); err != nil {
		t.Fatalf("speaking to the browser: %v", err)
	}
	return b
}

func find() (string, error) {
	if program := os.Getenv(EnvBrowser); program != "" {
		return exec.LookPath(program)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errors.New("chromium is not on the PATH")
}

// address waits for the file in which the browser says where it listens.
func address(profile string, exited <-chan struct{}) (string, error) {
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		data, err := os.ReadFile(filepath.Join(profile, "DevToolsActivePort"))
		if lines := strings.Fields(string(data)); err == nil && len(lines) == 2 {
			return "ws://127.0.0.1:" + lines[0] + lines[1], nil
		}
		select {
		case <-exited:
			return "", errors.New("it ended at once")
		case <-deadline:
			return "", errors.New("it does not listen")
		case <-tick.C:
		}
	}
}

// stop asks the browser to end, and makes it when it does not.
func (b *Browser) stop(cmd *exec.Cmd, exited <-chan struct{}) {
	if b.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_ = b.conn.call(ctx, "", "Browser.close", nil, nil)
		cancel()
		b.conn.close()
	} else {
		_ = cmd.Process.Kill()
	}
	select {
	case <-exited:
	case <-time.After(5 * time.Second):
		_ = cmd.Process.Kill()
	}
}

// Page opens an empty page with cookies and storage of its own, as a person
// at another machine would have.
func (b *Browser) Page(t testing.TB) *Page {
	t.Helper()
	p := &Page{t: t, conn: b.conn, dialogs: make(chan string, 8)}
	var own struct{ BrowserContextID string }
	p.must(b.conn.call(t.Context(), "", "Target.createBrowserContext", nil, &own))
	var target struct{ TargetID string }
	p.must(b.conn.call(t.Context(), "", "Target.createTarget",
		params{"url": "about:blank", "browserContextId": own.BrowserContextID}, &target))
	var attached struct{ SessionID string }
	p.must(b.conn.call(t.Context(), "", "Target.attachToTarget",
		params{"targetId": target.TargetID, "flatten": true}, &attached))
	p.session = attached.SessionID
	b.conn.listen(p.session, p.event)
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		p.call(domain+".enable", nil, nil)
	}
	return p
}

type params map[string]any

// event is called by the connection's reader, in order.
func (p *Page) event(method string, data json.RawMessage) {
	switch method {
	case "Runtime.exceptionThrown":
		var e struct {
			ExceptionDetails struct {
				Text      string
				Exception struct{ Description string }
			}
		}
		_ = json.Unmarshal(data, &e)
		p.complain(e.ExceptionDetails.Text + " " + e.ExceptionDetails.Exception.Description)
	case "Runtime.consoleAPICalled":
		var e struct {
			Type string
			Args []struct{ Value, Description any }
		}
		_ = json.Unmarshal(data, &e)
		if e.Type == "error" || e.Type == "assert" {
			args, _ := json.Marshal(e.Args)
			p.complain("console: " + string(args))
		}
	case "Log.entryAdded":
		var e struct {
			Entry struct{ Level, Text, URL string }
		}
		_ = json.Unmarshal(data, &e)
		if e.Entry.Level == "error" {
			p.complain(e.Entry.Text + " " + e.Entry.URL)
		}
	case "Page.javascriptDialogOpening":
		p.dialog(data)
	}
}
