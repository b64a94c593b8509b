package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows is the map of the packages: what each may import of the others.
// Arrows point one way, from the edge to the domain to the vocabulary; a
// missing arrow is a decision, and adding one is a change of the design.
var arrows = map[string][]string{
	"cmd/firstline": {
		"content", "bot", "bot/chat", "bot/guard", "bot/inbox", "bot/markup", "bot/outbox", "bot/phrases",
		"bot/telegram", "bot/discord", "bot/terminal", "bot/web", "handoff", "handoff/store", "handoff/files", "handoff/rooms", "handoff/console",
		"knowledge", "knowledge/article", "knowledge/eval", "knowledge/labelled", "knowledge/lint", "knowledge/site", "knowledge/talk", "knowledge/watch",
	},
	"content": {},

	"bot": {
		"bot/chat", "bot/guard", "bot/inbox", "bot/markup", "bot/outbox", "bot/phrases", "handoff",
		"knowledge", "knowledge/article", "knowledge/lang", "knowledge/site",
	},
	"bot/chat":          {},
	"bot/chat/chattest": {"bot/chat"},
	"bot/backoff":       {},
	"bot/guard":         {},
	"bot/pump":          {},
	"bot/static":        {},
	"bot/markup":        {"bot/chat"},
	"bot/outbox":        {"bot/chat", "bot/pump"},
	"bot/inbox":         {"bot/chat", "bot/guard", "bot/outbox", "bot/pump"},
	"bot/phrases":       {"knowledge/lint", "knowledge/lint/strict", "knowledge/site"},
	"bot/terminal":      {"bot/chat", "bot/markup"},
	"bot/telegram":      {"bot/backoff", "bot/chat", "bot/markup"},
	"bot/discord":       {"bot/backoff", "bot/chat", "bot/markup"},

	"bot/web":        {"bot/chat", "bot/guard", "bot/phrases", "bot/static", "bot/web/weblog"},
	"bot/web/weblog": {"bot/chat"},

	"bot/telegram/telegramtest": {},
	"bot/discord/discordtest":   {},

	"handoff":                     {"bot/chat", "bot/outbox"},
	"handoff/store":               {"handoff", "bot/chat", "bot/inbox", "bot/outbox", "bot/web/weblog"},
	"handoff/storetest":           {"handoff", "bot/chat", "bot/inbox", "bot/outbox", "bot/web/weblog"},
	"handoff/files":               {"handoff", "bot/chat", "bot/outbox", "bot/pump"},
	"handoff/words":               {"handoff", "bot/chat"},
	"handoff/rooms":               {"handoff", "handoff/words", "bot/chat", "bot/inbox", "bot/outbox"},
	"handoff/console":             {"handoff", "handoff/files", "handoff/words", "bot/chat", "bot/outbox", "bot/static"},
	"handoff/console/browsertest": {},

	"knowledge": {
		"knowledge/article", "knowledge/labelled", "knowledge/lang", "knowledge/rank", "knowledge/search", "knowledge/talk",
	},
	"knowledge/labelled": {"knowledge/article", "knowledge/lang", "knowledge/lint", "knowledge/lint/strict"},
	// It measures package knowledge from outside: only by what anybody may call.
	"knowledge/eval": {
		"knowledge", "knowledge/article", "knowledge/labelled", "knowledge/lang", "knowledge/search",
	},
	"knowledge/lint":        {},
	"knowledge/lint/strict": {"knowledge/lint"},
	"knowledge/site":        {"knowledge/lint", "knowledge/lint/strict"},
	"knowledge/article":     {"knowledge/lint", "knowledge/lint/strict", "knowledge/site"},
	"knowledge/lang":        {},
	"knowledge/search":      {"knowledge/lang"},
	"knowledge/talk":        {"knowledge/lang", "knowledge/lint", "knowledge/lint/strict", "knowledge/rank"},
	"knowledge/watch":       {},
	"knowledge/rank":        {"knowledge/lang"},
}

// libraries may be imported only by the packages named, whose job it is to
// hide them.
var libraries = map[string][]string{
	"github.com/go-telegram-bot-api/telegram-bot-api/v5": {"bot/telegram"},
	"github.com/bwmarrin/discordgo":                      {"bot/discord"},
	"github.com/blevesearch/bleve/v2":                    {"knowledge/search"},
	"github.com/yuin/goldmark":                           {"knowledge/article", "bot/markup"},
	"github.com/goccy/go-yaml":                           {"knowledge/lint/strict", "knowledge/article", "knowledge/site", "knowledge/talk", "bot/phrases"},
	"github.com/nicksnyder/go-i18n/v2":                   {"bot/phrases"},
	"github.com/alecthomas/kong":                         {"cmd/firstline"},
	"github.com/prometheus/client_golang":                {"cmd/firstline"},
	"github.com/pressly/goose/v3":                        {"handoff/store"},
	// knowledge/eval measures SQLite's full text search, in memory, for comparison.
	"modernc.org/sqlite":           {"handoff/store", "knowledge/eval"},
	"database/sql":                 {"handoff/store", "knowledge/eval"},
	"github.com/gorilla/websocket": {"bot/discord", "bot/discord/discordtest", "handoff/console/browsertest"},
}

// TestArrows reads the imports of every package of the module.
func TestArrows(t *testing.T) {
	t.Parallel()
	const module = "firstline/"
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "firstline/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := map[string]bool{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		from := strings.TrimPrefix(p.ImportPath, module)
		seen[from] = true
		allowed, ok := arrows[from]
		if !ok {
			t.Errorf("package %s is not in the map", from)
			continue
		}
		for _, imp := range p.Imports {
			if to, ours := strings.CutPrefix(imp, module); ours && !slices.Contains(allowed, to) {
				t.Errorf("%s must not import %s", from, to)
			}
			for lib, owners := range libraries {
				if (imp == lib || strings.HasPrefix(imp, lib+"/")) && !slices.Contains(owners, from) {
					t.Errorf("%s must not import %s: that is the job of %s", from, imp, strings.Join(owners, ", "))
				}
			}
		}
	}
	for from := range arrows {
		if !seen[from] {
			t.Errorf("the map has %s, the module has not", from)
		}
	}
}
