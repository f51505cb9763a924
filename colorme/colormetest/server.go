package colormetest

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// Server is a running fake. All methods are safe for concurrent use.
type Server struct {
	// URL is the base address of the API, without a trailing slash.
	URL string

	kernel *fake.Server
	mux    *http.ServeMux
	config config
	calls  *fake.Limiter
	images *fake.Limiter
	auth   *oauthtest.Authority
	// life ends with Close and carries what no caller waits for.
	life context.Context
	end  context.CancelFunc

	mu     sync.Mutex
	app    App
	shops  []*Shop
	usage  map[string]*token
	hooks  []HookDelivery
	mails  []Mail
	broken map[string]bool
	stale  map[string]staleReply
	lastID int64
}

// NewServer starts a fake with one seeded shop. It panics when no loopback
// port can be had, as httptest does. Close it after use.
func NewServer(opts ...Option) *Server {
	s := &Server{
		usage:  make(map[string]*token),
		broken: make(map[string]bool),
		stale:  make(map[string]staleReply),
		lastID: 150_000_000,
		config: config{sales: 30, products: 12, customers: 15, limits: true},
	}
	for _, opt := range opts {
		opt(&s.config)
	}
	if s.config.app == nil {
		s.config.app = new(defaultApp())
	}
	if s.config.limits {
		s.calls = &fake.Limiter{Calls: 120, Per: time.Minute}
		s.images = &fake.Limiter{Calls: 5, Per: 10 * time.Second}
	}
	s.life, s.end = context.WithCancel(context.Background())
	s.mux = http.NewServeMux()
	s.routes()
	s.kernel = fake.NewServer(http.HandlerFunc(s.serve), fake.Config{InMemory: s.config.inMemory, Listener: s.config.listener, Clock: s.config.clock})
	s.URL = s.kernel.URL
	s.mountOAuth()
	s.register(*s.config.app)
	s.LoginAs(s.AddShop(Seed{}))
	return s
}

// Close stops the server: hooks that wait to be resent are dropped, open
// connections are cut.
func (s *Server) Close() {
	s.end()
	s.kernel.Close()
}

// HTTPClient returns a client that reaches the server, also in memory. It
// follows redirects, as a shop owner's browser does.
func (s *Server) HTTPClient() *http.Client { return s.kernel.HTTPClient() }

// Fail lets the next n calls that match f meet it; a negative n means every
// call until Heal.
func (s *Server) Fail(n int, f shotengaitest.Fault) { s.kernel.Fail(n, f) }

// Heal takes back all faults.
func (s *Server) Heal() { s.kernel.Heal() }

// Requests returns the requests received so far, oldest first.
func (s *Server) Requests() []shotengaitest.Request { return s.kernel.Requests() }

// Now is the platform's time.
func (s *Server) Now() time.Time { return s.kernel.Clock.Now() }

// Advance moves the platform's time forward and delivers the hooks that fall
// due on the way. In a testing/synctest bubble waiting does the same.
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

// SetApp replaces the app's registration; tokens and installations stay, and hooks that
// wait to be resent go to the address that they went to before.
func (s *Server) SetApp(app App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.register(app.clone())
}

// Mail is a mail that the platform sent.
type Mail struct {
	// ShopID is the account ID of the shop concerned.
	ShopID string
	// SaleID is the order that the mail is about, if any.
	SaleID int64
	// Kind is accepted, paid or delivered for orders, and hook_failed when an
	// uninstall hook was abandoned.
	Kind string
	// Time is when it was sent.
	Time time.Time
}

// Mails returns the mails that the platform sent, oldest first.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// shop finds a shop; the caller holds the lock.
func (s *Server) shop(id string) *Shop {
	i := slices.IndexFunc(s.shops, func(shop *Shop) bool { return shop.ID == id })
	if i < 0 {
		return nil
	}
	return s.shops[i]
}

// newID hands out resource IDs; the caller holds the lock.
func (s *Server) newID() int64 {
	s.lastID++
	return s.lastID
}
