package makeshoptest

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest/internal/graphql"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// Paths of the server, for the Path of a shotengaitest.Fault.
const (
	EndpointPath = "/v1/graphql"
	LoginPath    = "/apps/sso"
	TokenPath    = "/oauth2/token"
	KeySetPath   = "/.well-known/jwks.json"
)

// Server is a running fake. All methods are safe for concurrent use.
type Server struct {
	// URL is the base address of the server, without a trailing slash.
	URL string

	kernel *fake.Server
	config config
	schema *graphql.Schema
	auth   *oauthtest.Authority

	mu     sync.Mutex
	app    App
	shops  []*Shop
	hooks  []HookDelivery
	lastID int
}

// NewServer starts a fake with one seeded shop. It panics when no loopback port
// can be had, as httptest does, and for operations that do not fit the schema.
// Close it after use.
func NewServer(opts ...Option) *Server {
	s := &Server{
		config: config{orders: 30, products: 12, members: 15, pageCap: 200},
	}
	for _, opt := range opts {
		opt(&s.config)
	}
	if s.config.app == nil {
		s.config.app = new(defaultApp())
	}
	s.schema = s.config.schema()
	mux := http.NewServeMux()
	mux.HandleFunc(EndpointPath, s.graphql)
	mux.HandleFunc("/", notFound)
	s.kernel = fake.NewServer(mux, fake.Config{InMemory: s.config.inMemory, Listener: s.config.listener, Clock: s.config.clock})
	s.URL = s.kernel.URL
	s.mountSSO(mux)
	s.register(*s.config.app)
	s.LoginAs(s.AddShop(Seed{}))
	return s
}

// Close stops the server and cuts open connections.
func (s *Server) Close() { s.kernel.Close() }

// Endpoint is the address of the API.
func (s *Server) Endpoint() string { return s.URL + EndpointPath }

// LoginURL is the address of the login page.
func (s *Server) LoginURL() string { return s.URL + LoginPath }

// TokenURL is the address of the token endpoint.
func (s *Server) TokenURL() string { return s.URL + TokenPath }

// KeySetURL is the address of the keys that ID tokens are signed with.
func (s *Server) KeySetURL() string { return s.URL + KeySetPath }

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

// Advance moves the platform's time forward. Clients follow it with Server.Now as their
// clock, which Options sets. An oauth.Manager goes by the machine's clock: make
// time pass for it in a testing/synctest bubble, or hand it a grant whose Expiry is past.
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

// SetApp replaces the app's registration; tokens and installations stay.
func (s *Server) SetApp(app App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.register(app.clone())
}

// shop finds a shop; the caller holds the lock.
func (s *Server) shop(id string) *Shop {
	i := slices.IndexFunc(s.shops, func(shop *Shop) bool { return shop.ID == id })
	if i < 0 {
		return nil
	}
	return s.shops[i]
}

// newID hands out numbers; the caller holds the lock.
func (s *Server) newID() int {
	s.lastID++
	return s.lastID
}

// notFound is a web page, as the platform shows at a wrong address.
func notFound(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, "<!DOCTYPE html><html lang=\"ja\"><body><p>404 Not Found</p></body></html>")
}
