package knowledge

// verdict decides by the probabilities; the order matters.
func (a *asking) verdict(f found) Verdict {
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
	// Articles in a language that the asker doesn't write are sent only when they
	// surely answer: a choice of titles that can't be read helps nobody.
	foreign := a.language != "" && f.language != a.language
	// Of a text that surely is in another language, names and loanwords fit.
	strange := a.sure && f.language != a.detected && f.ranking.Known < foreignKnown
	switch only, together := f.always(); {
	case (strange || f.contentless()) && !top.own:
	case together >= alwaysCut:
		p := a.base.Passage(a.translated(only).article, 0)
		return Verdict{Kind: HandOff, Reason: Always, Language: language, Confidence: only.probability, Passage: &p}
	case top.probability >= a.costs.cut(top.article.ID) && together < alwaysDoubt && (top.own || !f.oneWord() || len(f.ranked) == 1):
		return Verdict{Kind: Answer, Language: language, Confidence: top.probability, Passage: a.passage(f, top)}
	case f.first(3) >= choicesCut && !foreign && len(f.ranked) > 1:
		return Verdict{Kind: Choices, Language: language, Confidence: top.probability, Choices: f.choices(together >= alwaysDoubt)}
	}
	v.Reason = a.unknown(f)
	return v
}

// translated returns the article in the decided language when it was found in
// another: a word or two of English in a Chinese conversation are answered in
// Chinese.
func (a *asking) translated(r ranked) ranked {
	if t := a.snapshot.articles[key{a.language, r.article.ID}]; t != nil {
		r.article = t
	}
	return r
}

// unknown tells what no article answers from what is surely not this support's:
// only for a text whose language is known and has articles, as the words of any
// other would be unknown too.
func (a *asking) unknown(f found) Reason {
	if f.offTopic() && a.sure && f.language == a.detected {
		return OffTopic
	}
	return Unknown
}
