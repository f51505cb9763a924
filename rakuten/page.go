package rakuten

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

var errNoTotal = errors.New("the page does not say how many rows there are in all")

// steps returns, for the offset of a page, the offset of the next one and how many rows lie
// before that.
type steps func(offset int) (next, rows int)

// byPage counts pages of a size, from 1.
func byPage(size int) steps {
	return func(offset int) (next, rows int) { return offset + 1, offset * size }
}

// byRow counts rows, from 0.
func byRow(size int) steps {
	return func(offset int) (next, rows int) { return offset + size, offset + size }
}

// walk yields the rows of a list, page by page.
func walk[T any, K comparable](ctx context.Context, offset int, step steps, key func(*T) K, list func(context.Context, int) (*shotengai.Page[T], error), opts ...shotengai.CallOption) iter.Seq2[*T, error] {
	return api.Walk(ctx, offset, key, func(ctx context.Context, offset int) (api.Batch[T], error) {
		page, err := list(ctx, offset)
		if err != nil {
			return api.Batch[T]{}, err
		}
		batch := batchOf(page)
		if *page.Total == 0 && batch.Rows() > 0 {
			return batch, errNoTotal
		}
		next, rows := step(offset)
		batch.Next, batch.Last = next, rows >= *page.Total
		return batch, nil
	}, opts...)
}

// rowsOf yields the rows of a page in their order, each an item or why it cannot be read.
func rowsOf[T any](page *shotengai.Page[T]) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		batch := batchOf(page)
		batch.Each(func(item *T, odd *shotengai.RowError) bool {
			if odd != nil {
				return yield(nil, odd)
			}
			return yield(item, nil)
		})
	}
}

// batchOf is a page as the walk takes it.
func batchOf[T any](page *shotengai.Page[T]) api.Batch[T] {
	return api.Batch[T]{Items: page.Items, Errors: page.RowErrors, Total: page.Total}
}

// validPage wants an offset that is not negative and a page of at most the given size; 0
// leaves either to the platform.
func validPage(offsetName string, offset int, sizeName string, size, most int) error {
	if offset < 0 {
		return fmt.Errorf("%s: %d is negative", offsetName, offset)
	}
	if size < 0 || size > most {
		return fmt.Errorf("%s: %d is not between 1 and %d", sizeName, size, most)
	}
	return nil
}
