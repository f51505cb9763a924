package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

func startColorMe(listener net.Listener, limits bool) *fake {
	opts := []colormetest.Option{colormetest.WithListener(listener)}
	if !limits {
		opts = append(opts, colormetest.WithoutRateLimits())
	}
	srv := colormetest.NewServer(opts...)
	return &fake{
		server: srv,
		url:    srv.URL,
		app: func() map[string]any {
			app := srv.App()
			return map[string]any{
				"client_id": app.ClientID, "client_secret": app.ClientSecret.Reveal(), "redirect_uris": app.RedirectURIs,
				"authorize_url": srv.URL + "/oauth/authorize", "token_url": srv.URL + "/oauth/token",
				"webhook_secret": app.WebhookSecret.Reveal(),
			}
		},
		register: registerAt(srv),
		addShop:  func(s seed) *shop { return colorMeShop(srv, srv.AddShop(colormetest.Seed{ID: s.ID, Name: s.Name})) },
		first:    colorMeShop(srv, srv.Shop()),
	}
}

func colorMeShop(srv *colormetest.Server, s *colormetest.Shop) *shop {
	token := func() credentials { return credentials{"access_token": s.Token()} }
	first := token()
	sale := func(do func(int64)) func(string) {
		return func(order string) { do(saleID(order)) }
	}
	return &shop{
		id:          s.ID,
		credentials: func() credentials { return first },
		addOrder:    func(members map[string]any) string { return strconv.FormatInt(s.AddSale(members), 10) },
		steps: map[string]func(string){
			"pay": sale(s.PaySale), "ship": sale(s.ShipSale),
			"cancel": sale(func(id int64) { s.CancelSale(id, true) }),
		},
		grants: map[string]func() credentials{"issue": token, "unlink": then(s.Unlink)},
		login:  func() { srv.LoginAs(s) },
		fire:   func(ctx context.Context, e event) (delivery, error) { return fireColorMe(ctx, srv, s, e) },
	}
}

func saleID(order string) int64 {
	id, err := strconv.ParseInt(order, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("colormetest: there is no order %q", order))
	}
	return id
}

// fireColorMe installs or uninstalls the app, whose address for that is the one of the event.
func fireColorMe(ctx context.Context, srv *colormetest.Server, s *colormetest.Shop, e event) (d delivery, err error) {
	app, before := srv.App(), len(srv.HookDeliveries())
	app.InstallURL, app.UninstallURL = e.URL, e.URL
	srv.SetApp(app)
	switch e.Kind {
	case "install":
		var in *colormetest.Installation
		if in, err = srv.Install(ctx, s, cmp.Or(e.Plan, colormetest.PlanFree)); err == nil {
			d.RedirectURL = in.RedirectURL
		}
	case "uninstall":
		_, err = srv.Uninstall(ctx, s, cmp.Or(colormetest.Reason(e.Reason), colormetest.ByShopOwner))
	default:
		return d, refusedf("kind %q: Color Me has install and uninstall", e.Kind)
	}
	if sent := srv.HookDeliveries()[before:]; len(sent) > 0 {
		d.Status, d.Answer, d.Body, d.Signature = sent[0].Status, string(sent[0].Answer), string(sent[0].Body), sent[0].Signature
		if err == nil {
			err = sent[0].Err
		}
	}
	return d, err
}
