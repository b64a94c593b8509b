package web_test

import (
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"firstline/bot/web"
)

func TestPage(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, c := range []struct{ accept, query, lang, dir string }{
		{"", "", "en", "ltr"},
		{"zh-TW,zh;q=0.9,en;q=0.8", "", "zh", "ltr"},
		{"ar-EG", "", "ar", "rtl"},
		{"pt-BR,ar;q=0.5", "", "ar", "rtl"},
		{"tlh", "", "en", "ltr"},
		{";;q=nonsense", "", "en", "ltr"},
		{"ar", "/?lang=zh", "ar", "rtl"}, // to /chat
		{"ar", "?lang=zh", "zh", "ltr"},
		{"ar", "?lang=%22%3E%3Cscript%3E", "ar", "rtl"},
	} {
		b := l.browser()
		b.header.Set("Accept-Language", c.accept)
		r := b.do("GET", "/chat"+c.query, nil)
		if r.status != 200 || !strings.Contains(r.body, `<html lang="`+c.lang+`" dir="`+c.dir+`">`) || !strings.Contains(r.body, c.lang+" web_title") {
			t.Errorf("%q %s: %d %.120s", c.accept, c.query, r.status, r.body)
		}
		if strings.Contains(r.body, "data-embed") || strings.Contains(r.body, "<script>") {
			t.Errorf("%s: %s", c.query, r.body)
		}
	}
	r := l.browser().do("GET", "/chat?embed=1", nil)
	if !strings.Contains(r.body, "data-embed") {
		t.Error("embedded page lacks its mark")
	}
	csp := r.header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'self' " + site, "require-trusted-types-for 'script'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy %q lacks %q", csp, want)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	if regexp.MustCompile(`(?i)\son[a-z]+=|style=|<script>|<style`).MatchString(r.body) {
		t.Error("the page holds inline scripts or styles")
	}
	for _, path := range []string{"/chat/x", "/chat/static/", "/chat/static/../web.go", "/chat/static/none.js", "/chatter"} {
		if r := l.browser().do("GET", path, nil); r.status != 404 {
			t.Errorf("%s: %d", path, r.status)
		}
	}
}

func TestWidget(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser()
	b.header.Set("Accept-Language", "ar")
	r := b.do("GET", "/widget.js", nil)
	if r.status != 200 || !strings.Contains(r.body, `"ar web_open"`) || strings.Contains(r.body, "/*texts*/") ||
		r.header.Get("Content-Type") != "text/javascript; charset=utf-8" || r.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("%d %v", r.status, r.header)
	}
	l.stop()
	l.open(func(o *web.Options) { o.Origins = nil })
	if r := l.browser().do("GET", "/widget.js", nil); r.status != 404 || !strings.Contains(r.body, "FIRSTLINE_WEB_ORIGINS") {
		t.Errorf("without origins: %d %s", r.status, r.body)
	}
	page := l.browser().do("GET", "/chat", nil)
	if page.status != 200 || !strings.HasSuffix(page.header.Get("Content-Security-Policy"), "frame-ancestors 'self'") {
		t.Errorf("page without origins: %d %v", page.status, page.header)
	}
}

// TestWeight: everything that a visitor's browser loads, in gzip.
func TestWeight(t *testing.T) {
	t.Parallel()
	const limit = 30_000
	total := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".go") {
			return err
		}
		n := &counter{}
		z, err := gzip.NewWriterLevel(n, gzip.DefaultCompression)
		if err != nil {
			return err
		}
		if _, err := z.Write(read(t, path)); err != nil {
			return err
		}
		err = z.Close() // only then is all of it written
		total += n.n
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", total)
	if total < 5000 || total > limit { // less is not what we have written
		t.Errorf("%d bytes in gzip, at most %d", total, limit)
	}
}

type counter struct{ n int }

func (c *counter) Write(p []byte) (int, error) {
	c.n += len(p)
	return len(p), nil
}

var _ io.Writer = (*counter)(nil)

// TestNoMarkupFromText: our scripts have no way to make markup of a text.
func TestNoMarkupFromText(t *testing.T) {
	t.Parallel()
	bad := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|createContextualFragment|srcdoc`)
	files, err := fs.Glob(os.DirFS("static"), "*.js")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if found := bad.Find(read(t, "static/"+f)); found != nil {
			t.Errorf("%s has %s", f, found)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "www.site.example", "ftp://site.example", "https://site.example/path", "https://*.site.example", "https://site.example; script-src *",
		"https://a@site.example", "https://site.example?x", "javascript:alert(1)", "https://", "*", "null",
	} {
		if _, err := web.New(web.Options{Origins: []string{bad}}); err == nil {
			t.Errorf("origin %q was accepted", bad)
		}
	}
	for _, good := range []string{"https://Site.example/", "http://localhost:3000", "http://[::1]:8080", "https://site.example:443"} {
		if _, err := web.New(web.Options{Origins: []string{good}}); err != nil {
			t.Errorf("%v", err)
		}
	}
	if _, err := web.New(web.Options{Secret: "short"}); err == nil || strings.Contains(err.Error(), `"short"`) {
		t.Errorf("a short secret: %v", err)
	}
}
