package rakuten

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// Checkpoint is how far an iteration over orders has come. It is a plain value to be
// stored, as JSON for instance, and gives the iteration back what it needs to go on.
type Checkpoint struct {
	DateType DateType  `json:"date_type"`
	From     time.Time `json:"from"`           // all orders of the time before were yielded
	Seen     []string  `json:"seen,omitempty"` // orders from then on that were yielded as well, 15,000 at most
}

// IsZero reports whether nothing was yielded yet.
func (c Checkpoint) IsZero() bool { return c.From.IsZero() }

// AllOrdersParams selects orders of a period of any length. Its Pagination is not used.
type AllOrdersParams struct {
	SearchOrdersParams

	// Checkpoint is where to begin when it is not zero, and is kept up to date: inside the
	// loop it covers the order at hand, so that the two can be stored in one transaction.
	// After the iteration it stands at EndDatetime; with a later EndDatetime the next one
	// goes on from there. Do not copy it while the loop asks for the next order.
	Checkpoint *Checkpoint

	// Window is the longest period of one search, 62 days when 0. Shorter windows cost more
	// searches and make smaller checkpoints.
	Window time.Duration
}

// ErrTooManyOrders is more orders within two seconds than a search can give.
var ErrTooManyOrders = errors.New("rakuten: more than 15,000 orders within two seconds")

// defaultWindow stays a day below the limit: whether the platform counts the days of a
// period with both ends is not established.
const defaultWindow = 62 * 24 * time.Hour

// Limits of the pipeline.
const (
	fetchesAhead = 8 // getOrder calls under way or waiting to be taken by the loop
	searchRounds = 3 // searches of one window in which orders moved meanwhile
)

// All yields the orders that params selects, each once, oldest window first. It searches
// windows of at most 62 days and 15,000 results, fetches details 100 a call, and searches
// while it fetches, so that the limiter alone sets the pace. Everything starts at the
// first iteration and ends with the loop.
//
// An order that was found but is not given is yielded as an OrderError, and the iteration
// goes on; any other error ends it, after all orders before it. Orders that leave the
// selection while their window is being searched, as a selection by progress invites, move
// other orders to earlier pages: a window whose total shrank is searched again.
func (s *OrdersService) All(ctx context.Context, params AllOrdersParams, opts ...CallOption) iter.Seq2[*Order, error] {
	return func(yield func(*Order, error) bool) {
		if err := params.validateAll(); err != nil {
			yield(nil, s.client.engine.Invalid(s.post("searchOrder", nil), err))
			return
		}
		scan := &orderScan{orders: s, params: params, opts: opts, seen: make(map[string]bool)}
		scan.run(ctx, yield)
	}
}

