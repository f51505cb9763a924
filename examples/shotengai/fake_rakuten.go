package main

import (
	"context"
	"maps"
	"net"
	"slices"
	"strconv"

	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// rakutenAuthKey proves the system events of the fake.
const rakutenAuthKey = "shotengai-auth-key"

func startRakuten(listener net.Listener, limits bool) *fake {
	opts := []rakutentest.Option{rakutentest.WithListener(listener)}
	if !limits {
		opts = append(opts, rakutentest.WithoutRateLimits())
	}
	srv := rakutentest.NewServer(opts...)
	return &fake{
		server:  srv,
		url:     srv.URL,
		app:     func() map[string]any { return map[string]any{"auth_key": rakutenAuthKey} },
		addShop: func(s seed) *shop { return rakutenShop(srv, srv.AddShop(rakutentest.Seed{ID: s.ID, Name: s.Name})) },
		first:   rakutenShop(srv, srv.Shop()),
	}
}

func rakutenShop(srv *rakutentest.Server, s *rakutentest.Shop) *shop {
	license := func() credentials {
		l := s.License()
		return credentials{"service_secret": l.ServiceSecret.Reveal(), "license_key": l.Key.Reveal()}
	}
	return &shop{
		id:          s.ID,
		credentials: license,
		addOrder:    func(members map[string]any) string { return s.AddOrder(members) },
		steps: map[string]func(string){
			"confirm": s.ConfirmOrder, "process": s.Process, "ship": s.ShipOrder, "bill": s.BillOrder, "pay": s.PayOrder,
			"split": s.SplitOrder, "request-cancel": s.RequestCancel, "cancel": s.CancelOrder,
		},
		grants: map[string]func() credentials{
			"expire": then(s.ExpireKey),
			"renew":  func() credentials { srv.RenewKey(s); return license() },
		},
		fire: func(_ context.Context, e event) (delivery, error) { return fireRakuten(srv, s, e) },
	}
}

// fireRakuten sends a system event: new orders, or one of a service that is named by its number.
func fireRakuten(srv *rakutentest.Server, s *rakutentest.Shop, e event) (d delivery, err error) {
	to := rakutentest.Receiver{URL: e.URL, ContractID: "shotengai-contract", ShopURL: "shotengai-" + s.ID, AuthKey: rakutenAuthKey}
	if e.Kind == "orders" {
		d.ResultCode, err = srv.NotifyOrders(to, s, e.Orders...)
		return d, err
	}
	service, bad := strconv.Atoi(e.Kind)
	if bad != nil {
		return d, refusedf("kind %q: Rakuten has orders, 3000, 3100, 4000, 4100, 5000 and 5100", e.Kind)
	}
	var values []string
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		values = append(values, name, e.Fields[name])
	}
	d.ResultCode, err = srv.Notify(to, service, values...)
	return d, err
}
