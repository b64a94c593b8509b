package knowledge

import (
	"strings"
	"unicode/utf8"

	"firstline/knowledge/article"
	"firstline/knowledge/search"
)

// Passage returns one section of an article, the lead when there is no such
// section.
func (b *Base) Passage(a *article.Article, section int) Passage {
	if section < 0 || section >= len(a.Sections) {
		section = 0
	}
	p := Passage{
		Article: a.ID, Language: a.Language, Title: a.Title,
		URL: a.URL, File: a.File, Hash: a.Hash,
	}
	if len(a.Sections) > 0 {
		p.Section, p.Markdown = a.Sections[section].Heading, a.Sections[section].Markdown
	}
	return p
}

// passage returns the part of an article that answers best. The lead comes first,
// because editors write the short answer there; the section that matches the
// question follows it with its heading, when both together aren't too long. When
// the conversation was about the article before, the lead has been read.
func (a *asking) passage(f found, r ranked) *Passage {
	section, clear := 0, false
	if t := a.translated(r); t.article != r.article {
		r = t // which section matched isn't known of a translation
	} else {
		section, clear = best(f.shelf.index.Sections(r.article.ID, f.ranking.Words))
	}
	lead := a.base.Passage(r.article, 0)
	if !clear {
		section = 1
	}
	if section >= len(r.article.Sections) || !clear && runes(lead.Markdown) > shortLead {
		return &lead
	}
	below := a.base.Passage(r.article, section)
	if clear && a.query.Article == r.article.ID {
		return &below
	}
	together := lead.Markdown + "\n\n## " + below.Section + "\n\n" + below.Markdown
	if runes(together) <= maxPassage {
		lead.Markdown = together
	}
	return &lead
}

// best returns the section below the lead that fits best, and whether it fits
// clearly better than the lead.
func best(all []search.Match) (section int, clear bool) {
	most := 0.0
	for i, m := range all {
		if fit := m.Share + headingWeight*m.Heading; i > 0 && fit > most {
			section, most = i, fit
		}
	}
	if section == 0 {
		return 0, false
	}
	return section, most >= leastFit && (all[section].Heading >= headingSays || most > all[0].Share+clearly)
}

func runes(s string) int { return utf8.RuneCountInString(strings.TrimSpace(s)) }
