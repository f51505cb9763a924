package stores

import (
	"context"
	"iter"

	"github.com/shotengai/shotengai-go/internal/api"
)

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
// page but the first is asked for from one row earlier on. If its first row was not on the
// page before, the list has moved, and rows between the two may have been passed over.
func walk[T any, K comparable](ctx context.Context, offset int, key func(*T) K, list func(context.Context, int) (*Page[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		var before map[K]struct{}
		api.Walk(ctx, offset, key, func(ctx context.Context, offset int) (api.Batch[T], error) {
			if before != nil {
				offset--
			}
			page, err := list(ctx, offset)
			if err != nil {
				return api.Batch[T]{}, err
			}
			if before != nil && !joins(page.Items, before, key) {
				return api.Batch[T]{}, ErrRowsMoved
			}
			before = make(map[K]struct{}, len(page.Items))
			for i := range page.Items {
				before[key(&page.Items[i])] = struct{}{}
			}
			return api.Batch[T]{Items: page.Items, Next: offset + len(page.Items), Last: page.Last()}, nil
		})(yield)
	}
}

func joins[T any, K comparable](rows []T, before map[K]struct{}, key func(*T) K) bool {
	if len(rows) == 0 {
		return false
	}
	_, known := before[key(&rows[0])]
	return known
}
