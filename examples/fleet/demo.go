package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// fleet is the demo: a platform, a database and worker processes.
type fleet struct {
	*options
	db       *database
	platform *colormetest.Server
	members  []*member // the first has withdrawn its permission
	began    time.Time // this round, by the clock of the database
	round    string
	running  map[string]*exec.Cmd // by the name of the worker
	killed   []string             // the workers that were killed in this round
	started  int
}

func runDemo(ctx context.Context, o *options) (err error) {
	if o.schema == "" {
		if o.schema, err = newSchemaName(ctx, o, "demo"); err != nil {
			return err
		}
	}
	f := &fleet{options: o, running: make(map[string]*exec.Cmd)}
	if f.db, err = open(ctx, o); err != nil {
		return err
	}
	defer f.db.pool.Close()
	if err := f.db.create(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.db.drop(ctx)) }()
	f.platform = colormetest.NewServer(colormetest.WithSales(0), colormetest.WithProducts(3), colormetest.WithCustomers(3))
	defer f.platform.Close()
	if err := f.settle(ctx); err != nil {
		return err
	}
	return f.rounds(ctx)
}

// newSchemaName returns a name that nobody else uses: what the schema is for, the time by the
// clock of the database, and a random part.
func newSchemaName(ctx context.Context, o *options, purpose string) (string, error) {
	db, err := open(ctx, o)
	if err != nil {
		return "", err
	}
	defer db.pool.Close()
	now, err := db.now(ctx)
	return fmt.Sprintf("fleet_%s_%d_%s", purpose, now.Unix(), strings.ToLower(rand.Text()[:8])), err
}

func (d *database) now(ctx context.Context) (now time.Time, err error) {
	err = d.pool.QueryRow(ctx, "SELECT now()").Scan(&now)
	return now, err
}

// create makes the schema, which must not exist.
func (d *database) create(ctx context.Context) error {
	if err := d.always(ctx, "CREATE SCHEMA "+pgx.Identifier{d.schema}.Sanitize()); err != nil {
		return failf("the schema cannot be made: %w", err)
	}
	return nil
}

// drop removes the schema with all that is in it. Only who has made it may call drop.
func (d *database) drop(ctx context.Context) error {
	if err := d.always(ctx, "DROP SCHEMA "+pgx.Identifier{d.schema}.Sanitize()+" CASCADE"); err != nil {
		return failf("the schema %s is left: %w", d.schema, err)
	}
	return nil
}

// always runs a statement also when ctx has ended, or ends meanwhile.
func (d *database) always(ctx context.Context, statement string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	_, err := d.pool.Exec(ctx, statement)
	return err
}

// settle makes the tables and the shops, and keeps a grant for each.
func (f *fleet) settle(ctx context.Context) (err error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	f.sealKey = base64.StdEncoding.EncodeToString(key)
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
			shop = f.platform.AddShop(colormetest.Seed{})
		}
		m := newMember(shop, f.orders, f.platform.Now())
		f.members = append(f.members, m)
		if err := f.db.addShop(ctx, grants, shop.ID, "a shop of the demo", m.token, m.opened); err != nil {
			return err
		}
		f.console.progress("%d of %d shops made", n+1, f.shops)
	}
	f.platform.Revoke(f.members[0].token)
	// The rounds insert the jobs.
	if _, err := f.db.pool.Exec(ctx, "DELETE FROM river_job"); err != nil {
		return err
	}
	return f.say("%d shops with %d orders each; one has withdrawn its permission\n", f.shops, f.orders)
}

// rounds take over all orders, and then twice what has changed since: the first two with
// workers that are killed, the last undisturbed with one worker more.
func (f *fleet) rounds(ctx context.Context) (err error) {
	table := tabwriter.NewWriter(f.out, 0, 0, 2, ' ', 0)
	defer func() {
		f.console.clear()
		err = errors.Join(err, table.Flush()) // what there is, also after Ctrl-C
	}()
	_, _ = fmt.Fprintln(table, "ROUND\tWORKERS\tKILLED\tSHOPS\tORDERS\tCHANGED\tLOST\tWRONG\tSHOPS/S")
	for _, round := range []struct {
		name           string
		workers, kills int
		live           bool
	}{{"copy", f.workers, f.kills, false}, {"changes", f.workers, f.kills, true}, {"changes", f.workers + 1, 0, true}} {
		f.round = round.name
		t := tally{}
		if round.live {
			for _, m := range f.members {
				t.changed += m.live()
			}
		}
		took, err := f.sync(ctx, round.workers, round.kills)
		if err != nil {
			return err
		}
		if err := f.compare(ctx, &t); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.0f\n", round.name, round.workers, round.kills,
			t.shops, t.orders, t.changed, t.lost, t.wrong, float64(t.shops)/took.Seconds())
		if t.lost != 0 || t.wrong != 0 {
			return failf("%d orders lost, %d wrong", t.lost, t.wrong)
		}
	}
	return nil
}

