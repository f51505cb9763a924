package rakutentest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// jst is the platform's time zone.
var jst = time.FixedZone("JST", 9*60*60)

// Server is a running fake. All methods are safe for concurrent use.
type Server struct {
	// URL is the base address of the API, without a trailing slash.
	URL string

	kernel *fake.Server
	mux    *http.ServeMux
	config config
	limits map[string]*fake.Limiter
	// life ends with Close and carries what no caller waits for.
	life context.Context
	end  context.CancelFunc

	mu     sync.Mutex
	shops  []*Shop
	lastID int64
}

// NewServer starts a fake with one seeded shop. It panics when no loopback port can be
// had, as httptest does. Close it after use.
func NewServer(opts ...Option) *Server {
	s := &Server{
		lastID: 500_000_000,
		config: config{orders: 30, every: 8 * time.Hour, asyncDelay: time.Minute, searchLag: 6 * time.Second, expiredStatus: http.StatusUnauthorized},
	}
	for _, opt := range opts {
		opt(&s.config)
	}
	s.limits = newLimits(s.config)
	s.life, s.end = context.WithCancel(context.Background())
	s.mux = http.NewServeMux()
	s.routes()
	s.kernel = fake.NewServer(http.HandlerFunc(s.serve), fake.Config{InMemory: s.config.inMemory, Listener: s.config.listener, Clock: s.config.clock})
	s.URL = s.kernel.URL
	s.AddShop(Seed{})
	return s
}

// Close stops the server and cuts open connections.
func (s *Server) Close() {
	s.end()
	s.kernel.Close()
}

// HTTPClient returns a client that reaches the server, also in memory.
func (s *Server) HTTPClient() *http.Client { return s.kernel.HTTPClient() }

// Fail lets the next n calls that match f meet it; a negative n means every call until
// Heal.
func (s *Server) Fail(n int, f shotengaitest.Fault) { s.kernel.Fail(n, f) }

// Heal takes back all faults.
func (s *Server) Heal() { s.kernel.Heal() }

// Requests returns the requests received so far, oldest first.
func (s *Server) Requests() []shotengaitest.Request { return s.kernel.Requests() }

// Now is the platform's time.
func (s *Server) Now() time.Time { return s.kernel.Clock.Now() }

// Advance moves the platform's time forward.
func (s *Server) Advance(d time.Duration) { s.kernel.Clock.Advance(d) }

// Shop is the shop that the server began with.
func (s *Server) Shop() *Shop {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shops[0]
}

// newID hands out numbers; the caller holds the lock.
func (s *Server) newID() int64 {
	s.lastID++
	return s.lastID
}
