package rakutentest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// The client knows every member that the fake returns.
func TestClientReadsTheFake(t *testing.T) {
	t.Parallel()
	srv := newServer(t, rakutentest.WithOrders(150))
	client, err := srv.Client(shotengai.WithStrictDecoding(), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	n := 0
	for order, err := range client.Orders.All(t.Context(), since(start.AddDate(0, 0, -60))) {
		require.NoError(t, err)
		assert.Equal(t, "400001", order.OrderNumber[:6])
		n++
	}
	assert.Equal(t, 150, n)
	found, err := client.Inventory.Range(t.Context(), rakuten.StockRangeParams{})
	require.NoError(t, err)
	assert.Len(t, found.Items, 11)
	coupons, err := client.Coupons.Search(t.Context(), rakuten.SearchCouponsParams{})
	require.NoError(t, err)
	assert.Empty(t, coupons.Items)
	assert.Equal(t, rakuten.VerdictWorks, client.Diagnose(t.Context()).Verdict)
	expiry, err := client.Licenses.ExpiryDate(t.Context())
	require.NoError(t, err)
	assert.True(t, expiry.Equal(srv.Shop().License().ExpiresAt))
}

func since(from time.Time) rakuten.SearchOrdersParams {
	var params rakuten.SearchOrdersParams
	params.DateType = rakuten.DateOrdered
	params.StartDatetime, params.EndDatetime = rakuten.At(from), rakuten.At(start)
	return params
}

// A key is renewed between two pages; the source returns the new one and nothing is lost.
func TestKeyIsRenewedWhileOrdersFlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := rakutentest.NewServer(rakutentest.InMemory(), rakutentest.WithOrders(500), rakutentest.WithOrderEvery(time.Hour))
		defer srv.Close()
		client, err := srv.Client()
		require.NoError(t, err)
		var params rakuten.SearchOrdersParams
		params.DateType = rakuten.DateOrdered
		params.StartDatetime, params.EndDatetime = rakuten.At(srv.Now().AddDate(0, 0, -60)), rakuten.At(srv.Now())
		n := 0
		for _, err := range client.Orders.All(t.Context(), params) {
			require.NoError(t, err)
			if n++; n == 150 {
				srv.RenewKey(srv.Shop())
			}
		}
		assert.Equal(t, 500, n)
	})
}

func TestOldKeyIsRefused(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	old := srv.Shop().License()
	client, err := rakuten.NewClient(
		rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return old, nil }),
		shotengai.WithTestServer(srv.URL), shotengai.WithHTTPClient(srv.HTTPClient()), shotengai.WithClock(srv.Now), shotengai.WithLimiter(nil),
	)
	require.NoError(t, err)
	srv.RenewKey(srv.Shop())
	_, err = client.Licenses.ExpiryDate(t.Context())
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
}
