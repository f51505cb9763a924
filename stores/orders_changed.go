package stores

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// Changed yields the orders that were ordered, became ready to ship or were cancelled
// since a time, each once, the oldest order first. Orders can appear late, so the time is
// moved back by overlap; some minutes are a good choice, and the orders of the overlap are
// yielded again by the next call: save by id.
//
// The API has no time of change. Changed CANNOT see that an order was shipped, that its
// delivery data, note or address was edited, or that a convenience-store payment expired.
// For those, list the open orders again, for example with DeliveryStatus [DeliveryShipped].
//
// Lists are paged by offset: an order that leaves one while Changed runs, because it is
// cancelled, can hide another. An overlap that is longer than a run takes care of that.
//
// It holds at most one page of each of its three lists. An error ends it: start again with
// the same time. Scope: retail.shop.read.
func (s *OrdersService) Changed(ctx context.Context, since time.Time, overlap time.Duration, opts ...CallOption) iter.Seq2[*Order, error] {
	from := At(since.Add(-overlap))
	windows := []ListOrdersParams{{OrderedAtFrom: from}, {ReadiedAtFrom: from}, {CanceledAtFrom: from}}
	return func(yield func(*Order, error) bool) {
		if since.IsZero() || overlap < 0 {
			r := api.Request{Method: "GET", Path: root + "/orders"}
			yield(nil, s.client.engine.Invalid(r, fmt.Errorf("changed: since %v, overlap %s", since, overlap)))
			return
		}
		lists := make([]*cursor, 0, len(windows))
		for _, w := range windows {
			w.Direction = Ascending
			next, stop := iter.Pull2(s.All(ctx, w, opts...))
			defer stop()
			lists = append(lists, &cursor{next: next})
		}
		merge(lists, yield)
	}
}

// cursor is the head of one of several lists of the same order.
type cursor struct {
	next func() (*Order, error, bool)
	head *Order
}

// merge yields the rows of all lists by order time, each once. Copies of an order have the
// same order time, so that only the orders of that time have to be remembered.
func merge(lists []*cursor, yield func(*Order, error) bool) {
	for _, l := range lists {
		if !l.advance(yield) {
			return
		}
	}
	seen := make(map[OrderID]struct{})
	var at time.Time
	for {
		first := earliest(lists)
		if first == nil {
			return
		}
		order := first.head
		if !order.OrderedAt.Equal(at) {
			at = order.OrderedAt.Time
			clear(seen)
		}
		if _, known := seen[order.ID]; !known && !yield(order, nil) {
			return
		}
		seen[order.ID] = struct{}{}
		if !first.advance(yield) {
			return
		}
	}
}

func earliest(lists []*cursor) *cursor {
	var first *cursor
	for _, l := range lists {
		if l.head != nil && (first == nil || l.head.OrderedAt.Before(first.head.OrderedAt.Time)) {
			first = l
		}
	}
	return first
}

// advance fetches the next row; it reports false when that failed and was told.
func (c *cursor) advance(yield func(*Order, error) bool) bool {
	order, err, ok := c.next()
	if err != nil {
		yield(nil, err)
		return false
	}
	if c.head = order; !ok {
		c.head = nil
	}
	return true
}
