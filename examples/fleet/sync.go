package main

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

// syncArgs is the job of one shop.
type syncArgs struct {
	Shop string `json:"shop"`
}

// Kind names the job.
func (syncArgs) Kind() string { return "sync_orders" }

// InsertOpts keep a shop from having two jobs at a time, done ones aside.
func (syncArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

// overlap is looked at again each time: orders may appear late.
const overlap = 10 * time.Minute

// syncWorker does the jobs.
type syncWorker struct {
	river.WorkerDefaults[syncArgs]

	db     *database
	client func(shop string) (*colorme.Client, error)
}

// Work fetches what is new of a shop and saves it. Orders, the place where to go on and the
// job's completion are one transaction: a process that is killed has done all of it or
// nothing.
func (w *syncWorker) Work(ctx context.Context, job *river.Job[syncArgs]) error {
	started := time.Now()
	var since time.Time
	row := w.db.pool.QueryRow(ctx, "SELECT synced_through FROM shops WHERE id = $1 AND stopped IS NULL", job.Args.Shop)
	switch err := row.Scan(&since); {
	case errors.Is(err, pgx.ErrNoRows):
		return river.JobCancel(errors.New("the shop has stopped"))
	case err != nil:
		return err
	}
	sales, err := w.fetch(ctx, job.Args.Shop, since.Add(-overlap))
	if err != nil {
		return w.judge(ctx, job.Args.Shop, err)
	}
	return pgx.BeginFunc(ctx, w.db.pool, func(tx pgx.Tx) error {
		if _, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job); err != nil {
			return err
		}
		return save(ctx, tx, job.Args.Shop, sales, started)
	})
}

func (w *syncWorker) fetch(ctx context.Context, shop string, since time.Time) ([]*colorme.Sale, error) {
	client, err := w.client(shop)
	if err != nil {
		return nil, err
	}
	var sales []*colorme.Sale
	for sale, err := range client.Sales.All(ctx, colorme.ListSalesParams{MakeDateMin: colorme.At(since)}) {
		if err != nil {
			return nil, err
		}
		sales = append(sales, sale)
	}
	return sales, nil
}

// judge decides by the kind of error what becomes of the job.
func (w *syncWorker) judge(ctx context.Context, shop string, err error) error {
	e, isAPI := errors.AsType[*shotengai.Error](err)
	switch {
	case errors.Is(err, shotengai.ErrReauthorize):
		// Trying again cannot help: only the owner can.
		return errors.Join(w.stop(ctx, shop, err), river.JobCancel(err))
	case errors.Is(err, shotengai.ErrRateLimited) && isAPI:
		return river.JobSnooze(max(e.RetryAfter, time.Second))
	}
	return err // River tries again, later and later
}

// stop takes a shop out of the round and leaves a notice for its owner.
func (w *syncWorker) stop(ctx context.Context, shop string, reason error) error {
	return pgx.BeginFunc(ctx, w.db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE shops SET stopped = $2 WHERE id = $1", shop, reason.Error()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO notices VALUES ($1, $2) ON CONFLICT (shop) DO UPDATE SET said = excluded.said",
			shop, "Please allow the app again: the platform no longer accepts its permission.")
		return err
	})
}

func save(ctx context.Context, tx pgx.Tx, shop string, sales []*colorme.Sale, through time.Time) error {
	batch := &pgx.Batch{}
	for _, s := range sales {
		batch.Queue(`INSERT INTO orders (shop, id, ordered_at, total) VALUES ($1, $2, $3, $4)
			ON CONFLICT (shop, id) DO UPDATE SET total = excluded.total, writes = orders.writes + 1`,
			shop, s.ID, s.MakeDate.Time, s.TotalPrice)
	}
	batch.Queue("UPDATE shops SET synced_through = $2 WHERE id = $1", shop, through)
	return tx.SendBatch(ctx, batch).Close()
}
