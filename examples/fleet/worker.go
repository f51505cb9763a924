package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
)

const (
	jobTimeout  = 5 * time.Minute          // some 600 calls of a shop
	rescueAfter = jobTimeout + time.Minute // a job of a process that died is taken up again
	softStop    = 10 * time.Second         // a job that still runs then saves what it has, and is available again
)

// work does the jobs until ctx ends, then lets those in hand finish.
func work(ctx context.Context, o *options) error {
	db, err := openMigrated(ctx, o)
	if err != nil {
		return err
	}
	defer db.pool.Close()
	grants, err := db.grants(o.sealKey)
	if err != nil {
		return err
	}
	if o.demoWorker != "" {
		go endWithDemo(o.in)
	}
	log := slog.New(slog.NewTextHandler(o.console, &slog.HandlerOptions{Level: slog.LevelWarn}))
	clients := &clients{grants: grants, pool: db.pool, made: make(map[string]*colorme.Client)}
	syncs := &syncWorker{db: db, client: clients.of, log: log, turn: turn}
	failures := &failures{log: log}
	workers := river.NewWorkers()
	river.AddWorker(workers, syncs)
	river.AddWorker(workers, &roundWorker{db: db})
	config := river.Config{
		ID: o.demoWorker, Workers: workers, Logger: log, ErrorHandler: failures,
		Queues:     map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 20}},
		JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter, SoftStopTimeout: softStop, FetchPollInterval: 200 * time.Millisecond,
	}
	if o.demoWorker == "" { // all jobs of a demo come from the demo
		config.PeriodicJobs = []*river.PeriodicJob{river.NewPeriodicJob(river.PeriodicInterval(o.every),
			func() (river.JobArgs, *river.InsertOpts) { return roundArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true})}
	}
	client, err := newRiver(db, config)
	if err != nil {
		return err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	done := func() string {
		return fmt.Sprintf(text("%d runs, %d orders saved, %d failures"), syncs.runs.Load(), syncs.rows.Load(), failures.count.Load())
	}
	for ctx.Err() == nil {
		if o.demoWorker == "" {
			o.console.progress("%s", done())
		}
		_ = sleep(ctx, time.Second)
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	err = errors.Join(client.Stop(bounded), grants.Close(bounded))
	return errors.Join(err, o.say("%s\n", done()))
}

// endWithDemo ends the process when its standard input closes: the demo that holds the other
// end is gone, however it ended.
func endWithDemo(stdin io.Reader) {
	_, _ = io.Copy(io.Discard, stdin)
	os.Exit(1)
}

// newRiver returns a client of the queue. River makes up an id if there is none. With an empty
// config the client can insert jobs and does none.
func newRiver(db *database, config river.Config) (*river.Client[pgx.Tx], error) {
	config.Schema = db.schema
	return river.NewClient(riverpgxv5.New(db.pool), &config)
}

// roundArgs is the job that gives each shop its job.
type roundArgs struct{}

// Kind names the job.
func (roundArgs) Kind() string { return "round" }

// roundWorker reads the shops anew for each round.
type roundWorker struct {
	river.WorkerDefaults[roundArgs]

	db *database
}

// Work inserts a job for each shop that has none.
func (w *roundWorker) Work(ctx context.Context, _ *river.Job[roundArgs]) error {
	shops, err := w.db.shops(ctx, "stopped IS NULL")
	if err != nil {
		return err
	}
	return insertJobs(ctx, river.ClientFromContext[pgx.Tx](ctx), shops)
}

// shops are the ids of the shops that fulfil the condition.
func (d *database) shops(ctx context.Context, condition string, args ...any) ([]string, error) {
	rows, err := d.pool.Query(ctx, "SELECT id FROM shops WHERE "+condition+" ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func insertJobs(ctx context.Context, client *river.Client[pgx.Tx], shops []string) error {
	if len(shops) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, 0, len(shops))
	for _, shop := range shops {
		params = append(params, river.InsertManyParams{Args: syncArgs{shop}})
	}
	_, err := client.InsertMany(ctx, params)
	return err
}

// failures logs each failed attempt, which River itself does not count as a warning.
type failures struct {
	log   *slog.Logger
	count atomic.Int64
}

func (f *failures) HandleError(_ context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	f.count.Add(1)
	f.log.Warn("a job has failed", "kind", job.Kind, "args", string(job.EncodedArgs), "attempt", job.Attempt, "of", job.MaxAttempts, "error", err)
	return nil
}

func (f *failures) HandlePanic(_ context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	f.count.Add(1)
	f.log.Error("a job has panicked", "kind", job.Kind, "args", string(job.EncodedArgs), "panic", value, "trace", trace)
	return nil
}

// clients are the API clients of a process, one for each shop. All processes together keep to
// the limit of a shop: see [limiter].
type clients struct {
	grants *oauth.Manager
	pool   *pgxpool.Pool

	mu   sync.Mutex
	made map[string]*colorme.Client
}

func (c *clients) of(shop string) (*colorme.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if client, ok := c.made[shop]; ok {
		return client, nil
	}
	paced := shotengai.WithLimiter(newLimiter(c.pool, shop, 120, time.Minute))
	client, err := colorme.NewClient(c.grants.TokenSource(shop), append(testServer(), paced)...)
	if err == nil {
		c.made[shop] = client
	}
	return client, err
}

// testServer are the options for the fake of the demo, none with real shops.
func testServer() []shotengai.Option {
	if fake := os.Getenv("FLEET_TEST_SERVER"); fake != "" {
		return []shotengai.Option{shotengai.WithTestServer(fake)}
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
