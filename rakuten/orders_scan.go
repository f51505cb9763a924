package rakuten

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
)

// fetchesAhead is how many getOrder calls are under way or wait to be taken by the loop.
const fetchesAhead = 8

// scan yields orders as All does.
func (s *OrdersService) scan(ctx context.Context, params SearchOrdersParams, opts ...shotengai.CallOption) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		check := params.validatePeriod()
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

// validatePeriod is validate for a period of any length.
func (p SearchOrdersParams) validatePeriod() error {
	if p.Pagination = nil; p.EndDatetime.Sub(p.StartDatetime.Time) > MaxSearchPeriod {
		p.EndDatetime.Time = p.StartDatetime.Add(MaxSearchPeriod)
	}
	return p.validate()
}

// orderScan is one iteration: a goroutine searches, a second one starts the fetches, and
// the loop takes them in their order.
type orderScan struct {
	orders *OrdersService
	params SearchOrdersParams
	opts   []shotengai.CallOption
	known  map[string]bool // by the searcher: found before
}

// hits is what is new on a page of a search, or what went wrong with it.
type hits struct {
	numbers []string
	err     error
}

// fetch is a call for 100 orders under way.
type fetch struct {
	numbers []string
	done    chan struct{}
	orders  *Orders
	err     error
}

func (s *orderScan) run(ctx context.Context, yield func(*Order, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()

	period := window{s.params.StartDatetime.Truncate(time.Second), s.params.EndDatetime.Truncate(time.Second)}
	found := make(chan hits, 1)
	fetches := make(chan *fetch, fetchesAhead-1)
	wg.Go(func() {
		defer close(found)
		if err := s.search(ctx, period, found); err != nil {
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
		if !f.yield(yield) {
			return
		}
	}
	if err := ctx.Err(); err != nil {
		const path = "/es/2.0/order/searchOrder/"
		yield(nil, &shotengai.Error{Platform: "rakuten", Operation: "POST " + path, Method: http.MethodPost, Path: path, Cause: err})
	}
}

// yield hands the orders of one call to the loop, in the order of the search.
func (f *fetch) yield(yield func(*Order, error) bool) bool {
	given := make(map[string]*Order, len(f.orders.Items))
	for i := range f.orders.Items {
		given[f.orders.Items[i].OrderNumber] = &f.orders.Items[i]
	}
	missing := make(map[string]*shotengai.RowError, len(f.orders.Missing))
	for _, row := range f.orders.Missing {
		missing[row.ID] = row
	}
	for _, number := range f.numbers {
		var err error
		if given[number] == nil {
			err = missing[number]
		}
		if !yield(given[number], err) {
			return false
		}
	}
	return true
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
				f.orders, f.err = s.orders.GetBatch(ctx, f.numbers, s.opts...)
			}
		})
		return true
	}
	var pending []string
	for page := range found {
		pending = append(pending, page.numbers...)
		for len(pending) >= MaxOrdersPerCall || page.err != nil && len(pending) > 0 {
			n := min(len(pending), MaxOrdersPerCall)
			if !start(&fetch{numbers: pending[:n:n]}) {
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
		start(&fetch{numbers: pending})
	}
}

func send[T any](ctx context.Context, to chan<- T, value T) error {
	select {
	case to <- value:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
