package shotengai_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

func ExampleResults() {
	results := shotengai.Results[string]{Rows: []shotengai.Row[string]{
		{Index: 0, Key: "order-1", State: shotengai.RowDone},
		{Index: 1, Key: "order-2", State: shotengai.RowFailed, Code: "E1", Message: "cancelled already"},
	}}
	for _, row := range results.Failed() {
		fmt.Println(row.Key, row.State)
	}
	fmt.Println(results.Err())
	// Output:
	// order-2 failed
	// 1 of 2 rows failed: row 1 (order-2): failed: cancelled already (E1)
}

func TestResults(t *testing.T) {
	t.Parallel()
	results := shotengai.Results[int]{}
	require.NoError(t, results.Err())
	for i, state := range []shotengai.RowState{shotengai.RowDone, shotengai.RowFailed, shotengai.RowNotSent, shotengai.RowUnknown, shotengai.RowFailed} {
		results.Rows = append(results.Rows, shotengai.Row[int]{Index: i, Key: 100 + i, State: state})
	}
	err := results.Err()
	require.EqualError(t, err, "4 of 5 rows failed: row 1 (101): failed; row 2 (102): not sent; row 3 (103): unknown; …")
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	require.NotErrorIs(t, err, shotengai.ErrNotFound)
	row, ok := errors.AsType[*shotengai.RowFailure](err)
	require.True(t, ok)
	assert.Equal(t, "101", row.Key)
	assert.Len(t, results.Failed(), 4)
	require.NotErrorIs(t, &shotengai.RowFailure{State: shotengai.RowNotSent}, shotengai.ErrInvalid)
}

func TestRowError(t *testing.T) {
	t.Parallel()
	cause := errors.New("\"2026/11/30\" is not a date")
	err := error(&shotengai.RowError{
		Platform: "rakuten", Operation: "POST /es/2.0/order/getOrder/", Index: 2, ID: "400001-20261130-1", Path: "deliveryDate", Raw: []byte("secret"), Err: cause,
	})
	require.EqualError(t, err, "rakuten: POST /es/2.0/order/getOrder/: row 2 (400001-20261130-1): deliveryDate: \"2026/11/30\" is not a date")
	require.ErrorIs(t, err, cause)
	require.EqualError(t, &shotengai.RowError{Platform: "p", Operation: "o", Err: cause}, "p: o: row 0: \"2026/11/30\" is not a date")
}

func TestRowOutcome(t *testing.T) {
	t.Parallel()
	call := func(status int, kind error, code, message string) *shotengai.Error {
		return &shotengai.Error{
			Platform: "shop", Operation: "PUT /v1/rows", StatusCode: status, Attempts: min(status, 1),
			Kind: kind, Code: code, Message: message,
		}
	}
	lost := call(0, shotengai.ErrUnavailable, "", "")
	lost.Attempts, lost.Unknown = 1, true
	doubtful := call(200, shotengai.ErrInvalid, "E1", "だめ")
	doubtful.Unknown = true
	wrong := call(0, shotengai.ErrInvalid, "", "")
	wrong.Cause = errors.Join(errors.New("a: is required"), errors.New("b: is required"))
	for _, tt := range []struct {
		name          string
		err           error
		state         shotengai.RowState
		code, message string
	}{
		{"invalid", call(400, shotengai.ErrInvalid, "E1", "だめ"), shotengai.RowFailed, "E1", "だめ"},
		{"invalid inside 200", call(200, shotengai.ErrInvalid, "E1", "だめ"), shotengai.RowFailed, "E1", "だめ"},
		{"not found", call(404, shotengai.ErrNotFound, "", "ない"), shotengai.RowFailed, "", "ない"},
		{"conflict", call(409, shotengai.ErrConflict, "E2", ""), shotengai.RowFailed, "E2", "PUT /v1/rows: 409 conflict (E2)"},
		{"wrapped", fmt.Errorf("rows 1 to 9: %w", call(404, shotengai.ErrNotFound, "", "")), shotengai.RowFailed, "", "rows 1 to 9: shop: PUT /v1/rows: 404 not found"},
		{"unauthorized", call(401, shotengai.ErrUnauthorized, "E3", "期限切れ"), shotengai.RowNotSent, "E3", "期限切れ"},
		{"forbidden", call(403, shotengai.ErrForbidden, "", ""), shotengai.RowNotSent, "", "PUT /v1/rows: 403 forbidden"},
		{"rate limited", call(429, shotengai.ErrRateLimited, "", ""), shotengai.RowNotSent, "", "PUT /v1/rows: 429 too many requests"},
		{"lost", lost, shotengai.RowUnknown, "", "PUT /v1/rows: no answer; the call may have been carried out: look before repeating it"},
		{"refused in part", doubtful, shotengai.RowUnknown, "E1", "だめ"},
		{"invalid and not sent", wrong, shotengai.RowNotSent, "", "PUT /v1/rows: not sent: a: is required; b: is required"},
		{"invalid, of no call", fmt.Errorf("a row\nis %w", shotengai.ErrInvalid), shotengai.RowNotSent, "", "a row; is invalid request"},
		{"none", nil, shotengai.RowDone, "", ""},
		{"cancelled", context.Canceled, shotengai.RowNotSent, "", "context canceled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			state, code, message := shotengai.RowOutcome(tt.err)
			assert.Equal(t, tt.state, state)
			assert.Equal(t, tt.code, code)
			assert.Equal(t, tt.message, message)
		})
	}
}
