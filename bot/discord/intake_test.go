package discord

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"firstline/bot/chat"
)

// What depends on the order in which the gateway's events and the backfill's
// answers come is tested here, where the order can be chosen.

func quietIntake(marks map[string]snowflake) *intake {
	return newIntake(slog.New(slog.DiscardHandler), 100, marks)
}

func arrives(q *intake, channel string, id snowflake, private bool) {
	q.live(item{message: &chat.Message{Event: fmt.Sprintf("m:%d", id)}, channel: channel, id: id}, private)
}

func events(q *intake) []string {
	var list []string
	for _, it := range q.takeNow(1000) {
		list = append(list, it.message.Event)
	}
	return list
}

func described(id, newest string) wireChannel {
	return wireChannel{ID: id, LastMessage: lenient[string]{newest}}
}

const hour = snowflake(3600_000) << 22

// now is any time: ids count from it.
const now = 1000 * hour

func TestKnownChannelWithoutNewsIsNotFetched(t *testing.T) {
	t.Parallel()
	q := quietIntake(map[string]snowflake{"1": now, "2": now - 1, "3": now - 2})
	q.begin(0, []string{"g"}, 0)
	if len(q.pending) != 3 {
		t.Fatalf("%d channels to fetch", len(q.pending))
	}
	q.described("g", []wireChannel{
		described("1", now.String()),       // nothing new
		described("2", (now + 1).String()), // something new
		described("4", (now + 2).String()), // never seen, and written in since
		described("5", (now / 2).String()), // never seen, and quiet
		described("6", "nonsense"),         // empty
		{ID: "7", Type: lenient[int]{channelForum}, LastMessage: lenient[string]{(now + 3).String()}},
	})
	if diff := cmp.Diff([]string{"2", "3", "4"}, q.pending); diff != "" {
		t.Error(diff)
	}
	if q.channels["4"].last != q.floor || q.floor >= now || q.floor < now-hour {
		t.Errorf("filled from %d", q.channels["4"].last)
	}
}

func TestGuildThatTheBotWasAddedTo(t *testing.T) {
	t.Parallel()
	q := quietIntake(map[string]snowflake{"1": now})
	q.begin(0, nil, 0)
	q.described("new", []wireChannel{described("8", (now + 5).String())})
	if diff := cmp.Diff([]string{"1"}, q.pending); diff != "" {
		t.Error(diff)
	}
	if q.channels["8"].last != now+5 {
		t.Errorf("last = %d", q.channels["8"].last)
	}
}

func TestChannelWithLiveMessagesIsFilledFirst(t *testing.T) {
	t.Parallel()
	q := quietIntake(map[string]snowflake{"1": now, "2": now - 1, "3": now - 2})
	q.begin(0, nil, 0)
	arrives(q, "3", now+1, true)
	var order []string
	for range 3 {
		channel, _, _ := q.nextGap(t.Context())
		order = append(order, channel)
	}
	if diff := cmp.Diff([]string{"3", "1", "2"}, order); diff != "" {
		t.Error(diff)
	}
}

// TestSessionLostWhileFilling: what was sent between the last page and the new
// session is on no page yet.
func TestSessionLostWhileFilling(t *testing.T) {
	t.Parallel()
	q := quietIntake(map[string]snowflake{"1": now})
	q.begin(0, nil, 0)
	channel, after, _ := q.nextGap(t.Context())
	q.filled(channel, nil, after)
	q.begin(0, nil, 0)
	if _, done := q.closeGap(channel); done {
		t.Fatal("the gap was closed")
	}
	if _, done := q.closeGap(channel); !done {
		t.Fatal("the gap was not closed")
	}
}

func TestSameMessageTwice(t *testing.T) {
	t.Parallel()
	q := quietIntake(map[string]snowflake{"1": now})
	q.begin(0, nil, 0)
	channel, _, _ := q.nextGap(t.Context())
	for id := now + 2; id <= now+4; id++ {
		arrives(q, "1", id, true)
	}
	var page []item
	for id := now + 1; id <= now+3; id++ {
		page = append(page, item{message: &chat.Message{Event: fmt.Sprintf("m:%d", id)}, channel: "1", id: id})
	}
	q.filled(channel, page, now+3)
	if missed, done := q.closeGap(channel); missed != 1 || !done {
		t.Errorf("%d missed, done %v", missed, done)
	}
	arrives(q, "1", now+4, true)
	want := []string{fmt.Sprintf("m:%d", now+1), fmt.Sprintf("m:%d", now+2), fmt.Sprintf("m:%d", now+3), fmt.Sprintf("m:%d", now+4)}
	if diff := cmp.Diff(want, events(q)); diff != "" {
		t.Error(diff)
	}
}

