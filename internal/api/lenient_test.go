package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/lenient"
)

type line struct {
	Price int64          `json:"price"`
	Day   shotengai.Date `json:"day"`
}

type bill struct {
	ID    int64   `json:"id"`
	Note  *string `json:"note"`
	Paid  bool    `json:"paid"`
	Lines []line  `json:"lines"`
}

type bills struct {
	Bills []bill `json:"bills" rows:"id"`
	Total *int   `json:"total"`
}

func (b *bills) page() *shotengai.Page[bill] {
	return &shotengai.Page[bill]{Items: b.Bills, Total: b.Total}
}

const fiveBills = `{"total":"5","bills":[{"id":1},{"id":2,"lines":[{"price":1},{"price":100.5}]},{"id":"3","paid":1},` +
	`{"id":4,"lines":[{"day":"2026/11/30"}]},{"id":5}]}`

func TestOneOddRowCostsOneRow(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(200, "application/json", fiveBills))
	var sent int
	e := newEngine(t, srv.URL, nil, shotengai.WithDriftReport(func(shotengai.Drift) { sent++ }))
	page, err := List(t.Context(), e, Request{Operation: "GET /v1/bills"}, (*bills).page)
	require.NoError(t, err)
	assert.Equal(t, []bill{{ID: 1}, {ID: 3, Paid: true}, {ID: 5}}, page.Items)
	assert.Equal(t, 5, *page.Total)
	require.Len(t, page.RowErrors, 2)
	assert.Equal(t, []int{1, 3}, []int{page.RowErrors[0].Index, page.RowErrors[1].Index})
	assert.JSONEq(t, `{"id":2,"lines":[{"price":1},{"price":100.5}]}`, string(page.RowErrors[0].Raw))
	require.EqualError(t, page.RowErrors[0], `shop: GET /v1/bills: bills[1] (2): lines[1].price: 100.5 is not a whole number`)
	require.EqualError(t, page.RowErrors[1], `shop: GET /v1/bills: bills[3] (4): lines[0].day: "2026/11/30" is not a date like 2006-01-02`)
	assert.Equal(t, "lines[0].day", page.RowErrors[1].Path)
	assert.Equal(t, 3, sent, "three values are spelt otherwise: total, id, paid")
}

// A caller that does not take errors of rows gets no list that lacks some.
func TestRowsAreNotPassedOver(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(200, "application/json", fiveBills))
	e := newEngine(t, srv.URL, nil)
	for _, err := range []error{
		e.Do(t.Context(), Request{Operation: "GET /v1/bills"}, new(bills)),
		second(Get[bills](t.Context(), e, Request{Operation: "GET /v1/bills"})),
		second(Pick(t.Context(), e, Request{Operation: "GET /v1/bills"}, (*bills).page)),
	} {
		require.EqualError(t, err, `shop: GET /v1/bills: failed inside 200: the answer cannot be read: bills[1] (2): lines[1].price: 100.5 is not a whole number`)
		assert.False(t, IsRowError(err), "it is not one row that failed")
		assert.Equal(t, fiveBills, string(asShop(t, err).Body))
	}
}

func second[T any](_ T, err error) error { return err }

// A single thing that cannot be read is an error that names the place and has the body.
func TestMisreadAnswer(t *testing.T) {
	t.Parallel()
	body := `{"id":7,"note":"` + strings.Repeat("あ", 5000) + `","lines":[{"price":1},{"price":"x"}]}`
	srv := serve(t, answer(200, "application/json", body))
	err := newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1/bills/{id}", Path: ID(7)}, new(bill))
	require.EqualError(t, err, `shop: GET /v1/bills/{id}: failed inside 200: the answer cannot be read: lines[1].price: "x" is not a whole number`)
	e := asShop(t, err)
	assert.Equal(t, 1, e.Attempts)
	assert.Equal(t, body, string(e.Body))

	srv = serve(t, answer(200, "application/json", `{"id":"x","note":"`+strings.Repeat("x", 1<<20)+`"}`))
	err = newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, new(bill))
	assert.Len(t, asShop(t, err).Body, 64<<10)
}

