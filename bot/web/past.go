package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"firstline/bot/web/weblog"
)

// number is a parameter of a request, 0 when it is not there.
func number(r *http.Request, name string) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	return parseNumber(name, text)
}

func parseNumber(name, text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, &problem{status: http.StatusBadRequest, code: "bad_request", text: name + " must be a number that a stream or an answer gave"}
	}
	return n, nil
}

// getMessages answers with the last ?limit= messages before the place ?before=
// (0: at the end), in the order of their places, and whether there are more
// before them.
func (c *Channel) getMessages(w http.ResponseWriter, r *http.Request) error {
	if err := c.pace.requests.takeFor(r); err != nil {
		return err
	}
	s, err := c.session(r)
	if err != nil {
		return err
	}
	before, err := number(r, "before")
	if err != nil {
		return err
	}
	limit, err := number(r, "limit")
	if err != nil {
		return err
	}
	if limit == 0 || limit > batchSize {
		limit = batchSize
	}
	all, more, err := page(r.Context(), c.o.Store, s.ID, before, int(limit))
	if err != nil {
		return err
	}
	messages := make([]wireMessage, len(all))
	for i, m := range all {
		messages[i] = wire(m)
	}
	answer(w, http.StatusOK, map[string]any{"messages": messages, "more": more})
	return nil
}

// page returns up to limit messages before a place and whether there are more.
func page(ctx context.Context, store weblog.Store, session string, before int64, limit int) (all []weblog.Message, more bool, err error) {
	all, err = store.WebPage(ctx, session, before, limit+1)
	if more = len(all) > limit; more {
		all = all[1:]
	}
	return all, more, err
}

// page writes the newest messages and where they begin. They go in the order of
// their versions, so that a stream that breaks off goes on with the rest. What is
// left out and has an older version is before them: the browser asks for it.
func (e *events) page(ctx context.Context) error {
	all, more, err := page(ctx, e.store, e.session, 0, e.newest)
	if err != nil {
		return err
	}
	before := int64(0)
	if more {
		before = all[0].Position
	}
	if err := e.write(fmt.Sprintf("event: earlier\ndata: {\"before\": %d}\n\n", before)); err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b weblog.Message) int { return cmp.Compare(a.Version, b.Version) })
	return e.messages(all)
}
