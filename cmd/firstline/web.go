package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"firstline/bot/phrases"
	"firstline/bot/web"
)

// webChannel makes the chat on the web, which needs no token. Its uploads are
// kept beside the database, apart from what else is kept there.
func webChannel(log *slog.Logger, e *engine, c *serveCmd, database, self string) (*web.Channel, error) {
	identities, err := secret("FIRSTLINE_WEB_SECRET")
	if err != nil {
		return nil, err
	}
	site := e.words.Load().Site
	o := web.Options{
		Store: e.store, Dir: filepath.Join(filepath.Dir(database), "attachments", "web"),
		Origins: c.WebOrigins, Secret: identities, Languages: site.Languages, Fallback: site.Fallback,
		Text: func(lang string, id phrases.ID) string { return e.words.Load().Book.Text(lang, id, phrases.Data{}) },
		Log:  log.With("channel", "web"),
	}
	if c.URL != "" {
		o.Self = self
	}
	ch, err := web.New(o)
	if err != nil {
		return nil, fmt.Errorf("FIRSTLINE_WEB_ORIGINS, FIRSTLINE_WEB_SECRET or FIRSTLINE_URL: %w", err)
	}
	if len(c.WebOrigins) == 0 {
		log.Info("the web chat is at /chat only: FIRSTLINE_WEB_ORIGINS is not set")
	}
	return ch, nil
}

// web says what the settings of the web chat mean. It fails when something has
// to be put right before going live.
func (k *checkCmd) web(w io.Writer) error {
	identities, err := secret("FIRSTLINE_WEB_SECRET")
	var findings []web.Finding
	if err != nil { // which is no reason to say nothing of the rest
		findings = append(findings, web.Finding{Level: web.Problem, Text: err.Error()})
	}
	findings = append(findings, web.Check(web.Settings{Origins: k.WebOrigins, Secret: identities, URL: k.URL, Listen: k.Listen})...)
	bad := false
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "web: %s: %s\n", f.Level, f.Text); err != nil {
			return err
		}
		bad = bad || f.Level == web.Problem
	}
	if bad {
		return errors.New("web: not ready to go live, see above")
	}
	return nil
}
