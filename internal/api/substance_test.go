package api

import (
	"encoding/json"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// A success that says nothing of what was asked for is none.
func TestAnswersThatSayNothing(t *testing.T) {
	t.Parallel()
	type sales struct {
		Sales []int           `json:"sales"`
		Stat  struct{ N int } `json:"stat"`
		Raw   json.RawMessage `json:"raw"`
	}
	for body, fine := range map[string]bool{
		`{}`: false, `null`: false, `{"sales":null}`: false, `{"errors":[{"code":500}]}`: false, `{"errors":[],"sales":null}`: false,
		`{"sales":[]}`: true, `{"stat":{"N":0}}`: true, `{"stat":{}}`: true, `{"sales":[1],"more":2}`: true,
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			var calls atomic.Int32
			e := newEngine(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				answer(200, "application/json", body)(w, r)
			}).URL, nil)
			err := e.Do(t.Context(), Request{Operation: method + " /v1"}, new(sales))
			assert.Equal(t, fine, err == nil, "%s %s: %v", method, body, err)
			assert.EqualValues(t, 1, calls.Load(), "it is not asked again")
			if !fine {
				require.ErrorIs(t, err, errNothingExpected)
				assert.Equal(t, method == http.MethodPost, errorIs(err, shotengai.ErrOutcomeUnknown), "a write may have been carried out")
			}
		}
	}
	e := newEngine(t, serve(t, answer(200, "application/json", `{}`)).URL, nil)
	require.NoError(t, e.Do(t.Context(), Request{Operation: "DELETE /v1"}, nil), "nothing was asked for")
	require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, new(map[string]int)))
}

// A list that is empty by accident does not select everything.
func TestEmptyListsInQueries(t *testing.T) {
	t.Parallel()
	type params struct {
		IDs   []int64 `url:"ids,omitempty"`
		Limit int     `url:"limit,omitempty"`
	}
	var calls atomic.Int32
	e := newEngine(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		answer(200, "application/json", `{}`)(w, r)
	}).URL, nil)
	for _, empty := range []any{params{IDs: []int64{}}, &params{IDs: []int64{}, Limit: 1}} {
		err := e.Do(t.Context(), Request{Operation: "GET /v1", Params: empty}, nil)
		require.ErrorIs(t, err, shotengai.ErrInvalid)
		require.ErrorContains(t, err, "IDs is an empty list")
	}
	assert.Zero(t, calls.Load())
	for _, full := range []any{params{}, &params{IDs: []int64{1}}, (*params)(nil)} {
		require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1", Params: full}, nil))
	}
}
