package discordtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"
)

// Fault is something that goes wrong with a request.
type Fault struct {
	status        int
	code          int
	message       string
	retryAfter    time.Duration
	global        bool
	html          bool
	before, after bool
	hangs, cuts   bool
}

// Faults of the API.
var (
	DropsBefore = Fault{before: true} // hangs up without having done anything
	DropsAfter  = Fault{after: true}  // does what is asked and hangs up
	Truncated   = Fault{cuts: true}   // answers with the beginning of an answer
	Hangs       = Fault{hangs: true}  // does what is asked and says nothing, until the bot gives up
)

// RateLimited is a 429 that allows the next request after d.
func RateLimited(d time.Duration) Fault {
	return Fault{status: http.StatusTooManyRequests, message: "You are being rate limited.", retryAfter: d}
}

// GloballyRateLimited is a 429 for all requests of the bot.
func GloballyRateLimited(d time.Duration) Fault {
	f := RateLimited(d)
	f.global = true
	return f
}

// HTML is an answer of something between the bot and Discord.
func HTML(status int) Fault { return Fault{status: status, html: true} }

// Refused is an error of Discord's, such as 403 with code 50007.
func Refused(status, code int, message string) Fault {
	return Fault{status: status, code: code, message: message}
}

// fault is a Fault for certain requests.
type fault struct {
	Fault
	method, part string
}

// Fail lets the next requests of a method to paths that contain part go wrong,
// each as given. Requests before them are not affected.
func (s *Server) Fail(method, part string, list ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range list {
		s.faults = append(s.faults, &fault{Fault: f, method: method, part: part})
	}
}

// Heal takes back what Fail has asked for and has not happened yet.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Refuse lets every request concerning a channel go wrong from now on.
func (s *Server) Refuse(channelID string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channelID].refuse = &fault{Fault: f}
}

// Allow ends Refuse.
func (s *Server) Allow(channelID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channelID].refuse = nil
}

// CloseDMs is a person who no longer accepts direct messages.
func (s *Server) CloseDMs(userID string) {
	s.Refuse(s.DM(userID), Refused(http.StatusForbidden, 50007, "Cannot send messages to this user"))
}

func (s *Server) takeFault(r *http.Request) *fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.method == r.Method && strings.Contains(r.URL.Path, f.part) {
			s.faults = slices.Delete(s.faults, i, i+1)
			s.calls = append(s.calls, r.Method+" "+r.URL.Path)
			s.change()
			return f
		}
	}
	return nil
}

// faulty does what Fail scripted.
func (s *Server) faulty(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			s.checkRequest(r)
		}
		f := s.takeFault(r)
		switch {
		case f == nil:
			h.ServeHTTP(w, r)
		case f.before:
			hangUp(w)
		case f.cuts:
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
			_ = http.NewResponseController(w).Flush()
			hangUp(w)
		case f.hangs:
			h.ServeHTTP(httptest.NewRecorder(), r)
			<-r.Context().Done()
		case f.after:
			h.ServeHTTP(httptest.NewRecorder(), r)
			hangUp(w)
		default:
			f.answer(w)
		}
	})
}

func hangUp(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

func (f *fault) answer(w http.ResponseWriter) {
	switch {
	case f.html:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.status)
		_, _ = fmt.Fprintf(w, "<html><h1>%d</h1></html>", f.status)
	case f.retryAfter > 0:
		w.Header().Set("Retry-After", fmt.Sprint(int(f.retryAfter.Seconds()+0.999)))
		if f.global {
			w.Header().Set("X-RateLimit-Global", "true")
		}
		answer(w, f.status, map[string]any{"message": f.message, "retry_after": f.retryAfter.Seconds(), "global": f.global})
	default:
		refuse(w, f.status, f.code, f.message, nil)
	}
}
