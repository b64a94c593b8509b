package knowledge_test

import (
	"testing"

	"firstline/knowledge"
)

// What isn't a question of its own, in words that no phrase file has.
func TestHeard(t *testing.T) {
	t.Parallel()
	b := base(t)
	const article = "withdrawal/withdrawal-delayed"
	tests := []struct {
		query  knowledge.Query
		kind   knowledge.Kind
		reason knowledge.Reason
		talk   knowledge.Talk
	}{
		{knowledge.Query{Text: "hey there my good friends"}, knowledge.SmallTalk, "", knowledge.Greeting},
		{knowledge.Query{Text: "could you please connect me with someone real"}, knowledge.HandOff, knowledge.Asked, ""},
		{knowledge.Query{Text: "Puedo hablar con alguien de carne y hueso?"}, knowledge.HandOff, knowledge.Asked, ""},
		{knowledge.Query{Text: "this bot is completely useless"}, knowledge.HandOff, knowledge.Complaint, ""},
		{knowledge.Query{Text: "это просто ужасный сервис"}, knowledge.HandOff, knowledge.Complaint, ""},
		{knowledge.Query{Text: "tried that, still not working", Article: article}, knowledge.HandOff, knowledge.Unhelped, ""},
		{knowledge.Query{Text: "das hat leider nicht geholfen", Article: article}, knowledge.HandOff, knowledge.Unhelped, ""},
		{knowledge.Query{Text: "还是不行啊", Article: article}, knowledge.HandOff, knowledge.Unhelped, ""},
		// Before anything was answered, nothing can have failed.
		{knowledge.Query{Text: "still not working"}, knowledge.HandOff, knowledge.Unknown, ""},
		// Somebody else's customer service is no wish for a person.
		{knowledge.Query{Text: "a man from customer service called me and wanted my 2fa code"}, "", "", ""},
	}
	for _, tt := range tests {
		v := ask(t, b, tt.query)
		if tt.kind == "" {
			if v.Kind == knowledge.SmallTalk || v.Reason == knowledge.Asked || v.Reason == knowledge.Complaint {
				t.Errorf("Ask(%+v) = %s %s %s, want what is a question", tt.query, v.Kind, v.Reason, v.Talk)
			}
			continue
		}
		if v.Kind != tt.kind || v.Reason != tt.reason || v.Talk != tt.talk {
			t.Errorf("Ask(%+v) = %s %s %s (%.2f), want %s %s %s", tt.query, v.Kind, v.Reason, v.Talk, v.Confidence, tt.kind, tt.reason, tt.talk)
		}
		check(t, tt.query.Text, v)
	}
}

// A question that only the last answer explains is answered from its article.
func TestFollowUp(t *testing.T) {
	t.Parallel()
	b := base(t)
	for _, tt := range []struct{ text, article, section string }{
		{"and how long does that take?", "registration/verify-identity", "How long does verification take?"},
		{"how long will it take", "registration/verify-identity", "How long does verification take?"},
		{"is it safe?", "registration/verify-identity", "Is it safe to send my documents?"},
	} {
		v := ask(t, b, knowledge.Query{Text: tt.text, Article: tt.article, Conversation: "en"})
		if v.Kind != knowledge.Answer || v.Passage.Article != tt.article || v.Passage.Section != tt.section {
			t.Errorf("after %s, %q is %s %s %+v", tt.article, tt.text, v.Kind, v.Reason, v.Passage)
		}
	}
	if v := ask(t, b, knowledge.Query{Text: "and how long does that take?", Conversation: "en"}); v.Kind == knowledge.Answer {
		t.Errorf("without an answer before it: %+v", v.Passage)
	}
	// One of an article that isn't there any more is a question like any other.
	if v := ask(t, b, knowledge.Query{Text: "why was it rejected", Article: "gone/gone", Conversation: "en"}); v.Passage != nil && v.Passage.Section != "" {
		t.Errorf("after an article that is gone: %+v", v.Passage)
	}
}

// An article's own question is one, even where a phrase of small talk is in it.
func TestOwnQuestionBeforeSmallTalk(t *testing.T) {
	t.Parallel()
	b := newBase(t, knowledge.Options{Fallback: "en"}, append(small(), write("en", "staff/complain", "Complain", "Write to us.",
		[]string{"worst support ever, where do i complain", "talk to a human"})))
	if v := ask(t, b, knowledge.Query{Text: "worst support ever, where do i complain"}); v.Kind != knowledge.Answer {
		t.Errorf("an own question: %+v", v)
	}
	s, _ := shipped(t)
	c, err := readShipped()
	if err != nil {
		t.Fatal(err)
	}
	with := knowledge.New(knowledge.Options{Languages: s.Languages, Fallback: s.Fallback})
	t.Cleanup(func() { _ = with.Close() })
	articles := append(small(), write("en", "staff/complain", "Complain", "Write to us.", []string{"worst support ever, where do i complain", "talk to a human"}))
	if err := with.Replace(t.Context(), knowledge.Content{Articles: articles, Talk: c.Talk}); err != nil {
		t.Fatal(err)
	}
	if v := ask(t, with, knowledge.Query{Text: "worst support ever, where do i complain"}); v.Kind != knowledge.Answer {
		t.Errorf("an own question with a complaint in it: %+v", v)
	}
	if v := ask(t, with, knowledge.Query{Text: "talk to a human"}); v.Reason != knowledge.Asked {
		t.Errorf("the wish for a person and nothing else: %+v", v)
	}
}
