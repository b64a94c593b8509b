package knowledge

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"firstline/knowledge/lang"
	"firstline/knowledge/talk"
)

// Ask gives a verdict on a question. It takes time linear in the length of the
// text at most, whatever is in it. The error is ErrClosed, that of the context,
// or of the index; then the question should be handed over.
func (b *Base) Ask(ctx context.Context, q Query) (Verdict, error) {
	v, _, err := b.decide(ctx, q)
	return v, err
}

// decide gives the verdict with the ranking that it is made from, which is empty
// when nothing had to be searched.
func (b *Base) decide(ctx context.Context, q Query) (Verdict, found, error) {
	s := b.hold()
	if s == nil {
		return Verdict{}, found{}, ErrClosed
	}
	defer func() { _ = s.release() }() // an index that can't be closed is garbage all the same
	return b.decideIn(ctx, s, q)
}

// decideIn decides by the articles of a snapshot, which the caller holds.
func (b *Base) decideIn(ctx context.Context, s *snapshot, q Query) (Verdict, found, error) {
	unranked := found{}
	if err := ctx.Err(); err != nil {
		return Verdict{}, unranked, err
	}
	a := &asking{base: b, snapshot: s, costs: &s.content.Costs, query: q, text: clean(q.Text), supported: b.supported(s)}
	a.detected, a.sure = lang.Detect(a.text)
	a.language = lang.Choose(a.text, a.detected, a.sure, q.Language, q.Conversation, q.Hint, a.supported)
	what, languages := s.content.Talk.Recognise(a.text)
	if what != talk.Nothing {
		a.language = a.said(languages)
		if v, is := a.talk(what, 1); is && v.Kind == SmallTalk {
			return v, unranked, nil
		}
	}
	if !strings.ContainsFunc(lang.Normalize("", a.text), isWord) {
		return a.handOff(Empty), unranked, nil
	}
	v, f, err := a.answer(ctx)
	if err != nil {
		return Verdict{}, unranked, err
	}
	return a.heard(what, v, f), f, nil
}

// clean returns the part of a message that is looked at: its beginning, without
// what can't be seen, of which any amount may stand in front of the question.
func clean(text string) string {
	var b strings.Builder
	n, marks := 0, 0
	for _, r := range text {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r), unicode.IsControl(r) && !unicode.IsSpace(r):
			continue
		case unicode.IsMark(r):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		if n++; n > maxQuestion {
			return b.String()
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// asking is one question on its way to a verdict.
type asking struct {
	base      *Base
	snapshot  *snapshot
	costs     *Costs
	query     Query
	text      string
	supported []string
	language  string // decided; "" when nothing tells
	detected  string
	sure      bool // that detected is the language of the text
}

// reply is the language to say something in.
func (a *asking) reply() string {
	if a.language != "" {
		return a.language
	}
	if l := a.base.fallback; l != "" || len(a.supported) == 0 {
		return l
	}
	return a.supported[0]
}

func (a *asking) handOff(why Reason) Verdict {
	return Verdict{Kind: HandOff, Reason: why, Language: a.reply()}
}

// answer searches and decides.
func (a *asking) answer(ctx context.Context) (Verdict, found, error) {
	first, err := a.best(ctx, a.searched())
	if err != nil {
		return Verdict{}, found{}, err
	}
	v := a.verdict(first)
	if v.Kind == Answer || v.Reason == Always || a.sure || a.query.Language != "" {
		return v, first, nil
	}
	// The language was only guessed, so the words may be of another one.
	searched := a.searched()
	others := slices.DeleteFunc(a.inOrder(), func(l string) bool { return slices.Contains(searched, l) })
	other, err := a.best(ctx, others)
	if err != nil {
		return Verdict{}, found{}, err
	}
	if w := a.verdict(other); w.Kind == Answer || w.Reason == Always {
		return w, other, nil
	}
	return v, first, nil
}

// searched are the languages whose articles may answer: the decided one, the
// fallback when it has none, all when nothing is known.
func (a *asking) searched() []string {
	switch {
	case a.language == "":
		return a.inOrder()
	case a.snapshot.shelves[a.language] != nil:
		return []string{a.language}
	default:
		return []string{a.base.fallback}
	}
}

// inOrder are all languages with articles, the fallback first.
func (a *asking) inOrder() []string {
	all := slices.Clone(a.snapshot.languages)
	if i := slices.Index(all, a.base.fallback); i > 0 {
		all = slices.Insert(slices.Delete(all, i, i+1), 0, a.base.fallback)
	}
	return all
}

// best returns the ranking of the first language whose articles surely answer,
// or of the one whose articles fit best.
func (a *asking) best(ctx context.Context, languages []string) (best found, err error) {
	for _, l := range languages {
		f, err := a.snapshot.rank(ctx, l, a.text)
		if err != nil {
			return found{}, err
		}
		if best.language == "" || 1-f.ranking.InScope < (1-best.ranking.InScope)/2 { // a name or two fit in any
			best = f
		}
		if len(f.ranked) > 0 && f.top() >= a.costs.cut(f.ranked[0].article.ID) {
			break
		}
	}
	return best, nil
}
