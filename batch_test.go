package shotengai_test

import (
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
