package oauthtest

import (
	"cmp"
	"net/http"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// Server is a running authorisation server. It is safe for concurrent use.
type Server struct {
	// URL is the base address, without a trailing slash.
	URL string
	// AuthURL, TokenURL, RevokeURL and JWKSURL are the endpoints. RevokeURL is empty
	// where the configuration has no such path.
	AuthURL   string
	TokenURL  string
	RevokeURL string
	JWKSURL   string

	config  Config
	clients []clientKey
	server  *fake.Server
	done    chan struct{}
	close   func()

	mu        sync.Mutex
	state     state
	keys      []*signingKey
	malformed []*malformed
	latency   [2]time.Duration
}

// NewServer starts a server. It panics when the configuration cannot be served. Close
// it after use.
func NewServer(config Config) *Server {
	config.AuthPath = cmp.Or(config.AuthPath, "/oauth/authorize")
	config.TokenPath = cmp.Or(config.TokenPath, "/oauth/token")
	config.JWKSPath = cmp.Or(config.JWKSPath, "/.well-known/jwks.json")
	config.CodeLifetime = cmp.Or(config.CodeLifetime, 10*time.Minute)
	config.Algorithm = cmp.Or(config.Algorithm, "ES256")
	config.Shop = cmp.Or(config.Shop, "shop-1")
	s := &Server{
		config:  config,
		clients: parseClientKeys(config.ClientKeys),
		done:    make(chan struct{}),
		state:   newState(),
		latency: [2]time.Duration{config.BeforeRotation, config.AfterRotation},
	}
	s.close = sync.OnceFunc(func() {
		close(s.done)
		s.server.Close()
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+config.AuthPath, s.authorize)
	mux.HandleFunc("POST "+config.AuthPath, s.decide)
	mux.HandleFunc("GET "+config.AuthPath+"/{code}", s.showCode)
	mux.HandleFunc("POST "+config.TokenPath, s.token)
	mux.HandleFunc("GET "+config.JWKSPath, s.jwks)
	if config.RevokePath != "" {
		mux.HandleFunc("POST "+config.RevokePath, s.revoke)
	}
	s.server = fake.NewServer(mux, fake.Config{InMemory: config.InMemory, Clock: config.Clock})
	s.URL = s.server.URL
	s.AuthURL, s.TokenURL, s.JWKSURL = s.URL+config.AuthPath, s.URL+config.TokenPath, s.URL+config.JWKSPath
	if config.RevokePath != "" {
		s.RevokeURL = s.URL + config.RevokePath
	}
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
	s.server.Fail(n, shotengaitest.Fault{Method: http.MethodPost, Path: s.config.TokenPath, ResetAfter: true})
}

// Heal takes back all faults and malformed answers.
func (s *Server) Heal() {
	s.server.Heal()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.malformed = nil
}

// SetLatency changes the delays before and after a rotation.
func (s *Server) SetLatency(beforeRotation, afterRotation time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = [2]time.Duration{beforeRotation, afterRotation}
}

// Requests returns the requests received so far, oldest first. They hold the secrets
// that were sent.
func (s *Server) Requests() []shotengaitest.Request { return s.server.Requests() }

// TokenRequests returns the requests to the token endpoint alone.
func (s *Server) TokenRequests() []shotengaitest.Request {
	var requests []shotengaitest.Request
	for _, r := range s.server.Requests() {
		if r.Path == s.config.TokenPath {
			requests = append(requests, r)
		}
	}
	return requests
}

func (s *Server) now() time.Time { return s.server.Clock.Now() }

// wait passes a delay that a client which goes away does not shorten.
func (s *Server) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.done:
	}
}
