package rank

// tuning are the numbers that training depends on.
type tuning struct {
	cost    float64 // LIBLINEAR's C
	balance float64 // how far the two sides of a class are made to weigh the same; 0: not at all, 1: fully
	epochs  int
	pairs   int     // how many pairs of a class and an example are looked at, about
	enough  float64 // training ends early when no example is further than this from its margin
}

// tuned returns the tuning for so many questions per article. It was chosen on
// questions of BANKING77 and CLINC150 that were left out of training: with 5 or
// 10 per article a cost of 0.1 is best and balance is worth a percent, with 100
// a cost of 0.3 to 1 is worth half a percent more. Three epochs instead of ten
// cost about one percent; a model that is soon replaced may have that.
func tuned(perArticle float64, quick bool) tuning {
	t := tuning{cost: min(max(0.01*perArticle, 0.1), 0.5), balance: 1, epochs: 10, enough: 0.1, pairs: allNegatives}
	if quick {
		t.epochs, t.pairs = 4, allNegatives/10
	}
	return t
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
	// mostHeld is how many questions left out are enough: more tell nothing new, so
	// with that many no further fold is trained.
	mostHeld = 3000
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
