package storestest

import (
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/stores"
)

// Client returns a client for the first shop, with its credential. It reaches the server
// also in memory.
func (s *Server) Client(opts ...stores.Option) (*stores.Client, error) {
	return s.Shop().Client(opts...)
}

// Client returns a client for the shop, with a credential as a private app has. For a
// public app, give a token to stores.NewClient with the same options:
// stores.WithTestServer(srv.URL) and stores.WithHTTPClient(srv.HTTPClient()).
func (shop *Shop) Client(opts ...stores.Option) (*stores.Client, error) {
	tokens := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: shop.Credential()})
	base := []stores.Option{
		stores.WithTestServer(shop.server.URL),
		stores.WithHTTPClient(shop.server.HTTPClient()),
	}
	return stores.NewClient(tokens, append(base, opts...)...)
}
