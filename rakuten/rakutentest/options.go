package rakutentest

import (
	"net"
	"net/http"
	"time"
)

// Option changes how a Server runs.
type Option func(*config)

type config struct {
	clock         func() time.Time
	inMemory      bool
	listener      net.Listener
	orders        int
	every         time.Duration
	unpaced       bool
	noRetryAfter  bool
	asyncDelay    time.Duration
	searchLag     time.Duration
	expiredStatus int
	hookClient    *http.Client
}

// WithClock sets the platform's clock; the default is time.Now. A clock that stands still
// and is moved by Advance makes a test exact; WithoutRateLimits then lets more than one call
// of a family pass between two moves.
func WithClock(now func() time.Time) Option {
	return func(c *config) { c.clock = now }
}

// InMemory serves over net.Pipe in place of a socket, for use inside a testing/synctest
// bubble. Only HTTPClient and Client reach such a server.
func InMemory() Option {
	return func(c *config) { c.inMemory = true }
}

// WithListener serves on a listener in place of a free loopback port, for an address that has to
// be known beforehand. Close closes it.
func WithListener(listener net.Listener) Option {
	return func(c *config) { c.listener = listener }
}

// WithOrders sets the number of orders that each new shop is seeded with, 30 by default.
// The newest is an hour old; they reach back 700 days at most.
func WithOrders(n int) Option {
	return func(c *config) { c.orders = n }
}

// WithOrderEvery sets the time between two seeded orders, 8 hours by default.
func WithOrderEvery(d time.Duration) Option {
	return func(c *config) { c.every = d }
}

// WithoutRateLimits accepts any number of calls. By default, calls above the rates that are
// known of each family are refused, counted for each shop: 429 with Retry-After, and 403
// with MAX_QPS_OVER in the XML families.
func WithoutRateLimits() Option {
	return func(c *config) { c.unpaced = true }
}

// WithoutRetryAfter leaves Retry-After out of the refusals of calls that come too fast, as
// the platform does at times.
func WithoutRetryAfter() Option {
	return func(c *config) { c.noRetryAfter = true }
}

// WithAsyncDelay sets how long asynchronous shipping requests take, a minute by default.
func WithAsyncDelay(d time.Duration) Option {
	return func(c *config) { c.asyncDelay = d }
}

// WithSearchLag sets how long after its upload a file of the cabinet is found by a search,
// 6 seconds by default: 5 to 7 have been seen. With 0 it is found at once.
func WithSearchLag(d time.Duration) Option {
	return func(c *config) { c.searchLag = d }
}

// WithForbiddenExpiry answers the expiry date of a key that has expired with 403 in place
// of 401; both have been seen.
func WithForbiddenExpiry() Option {
	return func(c *config) { c.expiredStatus = http.StatusForbidden }
}

// WithHookClient sets the HTTP client that system events are sent with. Redirects are not
// followed, whatever the client says.
func WithHookClient(client *http.Client) Option {
	return func(c *config) { c.hookClient = client }
}
