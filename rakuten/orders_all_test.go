package rakuten_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/rakuten"
)

// shelf is a server with orders to search and get.
type shelf struct {
	latency time.Duration
	onPage  func(page int) // before a page is answered

	mu       sync.Mutex
	orders   []shelved
	times    map[string]time.Time
	missing  map[string]bool
	searches []rakuten.SearchOrdersParams
	gets     [][]string
}

type shelved struct {
	number string
	at     time.Time
}

// leanOrder is an order with what tells it from others: imports of many thousands stay quick.
type leanOrder struct {
	OrderNumber   string            `json:"orderNumber"`
	OrderDatetime rakuten.OrderTime `json:"orderDatetime"`
}

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, rakuten.JST)

// put adds n orders, one each step from start on.
func (s *shelf) put(n int, start time.Time, step time.Duration) {
	if s.times == nil {
		s.times = make(map[string]time.Time)
	}
	for i := range n {
		at := start.Add(time.Duration(i) * step)
		number := fmt.Sprintf("123456-%s-%010d", at.In(rakuten.JST).Format("20060102"), len(s.times))
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
		orders = append(orders, leanOrder{number, rakuten.At(s.times[number])})
	}
	slices.Reverse(orders) // the platform promises no order
	_ = json.NewEncoder(w).Encode(map[string]any{"MessageModelList": messages, "OrderModelList": orders})
}

func (s *shelf) serve(t *testing.T, opts ...rakuten.Option) *rakuten.Client {
	t.Helper()
	srv := fake.NewServer(s, fake.Config{InMemory: true})
	t.Cleanup(srv.Close)
	opts = append([]rakuten.Option{rakuten.WithTestServer(srv.URL), rakuten.WithHTTPClient(srv.HTTPClient())}, opts...)
	client, err := rakuten.NewClient(rakuten.StaticLicense(pair), opts...)
	require.NoError(t, err)
	return client
}

func allParams(end time.Time) rakuten.AllOrdersParams {
	return rakuten.AllOrdersParams{SearchOrdersParams: rakuten.SearchOrdersParams{
		DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(begin), EndDatetime: rakuten.At(end),
	}}
}

// numbers are what the shelf has, oldest first.
func (s *shelf) numbers() []string {
	all := make([]string, len(s.orders))
	for i, o := range s.orders {
		all[i] = o.number
	}
	return all
}

func TestAllTakesHardlyMoreThanTheLimiterAllows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{latency: 1500 * time.Millisecond}
		s.put(10_000, begin, time.Minute)
		client := s.serve(t)
		started := time.Now()
		var got []string
		for order, err := range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 30))) {
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

func TestAllSplitsPeriods(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(700, begin, 24*time.Hour)      // nearly two years, one at each midnight
	s.put(3, begin.AddDate(0, 0, 62), 0) // in the second that two windows share
	end := begin.AddDate(0, 0, 699)
	client := s.serve(t, rakuten.WithLimiter(nil))
	seen := make(map[string]int)
	for order, err := range client.Orders.All(t.Context(), allParams(end)) {
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

func TestAllSplitsWindowsWithTooManyResults(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(16_000, begin, time.Second)
	client := s.serve(t, rakuten.WithLimiter(nil))
	var got []string
	for order, err := range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 2))) {
		require.NoError(t, err)
		got = append(got, order.OrderNumber)
	}
	assert.Equal(t, s.numbers(), got)
	for _, params := range s.searches {
		assert.LessOrEqual(t, params.Pagination.RequestPage, 15)
	}
}

func TestAllRefusesWhatNoSearchCanGive(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(15_001, begin.Add(time.Hour), 0)
	client := s.serve(t, rakuten.WithLimiter(nil))
	var last error
	for _, err := range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 1))) {
		last = err
	}
	require.ErrorIs(t, last, rakuten.ErrTooManyOrders)
}

func TestAllReportsOrdersWithAnError(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(250, begin, time.Minute)
	bad := s.orders[120].number
	s.missing = map[string]bool{bad: true}
	client := s.serve(t, rakuten.WithLimiter(nil))
	count := 0
	var failed []string
	for order, err := range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 1))) {
		if e, ok := errors.AsType[*rakuten.OrderError](err); ok {
			assert.Nil(t, order)
			assert.Equal(t, "E1", e.Code)
			failed = append(failed, e.OrderNumber)
			continue
		}
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 249, count)
	assert.Equal(t, []string{bad}, failed)
}

