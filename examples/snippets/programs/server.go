package programs

import (
	"context"
	"fmt"
	"iter"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// Server works for shops of four platforms: a login for each that has one, one list of all
// grants, and the orders that are new or have changed.
type Server struct {
	// Orders counts the orders of a shop since the cursor, by platform.
	Orders map[string]func(ctx context.Context, shop string, cursor *shotengai.Cursor) (int, error)
	// Pages are the login of each platform, /PLATFORM/login, and the list of grants.
	Pages *http.ServeMux
	// Local is set when the pages are tried on http://localhost.
	Local bool

	store    oauth.TokenStore
	sealer   *oauth.Sealer
	managers []*oauth.Manager
}

// NewServer makes a server that keeps all grants in one store.
func NewServer(store oauth.TokenStore, sealer *oauth.Sealer) *Server {
	s := &Server{Pages: http.NewServeMux(), store: store, sealer: sealer}
	s.Orders = make(map[string]func(context.Context, string, *shotengai.Cursor) (int, error))
	s.Pages.HandleFunc("GET /{$}", s.list)
	return s
}

// AddColorMe adds Color Me Shop.
func (s *Server) AddColorMe(provider *oauth.Provider, opts ...shotengai.Option) error {
	return addLogin(s, provider, func(tokens oauth2.TokenSource) (*colorme.Client, error) {
		return colorme.NewClient(tokens, opts...)
	}, func(ctx context.Context, client *colorme.Client) (string, error) {
		shop, err := client.Shop.Get(ctx)
		if err != nil {
			return "", err
		}
		return shop.ID, nil
	}, func(client *colorme.Client) changes[colorme.Sale] { return client.Sales.Changes })
}

// AddMakeShop adds makeshop.
func (s *Server) AddMakeShop(config makeshop.Config, provider *oauth.Provider, opts ...shotengai.Option) error {
	return addLogin(s, provider, func(tokens oauth2.TokenSource) (*makeshop.Client, error) {
		return makeshop.NewClient(config, tokens, opts...)
	}, func(ctx context.Context, client *makeshop.Client) (string, error) {
		shop, err := client.Shop.Get(ctx)
		if err != nil {
			return "", err
		}
		return shop.ShopID, nil
	}, func(client *makeshop.Client) changes[makeshop.Order] { return client.Orders.Changes })
}

// AddStores adds STORES.
func (s *Server) AddStores(provider *oauth.Provider, opts ...shotengai.Option) error {
	return addLogin(s, provider, func(tokens oauth2.TokenSource) (*stores.Client, error) {
		return stores.NewClient(tokens, opts...)
	}, func(ctx context.Context, client *stores.Client) (string, error) {
		store, err := client.Store.Get(ctx)
		if err != nil {
			return "", err
		}
		return store.ID, nil
	}, func(client *stores.Client) changes[stores.Order] { return client.Orders.Changes })
}

// AddRakuten adds Rakuten Ichiba, which has no login: a person of the shop copies its key.
func (s *Server) AddRakuten(license func(ctx context.Context, shop string) (rakuten.License, error), opts ...shotengai.Option) error {
	clients, err := shotengai.NewClients(1000, func(_ context.Context, shop string) (*rakuten.Client, error) {
		return rakuten.NewClient(rakuten.LicenseFunc(func(ctx context.Context) (rakuten.License, error) { return license(ctx, shop) }), opts...)
	})
	if err != nil {
		return err
	}
	s.Orders["rakuten"] = count(clients, func(client *rakuten.Client) changes[rakuten.Order] { return client.Orders.Changes })
	return nil
}

// addLogin adds a platform that has a login: the client of a new grant finds out whose it is.
func addLogin[C, O any](s *Server, provider *oauth.Provider, client func(oauth2.TokenSource) (*C, error),
	whose func(context.Context, *C) (string, error), orders func(*C) changes[O],
) error {
	grants, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: s.store, Sealer: s.sealer})
	if err != nil {
		return err
	}
	clients, err := shotengai.NewClients(1000, func(_ context.Context, shop string) (*C, error) { return client(grants.TokenSource(shop)) })
	if err != nil {
		return err
	}
	login, err := oauth.NewHandler(oauth.HandlerConfig{
		Provider: provider, Sealer: s.sealer, Insecure: s.Local,
		OnGrant: func(ctx context.Context, login *oauth.FinishedLogin) (string, error) {
			c, err := client(oauth2.StaticTokenSource(login.Grant.Token()))
			if err != nil {
				return "", err
			}
			shop, err := whose(ctx, c)
			if err != nil {
				return "", err
			}
			return "/", grants.Put(ctx, shop, login.Grant)
		},
	})
	if err != nil {
		return err
	}
	s.Pages.Handle("GET /"+provider.Name+"/login", login.LoginHandler())
	s.Pages.Handle("GET /"+provider.Name+"/callback", login.CallbackHandler())
	s.Orders[provider.Name] = count(clients, orders)
	s.managers = append(s.managers, grants)
	return nil
}

// changes is the method of a platform's client that yields what is new or has changed.
type changes[O any] = func(context.Context, *shotengai.Cursor, ...shotengai.CallOption) iter.Seq2[*O, error]

func count[C, O any](clients *shotengai.Clients[C], orders func(*C) changes[O]) func(context.Context, string, *shotengai.Cursor) (int, error) {
	return func(ctx context.Context, shop string, cursor *shotengai.Cursor) (n int, err error) {
		client, err := clients.Get(ctx, shop)
		if err != nil {
			return 0, err
		}
		for _, err := range orders(client)(ctx, cursor) {
			if err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
}

// Grants returns the grants of all platforms, to be refreshed hourly and closed at the end.
func (s *Server) Grants() (*oauth.Group, error) { return oauth.NewGroup(s.managers...) }

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	grants, err := s.Grants()
	if err != nil {
		http.Error(w, "no platform", http.StatusServiceUnavailable)
		return
	}
	for grant, err := range grants.Grants(r.Context()) {
		if err != nil {
			fmt.Fprintln(w, "?")
			continue
		}
		fmt.Fprintln(w, grant.Platform, grant.Shop, grant.Status)
	}
}
