package console

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"time"

	"firstline/handoff"
)

//go:embed templates
var templateFiles embed.FS

// pages are the templates by name, each within the layout. They are parsed at
// start, so a broken one is found by every test.
var pages = parsePages()

func parsePages() map[string]*template.Template {
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		panic(err)
	}
	layout := template.Must(template.New("layout.html").Funcs(functions).ParseFS(files, "layout.html", "icons.html", "how.html"))
	all := make(map[string]*template.Template)
	for name, parts := range map[string][]string{
		"queue":   {"queue.html"},
		"ticket":  {"ticket.html", "story.html"},
		"staff":   {"staff.html"},
		"help":    {"help.html"},
		"signin":  {"signin.html"},
		"message": {"message.html"},
	} {
		all[name] = template.Must(template.Must(layout.Clone()).ParseFS(files, parts...))
	}
	return all
}

// page is what every template gets. Body is the page's own data.
type page struct {
	Product string
	Title   string // never a person's words: titles end up in histories
	Nav     string // the current entry of the navigation: queue, staff or ""
	Agent   *handoff.Agent
	Counts  handoff.Counts
	Now     time.Time
	Error   string
	Self    string // the address of a page that answers a POST
	Body    any
}

// page returns the page's frame. The numbers in it are a courtesy: when they
// can't be had, the page's own query reports why.
func (c *console) page(r *http.Request, a *handoff.Agent, title string) page {
	p := page{Product: c.product, Title: title, Agent: a, Now: c.now()}
	if a != nil {
		counts, err := c.desk.Counts(r.Context(), a.ID)
		if err != nil {
			c.logInternal(r, err)
		}
		p.Counts = counts
	}
	return p
}

// render writes a page, or nothing when its template fails.
func (c *console) render(w http.ResponseWriter, status int, name string, p page) error {
	var b bytes.Buffer
	if err := pages[name].ExecuteTemplate(&b, "layout.html", p); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := b.WriteTo(w)
	if err != nil {
		c.log.Debug("console page not read to its end", "err", err)
	}
	return nil
}
