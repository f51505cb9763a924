package shotengai_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func ExampleParallel() {
	srv := rakutentest.NewServer()
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	// 20 patches a second are allowed, and an answer takes about half a second: ten at once are enough.
	titles := map[string]string{"sensu": "扇子", "geta-kiri": "桐の下駄", "gone": "なし"}
	names := []string{"sensu", "gone", "geta-kiri"}
	_, results := shotengai.Parallel(context.Background(), 10, names, func(ctx context.Context, name string) (struct{}, error) {
		return struct{}{}, client.Items.Patch(ctx, name, rakuten.PatchItemRequest{Title: titles[name]})
	})
	for _, row := range results.Rows {
		fmt.Println(row.Key, row.State)
	}
	if err := results.Stopped(); err != nil { // nothing helps the other rows before this is mended
		fmt.Println(err)
	}
	// Output:
	// sensu done
	// gone failed
	// geta-kiri done
}

func failedCall(kind error, status int) *shotengai.Error {
	return &shotengai.Error{Platform: "shop", Operation: "PUT /v1/rows", Kind: kind, StatusCode: status, Attempts: 1}
}

func statesOf[K any](results *shotengai.Results[K]) (states []shotengai.RowState) {
	for _, row := range results.Rows {
		states = append(states, row.State)
	}
	return states
}

func TestParallelKeepsTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		values, results := shotengai.Parallel(t.Context(), 2, []int{3, 2, 1}, func(_ context.Context, key int) (string, error) {
			<-time.After(time.Duration(key) * time.Second)
			return strconv.Itoa(10 * key), nil
		})
		assert.Equal(t, []string{"30", "20", "10"}, values)
		assert.Equal(t, []shotengai.Row[int]{
			{Index: 0, Key: 3, State: shotengai.RowDone}, {Index: 1, Key: 2, State: shotengai.RowDone}, {Index: 2, Key: 1, State: shotengai.RowDone},
		}, results.Rows)
		require.NoError(t, results.Err())
		require.NoError(t, results.Stopped())
		assert.Equal(t, 3*time.Second, time.Since(start))
	})
	values, results := shotengai.Parallel(t.Context(), 0, nil, func(context.Context, int) (int, error) { return 0, nil })
	assert.Empty(t, values)
	assert.Empty(t, results.Rows)
}

// A row that fails for itself costs that row alone.
func TestParallelGoesOn(t *testing.T) {
	t.Parallel()
	lost := failedCall(shotengai.ErrUnavailable, 0)
	lost.Unknown = true
	unsent := failedCall(shotengai.ErrInvalid, 0)
	unsent.Attempts = 0
	for _, tt := range []struct {
		name  string
		err   error
		state shotengai.RowState
	}{
		{"refused", failedCall(shotengai.ErrInvalid, 400), shotengai.RowFailed},
		{"not there", failedCall(shotengai.ErrNotFound, 404), shotengai.RowFailed},
		{"refused before sending", unsent, shotengai.RowFailed},
		{"a rule of the app", errors.New("it costs nothing"), shotengai.RowFailed},
		{"a sentinel of the app's own call", fmt.Errorf("no such article: %w", shotengai.ErrNotFound), shotengai.RowFailed},
		{"lost", lost, shotengai.RowUnknown},
		{"too fast", failedCall(shotengai.ErrRateLimited, 429), shotengai.RowNotSent},
		{"out of service", failedCall(shotengai.ErrUnavailable, 503), shotengai.RowNotSent},
		{"a time limit of the row's own", failedCall(context.DeadlineExceeded, 0), shotengai.RowNotSent},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{1, 4} {
				values, results := shotengai.Parallel(t.Context(), n, []int{0, 1, 2, 3, 4, 5}, func(_ context.Context, key int) (int, error) {
					if key == 1 {
						return 7, tt.err
					}
					return key, nil
				})
				done := shotengai.RowDone
				assert.Equal(t, []shotengai.RowState{done, tt.state, done, done, done, done}, statesOf(results))
				assert.Equal(t, []int{0, 7, 2, 3, 4, 5}, values, "a value beside an error is kept")
				require.NoError(t, results.Stopped())
				require.ErrorContains(t, results.Err(), "1 of 6 rows failed")
			}
		})
	}
}

// What would meet the other rows too stops them, but not those that have begun.
func TestParallelStops(t *testing.T) {
	t.Parallel()
	closed := failedCall(nil, 0)
	closed.Attempts, closed.Cause = 0, errors.New("the source is closed")
	store := failedCall(shotengai.ErrUnavailable, 0)
	store.Attempts = 0
	for name, err := range map[string]error{
		"unauthorized": failedCall(shotengai.ErrUnauthorized, 401), "reauthorize": fmt.Errorf("token: %w", shotengai.ErrReauthorize),
		"forbidden": failedCall(shotengai.ErrForbidden, 403), "not sent": closed, "no credential for now": store,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				values, results := shotengai.Parallel(t.Context(), 2, []int{0, 1, 2, 3, 4, 5}, func(ctx context.Context, key int) (int, error) {
					<-time.After(time.Duration(1+key) * time.Second)
					assert.NoError(t, ctx.Err(), "what has begun is not cancelled")
					if key == 1 {
						return 0, err
					}
					return key, nil
				})
				done, not := shotengai.RowDone, shotengai.RowNotSent
				assert.Equal(t, []shotengai.RowState{done, not, done, not, not, not}, statesOf(results))
				assert.Equal(t, []int{0, 0, 2, 0, 0, 0}, values)
				assert.Equal(t, results.Rows[1].Message, results.Rows[4].Message, "the reason")
				require.ErrorIs(t, results.Stopped(), err)
				require.ErrorIs(t, results.Err(), err)
			})
		})
	}
}

// The end of the context stops also those rows whose calls take no notice of it. A call that it
// cut off is unknown, and no reason for those that were not begun.
func TestParallelStopsWithTheContext(t *testing.T) {
	t.Parallel()
	cut := failedCall(shotengai.ErrUnavailable, 0)
	cut.Unknown, cut.Cause = true, context.Canceled
	for name, err := range map[string]error{"takes no notice": nil, "cut off": cut, "ended": fmt.Errorf("row: %w", context.Canceled)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var begun atomic.Int64
			_, results := shotengai.Parallel(ctx, 1, []int{0, 1, 2}, func(context.Context, int) (int, error) {
				begun.Add(1)
				cancel()
				return 0, err
			})
			assert.EqualValues(t, 1, begun.Load())
			require.ErrorIs(t, results.Stopped(), context.Canceled)
			require.NotErrorIs(t, results.Stopped(), shotengai.ErrOutcomeUnknown)
			first := map[string]shotengai.RowState{"takes no notice": shotengai.RowDone, "cut off": shotengai.RowUnknown, "ended": shotengai.RowNotSent}[name]
			assert.Equal(t, []shotengai.RowState{first, shotengai.RowNotSent, shotengai.RowNotSent}, statesOf(results))
			assert.Contains(t, results.Rows[2].Message, "context canceled")
		})
	}
}

func TestParallelRaisesPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // which ends only when no goroutine is left
		assert.PanicsWithValue(t, io.EOF, func() {
			shotengai.Parallel(t.Context(), 3, make([]int, 9), func(context.Context, int) (int, error) { panic(io.EOF) })
		})
	})
}
