package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"iter"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Feed is a list of rows with dates, as Changes reads it.
type Feed[T any] struct {
	// Operation is what errors name.
	Operation string
	// ID is what tells rows apart, in a cursor too.
	ID func(*T) string
	// Date is what Again needs to find a row besides its id. It may be nil.
	Date func(*T) time.Time
	// Overlap is how long before a run, by the platform's clock, its searches may have missed
	// something: the next run searches that time again.
	Overlap time.Duration
	// Find yields the rows with a date in a period, both ends included. A zero end is none.
	// Rows may come twice. Both lists are walked again after [shotengai.ErrRowsMoved].
	Find func(ctx context.Context, from, to time.Time) iter.Seq2[*T, error]
	// Open reports whether a row may still change without a date that Find sees. Nil where
	// Find sees every change.
	Open func(*T) bool
	// Again yields the newest state of rows that were open, or could not be read. One that is
	// gone is a [*shotengai.RowError] with its ID that matches [shotengai.ErrNotFound].
	Again func(ctx context.Context, rows []Kept) iter.Seq2[*T, error]
}

// The lengths of the periods that a run searches, so that a first run over years takes few
// calls and can still be cut off without much to do again.
const (
	firstPeriod  = 24 * time.Hour
	rowsToHalve  = 1000
	rowsToDouble = 200

	maxWalks = 10
)

// Changes yields the rows of a feed that are new or have changed since the cursor, as
// [shotengai.Cursor] describes. Of the options, which the functions of the feed pass to their
// calls, it needs the notes.
func Changes[T any](ctx context.Context, e *Engine, f Feed[T], cursor *shotengai.Cursor, opts ...shotengai.CallOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		p, err := readCursor(e.platform.Name, cursor, callSettings(opts).Notes)
		if err != nil {
			yield(nil, e.Invalid(ctx, Request{Operation: f.Operation}, err))
			return
		}
		r := &feedRun[T]{engine: e, feed: f, progress: p, cursor: cursor, yield: yield, began: e.Now(), yielded: make(map[string]uint64)}
		if r.again(ctx) && r.periods(ctx) {
			*cursor = p.cursor(e.platform.Name)
		}
	}
}

// feedRun is one iteration over a feed.
type feedRun[T any] struct {
	engine   *Engine
	feed     Feed[T]
	progress *progress
	cursor   *shotengai.Cursor
	yield    func(*T, error) bool
	began    time.Time
	yielded  map[string]uint64 // the state in which rows were yielded, in this period
}

// horizon is the time before which the searches of this run see everything, by the platform's
// clock where that is behind the clock of the client.
func (r *feedRun[T]) horizon() time.Time {
	return r.began.Add(min(0, r.engine.Skew()) - r.feed.Overlap).Truncate(time.Second)
}

// again looks at the rows that the cursor keeps.
func (r *feedRun[T]) again(ctx context.Context) bool {
	if len(r.progress.kept) == 0 {
		return true
	}
	kept := slices.Clone(r.progress.kept)
	return r.walk(func() iter.Seq2[*T, error] { return r.feed.Again(ctx, kept) })
}

// periods searches the time since the cursor, period by period. The last one has no end.
func (r *feedRun[T]) periods(ctx context.Context) bool {
	length := firstPeriod
	for last := false; !last; {
		from, to := r.progress.since, r.progress.since.Add(length)
		if last = !to.Before(r.horizon()); last {
			to = time.Time{}
		}
		rows, ok := r.period(ctx, from, to)
		if !ok {
			return false
		}
		switch {
		case rows > rowsToHalve:
			length = max(length/2, time.Hour)
		case rows < rowsToDouble:
			length *= 2
		}
		end := r.horizon() // the first answer may have moved it
		if !last && to.Before(end) {
			end = to
		}
		if end.After(from) {
			r.progress.since = end
		}
	}
	return true
}

// period searches one period. It returns how many rows there were.
func (r *feedRun[T]) period(ctx context.Context, from, to time.Time) (rows int, ok bool) {
	defer clear(r.yielded)
	ok = r.walk(func() iter.Seq2[*T, error] { return r.feed.Find(ctx, from, to) })
	return len(r.yielded), ok
}

// walk takes the rows of a list, again and again while rows move in it.
func (r *feedRun[T]) walk(list func() iter.Seq2[*T, error]) bool {
	for walk := 1; ; walk++ {
		moved := false
		for row, err := range list() {
			if moved = walk < maxWalks && errors.Is(err, shotengai.ErrRowsMoved); moved {
				break
			}
			if !r.take(row, err) {
				return false
			}
		}
		if !moved {
			return true
		}
	}
}

// take hands a row to the loop and has the cursor cover it. It reports whether the run goes on.
func (r *feedRun[T]) take(row *T, err error) bool {
	unread, isRow := errors.AsType[*shotengai.RowError](err)
	switch {
	case isRow && errors.Is(err, shotengai.ErrNotFound):
		r.progress.drop(unread.ID)
	case isRow && unread.ID != "":
		if _, known := r.yielded[unread.ID]; known {
			return true
		}
		r.yielded[unread.ID] = 0
		r.forget(unread.ID)
	case err != nil && !isRow:
		r.yield(nil, err)
		return false
	case row != nil:
		if !r.note(row) {
			return true
		}
	}
	*r.cursor = r.progress.cursor(r.engine.platform.Name)
	return r.yield(row, err)
}

// forget has the next run look at a row again, whatever its state. A date that is not known
// is no earlier than the period.
func (r *feedRun[T]) forget(id string) {
	k := Kept{ID: id}
	if r.feed.Date != nil {
		k.Date = cmp.Or(r.progress.date(id), r.progress.since)
	}
	r.progress.keep(k)
}

// note has the cursor keep a row while it is open. It reports whether the row is new or has
// changed.
func (r *feedRun[T]) note(row *T) bool {
	id, sum := r.feed.ID(row), sumOf(row)
	was, kept := r.progress.sum(id)
	kept = kept && !r.progress.old[id]
	last, known := r.yielded[id]
	r.yielded[id] = sum
	if r.feed.Open != nil && r.feed.Open(row) {
		k := Kept{ID: id, Sum: sum}
		if r.feed.Date != nil {
			k.Date = r.feed.Date(row)
		}
		r.progress.keep(k)
	} else {
		r.progress.drop(id)
	}
	return sum == 0 || !(kept && was == sum || known && last == sum)
}

// sumOf tells the states of a row apart. Zero is none.
func sumOf(row any) uint64 {
	text, err := json.Marshal(row)
	if err != nil {
		return 0
	}
	sum := fnv.New64a()
	_, _ = sum.Write(text)
	return max(sum.Sum64(), 1)
}

// Each looks at rows one by one. A row that cannot be read, or is gone, is a RowError; any
// other failure ends it.
func Each[T any](ctx context.Context, platform, operation string, kept []Kept, get func(context.Context, Kept) (*T, error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for i, k := range kept {
			row, err := get(ctx, k)
			if err != nil && (errors.Is(err, shotengai.ErrNotFound) || unreadable(err)) {
				err = &shotengai.RowError{Platform: platform, Operation: operation, Index: i, ID: k.ID, Err: err}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// unreadable reports that an answer came whole and could not be decoded.
func unreadable(err error) bool {
	e, ok := errors.AsType[*shotengai.Error](err)
	return ok && e.StatusCode >= 200 && e.StatusCode < 300 && !errors.Is(err, shotengai.ErrUnavailable)
}
