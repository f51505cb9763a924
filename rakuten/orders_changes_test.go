package rakuten_test

import (
	"cmp"
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
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

func orderState(o *rakuten.Order) (id, state string) { return o.OrderNumber, feedtest.JSON(o) }

// feedShop is a fake whose clock stands, with an empty shop, and the client of an app.
func feedShop(t *testing.T, skew time.Duration) (*rakutentest.Server, *rakuten.Client) {
	t.Helper()
	clock := func() time.Time { return time.Date(2026, 2, 27, 9, 0, 0, 0, shotengai.JST) }
	srv := rakutentest.NewServer(rakutentest.WithClock(clock), rakutentest.WithOrders(0), rakutentest.WithoutRateLimits())
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
			owner, err := srv.Client(shotengai.WithLimiter(nil), shotengai.WithClock(srv.Now))
			require.NoError(t, err)
			shop := srv.Shop()
			var numbers []string
			progress := make(map[string]int)
			add := func() {
				number := shop.AddOrder(nil)
				numbers, progress[number] = append(numbers, number), 100
			}
			add()
			// one moves an order that is at one of the progresses, among the latest, to another.
			one := func(r *rand.Rand, do func(string), to int, at ...int) {
				for range 20 {
					number := numbers[max(0, len(numbers)-1-r.IntN(20))]
					if slices.Contains(at, progress[number]) {
						do(number)
						progress[number] = cmp.Or(to, progress[number])
						return
					}
				}
			}
			err = feedtest.Run(t.Context(), seed, feedtest.World[rakuten.Order]{
				Events: map[string]func(*rand.Rand){
					"order":   func(*rand.Rand) { add() },
					"confirm": func(r *rand.Rand) { one(r, shop.ConfirmOrder, 200, 100) },
					"process": func(r *rand.Rand) { one(r, shop.Process, 300, 200) },
					"ship":    func(r *rand.Rand) { one(r, shop.ShipOrder, 500, 300) },
					"bill":    func(r *rand.Rand) { one(r, shop.BillOrder, 600, 500) },
					"pay":     func(r *rand.Rand) { one(r, shop.PayOrder, 700, 500, 600) },
					"edit": func(r *rand.Rand) {
						one(r, func(number string) { shop.EditOrder(number, map[string]any{"remarks": strconv.Itoa(r.Int())}) }, 0, 100, 200, 300, 500)
					},
					"request to cancel": func(r *rand.Rand) { one(r, shop.RequestCancel, 800, 100, 200, 300) },
					"cancel":            func(r *rand.Rand) { one(r, shop.CancelOrder, 900, 100, 200, 300, 500, 600, 800) },
					"fault": func(r *rand.Rand) {
						fault := feedtest.Fault(r, "totalPrice")
						fault.Match = func(req shotengaitest.Request) bool { return strings.Contains(req.Path, "/order/") }
						srv.Fail(1, fault)
					},
				},
				Advance: srv.Advance, Quiet: srv.Heal,
				Truth: func() (map[string]string, error) {
					truth := make(map[string]string)
					for some := range slices.Chunk(numbers, 100) {
						orders, err := owner.Orders.GetBatch(t.Context(), some)
						require.NoError(t, err)
						for i := range orders.Items {
							id, state := orderState(&orders.Items[i])
							truth[id] = state
						}
					}
					return truth, nil
				},
				Changes: app.Orders.Changes, State: orderState,
				Begin: shotengai.CursorFrom(srv.Now().AddDate(0, 0, -90)),
			})
			require.NoError(t, err)
		})
	}
}

// A run without news is six searches, and a call for each hundred orders that are not final.
func TestOrdersChangesCost(t *testing.T) {
	t.Parallel()
	srv, client := feedShop(t, 0)
	cursor := shotengai.CursorFrom(srv.Now())
	run := func() (rows int, calls int64) {
		rows, calls, err := feedtest.Cost(t.Context(), client.Orders.Changes, &cursor)
		require.NoError(t, err)
		return rows, calls
	}
	rows, calls := run()
	assert.Zero(t, rows)
	assert.Equal(t, int64(6), calls)
	for range 150 {
		srv.Shop().AddOrder(nil)
	}
	rows, calls = run()
	assert.Equal(t, 150, rows)
	assert.Equal(t, int64(6+2), calls)
	srv.Advance(time.Hour)
	_, _ = run()
	srv.Advance(time.Hour)
	rows, calls = run()
	assert.Zero(t, rows)
	assert.Equal(t, int64(6+2), calls)
}

// The platform refuses searches that begin more than 730 days ago.
func TestOrdersChangesOfALongTimeAgo(t *testing.T) {
	t.Parallel()
	srv, client := feedShop(t, 0)
	srv.Shop().AddOrder(nil)
	cursor := shotengai.CursorFrom(srv.Now().AddDate(-9, 0, 0))
	rows := 0
	for _, err := range client.Orders.Changes(t.Context(), &cursor) {
		require.NoError(t, err)
		rows++
	}
	assert.Equal(t, 1, rows)
}

// An order that is older than the first cursor comes with whatever happens to it, and only
// then.
func TestOrdersChangesSearchByEveryDate(t *testing.T) {
	t.Parallel()
	srv, client := feedShop(t, 0)
	shop := srv.Shop()
	number := shop.AddOrder(nil)
	srv.Advance(30 * 24 * time.Hour)
	for _, step := range []func(string){shop.ConfirmOrder, shop.Process, shop.ShipOrder, shop.PayOrder} {
		srv.Advance(time.Minute)
		cursor := shotengai.CursorFrom(srv.Now())
		srv.Advance(24 * time.Hour)
		for _, want := range []int{0, 1} {
			rows, rest := 0, cursor
			for order, err := range client.Orders.Changes(t.Context(), &rest) {
				require.NoError(t, err)
				assert.Equal(t, number, order.OrderNumber)
				rows++
			}
			assert.Equal(t, want, rows)
			if want == 0 {
				step(number)
			}
		}
	}
}

// An order that a search finds late comes with the next run.
func TestOrdersChangesSeeWhatComesLate(t *testing.T) {
	t.Parallel()
	srv, client := feedShop(t, 0)
	cursor := shotengai.CursorFrom(srv.Now().Add(-time.Hour))
	srv.Shop().AddOrder(nil)
	srv.Fail(6, shotengaitest.Fault{Body: `{"orderNumberList":[],"MessageModelList":[],"PaginationResponseModel":{"totalRecordsAmount":null,"totalPages":null,"requestPage":null}}`})
	for _, want := range []int{0, 1} {
		rows := 0
		for _, err := range client.Orders.Changes(t.Context(), &cursor) {
			require.NoError(t, err)
			rows++
		}
		assert.Equal(t, want, rows)
		srv.Advance(4 * time.Minute)
	}
}
