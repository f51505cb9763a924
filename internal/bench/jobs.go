package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// job is work of many calls, on a platform that allows some of them in a window.
type job struct {
	who     string
	allowed int
	window  time.Duration
	rows    int // in a quick run a fortieth of them
	answer  func(w http.ResponseWriter, r *http.Request, rows int)
	run     func(opts []shotengai.Option, rows int, each func(error))
	loop    bool // it yields its rows to a loop
}

// pageSize is how many rows a page has.
const pageSize = 100

var allJobs = []job{
	{"Color Me orders", 120, time.Minute, 6000 * pageSize, sales, walkSales, true},
	{"STORES orders", 60, time.Minute, 6000 * pageSize, storesOrders, walkStoresOrders, true},
	{"Rakuten orders", 1, time.Second, 2000 * pageSize, rakutenOrders, walkRakutenOrders, true},
	{"Color Me stock", 120, time.Minute, 6000, product, updateStock, false},
	{"Rakuten items", 1, time.Second, 2000 * rakuten.MaxItemsPerGet, items, getItems, false},
}

// jobs compares how long jobs take with what the platform's published limit makes them take, for
// answers that take so long, and a loop that works on each row for so long. The clock is that of a
// bubble: nothing waits, and the figures are the same on each machine.
func jobs(m *meter) (rows []row) {
	for _, tt := range []struct {
		latency, work time.Duration
		goal          float64
		en, ja        string
	}{
		{50 * time.Millisecond, 0, 1.05, "answers in 50 ms", "応答 50 ms"},
		{200 * time.Millisecond, 0, 1.05, "answers in 200 ms", "応答 200 ms"},
		{800 * time.Millisecond, 5 * time.Millisecond, 1.1, "answers in 800 ms, a loop of 5 ms a row", "応答 800 ms、1 行に 5 ms のループ"},
	} {
		r := row{what: [2]string{"many calls, " + tt.en + ", time of what the limit allows", "多数の呼び出し、" + tt.ja + "、制限で決まる最短時間に対する時間"}, goal: tt.goal}
		for _, j := range allJobs {
			if m.quick {
				j.rows /= 40
			}
			r.ours = append(r.ours, j.measure(m.t, tt.latency, tt.work))
		}
		rows = append(rows, r)
	}
	return rows
}

func (j job) measure(t *testing.T, latency, work time.Duration) (f figure) {
	synctest.Test(t, func(*testing.T) {
		var calls atomic.Int64
		srv := fake.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			<-time.After(latency)
			w.Header().Set("Content-Type", "application/json")
			j.answer(w, r, j.rows)
		}), fake.Config{InMemory: true})
		defer srv.Close()
		began, rows := time.Now(), 0
		j.run([]shotengai.Option{shotengai.WithTestServer(srv.URL), shotengai.WithHTTPClient(srv.HTTPClient())}, j.rows, func(err error) {
			must(err)
			if rows++; j.loop && work > 0 {
				<-time.After(work)
			}
		})
		took := time.Since(began)
		if rows != j.rows {
			panic(fmt.Sprintf("%s: %d rows of %d", j.who, rows, j.rows))
		}
		least := j.window * time.Duration(max(int(calls.Load())-j.allowed, 0)) / time.Duration(j.allowed)
		if j.loop {
			least = max(least, work*time.Duration(j.rows))
		}
		f = figure{j.who, float64(least + latency), float64(took) / float64(least+latency)}
	})
	return f
}

// asked returns which rows a request for a page is about.
func asked(r *http.Request, rows int) (offset, to int) {
	offset, _ = strconv.Atoi(r.URL.Query().Get("offset"))
	return offset, min(offset+pageSize, rows)
}

