package api

import (
	"context"
	"iter"

	"github.com/shotengai/shotengai-go"
)

// Batch is one page as the pager needs it.
type Batch[T any] struct {
	Items []T
	Next  int  // the offset of the next page
	Last  bool // there is no next page
	Total *int // rows in all; nil where the platform does not say
}

// Walk yields each row of a list that is paged by offset. It fetches lazily, one page
// at a time, starts anew each time it is ranged over, and stops after an error. A row
// that the previous page had already, because rows were added meanwhile, is skipped; a
// page with the very rows of the previous one, or an offset that does not advance, is
// [shotengai.ErrPageRepeated]. An empty page that names a next one is passed over. A total
// that is smaller than that of the page before is [shotengai.ErrRowsMoved]: rows have left
// the list, and others may have moved past the offset.
func Walk[T any, K comparable](ctx context.Context, offset int, key func(*T) K, fetch func(ctx context.Context, offset int) (Batch[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		at, total := offset, 0
		seen := make(map[K]struct{})
		for {
			batch, err := fetch(ctx, at)
			if err == nil && batch.Total != nil {
				if *batch.Total < total {
					err = shotengai.ErrRowsMoved
				}
				total = *batch.Total
			}
			if err != nil {
				yield(nil, &shotengai.PageError{Offset: at, Err: err})
				return
			}
			fresh := make(map[K]struct{}, len(batch.Items))
			repeated := 0
			for i := range batch.Items {
				k := key(&batch.Items[i])
				fresh[k] = struct{}{}
				if _, known := seen[k]; known {
					repeated++
					continue
				}
				if !yield(&batch.Items[i], nil) {
					return
				}
			}
			stuck := !batch.Last && batch.Next <= at
			same := repeated > 0 && repeated == len(batch.Items) && len(fresh) == len(seen)
			if stuck || same {
				yield(nil, &shotengai.PageError{Offset: at, Err: shotengai.ErrPageRepeated})
				return
			}
			if batch.Last {
				return
			}
			at, seen = batch.Next, fresh
		}
	}
}
