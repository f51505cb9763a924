package storestest

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// Server is a running fake. All methods are safe for concurrent use.
type Server struct {
	// URL is the base address of the API and of STORES ID, without a trailing slash.
	URL string

	kernel *fake.Server
	mux    *http.ServeMux
	config config
	calls  *fake.Limiter
	auth   *oauthtest.Authority

	mu          sync.Mutex
	app         App
	shops       []*Shop
	credentials map[string]*Shop
	tickets     map[string]*ticket
	lastID      uint64
}

// NewServer starts a fake with one seeded shop. It panics when no loopback port can be
// had, as httptest does. Close it after use.
func NewServer(opts ...Option) *Server {
	s := &Server{
		credentials: make(map[string]*Shop),
		tickets:     make(map[string]*ticket),
		config:      config{orders: len(samples), items: 12, limits: true},
	}
	for _, opt := range opts {
		opt(&s.config)
	}
	if s.config.app == nil {
		s.config.app = new(defaultApp())
	}
	if s.config.limits {
		s.calls = &fake.Limiter{Calls: 60, Per: time.Minute}
	}
	s.mux = http.NewServeMux()
	s.routes()
	s.kernel = fake.NewServer(http.HandlerFunc(s.serve), fake.Config{InMemory: s.config.inMemory, Listener: s.config.listener, Clock: s.config.clock})
	s.URL = s.kernel.URL
	s.mountID()
	s.register(*s.config.app)
	s.LoginAs(s.AddShop(Seed{}))
	return s
}

// Close stops the server; open connections are cut.
func (s *Server) Close() { s.kernel.Close() }

// HTTPClient returns a client that reaches the server, also in memory. It follows
// redirects, as a shop owner's browser does.
func (s *Server) HTTPClient() *http.Client { return s.kernel.HTTPClient() }

// Fail lets the next n calls that match f meet it; a negative n means every call until
// Heal. Refusal makes a fault in the platform's own words.
func (s *Server) Fail(n int, f shotengaitest.Fault) { s.kernel.Fail(n, f) }

// Heal takes back all faults.
func (s *Server) Heal() { s.kernel.Heal() }

// Requests returns the requests received so far, oldest first.
func (s *Server) Requests() []shotengaitest.Request { return s.kernel.Requests() }

// Now returns the platform's time.
func (s *Server) Now() time.Time { return s.kernel.Clock.Now() }

// Advance moves the platform's time forward.
func (s *Server) Advance(d time.Duration) { s.kernel.Clock.Advance(d) }

// Shop is the shop that the server began with.
func (s *Server) Shop() *Shop {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shops[0]
}

// App is the app as registered with the platform.
func (s *Server) App() App {
	s.mu.Lock()
	defer s.mu.Unlock()
	app := s.app.clone()
	app.RedirectURIs = s.auth.RedirectURLs()
	return app
}

// SetApp replaces the app's registration; grants stay.
func (s *Server) SetApp(app App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.register(app.clone())
}

// copyJSON copies what the platform would send, so that callers may keep it.
func copyJSON(v any) map[string]any {
	var out map[string]any
	if err := json.Unmarshal(fake.JSON(v), &out); err != nil {
		panic("storestest: copy: " + err.Error())
	}
	return out
}
