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
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// colorMeApp is an app of the Color Me App Store.
type colorMeApp struct {
	site      *site
	platform  *colormetest.Server
	grants    *oauth.Manager
	installed *hooks.ColorMeInstall
	left      *hooks.ColorMeUninstall
}

func colorMe(ctx context.Context, say *guide) error {
	site := newSite()
	defer site.Close()
	platform := colormetest.NewServer(colormetest.WithSales(250), colormetest.WithHookClient(site.Client()))
	defer platform.Close()
	app, err := newColorMeApp(site, platform)
	if err != nil {
		return err
	}

	shop := platform.Shop()
	for _, step := range []func(context.Context, *guide, *colormetest.Shop) error{
		app.install, app.orders, app.waitOut, app.charge, app.uninstall,
	} {
		if err := step(ctx, say, shop); err != nil {
			return errors.Join(err, app.grants.Close(ctx))
		}
	}
	return app.grants.Close(ctx) // waits for what is under way
}

func newColorMeApp(site *site, platform *colormetest.Server) (*colorMeApp, error) {
	app := &colorMeApp{site: site, platform: platform}
	provider, err := platform.Provider(app.site.URL + "/callback")
	if err != nil {
		return nil, err
	}
	provider.Client.Scopes = []string{colorme.ScopeReadSales, colorme.ScopeWriteApplicationCharge}
	registration := platform.App()
	registration.InstallURL = app.site.URL + "/hooks/install"
	registration.UninstallURL = app.site.URL + "/hooks/uninstall"
	platform.SetApp(registration)

	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "tour", Key: shotengai.Secret(rand.Text() + rand.Text())[:32]})
	if err != nil {
		return nil, err
	}
	app.grants, err = oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: oauth.NewMemoryStore(), Sealer: sealer})
	if err != nil {
		return nil, err
	}
	login, err := oauth.NewHandler(oauth.HandlerConfig{Provider: provider, Sealer: sealer, OnGrant: app.onGrant})
	if err != nil {
		return nil, err
	}
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{registration.WebhookSecret}, OnInstall: app.onInstall, OnUninstall: app.onUninstall,
	})
	if err != nil {
		return nil, err
	}
	app.site.mux.Handle("/login", login.LoginHandler())
	app.site.mux.Handle("/callback", login.CallbackHandler())
	app.site.mux.Handle("/hooks/install", receiver.InstallHandler())
	app.site.mux.Handle("/hooks/uninstall", receiver.UninstallHandler())
	app.site.mux.HandleFunc("/welcome", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "Welcome!") })
	return app, nil
}

func (a *colorMeApp) onInstall(_ context.Context, event *hooks.ColorMeInstall) (string, error) {
	a.installed = event
	return a.site.URL + "/login", nil
}

// onGrant keeps a new grant under its shop, which the API returns.
func (a *colorMeApp) onGrant(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
	client, err := a.client(oauth2.StaticTokenSource(login.Grant.Token()))
	if err != nil {
		return "", err
	}
	shop, err := client.Shop.Get(ctx)
	if err != nil {
		return "", err
	}
	return "/welcome", a.grants.Put(ctx, shop.ID, login.Grant)
}

func (a *colorMeApp) onUninstall(ctx context.Context, event *hooks.ColorMeUninstall) error {
	a.left = event
	return a.grants.Forget(ctx, event.AccountID)
}

func (a *colorMeApp) client(tokens oauth2.TokenSource) (*colorme.Client, error) {
	return colorme.NewClient(tokens, a.platform.Options()...)
}

func (a *colorMeApp) shopClient() (*colorme.Client, error) {
	return a.client(a.grants.TokenSource(a.installed.AccountID))
}

func (a *colorMeApp) install(ctx context.Context, say *guide, shop *colormetest.Shop) error {
	installation, err := a.platform.Install(ctx, shop, colormetest.PlanMonthlyMetered)
	if err != nil {
		return err
	}
	say.step("install hook", "signed by the platform; shop %s, contract %s", a.installed.AccountID, a.installed.ContractID())
	page, err := a.site.browse(ctx, a.platform.Browser(), installation.RedirectURL)
	if err != nil {
		return err
	}
	status, err := a.grants.Status(ctx, shop.ID)
	if err != nil {
		return err
	}
	say.step("login", "the grant is %s; the page says %q", status.Status, page)
	return nil
}

func (a *colorMeApp) orders(ctx context.Context, say *guide, _ *colormetest.Shop) error {
	client, err := a.shopClient()
	if err != nil {
		return err
	}
	calls := len(a.platform.Requests())
	orders, total := 0, int64(0)
	since := colorme.At(a.platform.Now().AddDate(-1, 0, 0))
	for sale, err := range client.Sales.All(ctx, colorme.ListSalesParams{MakeDateMin: since}) {
		if err != nil {
			return err
		}
		orders++
		total += sale.TotalPrice
	}
	say.step("orders", "%d in %d pages, %d yen in all", orders, len(a.platform.Requests())-calls, total)
	return nil
}

func (a *colorMeApp) waitOut(ctx context.Context, say *guide, _ *colormetest.Shop) error {
	client, err := a.shopClient()
	if err != nil {
		return err
	}
	a.platform.Fail(1, shotengaitest.Fault{Status: http.StatusTooManyRequests, RetryAfter: "1"})
	started := time.Now()
	var response shotengai.Response
	if _, err := client.Shop.Get(ctx, shotengai.WithResponse(&response)); err != nil {
		return err
	}
	say.step("rate limit", "refused once with 429, answered at attempt %d after %s", response.Attempts, time.Since(started).Round(time.Second))
	return nil
}

func (a *colorMeApp) charge(ctx context.Context, say *guide, _ *colormetest.Shop) error {
	client, err := a.shopClient()
	if err != nil {
		return err
	}
	charge, err := client.UsageCharges.Create(ctx, a.installed.ContractID(), colorme.CreateUsageChargeRequest{Point: 1200, Description: "SMS 400通"})
	if err != nil {
		return err
	}
	say.step("usage charge", "%s: %d yen before tax, %s", charge.ID, charge.Point, charge.Description)
	return nil
}

func (a *colorMeApp) uninstall(ctx context.Context, say *guide, shop *colormetest.Shop) error {
	client, err := a.shopClient()
	if err != nil {
		return err
	}
	if _, err := a.platform.Uninstall(ctx, shop, colormetest.ByShopOwner); err != nil {
		return err
	}
	if _, err := client.Shop.Get(ctx); !errors.Is(err, shotengai.ErrReauthorize) {
		return fmt.Errorf("the shop has left, yet a call ended with: %w", err)
	}
	say.step("uninstall hook", "reason %s; the token is revoked", a.left.Reason)

	deadline, ok := a.left.UsageDeadline()
	if !ok {
		return errors.New("the uninstall webhook has no token for a last charge")
	}
	charge, err := client.UsageCharges.CreateAfterUninstall(ctx, a.left.UsageCharge.APIToken, a.left.RecurringApplicationChargeID,
		colorme.CreateUsageChargeRequest{Point: 300, Description: "SMS 100通"})
	if err != nil {
		return err
	}
	say.step("last charge", "%s: %d yen, in time: charges are taken until %s", charge.ID, charge.Point, deadline.Format("2006-01-02 15:04 MST"))
	return nil
}
