package colorme

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

// meta is the position of a page. It has the values in force, which may differ from those
// of the request, since the platform clamps a limit that is too large.
type meta struct {
	Total  *int `json:"total"`
	Limit  int  `json:"limit"`
	Offset int  `json:"offset"`
}

func newPage[T any](items []T, m meta) *shotengai.Page[T] {
	return &shotengai.Page[T]{Items: items, Total: m.Total, Limit: m.Limit, Offset: m.Offset}
}

var (
	errNoTotal   = errors.New("colorme: the page does not say how many rows there are in all")
	errOtherPage = errors.New("colorme: the page does not begin at the row that was asked for")
)

// withMembers adds the members by which a walk distinguishes rows to a choice of members; no
// choice means all of them.
func withMembers(fields Fields, names ...string) Fields {
	if len(fields) == 0 {
		return fields
	}
	fields = slices.Clone(fields)
	for _, name := range names {
		if !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	return fields
}

// walk yields all rows of a paged list, going on by the limit in force. It passes over a page
// with fewer rows than it says, and ends with an error when it has yielded all others.
func walk[T any, K comparable](ctx context.Context, offset int, key func(*T) K, list func(context.Context, int) (*shotengai.Page[T], error), opts ...shotengai.CallOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		total, lacking := 0, 0
		rows := api.Walk(ctx, offset, key, func(ctx context.Context, offset int) (api.Batch[T], error) {
			page, err := list(ctx, offset)
			if err != nil {
				return api.Batch[T]{}, err
			}
			if total, err = totalOf(page, offset); err != nil {
				return api.Batch[T]{}, err
			}
			next := page.Offset + page.Limit
			batch := api.Batch[T]{Items: page.Items, Errors: page.RowErrors, Next: next, Last: next >= total, Total: &total}
			lacking += max(0, min(page.Limit, total-page.Offset)-batch.Rows())
			return batch, nil
		}, opts...)
		for row, err := range rows {
			if !yield(row, err) || err != nil && !api.IsRowError(err) {
				return
			}
		}
		if lacking > 0 {
			err := fmt.Errorf("colorme: the platform counted %d rows and did not send %d of them", total, lacking)
			yield(nil, &shotengai.PageError{Offset: offset, Start: offset, Err: err})
		}
	}
}

// totalOf returns the number of rows in all. It checks the page against the row that it
// should begin at.
func totalOf[T any](page *shotengai.Page[T], offset int) (int, error) {
	total := 0
	if page.Total != nil {
		total = *page.Total
	}
	switch {
	case total == 0 && len(page.Items)+len(page.RowErrors) > 0:
		return 0, errNoTotal
	case page.Offset > offset: // a smaller one ends the walk as a repeated page
		return 0, errOtherPage
	}
	return total, nil
}
