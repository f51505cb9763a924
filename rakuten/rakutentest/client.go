package rakutentest

import (
	"context"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// Client returns a client for the first shop. It reaches the server also in memory, and
// its licence is always the newest one, as if a renewed key were handed over at once.
func (s *Server) Client(opts ...shotengai.Option) (*rakuten.Client, error) {
	return s.Shop().Client(opts...)
}

// Options returns what makes a client of the package rakuten talk to the server, also in
// memory.
func (s *Server) Options() []shotengai.Option {
	return []shotengai.Option{
		shotengai.WithTestServer(s.URL), shotengai.WithHTTPClient(s.HTTPClient()), shotengai.WithClock(s.Now),
	}
}

// Client returns a client for the shop, as Server.Client does. For another licence, pass
// its source to rakuten.NewClient with Server.Options.
func (shop *Shop) Client(opts ...shotengai.Option) (*rakuten.Client, error) {
	newest := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return shop.License(), nil })
	return rakuten.NewClient(newest, append(shop.server.Options(), opts...)...)
}

// License is the shop's newest licence.
func (shop *Shop) License() rakuten.License {
	shop.server.mu.Lock()
	defer shop.server.mu.Unlock()
	k := shop.newestKey()
	return rakuten.License{
		ServiceSecret: shotengai.Secret(shop.serviceSecret), Key: shotengai.Secret(k.value),
		IssuedAt: k.issued, ExpiresAt: k.expires, Shop: shop.ID,
	}
}
