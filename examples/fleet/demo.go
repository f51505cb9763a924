package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/oauth"
)

// fleet is the demo: a platform, a database and worker processes.
type fleet struct {
	options
	db       *database
	platform *colormetest.Server
	out      io.Writer
	running  []*exec.Cmd
}

func runDemo(ctx context.Context, o options, out io.Writer) (err error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	o.sealKey, o.every = base64.StdEncoding.EncodeToString(key), time.Hour
	f := &fleet{options: o, out: out}
	if f.db, err = open(ctx, o); err != nil {
		return err
	}
	defer f.db.pool.Close()
	defer f.drop(context.WithoutCancel(ctx))
	f.platform = colormetest.NewServer(colormetest.WithSales(o.orders), colormetest.WithProducts(1), colormetest.WithCustomers(3))
	defer f.platform.Close()
	if err := f.settle(ctx); err != nil {
		return err
	}
	return f.rounds(ctx)
}

// drop removes what an earlier demo left, and what this one made.
func (f *fleet) drop(ctx context.Context) {
	_, _ = f.db.pool.Exec(ctx, "DROP SCHEMA IF EXISTS "+pgx.Identifier{f.schema}.Sanitize()+" CASCADE")
}

// settle makes the tables and the shops, and keeps a grant for each.
func (f *fleet) settle(ctx context.Context) (err error) {
	f.drop(ctx)
	if err := f.db.migrate(ctx); err != nil {
		return err
	}
	grants, err := f.db.grants(f.sealKey)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, grants.Close(context.WithoutCancel(ctx))) }()
	for n := range f.shops {
		shop := f.platform.Shop()
		if n > 0 {
			shop = f.platform.AddShop(nil)
		}
		if _, err := f.db.pool.Exec(ctx, "INSERT INTO shops (id) VALUES ($1)", shop.ID); err != nil {
			return err
		}
		grant := &oauth.Grant{AccessToken: shotengai.Secret(shop.Token()), TokenType: "Bearer", ObtainedAt: time.Now()}
		if err := grants.Put(ctx, shop.ID, grant); err != nil {
			return err
		}
		if n == 0 {
			f.platform.Revoke(grant.AccessToken.Reveal()) // one owner has withdrawn the permission
		}
	}
	_, err = fmt.Fprintf(f.out, "%d shops with %d orders each; one has withdrawn its permission\n", f.shops, f.orders)
	return err
}

// rounds syncs everything three times: with workers that are killed, undisturbed, and with
// one worker more.
func (f *fleet) rounds(ctx context.Context) error {
	table := tabwriter.NewWriter(f.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "WORKERS\tKILLED\tSHOPS\tORDERS\tLOST\tDOUBLED\tORDERS/S")
	for _, round := range []struct{ workers, kills int }{{f.workers, f.kills}, {f.workers, 0}, {f.workers + 1, 0}} {
		r, err := f.round(ctx, round.workers, round.kills)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(table, "%d\t%d\t%d\t%d\t%d\t%d\t%.0f\n", round.workers, round.kills, r.shops, r.orders, r.lost, r.doubled, r.rate)
		if r.lost != 0 || r.doubled != 0 {
			_ = table.Flush()
			return fmt.Errorf("%d orders lost, %d doubled", r.lost, r.doubled)
		}
	}
	return table.Flush()
}

type tally struct {
	shops, orders, lost, doubled int
	rate                         float64
}

// round forgets all orders and fetches them again.
func (f *fleet) round(ctx context.Context, workers, kills int) (tally, error) {
	if _, err := f.db.pool.Exec(ctx, "TRUNCATE orders; DELETE FROM river_job; UPDATE shops SET synced_through = 'epoch'"); err != nil {
		return tally{}, err
	}
	defer f.stopAll()
	for range workers {
		if err := f.start(ctx); err != nil {
			return tally{}, err
		}
	}
	if err := f.insertJobs(ctx); err != nil {
		return tally{}, err
	}
	started := time.Now()
	for range kills {
		if err := sleep(ctx, 300*time.Millisecond); err != nil {
			return tally{}, err
		}
		if err := f.kill(ctx, mathrand.IntN(workers)); err != nil {
			return tally{}, err
		}
	}
	if err := f.wait(ctx); err != nil {
		return tally{}, err
	}
	return f.count(ctx, time.Since(started))
}

// insertJobs gives every shop its job at once, as the periodic jobs would over time.
func (f *fleet) insertJobs(ctx context.Context) error {
	client, err := newRiver(f.db, nil, nil)
	if err != nil {
		return err
	}
	rows, err := f.db.pool.Query(ctx, "SELECT id FROM shops WHERE stopped IS NULL")
	if err != nil {
		return err
	}
	shops, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	params := make([]river.InsertManyParams, 0, len(shops))
	for _, shop := range shops {
		params = append(params, river.InsertManyParams{Args: syncArgs{shop}})
	}
	_, err = client.InsertMany(ctx, params)
	return err
}

// wait returns when no shop waits any more.
func (f *fleet) wait(ctx context.Context) error {
	for {
		var waiting int
		row := f.db.pool.QueryRow(ctx, "SELECT count(*) FROM shops WHERE stopped IS NULL AND synced_through = 'epoch'")
		if err := row.Scan(&waiting); err != nil || waiting == 0 {
			return err
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// count compares what was saved with what the platform has.
func (f *fleet) count(ctx context.Context, took time.Duration) (t tally, err error) {
	row := f.db.pool.QueryRow(ctx, `SELECT count(DISTINCT shop), count(*), coalesce(sum(writes) FILTER (WHERE writes > 1), 0) FROM orders`)
	if err := row.Scan(&t.shops, &t.orders, &t.doubled); err != nil {
		return t, err
	}
	t.lost = (f.shops-1)*f.orders - t.orders
	t.rate = float64(t.orders) / took.Seconds()
	return t, nil
}

// start starts one more worker process: this program again.
func (f *fleet) start(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "-worker", "-database", f.database, "-schema", f.schema, "-every", "1h") //nolint:gosec // it is this program
	cmd.Env = append(os.Environ(), "FLEET_RUN=1", "FLEET_SEAL_KEY="+f.sealKey, "FLEET_TEST_SERVER="+f.platform.URL)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		return err
	}
	f.running = append(f.running, cmd)
	return nil
}

// kill kills a worker in the middle of whatever it does, and starts another.
func (f *fleet) kill(ctx context.Context, n int) error {
	victim := f.running[n]
	_ = victim.Process.Kill()
	_ = victim.Wait()
	f.running = append(f.running[:n:n], f.running[n+1:]...)
	return f.start(ctx)
}

// stopAll lets the workers finish what they have in hand.
func (f *fleet) stopAll() {
	for _, cmd := range f.running {
		_ = cmd.Process.Signal(os.Interrupt)
	}
	for _, cmd := range f.running {
		_ = cmd.Wait()
	}
	f.running = nil
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
