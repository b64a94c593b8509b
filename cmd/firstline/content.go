package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"firstline/bot"
	"firstline/bot/phrases"
	"firstline/content"
	"firstline/knowledge"
	"firstline/knowledge/article"
	"firstline/knowledge/labelled"
	"firstline/knowledge/lint"
	"firstline/knowledge/site"
	"firstline/knowledge/talk"
)

// bundle is one consistent state of a content folder.
type bundle struct {
	bot.Words
	talk     *talk.Book
	articles []*article.Article
	messages []labelled.Message // to calibrate with
	warnings lint.Problems
}

// content is what the knowledge base answers from.
func (b *bundle) content() knowledge.Content {
	a := b.Site.Answers
	return knowledge.Content{
		Articles: b.articles, Talk: b.talk, Labelled: b.messages, NoneShare: a.Unanswerable,
		Costs: knowledge.Costs{Wrong: a.WrongCosts, Topics: a.Topics},
	}
}

// loadContent reads the folder dir, "" for the content built in. The error is
// lint.Problems when the content can't be used. Links inside the folder are
// followed, links out of it are not.
func loadContent(dir string) (b *bundle, err error) {
	err = inContent(dir, func(fsys fs.FS) error {
		b, err = readContent(fsys)
		return err
	})
	return b, err
}

// loadWords is loadContent for those who only talk about tickets: it reads no
// article.
func loadWords(dir string) (w bot.Words, err error) {
	err = inContent(dir, func(fsys fs.FS) error {
		s, problems := site.Load(fsys)
		if err := problems.Err(); err != nil {
			return err
		}
		book, problems := phrases.Load(fsys, s)
		w = bot.Words{Book: book, Site: s}
		return problems.Err()
	})
	return w, err
}

// inContent lets f read the folder.
func inContent(dir string, f func(fs.FS) error) error {
	if dir == "" {
		return f(content.FS)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("content folder: %w", err)
	}
	defer root.Close() //nolint:errcheck // it was only read from
	return f(root.FS())
}

func readContent(fsys fs.FS) (*bundle, error) {
	s, problems := site.Load(fsys)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	book, ps := phrases.Load(fsys, s)
	problems = append(problems, ps...)
	tk, ps := talk.Load(fsys, s.Languages)
	problems = append(problems, ps...)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	values := func(lang string) map[string]string {
		v := article.SiteValues(s)
		for name, value := range book.Values(lang) {
			v[name] = value
		}
		return v
	}
	articles, ps := article.Load(fsys, s, values)
	problems = append(problems, ps...)
	messages, ps := labelled.Read(fsys, labelled.Calibration, s.Languages, articles)
	problems = append(problems, ps...)
	for _, a := range articles {
		if len(a.ID) > bot.MaxArticleID {
			problems = append(problems, lint.Problem{File: a.File, Message: fmt.Sprintf(
				"the id %s is %d bytes long; a button holds %d at most", a.ID, len(a.ID), bot.MaxArticleID)})
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	b := &bundle{Words: bot.Words{Book: book, Site: s}, talk: tk, articles: articles, messages: messages, warnings: problems}
	c := b.content()
	for _, l := range c.Unmeasured() {
		b.warnings = append(b.warnings, lint.Problem{File: l, Warning: true, Message: "too few questions to measure how sure answers are: " +
			"the bot guesses cautiously; give the articles more questions, or label messages in " + labelled.Calibration})
	}
	return b, nil
}

type checkCmd struct {
	Listen     string   `help:"Address that serve listens at." env:"FIRSTLINE_LISTEN" default:"127.0.0.1:8080" placeholder:"ADDR"`
	URL        string   `help:"Where people reach the desk and the web chat, when that is not the address above." env:"FIRSTLINE_URL" placeholder:"URL"`
	WebOrigins []string `help:"Sites that may embed the web chat, separated by commas (default: none)." env:"FIRSTLINE_WEB_ORIGINS" placeholder:"ORIGIN"`
}

// Run checks the content folder, what the bot may do on the networks that have a
// token, and the settings of the web chat.
func (k *checkCmd) Run(ctx context.Context, s streams, c *cli) error {
	b, err := loadContent(c.Content)
	if err != nil {
		return fmt.Errorf("the content can't be used:\n%w", err)
	}
	if err := writeCheck(s.out, b); err != nil {
		return err
	}
	// One network's trouble doesn't hide what is to say of the other.
	return errors.Join(checkTelegram(ctx, s.out), checkDiscord(ctx, s.out), checkRooms(s.out), k.web(s.out))
}

func writeCheck(w io.Writer, b *bundle) error {
	for _, p := range b.warnings {
		if _, err := fmt.Fprintln(w, p); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d articles in %d languages: no error, %d warnings\n", len(b.articles), len(languages(b.articles)), len(b.warnings))
	return err
}

func languages(articles []*article.Article) map[string]int {
	n := map[string]int{}
	for _, a := range articles {
		n[a.Language]++
	}
	return n
}
