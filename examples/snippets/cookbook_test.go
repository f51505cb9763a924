package snippets

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// The answers of the cookbook, against the fakes.
func TestCookbookColorMe(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer(colormetest.WithSales(3), colormetest.WithProducts(60), colormetest.WithCustomers(1), colormetest.WithoutRateLimits())
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)
	ctx := t.Context()

	require.NoError(t, whoseToken(ctx, client))
	sales, err := client.Sales.List(ctx, colorme.ListSalesParams{})
	require.NoError(t, err)
	require.NoError(t, rawAnswer(ctx, client, sales.Items[0].ID))
	require.NoError(t, timeouts(ctx, client, sales.Items[0].ID))
	require.NoError(t, countRequests(ctx, client))
	products, err := client.Products.List(ctx, colorme.ListProductsParams{})
	require.NoError(t, err)
	require.NoError(t, mayBeRepeated(ctx, client, products.Items[0].ID))
	customers, err := client.Customers.List(ctx, colorme.ListCustomersParams{})
	require.NoError(t, err)
	require.NoError(t, leaveOrClear(ctx, client, customers.Items[0].ID))
	_, err = japanTime(ctx, client)
	require.NoError(t, err)

	second := func(r shotengaitest.Request) bool { return r.Query.Get("offset") == "50" }
	srv.Fail(1, shotengaitest.Fault{Status: 500, Match: second})
	params, err := goOn(ctx, client, colorme.ListProductsParams{})
	require.Error(t, err)
	assert.Equal(t, 50, params.Offset)
	_, err = goOn(ctx, client, params)
	require.NoError(t, err)

	coupon := colorme.CreateCouponRequest{
		Code: "SPRING10", CouponType: colorme.CouponRate, DiscountAmount: new(int64(10)),
		StartsAt: shotengai.DateOf(srv.Now()), EndsAt: shotengai.DateOf(srv.Now()),
	}
	srv.Fail(1, shotengaitest.Fault{ResetAfter: true})
	require.NoError(t, lookFirst(ctx, client, coupon.Code, coupon))
	coupons, err := client.Coupons.List(ctx)
	require.NoError(t, err)
	assert.Equal(t, "SPRING10", coupons.Items[len(coupons.Items)-1].Code)
	assert.Len(t, coupons.Items, 3+1, "it was created once")
}

func TestCookbookOthers(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv := storestest.NewServer(storestest.WithOrders(3), storestest.WithoutRateLimits())
	t.Cleanup(srv.Close)
	client, err := srv.Client()
	require.NoError(t, err)
	require.NoError(t, otherEndpoint(ctx, client))
	require.NoError(t, skipOddRows(ctx, client))

	makeShop := makeshoptest.NewServer(makeshoptest.WithOrders(3), makeshoptest.WithoutRateLimits())
	t.Cleanup(makeShop.Close)
	graphQL, err := makeShop.Client()
	require.NoError(t, err)
	require.NoError(t, ownFields(ctx, graphQL))

	rms, keys := rakutenShop(t)
	require.NoError(t, checkCredential(ctx, keys))
	days, err := daysLeft(ctx, keys, rms.Now())
	require.NoError(t, err)
	assert.InDelta(t, 90, days, 90)

	assert.Equal(t, "{Token:[redacted]}", fmt.Sprintf("%+v", struct{ Token shotengai.Secret }{"shop-token"}))
	require.Error(t, fromQueue([]byte("{}"), "forged", "secret"))
	assert.Equal(t, "not_found", label(shotengai.ErrNotFound))
}
