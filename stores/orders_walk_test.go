package stores_test

import (
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

// stopped is a fake whose clock stands, with an empty shop.
func stopped(t *testing.T, opts ...storestest.Option) (*storestest.Server, *stores.Client) {
	t.Helper()
	now := time.Date(2026, time.November, 10, 12, 0, 0, 0, shotengai.JST)
	opts = append(opts, storestest.WithOrders(0), storestest.WithoutRateLimits(), storestest.WithClock(func() time.Time { return now }))
	return fake(t, opts...)
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
