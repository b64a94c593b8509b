package browsertest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestSkipsWithoutABrowser(t *testing.T) {
	t.Setenv(EnvBrowser, "no-such-browser")
	t.Setenv(EnvRequire, "")
	skipped := false
	t.Run("a test that needs one", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		Start(t)
	})
	if !skipped {
		t.Error("the test ran on")
	}
}

const testPage = `<!doctype html><title>Keys</title><body><input id="a"><input id="b">
<button onclick="document.title = confirm('Sure?')">Go</button>
<script>
console.log("fine");
addEventListener("keydown", (e) => { if (e.ctrlKey && e.key === "Enter") document.title = "sent"; });
</script>`

func TestPage(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, strings.Replace(testPage, "<title>", `<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>`, 1))
	}))
	t.Cleanup(server.Close)
	b := Start(t)
	p := b.Page(t)
	p.Viewport(390, 844)
	p.Scheme("dark")
	p.Navigate(server.URL)
	if got := p.Text(`[innerWidth, matchMedia("(prefers-color-scheme: dark)").matches]`); got != "390,true" {
		t.Errorf("window: %s", got)
	}
	p.TabTo("#b")
	p.Type("Grüße 你好")
	p.Press("Shift+Tab")
	p.Press("x")
	if got := p.Text(`document.querySelector("#a").value + document.querySelector("#b").value`); got != "xGrüße 你好" {
		t.Errorf("typed %q", got)
	}
	p.Press("Control+Enter")
	p.Wait(`document.title === "sent"`)
	if got := p.Complaints(); len(got) != 0 {
		t.Errorf("complaints %q", got)
	}
	p.TabTo("button")
	p.Press("Space")
	if got := p.Dialog(); got != "Sure?" {
		t.Errorf("dialog %q", got)
	}
	p.Wait(`document.title === "false"`)

	p.Eval(`setTimeout(() => { throw new Error("thrown") }); console.error("printed"); fetch("/missing").then(() => undefined)`, nil)
	all := ""
	for range 1000 {
		all += strings.Join(p.Complaints(), "\n")
		if strings.Contains(all, "thrown") && strings.Contains(all, "printed") && strings.Contains(all, "404") {
			break
		}
	}
	for _, want := range []string{"thrown", "printed", "404"} {
		if !strings.Contains(all, want) {
			t.Errorf("complaints lack %q: %s", want, all)
		}
	}
	other := b.Page(t)
	other.Navigate(server.URL)
	p.Eval(`localStorage.setItem("k", "v")`, nil)
	if got := other.Text(`localStorage.getItem("k")`); got != "null" {
		t.Errorf("pages share storage: %q", got)
	}
}
