package oauth_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

var long = flag.Bool("long", false, "run the tests with processes for a minute each")

const (
	instances = 4
	shopCount = 20

	// A strict server forgives no answer that comes too late, so the limit there has to
	// outlast a busy machine. With a grace, short leases make the deaths of their owners
	// matter.
	patient = 4 * time.Second
	hasty   = time.Second
)

// runTime is how long the instances of one case live.
func runTime() time.Duration {
	if *long {
		return time.Minute
	}
	return 4 * time.Second
}

// fleet is an app of several processes with its platform.
type fleet struct {
	t       *testing.T
	srv     *oauthtest.Server
	proxy   *proxy
	orders  orders
	workers []*worker
	reports []report
}

// worker is a process.
type worker struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	stdout bytes.Buffer
	stderr bytes.Buffer
}

func newFleet(t *testing.T, engine string, grace time.Duration) *fleet {
	t.Helper()
	f := &fleet{t: t}
	f.srv = oauthtest.NewServer(oauthtest.Config{
		ClientID: "client-id", ClientSecret: "client-secret", ClientAuth: oauthtest.SecretInBody,
		AccessLifetime: accessLifetime, RefreshLifetime: time.Hour, Rotate: true, Grace: grace,
		BeforeRotation: 30 * time.Millisecond, AfterRotation: 30 * time.Millisecond,
	})
	t.Cleanup(f.srv.Close)
	api := httptest.NewServer(http.HandlerFunc(f.serveAPI))
	t.Cleanup(api.Close)

	f.orders = orders{Engine: engine, AuthURL: f.srv.URL, APIURL: api.URL, Timeout: patient}
	if grace > 0 {
		f.orders.Timeout = hasty
	}
	switch engine {
	case "Redis":
		_, f.orders.Prefix = newRedis(t)
		f.proxy = newProxy(t, redisAddr)
	case "MariaDB":
		_, f.orders.Prefix = newSQL(t, openDB(t, "mysql", mysqlDSN(mysqlAddr)), dialects[engine])
		f.proxy = newProxy(t, mysqlAddr)
	default:
		_, f.orders.Prefix = newSQL(t, openDB(t, "pgx", postgresDSN(postgresAddr)), dialects[engine])
		f.proxy = newProxy(t, postgresAddr)
	}
	f.orders.Addr = f.proxy.addr()
	for i := range shopCount {
		f.orders.Shops = append(f.orders.Shops, fmt.Sprintf("shop-%02d", i))
	}
	f.install()
	t.Cleanup(func() {
		for _, w := range f.workers {
			_ = w.cmd.Process.Kill()
			_ = w.cmd.Wait()
		}
	})
	for range instances {
		f.start()
	}
	return f
}

// serveAPI is the platform's API: it takes good tokens.
func (f *fleet) serveAPI(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if _, ok := f.srv.Check(token); !ok {
		w.WriteHeader(http.StatusUnauthorized)
	}
}

// manager is an instance in this process.
func (f *fleet) manager() (*oauth.Manager, func()) {
	f.t.Helper()
	store, closeStore, err := f.orders.open()
	require.NoError(f.t, err)
	m, err := f.orders.manager(store)
	require.NoError(f.t, err)
	return m, func() {
		assert.NoError(f.t, m.Close(f.t.Context()))
		_ = closeStore()
	}
}

func (f *fleet) install() {
	f.t.Helper()
	m, end := f.manager()
	defer end()
	for _, shop := range f.orders.Shops {
		given := f.srv.Grant(shop)
		now := time.Now()
		require.NoError(f.t, m.Put(f.t.Context(), shop, &oauth.Grant{
			AccessToken: oauth.Secret(given.AccessToken), RefreshToken: oauth.Secret(given.RefreshToken),
			ObtainedAt: now, Expiry: now.Add(accessLifetime), RefreshExpiry: now.Add(time.Hour),
		}))
	}
}

// start adds a process: this test binary, told to work.
func (f *fleet) start() *worker {
	f.t.Helper()
	text, err := json.Marshal(f.orders)
	require.NoError(f.t, err)
	self, err := os.Executable()
	require.NoError(f.t, err)
	w := &worker{cmd: exec.Command(self)}
	w.cmd.Env = append(os.Environ(), workerEnv+"="+string(text), "GORACE=atexit_sleep_ms=0")
	w.cmd.Stdout, w.cmd.Stderr = &w.stdout, &w.stderr
	w.stdin, err = w.cmd.StdinPipe()
	require.NoError(f.t, err)
	require.NoError(f.t, w.cmd.Start())
	f.workers = append(f.workers, w)
	return w
}

// pick takes a process out of the fleet.
func (f *fleet) pick() *worker {
	i := rand.N(len(f.workers))
	w := f.workers[i]
	f.workers = append(f.workers[:i], f.workers[i+1:]...)
	return w
}

// terminate asks a process to end and waits for it.
func (f *fleet) terminate(w *worker) {
	f.t.Helper()
	require.NoError(f.t, w.cmd.Process.Signal(syscall.SIGTERM))
	err := w.cmd.Wait()
	text, begun := strings.CutPrefix(w.stdout.String(), begins)
	if !begun {
		return // it was told to end before it could listen, and had nothing to lose
	}
	if !assert.NoError(f.t, err, "stderr: %s", w.stderr.String()) {
		return
	}
	var r report
	require.NoError(f.t, json.Unmarshal([]byte(text), &r), "%s", text)
	assert.Empty(f.t, r.Err)
	f.reports = append(f.reports, r)
}