// H06: texts with bytes that cannot be text are repaired, and the drift report names them.
func TestH06BrokenTextIsRepaired(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"{\"id\":1,\"note\":\"本a\xffb\"}":                "本a\ufffdb",
		"{\"id\":1,\"note\":\"a\xff\"}":                  "a\ufffd",
		"{\"id\":1,\"note\":\"a\nb\tc\x00\"}":            "a\nb\tc\ufffd",
		"{\"id\":1,\"note\":\"a\\ud83d!\"}":              "a\ufffd!",
		"{\"id\":1,\"note\":\"a\\udE00\\uD83D\\uDE00\"}": "a\ufffd😀",
		"{\"id\":1,\"note\":\"本\xe6\x9c\\ud800\x01本本\"}": "本\ufffd\ufffd\ufffd\ufffd本本",
	} {
		srv := serve(t, answer(200, "application/json", body))
		var out bill
		require.NoError(t, newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, &out), "%q", body)
		assert.Equal(t, want, *out.Note)

		var drift []shotengai.Drift
		e := newEngine(t, srv.URL, nil, shotengai.WithDriftReport(func(d shotengai.Drift) { drift = append(drift, d) }))
		require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, &out))
		assert.Equal(t, []shotengai.Drift{{Platform: "shop", Operation: "GET /v1", Path: "note", Kind: shotengai.DriftText}}, drift)

		err := newEngine(t, srv.URL, nil, shotengai.WithStrictDecoding()).Do(t.Context(), Request{Operation: "GET /v1"}, &out)
		require.ErrorIs(t, err, errOddValue)
		require.ErrorContains(t, err, "[note]")
	}
	var out bill
	srv := serve(t, answer(200, "application/json", `{"id":"1","note":"a\\ud83d","paid":0}`))
	err := newEngine(t, srv.URL, nil, shotengai.WithStrictDecoding()).Do(t.Context(), Request{Operation: "GET /v1"}, &out)
	require.ErrorContains(t, err, "[id paid]", "an escaped backslash is no surrogate")
}

// A row with a broken text is a sound row.
func TestBrokenTextInARow(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(200, "application/json", "{\"bills\":[{\"id\":1,\"note\":\"a\xff\"},{\"id\":2,\"note\":\"b\x01\"},{\"id\":\"x\"}]}"))
	var paths []string
	e := newEngine(t, srv.URL, nil, shotengai.WithDriftReport(func(d shotengai.Drift) { paths = append(paths, d.Path) }))
	page, err := List(t.Context(), e, Request{Operation: "GET /v1"}, (*bills).page)
	require.NoError(t, err)
	assert.Len(t, page.Items, 2)
	assert.Len(t, page.RowErrors, 1)
	assert.Equal(t, []string{"bills[0].note"}, paths, "of a list, the first")
}

// H06: another attempt does not mend a character set or a depth, so there is none.
func TestH06AnswersThatStayUnreadable(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 200_000) + "1" + strings.Repeat("}", 200_000)
	for name, tc := range map[string]struct {
		contentType, body string
		want              error
	}{
		"declared":  {"application/json; charset=EUC-JP", `{"id":1}`, ErrCharset},
		"Shift_JIS": {"application/json", "{\"note\":\"\x96{\x92I\"}", ErrCharset},
		"deep":      {"application/json", deep, lenient.ErrDepth},
	} {
		srv := serve(t, answer(200, tc.contentType, tc.body))
		err := newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, new(bill))
		require.ErrorIs(t, err, tc.want, name)
		assert.False(t, errorIs(err, shotengai.ErrUnavailable), name)
		assert.Equal(t, 1, asShop(t, err).Attempts, name)
	}
}

// Rows that cannot be read come in their place, once, and the walk goes on.
func TestWalkYieldsRowErrorsInPlace(t *testing.T) {
	t.Parallel()
	odd := func(index int, id string) *shotengai.RowError {
		return &shotengai.RowError{Index: index, ID: id, Raw: []byte(id), Err: errors.New("odd")}
	}
	list := []Batch[int]{
		{Items: []int{2, 3}, Errors: []*shotengai.RowError{odd(0, "1"), odd(3, "4")}, Next: 1, Total: new(9)},
		{Items: []int{5}, Errors: []*shotengai.RowError{odd(0, "4"), odd(2, "6")}, Next: 2, Total: new(9)}, // 4 again
		{Errors: []*shotengai.RowError{odd(0, "7"), odd(1, "8")}, Next: 3, Total: new(9)},
		{Items: []int{9}, Last: true, Total: new(9)},
	}
	walked := func(stop int) (got []string, failure error) {
		for v, err := range Walk(t.Context(), 0, itself, func(_ context.Context, at int) (Batch[int], error) { return list[at], nil }) {
			row, ok := errors.AsType[*shotengai.RowError](err)
			switch {
			case ok:
				got = append(got, "-"+row.ID)
			case err != nil:
				return got, err
			default:
				got = append(got, string(rune('0'+*v)))
			}
			if len(got) == stop {
				break
			}
		}
		return got, nil
	}
	want := []string{"-1", "2", "3", "-4", "5", "-6", "-7", "-8", "9"}
	for stop := range len(want) {
		got, err := walked(stop)
		require.NoError(t, err)
		if stop == 0 {
			stop = len(want)
		}
		assert.Equal(t, want[:stop], got)
	}

	list[2] = list[1] // the page once more
	list[2].Next = 3
	got, err := walked(0)
	require.ErrorIs(t, err, shotengai.ErrPageRepeated)
	assert.Equal(t, want[:6], got)
}

