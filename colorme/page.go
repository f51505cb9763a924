package colorme

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/shotengai/shotengai-go/internal/api"
)

// Page is one page of a list.
type Page[T any] struct {
	Items []T
	Meta
}

// Meta is what the platform says of a page: the values in force, which may be other than
// those asked for, since a limit that is too large is clamped.
type Meta struct {
	Total  int `json:"total"`
	Limit  int `json:"limit"`
	Offset int `json:"offset"`
}

func newPage[T any](items []T, meta Meta) *Page[T] { return &Page[T]{Items: items, Meta: meta} }

// ErrRowsMoved is the cause of a [PageError] when rows left a list while it was walked, as
// paid orders leave the list of unpaid ones: others have moved up and may have been passed
// over. Walk the list again from its start, and change rows after the walk, not in it.
var ErrRowsMoved = api.ErrRowsMoved

var (
	errNoTotal   = errors.New("colorme: the page does not say how many rows there are in all")
	errOtherPage = errors.New("colorme: the page does not begin at the row that was asked for")
)

// withMembers adds what a walk tells rows apart by to a choice of members; no choice means
// all of them.
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

// walk yields all rows of a paged list, going on by the limit in force. A page with fewer
// rows than it says is passed over, and told of when all others have been yielded.
func walk[T any, K comparable](ctx context.Context, offset int, key func(*T) K, list func(context.Context, int) (*Page[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		total, lacking := 0, 0 // total is that of the page before
		rows := api.Walk(ctx, offset, key, func(ctx context.Context, offset int) (api.Batch[T], error) {
			page, err := list(ctx, offset)
			if err != nil {
				return api.Batch[T]{}, err
			}
			if err := page.check(offset, total); err != nil {
				return api.Batch[T]{}, err
			}
			total, lacking = page.Total, lacking+page.lacking()
			next := page.Offset + page.Limit
			return api.Batch[T]{Items: page.Items, Next: next, Last: next >= page.Total}, nil
		})
		for row, err := range rows {
			if !yield(row, err) || err != nil {
				return
			}
		}
		if lacking > 0 {
			yield(nil, fmt.Errorf("colorme: %d of %d rows were counted by the platform and not given", lacking, total))
		}
	}
}

// lacking is how many rows the page should have beside those it has.
func (p *Page[T]) lacking() int { return max(0, min(p.Limit, p.Total-p.Offset)-len(p.Items)) }

// check holds a page against the row it should begin at and the total of the page before.
func (p *Page[T]) check(offset, total int) error {
	switch {
	case p.Total == 0 && len(p.Items) > 0:
		return errNoTotal
	case p.Offset > offset: // a smaller one ends the walk as a repeated page
		return errOtherPage
	case p.Total < total:
		return ErrRowsMoved
	}
	return nil
}
