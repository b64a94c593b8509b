package search

import (
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/registry"

	"firstline/knowledge/lang"
)

// analyzerType is the name under which bleve finds newAnalyzer.
const analyzerType = "firstline"

func init() {
	if err := registry.RegisterAnalyzer(analyzerType, newAnalyzer); err != nil {
		panic(err) // two packages of one name: a mistake in the program
	}
}

// newAnalyzer makes the analyser of a language. bleve's own ones drop stop
// words, and with them the difference between questions.
func newAnalyzer(config map[string]any, _ *registry.Cache) (analysis.Analyzer, error) {
	language, _ := config["language"].(string)
	return analyzer(language), nil
}

// analyzer makes terms of text of a language; it is bleve's analysis.Analyzer.
type analyzer string

// Analyze returns the terms as tokens without places in the text: nothing here
// highlights or searches phrases.
func (a analyzer) Analyze(text []byte) analysis.TokenStream {
	language := string(a)
	terms := Terms(language, lang.Words(language, lang.Normalize(language, string(text))))
	tokens := make([]analysis.Token, len(terms))
	stream := make(analysis.TokenStream, len(terms))
	for i, t := range terms {
		tokens[i] = analysis.Token{Term: []byte(t), Position: i + 1}
		stream[i] = &tokens[i]
	}
	return stream
}
