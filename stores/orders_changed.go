package stores

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// Changed yields the orders that were ordered, became ready to ship or were cancelled
// since a time, each once, the oldest order first. Orders can appear late, so the time is
// moved back by overlap; some minutes are a good choice, and the orders of the overlap are
// yielded again by the next call: save by id. An order that cannot be read is yielded as a
// [shotengai.RowError].
//
// The API has no time of change. Changed CANNOT see that an order was shipped, that its
// delivery data, note or address was edited, or that a convenience-store payment expired.
// For those, list the open orders again, for example with DeliveryStatus [DeliveryShipped].
//
// What changes while Changed runs may be missing, or come as it was before. The since of the
// next run is therefore the time just before this one, to be stored after this one has ended
// without an error. An error ends a run: start again with the same time.
//
// An order that is cancelled leaves the list of those that became ready, so that another may
// be passed over. Changed walks such a list again, without the orders that it has yielded;
// after ten walks it ends with [shotengai.ErrRowsMoved].
//
// It holds at most one page of each of its three lists. Scope: retail.shop.read.
func (s *OrdersService) Changed(ctx context.Context, since time.Time, overlap time.Duration, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	from := At(since.Add(-overlap))
	windows := []ListOrdersParams{{OrderedAtFrom: from}, {ReadiedAtFrom: from}, {CanceledAtFrom: from}}
	return func(yield func(*Order, error) bool) {
		if since.IsZero() || overlap < 0 {
			r := api.Request{Operation: "GET " + root + "/orders"}
			yield(nil, s.client.engine.Invalid(r, fmt.Errorf("changed: since %v, overlap %s", since, overlap)))
			return
		}
		lists := make([]*cursor, 0, len(windows))
		for _, w := range windows {
			w.Direction = Ascending
			next, stop := iter.Pull2(s.rewalk(ctx, w, opts))
			defer stop()
			lists = append(lists, &cursor{next: next})
		}
		merge(lists, eachUnreadOnce(yield))
	}
}

// eachUnreadOnce passes the error of a row on once: the row may be in all lists, and come
// again when one of them is walked again.
func eachUnreadOnce(yield func(*Order, error) bool) func(*Order, error) bool {
	seen := make(map[string]struct{})
	return func(order *Order, err error) bool {
		if row, ok := errors.AsType[*shotengai.RowError](err); ok {
			key := cmp.Or(row.ID, string(row.Raw))
			if _, known := seen[key]; known {
				return true
			}
			seen[key] = struct{}{}
		}
		return yield(order, err)
	}
}

const maxWalks = 10

// rewalk yields a list that is sorted by order time, the oldest first. When rows have moved
// it walks the list again from the order time of the last one on: only orders as late as
// that can have been hidden. Those of that very time come again.
func (s *OrdersService) rewalk(ctx context.Context, params ListOrdersParams, opts []shotengai.CallOption) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		var last time.Time
		again := true
		for walks := 1; again; walks++ {
			again = false
			for order, err := range s.All(ctx, params, opts...) {
				if again = walks < maxWalks && errors.Is(err, shotengai.ErrRowsMoved); again {
					break
				}
				if err != nil {
					if !yield(nil, err) || !api.IsRowError(err) {
						return
					}
					continue
				}
				if walks > 1 && order.OrderedAt.Before(last) {
					continue
				}
				last = order.OrderedAt.Time
				if !yield(order, nil) {
					return
				}
			}
		}
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

// advance fetches the next row. It yields the errors of rows before that, and reports false
// after a failure or when the loop has ended.
func (c *cursor) advance(yield func(*Order, error) bool) bool {
	order, err, ok := c.next()
	for ; err != nil; order, err, ok = c.next() {
		if !yield(nil, err) || !api.IsRowError(err) {
			return false
		}
	}
	if c.head = order; !ok {
		c.head = nil
	}
	return true
}
