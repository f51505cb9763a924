package stores_test

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/feedtest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

func orderState(o *stores.Order) (id, state string) { return string(o.ID), feedtest.JSON(o) }

func TestOrdersChangesFollowTheShop(t *testing.T) {
	t.Parallel()
	for seed := range feedtest.Lives() {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			srv, _ := stopped(t, storestest.WithOrderLag(3*time.Minute))
			owner, err := srv.Client(shotengai.WithLimiter(nil))
			require.NoError(t, err)
			skew := time.Duration(seed%4) * 7 * time.Minute
			app, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithClock(func() time.Time { return srv.Now().Add(skew) }), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
			require.NoError(t, err)
			shop := srv.Shop()
			var ids []string
			add := func(order map[string]any) {
				if ids = append(ids, shop.AddOrder(order)); len(ids) > 24 { // the shop does not leave them lying
					_, _ = owner.Orders.Shipped(t.Context(), stores.OrderID(ids[len(ids)-25]))
				}
			}
			add(nil)
			some := func(r *rand.Rand) string { return ids[max(0, len(ids)-1-r.IntN(20))] }
			err = feedtest.Run(t.Context(), seed, feedtest.World[stores.Order]{
				Events: map[string]func(*rand.Rand){
					"order": func(*rand.Rand) { add(nil) },
					"order unpaid": func(*rand.Rand) {
						add(map[string]any{"readied_at": nil, "transactions": []any{map[string]any{"id": "t", "type": "bank_transfer", "amount": 100, "deposit": 0, "paid_at": nil}}})
					},
					"pay": func(r *rand.Rand) {
						if id := some(r); shop.Order(id)["payment_amount"] != float64(0) {
							shop.PayOrder(id)
						}
					},
					"ship": func(r *rand.Rand) { _, _ = owner.Orders.Shipped(t.Context(), stores.OrderID(some(r))) },
					"edit": func(r *rand.Rand) {
						id := some(r)
						if shop.Order(id)["deliveries"].([]any)[0].(map[string]any)["shipped_at"] == nil { // nobody can see an edit after that
							_, _ = owner.Orders.UpdateDeliveries(t.Context(), stores.OrderID(id), stores.UpdateDeliveriesRequest{TrackingNumber: new(strconv.Itoa(r.IntN(1e6)))})
						}
					},
					"cancel": func(r *rand.Rand) { shop.CancelOrder(some(r), r.IntN(2) == 0) },
					"fault": func(r *rand.Rand) {
						fault := feedtest.Fault(r, "sales_amount")
						fault.Method = "GET"
						srv.Fail(1, fault)
					},
				},
				Advance: srv.Advance, Quiet: srv.Heal,
				Truth: func() (map[string]string, error) {
					return feedtest.Truth(owner.Orders.All(t.Context(), stores.ListOrdersParams{}), orderState)
				},
				Changes: app.Orders.Changes, State: orderState,
				Begin: shotengai.CursorFrom(srv.Now().AddDate(-1, 0, 0)),
			})
			require.NoError(t, err)
		})
	}
}

// A run without news is one call for each date, and one for each hundred orders to ship.
func TestOrdersChangesCost(t *testing.T) {
	t.Parallel()
	srv, _ := stopped(t)
	client, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithClock(srv.Now))
	require.NoError(t, err)
	cursor := shotengai.CursorFrom(srv.Now())
	run := func() (rows int, calls int64) {
		rows, calls, err := feedtest.Cost(t.Context(), client.Orders.Changes, &cursor)
		require.NoError(t, err)
		return rows, calls
	}
	for range 150 {
		srv.Shop().AddOrder(nil)
	}
	rows, calls := run()
	assert.Equal(t, 150, rows)
	assert.Equal(t, int64(2+2+1), calls)
	srv.Advance(time.Hour)
	_, _ = run() // those of the very second of the cursor come once more
	srv.Advance(time.Hour)
	rows, calls = run()
	assert.Zero(t, rows)
	assert.Equal(t, int64(3+2), calls)
}
