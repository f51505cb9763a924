package main

import (
	"context"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// A worker in production looks at each shop by itself, and takes up the job of a process that
// died. It goes on when there is nothing to read from the standard input.
func TestWorker(t *testing.T) {
	ctx, db := newSchema(t)
	f := &fleet{options: options{shops: 3, orders: 2}, db: db, out: io.Discard}
	f.platform = colormetest.NewServer(colormetest.WithSales(f.orders))
	t.Cleanup(f.platform.Close)
	require.NoError(t, f.settle(ctx))
	shops, err := f.waiting(ctx)
	require.NoError(t, err)
	require.NoError(t, f.insertJobs(ctx, shops[1:2]))
	_, err = db.pool.Exec(ctx, "UPDATE river_job SET state = 'running', attempt = 1, attempted_by = '{dead}', attempted_at = $1",
		time.Now().Add(-rescueAfter-time.Second))
	require.NoError(t, err)

	t.Setenv("FLEET_SEAL_KEY", f.sealKey)
	t.Setenv("FLEET_TEST_SERVER", f.platform.URL)
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	stdin := os.Stdin
	os.Stdin = null
	t.Cleanup(func() { os.Stdin = stdin })
	working, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- run(working, []string{"-worker", "-database", databaseURL(), "-schema", db.schema}, io.Discard)
	}()

	err = f.until(ctx, func() (bool, error) {
		shops, err := f.waiting(ctx)
		return len(shops) == 0, err
	})
	stop()
	assert.NoError(t, <-ended)
	if err != nil {
		require.NoError(t, f.missing(ctx, 0, err))
	}
	counted, err := f.count(ctx, time.Second)
	require.NoError(t, err)
	assert.Equal(t, tally{shops: 2, orders: 4, rate: 4}, counted)
}
