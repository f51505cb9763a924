package stores_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// changes runs Changed and returns the ids in the order they came.
func changes(t *testing.T, client *stores.Client, since time.Time, overlap time.Duration) (ids []string) {
	t.Helper()
	var last time.Time
	for order, err := range client.Orders.Changed(t.Context(), since, overlap) {
		require.NoError(t, err)
		require.False(t, order.OrderedAt.Before(last), "oldest first")
		last = order.OrderedAt.Time
		ids = append(ids, string(order.ID))
	}
	return ids
}

// stopped is a fake whose clock stands, with an empty shop.
func stopped(t *testing.T, opts ...storestest.Option) (*storestest.Server, *stores.Client) {
	t.Helper()
	now := time.Date(2026, time.November, 10, 12, 0, 0, 0, shotengai.JST)
	opts = append(opts, storestest.WithOrders(0), storestest.WithoutRateLimits(), storestest.WithClock(func() time.Time { return now }))
	return fake(t, opts...)
}

func TestChanged(t *testing.T) {
	t.Parallel()
	srv, client := stopped(t)
	shop := srv.Shop()
	unpaid := func() string {
		return shop.AddOrder(map[string]any{"readied_at": nil, "transactions": []any{
			map[string]any{"id": "t", "type": "bank_transfer", "amount": 100, "deposit": 0, "paid_at": nil},
		}})
	}
	quiet := shop.AddOrder(nil)
	paidLater, cancelled := unpaid(), shop.AddOrder(nil)
	srv.Advance(24 * time.Hour)
	since := srv.Now()
	srv.Advance(time.Minute)
	fresh := shop.AddOrder(nil)
	srv.Advance(time.Minute)
	shop.PayOrder(paidLater)
	shop.CancelOrder(cancelled, true)
	all := shop.AddOrder(nil) // ordered, ready and cancelled inside the time: three lists, one row
	shop.CancelOrder(all, false)

	got := changes(t, client, since, 0)
	assert.Len(t, got, 4)
	assert.ElementsMatch(t, []string{paidLater, cancelled}, got[:2], "those of the day before come first")
	assert.Equal(t, []string{fresh, all}, got[2:])
	assert.NotContains(t, got, quiet)
	assert.Contains(t, changes(t, client, since, 25*time.Hour), quiet, "the overlap goes back")
	assert.Empty(t, changes(t, client, srv.Now().Add(time.Second), 0))
}

// TestChangedSeesWhatComesLate: an order that appears late is inside the next overlap.
func TestChangedSeesWhatComesLate(t *testing.T) {
	t.Parallel()
	srv, client := stopped(t, storestest.WithOrderLag(2*time.Minute))
	start := srv.Now()
	late := srv.Shop().AddOrder(nil)
	srv.Advance(time.Minute)
	assert.Empty(t, changes(t, client, start, 0))
	since := srv.Now()
	srv.Advance(2 * time.Minute)
	assert.Empty(t, changes(t, client, since, 0))
	assert.Equal(t, []string{late}, changes(t, client, since, 5*time.Minute))
}

// TestChangedOverManyPages: pages of all lists interleave, and orders made at the same
// second are all there.
func TestChangedOverManyPages(t *testing.T) {
	t.Parallel()
	srv, client := stopped(t)
	since := srv.Now()
	want := make([]string, 0, 250)
	for i := range 250 {
		id := srv.Shop().AddOrder(nil)
		want = append(want, id)
		if i%3 == 0 {
			srv.Shop().CancelOrder(id, i%2 == 0)
		}
		if i%7 == 0 {
			srv.Advance(time.Second)
		}
	}
	got := changes(t, client, since, 0)
	assert.ElementsMatch(t, want, got)
	slices.Sort(got)
	assert.Len(t, slices.Compact(got), 250)
	for _, r := range srv.Requests() {
		assert.Equal(t, "asc", r.Query.Get("direction"))
		assert.Equal(t, "100", r.Query.Get("limit"))
	}
}

// TestChangedWhileOrdersAreCancelled: an order that leaves the list of those that are ready
// hides no other, and none comes twice.
func TestChangedWhileOrdersAreCancelled(t *testing.T) {
	t.Parallel()
	srv, client := stopped(t)
	shop := srv.Shop()
	want := make([]string, 0, 350)
	for i := range 350 {
		want = append(want, shop.AddOrder(map[string]any{"readied_at": nil}))
		if i%3 == 0 {
			srv.Advance(time.Second)
		}
	}
	srv.Advance(time.Hour)
	since := srv.Now()
	for _, id := range want {
		shop.PayOrder(id)
	}
	var got []string
	var last time.Time
	for order, err := range client.Orders.Changed(t.Context(), since, 0) {
		require.NoError(t, err)
		require.False(t, order.OrderedAt.Before(last), "oldest first")
		last = order.OrderedAt.Time
		if got = append(got, string(order.ID)); len(got) == 50 || len(got) == 150 {
			for _, id := range got[len(got)-5:] {
				shop.CancelOrder(id, false)
			}
		}
	}
	assert.ElementsMatch(t, want, got)
}

// TestChangedGivesUp: a list that moves in each walk ends in an error, not in silence.
func TestChangedGivesUp(t *testing.T) {
	t.Parallel()
	var requests, lists int
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		rows := make([]string, 0, 100)
		if r.URL.Query().Has("readied_at_from") {
			for i := range 100 {
				rows = append(rows, fmt.Sprintf(`{"id":"%d-%d","ordered_at":"2026-11-10T12:00:00+09:00"}`, requests, i))
			}
			lists++
		}
		reply(w, http.StatusOK, `{"orders":[`+strings.Join(rows, ",")+`]}`)
	})
	var last error
	for _, err := range client.Orders.Changed(t.Context(), time.Now(), 0) {
		require.NoError(t, last, "nothing follows an error")
		last = err
	}
	require.ErrorIs(t, last, shotengai.ErrRowsMoved)
	assert.Equal(t, 20, lists, "two pages of ten walks")
}

