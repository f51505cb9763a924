package shotengai

import (
	"context"
	"errors"
	"sync"

	"github.com/shotengai/shotengai-go/internal/parallel"
)

// Parallel calls do for each key, in order and at most n at once, and returns when all calls
// have ended. values[i] is what do returned for keys[i], also beside an error, and
// results.Rows[i] is what became of it. Calls wait for the limiter of their client as ever:
// more at once hide the time that an answer takes, and never exceed the platform's limit. About
// as many as requests are allowed in the time of one answer are enough. An n below 1 is 1.
//
// A row that fails does not stop the others. Its state is [RowFailed] if the call was refused
// for what it asks, by the platform or before sending, or if do returned an error of the
// app's own. It is [RowUnknown] if the call may have been carried out, and [RowNotSent] else.
//
// A failure that would meet all other rows too stops the run: the context has ended, the
// credential was refused ([ErrUnauthorized], [ErrReauthorize]) or does not allow the call
// ([ErrForbidden]), or the call could not be sent for another reason than what it asks, such as
// a closed token source or a turn beyond the deadline. Calls that have begun are not cancelled
// by that. The rows that have not begun are [RowNotSent] with the reason as their message, and
// [Results.Stopped] returns it.
//
// Parallel is for rows that do not depend on each other. Which of two calls arrives first is open:
// have one row for all changes of the same thing, or use a loop.
//
// A panic of do is raised again by Parallel, with the same value, after all calls have ended.
func Parallel[K, V any](ctx context.Context, n int, keys []K, do func(ctx context.Context, key K) (V, error)) (values []V, results *Results[K]) {
	values, results = make([]V, len(keys)), &Results[K]{Rows: make([]Row[K], len(keys))}
	for i, key := range keys {
		results.Rows[i] = Row[K]{Index: i, Key: key}
	}
	var once sync.Once
	parallel.Run(n, len(keys), func(i int) bool {
		err := ctx.Err()
		if err == nil {
			values[i], err = do(ctx, keys[i])
			results.Rows[i].settle(err)
		}
		if !meetsAll(ctx, err) {
			return true
		}
		once.Do(func() { results.stopped = err })
		return false
	})
	for i := range results.Rows {
		if row := &results.Rows[i]; row.State == "" {
			_, row.Code, row.Message = RowOutcome(results.stopped)
			row.State = RowNotSent
		}
	}
	return values, results
}

// settle sets what became of a row whose call, which was about that row alone, ended with err.
func (r *Row[K]) settle(err error) {
	r.State, r.Code, r.Message = RowOutcome(err)
	_, called := errors.AsType[*Error](err)
	if r.State == RowNotSent && (refusesRows(err) || !called && KindOf(err) == KindOther) {
		r.State = RowFailed
	}
}

// meetsAll reports whether a failure of one row would meet the others too. A call of which it is
// not known whether it was carried out is its own row's: an end of the context that cut it off
// stops the next row.
func meetsAll(ctx context.Context, err error) bool {
	if err == nil || errors.Is(err, ErrOutcomeUnknown) {
		return false
	}
	e, called := errors.AsType[*Error](err)
	return ctx.Err() != nil && errors.Is(err, ctx.Err()) ||
		errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrReauthorize) || errors.Is(err, ErrForbidden) ||
		called && e.Attempts == 0 && !refusesRows(err)
}
