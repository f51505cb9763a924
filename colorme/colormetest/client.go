package colormetest

import (
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

// Options are the options with which a client of the platform reaches the server, also in
// memory.
func (s *Server) Options() []shotengai.Option {
	return []shotengai.Option{shotengai.WithTestServer(s.URL), shotengai.WithHTTPClient(s.HTTPClient())}
}

// Client returns a client for the first shop, with a token for all scopes. It
// reaches the server also in memory.
func (s *Server) Client(opts ...shotengai.Option) (*colorme.Client, error) {
	return s.Shop().Client(opts...)
}

// Client returns a client for the shop, with a new token for all scopes. For
// other scopes, call colorme.NewClient with a token of Shop.Token and the options of
// Server.Options.
func (shop *Shop) Client(opts ...shotengai.Option) (*colorme.Client, error) {
	tokens := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: shop.Token()})
	return colorme.NewClient(tokens, append(shop.server.Options(), opts...)...)
}
