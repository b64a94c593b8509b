package bot

import (
	"strings"
	"unicode/utf8"

	"firstline/bot/chat"
	"firstline/bot/markup"
	"firstline/bot/phrases"
	"firstline/knowledge"
	"firstline/knowledge/article"
)

// passage renders what answers: the article's title, the editor's words, and
// where to read on.
func (t *turn) passage(p *knowledge.Passage) chat.Rich {
	parts := []chat.Rich{t.fallbackNote(p.Language), chat.Styled(p.Title, chat.Heading), markup.FromMarkdown(p.Markdown)}
	if p.URL != "" {
		parts = append(parts, t.link(p.Title, p.URL))
	}
	return chat.Join("\n\n", parts...)
}

// whole renders all of an article.
func (t *turn) whole(a *article.Article) chat.Rich {
	parts := []chat.Rich{t.fallbackNote(a.Language), chat.Styled(a.Title, chat.Heading)}
	for _, s := range a.Sections {
		parts = append(parts, chat.Styled(s.Heading, chat.Bold), markup.FromMarkdown(s.Markdown))
	}
	if a.URL != "" {
		parts = append(parts, t.link(a.Title, a.URL))
	}
	return chat.Join("\n\n", parts...)
}

// fallbackNote says that an answer comes in another language than the asker's.
func (t *turn) fallbackNote(language string) chat.Rich {
	if language == t.th.Language {
		return chat.Rich{}
	}
	return t.textWith(phrases.FallbackLanguage, phrases.Data{Language: t.Book.LanguageName(language)})
}

func (t *turn) link(title, url string) chat.Rich {
	text := t.Book.Text(t.th.Language, phrases.More, phrases.Data{Title: title})
	r := chat.Plain(text)
	if i := strings.LastIndex(text, title); i >= 0 && title != "" {
		r.Spans = []chat.Span{{Start: i, End: i + len(title), Style: chat.Link, URL: url}}
	}
	return r
}

// passageRunes bounds a passage made of several sections, so that an answer
// reads as an answer and not as a manual.
const passageRunes = 1200

// lead is the passage to send when somebody chose an article by its title: its
// beginning, in whole sections.
func (b *Bot) lead(a *article.Article) *knowledge.Passage {
	p := b.base.Passage(a, 0)
	for i, s := range a.Sections {
		if i == 0 {
			continue
		}
		more := p.Markdown + "\n\n## " + s.Heading + "\n\n" + b.base.Passage(a, i).Markdown
		if utf8.RuneCountInString(more) > passageRunes {
			break
		}
		p.Markdown = more
	}
	return &p
}

// hasMore reports whether p is less than its whole article.
func (b *Bot) hasMore(p *knowledge.Passage) bool {
	a, ok := b.base.Article(p.Language, p.Article)
	if !ok {
		return false
	}
	for _, s := range a.Sections {
		if !strings.Contains(p.Markdown, strings.TrimSpace(s.Markdown)) {
			return true
		}
	}
	return false
}
