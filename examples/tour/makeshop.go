package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/oauth"
)

// makeShopApp is an app of makeshop apps.
type makeShopApp struct {
	site      *site
	platform  *makeshoptest.Server
	grants    *oauth.Manager
	sso       *makeshop.SSO
	installed *hooks.MakeShopInstall
	visit     *makeshop.Visit
}

func makeshopStop(ctx context.Context, say *guide) error {
	site := newSite()
	defer site.Close()
	platform := makeshoptest.NewServer(makeshoptest.WithHookClient(site.Client()))
	defer platform.Close()
	app, err := newMakeShopApp(site, platform)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, *guide) error{app.install, app.login, app.orders, app.fiveMinutesLater} {
		if err := step(ctx, say); err != nil {
			return errors.Join(err, app.grants.Close(ctx))
		}
	}
	return app.grants.Close(ctx) // waits for what is under way
}

func newMakeShopApp(site *site, platform *makeshoptest.Server) (*makeShopApp, error) {
	app := &makeShopApp{site: site, platform: platform}
	registration := platform.App()
	registration.HookURLs = map[string]string{string(hooks.MakeShopInstallKind): site.URL + "/hooks/install"}
	registration.WebhookSecret = shotengai.Secret(rand.Text())
	platform.SetApp(registration)

	receiver, err := hooks.NewMakeShop(hooks.MakeShopConfig{
		Signature: &hooks.MakeShopSignature{Secrets: []shotengai.Secret{registration.WebhookSecret}},
		OnInstall: func(_ context.Context, event *hooks.MakeShopInstall) error {
			app.installed = event
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	if err := app.signOn(); err != nil {
		return nil, err
	}
	site.mux.Handle("/hooks/install", receiver.Handler(hooks.MakeShopInstallKind))
	site.mux.HandleFunc("/welcome", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "Welcome!") })
	return app, nil
}

func (a *makeShopApp) signOn() error {
	provider, err := a.platform.Provider(a.site.URL + "/callback")
	if err != nil {
		return err
	}
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "tour", Key: shotengai.Secret(rand.Text() + rand.Text())[:32]})
	if err != nil {
		return err
	}
	// A real app keeps rotating grants in a database: see oauth/sqlstore.
	store := oauth.NewMemoryStore(oauth.AllowVolatile())
	if a.grants, err = oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer}); err != nil {
		return err
	}
	a.sso, err = makeshop.NewSSO(makeshop.SSOConfig{
		Config: a.platform.Config(), Manager: a.grants, Options: a.platform.Options(),
		Known: func(context.Context, string) (bool, error) { return false, nil },
	})
	if err != nil {
		return err
	}
	login, err := oauth.NewHandler(oauth.HandlerConfig{Provider: provider, Sealer: sealer, OnGrant: func(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
		a.visit, err = a.sso.Finish(ctx, login.Grant)
		return "/welcome", err
	}})
	if err != nil {
		return err
	}
	a.site.mux.Handle("/login", login.LoginHandler())
	a.site.mux.Handle("/callback", login.CallbackHandler())
	return nil
}

func (a *makeShopApp) install(ctx context.Context, say *guide) error {
	if _, err := a.platform.Install(ctx, a.platform.Shop(), 1); err != nil {
		return err
	}
	client, err := makeshop.NewClient(a.platform.Config(), makeshop.PersistentToken(a.installed.Token), a.platform.Options()...)
	if err != nil {
		return err
	}
	shop, err := client.Shop.GetLean(ctx)
	if err != nil {
		return err
	}
	say.step("install hook", "shop %s brought a persistent token; it opens %s", a.installed.ShopID, shop.ShopName)
	return nil
}

func (a *makeShopApp) login(ctx context.Context, say *guide) error {
	if _, err := a.sso.Login(ctx, a.installed.ShopID); !errors.Is(err, shotengai.ErrReauthorize) {
		return fmt.Errorf("nobody has logged in yet, and still: %w", err)
	}
	if _, err := a.site.browse(ctx, a.platform.Browser(), a.site.URL+"/login"); err != nil {
		return err
	}
	say.step("single sign-on", "shop %s, new to the app: %t; the ID token was verified", a.visit.ShopID, a.visit.New)
	return nil
}

func (a *makeShopApp) orders(ctx context.Context, say *guide) error {
	client, err := a.sso.Login(ctx, a.visit.ShopID)
	if err != nil {
		return err
	}
	orders, total := 0, int64(0)
	params := makeshop.ListOrdersParams{StartOrderDate: makeshop.At(a.platform.Now().AddDate(-1, 0, 0)), Parts: makeshop.OrderHead}
	for order, err := range client.Orders.All(ctx, params) {
		if err != nil {
			return err
		}
		orders++
		total += order.SumPrice
	}
	say.step("orders", "%d, %d yen in all", orders, total)
	return nil
}

// fiveMinutesLater lets the temporary token end on the platform.
func (a *makeShopApp) fiveMinutesLater(ctx context.Context, say *guide) error {
	client, err := a.sso.Login(ctx, a.visit.ShopID)
	if err != nil {
		return err
	}
	a.platform.Advance(6 * time.Minute)
	if _, err := client.Shop.GetLean(ctx); err != nil {
		return err
	}
	say.step("5 minutes later", "the token had ended; %d refresh, and the call went through", a.grants.Stats().Refreshes)
	return nil
}