// sync has the workers look at all shops, and returns how long they took. Each kill falls into
// a part of the shops; the last part is looked at in peace.
func (f *fleet) sync(ctx context.Context, workers, kills int) (took time.Duration, err error) {
	f.killed = nil
	defer func() {
		if err != nil {
			err = f.missing(ctx, kills, err)
		}
	}()
	if f.began, err = f.db.now(ctx); err != nil {
		return 0, err
	}
	shops, err := f.waiting(ctx)
	if err != nil {
		return 0, err
	}
	defer f.stopAll()
	for range workers {
		if err := f.start(ctx); err != nil {
			return 0, err
		}
	}
	started := time.Now()
	for n := range kills + 1 {
		part := shops[n*len(shops)/(kills+1) : (n+1)*len(shops)/(kills+1)]
		if n < kills {
			err = f.kill(ctx, part)
		} else {
			err = f.insertJobs(ctx, part)
		}
		if err != nil {
			return 0, err
		}
	}
	err = f.until(ctx, func() (bool, error) {
		left, err := f.waiting(ctx)
		f.console.progress("%s: %d of %d shops", f.round, len(shops)-len(left), len(shops))
		return len(left) == 0, err
	})
	return time.Since(started), err
}

// waiting returns the shops that this round has still to look at.
func (f *fleet) waiting(ctx context.Context) ([]string, error) {
	return f.db.shops(ctx, "stopped IS NULL AND (in_step < $1) IS NOT FALSE", f.began)
}

// missing adds to err how far the round has come.
func (f *fleet) missing(ctx context.Context, kills int, err error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	shops, waitingErr := f.waiting(ctx)
	if waitingErr != nil {
		return errors.Join(err, waitingErr)
	}
	return failf("%d shops still wait after %d of %d kills: %w", len(shops), len(f.killed), kills, err)
}

// insertJobs inserts a job for each of the shops at once, as a round does.
func (f *fleet) insertJobs(ctx context.Context, shops []string) error {
	client, err := newRiver(f.db, river.Config{})
	if err != nil {
		return err
	}
	return insertJobs(ctx, client, shops)
}

// busyWorker finds the worker that runs the job of a shop, once a connection has to wait for
// a lock of ours.
const busyWorker = `
SELECT attempted_by[cardinality(attempted_by)] FROM river_job
WHERE state = 'running' AND args->>'shop' = $1
	AND EXISTS (SELECT FROM pg_stat_activity WHERE $2::int = ANY (pg_blocking_pids(pid)))`

// kill inserts the jobs of the shops, kills a worker in the middle of one of them, and starts
// another. The worker has written the orders by then and has not committed them.
func (f *fleet) kill(ctx context.Context, shops []string) error {
	tx, err := f.db.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	// The job of this shop cannot end while its row is locked.
	shop := shops[mathrand.IntN(len(shops))]
	if _, err := tx.Exec(ctx, "SELECT FROM shops WHERE id = $1 FOR NO KEY UPDATE", shop); err != nil {
		return err
	}
	if err := f.insertJobs(ctx, shops); err != nil {
		return err
	}
	var name string
	err = f.until(ctx, func() (bool, error) {
		err := f.db.pool.QueryRow(ctx, busyWorker, shop, tx.Conn().PgConn().PID()).Scan(&name)
		if errors.Is(err, pgx.ErrNoRows) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return err
	}
	victim, ok := f.running[name]
	if !ok {
		return failf("the job of the shop %s runs in %q, which is no worker of the fleet", shop, name)
	}
	_ = victim.Process.Kill()
	_ = victim.Wait()
	delete(f.running, name)
	f.killed = append(f.killed, name)
	return f.start(ctx)
}

// until returns when done returns true. Meanwhile it puts the jobs that the killed workers had
// in hand back into the queue, since the demo knows that these workers are dead. In production
// River does so: after rescueAfter, when it looks next, which it does every 30 seconds.
func (f *fleet) until(ctx context.Context, done func() (bool, error)) error {
	const putBack = `UPDATE river_job SET state = 'available'
		WHERE state = 'running' AND attempted_by[cardinality(attempted_by)] = ANY ($1)`
	for {
		if _, err := f.db.pool.Exec(ctx, putBack, f.killed); err != nil {
			return err
		}
		if ok, err := done(); err != nil || ok {
			return err
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// start starts one more worker process: this program again. All jobs come from the demo.
func (f *fleet) start(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	f.started++
	name := fmt.Sprintf("worker-%d", f.started)
	cmd := exec.CommandContext(ctx, self, "work", "-database", f.database, "-schema", f.schema) //nolint:gosec // it is this program
	cmd.Env = append(os.Environ(), "FLEET_RUN=1", "FLEET_DEMO_WORKER="+name, "FLEET_SEAL_KEY="+f.sealKey, "FLEET_TEST_SERVER="+f.platform.URL)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	// The pipe closes when this process ends, however it does, and the worker ends then too.
	if _, err := cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	f.running[name] = cmd
	return nil
}

// stopAll lets the workers finish what they have in hand.
func (f *fleet) stopAll() {
	for _, cmd := range f.running {
		_ = cmd.Process.Signal(os.Interrupt)
	}
	for _, cmd := range f.running {
		_ = cmd.Wait()
	}
	clear(f.running)
}
