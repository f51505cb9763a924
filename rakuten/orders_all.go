package rakuten

import (
	"context"
	"errors"
	"iter"

	"github.com/shotengai/shotengai-go"
)

// ErrTooManyOrders is more orders within two seconds than a search can return.
var ErrTooManyOrders = errors.New("rakuten: more orders within two seconds than a search can return")

// All yields the orders that params selects, each once, oldest window first. The period may
// have any length, and the Pagination of params is not used: All searches windows of at most
// 62 days and 15,000 results, fetches details 100 a call, and searches while it fetches, so
// that the limiter alone sets the pace. Everything starts at the first iteration and ends
// with the loop. Calls run side by side: WithResponse is refused.
//
// An order that the search found and getOrder did not return, or that cannot be read, is
// yielded as a *shotengai.RowError, and the iteration goes on. Any other error ends it, after all orders
// before it, as a *shotengai.PageError whose Offset is the number of orders that were
// yielded. As long as DateType is the date of the order, they are the oldest ones.
//
// Orders that enter or leave the selection move others between the pages of a search. A
// selection by order date and type alone holds still and is searched once. Any other that
// takes more than a page is searched again until nothing new turns up.
func (s *OrdersService) All(ctx context.Context, params SearchOrdersParams, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		offset := 0
		for order, err := range s.scan(ctx, params, opts...) {
			if _, row := errors.AsType[*shotengai.RowError](err); err != nil && !row {
				err = &shotengai.PageError{Offset: offset, Err: err}
			}
			offset++
			if !yield(order, err) {
				return
			}
		}
	}
}
