package colorme

import (
	"context"
	"errors"
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
	errNoTotal    = errors.New("colorme: the page does not say how many rows there are in all")
	errOtherPage  = errors.New("colorme: the page does not begin at the row that was asked for")
	errRowsLacked = errors.New("colorme: the page has fewer rows than it says")
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

// walk yields all rows of a paged list, going on by the limit in force.
func walk[T any, K comparable](ctx context.Context, offset int, key func(*T) K, list func(context.Context, int) (*Page[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		total := 0 // of the page before
		rows := api.Walk(ctx, offset, key, func(ctx context.Context, offset int) (api.Batch[T], error) {
			page, err := list(ctx, offset)
			if err != nil {
				return api.Batch[T]{}, err
			}
			if err := page.check(offset, total); err != nil {
				return api.Batch[T]{}, err
			}
			total = page.Total
			next := page.Offset + page.Limit
			return api.Batch[T]{Items: page.Items, Next: next, Last: next >= page.Total}, nil
		})
		rows(yield)
	}
}

// check holds a page against the row it should begin at and the total of the page before.
func (p *Page[T]) check(offset, total int) error {
	switch {
	case p.Total == 0 && len(p.Items) > 0:
		return errNoTotal
	case p.Offset > offset: // a smaller one ends the walk as a repeated page
		return errOtherPage
	case p.Total < total:
		return ErrRowsMoved
	case len(p.Items) < min(p.Limit, p.Total-p.Offset):
		return errRowsLacked
	}
	return nil
}
