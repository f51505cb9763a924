package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// memory answers every request at once with the same body.
type memory struct{ body []byte }

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		ContentLength: int64(len(m.body)),
		Body:          io.NopCloser(bytes.NewReader(m.body)),
		Request:       r,
	}, nil
}

// row is as wide as an order of a shop.
type row struct {
	ID       int64    `json:"id"`
	Name     string   `json:"name"`
	Mail     string   `json:"mail"`
	Total    int64    `json:"total"`
	Paid     bool     `json:"paid"`
	Postal   string   `json:"postal"`
	Address  string   `json:"address"`
	Memo     *string  `json:"memo"`
	Delivery []detail `json:"details"`
}

type detail struct {
	ProductID int64  `json:"product_id"`
	Name      string `json:"name"`
	Price     int64  `json:"price"`
	Count     int    `json:"count"`
}

type rows struct {
	Rows []row `json:"rows"`
}

func thousandRows(tb testing.TB) []byte {
	tb.Helper()
	list := rows{Rows: make([]row, 1000)}
	for i := range list.Rows {
		list.Rows[i] = row{
			ID: int64(i), Name: "山田 太郎", Mail: fmt.Sprintf("taro%d@example.jp", i), Total: 1100, Postal: "1500001", Address: "東京都渋谷区神宮前",
			Delivery: []detail{{ProductID: 7, Name: "茶碗", Price: 500, Count: 2}},
		}
	}
	data, err := json.Marshal(list)
	require.NoError(tb, err)
	return data
}

type listParams struct {
	Limit  int    `url:"limit,omitempty"`
	Offset int    `url:"offset,omitempty"`
	After  string `url:"after,omitempty"`
	IDs    []int  `url:"ids,omitempty,comma"`
}

func memoryEngine(tb testing.TB, body []byte) *Engine {
	tb.Helper()
	e, err := New(shopPlatform(), Bearer(static("token")), shotengai.WithHTTPClient(&http.Client{Transport: memory{body}}))
	require.NoError(tb, err)
	return e
}

// bare is the same call as an app would write it on net/http.
func bare(tb testing.TB, client *http.Client, query string, out any) {
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, "https://api.shop.test/base/v1/things/1"+query, nil)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer token")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "app")
	resp, err := client.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(body, out); err != nil {
		tb.Fatal(err)
	}
}

func get(tb testing.TB, e *Engine, params, out any) {
	if err := e.Do(tb.Context(), Request{Operation: "GET /v1/things/{id}", Path: ID(1), Params: params}, out); err != nil {
		tb.Fatal(err)
	}
}

func TestAllocsPerGet(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	body := []byte(`{"id":1,"name":"a"}`)
	e := memoryEngine(t, body)
	client := &http.Client{Transport: memory{body}}
	plain := testing.AllocsPerRun(200, func() { bare(t, client, "", new(thing)) })
	without := testing.AllocsPerRun(200, func() { get(t, e, nil, new(thing)) })
	with := testing.AllocsPerRun(200, func() { get(t, e, listParams{Limit: 100, Offset: 200, After: "2026-01-01"}, new(thing)) })
	t.Logf("bare %v, without a query %v, with one %v", plain, without, with)
	assert.LessOrEqual(t, without-plain, 15.0, "without a query")
	assert.LessOrEqual(t, with-plain, 50.0, "with a query")
}

func TestAllocsPerList(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	body := thousandRows(t)
	e := memoryEngine(t, body)
	plain, plainBytes := allocated(func() { require.NoError(t, json.Unmarshal(body, new(rows))) })
	list, listBytes := allocated(func() { get(t, e, nil, new(rows)) })
	t.Logf("json.Unmarshal %.0f, %.0f bytes; list %.0f, %.0f bytes", plain, plainBytes, list, listBytes)
	assert.LessOrEqual(t, list, 1.05*plain)
	// Besides the rows, a call holds the body it read them from, once.
	assert.LessOrEqual(t, listBytes, 1.05*(plainBytes+float64(len(body))))
}

// What is sound costs what json.Unmarshal costs.
func TestAllocsPerSoundAnswer(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	body := []byte(`{"bills":[{"id":1},{"id":2,"lines":[{"price":1}]}],"total":2}`)
	var notes Notes
	plain := testing.AllocsPerRun(100, func() { _ = json.Unmarshal(body, new(bills)) })
	ours := testing.AllocsPerRun(100, func() { _ = JSON.Decode(body, new(bills), &notes) })
	assert.Equal(t, plain, ours)
}

// allocated returns the allocations and the bytes of a call of f.
func allocated(f func()) (count, size float64) {
	const runs = 50
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	count = testing.AllocsPerRun(runs, f)
	runtime.ReadMemStats(&after)
	return count, float64(after.TotalAlloc-before.TotalAlloc) / (runs + 1) // AllocsPerRun warms up with one
}

func benchmarkUnmarshal(b *testing.B, body []byte) {
	b.ReportAllocs()
	for b.Loop() {
		if err := json.Unmarshal(body, new(rows)); err != nil {
			b.Fatal(err)
		}
	}
}

func benchmarkList(b *testing.B, e *Engine) {
	b.ReportAllocs()
	for b.Loop() {
		get(b, e, nil, new(rows))
	}
}

func BenchmarkGet(b *testing.B) {
	body := []byte(`{"id":1,"name":"a"}`)
	client := &http.Client{Transport: memory{body}}
	b.Run("bare net/http", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			bare(b, client, "", new(thing))
		}
	})
	e := memoryEngine(b, body)
	b.Run("without a query", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			get(b, e, nil, new(thing))
		}
	})
	b.Run("with a query", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			get(b, e, listParams{Limit: 100, Offset: 200, After: "2026-01-01"}, new(thing))
		}
	})
}

func BenchmarkList1000(b *testing.B) {
	body := thousandRows(b)
	b.Run("json.Unmarshal", func(b *testing.B) { benchmarkUnmarshal(b, body) })
	e := memoryEngine(b, body)
	b.Run("list", func(b *testing.B) { benchmarkList(b, e) })
}
