package rakuten

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
)

// scanParams selects orders of a period of any length for a scan that can be resumed. Its
// Pagination is not used.
type scanParams struct {
	SearchOrdersParams

	// Checkpoint is where to begin when it is not zero, and is kept up to date: inside the
	// loop it covers the order at hand, so that the two can be stored in one transaction.
	// After the iteration it stands at EndDatetime, or five minutes before the iteration if
	// that is earlier, since orders may still come in; with a later EndDatetime the next one
	// goes on from there. Do not copy it while the loop asks for the next order.
	Checkpoint *checkpoint

	// Window is the longest period of one search, 62 days when 0. Shorter windows cost more
	// searches and make smaller checkpoints.
	Window time.Duration
}

// fetchesAhead is how many getOrder calls are under way or wait to be taken by the loop.
const fetchesAhead = 8

// scan yields orders as All does, from a checkpoint on. An iteration that goes on from its
// checkpoint asks again for the orders that getOrder did not return.
func (s *OrdersService) scan(ctx context.Context, params scanParams, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		check := params.validate()
		if captures(opts) {
			check = errors.Join(check, errors.New("WithResponse: the calls run side by side"))
		}
		if check != nil {
			yield(nil, s.client.engine.Invalid(ctx, s.post("searchOrder", nil), check))
			return
		}
		scan := &orderScan{orders: s, params: params, opts: opts, known: make(map[string]bool)}
		scan.run(ctx, yield)
	}
}

// captures reports whether a call option keeps the answer, which calls that run side by
// side cannot do.
func captures(opts []shotengai.CallOption) bool {
	var settings shotengai.CallSettings
	for _, opt := range opts {
		if opt != nil {
			_ = opt(&settings) // the call itself fails for the same reason
		}
	}
	return settings.Response != nil
}

func (p scanParams) validate() error {
	if p.Window < 0 || p.Window > MaxSearchPeriod || p.Window > 0 && p.Window < 2*time.Second {
		return errors.New("the window is not between 2 seconds and 63 days")
	}
	if p.Checkpoint != nil && !p.Checkpoint.IsZero() && p.Checkpoint.DateType != p.DateType {
		return fmt.Errorf("the checkpoint is of dateType %d, not %d", p.Checkpoint.DateType, p.DateType)
	}
	one := p.SearchOrdersParams
	if one.Pagination = nil; one.EndDatetime.Sub(one.StartDatetime.Time) > MaxSearchPeriod {
		one.EndDatetime.Time = one.StartDatetime.Add(MaxSearchPeriod)
	}
	return one.validate()
}

// orderScan is one iteration: a goroutine searches, a second one starts the fetches, and
// the loop takes them in their order.
type orderScan struct {
	orders *OrdersService
	params scanParams
	opts   []shotengai.CallOption
	known  map[string]bool // by the searcher: found in this iteration or before the checkpoint
	again  []entry         // missing in an iteration before
}

// entry is an order that was found.
type entry struct {
	number string
	window window
	again  bool // it was missing before: no search found it now
}

// hits is what is new on a page of a search, or what went wrong with it.
type hits struct {
	entries []entry
	err     error
}

// fetch is a call for 100 orders under way.
type fetch struct {
	entries []entry
	done    chan struct{}
	orders  *Orders
	err     error
}

func (s *orderScan) run(ctx context.Context, yield func(*Order, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()

	progress := s.resume()
	end := s.params.EndDatetime.Truncate(time.Second)
	found := make(chan hits, 1)
	fetches := make(chan *fetch, fetchesAhead-1)
	wg.Go(func() {
		defer close(found)
		if send(ctx, found, hits{entries: s.again}) != nil {
			return
		}
		if err := s.search(ctx, window{progress.at.From, end}, found); err != nil {
			_ = send(ctx, found, hits{err: err}) // fails when nobody waits for it any more
		}
	})
	wg.Go(func() {
		defer close(fetches)
		s.dispatch(ctx, &wg, found, fetches)
	})
	for f := range fetches {
		<-f.done
		if f.err != nil {
			yield(nil, f.err)
			return
		}
		if !progress.yield(f, yield) {
			return
		}
	}
	if err := ctx.Err(); err != nil {
		const path = "/es/2.0/order/searchOrder/"
		yield(nil, &shotengai.Error{Platform: "rakuten", Operation: "POST " + path, Method: http.MethodPost, Path: path, Cause: err})
		return
	}
	progress.enter(end)
}

// dispatch fetches what was found, 100 a call, several calls at a time. The calls reach
// the loop in the order of the search.
func (s *orderScan) dispatch(ctx context.Context, wg *sync.WaitGroup, found <-chan hits, fetches chan<- *fetch) {
	start := func(f *fetch) bool {
		f.done = make(chan struct{})
		if send(ctx, fetches, f) != nil {
			return false
		}
		wg.Go(func() {
			defer close(f.done)
			if f.err == nil {
				f.orders, f.err = s.orders.GetBatch(ctx, numbersOf(f.entries), s.opts...)
			}
		})
		return true
	}
	var pending []entry
	for page := range found {
		pending = append(pending, page.entries...)
		for len(pending) >= MaxOrdersPerCall || page.err != nil && len(pending) > 0 {
			n := min(len(pending), MaxOrdersPerCall)
			if !start(&fetch{entries: pending[:n:n]}) {
				return
			}
			pending = pending[n:]
		}
		if page.err != nil {
			start(&fetch{err: page.err})
			return
		}
	}
	if len(pending) > 0 {
		start(&fetch{entries: pending})
	}
}

func numbersOf(entries []entry) []string {
	numbers := make([]string, len(entries))
	for i, e := range entries {
		numbers[i] = e.number
	}
	return numbers
}

func send[T any](ctx context.Context, to chan<- T, value T) error {
	select {
	case to <- value:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