// A page that is asked for from the last row of the one before on shows whether the list has
// moved, also where that row cannot be read.
func TestWalkSeesAPageThatDoesNotJoin(t *testing.T) {
	t.Parallel()
	odd := func(id string) []*shotengai.RowError {
		return []*shotengai.RowError{{ID: id, Raw: []byte(id), Err: errors.New("odd")}}
	}
	for name, tc := range map[string]struct {
		first, second Batch[int]
		joins         bool
	}{
		"sound":              {Batch[int]{Items: []int{1, 2}}, Batch[int]{Items: []int{2, 3}}, true},
		"moved":              {Batch[int]{Items: []int{1, 2}}, Batch[int]{Items: []int{3}}, false},
		"empty":              {Batch[int]{Items: []int{1, 2}}, Batch[int]{}, false},
		"odd":                {Batch[int]{Errors: odd("2")}, Batch[int]{Errors: odd("2")}, true},
		"mended":             {Batch[int]{Errors: odd("2")}, Batch[int]{Items: []int{2}}, true},
		"became odd":         {Batch[int]{Items: []int{2}}, Batch[int]{Errors: odd("2")}, true},
		"odd and moved":      {Batch[int]{Errors: odd("2")}, Batch[int]{Errors: odd("3")}, false},
		"odd, without an id": {Batch[int]{Errors: odd("")}, Batch[int]{Items: []int{3}}, false},
	} {
		tc.first.Next, tc.second.Last, tc.second.Joined = 1, true, true
		var failure error
		for _, err := range Walk(t.Context(), 0, itself, func(_ context.Context, at int) (Batch[int], error) {
			return []Batch[int]{tc.first, tc.second}[at], nil
		}) {
			if err != nil && !IsRowError(err) {
				failure = err
			}
		}
		assert.Equal(t, !tc.joins, errors.Is(failure, shotengai.ErrRowsMoved), name)
	}
}

// FuzzRows: whatever becomes of one row of a list, the others are read, and the row itself is
// read, reported, or missing only where it is no row any more.
func FuzzRows(f *testing.F) {
	for _, s := range []string{`{"id":2}`, `{"id":"2","lines":[{"price":1.5}]}`, `null`, `[]`, `"x"`, "{\"note\":\"\xff\x01\\ud800\"}", `{"lines":{}}`, `{"id":1e3,"paid":2}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, odd []byte) {
		if !json.Valid(lenient.CleanJSON(odd)) || len(bytes.TrimSpace(odd)) == 0 {
			return
		}
		data := slices.Concat([]byte(`{"bills":[{"id":1},`), odd, []byte(`,{"id":3,"paid":true}],"total":3}`))
		var out bills
		var notes Notes
		require.NoError(t, JSON.Decode(data, &out, &notes), "%s", data)
		require.Equal(t, 3, len(out.Bills)+len(notes.Rows), "%s", data)
		require.Equal(t, bill{ID: 1}, out.Bills[0])
		require.Equal(t, bill{ID: 3, Paid: true}, out.Bills[len(out.Bills)-1])
		for _, row := range notes.Rows {
			require.Equal(t, 1, row.Index)
			require.Equal(t, string(bytes.TrimSpace(odd)), string(row.Raw))
		}
	})
}

func TestRawAnswersAreNotRead(t *testing.T) {
	t.Parallel()
	srv := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("\xff\x1b$B")) }))
	var out []byte
	require.NoError(t, newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, &out))
}
