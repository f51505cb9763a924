package colormetest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// The client decodes every member of every answer of the fake.
func TestClientUnderstandsTheFake(t *testing.T) {
	t.Parallel()
	srv := start(t, withSizes(120, 60, 20)...)
	client, err := srv.Client(shotengai.WithStrictDecoding(), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	ctx := t.Context()

	var sales int
	for sale, err := range client.Sales.All(ctx, colorme.ListSalesParams{MakeDateMin: colorme.DateTime{Time: noon.AddDate(-1, 0, 0)}}) {
		require.NoError(t, err)
		got, err := client.Sales.Get(ctx, sale.ID)
		require.NoError(t, err)
		assert.Equal(t, sale.TotalPrice, got.TotalPrice)
		sales++
	}
	assert.Equal(t, 120, sales)

	var customers, products, stocks int
	for _, err := range client.Customers.All(ctx, colorme.ListCustomersParams{}) {
		require.NoError(t, err)
		customers++
	}
	for product, err := range client.Products.All(ctx, colorme.ListProductsParams{}) {
		require.NoError(t, err)
		_, err = client.ProductImages.List(ctx, product.ID)
		require.NoError(t, err)
		products++
	}
	for _, err := range client.Stocks.All(ctx, colorme.ListStocksParams{}) {
		require.NoError(t, err)
		stocks++
	}
	assert.Equal(t, 20, customers)
	assert.Equal(t, 60, products)
	assert.Equal(t, 60+10+3*10, stocks, "a third of the products has two variants or four")

	for name, read := range map[string]func() error{
		"shop":       func() error { _, err := client.Shop.Get(ctx); return err },
		"stat":       func() error { _, err := client.Sales.Stat(ctx, noon); return err },
		"groups":     func() error { _, err := client.ProductGroups.List(ctx); return err },
		"categories": func() error { _, err := client.ProductCategories.List(ctx); return err },
		"payments":   func() error { _, err := client.Payments.List(ctx); return err },
		"deliveries": func() error { _, err := client.Deliveries.List(ctx); return err },
		"dates":      func() error { _, err := client.Deliveries.DateSetting(ctx); return err },
		"gift":       func() error { _, err := client.Gift.Get(ctx); return err },
		"coupons":    func() error { _, err := client.Coupons.List(ctx); return err },
		"templates":  func() error { _, err := client.Templates.List(ctx); return err },
		"reviews":    func() error { _, err := client.Reviews.List(ctx, colorme.ListReviewsParams{}); return err },
		"advertisings": func() error {
			_, err := client.ProductAdvertisings.List(ctx, colorme.ListProductAdvertisingsParams{})
			return err
		},
	} {
		require.NoError(t, read(), name)
	}
}

// Without pacing, a client meets the limit.
func TestClientMeetsTheLimit(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer(colormetest.WithClock(func() time.Time { return noon }))
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)
	for range 120 {
		_, err = client.Shop.Get(t.Context())
		require.NoError(t, err)
	}
	_, err = client.Shop.Get(t.Context())
	require.ErrorIs(t, err, shotengai.ErrRateLimited)
}
