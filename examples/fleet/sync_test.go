package main

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// The kind of an error decides what becomes of a job.
func TestJudge(t *testing.T) {
	t.Parallel()
	ctx, db := newSchema(t)
	require.NoError(t, db.migrate(ctx))
	_, err := db.pool.Exec(ctx, "INSERT INTO shops (id) VALUES ('a')")
	require.NoError(t, err)
	w := &syncWorker{db: db}

	var snooze *rivertype.JobSnoozeError
	limited := errors.Join(shotengai.ErrRateLimited, &shotengai.Error{RetryAfter: 7 * time.Second})
	require.ErrorAs(t, w.judge(ctx, "a", limited), &snooze)
	assert.Equal(t, 7*time.Second, snooze.Duration)

	broken := fmt.Errorf("broken: %w", shotengai.ErrUnavailable)
	assert.Equal(t, broken, w.judge(ctx, "a", broken), "River tries again")

	require.ErrorIs(t, w.judge(ctx, "a", shotengai.ErrReauthorize), river.JobCancel(nil))
	var stopped, said string
	row := db.pool.QueryRow(ctx, "SELECT stopped, said FROM shops JOIN notices ON shop = id")
	require.NoError(t, row.Scan(&stopped, &said))
	assert.NotEmpty(t, stopped)
	assert.Contains(t, said, "allow the app again")
}
