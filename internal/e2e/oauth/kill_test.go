package oauth_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/internal/e2e/process"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

const (
	instances = 4
	shopCount = 20

	// A strict server forgives no answer that comes too late, so the limit there has to
	// outlast a busy machine. With a grace, short leases make the deaths of their owners
	// matter.
	patient = 10 * time.Second
	hasty   = time.Second
)

// limit is how long one case may take.
func limit() time.Duration {
	if engine.Full() {
		return 10 * time.Minute
	}
	return 3 * time.Minute
}

// fleet is an app of several processes with its platform.
type fleet struct {
	t       *testing.T
	srv     *oauthtest.Server
	proxy   *proxy
	orders  orders
	group   *process.Group
	workers []*process.Process
	reports []report
}

func newFleet(t *testing.T, store string, grace time.Duration, change ...func(*orders)) *fleet {
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

	f.orders = orders{Engine: store, AuthURL: f.srv.URL, APIURL: api.URL, Timeout: patient, Parallel: 2 * goroutines}
	if grace > 0 {
		f.orders.Timeout = hasty
	}
	for _, c := range change {
		c(&f.orders)
	}
	switch store {
	case "Redis":
		_, f.orders.Prefix = newRedis(t)
		f.proxy = newProxy(t, redisAddr)
	case "MariaDB":
		_, f.orders.Prefix = newSQL(t, openDB(t, "mysql", mysqlDSN(mysqlAddr)), dialects[store])
		f.proxy = newProxy(t, mysqlAddr)
	default:
		_, f.orders.Prefix = newSQL(t, openDB(t, "pgx", postgresDSN(postgresAddr)), dialects[store])
		f.proxy = newProxy(t, postgresAddr)
	}
	f.orders.Addr = f.proxy.addr()
	for i := range shopCount {
		f.orders.Shops = append(f.orders.Shops, fmt.Sprintf("shop-%02d", i))
	}
	f.install()
	f.group = process.NewGroup(t, limit())
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
			AccessToken: shotengai.Secret(given.AccessToken), RefreshToken: shotengai.Secret(given.RefreshToken),
			ObtainedAt: now, Expiry: now.Add(accessLifetime), RefreshExpiry: now.Add(time.Hour),
		}))
	}
}

// start adds a process: this test binary as a worker.
func (f *fleet) start() {
	f.t.Helper()
	text, err := json.Marshal(f.orders)
	require.NoError(f.t, err)
	f.workers = append(f.workers, f.group.Start([]string{workerEnv + "=" + string(text)}))
}

// take takes a process out of the fleet.
func (f *fleet) take(w *process.Process) {
	for i, other := range f.workers {
		if other == w {
			f.workers = append(f.workers[:i:i], f.workers[i+1:]...)
			return
		}
	}
}

// refreshing waits for a process that has just sent a token request, and that has not been
// found before since its last one.
func (f *fleet) refreshing(progress string) *process.Process {
	f.t.Helper()
	before := make(map[*process.Process]int)
	for _, w := range f.workers {
		before[w] = w.Count(refreshes)
	}
	var found *process.Process
	f.wait(func() bool {
		for _, i := range rand.Perm(len(f.workers)) {
			if w := f.workers[i]; w.Count(refreshes) > before[w] {
				found = w
				return true
			}
		}
		return false
	}, progress+": no process refreshes a token")
	return found
}

// wait waits for the processes.
func (f *fleet) wait(done func() bool, missing string) {
	f.t.Helper()
	f.group.Wait(done, func() string {
		return fmt.Sprintf("%s; server: %+v", missing, f.srv.Counts())
	})
}

// terminate asks a process to end and waits for it.
func (f *fleet) terminate(w *process.Process) {
	f.t.Helper()
	f.take(w)
	listening := w.Count(listens) > 0
	err := w.Terminate()
	if !listening {
		return // it got the signal before it could listen, and had nothing to lose
	}
	if !assert.NoError(f.t, err, "stderr: %s", w.Errors()) {
		return
	}
	var r report
	require.NoError(f.t, json.Unmarshal([]byte(w.Output()), &r), "%s", w.Output())
	assert.Empty(f.t, r.Err)
	f.reports = append(f.reports, r)
}

// finish ends all processes in peace, and then asks for every shop's token once more:
// none may be lost.
func (f *fleet) finish() (sum report) {
	f.t.Helper()
	for len(f.workers) > 0 {
		f.terminate(f.workers[0])
	}
	m, end := f.manager()
	defer end()
	for _, shop := range f.orders.Shops {
		token, err := f.token(m, shop)
		// A repeated answer whose token had run out says expires_in 0: it is used until it is
		// refused, as a client's call would be now. Such a token may have been kept, and its
		// refresh have been lost with a process too: then the next answer is a repeated one.
		for range 2 {
			if err == nil && !accepted(f.orders.APIURL, token.AccessToken) {
				token, err = m.TokenSource(shop).Reject(f.group.Context(), token)
			}
		}
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

// token asks for a token, and asks again as long as there is none for now: a repeated answer
// may come when its token has run out already.
func (f *fleet) token(m *oauth.Manager, shop string) (*oauth2.Token, error) {
	f.t.Helper()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		token, err := m.TokenSource(shop).TokenContext(f.group.Context())
		if err == nil || errors.Is(err, shotengai.ErrReauthorize) {
			return token, err
		}
		select {
		case <-ticker.C:
		case <-f.group.Context().Done():
			return nil, err
		}
	}
}

// The cases of an engine follow each other, because each of them is four processes.
//
//nolint:paralleltest // see above
func TestProcesses(t *testing.T) {
	t.Parallel()
	for _, store := range []string{"PostgreSQL", "MariaDB", "Redis"} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			t.Run("T23 exactly one refresh per expiry", func(t *testing.T) { noFaults(t, store) })
			t.Run("S20 SIGTERM loses nothing", func(t *testing.T) { terminations(t, store) })
			t.Run("S20 SIGTERM at a slow platform", func(t *testing.T) { slowTerminations(t, store) })
			t.Run("T31 SIGKILL loses nothing with a grace", func(t *testing.T) { kills(t, store) })
			t.Run("S07 SIGSTOP longer than the lease", func(t *testing.T) { freezes(t, store) })
			t.Run("S03 store stopped and restarted", func(t *testing.T) { outage(t, store) })
		})
	}
}

