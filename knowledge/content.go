package knowledge

import (
	"slices"

	"firstline/knowledge/article"
	"firstline/knowledge/labelled"
	"firstline/knowledge/rank"
	"firstline/knowledge/talk"
)

// Content is what questions are answered from. It must not be changed after it
// was given to a Base.
type Content struct {
	Articles []*article.Article // drafts are left out
	// Talk recognises small talk and the wish for a person; nil recognises
	// neither. Its off-topic phrases are examples of what no article answers.
	Talk *talk.Book
	// None are further examples of what no article answers, by language.
	None map[string][]string
	// NoneShare is the share of all messages that no article answers; 0 assumes a
	// fifth (see rank.Options).
	NoneShare float64
	// Labelled are messages as they come in; how sure answers are is measured by
	// them. They are not learned from.
	Labelled []labelled.Message
	Costs    Costs
}

// none are the examples of what no article in a language answers.
func (c *Content) none(language string) []string {
	return append(c.Talk.Phrases(language, talk.OffTopic), c.None[language]...)
}

// labelled are the messages in a language.
func (c *Content) labelled(language string) []rank.Labelled {
	var all []rank.Labelled
	for _, m := range c.Labelled {
		if m.Language == language {
			all = append(all, rank.Labelled{Text: m.Text, ID: m.Article})
		}
	}
	return all
}

// Unmeasured returns the languages in which too few questions can be left out to
// measure how sure answers are: their probabilities are cautious guesses, unless
// labelled messages adjust them.
func (c *Content) Unmeasured() []string {
	questions := map[string][]int{}
	var languages []string
	for _, a := range c.Articles {
		if a.Draft {
			continue
		}
		if questions[a.Language] == nil {
			languages = append(languages, a.Language)
		}
		questions[a.Language] = append(questions[a.Language], len(a.Questions))
	}
	return slices.DeleteFunc(languages, func(l string) bool { return rank.Measurable(questions[l]) })
}
