package rakuten_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// shelf is a server with orders to search and get.
type shelf struct {
	latency time.Duration
	onPage  func(page int) // before a page is answered

	mu       sync.Mutex
	orders   []shelved
	times    map[string]time.Time
	missing  map[string]bool
	odd      map[string]string // what stands for a date
	searches []rakuten.SearchOrdersParams
	gets     [][]string
}

type shelved struct {
	number string
	at     time.Time
}

// leanOrder is an order with its number and time: imports of many thousands stay quick.
type leanOrder struct {
	OrderNumber   string            `json:"orderNumber"`
	OrderDatetime rakuten.OrderTime `json:"orderDatetime"`
	DeliveryDate  string            `json:"deliveryDate"`
}

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, shotengai.JST)

// put adds n orders, one each step from start on.
func (s *shelf) put(n int, start time.Time, step time.Duration) {
	if s.times == nil {
		s.times = make(map[string]time.Time)
	}
	for i := range n {
		at := start.Add(time.Duration(i) * step)
		number := fmt.Sprintf("123456-%s-%010d", at.In(shotengai.JST).Format("20060102"), len(s.times))
		s.orders, s.times[number] = append(s.orders, shelved{number, at}), at
	}
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.latency > 0 {
		<-time.After(s.latency)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/searchOrder/") {
		s.search(w, r)
		return
	}
	s.get(w, r)
}

