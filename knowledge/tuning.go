package knowledge

// All numbers that decide verdicts stand here.

// weights is what the evidence for an article is worth, in nats. The
// similarities are cosines.
type weights struct {
	questions float64 // similarity to the sum of the article's title and questions
	body      float64 // to the sum of its sections
	section   float64 // to the section that is most similar
	// none and unknown are the strength of "none of them": the second times the
	// share of the question's words that no article has.
	none, unknown float64
}

// The weights are a softmax regression over the articles and "none of them",
// fitted once on the shipped English (spaced) and Chinese (characters) articles:
// every tenth of their 1400 example questions was held out in turn and asked of
// the rest, and the 150 messages of testdata/outofscope.yaml were to be "none".
// Characters share more terms by accident, hence two sets. The cuts were read
// off the same held-out answers; TestHeldOut repeats the measurement.
var (
	spaced     = weights{questions: 13.6, body: 7.9, section: 12.1, none: 3.86, unknown: 5.65}
	characters = weights{questions: 16.1, body: 10.7, section: 15.1, none: 1.53, unknown: 5.46}
)

const (
	// sameFrom and same: a question that is nearly one of the article's own is
	// worth same for all of its similarity above sameFrom. Below 0.7 the nearest
	// question is as often another article's; above, what is held out tells
	// little, so same is by hand: the very question outweighs all else.
	sameFrom = 0.7
	same     = 60.0
	// ownQuestion is the similarity from which on a question is one of the
	// article's own but for a letter or an ending.
	ownQuestion = 0.95
	// notFor is for being closer to a not_for phrase than to any of the article's
	// questions, and same counts against it, too. From -2 to -8 it does no harm to
	// held-out questions, which hardly tell it; by hand.
	notFor = -6.0

	// answerCut: at least this sure, an article is sent as the answer. Three of
	// ten held-out questions get there, three of four of them rightly; most others
	// are asked back.
	answerCut = 0.6
	// alwaysCut: at least this probable that one of the articles that only people
	// may handle is meant, all of them together, a person is called. Low, because
	// a false alarm costs a person's minute and a miss may cost somebody's savings.
	alwaysCut = 0.15
	// alwaysDoubt: from here on such an article is offered as a choice, even where
	// another would be sent as the answer.
	alwaysDoubt = 0.04
	// noneCut: above it, none of the articles is probable enough to be offered.
	noneCut = 0.4
	// choiceCut: an article at most this probable, relative to the first, isn't
	// offered as the third choice.
	choiceCut = 0.15
	// offTopicNone and offTopicFamiliar: when "none of them" is at least that
	// probable and at most this share of its content words is known to any
	// article, a question isn't this support's at all.
	offTopicNone     = 0.85
	offTopicFamiliar = 0.15

	// headingWeight is what a section's heading counts besides its text when the
	// section to show is chosen, and headingSays is the similarity from which on
	// the heading alone decides. By hand, looking at what is shown for the shipped
	// questions.
	headingWeight = 1.0
	headingSays   = 0.35

	// maxCandidates is how many articles of a search are ranked.
	maxCandidates = 50
)

// The weights of the three kinds of terms in a text's vector: words, pairs of
// words, and letter trigrams (for Chinese: pairs of characters, threes of them,
// and single ones).
var blockWeight = [blocks]float64{1, 0.7, 1}

const (
	// maxQuestion is how much of a message is looked at, in runes. Longer ones
	// are stories; their beginning says what they are about.
	maxQuestion = 600
	// maxMarks is how many accents a letter may have; no script needs more.
	maxMarks = 4
	// maxPassage is how long an answer of a lead and a section together may be, in
	// runes: about a phone's screen and a half.
	maxPassage = 1500
	// shortLead is how long a lead may be, in runes, to be a sentence that wants
	// the first steps below it.
	shortLead = 200
)
