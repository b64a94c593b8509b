package knowledge

import (
	"slices"

	"firstline/knowledge/lang"
	"firstline/knowledge/talk"
)

// talk is the verdict on what isn't a question of its own. A follow-up is one:
// only a ranking tells of what.
func (a *asking) talk(what talk.What, probability float64) (v Verdict, is bool) {
	small := func(t Talk) (Verdict, bool) {
		return Verdict{Kind: SmallTalk, Talk: t, Language: a.reply(), Confidence: probability}, true
	}
	off := func(r Reason) (Verdict, bool) {
		v := a.handOff(r)
		v.Confidence = probability
		return v, true
	}
	switch what {
	case talk.Greeting:
		return small(Greeting)
	case talk.Thanks:
		return small(Thanks)
	case talk.Goodbye:
		return small(Goodbye)
	case talk.Person:
		return off(Asked)
	case talk.Complaint:
		return off(Complaint)
	case talk.Failed:
		if a.query.Article == "" {
			return Verdict{}, false // nothing has been tried yet
		}
		return off(Unhelped)
	case talk.OffTopic:
		return off(OffTopic)
	}
	return Verdict{}, false
}

// said chooses among the languages that a phrase belongs to: a forced one, then
// the decided one when it is among them, then the first.
func (a *asking) said(languages []string) string {
	if slices.Contains(languages, a.language) || a.language != "" && a.language == lang.Primary(a.query.Language) {
		return a.language
	}
	for _, l := range languages {
		if slices.Contains(a.supported, l) {
			return l
		}
	}
	return a.language
}

// heard changes the verdict on a question when it is none after all. What an
// article lists as its own question is one, unless it is the wish for a person and
// nothing else. What
// the phrases have to the word (exact) comes before other answers; what is only
// like them comes after, because an article that surely answers is the better
// reply.
func (a *asking) heard(exact talk.What, v Verdict, f found) Verdict {
	if len(f.ranked) > 0 && f.ranked[0].own && v.Passage != nil && !a.snapshot.content.Talk.Whole(a.text, talk.Person) {
		return v
	}
	answered := v.Kind == Answer || v.Reason == Always
	what, probability := exact, 1.0
	if what == talk.Nothing && (!answered || a.short(f) && a.query.Article != "") {
		if ear := a.snapshot.ears[a.reply()]; ear != nil { // until it is trained, only phrases are heard
			what, probability = ear.Recognise(a.text)
		}
	}
	if what == talk.Followup || what == talk.Nothing && a.short(f) && !answered {
		if p := a.followUp(f); p != nil && v.Reason != Always {
			return Verdict{Kind: Answer, Language: a.reply(), Confidence: v.Confidence, Passage: p}
		}
	}
	if answered && exact == talk.Nothing {
		return v
	}
	if what == talk.OffTopic && f.first(3) > offTopicAtMost {
		return v
	}
	if w, is := a.talk(what, probability); is {
		return w
	}
	return v
}

// short reports whether a question is so short that the one before may have to
// explain it.
func (a *asking) short(f found) bool {
	return len(f.ranking.Words) > 0 && len(f.ranking.Words) <= shortQuestion
}

// followUp returns the section of the article that the conversation was last
// about that clearly answers, nil when none does.
func (a *asking) followUp(f found) *Passage {
	if a.query.Article == "" || f.shelf == nil {
		return nil
	}
	article := a.snapshot.articles[key{f.language, a.query.Article}]
	section, clear := best(f.shelf.index.Sections(a.query.Article, f.ranking.Words))
	if article == nil || !clear {
		return nil
	}
	r := a.translated(ranked{article: article})
	if section >= len(r.article.Sections) {
		return nil
	}
	p := a.base.Passage(r.article, section)
	return &p
}
