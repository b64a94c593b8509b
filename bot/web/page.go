package web

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"firstline/bot/phrases"
	"firstline/bot/static"
)

//go:embed static
var staticFiles embed.FS

//go:embed chat.html
var pageText string

var pageTemplate = template.Must(template.New("chat").Parse(pageText))

// texts are the phrases that the page and the widget need, by the names that
// their scripts know.
var texts = map[string]phrases.ID{
	"title": phrases.WebTitle, "welcome": phrases.Welcome, "never": phrases.NeverAsk,
	"open": phrases.WebOpen, "close": phrases.WebClose, "log": phrases.WebLog, "you": phrases.WebYou,
	"input": phrases.WebInput, "send": phrases.WebSend, "attach": phrases.WebAttach, "detach": phrases.WebDetach,
	"download": phrases.WebDownload, "choices": phrases.WebChoices, "newest": phrases.WebNewest, "earlier": phrases.WebEarlier, "retry": phrases.WebRetry,
	"typing": phrases.WebTyping, "sending": phrases.WebSending, "edited": phrases.WebEdited, "deleted": phrases.WebDeleted,
	"offline": phrases.WebOffline, "refused": phrases.WebRefused, "too_long": phrases.WebTooLong, "too_fast": phrases.WebTooFast,
	"file_size": phrases.WebFileSize, "file_type": phrases.WebFileType, "file_secret": phrases.WebFileSecret,
	"file_failed": phrases.WebFileFailed,
}

// language chooses what to speak: the one that is asked for if we have it, else
// what the browser prefers.
func (c *Channel) language(asked string, r *http.Request) string {
	tags := make([]language.Tag, len(c.o.Languages))
	for i, lang := range c.o.Languages {
		tags[i] = language.Make(lang)
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		wanted = nil
	}
	if tag, err := language.Parse(asked); err == nil {
		wanted = append([]language.Tag{tag}, wanted...)
	}
	_, i, confidence := language.NewMatcher(tags).Match(wanted...)
	if confidence == language.No || len(tags) == 0 {
		return c.o.Fallback
	}
	return c.o.Languages[i]
}

// rightToLeft are the languages written so.
var rightToLeft = map[string]bool{"ar": true, "fa": true, "he": true, "ur": true}

func direction(lang string) string {
	primary, _, _ := strings.Cut(lang, "-")
	if rightToLeft[primary] {
		return "rtl"
	}
	return "ltr"
}

func (c *Channel) say(lang string, names ...string) map[string]string {
	all := map[string]string{}
	for _, name := range names {
		all[name] = c.o.Text(lang, texts[name])
	}
	return all
}

// policy lets the page load nothing but our own scripts and styles, be framed by
// nobody but configured sites, and make no markup of text.
func (c *Channel) policy() string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; " +
		"form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'; " +
		"frame-ancestors " + strings.Join(append([]string{"'self'"}, c.sortedOrigins()...), " ")
}

// page serves the chat. ?embed=1 is the widget's frame, ?lang= a language.
func (c *Channel) page(w http.ResponseWriter, r *http.Request) {
	lang := c.language(r.URL.Query().Get("lang"), r)
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	said := c.say(lang, names...)
	data, err := json.Marshal(said)
	if err == nil {
		var b bytes.Buffer
		err = pageTemplate.Execute(&b, map[string]any{
			"Lang": lang, "Dir": direction(lang), "Embed": r.URL.Query().Get("embed") == "1",
			"Texts": string(data), "T": said, "MaxFile": c.o.MaxFile, "MaxText": maxText,
		})
		if err == nil {
			h := w.Header()
			h.Set("Content-Security-Policy", c.policy())
			h.Set("Content-Type", "text/html; charset=utf-8")
			h.Set("Cache-Control", "no-cache")
			h.Set("Vary", "Accept-Language")
			_, _ = b.WriteTo(w) // a reader that is gone asks again
			return
		}
	}
	c.log.Error("web: page", "err", err)
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

// widget serves the script that sites embed, which begins with its texts.
func (c *Channel) widget(w http.ResponseWriter, r *http.Request) {
	if len(c.origins) == 0 {
		http.Error(w, "the widget is off: set FIRSTLINE_WEB_ORIGINS to the sites that may embed it", http.StatusNotFound)
		return
	}
	script, err := staticFiles.ReadFile("static/widget.js")
	lang := c.language("", r)
	var said []byte
	if err == nil {
		said, err = json.Marshal(c.say(lang, "title", "open", "close"))
	}
	if err != nil {
		c.log.Error("web: widget", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	body := bytes.Replace(script, []byte("{/*texts*/}"), said, 1)
	h := w.Header()
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Vary", "Accept-Language")
	static.Serve(w, r, "widget.js", body, "public, max-age=300")
}
