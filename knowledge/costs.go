package knowledge

import (
	"strings"

	"firstline/knowledge/rank"
)

// Costs say what mistakes cost, in needless handoffs. The bot answers when its
// answer is right so probably that being wrong costs less, on average, than
// handing over.
type Costs struct {
	Wrong  float64            // a wrong answer; 0 is DefaultWrong
	Topics map[string]float64 // the same for the articles of a topic, where it differs
}

// DefaultWrong is what a wrong answer costs where nothing is said: at ten
// needless handoffs, what is right in nine of ten cases is answered.
const DefaultWrong = 10

// cut is the probability from which on an article is sent as the answer.
func (c *Costs) cut(article string) float64 {
	topic, _, _ := strings.Cut(article, "/")
	if wrong, ok := c.Topics[topic]; ok {
		return rank.Cut(wrong)
	}
	if c.Wrong > 0 {
		return rank.Cut(c.Wrong)
	}
	return rank.Cut(DefaultWrong)
}
