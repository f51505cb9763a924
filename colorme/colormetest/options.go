package colormetest

import (
	"net"
	"net/http"
	"time"
)

// Option changes how a Server runs.
type Option func(*config)

type config struct {
	clock    func() time.Time
	inMemory bool
	listener net.Listener
	limits   bool
	staleFor time.Duration
	// deadTokenCode is what a dead token gets, where it is not codeNoPermission.
	deadTokenCode int
	sales         int
	products      int
	customers     int
	app           *App
	hookClient    *http.Client
}

// WithClock sets the platform's clock; the default is time.Now. A clock that
// stands still and is moved by Advance makes a test exact.
func WithClock(now func() time.Time) Option {
	return func(c *config) { c.clock = now }
}

// InMemory serves over net.Pipe in place of a socket, for use inside a
// testing/synctest bubble. Only HTTPClient and Client reach such a server.
func InMemory() Option {
	return func(c *config) { c.inMemory = true }
}

// WithListener serves on a listener in place of a free loopback port, for an address that has to
// be known beforehand. Close closes it.
func WithListener(listener net.Listener) Option {
	return func(c *config) { c.listener = listener }
}

// WithSales sets the number of orders that each new shop is seeded with, 30 by
// default: one every eight hours, the newest an hour old.
func WithSales(n int) Option {
	return func(c *config) { c.sales = n }
}

// WithProducts sets the number of products that each new shop is seeded with,
// 12 by default. Every third one has variants.
func WithProducts(n int) Option {
	return func(c *config) { c.products = n }
}

// WithCustomers sets the number of customers that each new shop is seeded
// with, 15 by default. Two of three are members.
func WithCustomers(n int) Option {
	return func(c *config) { c.customers = n }
}

// WithoutRateLimits accepts any number of calls. By default the 121st call of
// a token within a minute, and the sixth image within ten seconds, get 429.
func WithoutRateLimits() Option {
	return func(c *config) { c.limits = false }
}

// WithStaleReads lets a GET answer with the old value for d after a PUT, as
// the platform may do. It covers the resource that was written (its list,
// where the platform has nothing smaller), not the lists it appears in, except for
// orders: a change of one, by the API or by the methods of Shop, reaches no list for d
// either.
func WithStaleReads(d time.Duration) Option {
	return func(c *config) { c.staleFor = d }
}

// WithDocumentedTokenErrors answers an unknown or dead token with code 401001, as the
// platform's description has it. By default the answer is the one that was observed on every
// path: 401010, as for a missing scope.
func WithDocumentedTokenErrors() Option {
	return func(c *config) { c.deadTokenCode = codeInvalidToken }
}

// WithApp sets the app's registration; see also Server.SetApp.
func WithApp(app App) Option {
	return func(c *config) {
		app = app.clone()
		c.app = &app
	}
}

// WithHookClient sets the HTTP client that hooks are sent with. Redirects are
// not followed, whatever the client's policy is.
func WithHookClient(client *http.Client) Option {
	return func(c *config) { c.hookClient = client }
}
