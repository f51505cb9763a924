package storestest

import (
	"net"
	"time"
)

// Option changes how a Server runs.
type Option func(*config)

type config struct {
	clock    func() time.Time
	inMemory bool
	listener net.Listener
	limits   bool
	lag      time.Duration
	orders   int
	items    int
	app      *App
	gone     Withdrawal
}

// WithClock sets the platform's clock; the default is time.Now. A clock that stands still
// and is moved by Advance makes a test exact.
func WithClock(now func() time.Time) Option {
	return func(c *config) { c.clock = now }
}

// InMemory serves over net.Pipe in place of a socket, for use inside a testing/synctest
// bubble. Only HTTPClient, Client and Options reach such a server.
func InMemory() Option {
	return func(c *config) { c.inMemory = true }
}

// WithListener serves on a listener in place of a free loopback port, for an address that has to
// be known beforehand. Close closes it.
func WithListener(listener net.Listener) Option {
	return func(c *config) { c.listener = listener }
}

// WithOrders sets the number of orders that each new shop is seeded with: one every six
// hours, the newest an hour old. By default there is one for each way of payment and each
// peculiarity of the platform, 38 in all; more of them begin again with the first.
func WithOrders(n int) Option {
	return func(c *config) { c.orders = n }
}

// WithItems sets the number of items that each new shop is seeded with, 12 by default.
func WithItems(n int) Option {
	return func(c *config) { c.items = n }
}

// WithoutRateLimits accepts any number of calls. By default the 61st call of a token
// within a minute gets 429.
func WithoutRateLimits() Option {
	return func(c *config) { c.limits = false }
}

// WithOrderLag lets an order appear in lists only d after it was made, as the platform may
// do.
func WithOrderLag(d time.Duration) Option {
	return func(c *config) { c.lag = d }
}

// Withdrawal is how the platform treats a shop that has withdrawn. It states no more than
// that it returns no data of it.
type Withdrawal struct {
	// Status is what calls get: 403 if it is zero. 404 and 410 are as likely.
	Status int
	// KeepsGrants lets refresh tokens work on; by default they get invalid_grant.
	KeepsGrants bool
}

// WithWithdrawal chooses how shops are refused that have withdrawn; see Shop.Withdraw.
func WithWithdrawal(w Withdrawal) Option {
	return func(c *config) { c.gone = w }
}

// WithApp sets the app's registration; see also Server.SetApp.
func WithApp(app App) Option {
	return func(c *config) {
		app = app.clone()
		c.app = &app
	}
}
