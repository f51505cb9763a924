package main

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

const (
	batchSize = 200         // statements of one transaction, two for each order
	turn      = time.Minute // after which a job lets the other shops go first
)

// syncArgs is the job of one shop.
type syncArgs struct {
	Shop string `json:"shop"`
}

// Kind names the job.
func (syncArgs) Kind() string { return "sync_orders" }

// InsertOpts keep a shop from having two jobs at a time, done ones aside. A job that has
// failed four times, within some two minutes, is given up: the next round brings a new one.
func (syncArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 4, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

// syncWorker does the jobs.
type syncWorker struct {
	river.WorkerDefaults[syncArgs]

	db     *database
	client func(shop string) (*colorme.Client, error)
	log    *slog.Logger
	turn   time.Duration

	runs, rows atomic.Int64 // since the start
}

// Work takes over what is new and what has changed in a shop, batch by batch. The orders of a
// batch and the cursor are one transaction, the last one with the job's completion: a process
// that is killed has saved a batch or nothing of it, and the next one goes on from there.
func (w *syncWorker) Work(ctx context.Context, job *river.Job[syncArgs]) error {
	began := time.Now()
	client, err := w.client(job.Args.Shop)
	if err != nil {
		return err
	}
	c, err := w.begin(ctx, job.Args.Shop)
	if err != nil {
		return err
	}
	for sale, err := range client.Sales.Changes(ctx, &c.cursor) {
		if err = c.take(sale, err); err != nil {
			return errors.Join(c.keep(ctx), w.judge(ctx, c.shop, err))
		}
		if c.batch.Len() < batchSize {
			continue
		}
		if err := c.save(ctx, nil); err != nil {
			return err
		}
		if c.stored != c.first && time.Since(began) > w.turn {
			return river.JobSnooze(0) // the next turn begins at the cursor, which has moved
		}
	}
	err = c.save(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE shops SET in_step = now() WHERE id = $1", c.shop); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
	if err == nil {
		w.runs.Add(1)
	}
	return err
}

// copying is one run over the changes of a shop.
type copying struct {
	*syncWorker

	shop   string
	first  shotengai.Cursor // at the beginning
	stored shotengai.Cursor // in the database
	cursor shotengai.Cursor // covers what is in batch too
	batch  *pgx.Batch
	rows   int64 // in batch
}

func (w *syncWorker) begin(ctx context.Context, shop string) (*copying, error) {
	c := &copying{syncWorker: w, shop: shop, batch: &pgx.Batch{}}
	err := w.db.pool.QueryRow(ctx, "SELECT cursor FROM shops WHERE id = $1 AND stopped IS NULL", shop).Scan(&c.stored)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, river.JobCancel(errors.New("the shop has stopped or was removed"))
	}
	c.first, c.cursor = c.stored, c.stored
	return c, err
}

// take adds to the batch what the feed yields. It returns the errors that end the run.
func (c *copying) take(sale *colorme.Sale, err error) error {
	row, isRow := errors.AsType[*shotengai.RowError](err)
	switch {
	case isRow && errors.Is(err, shotengai.ErrNotFound): // it was there, and has vanished
		c.batch.Queue("DELETE FROM orders WHERE shop = $1 AND id = $2", c.shop, row.ID)
		c.batch.Queue("DELETE FROM unread WHERE shop = $1 AND id = $2", c.shop, row.ID)
	case isRow: // the cursor asks for it again
		c.log.Warn("an order cannot be read", "shop", c.shop, "order", row.ID, "error", err)
		c.batch.Queue(`INSERT INTO unread VALUES ($1, $2, $3) ON CONFLICT (shop, id) DO UPDATE SET error = excluded.error`, c.shop, row.ID, err.Error())
	case err != nil:
		return err
	default:
		id := strconv.FormatInt(sale.ID, 10)
		c.batch.Queue(`INSERT INTO orders (shop, id, ordered_at, updated_at, total, paid, shipped, cancelled)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (shop, id) DO UPDATE SET updated_at = excluded.updated_at, total = excluded.total,
				paid = excluded.paid, shipped = excluded.shipped, cancelled = excluded.cancelled`,
			c.shop, id, sale.MakeDate.Time, sale.UpdateDate.Time, sale.TotalPrice, sale.Paid, sale.Delivered, sale.Canceled)
		c.batch.Queue("DELETE FROM unread WHERE shop = $1 AND id = $2", c.shop, id)
	}
	c.rows++
	return nil
}

// errOvertaken ends a run that is not the only one of its shop: that of a worker that was
// taken for dead, or of a shop that was removed.
var errOvertaken = errors.New("another run has moved the shop's cursor")

// save writes the batch with the cursor in one transaction, and what also does.
func (c *copying) save(ctx context.Context, also func(pgx.Tx) error) error {
	c.batch.Queue("UPDATE shops SET cursor = $3 WHERE id = $1 AND cursor = $2", c.shop, c.stored, c.cursor).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() == 0 {
			return errOvertaken
		}
		return nil
	})
	err := pgx.BeginFunc(ctx, c.db.pool, func(tx pgx.Tx) error {
		if err := tx.SendBatch(ctx, c.batch).Close(); err != nil || also == nil {
			return err
		}
		return also(tx)
	})
	if err == nil {
		c.syncWorker.rows.Add(c.rows)
		c.stored, c.batch, c.rows = c.cursor, &pgx.Batch{}, 0
	}
	return err
}

// keep saves what there is, also when ctx has ended.
func (c *copying) keep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return c.save(ctx, nil)
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
	w.log.Warn("a shop has stopped", "shop", shop, "error", reason)
	return pgx.BeginFunc(ctx, w.db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE shops SET stopped = $2 WHERE id = $1", shop, reason.Error()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO notices VALUES ($1, $2) ON CONFLICT (shop) DO UPDATE SET said = excluded.said",
			shop, "Please allow the app again: the platform no longer accepts its permission.")
		return err
	})
}
