package programs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/oauth"
)

// ColorMeApp sends messages for shops of Color Me Shop and charges 10 yen for each, also
// for those that are not charged when a shop uninstalls the app.
type ColorMeApp struct {
	http.Handler
	address string
	options []shotengai.Option
	grants  *oauth.Manager
	clients *shotengai.Clients[colorme.Client]

	mu    sync.Mutex
	shops map[string]*usage // by account id; a table in an app of your own
}

type usage struct {
	contract string
	messages atomic.Int64 // sent and not charged
}

// NewColorMeApp makes the app that is served at address. Its provider is made by
// colorme.OAuth; local is set to try the app on http://localhost.
func NewColorMeApp(address string, local bool, provider *oauth.Provider, secret shotengai.Secret, sealer *oauth.Sealer, opts ...shotengai.Option) (*ColorMeApp, error) {
	app := &ColorMeApp{address: address, options: opts, shops: make(map[string]*usage)}
	var err error
	app.grants, err = oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: oauth.NewMemoryStore()})
	if err != nil {
		return nil, err
	}
	app.clients, err = shotengai.NewClients(1000, func(_ context.Context, shop string) (*colorme.Client, error) {
		return colorme.NewClient(app.grants.TokenSource(shop), opts...)
	})
	if err != nil {
		return nil, err
	}
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{secret}, OnInstall: app.installed, OnUninstall: app.uninstalled, Insecure: local,
	})
	if err != nil {
		return nil, err
	}
	login, err := oauth.NewHandler(oauth.HandlerConfig{Provider: provider, Sealer: sealer, OnGrant: app.loggedIn, Insecure: local})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /install", receiver.InstallHandler())
	mux.Handle("POST /uninstall", receiver.UninstallHandler())
	mux.Handle("GET /login", login.LoginHandler())
	mux.Handle("GET /callback", login.CallbackHandler())
	mux.HandleFunc("GET /welcome", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ようこそ") })
	app.Handler = mux
	return app, nil
}

func (a *ColorMeApp) installed(_ context.Context, e *hooks.ColorMeInstall) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.shops[e.AccountID] = &usage{contract: e.ContractID()}
	return a.address + "/login", nil
}

func (a *ColorMeApp) loggedIn(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
	client, err := colorme.NewClient(oauth2.StaticTokenSource(login.Grant.Token()), a.options...)
	if err != nil {
		return "", err
	}
	shop, err := client.Shop.Get(ctx)
	if err != nil {
		return "", err
	}
	return "/welcome", a.grants.Put(ctx, shop.ID, login.Grant)
}

func (a *ColorMeApp) usage(shop string) *usage {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.shops[shop] == nil {
		a.shops[shop] = new(usage)
	}
	return a.shops[shop]
}

// Sent counts a message of a shop.
func (a *ColorMeApp) Sent(shop string) { a.usage(shop).messages.Add(1) }

// Charge charges what a shop has used.
func (a *ColorMeApp) Charge(ctx context.Context, shop string) error { return a.charge(ctx, shop, "") }

func (a *ColorMeApp) uninstalled(ctx context.Context, e *hooks.ColorMeUninstall) error {
	if e.CanChargeUsage(time.Now()) {
		if err := a.charge(ctx, e.AccountID, e.UsageCharge.APIToken); err != nil {
			return err // Color Me sends the webhook again
		}
	}
	a.clients.Forget(e.AccountID)
	return a.grants.Forget(ctx, e.AccountID)
}

// charge takes the messages off before it charges them: a charge whose outcome is not known
// is not sent again, and left to a person. After an uninstall it needs the token of the webhook.
func (a *ColorMeApp) charge(ctx context.Context, shop string, afterUninstall shotengai.Secret) error {
	client, err := a.clients.Get(ctx, shop)
	if err != nil {
		return err
	}
	u := a.usage(shop)
	n := u.messages.Swap(0)
	request := colorme.CreateUsageChargeRequest{Point: 10 * n, Description: fmt.Sprintf("メッセージ %d通", n)}
	switch {
	case n < 10: // the platform charges from 100 yen on
	case afterUninstall == "":
		_, err = client.UsageCharges.Create(ctx, u.contract, request)
	default:
		_, err = client.UsageCharges.CreateAfterUninstall(ctx, afterUninstall, u.contract, request)
	}
	if n < 10 || err != nil && !errors.Is(err, shotengai.ErrOutcomeUnknown) {
		u.messages.Add(n)
	}
	return err
}
