package stores

import (
	"context"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

const (
	defaultLimit = 10
	maxLimit     = 100
)

func paging(limit, offset int) error { return check.Paging(limit, maxLimit, offset) }

// list carries out a call whose answer has its rows in one member. The platform does not
// say how many rows there are in all.
func list[W, T any](ctx context.Context, c *Client, r api.Request, member string, rows func(*W) []T, limit, offset int, opts []shotengai.CallOption) (*shotengai.Page[T], error) {
	if limit == 0 {
		limit = defaultLimit
	}
	r.Decode = api.Needs(member, func(w *W) bool { return rows(w) != nil })
	return api.List(ctx, c.engine, r, func(w *W) *shotengai.Page[T] {
		return &shotengai.Page[T]{Items: rows(w), Limit: limit, Offset: offset}
	}, opts...)
}

// walkLimit is the page size of a walk: a page that begins with the last row of the one
// before has to hold another one.
func walkLimit(limit int) int {
	switch limit {
	case 0:
		return maxLimit
	case 1:
		return 2
	}
	return limit
}

// walk yields all rows of a list without a total: a page that is not full is the last. Each
// page but the first is asked for from one row earlier on, to see whether the list has moved.
func walk[T any, K comparable](ctx context.Context, offset int, key func(*T) K, fetch func(context.Context, int) (*shotengai.Page[T], error), opts ...shotengai.CallOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		joined := false
		api.Walk(ctx, offset, key, func(ctx context.Context, offset int) (api.Batch[T], error) {
			if joined {
				offset--
			}
			page, err := fetch(ctx, offset)
			if err != nil {
				return api.Batch[T]{}, err
			}
			batch := api.Batch[T]{Items: page.Items, Errors: page.RowErrors, Joined: joined}
			batch.Next, batch.Last = offset+batch.Rows(), batch.Rows() < page.Limit
			joined = true
			return batch, nil
		}, opts...)(yield)
	}
}
