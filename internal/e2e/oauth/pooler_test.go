package oauth_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/internal/port"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
	"github.com/shotengai/shotengai-go/oauth/storetest"
)

// startPgBouncer runs a pooler in transaction mode with two connections to the database,
// so that whoever comes next gets a session that somebody else has just used, and one
// that does not wait for the disk.
func startPgBouncer(t *testing.T) (addr string) {
	t.Helper()
	openDB(t, "pgx", postgresDSN(postgresAddr))
	binary, err := exec.LookPath("pgbouncer")
	if err != nil {
		binary, err = exec.LookPath("/usr/sbin/pgbouncer") // not in everybody's path
	}
	if err != nil {
		engine.Missing(t, "PgBouncer", err)
	}
	host, hostPort, err := net.SplitHostPort(postgresAddr)
	require.NoError(t, err)
	own, err := port.Free(t.Context())
	require.NoError(t, err)
	config := filepath.Join(t.TempDir(), "pgbouncer.ini")
	require.NoError(t, os.WriteFile(config, []byte(fmt.Sprintf(`[databases]
test = host=%s port=%s user=postgres dbname=test connect_query='SET synchronous_commit = off'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
`, host, hostPort, own)), 0o600))

	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), binary, "--quiet", config)
	if os.Geteuid() == 0 { // it refuses to be root
		public(t, config)
		cmd.Args = append(cmd.Args, "--user", "nobody")
	}
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	addr = net.JoinHostPort("127.0.0.1", own)
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp4", addr)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, time.Minute, 20*time.Millisecond, "PgBouncer does not start")
	engine.Found("PgBouncer")
	return addr
}

// public lets every user of this machine read a file of the test.
func public(t *testing.T, file string) {
	t.Helper()
	require.NoError(t, os.Chmod(file, 0o644))
	for dir := filepath.Dir(file); dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
		require.NoError(t, os.Chmod(dir, 0o755))
	}
}

func TestS14PgBouncer(t *testing.T) {
	t.Parallel()
	addr := startPgBouncer(t)
	for _, mode := range []string{"exec", "simple_protocol"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			db := openDB(t, "pgx", postgresDSN(addr, "default_query_exec_mode="+mode))
			store, prefix := newSQL(t, db, sqlstore.PostgreSQL)
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })
			t.Run("saves are durable", func(t *testing.T) {
				t.Parallel()
				assertDurable(t, db, store, prefix)
			})
		})
	}
}

// Whoever held a connection while the platform answers would keep others from the
// database.
func TestNoConnectionIsHeldDuringARefresh(t *testing.T) {
	t.Parallel()
	for name, e := range sqlEngines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openDB(t, e.driver, e.dsn())
			store, _ := newSQL(t, db, e.dialect)
			srv := oauthtest.NewServer(oauthtest.Config{
				ClientID: "client-id", ClientSecret: "client-secret", ClientAuth: oauthtest.SecretInBody,
				AccessLifetime: accessLifetime, RefreshLifetime: time.Hour, Rotate: true,
			})
			t.Cleanup(srv.Close)
			o := orders{AuthURL: srv.URL, Timeout: patient}
			p := o.provider()
			var asked atomic.Int64
			p.HTTPClient = &http.Client{Transport: asking(func() error {
				asked.Add(1)
				if n := db.Stats().InUse; n > 0 {
					return fmt.Errorf("%d connections are held", n)
				}
				return nil
			})}
			sealer, err := oauth.NewSealer(oauth.SealKey{ID: "k", Key: shotengai.Secret(strings.Repeat("k", 32))})
			require.NoError(t, err)
			m, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: store, Sealer: sealer})
			require.NoError(t, err)
			given, now := srv.Grant("shop"), time.Now()
			require.NoError(t, m.Put(t.Context(), "shop", &oauth.Grant{
				AccessToken: shotengai.Secret(given.AccessToken), RefreshToken: shotengai.Secret(given.RefreshToken),
				ObtainedAt: now.Add(-time.Hour), Expiry: now.Add(-time.Minute),
			}))
			_, err = m.TokenSource("shop").TokenContext(t.Context())
			require.NoError(t, err)
			require.NoError(t, m.Close(t.Context()))
			assert.Equal(t, int64(1), asked.Load())
		})
	}
}

// asking is a transport that asks a question while a request is under way.
type asking func() error

func (f asking) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := f(); err != nil {
		return nil, err
	}
	return http.DefaultTransport.RoundTrip(r)
}
