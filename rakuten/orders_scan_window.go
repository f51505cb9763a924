package rakuten

import (
	"context"
	"iter"
	"reflect"
	"time"
)

// defaultWindow stays a day below the limit: whether the platform counts the days of a
// period with both ends is not established.
const defaultWindow = 62 * 24 * time.Hour

// searchRounds is how often a window is searched that does not hold still, before it is
// split.
const searchRounds = 3

// window is a period that one search covers, in whole seconds. Neighbours share a second,
// since whether the platform takes the end as part of the period is not established.
type window struct{ start, end time.Time }

// every cuts a window into parts of a span; the last one may be shorter.
func (w window) every(span time.Duration) iter.Seq[window] {
	return func(yield func(window) bool) {
		for w := w; ; w.start = w.start.Add(span) {
			if w.end.Sub(w.start) <= span {
				yield(w)
				return
			}
			if !yield(window{w.start, w.start.Add(span)}) {
				return
			}
		}
	}
}

// search finds the orders of a period, window by window.
func (s *orderScan) search(ctx context.Context, period window, found chan<- hits) error {
	for w := range period.every(defaultWindow) {
		if err := s.searchWindow(ctx, w, found); err != nil {
			return err
		}
	}
	return nil
}

// searchWindow finds the orders of one window, or of its parts if it has too many or does
// not hold still.
func (s *orderScan) searchWindow(ctx context.Context, w window, found chan<- hits) error {
	parts := 2
	for round := range searchRounds {
		seen, err := s.searchPages(ctx, w, found)
		if err != nil {
			return err
		}
		if seen.full() {
			parts = seen.total/MaxSearchResults + 1
			break
		}
		if seen.pages <= 1 || !seen.shrunk && (s.params.settled() || round > 0 && seen.fresh == 0) {
			return nil
		}
	}
	length := w.end.Sub(w.start)
	if length < 2*time.Second {
		return ErrTooManyOrders
	}
	for part := range w.every(max((length / time.Duration(parts)).Truncate(time.Second), time.Second)) {
		if err := s.searchWindow(ctx, part, found); err != nil {
			return err
		}
	}
	return nil
}

// settled reports whether orders neither enter the middle of the selection nor leave it:
// nothing that changes during the life of an order selects.
func (p SearchOrdersParams) settled() bool {
	return reflect.DeepEqual(p, SearchOrdersParams{
		DateType: DateOrdered, StartDatetime: p.StartDatetime, EndDatetime: p.EndDatetime, OrderTypeList: p.OrderTypeList, Pagination: p.Pagination,
	})
}

// sweep is what the pages of one search had.
type sweep struct {
	pages, total, fresh int
	shrunk              bool // the total went down between two pages
}

// full reports whether a search may have found more than it returns. That the platform counts
// on beyond its limit is not established, so a total at the limit counts as one beyond it.
func (s sweep) full() bool { return s.total >= MaxSearchResults }

// searchPages reads all pages of a window, unless it has too many results.
func (s *orderScan) searchPages(ctx context.Context, w window, found chan<- hits) (sweep, error) {
	params := s.params
	params.StartDatetime, params.EndDatetime = At(w.start), At(w.end)
	var seen sweep
	for last := 1; seen.pages < last; {
		params.Pagination = &SearchPage{
			RequestRecordsAmount: MaxSearchPage, RequestPage: seen.pages + 1,
			Sort: []SearchSort{{SortColumn: SortByOrderDate, SortDirection: SortAscending}},
		}
		page, err := s.orders.Search(ctx, params, s.opts...)
		if err != nil {
			return seen, err
		}
		seen.shrunk = seen.shrunk || *page.Total < seen.total
		seen.pages, seen.total, last = seen.pages+1, *page.Total, *page.Pages
		if seen.full() {
			break
		}
		numbers := s.fresh(page.Items)
		seen.fresh += len(numbers)
		if err := send(ctx, found, hits{numbers: numbers}); err != nil {
			return seen, err
		}
	}
	return seen, nil
}

// fresh keeps the orders that were not found before.
func (s *orderScan) fresh(numbers []string) []string {
	var fresh []string
	for _, number := range numbers {
		if !s.known[number] {
			s.known[number] = true
			fresh = append(fresh, number)
		}
	}
	return fresh
}