// TestMarksWaitForTheFloor: while a channel is being filled from the floor, no
// mark may raise the floor of the next start.
func TestMarksWaitForTheFloor(t *testing.T) {
	t.Parallel()
	q := quietIntake(map[string]snowflake{"1": now})
	q.begin(0, []string{"g"}, 0)
	q.described("g", []wireChannel{described("1", now.String()), described("4", (now + 9).String())})
	arrives(q, "1", now+10, false)
	arrives(q, "50", now+11, true) // a new conversation: filled from the floor too
	q.stored(q.takeNow(10))
	want := map[string]snowflake{}
	if diff := cmp.Diff(want, q.marks(nil)); diff != "" {
		t.Errorf("while filling: %s", diff)
	}
	q.release() // as at the end of Run
	q.stored(q.takeNow(10))
	want["4"], want["50"] = q.floor, q.floor
	if diff := cmp.Diff(want, q.marks(nil)); diff != "" {
		t.Errorf("at the end: %s", diff)
	}
	for range 2 {
		channel, _, _ := q.nextGap(t.Context())
		q.filled(channel, nil, now+12)
		q.closeGap(channel)
	}
	want = map[string]snowflake{"1": now + 10, "4": now + 12, "50": now + 12}
	if diff := cmp.Diff(want, q.marks(nil)); diff != "" {
		t.Errorf("filled: %s", diff)
	}
	for channel, mark := range want {
		q.markSaved(channel, mark)
	}
	if moved := q.marks(nil); len(moved) != 0 {
		t.Errorf("saved marks move: %v", moved)
	}
}

func TestMarkStaysBehindTheQueue(t *testing.T) {
	t.Parallel()
	q := quietIntake(map[string]snowflake{"1": now})
	q.channels["1"].private = true
	for id := now + 1; id <= now+3; id++ {
		arrives(q, "1", id, true)
	}
	q.live(item{channel: "1", id: now + 4}, true) // the bot's own
	q.stored(q.takeNow(2))
	if diff := cmp.Diff(map[string]snowflake{"1": now + 2}, q.marks(map[string]bool{"1": true})); diff != "" {
		t.Error(diff)
	}
	q.stored(q.takeNow(2))
	if diff := cmp.Diff(map[string]snowflake{"1": now + 4}, q.marks(nil)); diff != "" {
		t.Error(diff)
	}
}

// TestFastClock: a new bot takes its floor from this machine's clock.
func TestFastClock(t *testing.T) {
	t.Parallel()
	q := quietIntake(nil)
	q.floor += hour
	q.begin(0, nil, 0)
	id := snowflakeAt(time.Now())
	arrives(q, "1", id, true)
	if _, after, _ := q.nextGap(t.Context()); after >= id {
		t.Errorf("filled from %d, after %d", after, id)
	}
}

func TestRecentForgets(t *testing.T) {
	t.Parallel()
	var r recent
	for i := range 3 * recentEvents {
		if !r.add(fmt.Sprint(i)) {
			t.Fatalf("%d is not new", i)
		}
		if r.add(fmt.Sprint(max(0, i-recentEvents/2))) {
			t.Fatalf("forgot what is before %d too early", i)
		}
	}
	if len(r.known) != recentEvents || len(r.order) != recentEvents {
		t.Errorf("%d known, %d in order", len(r.known), len(r.order))
	}
}

func TestPanicInAnEvent(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	s := &shard{run: &run{c: &Channel{log: slog.New(slog.NewTextHandler(&log, nil))}}} // without an intake
	s.dispatch(context.Background(), &packet{
		Type: "MESSAGE_CREATE", Data: []byte(`{"id":"1","channel_id":"2","content":"private-words"}`),
	})
	if !strings.Contains(log.String(), "could not be handled") || strings.Contains(log.String(), "private-words") {
		t.Errorf("logged %q", log.String())
	}
}

func TestLimitsByHeader(t *testing.T) {
	t.Parallel()
	var l limits
	h := http.Header{}
	h.Set("X-RateLimit-Remaining", "0")
	h.Set("X-RateLimit-Reset-After", "60.5")
	l.note("POST a", h, nil)
	if e := asAPIError(l.wait(t.Context(), "POST a")); e.retryAfter < 50*time.Second {
		t.Errorf("the closed route: %v", e)
	}
	for i := range 2000 {
		l.note(fmt.Sprint("POST ", i), http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset-After": {"0.0000001"}}, nil)
		l.note("POST b", http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset-After": {"nonsense"}}, nil)
	}
	if len(l.routes) > 1000 {
		t.Errorf("%d routes are remembered", len(l.routes))
	}
	if err := l.wait(t.Context(), "POST b"); err != nil {
		t.Error(err)
	}
	if l.left("POST a") <= 0 {
		t.Error("a closed route was forgotten")
	}
}

func TestRequestsGoNowhereElse(t *testing.T) {
	t.Parallel()
	client, err := newHTTPClient("http://127.0.0.1:1/api")
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"https://discord.com.evil.example/api/v9/gateway", "http://discord.com/api/v9/gateway", "https://discord.com/other", "https://127.0.0.1/api/"} {
		resp, err := client.Post(address, "text/plain", strings.NewReader("x"))
		if err == nil {
			_ = resp.Body.Close()
		}
		if err == nil || !strings.Contains(err.Error(), errElsewhere.Error()) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestSnowflake(t *testing.T) {
	t.Parallel()
	// The example of Discord's documentation.
	id, ok := parseSnowflake("175928847299117063")
	if !ok || id.time() != time.UnixMilli(1462015105796).UTC() || id.String() != "175928847299117063" {
		t.Errorf("%v %v", id, id.time())
	}
	if got := snowflakeAt(id.time()); got>>22 != id>>22 || got > id {
		t.Errorf("snowflakeAt = %d", got)
	}
	if snowflake(5).before(time.Hour) != 1 || id.before(time.Minute).time() != id.time().Add(-time.Minute) {
		t.Error("before")
	}
	for _, s := range []string{"", "0", "-1", "x", "1.5", "99999999999999999999"} {
		if _, ok := parseSnowflake(s); ok {
			t.Errorf("%q is an id", s)
		}
	}
}
