package colormetest

import (
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/colorme"
)

// Client returns a client for the first shop, with a token for all scopes. It
// reaches the server also in memory.
func (s *Server) Client(opts ...colorme.Option) (*colorme.Client, error) {
	return s.Shop().Client(opts...)
}

// Client returns a client for the shop, with a new token for all scopes. For
// other scopes, give Shop.Token to colorme.NewClient with the same options:
// colorme.WithTestServer(srv.URL) and colorme.WithHTTPClient(srv.HTTPClient()).
func (shop *Shop) Client(opts ...colorme.Option) (*colorme.Client, error) {
	tokens := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: shop.Token()})
	base := []colorme.Option{
		colorme.WithTestServer(shop.server.URL),
		colorme.WithHTTPClient(shop.server.HTTPClient()),
	}
	return colorme.NewClient(tokens, append(base, opts...)...)
}
