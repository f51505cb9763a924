package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/shotengai/shotengai-go"
)

// Batch is one page as the pager needs it.
type Batch[T any] struct {
	Items  []T
	Errors []*shotengai.RowError // rows that cannot be read, by their index in the page
	Next   int                   // the offset of the next page
	Last   bool                  // there is no next page
	Total  *int                  // rows in all; nil where the platform does not say
	// Joined reports that the page was asked for from the last row of the one before on, so
	// that it shows whether the list has moved.
	Joined bool
}

// Rows is how many rows the page has, those included that cannot be read.
func (b *Batch[T]) Rows() int { return len(b.Items) + len(b.Errors) }

// Each yields the rows in their order, an item or an error, until yield returns false.
func (b *Batch[T]) Each(yield func(*T, *shotengai.RowError) bool) {
	items, odd := b.Items, b.Errors
	for i := 0; len(items)+len(odd) > 0; i++ {
		if len(odd) > 0 && (odd[0].Index <= i || len(items) == 0) {
			if !yield(nil, odd[0]) {
				return
			}
			odd = odd[1:]
			continue
		}
		if !yield(&items[0], nil) {
			return
		}
		items = items[1:]
	}
}

// IsRowError reports whether an error of an iteration concerns one row, so that the
// iteration goes on.
func IsRowError(err error) bool {
	_, ok := errors.AsType[*shotengai.RowError](err)
	return ok
}

// Walk yields each row of a list that is paged by offset, and the error of each row that
// cannot be read in its place. It fetches lazily, one page at a time, starts anew each time
// it is ranged over, and stops after any other error. A row that the previous page had
// already, because rows were added meanwhile, is skipped; a page with the very rows of the
// previous one, or an offset that does not advance, is [shotengai.ErrPageRepeated]. An empty
// page that names a next one is passed over. Rows have left the list, and others may have
// moved past the offset, when a total is smaller than that of the page before, or when a page
// that is joined does not begin with a row of the one before: [shotengai.ErrRowsMoved].
func Walk[T any, K comparable](ctx context.Context, offset int, key func(*T) K, fetch func(ctx context.Context, offset int) (Batch[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		w := walk[T, K]{key: key}
		at := offset
		for {
			batch, err := fetch(ctx, at)
			if err == nil {
				err = w.moved(&batch)
			}
			if err != nil {
				yield(nil, &shotengai.PageError{Offset: at, Err: err})
				return
			}
			same, again := w.page(&batch, yield)
			if !again {
				return
			}
			if same || !batch.Last && batch.Next <= at {
				yield(nil, &shotengai.PageError{Offset: at, Err: shotengai.ErrPageRepeated})
				return
			}
			if batch.Last {
				return
			}
			at = batch.Next
		}
	}
}

// walk is what an iteration remembers of the page before.
type walk[T any, K comparable] struct {
	key   func(*T) K
	total int
	seen  map[K]struct{}
	odd   []*shotengai.RowError // rows that could not be read
}

// moved reports whether rows have left the list since the page before.
func (w *walk[T, K]) moved(b *Batch[T]) error {
	if b.Total != nil {
		if *b.Total < w.total {
			return shotengai.ErrRowsMoved
		}
		w.total = *b.Total
	}
	if !b.Joined {
		return nil
	}
	joined := false
	b.Each(func(item *T, odd *shotengai.RowError) bool {
		joined = odd != nil && (w.hasID(odd.ID) || w.knew(odd)) || item != nil && w.knows(item)
		return false
	})
	if !joined {
		return shotengai.ErrRowsMoved
	}
	return nil
}

// knows reports whether the page before had a row, be it one that could not be read there.
func (w *walk[T, K]) knows(item *T) bool {
	k := w.key(item)
	_, known := w.seen[k]
	return known || len(w.odd) > 0 && w.hasID(fmt.Sprint(k))
}

// hasID reports whether a row that could not be read has an id.
func (w *walk[T, K]) hasID(id string) bool {
	return id != "" && slices.ContainsFunc(w.odd, func(e *shotengai.RowError) bool { return e.ID == id })
}

// knew reports whether the page before had a row that cannot be read now, and could be read
// then or is the same to the byte: an id need not be that of one row alone.
func (w *walk[T, K]) knew(odd *shotengai.RowError) bool {
	for k := range w.seen {
		if odd.ID != "" && fmt.Sprint(k) == odd.ID {
			return true
		}
	}
	return slices.ContainsFunc(w.odd, func(e *shotengai.RowError) bool {
		return e.ID == odd.ID && bytes.Equal(e.Raw, odd.Raw)
	})
}

// page yields the rows of a page that the one before did not have. It reports whether the
// two have the same rows, and whether the loop goes on.
func (w *walk[T, K]) page(b *Batch[T], yield func(*T, error) bool) (same, again bool) {
	before := walk[T, K]{key: w.key, seen: w.seen, odd: w.odd}
	w.seen, w.odd = make(map[K]struct{}, len(b.Items)), nil
	repeated, again := 0, true
	b.Each(func(item *T, odd *shotengai.RowError) bool {
		switch {
		case odd != nil:
			w.odd = append(w.odd, odd)
			if before.knew(odd) {
				repeated++
				return true
			}
			again = yield(nil, odd)
		default:
			k := w.key(item)
			w.seen[k] = struct{}{}
			if _, known := before.seen[k]; known {
				repeated++
				return true
			}
			again = yield(item, nil)
		}
		return again
	})
	same = repeated > 0 && repeated == b.Rows() && len(w.seen)+len(w.odd) == len(before.seen)+len(before.odd)
	return same, again
}
