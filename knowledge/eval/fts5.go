package eval

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"firstline/knowledge/article"
	"firstline/knowledge/search"
)

// fts5 is SQLite's full text search with the tokenizer that its manual
// recommends for the language: Porter's stemmer, and trigrams where no spaces
// separate the words.
type fts5 struct {
	db       *sql.DB
	trigrams bool
}

func newFTS5(ctx context.Context, language string, articles []*article.Article) (plain, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, fmt.Errorf("eval: fts5: %w", err)
	}
	db.SetMaxOpenConns(1) // each connection would have a database of its own
	f := &fts5{db: db, trigrams: language == "zh" || language == "ja"}
	if err := f.fill(ctx, articles); err != nil {
		_ = db.Close() // the first error tells more
		return nil, fmt.Errorf("eval: fts5: %w", err)
	}
	return f, nil
}

func (f *fts5) fill(ctx context.Context, articles []*article.Article) error {
	tokenizer := "porter unicode61"
	if f.trigrams {
		tokenizer = "trigram"
	}
	if _, err := f.db.ExecContext(ctx, "CREATE VIRTUAL TABLE a USING fts5(id UNINDEXED, title, questions, body, tokenize='"+tokenizer+"')"); err != nil {
		return err
	}
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	for _, a := range articles {
		if _, err := tx.ExecContext(ctx, "INSERT INTO a VALUES (?, ?, ?, ?)", a.ID, a.Title, strings.Join(a.Questions, "\n"), body(a)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (f *fts5) Search(ctx context.Context, text string, max int) ([]search.Scored, error) {
	match := f.match(text)
	if match == "" {
		return nil, nil
	}
	rows, err := f.db.QueryContext(ctx, "SELECT id, -bm25(a) FROM a WHERE a MATCH ? ORDER BY bm25(a), id LIMIT ?", match, max)
	if err != nil {
		return nil, fmt.Errorf("eval: fts5: %w", err)
	}
	defer rows.Close()
	var hits []search.Scored
	for rows.Next() {
		h := search.Scored{}
		if err := rows.Scan(&h.Article, &h.Score); err != nil {
			return nil, fmt.Errorf("eval: fts5: %w", err)
		}
		hits = append(hits, h)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("eval: fts5: %w", err)
	}
	return hits, nil
}

func (f *fts5) Close() error { return f.db.Close() }

// maxTerms keeps the query's tree below the depth that FTS5 takes.
const maxTerms = 200

// match asks for any of the text's words, or of its trigrams; each in quotes, so
// that none is an operator.
func (f *fts5) match(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
	terms := words
	if f.trigrams {
		terms = nil
		for _, w := range words {
			runes := []rune(w)
			for i := 0; i+3 <= len(runes); i++ {
				terms = append(terms, string(runes[i:i+3]))
			}
		}
	}
	if len(terms) == 0 {
		return ""
	}
	return `"` + strings.Join(terms[:min(len(terms), maxTerms)], `" OR "`) + `"`
}
