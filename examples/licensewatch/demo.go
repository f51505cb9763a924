package main

import (
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// startDemo starts a fake of the platform with shops in all states.
func startDemo() (fleet, func(), error) {
	srv := rakutentest.NewServer(rakutentest.WithOrders(0), rakutentest.WithoutRateLimits())
	f := fleet{local: true, shops: []shop{{name: "茶舗 みどり"}}}
	for _, demo := range []struct {
		name string
		age  int // of the key, in days
		then func(*rakutentest.Shop)
	}{
		{"包丁の匠", 10, nil},
		{"陶器市 ONLINE", 78, nil},
		{"kasaya", 88, nil},
		{"やさい直送便", 95, nil},
		{"futon-ya", 20, func(s *rakutentest.Shop) { srv.RenewKey(s) }},
		{"ｷﾓﾉ倶楽部", 20, func(s *rakutentest.Shop) { s.Disable(rakutentest.GatewayCode, "license") }},
	} {
		s := srv.AddShop(rakutentest.Seed{IssuedAt: time.Now().AddDate(0, 0, -demo.age)})
		license := s.License() // as it was handed over
		license.IssuedAt = time.Time{}
		if demo.age < 90 {
			license.ExpiresAt = time.Time{}
		}
		if demo.then != nil {
			demo.then(s)
		}
		client, err := rakuten.NewClient(rakuten.StaticLicense(license), append(srv.Options(), shotengai.WithLimiter(nil))...)
		if err != nil {
			srv.Close()
			return fleet{}, nil, err
		}
		f.shops = append(f.shops, shop{demo.name, client})
	}
	return f, srv.Close, nil
}