func TestAllGoesOnFromACheckpoint(t *testing.T) {
	t.Parallel()
	for _, stop := range []int{40, 99, 100, 101, 239} {
		t.Run(strconv.Itoa(stop), func(t *testing.T) {
			t.Parallel()
			s := &shelf{}
			s.put(240, begin, 12*time.Hour) // 120 days
			client := s.serve(t, rakuten.WithLimiter(nil))
			var at rakuten.Checkpoint
			var stored []byte
			var got []string
			for len(got) < 240 {
				at = rakuten.Checkpoint{}
				if stored != nil {
					require.NoError(t, json.Unmarshal(stored, &at))
				}
				params := allParams(begin.AddDate(0, 0, 125))
				params.Checkpoint = &at
				taken := 0
				for order, err := range client.Orders.All(t.Context(), params) {
					require.NoError(t, err)
					if taken == stop {
						break // this one was not stored
					}
					taken++
					got = append(got, order.OrderNumber)
					var err error
					stored, err = json.Marshal(at)
					require.NoError(t, err)
				}
				require.Positive(t, taken)
			}
			assert.Equal(t, s.numbers(), got)
		})
	}
}

func TestAllGoesOnWithALaterEnd(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(100, begin, time.Hour)
	client := s.serve(t, rakuten.WithLimiter(nil))
	var at rakuten.Checkpoint
	var got []string
	for _, end := range []time.Time{begin.Add(10 * time.Hour), begin.Add(10 * time.Hour), begin.Add(57 * time.Hour), begin.AddDate(0, 0, 5)} {
		params := allParams(end)
		params.Checkpoint = &at
		for order, err := range client.Orders.All(t.Context(), params) {
			require.NoError(t, err)
			got = append(got, order.OrderNumber)
		}
		assert.True(t, at.From.Equal(end))
	}
	assert.Equal(t, s.numbers(), got)
}

func TestAllFindsOrdersThatMovedMeanwhile(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.put(2500, begin, time.Minute)
	want := s.numbers()
	s.onPage = func(page int) { // an order of the first page leaves the selection
		if page == 2 && len(s.orders) == 2500 {
			s.orders = s.orders[1:]
		}
	}
	s.missing = map[string]bool{}
	client := s.serve(t, rakuten.WithLimiter(nil))
	seen := make(map[string]int)
	for order, err := range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 30))) {
		require.NoError(t, err)
		seen[order.OrderNumber]++
	}
	for _, number := range want {
		assert.Equal(t, 1, seen[number], number)
	}
}

func TestAllEndsWithAnErrorAfterWholeOrders(t *testing.T) {
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
	client, err := rakuten.NewClient(rakuten.StaticLicense(pair), rakuten.WithTestServer(srv.URL), rakuten.WithHTTPClient(srv.HTTPClient()), rakuten.WithLimiter(nil))
	require.NoError(t, err)
	got := 0
	var last error
	for order, err := range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 30))) {
		if last = err; order != nil {
			got++
		}
	}
	require.ErrorIs(t, last, rakuten.ErrInvalid)
	assert.Equal(t, 1000, got)
}

func TestAllStopsWithTheLoopAndTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // the bubble fails on goroutines that stay
		s := &shelf{latency: time.Second}
		s.put(5000, begin, time.Minute)
		client := s.serve(t)
		for range client.Orders.All(t.Context(), allParams(begin.AddDate(0, 0, 30))) {
			break
		}
		s.mu.Lock() // what was under way may still arrive
		defer s.mu.Unlock()
		assert.Less(t, len(s.gets), 15)
	})
}

func TestAllRefuses(t *testing.T) {
	t.Parallel()
	client := (&shelf{}).serve(t)
	for name, change := range map[string]func(*rakuten.AllOrdersParams){
		"window": func(p *rakuten.AllOrdersParams) { p.Window = 64 * 24 * time.Hour },
		"checkpoint": func(p *rakuten.AllOrdersParams) {
			p.Checkpoint = &rakuten.Checkpoint{DateType: rakuten.DateShipped, From: begin}
		},
		"endDatetime": func(p *rakuten.AllOrdersParams) { p.EndDatetime = rakuten.OrderTime{} },
	} {
		params := allParams(begin.AddDate(1, 0, 0))
		change(&params)
		var last error
		for _, err := range client.Orders.All(t.Context(), params) {
			last = err
		}
		require.ErrorIs(t, last, rakuten.ErrInvalid)
		assert.ErrorContains(t, last, name)
	}
}
