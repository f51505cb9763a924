package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// storesApp is a public app of STORES.
type storesApp struct {
	site     *site
	platform *storestest.Server
	grants   *oauth.Manager
	shop     *stores.Store
}

func storesStop(ctx context.Context, say *guide) error {
	site := newSite()
	defer site.Close()
	platform := storestest.NewServer()
	defer platform.Close()
	app, err := newStoresApp(site, platform)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, *guide) error{app.login, app.ship, app.hourLater} {
		if err := step(ctx, say); err != nil {
			return errors.Join(err, app.grants.Close(ctx))
		}
	}
	return app.grants.Close(ctx) // waits for what is under way
}

func newStoresApp(site *site, platform *storestest.Server) (*storesApp, error) {
	app := &storesApp{site: site, platform: platform}
	provider, err := platform.Provider(site.URL + "/callback")
	if err != nil {
		return nil, err
	}
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "tour", Key: shotengai.Secret(rand.Text() + rand.Text())[:32]})
	if err != nil {
		return nil, err
	}
	// A real app keeps rotating grants in a database: see oauth/sqlstore.
	store := oauth.NewMemoryStore(oauth.AllowVolatile())
	app.grants, err = oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
	if err != nil {
		return nil, err
	}
	login, err := oauth.NewHandler(oauth.HandlerConfig{Provider: provider, Sealer: sealer, OnGrant: app.onGrant})
	if err != nil {
		return nil, err
	}
	site.mux.Handle("/login", login.LoginHandler())
	site.mux.Handle("/callback", login.CallbackHandler())
	site.mux.HandleFunc("/welcome", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "Welcome!") })
	return app, nil
}

func (a *storesApp) onGrant(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
	client, err := a.client(oauth2.StaticTokenSource(login.Grant.Token()))
	if err != nil {
		return "", err
	}
	if a.shop, err = client.Store.Get(ctx); err != nil {
		return "", err
	}
	return "/welcome", a.grants.Put(ctx, a.shop.ID, login.Grant)
}

func (a *storesApp) client(tokens oauth2.TokenSource) (*stores.Client, error) {
	return stores.NewClient(tokens, a.platform.Options()...)
}

func (a *storesApp) login(ctx context.Context, say *guide) error {
	if _, err := a.site.browse(ctx, a.platform.Browser(), a.site.URL+"/login"); err != nil {
		return err
	}
	say.step("login", "the app proved itself with its key (ES256); shop %s", a.shop.Name)
	return nil
}

// ship marks the first order that waits as shipped.
func (a *storesApp) ship(ctx context.Context, say *guide) error {
	client, err := a.client(a.grants.TokenSource(a.shop.ID))
	if err != nil {
		return err
	}
	byStatus := make(map[stores.Status]int)
	var waiting *stores.Order
	for order, err := range client.Orders.All(ctx, stores.ListOrdersParams{Direction: stores.Ascending}) {
		if err != nil {
			return err
		}
		byStatus[order.Status()]++
		if waiting == nil && order.Online() && order.Status() == stores.StatusPending && order.Deliveries[0].Shipping != nil {
			waiting = order
		}
	}
	say.step("orders", "%d shipped, %d pending, %d unpaid, %d canceled, %d repaid", byStatus[stores.StatusShipped], byStatus[stores.StatusPending],
		byStatus[stores.StatusUnpaid], byStatus[stores.StatusCanceled], byStatus[stores.StatusRepaid])
	if waiting == nil {
		return errors.New("no order waits for its shipping")
	}
	shipped, err := client.Orders.Shipped(ctx, waiting.ID)
	if err != nil {
		return err
	}
	say.step("shipping", "order %s is %s now", shipped.Number, shipped.Status())
	return nil
}

// hourLater lets the access token end on the platform.
func (a *storesApp) hourLater(ctx context.Context, say *guide) error {
	client, err := a.client(a.grants.TokenSource(a.shop.ID))
	if err != nil {
		return err
	}
	a.platform.Advance(61 * time.Minute)
	shop, err := client.Store.Get(ctx)
	if err != nil {
		return err
	}
	say.step("an hour later", "the token had ended; refreshed %d time, and %s answers", a.grants.Stats().Refreshes, shop.Name)
	return nil
}
