package knowledge

// All numbers that decide verdicts stand here, but for Costs.

const (
	// alwaysCut: at least this probable that one of the articles that only people
	// may handle is meant, all of them together, a person is called. Low, because
	// a false alarm costs a person's minute and a miss may cost somebody's savings.
	alwaysCut = 0.2
	// alwaysDoubt: from here on such an article is offered as a choice, even where
	// another would be sent as the answer.
	alwaysDoubt = 0.05
	// choicesCut: at least this probable that one of the three most probable
	// articles answers, they are offered.
	choicesCut = 0.35
	// choiceCut: an article at most this probable, relative to the first, isn't
	// offered as the third choice.
	choiceCut = 0.1
	// offTopicAtMost: what sounds off topic is taken for that unless it is more
	// probable than this that one of the three most probable articles answers.
	offTopicAtMost = 0.6
	// shortQuestion is how many words, or Chinese characters, a question has at
	// most that may be about the last answer without saying so.
	shortQuestion = 8
	// foreignKnown: a question in another language than an article is answered
	// from it only if at least this share of its weight is known there: names and
	// loanwords alone fit by accident.
	foreignKnown = 0.6

	// headingWeight is what the likeness of a section's heading counts besides its
	// share of the question when the section to show is chosen; headingSays is the
	// likeness from which on the heading alone decides, and clearly the lead by
	// which its text does; below leastFit both only share a word or two. By hand,
	// looking at what is shown for questions about the shipped articles.
	headingWeight = 0.5
	headingSays   = 0.45
	clearly       = 0.1
	leastFit      = 0.25
)

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
