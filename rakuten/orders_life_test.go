package rakuten_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// The table in the comment of Confirm and in the guide, on one order.
func TestLifeOfAnOrder(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits(), rakutentest.WithOrders(0), rakutentest.WithClock(func() time.Time { return start }))
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithStrictDecoding())
	require.NoError(t, err)
	ctx, orders, shop := t.Context(), client.Orders, srv.Shop()
	number := shop.AddOrder(nil)

	confirm := func() error {
		results, err := orders.Confirm(ctx, []string{number})
		require.NoError(t, err)
		return results.Err()
	}
	ship := func() error {
		order, err := orders.Get(ctx, number)
		require.NoError(t, err)
		request := rakuten.UpdateShippingRequest{OrderNumber: number}
		for _, p := range order.Packages {
			row := rakuten.ShippingRow{DeliveryCompany: new(rakuten.CarrierYamato), ShippingDate: rakuten.ShippedOn(shotengai.DateOf(srv.Now()))}
			request.Packages = append(request.Packages, rakuten.ShippingBasket{BasketID: p.BasketID, Rows: []rakuten.ShippingRow{row}})
		}
		results, err := orders.UpdateShipping(ctx, request)
		require.NoError(t, err)
		return results.Err()
	}
	cancel := rakuten.CancelOrderRequest{OrderNumber: number, ChangeReasonDetailApply: rakuten.ReasonOutOfStock}
	by := func(do func(string)) func() error { return func() error { do(number); return nil } }

	require.Error(t, ship(), "at 100")
	for _, step := range []struct {
		do       func() error
		progress rakuten.OrderProgress
		finds    rakuten.DateType // the search that finds the step; 0 for none
	}{
		{by(func(string) {}), rakuten.ProgressAwaitingConfirmation, rakuten.DateOrdered},
		{confirm, rakuten.ProgressRakutenProcessing, rakuten.DateConfirmed},
		{by(shop.Process), rakuten.ProgressToShip, rakuten.DateFixed},
		{by(func(n string) { shop.EditOrder(n, map[string]any{"orderProgress": 400}) }), rakuten.ProgressChangePending, 0},
		{by(func(n string) { shop.EditOrder(n, map[string]any{"orderProgress": 300}) }), rakuten.ProgressToShip, 0},
		{ship, rakuten.ProgressShipped, rakuten.DateShippingReport},
		{by(shop.BillOrder), rakuten.ProgressPaymentInProgress, 0},
		{by(shop.PayOrder), rakuten.ProgressPaid, rakuten.DatePaymentFixed},
		{by(shop.RequestCancel), rakuten.ProgressCancelPending, 0},
		{func() error { return failureOf(orders.CancelAfterShipping(ctx, cancel)) }, rakuten.ProgressCancelled, 0},
	} {
		require.NoError(t, step.do(), "%d", step.progress)
		order, err := orders.Get(ctx, number)
		require.NoError(t, err)
		assert.Equal(t, step.progress, order.OrderProgress)
		for kind := rakuten.DateOrdered; kind <= rakuten.DatePaymentFixed; kind++ {
			if kind != rakuten.DateShipped { // has no time of day
				assert.Equal(t, kind == step.finds, foundSince(ctx, t, orders, kind, srv.Now()), "%d: dateType %d", step.progress, kind)
			}
		}
		if step.progress < rakuten.ProgressToShip {
			require.Error(t, ship(), "at %d", step.progress)
		}
		if step.progress >= rakuten.ProgressRakutenProcessing {
			require.Error(t, confirm(), "at %d", step.progress)
		}
		if step.progress >= rakuten.ProgressShipped {
			require.Error(t, failureOf(orders.Cancel(ctx, cancel)), "at %d", step.progress)
		}
		srv.Advance(24 * time.Hour)
	}
	require.Error(t, ship(), "at 900")
}

// foundSince reports whether a search finds an order at now.
func foundSince(ctx context.Context, t *testing.T, orders *rakuten.OrdersService, kind rakuten.DateType, now time.Time) bool {
	t.Helper()
	page, err := orders.Search(ctx, rakuten.SearchOrdersParams{DateType: kind, StartDatetime: rakuten.At(now.Add(-time.Hour)), EndDatetime: rakuten.At(now)})
	require.NoError(t, err)
	return len(page.Items) > 0
}
