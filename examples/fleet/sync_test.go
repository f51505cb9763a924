package main

import (
	"context"
	"errors"
	"fmt"
	"os"
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
	needPostgres(t)
	db, err := open(t.Context(), options{database: cmpOr(os.Getenv("DATABASE_URL"), "postgres://127.0.0.1:5432/test?sslmode=disable"), schema: "fleet_judge"})
	require.NoError(t, err)
	f := &fleet{options: options{schema: "fleet_judge"}, db: db}
	t.Cleanup(func() {
		f.drop(context.WithoutCancel(t.Context()))
		db.pool.Close()
	})
	f.drop(t.Context())
	require.NoError(t, db.migrate(t.Context()))
	_, err = db.pool.Exec(t.Context(), "INSERT INTO shops (id) VALUES ('a')")
	require.NoError(t, err)
	w := &syncWorker{db: db}

	var snooze *rivertype.JobSnoozeError
	limited := errors.Join(shotengai.ErrRateLimited, &shotengai.Error{RetryAfter: 7 * time.Second})
	require.ErrorAs(t, w.judge(t.Context(), "a", limited), &snooze)
	assert.Equal(t, 7*time.Second, snooze.Duration)

	broken := fmt.Errorf("broken: %w", shotengai.ErrUnavailable)
	assert.Equal(t, broken, w.judge(t.Context(), "a", broken), "River tries again")

	require.ErrorIs(t, w.judge(t.Context(), "a", shotengai.ErrReauthorize), river.JobCancel(nil))
	var stopped, said string
	row := db.pool.QueryRow(t.Context(), "SELECT stopped, said FROM shops JOIN notices ON shop = id")
	require.NoError(t, row.Scan(&stopped, &said))
	assert.NotEmpty(t, stopped)
	assert.Contains(t, said, "allow the app again")
}
