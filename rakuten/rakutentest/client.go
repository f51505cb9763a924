package rakutentest

import (
	"context"

	"github.com/shotengai/shotengai-go/rakuten"
)

// Client returns a client for the first shop. It reaches the server also in memory, and
// its licence is always the newest one, as if a renewed key were handed over at once.
func (s *Server) Client(opts ...rakuten.Option) (*rakuten.Client, error) {
	return s.Shop().Client(opts...)
}

// Client returns a client for the shop, as Server.Client does. For another licence, give
// its source to rakuten.NewClient with the same options: rakuten.WithTestServer(srv.URL),
// rakuten.WithHTTPClient(srv.HTTPClient()) and rakuten.WithClock(srv.Now).
func (shop *Shop) Client(opts ...rakuten.Option) (*rakuten.Client, error) {
	newest := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return shop.License(), nil })
	base := []rakuten.Option{
		rakuten.WithTestServer(shop.server.URL),
		rakuten.WithHTTPClient(shop.server.HTTPClient()),
		rakuten.WithClock(shop.server.Now),
	}
	return rakuten.NewClient(newest, append(base, opts...)...)
}

// License is the shop's newest licence.
func (shop *Shop) License() rakuten.License {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	k := shop.newestKey()
	return rakuten.License{
		ServiceSecret: rakuten.Secret(shop.serviceSecret), Key: rakuten.Secret(k.value),
		IssuedAt: k.issued, ExpiresAt: k.expires, Shop: shop.ID,
	}
}
