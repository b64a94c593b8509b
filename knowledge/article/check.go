package article

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"firstline/knowledge/site"
)

// checkAll checks what only all articles together show.
func checkAll(all []*parsed, s *site.Site) {
	checkIDs(all)
	checkQuestions(all)
	checkRelated(all)
	checkFallback(all, s.Fallback)
}

// checkIDs reports files that some file systems and people take for the same.
func checkIDs(all []*parsed) {
	first := make(map[string]string)
	for _, p := range all {
		key := p.file.language + "/" + strings.ToLower(norm.NFKC.String(p.file.id))
		if other, taken := first[key]; taken {
			p.src.Errorf(0, 0, "the same article as %s: the names differ in case or kind of letters only", other)
			continue
		}
		first[key] = p.file.path
	}
}

// checkQuestions reports a question that two articles of a language claim. One
// of a draft can't be found yet, so it only warns.
func checkQuestions(all []*parsed) {
	type claim struct {
		by    *parsed
		entry entry
	}
	claims := make(map[string]claim) // by language and normalised question
	check := func(p *parsed) {
		for _, q := range p.front.questions {
			key := p.file.language + " " + q.key
			first, claimed := claims[key]
			switch {
			case !claimed:
				claims[key] = claim{p, q}
			case first.by == p: // reported with the article
			case p.front.draft:
				p.src.Warnf(q.line, q.column, "the same question is in %s:%d", first.by.file.path, first.entry.line)
			default:
				p.src.Errorf(q.line, q.column, "the same question is in %s:%d", first.by.file.path, first.entry.line)
			}
		}
	}
	for _, drafts := range []bool{false, true} { // drafts last, so that they get the warning
		for _, p := range all {
			if p.front.draft == drafts {
				check(p)
			}
		}
	}
}

// checkRelated reports related articles that there are not.
func checkRelated(all []*parsed) {
	published := make(map[string]bool) // by id: in some language it is no draft
	for _, p := range all {
		published[p.file.id] = published[p.file.id] || !p.front.draft
	}
	for _, p := range all {
		for _, r := range p.front.related {
			live, exists := published[r.text]
			switch {
			case r.text == p.file.id:
				p.src.Errorf(r.line, r.column, "related %q is this very article", r.text)
			case !exists:
				p.src.Errorf(r.line, r.column, "related %q: there is no such article", r.text)
			case !live && !p.front.draft:
				p.src.Warnf(r.line, r.column, "related %q is a draft: nobody can read it", r.text)
			}
		}
	}
}

// checkFallback warns of articles that those who speak another language never
// get.
func checkFallback(all []*parsed, fallback string) {
	has := make(map[string]bool)
	for _, p := range all {
		if p.file.language == fallback && !p.front.draft {
			has[p.file.id] = true
		}
	}
	for _, p := range all {
		if !p.front.draft && !has[p.file.id] {
			has[p.file.id] = true // once is enough
			p.src.Warnf(0, 0, "no article %s/%s.md in the fallback language", fallback, p.file.id)
		}
	}
}
