package api

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// memory answers every request at once with the same body, framed as a transport hands it on.
type memory struct {
	body    []byte
	framing framing
}

// framing is how a server sends a body.
type framing string

const (
	withLength framing = ""
	chunked    framing = "chunked"
	gzipped    framing = "gzip" // and chunked
)

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	length, body := int64(len(m.body)), io.Reader(bytes.NewReader(m.body))
	if m.framing != withLength {
		length = -1
	}
	if m.framing == gzipped {
		var err error
		if body, err = gzip.NewReader(body); err != nil {
			return nil, err
		}
	}
	return &http.Response{
		StatusCode: 200, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		ContentLength: length,
		Body:          io.NopCloser(body),
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

func memoryEngine(tb testing.TB, body []byte, as framing) *Engine {
	tb.Helper()
	e, err := New(shopPlatform(), Bearer(static("token")), shotengai.WithHTTPClient(&http.Client{Transport: memory{body, as}}))
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
	e := memoryEngine(t, body, withLength)
	client := &http.Client{Transport: memory{body: body}}
	plain := testing.AllocsPerRun(200, func() { bare(t, client, "", new(thing)) })
	without := testing.AllocsPerRun(200, func() { get(t, e, nil, new(thing)) })
	with := testing.AllocsPerRun(200, func() { get(t, e, listParams{Limit: 100, Offset: 200, After: "2026-01-01"}, new(thing)) })
	t.Logf("bare %v, without a query %v, with one %v", plain, without, with)
	assert.LessOrEqual(t, without-plain, 11.0, "without a query")
	assert.LessOrEqual(t, with-plain, 33.0, "with a query")
}

// However an answer is framed, a call holds the body besides the rows that it reads from it,
// once: it expects one like that before.
func TestAllocsPerList(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	body := thousandRows(t)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(body)
	require.NoError(t, errors.Join(err, w.Close()))
	plain, plainBytes := allocated(func() { require.NoError(t, json.Unmarshal(body, new(rows))) })
	unpack, unpackBytes := allocated(func() {
		r, err := gzip.NewReader(bytes.NewReader(packed.Bytes()))
		require.NoError(t, err)
		_, _ = io.Copy(io.Discard, r)
	})
	for as, sent := range map[framing][]byte{withLength: body, chunked: body, gzipped: packed.Bytes()} {
		e := memoryEngine(t, sent, as)
		most, mostBytes := plain, plainBytes+float64(len(body))
		if as == gzipped {
			most, mostBytes = most+unpack, mostBytes+unpackBytes
		}
		list, listBytes := allocated(func() { get(t, e, nil, new(rows)) })
		t.Logf("%q: json.Unmarshal %.0f, %.0f bytes; list %.0f, %.0f bytes", as, plain, plainBytes, list, listBytes)
		assert.LessOrEqual(t, list, 1.05*most, as)
		assert.LessOrEqual(t, listBytes, 1.05*mostBytes, as)
	}
}

// A client remembers the sizes of a bounded number of operations, and not those of failures.
func TestSizes(t *testing.T) {
	t.Parallel()
	status := 200
	srv := serve(t, func(w http.ResponseWriter, _ *http.Request) { answer(status, "application/json", `{"id":1}`)(w, nil) })
	e := newEngine(t, srv.URL, nil)
	require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1/things/{id}", Path: ID(7)}, new(thing)))
	status = 404
	require.Error(t, e.Do(t.Context(), Request{Operation: "GET /v1/others"}, new(thing)))
	assert.Equal(t, map[string]int64{"GET /v1/things/{id}": 8}, e.sizes.byOperation)
	for i := range 10 * maxSizes {
		e.sizes.note(strconv.Itoa(i), i)
		assert.EqualValues(t, i, e.sizes.last(strconv.Itoa(i)))
	}
	assert.LessOrEqual(t, len(e.sizes.byOperation), maxSizes)
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
	client := &http.Client{Transport: memory{body: body}}
	b.Run("bare net/http", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			bare(b, client, "", new(thing))
		}
	})
	e := memoryEngine(b, body, withLength)
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
	e := memoryEngine(b, body, withLength)
	b.Run("list", func(b *testing.B) { benchmarkList(b, e) })
}
