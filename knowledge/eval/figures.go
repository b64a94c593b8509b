package eval

import "math"

// Figures are the result of one measurement. Shares are in [0,1]. A query is in
// scope when an article answers it. It counts as answered when its verdict is an
// answer, or a hand-over that rightly names the article which only people may
// handle; a choice of articles is no answer.
type Figures struct {
	// Of the queries in scope: how often a right article is ranked first or among
	// the first three, and the mean of 1/place of the first right one.
	Top1 Figure `json:"top1"`
	Top3 Figure `json:"top3"`
	MRR  Figure `json:"mrr"`

	InScopeAccuracy  Figure `json:"in_scope_accuracy"`   // of the queries in scope, answered with a right article
	OutOfScopeRecall Figure `json:"out_of_scope_recall"` // of the others, not answered
	Precision        Figure `json:"precision"`           // of the answered, with a right article
	Coverage         Figure `json:"coverage"`            // of all, answered
	AUROC            Figure `json:"auroc"`               // how well the probability tells first articles that are right from those that aren't
	ECE              Figure `json:"ece"`                 // how far that probability is off, in ten bins of equal mass
	WrongRate        Figure `json:"wrong_rate"`          // of all, answered with a wrong article

	TrainMS    Figure `json:"train_ms"`     // to take in the articles; by language, those of the language alone
	QueryP50US Figure `json:"query_p50_us"` // one query at a time
	QueryP99US Figure `json:"query_p99_us"`

	Queries   int    `json:"-"`
	InScope   int    `json:"-"`
	Choices   Figure `json:"-"` // of all, asked back with a choice of articles
	Alarms    Figure `json:"-"` // of all, handed over as the matter of an article that they aren't about
	HeapBytes Figure `json:"-"` // in use after all queries, of the whole process; not by language
}

// Result are the figures of a set, and of each language's queries alone.
type Result struct {
	Figures
	ByLang map[string]Figures `json:"by_lang"`
}

// figures sums up what became of queries.
func figures(all []answered) Figures {
	f := Figures{
		Top1: mean(all, func(a answered) (float64, bool) { return truth(a.place == 1), a.query.inScope() }),
		Top3: mean(all, func(a answered) (float64, bool) { return truth(a.place >= 1 && a.place <= 3), a.query.inScope() }),
		MRR: mean(all, func(a answered) (float64, bool) {
			if a.place == 0 {
				return 0, a.query.inScope()
			}
			return 1 / float64(a.place), a.query.inScope()
		}),
		InScopeAccuracy:  mean(all, func(a answered) (float64, bool) { return truth(a.kind == right), a.query.inScope() }),
		OutOfScopeRecall: mean(all, func(a answered) (float64, bool) { return truth(a.kind < wrong), !a.query.inScope() }),
		Precision:        mean(all, func(a answered) (float64, bool) { return truth(a.kind == right), a.kind >= wrong }),
		Coverage:         mean(all, func(a answered) (float64, bool) { return truth(a.kind >= wrong), true }),
		WrongRate:        mean(all, func(a answered) (float64, bool) { return truth(a.kind == wrong), true }),
		Choices:          mean(all, func(a answered) (float64, bool) { return truth(a.kind == asked), true }),
		Alarms:           mean(all, func(a answered) (float64, bool) { return truth(a.kind == alarm), true }),
		AUROC:            auroc(all),
		ECE:              ece(all),
		QueryP50US:       quantile(all, 0.50),
		QueryP99US:       quantile(all, 0.99),
		TrainMS:          Figure(math.NaN()),
		HeapBytes:        Figure(math.NaN()),
		Queries:          len(all),
	}
	for _, a := range all {
		f.InScope += int(truth(a.query.inScope()))
	}
	return f
}

// result sums up everything and each language.
func result(all []answered) Result {
	r := Result{Figures: figures(all), ByLang: map[string]Figures{}}
	byLang := map[string][]answered{}
	for _, a := range all {
		byLang[a.query.Lang] = append(byLang[a.query.Lang], a)
	}
	for l, of := range byLang {
		r.ByLang[l] = figures(of)
	}
	return r
}