func (p AllOrdersParams) validateAll() error {
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

// window is a period that one search covers. Neighbours share a second, since whether the
// platform takes the end as part of the period is not established.
type window struct{ start, end time.Time }

// entry is an order that was found.
type entry struct {
	number string
	window window
}

// found is a page of a search, or what went wrong with it.
type found struct {
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

type orderScan struct {
	orders *OrdersService
	params AllOrdersParams
	opts   []CallOption
	seen   map[string]bool // by the searcher: found in this iteration or before the checkpoint
}

func (s *orderScan) run(ctx context.Context, yield func(*Order, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()

	progress := s.resume()
	pages := make(chan found, 1)
	fetches := make(chan *fetch, fetchesAhead-1)
	wg.Go(func() {
		defer close(pages)
		if err := s.search(ctx, progress.at.From, pages); err != nil {
			_ = send(ctx, pages, found{err: err}) // fails when nobody waits for it any more
		}
	})
	wg.Go(func() {
		defer close(fetches)
		s.dispatch(ctx, &wg, pages, fetches)
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
		yield(nil, err)
		return
	}
	progress.enter(s.params.EndDatetime.Time)
}

// resume makes the progress of the iteration from the checkpoint.
func (s *orderScan) resume() *scanProgress {
	at := s.params.Checkpoint
	if at == nil {
		at = &Checkpoint{}
	}
	if at.IsZero() {
		*at = Checkpoint{DateType: s.params.DateType, From: s.params.StartDatetime.Time}
	}
	for _, number := range at.Seen {
		s.seen[number] = true
	}
	return &scanProgress{at: at, edge: slices.Clone(at.Seen)}
}

// search finds the orders of all windows.
func (s *orderScan) search(ctx context.Context, from time.Time, pages chan<- found) error {
	span := s.params.Window
	if span == 0 {
		span = defaultWindow
	}
	end := s.params.EndDatetime.Time
	for start := from; ; start = start.Add(span) {
		w := window{start, start.Add(span)}
		if !w.end.Before(end) {
			w.end = end
		}
		if w.end.Before(w.start) { // the checkpoint is past the end
			return nil
		}
		if err := s.searchWindow(ctx, w, pages); err != nil {
			return err
		}
		if w.end.Equal(end) {
			return nil
		}
	}
}

// searchWindow finds the orders of one window, or of its parts if it has too many.
func (s *orderScan) searchWindow(ctx context.Context, w window, pages chan<- found) error {
	for range searchRounds {
		total, shrunk, err := s.searchPages(ctx, w, pages)
		if err != nil {
			return err
		}
		if full(total) {
			return s.split(ctx, w, total/MaxSearchResults+1, pages)
		}
		if !shrunk {
			return nil
		}
	}
	return nil
}

func (s *orderScan) split(ctx context.Context, w window, parts int, pages chan<- found) error {
	span := (w.end.Sub(w.start) / time.Duration(parts)).Truncate(time.Second)
	if span < time.Second {
		if span = time.Second; w.end.Sub(w.start) < 2*time.Second {
			return ErrTooManyOrders
		}
	}
	for start := w.start; start.Before(w.end); start = start.Add(span) {
		part := window{start, start.Add(span)}
		if part.end.Add(span).After(w.end) { // the last part takes the rest
			part.end = w.end
		}
		if err := s.searchWindow(ctx, part, pages); err != nil {
			return err
		}
		if part.end.Equal(w.end) {
			return nil
		}
	}
	return nil
}

// full reports whether a search may have found more than it gives. That the platform counts
// on beyond its limit is not established, so a total at the limit counts as one beyond it.
func full(total int) bool { return total >= MaxSearchResults }

// searchPages reads all pages of a window, unless it has too many results. It tells
// whether the total went down between two pages.
func (s *orderScan) searchPages(ctx context.Context, w window, pages chan<- found) (total int, shrunk bool, err error) {
	params := s.params.SearchOrdersParams
	params.StartDatetime, params.EndDatetime = At(w.start), At(w.end)
	for number, last := 1, 1; number <= last; number++ {
		params.Pagination = &SearchPage{
			RequestRecordsAmount: MaxSearchPage, RequestPage: number,
			Sort: []SearchSort{{SortColumn: SortByOrderDate, SortDirection: SortAscending}},
		}
		page, err := s.orders.Search(ctx, params, s.opts...)
		if err != nil {
			return 0, false, err
		}
		shrunk = shrunk || page.Total() < total
		if total, last = page.Total(), page.Pages(); full(total) {
			return total, false, nil
		}
		if err := send(ctx, pages, found{entries: s.fresh(page.OrderNumbers, w)}); err != nil {
			return 0, false, err
		}
	}
	return total, shrunk, nil
}

// fresh keeps the orders that were not found before.
func (s *orderScan) fresh(numbers []string, w window) []entry {
	var entries []entry
	for _, number := range numbers {
		if !s.seen[number] {
			s.seen[number] = true
			entries = append(entries, entry{number, w})
		}
	}
	return entries
}

// dispatch fetches what was found, 100 a call, several calls at a time. The calls reach
// the loop in the order of the search.
func (s *orderScan) dispatch(ctx context.Context, wg *sync.WaitGroup, pages <-chan found, fetches chan<- *fetch) {
	var pending []entry
	start := func(f *fetch) bool {
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
	for page := range pages {
		pending = append(pending, page.entries...)
		for len(pending) >= MaxOrdersPerCall || page.err != nil && len(pending) > 0 {
			n := min(len(pending), MaxOrdersPerCall)
			if !start(&fetch{entries: pending[:n:n], done: make(chan struct{})}) {
				return
			}
			pending = pending[n:]
		}
		if page.err != nil {
			start(&fetch{err: page.err, done: make(chan struct{})})
			return
		}
	}
	if len(pending) > 0 {
		start(&fetch{entries: pending, done: make(chan struct{})})
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

// scanProgress keeps the checkpoint while the loop takes orders.
type scanProgress struct {
	at     *Checkpoint
	window window
	edge   []string // yielded orders that the next window may find again; all of them where that is not known
}

// yield hands the orders of one call to the loop.
func (p *scanProgress) yield(f *fetch, yield func(*Order, error) bool) bool {
	given := make(map[string]*Order, len(f.orders.Items))
	for i := range f.orders.Items {
		given[f.orders.Items[i].OrderNumber] = &f.orders.Items[i]
	}
	missing := make(map[string]*OrderError, len(f.orders.Missing))
	for i := range f.orders.Missing {
		missing[f.orders.Missing[i].OrderNumber] = &f.orders.Missing[i]
	}
	for _, e := range f.entries {
		if e.window != p.window {
			if !p.window.start.IsZero() {
				p.enter(e.window.start)
			}
			p.window = e.window
		}
		order := given[e.number]
		p.at.Seen = append(p.at.Seen, e.number)
		if order == nil || p.reaches(order) {
			p.edge = append(p.edge, e.number)
		}
		var err error
		if order == nil {
			err = missing[e.number]
		}
		if !yield(order, err) {
			return false
		}
	}
	return true
}

// enter moves the checkpoint to a time up to which everything was yielded.
func (p *scanProgress) enter(from time.Time) {
	if from.After(p.at.From) {
		p.at.From, p.at.Seen, p.edge = from, p.edge, nil
	}
}

// reaches tells whether the next window may find the order again. Of some dates an order
// does not tell the time.
func (p *scanProgress) reaches(order *Order) bool {
	var at OrderTime
	switch p.at.DateType {
	case DateOrdered:
		at = order.OrderDatetime
	case DateConfirmed:
		at = order.ShopOrderCfmDatetime
	case DateFixed:
		at = order.OrderFixDatetime
	case DateShippingReport:
		at = order.ShippingCmplRptDatetime
	}
	return at.IsZero() || !at.Before(p.window.end.Truncate(time.Second))
}