func noFaults(t *testing.T, store string) {
	f := newFleet(t, store, 0)
	began := time.Now()
	times := engine.Size(2, 10)
	f.wait(func() bool {
		for _, g := range f.srv.Grants() {
			if g.Version <= times {
				return false
			}
		}
		return true
	}, fmt.Sprintf("not every grant was refreshed %d times", times))
	sum := f.finish()
	most := 2 + int(time.Since(began)/(accessLifetime-refreshWindow))
	for _, g := range f.srv.Grants() {
		assert.LessOrEqual(t, g.Version, most, "%s is refreshed no more often than its windows open", g.Shop)
	}
	counts := f.srv.Counts()
	assert.Equal(t, len(f.srv.TokenRequests()), counts.Refreshes, "every request was a refresh that was due")
	assert.LessOrEqual(t, sum.Failed, sum.Calls/5, "on a busy machine an answer may take longer than its token lives")
}

// terminations ends processes that have just begun a refresh.
func terminations(t *testing.T, store string) {
	f := newFleet(t, store, 0)
	times := engine.Size(40, 80)
	for n := range times {
		f.terminate(f.refreshing(fmt.Sprintf("%d of %d terminations", n, times)))
		f.start()
	}
	f.finish()
	assert.GreaterOrEqual(t, len(f.reports), times, "processes that ended in peace")
}

// slowTerminations ends processes while their shops wait for a platform that replaces refresh
// tokens at once and answers seconds later. Nothing is begun then, and what was is waited for.
func slowTerminations(t *testing.T, store string) {
	f := newFleet(t, store, 0, func(o *orders) { o.Parallel = 1 })
	const latency = 3500 * time.Millisecond
	f.srv.Update(func(c *oauthtest.Config) { c.AccessLifetime = 2 * latency })
	f.srv.SetLatency(0, latency)
	times := engine.Size(2, 6)
	for n := range times {
		w := f.refreshing(fmt.Sprintf("%d of %d terminations", n, times))
		began := time.Now()
		f.terminate(w)
		assert.Less(t, time.Since(began), latency+10*time.Second, "as long as what was sent")
		f.start()
	}
	f.srv.SetLatency(30*time.Millisecond, 30*time.Millisecond)
	f.finish()
}

// kills kills processes that have just begun a refresh.
func kills(t *testing.T, store string) {
	f := newFleet(t, store, time.Minute)
	times := engine.Size(40, 80)
	for n := range times {
		w := f.refreshing(fmt.Sprintf("%d of %d kills", n, times))
		f.take(w)
		w.Kill()
		f.start()
	}
	f.progress(calls, 10, "after the kills not every process calls the API")
	f.finish()
	t.Logf("%d kills, %d repeats healed", times, f.srv.Counts().Repeats)
}

// freezes stops processes that have just begun a refresh, until their lease has run out.
func freezes(t *testing.T, store string) {
	f := newFleet(t, store, time.Minute)
	times := engine.Size(2, 10)
	for n := range times {
		frozen := f.refreshing(fmt.Sprintf("%d of %d freezes", n, times))
		require.NoError(t, frozen.Freeze())
		f.take(frozen)
		var over bool
		timer := time.AfterFunc(f.orders.lease()+500*time.Millisecond, f.group.Signal)
		end := time.Now().Add(f.orders.lease())
		f.wait(func() bool { over = time.Now().After(end); return over }, "the lease runs out")
		timer.Stop()
		f.refreshing("while one is frozen") // the others go on
		require.NoError(t, frozen.Thaw())
		f.workers = append(f.workers, frozen)
	}
	f.finish()
}

// A store that is stopped is, to its clients, a line that is cut and refuses to be
// connected again. It stays so until tokens have run out, and then until every process
// calls the API again.
func outage(t *testing.T, store string) {
	f := newFleet(t, store, 0)
	times := engine.Size(1, 4)
	for n := range times {
		f.progress(calls, 60, fmt.Sprintf("outage %d of %d: not every process calls the API", n+1, times))
		f.proxy.sever(true)
		f.progress(fails, 5, fmt.Sprintf("outage %d of %d: not every process misses a token", n+1, times))
		f.proxy.sever(false)
	}
	f.progress(calls, 60, "after the outages not every process calls the API")
	f.finish()
}

// progress waits until every process has taken so many more steps of a kind.
func (f *fleet) progress(step byte, more int, missing string) {
	f.t.Helper()
	before := make(map[*process.Process]int)
	for _, w := range f.workers {
		before[w] = w.Count(step)
	}
	f.wait(func() bool {
		for _, w := range f.workers {
			if w.Count(step) < before[w]+more {
				return false
			}
		}
		return true
	}, missing)
}
