package main

import (
	"context"
	"encoding/json"
	"net"

	"github.com/shotengai/shotengai-go/stores/storestest"
)

func startStores(listener net.Listener, limits bool) *fake {
	opts := []storestest.Option{storestest.WithListener(listener)}
	if !limits {
		opts = append(opts, storestest.WithoutRateLimits())
	}
	srv := storestest.NewServer(opts...)
	return &fake{
		server: srv,
		url:    srv.URL,
		app: func() map[string]any {
			app := srv.App()
			return map[string]any{
				"client_id": app.ClientID, "private_key": json.RawMessage(app.Key), "redirect_uris": app.RedirectURIs,
				"authorize_url": srv.URL + "/oauth2/auth", "token_url": srv.URL + "/oauth2/token",
			}
		},
		register: registerAt(srv),
		addShop:  func(s seed) *shop { return storesShop(srv, srv.AddShop(storestest.Seed{ID: s.ID, Name: s.Name})) },
		first:    storesShop(srv, srv.Shop()),
	}
}

func storesShop(srv *storestest.Server, s *storestest.Shop) *shop {
	return &shop{
		id:          s.ID,
		credentials: func() credentials { return credentials{"credential": s.Credential()} },
		addOrder:    s.AddOrder,
		steps: map[string]func(string){
			"pay": s.PayOrder, "ship": s.ShipOrder,
			"cancel": func(order string) { s.CancelOrder(order, true) },
		},
		grants: map[string]func() credentials{
			"issue":  func() credentials { return credentials{"access_token": s.Token()} },
			"expire": then(s.ExpireTokens), "unlink": then(s.Unlink), "delete": then(s.Delete),
		},
		login: func() { srv.LoginAs(s) },
		fire: func(context.Context, event) (delivery, error) {
			return delivery{}, refusedf("STORES has no hooks: its apps ask for the orders that have changed")
		},
	}
}
