package hooks_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
	"github.com/shotengai/shotengai-go/hooks/redisledger"
	"github.com/shotengai/shotengai-go/hooks/sqlledger"
)

// The kill test delivers events to worker processes that are killed in turn, and
// counts the effects that remain.
const (
	killEvents  = 600
	killWorkers = 6
	killEvery   = 120 * time.Millisecond
	killSenders = 12
	killSecret  = "whsec-kill-test"

	envMode   = "HOOKS_KILL_MODE"
	envPrefix = "HOOKS_KILL_PREFIX"

	modePostgres = "postgres"
	modeOnce     = "once"
	modeRedis    = "redis"
)

// TestMain makes a worker of the test binary when it is told to.
func TestMain(m *testing.M) {
	if mode := os.Getenv(envMode); mode != "" {
		if err := work(context.Background(), mode, os.Getenv(envPrefix)); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// work serves the uninstall hook on the socket inherited from the test.
func work(ctx context.Context, mode, prefix string) error {
	listener, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		return err
	}
	ledger, effect, err := workshop(mode, prefix)
	if err != nil {
		return err
	}
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []string{killSecret},
		Ledger:  ledger,
		Options: hooks.Options{Lease: time.Second, Wait: 200 * time.Millisecond},
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
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
		client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:6379"})
		ledger, err := redisledger.New(client, redisledger.WithPrefix(prefix))
		return ledger, func(ctx context.Context, account string) error {
			return client.RPush(ctx, prefix+"effects", account).Err()
		}, err
	}
	db, err := sql.Open("pgx", postgresDSN)
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
	client = redis.NewClient(&redis.Options{Addr: "127.0.0.1:6379"})
	t.Cleanup(func() { _ = client.Close() })
	if err := client.Ping(t.Context()).Err(); err != nil {
		if os.Getenv("CI") == "true" {
			require.NoError(t, err)
		}
		t.Skipf("no Redis: %v", err)
	}
	prefix = "hooks-test-" + rand.Text() + ":"
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if keys, err := client.Keys(ctx, prefix+"*").Result(); err == nil && len(keys) > 0 {
			client.Del(ctx, keys...)
		}
	})
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
	db := e.open(t, postgresDSN)
	_, prefix = e.ledger(t, db)
	table := prefix + "effects"
	_, err := db.ExecContext(t.Context(), "CREATE TABLE "+table+" (account text NOT NULL)")
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = db.ExecContext(context.WithoutCancel(t.Context()), "DROP TABLE "+table) })
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

// kill runs the workers, kills one after the other while the events are delivered, and
// counts.
func kill(t *testing.T, mode, prefix string, effects func() map[string]int) (lost, doubled, kills int) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	require.NoError(t, err)
	defer socket.Close()

	var workers [killWorkers]*worker
	for i := range workers {
		workers[i] = startWorker(t, socket, mode, prefix)
	}
	delivered := make(chan struct{})
	go func() {
		defer close(delivered)
		deliverAll(t, "http://"+listener.Addr().String())
	}()
	ticker := time.NewTicker(killEvery)
	defer ticker.Stop()
	for running := true; running; {
		select {
		case <-delivered:
			running = false
		case <-ticker.C:
			i := kills % killWorkers
			workers[i].kill()
			workers[i] = startWorker(t, socket, mode, prefix)
			kills++
		}
	}
	for _, w := range workers {
		w.kill()
	}
	counted := effects()
	for n := range killEvents {
		switch times := counted[account(n)]; {
		case times == 0:
			lost++
		case times > 1:
			doubled += times - 1
		}
	}
	t.Logf("%d events, %d kills: %d lost, %d doubled", killEvents, kills, lost, doubled)
	assert.Greater(t, kills, 5, "the kills have to fall into the deliveries")
	return lost, doubled, kills
}

func account(n int) string { return fmt.Sprintf("PA%08d", n) }

// deliverAll sends every event until it is accepted, as the platform does, only faster.
func deliverAll(t *testing.T, url string) {
	t.Helper()
	events := make(chan int)
	go func() {
		defer close(events)
		for n := range killEvents {
			events <- n
		}
	}()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	var senders sync.WaitGroup
	for range killSenders {
		senders.Go(func() {
			for n := range events {
				event := hookstest.ColorMeUninstall(hooks.ColorMeUninstall{
					AccountID:                    account(n),
					ApplicationChargeSourceID:    "F3RN9A",
					RecurringApplicationChargeID: fmt.Sprintf("A3FT%04d", n),
					UninstalledAt:                time.Unix(1552022740, 0),
					Reason:                       hooks.ColorMeByShopOwner,
				}, killSecret)
				event.Resend = hookstest.Every(100*time.Millisecond, 600)
				attempts, err := hookstest.Sender{Client: client}.Deliver(t.Context(), url, event)
				assert.NoError(t, err, "%d attempts", len(attempts))
			}
		})
	}
	senders.Wait()
}

// worker is a process that will not be asked before it is killed.
type worker struct {
	command *exec.Cmd
	output  *bytes.Buffer
	t       *testing.T
}

func startWorker(t *testing.T, socket *os.File, mode, prefix string) *worker {
	t.Helper()
	w := &worker{command: exec.CommandContext(t.Context(), os.Args[0]), output: &bytes.Buffer{}, t: t}
	w.command.Env = append(os.Environ(), envMode+"="+mode, envPrefix+"="+prefix)
	w.command.ExtraFiles = []*os.File{socket}
	w.command.Stderr = w.output
	require.NoError(t, w.command.Start())
	return w
}

func (w *worker) kill() {
	assert.NoError(w.t, w.command.Process.Kill())
	err := w.command.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.Exited() {
		w.t.Errorf("a worker ended by itself: %v: %s", err, strings.TrimSpace(w.output.String()))
	}
}
