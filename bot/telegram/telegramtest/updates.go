package telegramtest

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"slices"
	"time"
)

// update is an event that the bot has not confirmed.
type update struct {
	id   int64
	body json.RawMessage
}

// poll is a getUpdates that waits for something to happen.
type poll struct{ ended chan struct{} }

// updateTypes can be asked for; those in byDefault come without being asked.
var (
	updateTypes = words(`message edited_message channel_post edited_channel_post business_connection business_message
		edited_business_message deleted_business_messages guest_message message_reaction message_reaction_count
		inline_query chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media
		poll poll_answer my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot`)
	notByDefault = words("chat_member message_reaction message_reaction_count")
)

const (
	conflictWebhook = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
	conflictPoll    = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)

// getUpdates returns what is not confirmed, confirms what lies before offset,
// and waits when there is nothing. As at Telegram, a poll that has to wait ends
// the one that waits already.
func (s *Server) getUpdates(ctx context.Context, params url.Values) answer {
	var allowed []string
	if !s.decode("getUpdates", params, "allowed_updates", &allowed) {
		return badRequest("can't parse allowed_updates JSON object")
	}
	for _, t := range allowed {
		if !updateTypes[t] {
			s.find("getUpdates: there are no updates of type %q", t)
		}
	}
	limit := int(number(params, "limit"))
	if limit < 1 || limit > 100 {
		limit = 100
	}
	timeout := time.NewTimer(time.Duration(min(max(number(params, "timeout"), 0), 50)) * time.Second)
	defer timeout.Stop()

	s.mu.Lock()
	defer s.mu.Unlock()
	if allowed != nil {
		s.allowed = allowed
	}
	s.confirm(number(params, "offset"))
	var me *poll
	defer func() {
		if s.poll == me {
			s.poll = nil
		}
	}()
	for {
		if s.webhook.url != "" {
			return failed(409, conflictWebhook)
		}
		if n := min(limit, len(s.updates)); n > 0 || number(params, "timeout") == 0 {
			return ok(s.list(n))
		}
		if me == nil {
			if s.poll != nil {
				close(s.poll.ended)
			}
			me = &poll{ended: make(chan struct{})}
			s.poll = me
		}
		if a, done := s.await(ctx, me, timeout.C); done {
			return a
		}
	}
}

// list returns the first n updates, in disorder when that is on. s.mu is held.
func (s *Server) list(n int) []json.RawMessage {
	list := make([]json.RawMessage, 0, n)
	for _, u := range s.updates[:n] {
		list = append(list, u.body)
		if s.disorder != nil && len(list) < 100 && s.disorder.IntN(10) == 0 {
			list = append(list, u.body)
		}
	}
	if s.disorder != nil {
		s.disorder.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return list
}

// Disorder lets polls return updates in any order and some of them twice.
func (s *Server) Disorder(seed uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disorder = rand.New(rand.NewPCG(seed, seed))
}

// await lets go of s.mu until something happens; done reports that the poll is
// over with the answer a.
func (s *Server) await(ctx context.Context, me *poll, timeout <-chan time.Time) (a answer, done bool) {
	changed := s.changed
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-changed:
		return answer{}, false
	case <-me.ended:
		return failed(409, conflictPoll), true
	case <-timeout:
	case <-ctx.Done():
	case <-s.closing:
	}
	return ok([]json.RawMessage{}), true
}

// confirm forgets the updates before offset; a negative one keeps that many. One
// that is far ahead is from before RestartIDs and confirms nothing. s.mu is held.
func (s *Server) confirm(offset int64) {
	if offset > s.lastUpdate+10 {
		return
	}
	keep := 0
	if offset < 0 {
		keep = max(0, len(s.updates)+int(offset))
	}
	for offset > 0 && keep < len(s.updates) && s.updates[keep].id < offset {
		keep++
	}
	if keep > 0 {
		s.updates = slices.Delete(s.updates, 0, keep)
		s.notify()
	}
}

// push queues an update and returns its id. s.mu is held.
func (s *Server) push(kind string, body any) int64 {
	s.lastUpdate++
	raw, err := json.Marshal(map[string]any{"update_id": s.lastUpdate, kind: body})
	if err != nil {
		panic(err)
	}
	s.updates = append(s.updates, update{s.lastUpdate, raw})
	s.notify()
	return s.lastUpdate
}

// pushIfAllowed is push for what people do: the bot gets the types of updates
// that it asked for. The id is 0 when it did not ask for this one.
func (s *Server) pushIfAllowed(kind string, body any) int64 {
	if (s.allowed == nil && notByDefault[kind]) || (s.allowed != nil && !slices.Contains(s.allowed, kind)) {
		return 0
	}
	return s.push(kind, body)
}

// Push queues any update, wanted or not and well-formed or not, as one that was
// made before the bot said what it wants. It returns the update's id.
func (s *Server) Push(kind string, body any) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.push(kind, body)
}

// PushRaw queues JSON that need not even be an update. It is confirmed with the
// updates before it.
func (s *Server) PushRaw(raw string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates = append(s.updates, update{s.lastUpdate, json.RawMessage(raw)})
	s.notify()
}

// RestartIDs lets the next update have the id first, as Telegram does with a
// number of its choice after a week without updates.
func (s *Server) RestartIDs(first int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastUpdate = first - 1
}
