package oauthtest

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// Server is a running authorisation server. It is safe for concurrent use.
type Server struct {
	*Authority

	server *fake.Server
	close  func()
}

// NewServer starts a server. It panics when the configuration cannot be served. Close
// it after use.
func NewServer(config Config) *Server {
	mux := http.NewServeMux()
	server := fake.NewServer(mux, fake.Config{InMemory: config.InMemory, Clock: config.Clock})
	config.Clock = server.Clock.Now
	if config.JWKSPath == "" {
		config.JWKSPath = "/.well-known/jwks.json"
	}
	s := &Server{Authority: Mount(mux, server.URL, server.HTTPClient(), config), server: server}
	s.close = sync.OnceFunc(func() {
		close(s.done)
		s.server.Close()
	})
	return s
}

// Close stops the server and waits for its handlers.
func (s *Server) Close() { s.close() }

// HTTPClient returns a client that reaches the server, also in memory.
func (s *Server) HTTPClient() *http.Client { return s.server.HTTPClient() }

// Advance moves the server's clock forward.
func (s *Server) Advance(d time.Duration) { s.server.Clock.Advance(d) }

// Fail lets the next n requests that match f meet it; a negative n means all until
// Heal.
func (s *Server) Fail(n int, f shotengaitest.Fault) { s.server.Fail(n, f) }

// LoseAnswers lets the next n calls of the token endpoint take effect and cuts the
// connection in place of an answer.
func (s *Server) LoseAnswers(n int) {
	s.server.Fail(n, shotengaitest.Fault{Method: http.MethodPost, Path: s.tokenPath(), ResetAfter: true})
}

// Heal takes back all faults and malformed answers.
func (s *Server) Heal() {
	s.server.Heal()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.malformed = nil
}

// Requests returns the requests received so far, oldest first. They hold the secrets
// that were sent.
func (s *Server) Requests() []shotengaitest.Request { return s.server.Requests() }

// TokenRequests returns the requests to the token endpoint alone.
func (s *Server) TokenRequests() []shotengaitest.Request {
	var requests []shotengaitest.Request
	for _, r := range s.server.Requests() {
		if r.Path == s.tokenPath() {
			requests = append(requests, r)
		}
	}
	return requests
}

func (s *Server) tokenPath() string { return strings.TrimPrefix(s.TokenURL, s.URL) }
