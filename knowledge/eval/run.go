package eval

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"firstline/knowledge"
	"firstline/knowledge/article"
)

// Run asks a set of a new knowledge base with the options, one query at a time.
// Each is asked as if it were the first message of somebody whose network says
// that they use the query's language. But for the times, the same set gives the
// same figures.
func Run(ctx context.Context, o knowledge.Options, s Set) (Result, error) {
	base := knowledge.New(o)
	defer base.Close() //nolint:errcheck // only an index in memory is left
	millis, err := train(ctx, base, s)
	if err != nil {
		return Result{}, err
	}
	all := make([]answered, len(s.Queries))
	for i := range s.Queries {
		q := &s.Queries[i]
		begin := time.Now()
		r, err := base.Ranking(ctx, knowledge.Query{Text: q.Text, Hint: q.Lang})
		took := time.Since(begin)
		if err != nil {
			return Result{}, fmt.Errorf("eval: query %d: %w", i+1, err)
		}
		all[i] = judge(q, r)
		all[i].micros = micros(took)
	}
	res := result(all)
	res.HeapBytes = heap()
	runtime.KeepAlive(base)
	res.TrainMS = 0
	for _, ms := range millis {
		res.TrainMS += ms
	}
	for l, f := range res.ByLang {
		f.TrainMS = millis[l]
		res.ByLang[l] = f
	}
	return res, nil
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

// train makes the articles answerable, calibrated, one language after the other:
// the base reads only what it doesn't have yet. It returns how long each took, in
// milliseconds.
func train(ctx context.Context, base *knowledge.Base, s Set) (map[string]Figure, error) {
	millis := map[string]Figure{}
	all := s.languages()
	for i, l := range all {
		c := s.Content
		c.Articles = slices.DeleteFunc(slices.Clone(c.Articles), func(a *article.Article) bool { return !slices.Contains(all[:i+1], a.Language) })
		begin := time.Now()
		if err := base.Replace(ctx, c); err != nil {
			return nil, err
		}
		if err := base.Refined(ctx); err != nil {
			return nil, err
		}
		millis[l] = Figure(micros(time.Since(begin)) / 1e3)
	}
	return millis, nil
}

// heap returns the bytes of the heap that are in use.
func heap() Figure {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Figure(m.HeapInuse)
}

// judge tells what a ranking with its verdict is worth as the answer to a query.
func judge(q *Query, r knowledge.Ranking) answered {
	a := answered{query: q, kind: silent}
	for i, c := range r.Articles {
		if q.right(c.Article) {
			a.place = i + 1
			break
		}
	}
	if len(r.Articles) > 0 {
		a.probability = round(r.Articles[0].Confidence)
	}
	v := r.Verdict
	switch {
	case v.Kind == knowledge.Choices:
		a.kind = asked
	case v.Passage == nil:
	case q.right(v.Passage.Article):
		a.kind = right
	case v.Kind == knowledge.Answer:
		a.kind = wrong
	default: // a person looks at it, so nothing is lost but time
		a.kind = alarm
	}
	return a
}

// round drops the digits in which sums differ by the order of their parts, so
// that what is equal stays equal.
func round(x float64) float64 { return math.Round(x*1e9) / 1e9 }
