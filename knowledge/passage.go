package knowledge

import (
	"strings"
	"unicode/utf8"

	"firstline/knowledge/article"
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

// answer returns the passage that answers best. The lead comes first, because
// editors write the short answer there; the section that matches the question
// follows it with its heading, when both together aren't too long. again is true
// when the conversation was about the article before: then the lead has been
// read.
func (b *Base) answer(r ranked, again bool) *Passage {
	lead := b.Passage(r.article, 0)
	section := r.section
	if section == 0 {
		section = 1
	}
	if section >= len(r.article.Sections) || !r.clear && runes(lead.Markdown) > shortLead {
		return &lead
	}
	below := b.Passage(r.article, section)
	if r.clear && again {
		return &below
	}
	together := lead.Markdown + "\n\n## " + below.Section + "\n\n" + below.Markdown
	if runes(together) <= maxPassage {
		lead.Markdown = together
	}
	return &lead
}

func runes(s string) int { return utf8.RuneCountInString(strings.TrimSpace(s)) }
