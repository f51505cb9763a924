package makeshoptest

import (
	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

// Config is what the platform mails to the developer.
func (s *Server) Config() makeshop.Config {
	return makeshop.Config{Endpoint: s.Endpoint(), APIKey: s.App().APIKey}
}

// Options are what a client needs to reach the server, also in memory, and to
// keep its time.
func (s *Server) Options() []shotengai.Option {
	return []shotengai.Option{
		shotengai.WithTestServer(s.Endpoint()),
		shotengai.WithHTTPClient(s.HTTPClient()),
		shotengai.WithClock(s.Now),
	}
}

// Client returns a client for the first shop, by its persistent token. It reaches
// the server also in memory.
func (s *Server) Client(opts ...shotengai.Option) (*makeshop.Client, error) {
	return s.Shop().Client(opts...)
}

// Client returns a client for the shop, by its persistent token. For other tokens
// use makeshop.NewClient with Server.Config and Server.Options.
func (shop *Shop) Client(opts ...shotengai.Option) (*makeshop.Client, error) {
	s := shop.server
	token := makeshop.PersistentToken(shotengai.Secret(shop.Token()))
	return makeshop.NewClient(s.Config(), token, append(s.Options(), opts...)...)
}
