package makeshop

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// ordersOverlap covers orders that appear late. How late is not known.
const ordersOverlap = 15 * time.Minute

// Changes yields the orders that are new or have changed since the cursor, whole, under the
// contract of [shotengai.Cursor]. The API has no time of change. Changes searches for orders
// that were made or paid, those of the last 15 minutes once more. It looks again at the orders
// that it has yielded and that have a delivery which is not processed yet. One of them that
// has vanished, as a provisional order does whose payment fails, is a [*shotengai.RowError] that
// matches [shotengai.ErrNotFound]. Changes CANNOT see what happens to an order after all its
// deliveries were shipped, cancelled or returned, except for its payment.
//
// A run costs two calls, one for each further 1,000 orders of each search, and with orders to
// ship one for each 1,000 of them. An order to ship that was shipped or cancelled costs one
// call. An order that cannot be read costs a search of the time since then in each run. A first
// run over a long time searches it in parts and costs some twenty calls more. The cursor grows
// with the orders to ship, by some 40 bytes each, unless the app keeps them: see
// [shotengai.WithNotes].
//
// How the platform's filters treat an order of several deliveries is not known: it is taken to
// be among those to ship while one of its deliveries is. Provisional.
func (s *OrdersService) Changes(ctx context.Context, cursor *shotengai.Cursor, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	return api.Changes(ctx, s.client.engine, api.Feed[Order]{
		Operation: searchOrderName,
		Overlap:   ordersOverlap,
		ID:        func(o *Order) string { return o.SystemOrderNumber },
		Date: func(o *Order) time.Time {
			at, _ := o.OrderDate.Time() // without a date an order is looked for in the time since the cursor
			return at
		},
		Open: (*Order).toShip,
		Find: func(ctx context.Context, from, to time.Time) iter.Seq2[*Order, error] {
			return s.each(ctx, opts,
				ListOrdersParams{StartOrderDate: At(from), EndOrderDate: At(to)},
				ListOrdersParams{StartPaymentDate: At(from), EndPaymentDate: At(to)})
		},
		Again: func(ctx context.Context, kept []api.Kept) iter.Seq2[*Order, error] { return s.again(ctx, kept, opts) },
	}, cursor, opts...)
}

// searchOrderName is what errors name.
const searchOrderName = "query searchOrder"

// toShip reports whether a delivery is not processed yet.
func (o *Order) toShip() bool {
	processed := []DeliveryStatus{DeliveryShipped, DeliveryCancelled, DeliveryReturned}
	return len(o.DeliveryInfos) == 0 || slices.ContainsFunc(o.DeliveryInfos, func(d Delivery) bool { return !slices.Contains(processed, d.DeliveryStatus) })
}

// each yields the orders of several searches, the oldest of each first: new ones come at the
// end and move no others.
func (s *OrdersService) each(ctx context.Context, opts []shotengai.CallOption, searches ...ListOrdersParams) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		for _, params := range searches {
			params.SortOrder, params.Limit = Ascending, MaxLimit
			for order, err := range s.All(ctx, params, opts...) {
				if !yield(order, err) {
					return
				}
			}
		}
	}
}

// again looks for orders by their dates: among those to ship since the oldest of them, and
// then each that is not there by itself.
func (s *OrdersService) again(ctx context.Context, kept []api.Kept, opts []shotengai.CallOption) iter.Seq2[*Order, error] {
	missing := make(map[string]api.Kept, len(kept))
	open := ListOrdersParams{StartOrderDate: At(kept[0].Date), DeliveryStatus: DeliveryNotProcessed}
	for _, k := range kept {
		missing[k.ID] = k
		if k.Date.Before(open.StartOrderDate.Time) {
			open.StartOrderDate = At(k.Date)
		}
		if k.Sum == 0 { // it could not be read, and its date and state are not known
			open.DeliveryStatus = ""
		}
	}
	return func(yield func(*Order, error) bool) {
		for order, err := range s.each(ctx, opts, open) {
			id := idOf(order, err)
			if _, wanted := missing[id]; !wanted && (err == nil || api.IsRowError(err)) {
				continue // of the same time, and not open
			}
			delete(missing, id)
			if !yield(order, err) {
				return
			}
		}
		for i, k := range kept {
			if _, gone := missing[k.ID]; !gone {
				continue
			}
			order, err := s.at(ctx, k, opts)
			if err == nil && order == nil {
				err = &shotengai.RowError{Platform: "makeshop", Operation: searchOrderName, Index: i, ID: k.ID, Err: fmt.Errorf("%w: the order has vanished", shotengai.ErrNotFound)}
			}
			if !yield(order, err) {
				return
			}
		}
	}
}

// at finds an order by its time, nil when there is none. One that could not be read was made
// or paid since then.
func (s *OrdersService) at(ctx context.Context, k api.Kept, opts []shotengai.CallOption) (*Order, error) {
	searches := []ListOrdersParams{{StartOrderDate: At(k.Date), EndOrderDate: At(k.Date)}}
	if k.Sum == 0 {
		searches = []ListOrdersParams{{StartOrderDate: At(k.Date)}, {StartPaymentDate: At(k.Date)}}
	}
	var unread error // an order without a number: it may be this one
	for order, err := range s.each(ctx, opts, searches...) {
		switch id := idOf(order, err); {
		case id == k.ID || err != nil && !api.IsRowError(err):
			return order, err
		case err != nil && id == "":
			unread = &shotengai.RowError{Platform: "makeshop", Operation: searchOrderName, ID: k.ID, Err: err}
		}
	}
	return nil, unread
}

// idOf is the number of an order, also of one that cannot be read.
func idOf(order *Order, err error) string {
	if order != nil {
		return order.SystemOrderNumber
	}
	if row, ok := errors.AsType[*shotengai.RowError](err); ok {
		return row.ID
	}
	return ""
}
