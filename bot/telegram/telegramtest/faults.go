package telegramtest

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"
)

// Fault is a failure of one call.
type Fault struct {
	// answer replaces carrying the call out.
	answer func(w http.ResponseWriter)
	// delay comes before everything else.
	delay time.Duration
	hang  bool
	// after replaces the answer of a call that was carried out.
	after func(s *Server, w http.ResponseWriter, r *http.Request, a answer)
}

// TooManyRequests is Telegram's 429 with the wish to wait for some seconds.
func TooManyRequests(seconds int) Fault { return errorAnswer(tooMany(seconds)) }

// APIError is an error of the API, for example 403 and "Forbidden: bot was
// blocked by the user".
func APIError(code int, description string) Fault { return errorAnswer(failed(code, description)) }

// Migrated is the answer for a group that has become the supergroup to.
func Migrated(to int64) Fault {
	return errorAnswer(withParams(badRequest("group chat was upgraded to a supergroup chat"), "migrate_to_chat_id", to))
}

// Conflict is the answer to a poll while another program polls.
func Conflict() Fault { return errorAnswer(failed(409, conflictPoll)) }

func errorAnswer(a answer) Fault {
	return Fault{answer: func(w http.ResponseWriter) { write(w, a) }}
}

// HTMLPage is the error page of a gateway before Telegram, for example 502.
func HTMLPage(status int) Fault {
	return Raw(status, fmt.Sprintf("<html><head><title>%d %s</title></head></html>", status, http.StatusText(status)))
}

// Raw answers with any status and body; the call is not carried out.
func Raw(status int, body string) Fault {
	return Fault{answer: func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the client may be gone
	}}
}

// Drop closes the connection without carrying the call out.
func Drop() Fault { return Fault{answer: hangUp} }

// DropAfter carries the call out and closes the connection instead of answering.
func DropAfter() Fault {
	return Fault{after: func(_ *Server, w http.ResponseWriter, _ *http.Request, _ answer) { hangUp(w) }}
}

// CutAfter carries the call out and breaks off in the middle of the answer.
func CutAfter() Fault {
	return Fault{after: func(_ *Server, w http.ResponseWriter, _ *http.Request, a answer) {
		body := a.body()
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		// Less than was announced: the server then closes the connection.
		_, _ = w.Write(body[:len(body)/2])
	}}
}

// AnswerAfter carries the call out and answers with another body and status 200.
func AnswerAfter(body string) Fault {
	return Fault{after: func(_ *Server, w http.ResponseWriter, _ *http.Request, _ answer) { _, _ = w.Write([]byte(body)) }}
}

// Endless answers with bytes until the client has enough; the call is not
// carried out.
func Endless() Fault {
	return Fault{answer: func(w http.ResponseWriter) {
		for block := make([]byte, 4096); ; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}}
}

// Slow carries the call out after d.
func Slow(d time.Duration) Fault { return Fault{delay: d} }

// Hang never answers and does not carry the call out.
func Hang() Fault { return Fault{hang: true} }

// HangAfter carries the call out and never answers.
func HangAfter() Fault {
	return Fault{after: func(s *Server, _ http.ResponseWriter, r *http.Request, _ answer) {
		select {
		case <-r.Context().Done():
		case <-s.closing:
		}
	}}
}

func hangUp(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err) // only HTTP/1 is served
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset, as of a machine that went away
	}
	_ = conn.Close()
}

// HalfOpen starts a server that accepts connections, reads nothing and never
// answers, as a machine behind a broken firewall does. It returns its address.
func HalfOpen(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }() // only when the test ends
		}
	})
	t.Cleanup(func() {
		_ = l.Close() // ends Accept
		accepting.Wait()
	})
	return "http://" + l.Addr().String()
}

// Fail lets the next calls of method fail, one fault for each call.
func (s *Server) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], faults...)
}

// FailAll lets every call of method fail until Heal, after those of Fail.
func (s *Server) FailAll(method string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forever[method] = &f
}

// Heal ends what Fail and FailAll began.
func (s *Server) Heal(method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.faults, method)
	delete(s.forever, method)
}

// nextFault takes the fault of a call, if there is one. s.mu is held.
func (s *Server) nextFault(method string) *Fault {
	if q := s.faults[method]; len(q) > 0 {
		s.faults[method] = q[1:]
		return &q[0]
	}
	return s.forever[method]
}

// before does what comes before carrying a call out, and reports whether it is
// carried out at all.
func (s *Server) before(w http.ResponseWriter, r *http.Request, f *Fault) bool {
	timer := time.NewTimer(f.delay)
	defer timer.Stop()
	var elapsed <-chan time.Time
	if !f.hang {
		elapsed = timer.C
	}
	select {
	case <-elapsed:
	case <-r.Context().Done():
		return false
	case <-s.closing:
		return false
	}
	if f.answer != nil {
		f.answer(w)
		return false
	}
	return true
}
