// Package knowledge answers questions from help articles: Base holds the live
// articles with their index, and Ask gives a verdict on a question.
//
// It knows articles, languages and search; it knows no conversation, no
// network, no ticket and no database.
package knowledge

// Query is a question and what is known about its asker.
type Query struct {
	// Text is the question as written. Any bytes; what is not valid UTF-8 or is
	// over the length that matters is ignored.
	Text string
	// Language forces a language (BCP 47 primary tag); "" decides by the text,
	// then by Conversation, then by Hint.
	Language     string
	Conversation string // the conversation's language so far, "" when unknown
	Hint         string // the network's hint, "" when it has none
	// Article is the id of the article that the conversation was last about; ""
	// when none. Its lead isn't repeated when one of its sections answers, and a
	// question that only it explains ("and how long does that take?") is answered
	// from it.
	Article string
}

// Kind is what should happen with a question.
type Kind string

// The kinds of verdicts, with their names in JSON.
const (
	Answer    Kind = "answer"    // Passage answers it
	Choices   Kind = "choices"   // one of Choices probably does: ask back
	HandOff   Kind = "handoff"   // a person should; Reason says why
	SmallTalk Kind = "smalltalk" // not a question; Talk says what
)

// Reason is why a verdict is HandOff.
type Reason string

// The reasons to hand off.
const (
	Asked     Reason = "asked"     // the person wants a person
	Always    Reason = "always"    // Passage is of an article that only people may handle; it is sent along
	Unknown   Reason = "unknown"   // no article answers it
	Unhelped  Reason = "unhelped"  // the last answer did not help
	Complaint Reason = "complaint" // they are discontent and say no more
	OffTopic  Reason = "offtopic"  // surely nothing that this support does
	Empty     Reason = "empty"     // there is no question in the text
)

// Talk is what small talk is about.
type Talk string

// The kinds of small talk.
const (
	Greeting Talk = "greeting"
	Thanks   Talk = "thanks"
	Goodbye  Talk = "goodbye"
)

// Verdict is what Ask makes of a question. Confidence is the estimated
// probability in [0,1] that the first article (of Passage or Choices) is right;
// of small talk and the like, that it is that.
type Verdict struct {
	Kind       Kind
	Reason     Reason // for HandOff
	Talk       Talk   // for SmallTalk
	Language   string // in which to answer
	Confidence float64
	Passage    *Passage // for Answer, and for HandOff with Always
	Choices    []Choice // for Choices: two or three, best first
}

// Passage is the part of an article that answers: what an editor wrote,
// traceable to its file and content.
type Passage struct {
	Article  string // id, "<topic>/<slug>"
	Language string // of the passage; differs from the verdict's for a fallback
	Title    string // of the article
	Section  string // heading; "" when Markdown begins with the lead
	Markdown string // placeholders filled in; the lead may be followed by "## heading" and a section
	URL      string // of the article for people; "" when the site has none
	File     string // path in the content folder
	Hash     string // hex SHA-256 of the file
}

// Choice is an article to offer.
type Choice struct {
	Article    string
	Title      string
	Confidence float64
}
