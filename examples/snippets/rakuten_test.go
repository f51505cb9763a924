package snippets

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// rakutenShop is a shop without orders, in memory, and its client.
func rakutenShop(t *testing.T) (*rakutentest.Server, *rakuten.Client) {
	t.Helper()
	srv := rakutentest.NewServer(rakutentest.WithOrders(0))
	t.Cleanup(srv.Close)
	client, err := srv.Client(rakuten.WithLimiter(nil))
	require.NoError(t, err)
	return srv, client
}

// An order whose postage is not fixed is kept without a total, and gets it later.
func TestOrderWithoutTotal(t *testing.T) {
	t.Parallel()
	srv, client := rakutenShop(t)
	srv.Shop().AddOrder(nil)
	number := srv.Shop().AddOrder(nil) // the postage of every second one is not fixed
	var total sql.Null[int64]
	save := func(_ *rakuten.Order, yen sql.Null[int64]) error { total = yen; return nil }

	require.NoError(t, withoutTotal(t.Context(), client, []string{number}, save))
	assert.Zero(t, total)
	order, err := client.Orders.Get(t.Context(), number)
	require.NoError(t, err)
	assert.Equal(t, "not fixed", order.TotalPrice.String())

	_, err = client.Orders.UpdateSender(t.Context(), rakuten.UpdateOrderSenderRequest{
		OrderNumber: number, Packages: []rakuten.UpdateOrderPackage{{BasketID: order.Packages[0].BasketID, PostagePrice: new(int64(500))}},
	})
	require.NoError(t, err)
	require.NoError(t, withoutTotal(t.Context(), client, []string{number}, save))
	assert.True(t, total.Valid)
	require.NoError(t, withoutTotal(t.Context(), client, nil, save), "nothing to ask for")
}