// listOf are rows, with numbers from offset+1 to to.
func listOf(format string, offset, to int) string {
	var b strings.Builder
	for i := offset; i < to; i++ {
		fmt.Fprintf(&b, format, i+1)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func sales(w http.ResponseWriter, r *http.Request, rows int) {
	offset, to := asked(r, rows)
	fmt.Fprintf(w, `{"sales":[%s],"meta":{"total":%d,"limit":%d,"offset":%d}}`, listOf(`{"id":%d},`, offset, to), rows, pageSize, offset)
}

func walkSales(opts []shotengai.Option, _ int, each func(error)) {
	client := got(colorme.NewClient(token, opts...))
	for _, err := range client.Sales.All(ctx, colorme.ListSalesParams{MakeDateMin: colorme.At(time.Now())}) {
		each(err)
	}
}

func storesOrders(w http.ResponseWriter, r *http.Request, rows int) {
	offset, to := asked(r, rows)
	fmt.Fprintf(w, `{"orders":[%s]}`, listOf(`{"id":"%d"},`, offset, to))
}

func walkStoresOrders(opts []shotengai.Option, _ int, each func(error)) {
	client := got(stores.NewClient(token, opts...))
	for _, err := range client.Orders.All(ctx, stores.ListOrdersParams{}) {
		each(err)
	}
}

func product(w http.ResponseWriter, _ *http.Request, _ int) {
	io.WriteString(w, `{"product":{"id":1}}`)
}

func updateStock(opts []shotengai.Option, rows int, each func(error)) {
	client := got(colorme.NewClient(token, opts...))
	changes := make([]colorme.UpdateStockRequest, rows)
	for i := range changes {
		changes[i] = colorme.UpdateStockRequest{ProductID: int64(i + 1), Stocks: colorme.SetStocks(7)}
	}
	results := got(client.Stocks.UpdateMany(ctx, changes))
	must(results.Err())
	for range results.Rows {
		each(nil)
	}
}

func rakutenClientOf(opts []shotengai.Option) *rakuten.Client {
	clock := shotengai.WithClock(func() time.Time { return firstOrder.AddDate(1, 0, 0) })
	return got(rakuten.NewClient(rakuten.StaticLicense(rakuten.License{ServiceSecret: "SP", Key: "SL"}), append(opts, clock)...))
}

// firstOrder is when the first order at Rakuten came in. The others follow each other by a minute.
var firstOrder = time.Date(2026, 1, 1, 0, 0, 0, 0, shotengai.JST)

func orderAt(i int) time.Time { return firstOrder.Add(time.Duration(i) * time.Minute) }

func rakutenOrders(w http.ResponseWriter, r *http.Request, rows int) {
	type order struct {
		OrderNumber   string            `json:"orderNumber"`
		OrderDatetime rakuten.OrderTime `json:"orderDatetime"`
	}
	if strings.HasSuffix(r.URL.Path, "/getOrder/") {
		var body struct {
			OrderNumberList []string `json:"orderNumberList"`
		}
		must(json.NewDecoder(r.Body).Decode(&body))
		orders := make([]order, len(body.OrderNumberList))
		for i, number := range body.OrderNumberList {
			n := got(strconv.Atoi(number[len(number)-10:]))
			orders[i] = order{number, rakuten.At(orderAt(n))}
		}
		must(json.NewEncoder(w).Encode(map[string]any{"MessageModelList": []any{}, "OrderModelList": orders}))
		return
	}
	var params rakuten.SearchOrdersParams
	must(json.NewDecoder(r.Body).Decode(&params))
	minutes := func(at rakuten.OrderTime) int { return int(at.Sub(firstOrder) / time.Minute) }
	first, after := max(minutes(params.StartDatetime), 0), min(minutes(params.EndDatetime)+1, rows)
	size, page := params.Pagination.RequestRecordsAmount, params.Pagination.RequestPage
	numbers := []string{}
	for i := first + (page-1)*size; i < min(first+page*size, after); i++ {
		numbers = append(numbers, fmt.Sprintf("123456-%s-%010d", orderAt(i).Format("20060102"), i))
	}
	total := max(after-first, 0)
	must(json.NewEncoder(w).Encode(map[string]any{"MessageModelList": []any{}, "orderNumberList": numbers, "PaginationResponseModel": map[string]any{
		"totalRecordsAmount": total, "totalPages": (total + size - 1) / size, "requestPage": page,
	}}))
}

func walkRakutenOrders(opts []shotengai.Option, rows int, each func(error)) {
	params := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(firstOrder), EndDatetime: rakuten.At(orderAt(rows - 1))}
	for _, err := range rakutenClientOf(opts).Orders.All(ctx, params) {
		each(err)
	}
}

func items(w http.ResponseWriter, r *http.Request, _ int) {
	var body struct {
		ManageNumbers []string `json:"manageNumbers"`
	}
	must(json.NewDecoder(r.Body).Decode(&body))
	type item struct {
		ManageNumber string `json:"manageNumber"`
	}
	var found []item
	for _, number := range body.ManageNumbers {
		found = append(found, item{number})
	}
	must(json.NewEncoder(w).Encode(map[string]any{"results": found}))
}

func getItems(opts []shotengai.Option, rows int, each func(error)) {
	numbers := make([]string, rows)
	for i := range numbers {
		numbers[i] = fmt.Sprint("item", i)
	}
	for range got(rakutenClientOf(opts).Items.BulkGet(ctx, numbers)).Items {
		each(nil)
	}
}
