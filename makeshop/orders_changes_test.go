package makeshop_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/feedtest"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

func orderState(o *makeshop.Order) (id, state string) { return o.SystemOrderNumber, feedtest.JSON(o) }

// feedShop is a fake whose clock stands, with an empty shop, and the client of an app.
func feedShop(t *testing.T, skew time.Duration) (*makeshoptest.Server, *makeshop.Client) {
	t.Helper()
	clock := func() time.Time { return time.Date(2026, 2, 27, 9, 0, 0, 0, shotengai.JST) }
	srv := makeshoptest.NewServer(makeshoptest.WithClock(clock), makeshoptest.WithOrders(0), makeshoptest.WithoutRateLimits())
	t.Cleanup(srv.Close)
	app, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithClock(func() time.Time { return srv.Now().Add(skew) }), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)
	return srv, app
}

func TestOrdersChangesFollowTheShop(t *testing.T) {
	t.Parallel()
	for seed := range feedtest.Lives() {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			srv, app := feedShop(t, time.Duration(seed%4)*7*time.Minute)
			owner, err := srv.Client(shotengai.WithLimiter(nil))
			require.NoError(t, err)
			shop := srv.Shop()
			var numbers []string
			shipped := make(map[string]bool) // nobody can see what happens after that, but for the payment
			pending, cancelled := make(map[string]bool), make(map[string]bool)
			ship := func(number string) {
				if !shipped[number] {
					shipped[number] = true
					_, _ = owner.Orders.UpdateDeliveryStatuses(t.Context(), []makeshop.UpdateOrderDeliveryRequest{{DisplayOrderNumber: number, DeliveryStatus: makeshop.UpdateDeliveryCompleted}})
				}
			}
			added := func(number string) {
				if numbers = append(numbers, number); len(numbers) > 24 { // the shop does not leave them lying
					ship(numbers[len(numbers)-25])
				}
			}
			add := func(fields map[string]any) { added(shop.AddOrder(fields)) }
			add(nil)
			some := func(r *rand.Rand) string { return numbers[max(0, len(numbers)-1-r.IntN(20))] }
			err = feedtest.Run(t.Context(), seed, feedtest.World[makeshop.Order]{
				Events: map[string]func(*rand.Rand){
					"order": func(*rand.Rand) { add(nil) },
					"order unpaid": func(*rand.Rand) {
						number := shop.AddPendingOrder(nil)
						pending[number] = true
						added(number)
					},
					"order in two": func(*rand.Rand) { add(map[string]any{"deliveryInfos": []any{map[string]any{}, map[string]any{}}}) },
					"pay": func(r *rand.Rand) {
						if number := some(r); !cancelled[number] {
							shop.PayOrder(number)
							pending[number] = false
						}
					},
					"edit": func(r *rand.Rand) {
						if number := some(r); !shipped[number] {
							_, _ = owner.Orders.UpdateAttributes(t.Context(), []makeshop.UpdateOrderAttributeRequest{{DisplayOrderNumber: number, DeliveryRequestInfos: []makeshop.DeliveryRequestInfo{{SlipNumber: new(strconv.Itoa(r.IntN(1e6)))}}}})
						}
					},
					"ship": func(r *rand.Rand) { ship(some(r)) },
					"cancel": func(r *rand.Rand) {
						if number := some(r); !shipped[number] {
							cancelled[number] = true
							_, _ = owner.Orders.Cancel(t.Context(), []makeshop.CancelOrderRequest{{DisplayOrderNumber: number}})
						}
					},
					"vanish": func(r *rand.Rand) {
						if number := some(r); len(numbers) > 1 && pending[number] && !cancelled[number] && !shipped[number] {
							shop.VanishOrder(number)
							numbers = slices.DeleteFunc(numbers, func(n string) bool { return n == number })
						}
					},
					"fault": func(r *rand.Rand) {
						fault := feedtest.Fault(r, "sumPrice")
						fault.Match = func(req shotengaitest.Request) bool { return strings.Contains(string(req.Body), "query searchOrder") }
						srv.Fail(1, fault)
					},
				},
				Advance: srv.Advance, Quiet: srv.Heal, Vanishing: true,
				Truth: func() (map[string]string, error) {
					return feedtest.Truth(owner.Orders.All(t.Context(), makeshop.ListOrdersParams{}), orderState)
				},
				Changes: app.Orders.Changes, State: orderState,
				Begin: shotengai.CursorFrom(srv.Now().AddDate(-1, 0, 0)),
			})
			require.NoError(t, err)
		})
	}
}

// A run without news is one call for each date, and one for the orders to ship.
func TestOrdersChangesCost(t *testing.T) {
	t.Parallel()
	srv, client := feedShop(t, 0)
	cursor := shotengai.CursorFrom(srv.Now())
	run := func() (rows int, calls int64) {
		rows, calls, err := feedtest.Cost(t.Context(), client.Orders.Changes, &cursor)
		require.NoError(t, err)
		return rows, calls
	}
	number := srv.Shop().AddOrder(nil)
	rows, calls := run()
	assert.Equal(t, 1, rows)
	assert.Equal(t, int64(2), calls)
	srv.Advance(time.Hour)
	_, _ = run()
	srv.Advance(time.Hour)
	rows, calls = run()
	assert.Zero(t, rows)
	assert.Equal(t, int64(3), calls)
	_, err := client.Orders.Cancel(t.Context(), []makeshop.CancelOrderRequest{{DisplayOrderNumber: number}})
	require.NoError(t, err)
	rows, calls = run()
	assert.Equal(t, 1, rows)
	assert.Equal(t, int64(4), calls)
	rows, calls = run()
	assert.Zero(t, rows)
	assert.Equal(t, int64(2), calls)
}
