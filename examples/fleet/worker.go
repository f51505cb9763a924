package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
)

const (
	jobTimeout  = 20 * time.Second
	rescueAfter = jobTimeout + 5*time.Second // a job of a process that died is taken up again
)

// runWorker works until ctx ends, then lets the jobs in hand finish.
func runWorker(ctx context.Context, o options) error {
	if o.demoWorker != "" {
		go endWithDemo(os.Stdin)
	}
	db, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer db.pool.Close()
	grants, err := db.grants(o.sealKey)
	if err != nil {
		return err
	}
	workers := river.NewWorkers()
	clients := &clients{grants: grants, made: make(map[string]*colorme.Client)}
	river.AddWorker(workers, &syncWorker{db: db, client: clients.of})
	client, err := newRiver(db, o.demoWorker, workers, map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 20}})
	if err != nil {
		return err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	if err := schedule(ctx, db, client, o.every); err != nil {
		return err
	}
	<-ctx.Done()
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return errors.Join(client.Stop(bounded), grants.Close(bounded))
}

// endWithDemo ends the process when its standard input closes: the demo that holds the other
// end is gone, however it ended.
func endWithDemo(stdin io.Reader) {
	_, _ = io.Copy(io.Discard, stdin)
	os.Exit(2)
}

// newRiver returns a client of the queue. River makes up an id if there is none.
func newRiver(db *database, id string, workers *river.Workers, queues map[string]river.QueueConfig) (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(db.pool), &river.Config{
		ID: id, Queues: queues, Workers: workers, Schema: db.schema, JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter,
		FetchPollInterval: 200 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
}

// schedule gives each shop a periodic job. Every process does so; the one that River has
// elected as leader inserts them.
func schedule(ctx context.Context, db *database, client *river.Client[pgx.Tx], every time.Duration) error {
	if every <= 0 {
		return nil
	}
	rows, err := db.pool.Query(ctx, "SELECT id FROM shops WHERE stopped IS NULL")
	if err != nil {
		return err
	}
	shops, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	jobs := make([]*river.PeriodicJob, 0, len(shops))
	for _, shop := range shops {
		jobs = append(jobs, river.NewPeriodicJob(river.PeriodicInterval(every), func() (river.JobArgs, *river.InsertOpts) {
			return syncArgs{shop}, nil
		}, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	client.PeriodicJobs().AddMany(jobs)
	return nil
}

// clients are the API clients of a process, one for each shop: each keeps to its shop's
// limits.
type clients struct {
	grants *oauth.Manager

	mu   sync.Mutex
	made map[string]*colorme.Client
}

func (c *clients) of(shop string) (*colorme.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if client, ok := c.made[shop]; ok {
		return client, nil
	}
	var opts []shotengai.Option
	if fake := os.Getenv("FLEET_TEST_SERVER"); fake != "" {
		opts = append(opts, shotengai.WithTestServer(fake))
	}
	client, err := colorme.NewClient(c.grants.TokenSource(shop), opts...)
	if err == nil {
		c.made[shop] = client
	}
	return client, err
}
