package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"firstline/handoff"
	"firstline/handoff/console"
	"firstline/handoff/store"
)

// defaultListen is where the desk listens when nobody said otherwise: only
// this machine reaches it.
const defaultListen = "127.0.0.1:8080"

// listen opens the desk's port. With fallback, a busy default port is replaced
// by a free one: a newcomer's first start must not fail for that.
func listen(addr string, fallback bool) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l, nil
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		if fallback && addr == defaultListen {
			return net.Listen("tcp", "127.0.0.1:0")
		}
		return nil, fmt.Errorf("another program listens on %s: set FIRSTLINE_LISTEN to another address", addr)
	}
	return nil, fmt.Errorf("listening on %s (FIRSTLINE_LISTEN): %w", addr, err)
}

// deskURL is how people on this machine reach l, or public when it is set.
func deskURL(l net.Listener, public string) string {
	if public != "" {
		return strings.TrimRight(public, "/")
	}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// signInLink makes a one-time link for an agent.
func signInLink(ctx context.Context, d *handoff.Desk, id handoff.AgentID, base string) (string, error) {
	secret, err := d.NewSignIn(ctx, "", id)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(base, "/") + "/sign-in/" + url.PathEscape(secret), nil
}

// newServer serves the desk, the web chat, the probes, the metrics of e and what
// networks post to. ready is what /readyz reports, base where people reach the
// desk.
func newServer(e *engine, base string, hooks map[string]http.Handler, webChat http.Handler, ready func(context.Context) error) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { probe(w, nil) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { probe(w, ready(r.Context())) })
	mux.Handle("GET /metrics", e.metrics.handler())
	for path, h := range hooks {
		mux.Handle("POST "+path, h)
	}
	mux.Handle("/widget.js", webChat)
	mux.Handle("/chat", webChat)
	mux.Handle("/chat/", webChat)
	ctx, cancel := context.WithCancel(context.Background())
	mux.Handle("/", console.New(console.Options{
		Desk: e.desk, Files: e.files, Log: e.log, Product: e.words.Load().Site.Product, BaseURL: base,
		Listen: func() (<-chan struct{}, func()) { return e.store.Listen(store.Desk) },
	}))
	srv := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	srv.RegisterOnShutdown(cancel) // Shutdown waits for event streams: end them
	return srv
}

func probe(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, err)
		return
	}
	fmt.Fprintln(w, "ok")
}
