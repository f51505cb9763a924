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

var errNoTotal = errors.New("colorme: the page does not say how many rows there are in all")

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
	return api.Walk(ctx, offset, key, func(ctx context.Context, offset int) (api.Batch[T], error) {
		page, err := list(ctx, offset)
		if err != nil {
			return api.Batch[T]{}, err
		}
		if page.Total == 0 && len(page.Items) > 0 {
			return api.Batch[T]{}, errNoTotal
		}
		next := page.Offset + page.Limit
		return api.Batch[T]{Items: page.Items, Next: next, Last: next >= page.Total}, nil
	})
}
