package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"firstline/bot/chat"
	"firstline/bot/chat/chattest"
	"firstline/bot/telegram/telegramtest"
)

// quantiles reports p50 and p99 of ds in milliseconds.
func quantiles(b *testing.B, ds []time.Duration) {
	slices.Sort(ds)
	at := func(q float64) float64 {
		return float64(ds[min(int(q*float64(len(ds))), len(ds)-1)]) / float64(time.Millisecond)
	}
	b.ReportMetric(at(0.50), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
}

// BenchmarkPipeline is messages through guard, inbox, knowledge base, outbox and
// a channel in memory, on SQLite that is flushed to the disk at every commit.
// As many people as the sub-benchmark says each wait for their answer before
// they write again; p50 and p99 are from receiving to sending.
func BenchmarkPipeline(b *testing.B) {
	for _, people := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) { pipeline(b, people) })
	}
}

func pipeline(b *testing.B, people int) {
	bundle, err := loadContent("")
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	e, err := newEngine(b.Context(), log, filepath.Join(b.TempDir(), "bench.db"), bundle)
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	net := chattest.New(chat.Telegram, capabilities(chat.Telegram))
	var mu sync.Mutex
	waiting := map[chat.ConversationID]chan struct{}{}
	net.Fault = func(to chat.ConversationID, _ *chat.Outbound) error {
		mu.Lock()
		defer mu.Unlock()
		waiting[to] <- struct{}{}
		return nil
	}
	w := &work{engine: e, channels: []chat.Channel{net}}
	to, stop, err := w.start(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer stop()

	questions := []string{
		"i lost my phone with the authenticator", "how do i turn on 2fa", "钱转出去两个小时了还没到",
		"my deposit has not arrived", "hello", "how do i close my account",
	}
	times := make([][]time.Duration, people)
	var wg sync.WaitGroup
	b.ResetTimer()
	for p := range people {
		person := "person-" + strconv.Itoa(p)
		answered := make(chan struct{}, 1)
		mu.Lock()
		waiting[net.Private(person)] = answered
		mu.Unlock()
		wg.Go(func() {
			for i := p; i < b.N; i += people {
				began := time.Now()
				if err := to.Receive(b.Context(), []*chat.Message{net.Message(person, questions[i%len(questions)])}); err != nil {
					b.Error(err)
					return
				}
				<-answered
				times[p] = append(times[p], time.Since(began))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
	quantiles(b, slices.Concat(times...))
}

// BenchmarkStart is the time from starting the process, with a message waiting
// at Telegram, to its answer; and what the process then holds in memory.
func BenchmarkStart(b *testing.B) {
	var times []time.Duration
	rss := 0.0
	for range b.N {
		tg := telegramtest.Start()
		d := newShipped(b, "TELEGRAM_TOKEN="+tg.Token, "TELEGRAM_API_BASE="+tg.URL)
		tg.UserSends(1, "i lost my phone with the authenticator")
		began := time.Now()
		p := d.start()
		tg.WaitSent(b, 1, 1)
		times = append(times, time.Since(began))
		rss = max(rss, resident(b, p.cmd.Process.Pid))
		p.kill()
		tg.Close()
	}
	quantiles(b, times)
	b.ReportMetric(rss, "MiB-rss")
}

// resident returns the resident memory of a process in MiB, 0 where the system
// does not tell.
func resident(b *testing.B, pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kib / 1024
		}
	}
	return 0
}
