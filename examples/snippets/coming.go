package snippets

import (
	"context"
	"errors"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
)

// Coming from elsewhere.

func takeOverTokens(ctx context.Context, grants *oauth.Manager, shop, token string) error {
	return grants.Put(ctx, shop, &oauth.Grant{
		AccessToken: shotengai.Secret(token), TokenType: "Bearer",
		Scopes: []string{colorme.ScopeReadSales},
	})
}

func takeOverSync(lastSync time.Time) shotengai.Cursor {
	return shotengai.CursorFrom(lastSync.Add(-time.Hour)) // orders that the copy has come again: save them by their id
}

func findSale(ctx context.Context, client *colorme.Client, id int64) (*colorme.Sale, error) {
	sale, err := client.Sales.Get(ctx, id)
	if errors.Is(err, shotengai.ErrNotFound) {
		return nil, nil // no such order
	}
	return sale, err
}

func paidSales(ctx context.Context, client *colorme.Client, since time.Time) (total int64, err error) {
	for sale, err := range client.Sales.All(ctx, colorme.ListSalesParams{MakeDateMin: colorme.At(since), Paid: new(true)}) {
		if err != nil {
			return 0, err
		}
		total += sale.TotalPrice
	}
	return total, nil
}

var _ = []any{takeOverTokens, takeOverSync, findSale, paidSales}
