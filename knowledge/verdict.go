package knowledge

import (
	"slices"

	"firstline/knowledge/article"
)

// found is the ranking of one language's articles.
type found struct {
	ranking
	language string
}

// verdict decides by the probabilities; the order matters.
func (a *asking) verdict(f found) Verdict {
	// Articles in a language that the asker doesn't write are sent only when they
	// surely answer: a choice of titles that can't be read helps nobody.
	foreign := a.language != "" && f.language != a.language
	v := a.handOff(Unknown)
	if len(f.ranked) == 0 {
		v.Reason = a.unknown(f)
		return v
	}
	top := f.ranked[0]
	v.Confidence = top.probability
	language := a.language
	if language == "" {
		language = f.language
	}
	switch only, together := f.always(); {
	case together >= alwaysCut:
		p := a.base.Passage(a.translated(only).article, 0)
		return Verdict{Kind: HandOff, Reason: Always, Language: language, Confidence: only.probability, Passage: &p}
	case top.probability >= answerCut && together < alwaysDoubt && (top.own || !f.word || len(f.ranked) == 1):
		p := a.base.answer(a.translated(top), a.query.Article == top.article.ID)
		return Verdict{Kind: Answer, Language: language, Confidence: top.probability, Passage: p}
	case f.none <= noneCut && !foreign && len(f.ranked) > 1:
		return Verdict{Kind: Choices, Language: language, Confidence: top.probability, Choices: f.choices(together >= alwaysDoubt)}
	}
	v.Reason = a.unknown(f)
	return v
}

// translated returns the article in the decided language when it was found in
// another: a word or two of English in a Chinese conversation are answered in
// Chinese. Which section matched isn't known of a translation.
func (a *asking) translated(r ranked) ranked {
	if t := a.snapshot.articles[key{a.language, r.article.ID}]; t != nil && t != r.article {
		return ranked{article: t, probability: r.probability, own: r.own}
	}
	return r
}

// unknown tells what no article answers from what is surely not this support's:
// only for a text whose language is known and has articles, as the words of any
// other would be unknown too.
func (a *asking) unknown(f found) Reason {
	if f.offTopic && a.sure && f.language == a.detected {
		return OffTopic
	}
	return Unknown
}

// always returns the most probable article that only people may handle, and the
// probability of all of them together.
func (f found) always() (most ranked, together float64) {
	for _, r := range f.ranked {
		if r.article.HandOff == article.Always {
			if most.article == nil {
				most = r
			}
			together += r.probability
		}
	}
	return most, together
}

// choices returns the two or three articles to offer; withAlways sees to it that
// one that only people may handle is among them.
func (f found) choices(withAlways bool) []Choice {
	offered := slices.Clone(f.ranked[:2])
	if len(f.ranked) > 2 && f.ranked[2].probability > choiceCut*f.ranked[0].probability {
		offered = append(offered, f.ranked[2])
	}
	if only, _ := f.always(); withAlways && !slices.ContainsFunc(offered, func(r ranked) bool { return r.article == only.article }) {
		if len(offered) == 3 {
			offered = offered[:2]
		}
		offered = append(offered, only)
	}
	choices := make([]Choice, len(offered))
	for i, r := range offered {
		choices[i] = Choice{Article: r.article.ID, Title: r.article.Title, Confidence: r.probability}
	}
	return choices
}
