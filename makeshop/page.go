package makeshop

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/shotengai/shotengai-go/internal/api"
)

// MaxLimit is the greatest limit that is documented. The platform gives fewer rows than
// asked for, at most 200 products were seen: fewer rows than the limit are not the end.
const MaxLimit = 1000

// Page is one page of a list. It is returned beside an error if that is [ErrPartial].
type Page[T any] struct {
	Items []T
	// SearchedCount is the number of rows in all; nil where the platform does not say.
	SearchedCount *int64
	// Number is the page's, from 1, and Limit the rows a page, as the platform says; nil
	// where it does not.
	Number *int64
	Limit  *int64
}

// ErrPageRepeated is the cause when the platform gives the same page twice.
var ErrPageRepeated = api.ErrPageRepeated

// PageError is what an iteration such as [OrdersService.All] ends with when a page cannot
// be had: all rows of the pages before it have been yielded, so a new iteration may start
// there.
type PageError struct {
	Page int
	Err  error
}

// Error names the page.
func (e *PageError) Error() string {
	return fmt.Sprintf("%v (pages before %d are complete)", e.Err, e.Page)
}

// Unwrap returns why the page cannot be had.
func (e *PageError) Unwrap() error { return e.Err }

// walk yields all rows of a paged list from page first on. It ends at an empty page, or
// when as many rows were seen as the platform says there are; never at a page that is
// merely short.
func walk[T any](ctx context.Context, first int, key func(*T) string, list func(context.Context, int) (*Page[T], error)) iter.Seq2[*T, error] {
	first = max(first, 1)
	return func(yield func(*T, error) bool) {
		seen, nameless := int64(0), 0
		unique := func(row *T) string { // a row without a key is like no other
			if k := key(row); k != "" {
				return k
			}
			nameless++
			return "\x00" + strconv.Itoa(nameless)
		}
		rows := api.Walk(ctx, first, unique, func(ctx context.Context, number int) (api.Batch[T], error) {
			page, err := list(ctx, number)
			if err != nil {
				return api.Batch[T]{}, err
			}
			seen += int64(len(page.Items))
			all := first == 1 && page.SearchedCount != nil && seen >= *page.SearchedCount
			return api.Batch[T]{Items: page.Items, Next: number + 1, Last: len(page.Items) == 0 || all}, nil
		})
		for row, err := range rows {
			if p, ok := errors.AsType[*api.PageError](err); ok {
				err = &PageError{Page: p.Offset, Err: p.Err}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
