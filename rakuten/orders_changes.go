package rakuten

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ordersOverlap covers orders that are listed late, and clocks that differ.
const ordersOverlap = 5 * time.Minute

// searchableDays is how far back a search may begin, a day less than the platform's limit.
const searchableDays = 729

// feedDates are all dates that a search takes.
var feedDates = []DateType{DateOrdered, DateConfirmed, DateFixed, DateShipped, DateShippingReport, DatePaymentFixed}

// Changes yields the orders that are new or have changed since the cursor, under the contract
// of [shotengai.Cursor]. The API has no time of change. Changes searches by all six dates of an
// order (ordered, confirmed, fixed, shipped, shipping reported, payment fixed), the last 5
// minutes once more, and looks again at the orders that it has yielded and that are not final:
// all but [ProgressPaid] and [ProgressCancelled]. It CANNOT see what happens to an order after
// it was paid or cancelled, such as a cancellation after the payment, nor an edit of an order
// that never came. Orders are searched back to 729 days ago, and looked at again for as long.
//
// A run costs six searches, one call for each 100 orders that were found, and one for each 100
// that are not final. A first run over a long time searches it in parts: each costs six calls,
// and a year is some ten parts and one for each 1,000 orders. The cursor grows with the orders
// that are not final, by some 45 bytes each, unless the app keeps them: see
// [shotengai.WithNotes].
//
// Orders that the platform does not return, or that cannot be read, are yielded as a
// [*shotengai.RowError], in each run until they come. Calls run one after the other.
func (s *OrdersService) Changes(ctx context.Context, cursor *shotengai.Cursor, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	return api.Changes(ctx, s.client.engine, api.Feed[Order]{
		Operation: s.post("searchOrder", nil).Operation,
		Overlap:   ordersOverlap,
		ID:        func(o *Order) string { return o.OrderNumber },
		Open:      func(o *Order) bool { return o.OrderProgress != ProgressPaid && o.OrderProgress != ProgressCancelled },
		Find: func(ctx context.Context, from, to time.Time) iter.Seq2[*Order, error] {
			return s.changed(ctx, s.searchable(from, to), opts)
		},
		Again: func(ctx context.Context, kept []api.Kept) iter.Seq2[*Order, error] {
			return s.each(ctx, s.askable(kept), opts)
		},
	}, cursor, opts...)
}

// searchable is the part of a period that a search may cover. A period without an end goes on
// into tomorrow, since the platform's clock may be ahead.
func (s *OrdersService) searchable(from, to time.Time) window {
	now := s.client.engine.Now().Truncate(time.Second)
	if oldest := now.AddDate(0, 0, -searchableDays); from.Before(oldest) {
		from = oldest
	}
	if to.IsZero() {
		to = now.AddDate(0, 0, 1)
	}
	return window{from, to}
}

// askable are the numbers of the orders that the platform still returns. Numbers have the day
// of the order in them.
func (s *OrdersService) askable(kept []api.Kept) []string {
	oldest := s.client.engine.Now().AddDate(0, 0, -searchableDays)
	var numbers []string
	for _, k := range kept {
		if day, ok := orderDay(k.ID); !ok || day.After(oldest) {
			numbers = append(numbers, k.ID)
		}
	}
	return numbers
}

// changed yields the orders that have one of the dates in a period.
func (s *OrdersService) changed(ctx context.Context, period window, opts []shotengai.CallOption) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		if period.end.Before(period.start) {
			return
		}
		var numbers []string
		known := make(map[string]bool)
		for _, date := range feedDates {
			found, err := s.find(ctx, period, date, known, opts)
			if err != nil {
				yield(nil, err)
				return
			}
			numbers = append(numbers, found...)
		}
		s.each(ctx, numbers, opts)(yield)
	}
}

// find returns the numbers of the orders with a date in a period, without those that are
// known.
func (s *OrdersService) find(ctx context.Context, period window, date DateType, known map[string]bool, opts []shotengai.CallOption) ([]string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	scan := &orderScan{orders: s, params: SearchOrdersParams{DateType: date}, opts: opts, known: known}
	found, failed := make(chan hits), make(chan error, 1)
	go func() {
		defer close(found)
		failed <- scan.search(ctx, period, found)
	}()
	var numbers []string
	for page := range found {
		numbers = append(numbers, page.numbers...)
	}
	return numbers, <-failed
}

// each yields orders by their numbers, 100 a call.
func (s *OrdersService) each(ctx context.Context, numbers []string, opts []shotengai.CallOption) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		for some := range slices.Chunk(numbers, MaxOrdersPerCall) {
			orders, err := s.GetBatch(ctx, some, opts...)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range orders.Items {
				if !yield(&orders.Items[i], nil) {
					return
				}
			}
			for _, row := range orders.Missing {
				if !yield(nil, row) {
					return
				}
			}
		}
	}
}

// orderDay is the day in an order number.
func orderDay(number string) (time.Time, bool) {
	if validNumber(number) != nil {
		return time.Time{}, false
	}
	day, err := time.ParseInLocation("20060102", strings.Split(number, "-")[1], shotengai.JST)
	return day, err == nil
}
