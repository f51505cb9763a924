package hooks_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
	"github.com/shotengai/shotengai-go/hooks/redisledger"
	"github.com/shotengai/shotengai-go/hooks/sqlledger"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/internal/e2e/process"
)

// The kill test delivers events to worker processes that are killed in turn, and counts
// the effects that remain.
const (
	killWorkers = 6
	killSenders = 12
	killSecret  = "whsec-kill-test"

	envMode   = "HOOKS_KILL_MODE"
	envPrefix = "HOOKS_KILL_PREFIX"

	modePostgres = "postgres"
	modeOnce     = "once"
	modeRedis    = "redis"

	begun = 'b' // the step that a worker notes: it has begun a delivery
)

// killEvents and killTimes are the size of a test: so many events are delivered at least,
// and so many workers are killed.
func killEvents() int { return engine.Size(200, 400) }

func killTimes() int { return engine.Size(40, 100) }

// killLimit is how long a test may take.
func killLimit() time.Duration {
	if engine.Full() {
		return 5 * time.Minute
	}
	return time.Minute
}

// TestMain makes a worker of the test binary when the environment says so.
func TestMain(m *testing.M) {
	if mode := os.Getenv(envMode); mode != "" {
		process.EndWithParent()
		if err := work(context.Background(), mode, os.Getenv(envPrefix)); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	engine.Main(m)
}

// work serves the uninstall hook on the socket inherited from the test.
func work(ctx context.Context, mode, prefix string) error {
	listener, err := net.FileListener(os.NewFile(process.FirstFile, "listener"))
	if err != nil {
		return err
	}
	ledger, effect, err := workshop(mode, prefix)
	if err != nil {
		return err
	}
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{killSecret},
		Ledger:  ledger,
		Options: hooks.Options{Lease: time.Second, Wait: 200 * time.Millisecond},
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			process.Note(begun)
			return errors.Join(dwell(ctx), effect(ctx, e.AccountID), dwell(ctx))
		},
	})
	if err != nil {
		return err
	}
	server := http.Server{
		Handler:     receiver.UninstallHandler(),
		ReadTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	server.SetKeepAlivesEnabled(false)
	return server.Serve(listener)
}

// dwell makes the windows around the effect wide enough to be hit.
func dwell(ctx context.Context) error {
	timer := time.NewTimer(12 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

type effect func(ctx context.Context, account string) error

func workshop(mode, prefix string) (hooks.Ledger, effect, error) {
	if mode == modeRedis {
		client := redis.NewClient(&redis.Options{Addr: engine.RedisAddr})
		ledger, err := redisledger.New(client, redisledger.WithPrefix(prefix))
		return ledger, func(ctx context.Context, account string) error {
			return client.RPush(ctx, prefix+"effects", account).Err()
		}, err
	}
	db, err := sql.Open(engine.PostgresDriver, engine.PostgresDSN(engine.PostgresAddr))
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(4)
	ledger, err := sqlledger.New(db, sqlledger.PostgreSQL, sqlledger.WithPrefix(prefix))
	insert := "INSERT INTO " + prefix + "effects (account) VALUES ($1)"
	if mode == modeOnce {
		return ledger, func(ctx context.Context, account string) error {
			return ledger.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
				_, err := tx.ExecContext(ctx, insert, account)
				return err
			})
		}, err
	}
	return ledger, func(ctx context.Context, account string) error {
		_, err := db.ExecContext(ctx, insert, account)
		return err
	}, err
}

func TestKillPostgres(t *testing.T) { //nolint:paralleltest // the workers take every processor
	prefix, effects := postgresWorkshop(t)
	lost, doubled, kills := kill(t, modePostgres, prefix, effects)
	assert.Zero(t, lost)
	assert.LessOrEqual(t, doubled, kills*killSenders, "only what a kill interrupts may happen twice")
}

func TestKillPostgresOnce(t *testing.T) { //nolint:paralleltest // the workers take every processor
	prefix, effects := postgresWorkshop(t)
	lost, doubled, _ := kill(t, modeOnce, prefix, effects)
	assert.Zero(t, lost)
	assert.Zero(t, doubled)
}

func TestKillRedis(t *testing.T) { //nolint:paralleltest // the workers take every processor
	client, prefix := openRedis(t)
	lost, doubled, kills := kill(t, modeRedis, prefix, func() map[string]int {
		accounts, err := client.LRange(t.Context(), prefix+"effects", 0, -1).Result()
		require.NoError(t, err)
		return tally(accounts)
	})
	assert.Zero(t, lost)
	assert.LessOrEqual(t, doubled, kills*killSenders, "only what a kill interrupts may happen twice")
}

// openRedis returns a client, and a prefix of the test's own for its keys.
func openRedis(t *testing.T) (client *redis.Client, prefix string) {
	t.Helper()
	client, prefix = engine.OpenRedis(t, engine.RedisAddr), engine.Prefix()
	engine.DropKeys(t, client, prefix)
	return client, prefix
}

