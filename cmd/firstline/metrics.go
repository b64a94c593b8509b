package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"firstline/bot"
	"firstline/bot/chat"
	"firstline/bot/outbox"
	"firstline/handoff/store"
)

// metrics counts what happens. Labels come from small fixed sets; none holds
// anything that a person wrote.
type metrics struct {
	registry  *prometheus.Registry
	messages  *prometheus.CounterVec
	redacted  *prometheus.CounterVec
	outcomes  *prometheus.CounterVec
	attempts  *prometheus.CounterVec
	uncertain *prometheus.CounterVec
	channelUp *prometheus.GaugeVec
	reloads   *prometheus.CounterVec
	// memberships counts where the bot was blocked, thrown out or let in.
	memberships *prometheus.CounterVec
}

func newMetrics(st *store.Store) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "firstline_" + name, Help: help}, labels)
	}
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		messages:  counter("messages_received_total", "Messages accepted from networks, redelivered ones included.", "network"),
		redacted:  counter("secrets_removed_total", "Secrets taken out of messages before anything stored them.", "kind"),
		outcomes:  counter("messages_handled_total", "Handled messages by how they ended.", "network", "language", "verdict", "reason"),
		attempts:  counter("delivery_attempts_total", "Attempts at delivery by the state they led to.", "network", "class", "state"),
		uncertain: counter("delivery_uncertain_total", "Attempts whose outcome is unknown: each may have reached the person.", "network"),
		reloads:   counter("content_reloads_total", "Reloads of changed content.", "result"),
		memberships: counter("telegram_membership_total",
			"Changes of the bot's place on Telegram: blocked and unblocked by people, joined, removed and changed in groups.", "event"),
		channelUp: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "firstline_channel_up", Help: "1 while a channel runs, 0 after it gave up.",
		}, []string{"network"}),
	}
	m.registry.MustRegister(m.messages, m.redacted, m.outcomes, m.attempts, m.uncertain, m.channelUp, m.reloads, m.memberships,
		storeCollector{st}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) received(msg *chat.Message) {
	m.messages.WithLabelValues(string(msg.Conversation.Network)).Inc()
	for _, kind := range msg.Redacted {
		m.redacted.WithLabelValues(kind).Inc()
	}
}

func (m *metrics) outcome(o bot.Outcome) {
	m.outcomes.WithLabelValues(string(o.Network), o.Language, o.Verdict, o.Reason).Inc()
}

func (m *metrics) delivered(d outbox.Delivery, r outbox.Result) {
	m.attempts.WithLabelValues(string(d.To.Network), string(d.Class), string(r.State)).Inc()
	if r.Uncertain {
		m.uncertain.WithLabelValues(string(d.To.Network)).Inc()
	}
}

func (m *metrics) membership(event string) { m.memberships.WithLabelValues(event).Inc() }

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// storeCollector reads how much is waiting at the moment of a scrape.
type storeCollector struct{ store *store.Store }

var (
	inboxPending  = prometheus.NewDesc("firstline_inbox_pending", "Received messages not handled yet.", []string{"network"}, nil)
	inboxAge      = prometheus.NewDesc("firstline_inbox_oldest_seconds", "Age of the oldest message not handled yet.", nil, nil)
	outboxPending = prometheus.NewDesc("firstline_outbox_pending", "Messages not delivered yet.", []string{"network"}, nil)
	outboxFailed  = prometheus.NewDesc("firstline_outbox_failed", "Messages that could not be delivered.", []string{"network"}, nil)
	outboxAge     = prometheus.NewDesc("firstline_outbox_oldest_seconds", "Age of the oldest message not delivered yet.", nil, nil)
	tickets       = prometheus.NewDesc("firstline_tickets", "Tickets by state.", []string{"state"}, nil)
)

// Describe implements prometheus.Collector.
func (storeCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{inboxPending, inboxAge, outboxPending, outboxFailed, outboxAge, tickets} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c storeCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s, err := c.store.Stats(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(inboxPending, err)
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for network, n := range s.InboxPending {
		gauge(inboxPending, float64(n), string(network))
	}
	for network, n := range s.OutboxPending {
		gauge(outboxPending, float64(n), string(network))
	}
	for network, n := range s.OutboxFailed {
		gauge(outboxFailed, float64(n), string(network))
	}
	for state, n := range s.Tickets {
		gauge(tickets, float64(n), string(state))
	}
	gauge(inboxAge, s.InboxOldest.Seconds())
	gauge(outboxAge, s.OutboxOldest.Seconds())
}