func (s *shelf) search(w http.ResponseWriter, r *http.Request) {
	var params rakuten.SearchOrdersParams
	if err := json.NewDecoder(r.Body).Decode(&params); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.searches = append(s.searches, params)
	if s.onPage != nil {
		s.onPage(params.Pagination.RequestPage)
	}
	numbers := []string{}
	for _, o := range s.orders {
		if !o.at.Before(params.StartDatetime.Time) && !o.at.After(params.EndDatetime.Time) {
			numbers = append(numbers, o.number)
		}
	}
	total, size, page := len(numbers), params.Pagination.RequestRecordsAmount, params.Pagination.RequestPage
	low := min((page-1)*size, total)
	answer := map[string]any{"MessageModelList": []any{}, "orderNumberList": numbers[low:min(low+size, total)], "PaginationResponseModel": map[string]any{
		"totalRecordsAmount": total, "totalPages": (total + size - 1) / size, "requestPage": page,
	}}
	if total == 0 {
		answer["PaginationResponseModel"] = map[string]any{"totalRecordsAmount": nil, "totalPages": nil, "requestPage": nil}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *shelf) get(w http.ResponseWriter, r *http.Request) {
	var body struct {
		OrderNumberList []string `json:"orderNumberList"`
		Version         int      `json:"version"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.OrderNumberList) > 100 || body.Version != 10 {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	s.gets = append(s.gets, body.OrderNumberList)
	orders, messages := []leanOrder{}, []rakuten.OrderMessage{}
	for _, number := range body.OrderNumberList {
		if s.missing[number] {
			messages = append(messages, rakuten.OrderMessage{MessageType: rakuten.MessageError, MessageCode: "E1", Message: "だめ", OrderNumber: &number})
			continue
		}
		orders = append(orders, leanOrder{number, rakuten.At(s.times[number]), s.odd[number]})
	}
	slices.Reverse(orders) // the platform promises no order
	_ = json.NewEncoder(w).Encode(map[string]any{"MessageModelList": messages, "OrderModelList": orders})
}

// serve returns a client whose clock is two years after begin.
func (s *shelf) serve(t *testing.T, opts ...shotengai.Option) *rakuten.Client {
	t.Helper()
	srv := fake.NewServer(s, fake.Config{InMemory: true})
	t.Cleanup(srv.Close)
	clock := shotengai.WithClock(func() time.Time { return begin.AddDate(2, 0, 0) })
	opts = append([]shotengai.Option{shotengai.WithTestServer(srv.URL), shotengai.WithHTTPClient(srv.HTTPClient()), clock}, opts...)
	client, err := rakuten.NewClient(rakuten.StaticLicense(pair), opts...)
	require.NoError(t, err)
	return client
}

func allParams(end time.Time) rakuten.SearchOrdersParams {
	return rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(begin), EndDatetime: rakuten.At(end)}
}

// numbers are what the shelf has, oldest first.
func (s *shelf) numbers() []string {
	all := make([]string, len(s.orders))
	for i, o := range s.orders {
		all[i] = o.number
	}
	return all
}

func TestScanTakesHardlyMoreThanTheLimiterAllows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{latency: 1500 * time.Millisecond}
		s.put(10_000, begin, time.Minute)
		client := s.serve(t)
		started := time.Now()
		var got []string
		for order, err := range rakuten.ScanOrders(t.Context(), client, allParams(begin.AddDate(0, 0, 30))) {
			require.NoError(t, err)
			got = append(got, order.OrderNumber)
		}
		took := time.Since(started)
		assert.Equal(t, s.numbers(), got)
		assert.Len(t, s.searches, 10)
		assert.Len(t, s.gets, 100)
		calls := len(s.searches) + len(s.gets)
		least := time.Duration(calls-1) * time.Second // one a second, the first at once
		assert.LessOrEqual(t, took, least*105/100, "%d calls", calls)
	})
}

func TestScanSplitsPeriods(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(700, begin, 24*time.Hour)      // nearly two years, one at each midnight
	s.put(3, begin.AddDate(0, 0, 62), 0) // in the second that two windows share
	end := begin.AddDate(0, 0, 699)
	client := s.serve(t, shotengai.WithLimiter(nil))
	seen := make(map[string]int)
	for order, err := range rakuten.ScanOrders(t.Context(), client, allParams(end)) {
		require.NoError(t, err)
		seen[order.OrderNumber]++
	}
	assert.Len(t, seen, 703)
	for number, times := range seen {
		assert.Equal(t, 1, times, number)
	}
	for _, params := range s.searches {
		assert.LessOrEqual(t, params.EndDatetime.Sub(params.StartDatetime.Time), rakuten.MaxSearchPeriod)
	}
	assert.Len(t, s.gets, 8, "batches are full across windows")
}

func TestScanSplitsWindowsWithTooManyResults(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(16_000, begin, time.Second)
	client := s.serve(t, shotengai.WithLimiter(nil))
	var got []string
	for order, err := range rakuten.ScanOrders(t.Context(), client, allParams(begin.AddDate(0, 0, 2))) {
		require.NoError(t, err)
		got = append(got, order.OrderNumber)
	}
	assert.Equal(t, s.numbers(), got)
	for _, params := range s.searches {
		assert.LessOrEqual(t, params.Pagination.RequestPage, 15)
	}
}

func TestScanRefusesWhatNoSearchCanGive(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(15_001, begin.Add(time.Hour), 0)
	client := s.serve(t, shotengai.WithLimiter(nil))
	var last error
	for _, err := range rakuten.ScanOrders(t.Context(), client, allParams(begin.AddDate(0, 0, 1))) {
		last = err
	}
	require.ErrorIs(t, last, rakuten.ErrTooManyOrders)
}

func TestScanReportsOrdersWithAnError(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(250, begin, time.Minute)
	bad := s.orders[120].number
	s.missing = map[string]bool{bad: true}
	client := s.serve(t, shotengai.WithLimiter(nil))
	count := 0
	var failed []string
	for order, err := range rakuten.ScanOrders(t.Context(), client, allParams(begin.AddDate(0, 0, 1))) {
		if e, ok := errors.AsType[*shotengai.RowError](err); ok {
			assert.Nil(t, order)
			require.ErrorContains(t, e, "(E1)")
			failed = append(failed, e.ID)
			continue
		}
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 249, count)
	assert.Equal(t, []string{bad}, failed)
}

// A window that turns out to have too many results while it is read is split, and what it
// yielded already is not yielded again.
func TestScanSplitsAWindowThatFillsUp(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(14_999, begin, time.Minute)
	s.onPage = func(page int) {
		if page == 2 && len(s.orders) == 14_999 {
			s.put(2, begin.Add(14_999*time.Minute), time.Minute)
		}
	}
	client := s.serve(t, shotengai.WithLimiter(nil))
	var got []string
	for order, err := range rakuten.ScanOrders(t.Context(), client, allParams(begin.AddDate(0, 0, 20))) {
		require.NoError(t, err)
		got = append(got, order.OrderNumber)
	}
	assert.Equal(t, s.numbers(), got)
}

// Orders that leave the selection or enter it while its pages are read move others: from
// the page that comes to the one that was read, for instance.
func TestScanFindsOrdersThatMovedMeanwhile(t *testing.T) {
	t.Parallel()
	toShip := func(p *rakuten.SearchOrdersParams) {
		p.OrderProgressList = []rakuten.OrderProgress{rakuten.ProgressToShip}
	}
	for name, test := range map[string]struct {
		selection func(*rakuten.SearchOrdersParams)
		move      func(*shelf)
		searches  int
	}{
		"nothing moves":                    {func(*rakuten.SearchOrdersParams) {}, func(*shelf) {}, 3},
		"one comes at the end":             {func(*rakuten.SearchOrdersParams) {}, func(s *shelf) { s.put(1, begin.AddDate(0, 0, 5), 0) }, 3},
		"one leaves, although none should": {func(*rakuten.SearchOrdersParams) {}, func(s *shelf) { s.orders = s.orders[1:] }, 6},
		"one leaves":                       {toShip, func(s *shelf) { s.orders = s.orders[1:] }, 9},
		"one leaves and one comes": {toShip, func(s *shelf) {
			s.orders = s.orders[1:]
			s.put(1, begin.AddDate(0, 0, 5), 0)
		}, 9},
		"one comes in front": {
			func(p *rakuten.SearchOrdersParams) { p.DateType = rakuten.DateShipped },
			func(s *shelf) {
				s.put(1, begin.Add(time.Second), 0)
				s.orders = append(s.orders[len(s.orders)-1:], s.orders[:len(s.orders)-1]...)
			}, 9,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &shelf{}
			s.put(2500, begin, time.Minute)
			moved := false
			s.onPage = func(page int) {
				if page == 2 && !moved {
					moved = true
					test.move(s)
				}
			}
			client := s.serve(t, shotengai.WithLimiter(nil))
			want := s.numbers()
			params := allParams(begin.AddDate(0, 0, 30))
			test.selection(&params)
			seen := make(map[string]int)
			for order, err := range rakuten.ScanOrders(t.Context(), client, params) {
				require.NoError(t, err)
				seen[order.OrderNumber]++
			}
			for _, number := range append(want, s.numbers()...) {
				assert.Equal(t, 1, seen[number], number)
			}
			assert.Len(t, s.searches, test.searches)
		})
	}
}

// A window that never holds still is split until its parts fit on a page, which does.
func TestScanSplitsWhatDoesNotHoldStill(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(2500, begin, time.Minute)
	want := s.numbers()
	s.onPage = func(page int) {
		if page > 1 { // an order comes in front of the page
			s.put(1, begin.Add(time.Second), 0)
			s.orders = append(s.orders[len(s.orders)-1:], s.orders[:len(s.orders)-1]...)
		}
	}
	client := s.serve(t, shotengai.WithLimiter(nil))
	params := allParams(begin.AddDate(0, 0, 2))
	params.DrugFlag = new(rakuten.Flag(false))
	seen := make(map[string]int)
	for order, err := range rakuten.ScanOrders(t.Context(), client, params) {
		require.NoError(t, err)
		seen[order.OrderNumber]++
	}
	for _, number := range want {
		assert.Equal(t, 1, seen[number], number)
	}
}

func TestScanEndsWithAnErrorAfterWholeOrders(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(1500, begin, time.Minute)
	calls := 0
	broken := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/searchOrder/") {
			if calls++; calls == 2 {
				http.Error(w, "", http.StatusBadRequest)
				return
			}
		}
		s.ServeHTTP(w, r)
	})
	srv := fake.NewServer(broken, fake.Config{InMemory: true})
	t.Cleanup(srv.Close)
	client, err := rakuten.NewClient(rakuten.StaticLicense(pair), shotengai.WithTestServer(srv.URL), shotengai.WithHTTPClient(srv.HTTPClient()), shotengai.WithLimiter(nil))
	require.NoError(t, err)
	got := 0
	var last error
	for order, err := range rakuten.ScanOrders(t.Context(), client, allParams(begin.AddDate(0, 0, 30))) {
		if last = err; order != nil {
			got++
		}
	}
	require.ErrorIs(t, last, shotengai.ErrInvalid)
	assert.Equal(t, 1000, got)
}

func TestScanStopsWithTheLoop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // the bubble fails on goroutines that stay
		s := &shelf{latency: time.Second}
		s.put(5000, begin, time.Minute)
		client := s.serve(t)
		for range rakuten.ScanOrders(t.Context(), client, allParams(begin.AddDate(0, 0, 30))) {
			break
		}
		s.mu.Lock() // what was under way may still arrive
		defer s.mu.Unlock()
		assert.Less(t, len(s.gets), 15)
	})
}

func TestScanStopsWithTheContext(t *testing.T) {
	t.Parallel()
	for _, after := range []int{0, 1, 150, 1999, 2000} {
		synctest.Test(t, func(t *testing.T) {
			s := &shelf{latency: time.Second}
			s.put(2000, begin, time.Minute)
			client := s.serve(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if after == 0 {
				cancel()
			}
			params := allParams(begin.AddDate(0, 0, 30))
			seen, errs := 0, 0
			for _, err := range rakuten.ScanOrders(ctx, client, params) {
				if err != nil {
					require.ErrorIs(t, err, context.Canceled)
					errs++
					continue
				}
				if seen++; seen == after {
					cancel()
				}
			}
			assert.Equal(t, 1, errs)
			assert.GreaterOrEqual(t, seen, after)
		})
	}
}

// The platform returns nothing of the time before 730 days ago, and says so.
func TestScanOfATimeThatIsTooLongAgo(t *testing.T) {
	t.Parallel()
	srv := rakutentest.NewServer(rakutentest.WithOrders(3), rakutentest.WithoutRateLimits())
	t.Cleanup(srv.Close)
	client, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	params := allParams(srv.Now())
	params.StartDatetime = rakuten.At(srv.Now().AddDate(0, 0, -731))
	for order, err := range rakuten.ScanOrders(t.Context(), client, params) {
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		require.ErrorContains(t, err, "730")
		assert.Nil(t, order)
	}
	params.StartDatetime = rakuten.At(srv.Now().AddDate(0, 0, -729))
	n := 0
	for _, err := range rakuten.ScanOrders(t.Context(), client, params) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 3, n)
}

func TestScanRefuses(t *testing.T) {
	t.Parallel()
	client := (&shelf{}).serve(t)
	for name, change := range map[string]func(*rakuten.SearchOrdersParams){
		"dateType":    func(p *rakuten.SearchOrdersParams) { p.DateType = 0 },
		"endDatetime": func(p *rakuten.SearchOrdersParams) { p.EndDatetime = rakuten.OrderTime{} },
	} {
		params := allParams(begin.AddDate(1, 0, 0))
		change(&params)
		var last error
		for _, err := range rakuten.ScanOrders(t.Context(), client, params) {
			last = err
		}
		require.ErrorIs(t, last, shotengai.ErrInvalid)
		assert.ErrorContains(t, last, name)
	}
	for _, err := range rakuten.ScanOrders(t.Context(), client, allParams(begin.AddDate(0, 0, 1)), shotengai.WithResponse(new(shotengai.Response))) {
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		require.ErrorContains(t, err, "WithResponse")
	}
}
