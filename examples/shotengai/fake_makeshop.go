package main

import (
	"cmp"
	"context"
	"net"
	"strconv"

	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
)

func startMakeShop(listener net.Listener, _ bool) *fake { // the platform publishes no limits
	srv := makeshoptest.NewServer(makeshoptest.WithListener(listener))
	return &fake{
		server: srv,
		url:    srv.URL,
		app: func() map[string]any {
			app := srv.App()
			return map[string]any{
				"client_id": app.ClientID, "client_secret": app.ClientSecret.Reveal(), "redirect_uris": app.RedirectURIs,
				"authorize_url": srv.LoginURL(), "token_url": srv.TokenURL(), "key_set_url": srv.KeySetURL(), "issuer": app.Issuer,
				"endpoint": srv.Endpoint(), "api_key": app.APIKey.Reveal(), "webhook_secret": app.WebhookSecret.Reveal(),
			}
		},
		register: registerAt(srv),
		addShop:  func(s seed) *shop { return makeShop(srv, srv.AddShop(makeshoptest.Seed{ID: s.ID, Name: s.Name})) },
		first:    makeShop(srv, srv.Shop()),
	}
}

func makeShop(srv *makeshoptest.Server, s *makeshoptest.Shop) *shop {
	token := func() credentials { return credentials{"access_token": s.Token()} }
	return &shop{
		id: s.ID,
		credentials: func() credentials {
			if s.Installation() == nil { // Token would install the app
				return nil
			}
			return token()
		},
		addOrder: s.AddOrder,
		steps: map[string]func(string){
			"pay": s.PayOrder, "ship": s.ShipOrder, "return": s.ReturnOrder,
			"cancel": func(order string) { s.CancelOrder(order, true) },
		},
		grants: map[string]func() credentials{
			"issue": token, "expire": then(s.ExpireTokens), "unlink": then(s.Unlink), "end": then(s.EndSubscription),
		},
		login: func() { srv.LoginAs(s) },
		fire:  func(ctx context.Context, e event) (delivery, error) { return fireMakeShop(ctx, srv, s, e) },
	}
}

// fireMakeShop sends a webhook to the address of the event. An install and an uninstall really
// happen.
func fireMakeShop(ctx context.Context, srv *makeshoptest.Server, s *makeshoptest.Shop, e event) (d delivery, err error) {
	kind := "makeshop." + e.Kind
	app, before := srv.App(), len(srv.HookDeliveries())
	app.HookURLs[kind] = e.URL
	srv.SetApp(app)
	switch e.Kind {
	case "":
		return d, refusedf("kind: makeshop has install, uninstall, monthly_renewal and others")
	case "install":
		plan, bad := strconv.ParseInt(cmp.Or(e.Plan, "1"), 10, 64)
		if bad != nil {
			return d, refusedf("plan %q: makeshop numbers its plans", e.Plan)
		}
		_, err = srv.Install(ctx, s, plan)
	case "uninstall":
		_, err = srv.Uninstall(ctx, s)
	default:
		fields := make(map[string]any, len(e.Fields))
		for name, value := range e.Fields {
			fields[name] = value
		}
		srv.Notify(ctx, s, kind, fields)
	}
	if sent := srv.HookDeliveries()[before:]; len(sent) > 0 {
		d = delivery{Status: sent[0].Status, Answer: string(sent[0].Answer), Body: string(sent[0].Body), Signature: sent[0].Signature}
		if err == nil {
			err = sent[0].Err
		}
	}
	return d, err
}
