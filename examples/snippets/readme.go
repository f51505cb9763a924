package snippets

import (
	"context"
	"errors"
	"log"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
)

func kinds(ctx context.Context, client *colorme.Client) {
	_, err := client.Sales.Get(ctx, 1)
	switch {
	case errors.Is(err, shotengai.ErrReauthorize): // the token is not valid any more: send the owner through the login
	case errors.Is(err, shotengai.ErrOutcomeUnknown): // a write that may have been carried out: look first
	case errors.Is(err, shotengai.ErrNotFound): // 404
	case errors.Is(err, shotengai.ErrRateLimited): // tried again already, and still refused
	case errors.Is(err, shotengai.ErrUnavailable): // the platform, or the store of the grants, cannot be reached for now
	}
	if e, ok := errors.AsType[*shotengai.Error](err); ok {
		log.Print(e.StatusCode, e.Code, e.Field, e.RequestID)
	}
}

func fakes() {
	srv := colormetest.NewServer(colormetest.WithSales(250))
	defer srv.Close()
	client, err := srv.Client()
	srv.Fail(1, shotengaitest.Fault{Status: 429, RetryAfter: "7"}) // the next call is refused
	_, _ = client, err
}

func oneClientPerShop(ctx context.Context, grants *oauth.Manager, shop string) error {
	clients, err := shotengai.NewClients(1000, func(_ context.Context, shop string) (*stores.Client, error) {
		return stores.NewClient(grants.TokenSource(shop)) // grants: an *oauth.Manager
	})
	if err != nil {
		return err
	}
	client, err := clients.Get(ctx, shop)
	_ = client
	return err
}

var _ = []any{kinds, fakes, oneClientPerShop}