func tally(accounts []string) map[string]int {
	effects := map[string]int{}
	for _, account := range accounts {
		effects[account]++
	}
	return effects
}

func postgresWorkshop(t *testing.T) (prefix string, effects func() map[string]int) {
	t.Helper()
	e := engines()[0]
	db := e.open(t, e.dsn(t))
	_, prefix = e.ledger(t, db)
	table := prefix + "effects"
	engine.DropTables(t, db, table)
	_, err := db.ExecContext(t.Context(), "CREATE TABLE "+table+" (account text NOT NULL)")
	require.NoError(t, err)
	return prefix, func() map[string]int {
		rows, err := db.QueryContext(t.Context(), "SELECT account FROM "+table)
		require.NoError(t, err)
		defer rows.Close()
		var accounts []string
		for rows.Next() {
			var account string
			require.NoError(t, rows.Scan(&account))
			accounts = append(accounts, account)
		}
		require.NoError(t, rows.Err())
		return tally(accounts)
	}
}

// kill runs the workers and kills one after the other, each once it has begun a few
// deliveries since its start, so that the kills fall into them. Then it lets the rest be
// delivered in peace, and counts.
func kill(t *testing.T, mode, prefix string, effects func() map[string]int) (lost, doubled, kills int) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	require.NoError(t, err)
	defer socket.Close()

	workers := process.NewGroup(t, killLimit())
	start := func() *process.Process {
		return workers.Start([]string{envMode + "=" + mode, envPrefix + "=" + prefix}, socket)
	}
	var running [killWorkers]*process.Process
	for i := range running {
		running[i] = start()
	}
	d := deliver(workers, "http://"+listener.Addr().String())
	missing := func() string {
		text := fmt.Sprintf("%d of %d kills, %d of %d events delivered", kills, killTimes(), d.delivered.Load(), d.sent.Load())
		if err := d.err(); err != nil {
			text += ": " + err.Error()
		}
		return text
	}
	for ; kills < killTimes(); kills++ {
		victim := &running[kills%killWorkers]
		enough := 1 + rand.IntN(6)
		workers.Wait(func() bool { return (*victim).Count(begun) >= enough }, missing)
		(*victim).Kill()
		require.False(t, (*victim).EndedByItself(), "a worker ended by itself: %s", (*victim).Errors())
		*victim = start()
	}
	close(d.enough)
	workers.Wait(d.done.Load, missing)
	require.NoError(t, d.err())

	counted := effects()
	for n := range int(d.sent.Load()) {
		switch times := counted[account(n)]; {
		case times == 0:
			lost++
		case times > 1:
			doubled += times - 1
		}
	}
	t.Logf("%d events, %d kills: %d lost, %d doubled", d.sent.Load(), kills, lost, doubled)
	return lost, doubled, kills
}

func account(n int) string { return fmt.Sprintf("PA%08d", n) }

// delivery sends events until each is accepted, as the platform does, only faster.
type delivery struct {
	sent, delivered atomic.Int64
	done            atomic.Bool
	enough          chan struct{} // closed when no more events are wanted than the least number

	mu     sync.Mutex
	failed []error
}

// deliver sends at least killEvents, and goes on until enough is closed, so that there is
// always a delivery for a kill to fall into.
func deliver(workers *process.Group, url string) *delivery {
	d := &delivery{enough: make(chan struct{})}
	ctx := workers.Context()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	var senders sync.WaitGroup
	for range killSenders {
		senders.Go(func() {
			for n, more := d.next(); more; n, more = d.next() {
				d.note(send(ctx, client, url, n))
			}
		})
	}
	go func() {
		senders.Wait()
		d.done.Store(true)
		workers.Signal()
	}()
	return d
}

// next returns the number of the next event.
func (d *delivery) next() (n int, more bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.enough:
		if d.sent.Load() >= int64(killEvents()) {
			return 0, false
		}
	default:
	}
	return int(d.sent.Add(1)) - 1, len(d.failed) == 0
}

func (d *delivery) note(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		d.failed = append(d.failed, err)
		return
	}
	d.delivered.Add(1)
}

func (d *delivery) err() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return errors.Join(d.failed...)
}

func send(ctx context.Context, client *http.Client, url string, n int) error {
	event := hookstest.ColorMeUninstall(hooks.ColorMeUninstall{
		AccountID:                    account(n),
		ApplicationChargeSourceID:    "F3RN9A",
		RecurringApplicationChargeID: fmt.Sprintf("A3FT%04d", n),
		UninstalledAt:                time.Unix(1552022740, 0),
		Reason:                       hooks.ColorMeByShopOwner,
	}, killSecret)
	event.Resend = hookstest.Every(100*time.Millisecond, 3000)
	attempts, err := hookstest.Sender{Client: client}.Deliver(ctx, url, event)
	if err != nil {
		return fmt.Errorf("event %d after %d attempts: %w", n, len(attempts), err)
	}
	return nil
}
