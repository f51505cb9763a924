package storestest

import (
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/stores"
)

// Client returns a client for the first shop, with its credential. It reaches the server
// also in memory.
func (s *Server) Client(opts ...shotengai.Option) (*stores.Client, error) {
	return s.Shop().Client(opts...)
}

// Options are what makes a client of the platform talk to the server, for one that has
// tokens of its own, such as those of a public app.
func (s *Server) Options() []shotengai.Option {
	return []shotengai.Option{shotengai.WithTestServer(s.URL), shotengai.WithHTTPClient(s.HTTPClient())}
}

// Client returns a client for the shop, with a credential as a private app has.
func (shop *Shop) Client(opts ...shotengai.Option) (*stores.Client, error) {
	tokens := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: shop.Credential()})
	return stores.NewClient(tokens, append(shop.server.Options(), opts...)...)
}
