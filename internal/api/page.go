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
// cannot be read in its place. It starts anew each time it is ranged over, and stops after
// any other error. A row that the previous page had already, because rows were added
// meanwhile, is skipped; a page with the very rows of the previous one, or an offset that does
// not advance, is [shotengai.ErrPageRepeated]. An empty page that names a next one is passed
// over. Rows have left the list, and others may have moved past the offset, when a total is
// smaller than that of the page before, or when a page that is joined does not begin with a
// row of the one before: [shotengai.ErrRowsMoved].
//
// The first page is fetched when the loop begins. Each other one is fetched once the loop has
// taken a row of the page before, while it works on the rest of them, unless the options of
// the calls are against it: see [shotengai.WithoutReadAhead]. Fetch is called once at a time,
// and not any more when the loop is over.
func Walk[T any, K comparable](ctx context.Context, offset int, key func(*T) K, fetch func(ctx context.Context, offset int) (Batch[T], error), opts ...shotengai.CallOption) iter.Seq2[*T, error] {
	ahead := readsAhead(opts)
	return func(yield func(*T, error) bool) {
		ctx, end := context.WithCancel(ctx)
		w := walk[T, K]{key: key}
		page := &pageCall[T]{at: offset}
		defer func() {
			end()
			page.join()
		}()
		for {
			at := page.at
			batch, err := page.get(ctx, fetch)
			if err == nil {
				err = w.turn(&batch)
			}
			if err != nil {
				yield(nil, &shotengai.PageError{Offset: at, Start: offset, Err: err})
				return
			}
			advances := batch.Next > at
			page = &pageCall[T]{at: batch.Next}
			again := w.rows(&batch, func(row *T, err error) bool {
				again := yield(row, err)
				if again && ahead && advances && !batch.Last {
					page.start(ctx, fetch)
				}
				return again
			})
			if !again || batch.Last {
				return
			}
			if !advances {
				yield(nil, &shotengai.PageError{Offset: at, Start: offset, Err: shotengai.ErrPageRepeated})
				return
			}
		}
	}
}

// readsAhead reports whether a page may be fetched while the loop works on the one before. A
// loop that looks at each answer needs one at a time.
func readsAhead(opts []shotengai.CallOption) bool {
	s := callSettings(opts)
	return !s.NoReadAhead && s.Response == nil
}

// callSettings is what the options of a call set. The call itself refuses those that fail.
func callSettings(opts []shotengai.CallOption) shotengai.CallSettings {
	var s shotengai.CallSettings
	for _, opt := range opts {
		if opt != nil {
			_ = opt(&s)
		}
	}
	return s
}

// pageCall is the call for one page.
type pageCall[T any] struct {
	at       int
	done     chan struct{} // nil before it is started
	batch    Batch[T]
	err      error
	panicked any
}

// start makes the call in a goroutine of its own, if it was not started before.
func (c *pageCall[T]) start(ctx context.Context, fetch func(context.Context, int) (Batch[T], error)) {
	if c.done != nil {
		return
	}
	c.done = make(chan struct{})
	go func() {
		defer close(c.done)
		defer func() { c.panicked = recover() }()
		c.batch, c.err = fetch(ctx, c.at)
	}()
}

// get returns the page. A panic of a call that was started is one of the loop.
func (c *pageCall[T]) get(ctx context.Context, fetch func(context.Context, int) (Batch[T], error)) (Batch[T], error) {
	if c.done == nil {
		return fetch(ctx, c.at)
	}
	c.join()
	if c.panicked != nil {
		panic(c.panicked)
	}
	return c.batch, c.err
}

// join waits for the end of a call that was started.
func (c *pageCall[T]) join() {
	if c.done != nil {
		<-c.done
	}
}

// walk is what an iteration remembers.
type walk[T any, K comparable] struct {
	key   func(*T) K
	total int
	page  pageRows[K] // the rows of the page that it is at
	prior pageRows[K] // those of the page before
}

// pageRows are the rows of a page.
type pageRows[K comparable] struct {
	seen map[K]struct{}
	odd  []*shotengai.RowError // rows that could not be read
}

// turn goes on to a page. It fails if rows have left the list, or if the page has the very
// rows of the one before.
func (w *walk[T, K]) turn(b *Batch[T]) error {
	if w.moved(b) {
		return shotengai.ErrRowsMoved
	}
	w.prior, w.page = w.page, pageRows[K]{seen: make(map[K]struct{}, len(b.Items))}
	repeated := 0
	b.Each(func(item *T, odd *shotengai.RowError) bool {
		if odd != nil {
			w.page.odd = append(w.page.odd, odd)
		} else {
			w.page.seen[w.key(item)] = struct{}{}
		}
		if w.repeats(item, odd) {
			repeated++
		}
		return true
	})
	if repeated > 0 && repeated == b.Rows() && w.page.size() == w.prior.size() {
		return shotengai.ErrPageRepeated
	}
	return nil
}

// moved reports whether rows have left the list since the page that the walk is at.
func (w *walk[T, K]) moved(b *Batch[T]) bool {
	if b.Total != nil {
		if *b.Total < w.total {
			return true
		}
		w.total = *b.Total
	}
	if !b.Joined {
		return false
	}
	joined := false
	b.Each(func(item *T, odd *shotengai.RowError) bool {
		if odd != nil {
			joined = w.page.hasID(odd.ID) || w.page.knew(odd)
		} else {
			joined = w.page.knows(w.key(item))
		}
		return false
	})
	return !joined
}

// repeats reports whether the page before had a row.
func (w *walk[T, K]) repeats(item *T, odd *shotengai.RowError) bool {
	if odd != nil {
		return w.prior.knew(odd)
	}
	_, known := w.prior.seen[w.key(item)]
	return known
}

// rows yields the rows of the page that the one before did not have. It reports whether the
// loop goes on.
func (w *walk[T, K]) rows(b *Batch[T], yield func(*T, error) bool) bool {
	again := true
	b.Each(func(item *T, odd *shotengai.RowError) bool {
		switch {
		case w.repeats(item, odd):
		case odd != nil:
			again = yield(nil, odd)
		default:
			again = yield(item, nil)
		}
		return again
	})
	return again
}

func (r *pageRows[K]) size() int { return len(r.seen) + len(r.odd) }

// knows reports whether the page had a row, be it one that could not be read there.
func (r *pageRows[K]) knows(k K) bool {
	_, known := r.seen[k]
	return known || len(r.odd) > 0 && r.hasID(fmt.Sprint(k))
}

// hasID reports whether a row that could not be read has an id.
func (r *pageRows[K]) hasID(id string) bool {
	return id != "" && slices.ContainsFunc(r.odd, func(e *shotengai.RowError) bool { return e.ID == id })
}

// knew reports whether the page had a row that cannot be read now, and could be read then or
// is the same to the byte: an id need not be that of one row alone.
func (r *pageRows[K]) knew(odd *shotengai.RowError) bool {
	for k := range r.seen {
		if odd.ID != "" && fmt.Sprint(k) == odd.ID {
			return true
		}
	}
	return slices.ContainsFunc(r.odd, func(e *shotengai.RowError) bool {
		return e.ID == odd.ID && bytes.Equal(e.Raw, odd.Raw)
	})
}