// TestAllWhileOrdersLeave: changing what the list selects by hides rows, and All ends with an error.
func TestAllWhileOrdersLeave(t *testing.T) {
	t.Parallel()
	srv, client := stopped(t)
	for range 25 {
		srv.Shop().AddOrder(nil)
	}
	waiting := stores.ListOrdersParams{DeliveryStatus: stores.DeliveryWaiting, Limit: 10}
	walk := func(do func(*stores.Order)) (count int, last error) {
		for order, err := range client.Orders.All(t.Context(), waiting) {
			require.NoError(t, last, "nothing follows an error")
			if last = err; err == nil {
				count++
				do(order)
			}
		}
		return count, last
	}
	ship := func(o *stores.Order) {
		_, err := client.Orders.Shipped(t.Context(), o.ID)
		require.NoError(t, err)
	}
	count, err := walk(ship)
	var page *shotengai.PageError
	require.ErrorAs(t, err, &page)
	require.ErrorIs(t, err, shotengai.ErrRowsMoved)
	assert.Equal(t, 10, count)

	var collected []*stores.Order
	_, err = walk(func(o *stores.Order) { collected = append(collected, o) })
	require.NoError(t, err)
	require.Len(t, collected, 15)
	for _, order := range collected {
		ship(order)
	}
	count, err = walk(ship)
	require.NoError(t, err)
	assert.Zero(t, count)
}

// TestAllInSmallPages: each page begins with the last row of the one before, also where
// that leaves little room, and where the last page is full.
func TestAllInSmallPages(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 2, 3, 4, 8, 9, 10} {
		srv, client := stopped(t)
		want := make([]string, 0, 9)
		for range 9 {
			want = append(want, srv.Shop().AddOrder(nil))
		}
		var got []string
		for order, err := range client.Orders.All(t.Context(), stores.ListOrdersParams{Limit: limit, Direction: stores.Ascending}) {
			require.NoError(t, err)
			got = append(got, string(order.ID))
		}
		assert.Equal(t, want, got, limit)
	}
}

// TestAllWhileOrdersCome: new orders in front of the list move it the harmless way.
func TestAllWhileOrdersCome(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{3, 5, 10} {
		srv, client := stopped(t)
		for range 20 {
			srv.Shop().AddOrder(nil)
		}
		srv.Advance(time.Second)
		seen := map[stores.OrderID]int{}
		for order, err := range client.Orders.All(t.Context(), stores.ListOrdersParams{Limit: limit}) {
			require.NoError(t, err)
			if seen[order.ID]++; len(seen) == 7 {
				srv.Shop().AddOrder(nil)
			}
		}
		assert.Len(t, seen, 20, limit)
		for id, times := range seen {
			assert.Equal(t, 1, times, "%d %s", limit, id)
		}
	}
}

func TestChangedEndsAtAnError(t *testing.T) {
	t.Parallel()
	for _, window := range []string{"ordered_at_from", "readied_at_from", "canceled_at_from"} {
		srv, client := stopped(t)
		srv.Shop().AddOrder(nil)
		srv.Fail(-1, shotengaitest.Fault{
			Status: 403, Body: `{"errors":[{"message":"だめです"}]}`,
			Match: func(r shotengaitest.Request) bool { return r.Query.Has(window) },
		})
		var last error
		for _, err := range client.Orders.Changed(t.Context(), srv.Now(), time.Minute) {
			require.NoError(t, last, "nothing follows an error")
			last = err
		}
		require.ErrorIs(t, last, shotengai.ErrForbidden, window)
	}
}

func TestChangedStopsAtOnce(t *testing.T) {
	t.Parallel()
	srv, client := stopped(t)
	srv.Shop().AddOrder(nil)
	srv.Shop().AddOrder(nil)
	for _, err := range client.Orders.Changed(t.Context(), srv.Now(), time.Minute) {
		require.NoError(t, err)
		break
	}
	assert.Len(t, srv.Requests(), 3)
}

func TestChangedRefusesBadTimes(t *testing.T) {
	t.Parallel()
	srv, client := stopped(t)
	for _, times := range []struct {
		since   time.Time
		overlap time.Duration
	}{{time.Time{}, 0}, {srv.Now(), -time.Second}} {
		count := 0
		for _, err := range client.Orders.Changed(t.Context(), times.since, times.overlap) {
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			count++
		}
		assert.Equal(t, 1, count)
	}
	assert.Empty(t, srv.Requests())
}

// TestAllResumes: an error names the offset up to which all rows are complete.
func TestAllResumes(t *testing.T) {
	t.Parallel()
	srv, client := fake(t)
	srv.Fail(1, shotengaitest.Fault{Status: 403, Method: http.MethodGet, Body: `{"errors":[]}`, Match: func(r shotengaitest.Request) bool { return r.Query.Get("offset") == "18" }})
	var seen []stores.OrderID
	params := stores.ListOrdersParams{Limit: 10}
	for range 2 {
		for order, err := range client.Orders.All(t.Context(), params) {
			if err != nil {
				var page *shotengai.PageError
				require.ErrorAs(t, err, &page)
				params.Offset = page.Offset
				break
			}
			seen = append(seen, order.ID)
		}
	}
	assert.Equal(t, 19, params.Offset)
	assert.Len(t, seen, 38)
	slices.Sort(seen)
	assert.Len(t, slices.Compact(seen), 38)
	require.True(t, strings.HasPrefix(srv.Requests()[0].Path, "/retail/202211/orders"))
}
