package rakuten_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// All has the contract of all platforms: it starts anew each time, leaves its parameters as
// they are, goes on after a row, and ends with where it was.
func TestAll(t *testing.T) {
	t.Parallel()
	srv, client := quirkServer(t)
	numbers := make([]string, 3)
	for i := range numbers {
		numbers[i] = srv.Shop().AddOrder(nil)
	}
	params := rakuten.SearchOrdersParams{
		DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(srv.Now().AddDate(0, 0, -100)), EndDatetime: rakuten.At(srv.Now()),
		Pagination: &rakuten.SearchPage{RequestPage: 7},
	}
	before := params
	orders := client.Orders.All(t.Context(), params)
	assert.Empty(t, srv.Requests(), "nothing is asked before the loop")
	for range 2 {
		var got []string
		for order, err := range orders {
			require.NoError(t, err)
			got = append(got, order.OrderNumber)
		}
		assert.ElementsMatch(t, numbers, got)
	}
	assert.Equal(t, before, params)
	assert.Equal(t, 7, params.Pagination.RequestPage)

	srv.Fail(-1, shotengaitest.Fault{Path: "/es/2.0/order/getOrder", Status: 400})
	for order, err := range orders {
		assert.Nil(t, order)
		var page *shotengai.PageError
		require.ErrorAs(t, err, &page)
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		assert.Zero(t, page.Offset)
	}
}

func TestAllGoesOnAfterAnOrderThatIsNotReturned(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(250, begin, time.Minute)
	bad := s.orders[120].number
	s.missing = map[string]bool{bad: true}
	client := s.serve(t, shotengai.WithLimiter(nil))
	count := 0
	for order, err := range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 1))) {
		if order == nil {
			var row *shotengai.RowError
			require.ErrorAs(t, err, &row)
			assert.Equal(t, bad, row.ID)
			continue
		}
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 249, count)
}

// An error after orders says how many there were.
func TestAllSaysHowManyOrdersItYielded(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(5, begin, time.Hour)
	s.put(15_000, begin.AddDate(0, 0, 70), 0) // more than a search returns, in a later window
	client := s.serve(t, shotengai.WithLimiter(nil))
	count := 0
	for order, err := range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 80))) {
		if order != nil {
			count++
			continue
		}
		var page *shotengai.PageError
		require.ErrorAs(t, err, &page)
		require.ErrorIs(t, err, rakuten.ErrTooManyOrders)
		assert.Equal(t, count, page.Offset)
	}
	assert.Equal(t, 5, count)
}

// An import remembers the time of its last order, 25 bytes for each order that it saves, and
// goes on from there wherever it is cut off: no order is lost, and those of one second come
// again.
func TestAllGoesOnFromATime(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(9_998, begin, 10*time.Minute) // 70 days: two windows
	s.put(2, begin, 0)
	slices.SortStableFunc(s.orders, func(a, b shelved) int { return a.at.Compare(b.at) })
	client := s.serve(t, shotengai.WithLimiter(nil))
	params := allParams(begin.AddDate(0, 0, 90))
	saved := make(map[string]int)
	written := 0
	for _, cut := range []int{0, 1, 2, 150, 4_000, -1} {
		for order, err := range client.Orders.All(t.Context(), params) {
			require.NoError(t, err)
			if cut == 0 {
				break // before the order at hand is saved
			}
			cut--
			text := order.OrderDatetime.Format(time.RFC3339)
			written += len(text)
			at, err := time.Parse(time.RFC3339, text)
			require.NoError(t, err)
			saved[order.OrderNumber]++
			params.StartDatetime = rakuten.At(at)
		}
	}
	assert.Len(t, saved, 10_000)
	again := 0
	for _, times := range saved {
		again += times - 1
	}
	assert.LessOrEqual(t, again, 10)
	assert.LessOrEqual(t, written, 10_010*len(time.RFC3339))
}