func (f *fleet) kill(w *worker) {
	f.t.Helper()
	require.NoError(f.t, w.cmd.Process.Kill())
	_ = w.cmd.Wait()
}

// finish ends all processes in peace, and then asks for every shop's token once more:
// none may be lost.
func (f *fleet) finish() (sum report) {
	f.t.Helper()
	for len(f.workers) > 0 {
		f.terminate(f.pick())
	}
	m, end := f.manager()
	defer end()
	for _, shop := range f.orders.Shops {
		token, err := m.TokenSource(shop).TokenContext(f.t.Context())
		if assert.NoError(f.t, err) {
			assert.True(f.t, accepted(f.orders.APIURL, token.AccessToken), "%s", shop)
		}
	}
	for _, r := range f.reports {
		sum.Calls += r.Calls
		sum.Refused += r.Refused
		sum.Failed += r.Failed
		sum.Lost += r.Lost
	}
	counts := f.srv.Counts()
	f.t.Logf("calls %d, refused %d, no token %d; server: %+v", sum.Calls, sum.Refused, sum.Failed, counts)
	assert.Zero(f.t, sum.Lost, "grants reported lost")
	assert.Zero(f.t, counts.Killed, "grants killed by reuse")
	assert.Zero(f.t, counts.Reuses)
	for _, g := range f.srv.Grants() {
		assert.Empty(f.t, g.Dead, "%s", g.Shop)
	}
	assert.Positive(f.t, sum.Calls)
	return sum
}

// during calls f again and again while the instances work.
func during(t *testing.T, every time.Duration, f func()) (times int) {
	t.Helper()
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	end := time.NewTimer(runTime())
	defer end.Stop()
	for {
		select {
		case <-ticker.C:
			f()
			times++
		case <-end.C:
			return times
		}
	}
}

// The cases follow each other, because each of them is four processes.
//
//nolint:paralleltest // see above
func TestProcesses(t *testing.T) {
	for _, engine := range []string{"PostgreSQL", "MariaDB", "Redis"} {
		t.Run(engine, func(t *testing.T) {
			t.Run("T23 exactly one refresh per expiry", func(t *testing.T) { noFaults(t, engine) })
			t.Run("S20 SIGTERM loses nothing", func(t *testing.T) { terminations(t, engine) })
			t.Run("T31 SIGKILL loses nothing with a grace", func(t *testing.T) { kills(t, engine) })
			t.Run("S07 SIGSTOP longer than the lease", func(t *testing.T) { freezes(t, engine) })
			t.Run("S03 store stopped and restarted", func(t *testing.T) { outage(t, engine) })
		})
	}
}

func noFaults(t *testing.T, engine string) {
	f := newFleet(t, engine, 0)
	began := time.Now()
	during(t, time.Second, func() {})
	sum := f.finish()
	most := 2 + int(time.Since(began)/(accessLifetime-refreshWindow))
	least := int(runTime() / accessLifetime)
	for _, g := range f.srv.Grants() {
		assert.LessOrEqual(t, g.Version, most, "%s is refreshed no more often than its windows open", g.Shop)
		assert.GreaterOrEqual(t, g.Version, least, "%s", g.Shop)
	}
	counts := f.srv.Counts()
	assert.Equal(t, len(f.srv.TokenRequests()), counts.Refreshes, "every request was a refresh that was due")
	assert.Zero(t, sum.Failed)
}

func terminations(t *testing.T, engine string) {
	f := newFleet(t, engine, 0)
	n := during(t, 150*time.Millisecond, func() {
		f.terminate(f.pick())
		f.start()
	})
	f.finish()
	t.Logf("%d terminations", n)
	assert.GreaterOrEqual(t, len(f.reports), instances+3, "processes that ended in peace")
}

func kills(t *testing.T, engine string) {
	f := newFleet(t, engine, time.Minute)
	n := during(t, 150*time.Millisecond, func() {
		f.kill(f.pick())
		f.start()
	})
	f.finish()
	t.Logf("%d kills, %d repeats healed", n, f.srv.Counts().Repeats)
	assert.GreaterOrEqual(t, n, 5)
}

func freezes(t *testing.T, engine string) {
	f := newFleet(t, engine, time.Minute)
	var frozen *worker
	n := during(t, f.orders.lease()+500*time.Millisecond, func() {
		if frozen != nil {
			require.NoError(t, frozen.cmd.Process.Signal(syscall.SIGCONT))
			f.workers = append(f.workers, frozen)
		}
		frozen = f.pick()
		require.NoError(t, frozen.cmd.Process.Signal(syscall.SIGSTOP))
	})
	require.NoError(t, frozen.cmd.Process.Signal(syscall.SIGCONT))
	f.workers = append(f.workers, frozen)
	f.finish()
	assert.Positive(t, n)
}

// A store that is stopped is, to its clients, a line that is cut and refuses to be
// connected again.
func outage(t *testing.T, engine string) {
	f := newFleet(t, engine, 0)
	cut := false
	n := during(t, 700*time.Millisecond, func() {
		cut = !cut
		f.proxy.sever(cut)
	})
	f.proxy.sever(false)
	f.finish()
	assert.GreaterOrEqual(t, n, 3)
}
