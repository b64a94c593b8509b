package discordtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

// version is the part of a path that names the version of the API.
var version = regexp.MustCompile(`^/api(/v(9|10))?`)

// handler returns the server's routes.
func (s *Server) handler() http.Handler {
	api := http.NewServeMux()
	bot := func(pattern string, h http.HandlerFunc) { api.HandleFunc(pattern, s.asBot(h)) }
	api.HandleFunc("GET /gateway", s.getGateway)
	bot("GET /gateway/bot", s.getGateway)
	bot("GET /users/@me", s.getMe)
	bot("POST /users/@me/channels", s.postDM)
	bot("GET /channels/{channel}", s.getChannel)
	bot("GET /channels/{channel}/messages", s.getMessages)
	bot("POST /channels/{channel}/messages", s.postMessage)
	bot("PATCH /channels/{channel}", s.patchChannel)
	bot("GET /channels/{channel}/messages/{message}", s.getMessage)
	bot("PATCH /channels/{channel}/messages/{message}", s.patchMessage)
	bot("DELETE /channels/{channel}/messages/{message}", s.deleteMessage)
	bot("GET /channels/{channel}/threads/archived/public", s.getArchived)
	bot("GET /applications/@me", s.getApplication)
	bot("GET /users/@me/guilds", s.getGuilds)
	bot("GET /guilds/{guild}", s.getGuild)
	bot("GET /guilds/{guild}/members/{user}", s.getMember)
	bot("GET /applications/{application}/commands", s.getCommands)
	bot("POST /channels/{channel}/typing", s.postTyping)
	bot("PUT /applications/{application}/commands", s.putCommands)
	bot("GET /applications/{application}/guilds/{guild}/commands", s.getCommands)
	bot("PUT /applications/{application}/guilds/{guild}/commands", s.putCommands)
	bot("POST /channels/{channel}/messages/{message}/threads", s.postThread)
	api.HandleFunc("POST /interactions/{interaction}/{token}/callback", s.postCallback)
	api.HandleFunc("PATCH /webhooks/{application}/{token}/messages/@original", s.patchReply)
	api.HandleFunc("DELETE /webhooks/{application}/{token}/messages/@original", s.deleteReply)
	api.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.find("%s %s is not a route", r.Method, r.URL.Path)
		s.mu.Unlock()
		refuse(w, http.StatusNotFound, 0, "404: Not Found", nil)
	})
	root := http.NewServeMux()
	root.HandleFunc("/gateway/", s.serveGateway)
	root.Handle("GET /attachments/{message}/{attachment}", s.faulty(http.HandlerFunc(s.getFile)))
	root.HandleFunc("GET /stickers/{sticker}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("sticker")) })
	root.Handle("/api/", s.faulty(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.calls = append(s.calls, r.Method+" "+r.URL.Path)
		s.change()
		s.mu.Unlock()
		inner := r.Clone(r.Context())
		inner.URL = &url.URL{Path: version.ReplaceAllString(r.URL.Path, ""), RawQuery: r.URL.RawQuery}
		api.ServeHTTP(w, inner)
	})))
	return root
}

// asBot refuses requests without the bot's token.
func (s *Server) asBot(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bot "+s.Token {
			refuse(w, http.StatusUnauthorized, 0, "401: Unauthorized", nil)
			return
		}
		if r.Header.Get("User-Agent") == "" || r.Header.Get("User-Agent")[:10] != "DiscordBot" {
			s.mu.Lock()
			s.find("User-Agent must begin with DiscordBot")
			s.mu.Unlock()
		}
		h(w, r)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if body != nil {
		_ = json.NewEncoder(w).Encode(body) // fails when the bot has gone
	}
}

// refuse answers with an error of Discord's.
func refuse(w http.ResponseWriter, status, code int, message string, errs any) {
	body := map[string]any{"message": message, "code": code}
	if errs != nil {
		body["errors"] = errs
	}
	answer(w, status, body)
}

func (s *Server) getGateway(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &s.gateway
	answer(w, http.StatusOK, map[string]any{
		"url": "ws://" + s.host + "/gateway", "shards": g.shards,
		"session_start_limit": map[string]int{
			"total": 1000, "remaining": g.remaining, "reset_after": 20, "max_concurrency": g.concurrency,
		},
	})
	g.remaining = 1000
}

func (s *Server) getMe(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, userOf(s.BotID, true))
}

func (s *Server) postDM(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Recipient string `json:"recipient_id"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Recipient == "" {
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body", nil)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer(w, http.StatusOK, s.dm(in.Recipient).describe())
}

// channelOf returns the channel of a request, or refuses it. The caller holds
// s.mu.
func (s *Server) channelOf(w http.ResponseWriter, r *http.Request) *channel {
	c := s.channels[r.PathValue("channel")]
	if c == nil {
		refuse(w, http.StatusNotFound, 10003, "Unknown Channel", nil)
		return nil
	}
	if c.refuse != nil {
		c.refuse.answer(w)
		return nil
	}
	return c
}

func (s *Server) getChannel(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channelOf(w, r); c != nil {
		answer(w, http.StatusOK, c.describe())
	}
}

// getMessages returns messages, the youngest first: with after, the oldest of
// those that are younger.
func (s *Server) getMessages(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channelOf(w, r)
	if c == nil {
		return
	}
	limit := 50
	if v := r.URL.Query().Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 100 {
			refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body", nil)
			return
		}
		limit = n
	}
	list := slices.Clone(c.messages)
	if v := r.URL.Query().Get("after"); v != "" {
		after, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body", nil)
			return
		}
		list = slices.DeleteFunc(list, func(m *message) bool { return number(m.ID) <= after })
		list = list[:min(limit, len(list))]
	}
	list = list[max(0, len(list)-limit):]
	slices.Reverse(list)
	answer(w, http.StatusOK, list)
}

func number(id string) uint64 {
	n, _ := strconv.ParseUint(id, 10, 64) // of ids that newID made
	return n
}

func (s *Server) postTyping(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.channelOf(w, r) != nil {
		w.WriteHeader(http.StatusNoContent)
	}
}
