package makeshop

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/check"
)

// MaxLimit is the greatest limit that is documented. The platform returns fewer rows than
// asked for, at most 200 products were seen: fewer rows than the limit are not the end.
const MaxLimit = 1000

// paging refuses what lies outside the documented range; zero leaves both to the platform.
func paging(page, limit int) error {
	err := check.Paging(limit, MaxLimit, 0)
	if page < 0 {
		err = errors.Join(errors.New("page: must not be negative; the first is 1"), err)
	}
	return err
}

// searched is what the answer of a search has beside its rows.
type searched struct {
	SearchedCount *int `json:"searchedCount"`
	Page          int  `json:"page"`
	Limit         int  `json:"limit"`
}

func pageOf[T any](of searched, rows []T) *shotengai.Page[T] {
	return &shotengai.Page[T]{Items: rows, Total: of.SearchedCount, Number: of.Page, Limit: of.Limit}
}

var errShortPages = errors.New("the platform returns fewer rows a page than were asked for, and passes over the others: ask for a smaller limit, or for none")

// walk yields all rows of a paged list from page first on. It ends at an empty page, or
// when as many rows were seen as the platform counts; never at a page that is merely short.
// A count that falls during the walk means that rows have left the list. Limit is how many rows
// a page were asked for, 0 for the platform's default. Where pages were shorter and ended before
// the count, the row after those seen is asked for by itself: if it is there, the platform counts
// its pages by the limit, and rows were passed over.
func walk[T any](ctx context.Context, first, limit int, key func(*T) string, pageOf func(ctx context.Context, page, limit int) (*shotengai.Page[T], error), opts ...shotengai.CallOption) iter.Seq2[*T, error] {
	first = max(first, 1)
	return func(yield func(*T, error) bool) {
		seen, nameless, short := 0, 0, false
		unique := func(row *T) string { // a row without a key is like no other
			if k := key(row); k != "" {
				return k
			}
			nameless++
			return "\x00" + strconv.Itoa(nameless)
		}
		api.Walk(ctx, first, unique, func(ctx context.Context, number int) (api.Batch[T], error) {
			page, err := pageOf(ctx, number, limit)
			if err != nil {
				return api.Batch[T]{}, err
			}
			batch := api.Batch[T]{Items: page.Items, Errors: page.RowErrors, Next: number + 1, Total: page.Total}
			seen += batch.Rows()
			counted := page.Total != nil && first == 1
			if counted && seen < *page.Total && batch.Rows() == 0 && short {
				after, err := pageOf(ctx, seen+1, 1)
				if err != nil {
					return batch, err
				}
				if len(after.Items)+len(after.RowErrors) > 0 {
					return batch, fmt.Errorf("%w: %d of %d rows on pages of up to %d", errShortPages, seen, *page.Total, limit)
				}
			}
			short = short || batch.Rows() < limit
			batch.Last = batch.Rows() == 0 || counted && seen >= *page.Total
			return batch, nil
		}, opts...)(func(row *T, err error) bool {
			if page, ok := errors.AsType[*shotengai.PageError](err); ok && errors.Is(err, errShortPages) {
				page.Offset = page.Start // rows before it are missing
			}
			return yield(row, err)
		})
	}
}
