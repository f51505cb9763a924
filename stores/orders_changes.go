package stores

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ordersOverlap covers orders that appear late. How late is not documented.
const ordersOverlap = 15 * time.Minute

// Changes yields the orders that are new or have changed since the cursor, under the contract
// of [shotengai.Cursor]. The API has no time of change. Changes searches for orders that were
// ordered, became ready to ship or were cancelled, those of the last 15 minutes once more. It
// looks again at the orders that it has yielded and that are neither shipped nor cancelled, for
// a payment that expired, an edit, and the shipping. It CANNOT see what is edited after an
// order has been shipped, nor that an order was shipped which is older than the first cursor
// and never came.
//
// A run costs three calls, one for each further 100 orders of each search, and one for each 100
// orders that are not shipped. A first run over a long time searches it in parts and costs some
// thirty calls more. The cursor grows with the orders that are not shipped, by some 40 bytes
// each, unless the app keeps them: see [shotengai.WithNotes]. Scope: retail.shop.read.
func (s *OrdersService) Changes(ctx context.Context, cursor *shotengai.Cursor, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	return api.Changes(ctx, s.client.engine, api.Feed[Order]{
		Operation: "GET " + root + "/orders",
		Overlap:   ordersOverlap,
		ID:        func(o *Order) string { return string(o.ID) },
		Open:      func(o *Order) bool { return o.Status() == StatusUnpaid || o.Status() == StatusPending },
		Find: func(ctx context.Context, from, to time.Time) iter.Seq2[*Order, error] {
			return s.changed(ctx, At(from), At(to), opts)
		},
		Again: func(ctx context.Context, kept []api.Kept) iter.Seq2[*Order, error] { return s.again(ctx, kept, opts) },
	}, cursor, opts...)
}

// changed yields the orders with one of the three dates in a period, the oldest first: new
// ones come at the end of a list and move no others.
func (s *OrdersService) changed(ctx context.Context, from, to LocalTime, opts []shotengai.CallOption) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		for _, params := range []ListOrdersParams{
			{OrderedAtFrom: from, OrderedAtTo: to}, {ReadiedAtFrom: from, ReadiedAtTo: to}, {CanceledAtFrom: from, CanceledAtTo: to},
		} {
			params.Direction = Ascending
			for order, err := range s.All(ctx, params, opts...) {
				if !yield(order, err) {
					return
				}
			}
		}
	}
}

var errNotReturned = errors.New("the platform did not return the order")

// again reads orders by their ids, 100 a call.
func (s *OrdersService) again(ctx context.Context, kept []api.Kept, opts []shotengai.CallOption) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		for some := range slices.Chunk(kept, maxLimit) {
			missing := make(map[string]bool, len(some))
			params := ListOrdersParams{Limit: maxLimit}
			for _, k := range some {
				params.IDs = append(params.IDs, OrderID(k.ID))
				missing[k.ID] = true
			}
			page, err := s.List(ctx, params, opts...)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range page.RowErrors {
				delete(missing, row.ID)
				if !yield(nil, row) {
					return
				}
			}
			for i := range page.Items {
				delete(missing, string(page.Items[i].ID))
				if !yield(&page.Items[i], nil) {
					return
				}
			}
			for i, k := range some {
				row := &shotengai.RowError{Platform: "stores", Operation: "GET " + root + "/orders", Index: i, ID: k.ID, Err: errNotReturned}
				if missing[k.ID] && !yield(nil, row) {
					return
				}
			}
		}
	}
}
