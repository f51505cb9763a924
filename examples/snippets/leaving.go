package snippets

import (
	"context"
	"database/sql"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/oauth"
)

// Leaving.

func shopLeft(ctx context.Context, db *sql.DB, grants *oauth.Manager, clients *shotengai.Clients[colorme.Client], shop string, leftAt time.Time) error {
	if err := grants.Forget(ctx, shop); err != nil { // the grant; safe to repeat
		return err
	}
	clients.Forget(shop) // a client made after the next install has the new token
	_, err := db.ExecContext(ctx, "UPDATE shops SET left_at = $1, erase_after = $2 WHERE id = $3",
		leftAt, leftAt.AddDate(0, 0, 30), shop)
	return err
}

func eraseDue(ctx context.Context, db *sql.DB, now time.Time) error {
	_, err := db.ExecContext(ctx, "DELETE FROM shops WHERE erase_after < $1", now) // orders and customers: ON DELETE CASCADE
	return err
}

func shopifyPrivacy(secret shotengai.Secret, ledger hooks.Ledger, uninstalled func(context.Context, *hooks.ShopifyUninstall) error,
	sendCustomer func(context.Context, *hooks.ShopifyDataRequest) error, eraseCustomer func(context.Context, *hooks.ShopifyCustomerRedact) error,
	eraseShop func(context.Context, *hooks.ShopifyRedact) error,
) (*hooks.Shopify, error) {
	return hooks.NewShopify(hooks.ShopifyConfig{
		Secrets:                []shotengai.Secret{secret},
		Ledger:                 ledger,
		OnAppUninstalled:       uninstalled,
		OnCustomersDataRequest: sendCustomer, // to the owner of the shop
		OnCustomersRedact:      eraseCustomer,
		OnShopRedact:           eraseShop,
	})
}

var _ = []any{shopLeft, eraseDue, shopifyPrivacy}
