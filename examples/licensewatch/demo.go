package main

import (
	"time"

	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// startDemo starts a fake of the platform with shops in all states.
func startDemo() (fleet, func(), error) {
	srv := rakutentest.NewServer(rakutentest.WithOrders(0))
	f := fleet{local: true, shops: []shop{{name: "awaiting"}}}
	for _, demo := range []struct {
		name string
		age  int // of the key, in days
		then func(*rakutentest.Shop)
	}{
		{"in-use", 10, nil},
		{"near-its-end", 78, nil},
		{"last-days", 88, nil},
		{"expired", 95, nil},
		{"replaced", 20, func(s *rakutentest.Shop) { srv.RenewKey(s) }},
		{"not-enabled", 20, func(s *rakutentest.Shop) { s.Disable(rakutentest.GatewayCode, "license") }},
	} {
		s := srv.AddShop(rakutentest.Seed{IssuedAt: time.Now().AddDate(0, 0, -demo.age)})
		license := s.License() // as it was handed over
		license.IssuedAt = time.Time{}
		if demo.name != "expired" {
			license.ExpiresAt = time.Time{}
		}
		if demo.then != nil {
			demo.then(s)
		}
		client, err := rakuten.NewClient(rakuten.StaticLicense(license), rakuten.WithTestServer(srv.URL), rakuten.WithLimiter(nil))
		if err != nil {
			srv.Close()
			return fleet{}, nil, err
		}
		f.shops = append(f.shops, shop{demo.name, client})
	}
	return f, srv.Close, nil
}
