package programs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
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
	messages int64 // sent and not charged
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

// Sent counts a message of a shop.
func (a *ColorMeApp) Sent(shop string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.shops[shop].messages++
}

// Charge charges what a shop has used.
func (a *ColorMeApp) Charge(ctx context.Context, shop string) error {
	client, err := a.clients.Get(ctx, shop)
	if err != nil {
		return err
	}
	return a.charge(shop, func(contract string, request colorme.CreateUsageChargeRequest) error {
		_, err := client.UsageCharges.Create(ctx, contract, request)
		return err
	})
}

func (a *ColorMeApp) uninstalled(ctx context.Context, e *hooks.ColorMeUninstall) error {
	if e.CanChargeUsage(time.Now()) {
		client, err := a.clients.Get(ctx, e.AccountID) // its own token is revoked; that of the webhook is used
		if err != nil {
			return err
		}
		err = a.charge(e.AccountID, func(contract string, request colorme.CreateUsageChargeRequest) error {
			_, err := client.UsageCharges.CreateAfterUninstall(ctx, e.UsageCharge.APIToken, contract, request)
			return err
		})
		if err != nil {
			return err // Color Me sends the webhook again
		}
	}
	a.clients.Forget(e.AccountID)
	return a.grants.Forget(ctx, e.AccountID)
}

// charge takes the messages off before it charges them: a charge whose outcome is not known
// is not sent again, and left to a person.
func (a *ColorMeApp) charge(shop string, send func(contract string, request colorme.CreateUsageChargeRequest) error) error {
	a.mu.Lock()
	u := a.shops[shop]
	n := u.messages
	u.messages = 0
	a.mu.Unlock()
	if n < 10 { // the platform charges from 100 yen on
		return nil
	}
	err := send(u.contract, colorme.CreateUsageChargeRequest{Point: 10 * n, Description: fmt.Sprintf("メッセージ %d通", n)})
	if err != nil && !errors.Is(err, shotengai.ErrOutcomeUnknown) {
		a.mu.Lock()
		u.messages += n
		a.mu.Unlock()
	}
	return err
}
