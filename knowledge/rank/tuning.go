package rank

// tuning are the numbers that training depends on.
type tuning struct {
	cost    float64 // LIBLINEAR's C
	balance float64 // how far the two sides of a class are made to weigh the same; 0: not at all, 1: fully
	epochs  int
	enough  float64 // training ends early when no example is further than this from its margin
}

// tuned returns the tuning for so many questions per article. It was chosen on
// questions of BANKING77 and CLINC150 that were left out of training: with 5 or
// 10 per article a cost of 0.1 is best and balance is worth a percent, with 100
// a cost of 0.3 to 1 is worth half a percent more. More epochs change nothing.
func tuned(perArticle float64) tuning {
	return tuning{cost: min(max(0.01*perArticle, 0.1), 0.5), balance: 1, epochs: 8, enough: 0.1}
}

// What an example weighs in training, next to a question. Titles weighing half
// or double make no difference that can be measured.
const (
	titleWeight   = 1
	headingWeight = 0.3
	notForWeight  = 2
)

// How scores become probabilities is cross-validated in folds; each leaves out
// every folds-th question, and every folds-th article altogether, whose
// questions then stand for those that no article answers.
const (
	folds = 5
	// fewest is how many questions must have been left out, and fewestArticles
	// how many articles there must be, for cross-validation to tell anything.
	fewest         = 40
	fewestArticles = 5
	// mostHeld is about how many questions are asked: more tell nothing new. With
	// more than manyArticles one fold has them, and five would take minutes.
	mostHeld     = 2500
	manyArticles = 2000
	// defaultNoneShare is the share of messages that no article answers that is
	// assumed where Options don't tell.
	defaultNoneShare = 0.2
)

// maxRanked is how many articles the learned weights find for a question, those
// of the full text search aside.
const maxRanked = 30

// ownBonus, in nats, puts an article first whose own question was asked to the
// word, and last one that says it isn't for it.
const ownBonus = 8
