package programs

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/stores"
)

// OwnStore returns the client of one shop, by the credential that STORES has issued to it.
func OwnStore(credential shotengai.Secret, opts ...shotengai.Option) (*stores.Client, error) {
	return stores.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: string(credential)}), opts...)
}

// StoresApp is an app that any shop of STORES may connect.
type StoresApp struct {
	Clients *shotengai.Clients[stores.Client]
	Grants  *oauth.Manager
	options []shotengai.Option
}

// NewStoresApp makes the app. Its provider is made by stores.OAuth.
func NewStoresApp(provider *oauth.Provider, store oauth.TokenStore, sealer *oauth.Sealer, opts ...shotengai.Option) (*StoresApp, error) {
	grants, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
	if err != nil {
		return nil, err
	}
	clients, err := shotengai.NewClients(1000, func(_ context.Context, shop string) (*stores.Client, error) {
		return stores.NewClient(grants.TokenSource(shop), opts...)
	})
	return &StoresApp{Clients: clients, Grants: grants, options: opts}, err
}

// Pages returns the two pages of the login. A redirect address on this machine needs
// config.Insecure.
func (a *StoresApp) Pages(config oauth.HandlerConfig) (http.Handler, error) {
	config.OnGrant = a.connect
	login, err := oauth.NewHandler(config)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /stores/login", login.LoginHandler())
	mux.Handle("GET /stores/callback", login.CallbackHandler())
	mux.HandleFunc("GET /stores/connected", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "連携しました") })
	return mux, nil
}

// connect keeps the grant of a login under the id of its shop.
func (a *StoresApp) connect(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
	if login.Grant.RefreshMissing {
		return "", errors.New("the grant ends in an hour: log in with stores.WithPrompt(\"consent\")")
	}
	client, err := stores.NewClient(oauth2.StaticTokenSource(login.Grant.Token()), a.options...)
	if err != nil {
		return "", err
	}
	store, err := client.Store.Get(ctx)
	if err != nil {
		return "", err
	}
	return "/stores/connected", a.Grants.Put(ctx, store.ID, login.Grant)
}

// ToShip prints the orders that are paid for and not shipped: in both modes the client is
// the same.
func ToShip(ctx context.Context, client *stores.Client) error {
	for order, err := range client.Orders.All(ctx, stores.ListOrdersParams{PaidStatus: stores.Paid}) {
		if err != nil {
			return err
		}
		if order.Status() == stores.StatusPending {
			fmt.Println(order.Number, order.PaymentAmount)
		}
	}
	return nil
}
