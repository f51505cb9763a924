package redisstore_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/redisstore"
)

// start runs a Redis of the test's own, on a socket file.
func start(t *testing.T, args ...string) *redis.Client {
	t.Helper()
	client, _ := serve(t, directory(t), args...)
	return client
}

func directory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis") //nolint:usetesting // the path of a socket must be short
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// serve runs a Redis on a directory, and returns a function that ends it by SIGKILL.
func serve(t *testing.T, dir string, args ...string) (client *redis.Client, kill func()) {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no redis-server")
		}
		t.Skip("no redis-server")
	}
	socket := filepath.Join(dir, "s")
	args = append([]string{"--port", "0", "--unixsocket", socket, "--dir", dir, "--save", ""}, args...)
	server := exec.CommandContext(context.WithoutCancel(t.Context()), binary, args...)
	require.NoError(t, server.Start())
	kill = sync.OnceFunc(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	t.Cleanup(kill)
	client = redis.NewClient(&redis.Options{Network: "unix", Addr: socket})
	t.Cleanup(func() { _ = client.Close() })
	require.Eventually(t, func() bool { return client.Ping(context.WithoutCancel(t.Context())).Err() == nil },
		20*time.Second, 20*time.Millisecond, "Redis does not start")
	return client, kill
}

func check(t *testing.T, client *redis.Client) redisstore.Report {
	t.Helper()
	store, err := redisstore.New(client)
	require.NoError(t, err)
	_, err = store.Check(t.Context())
	require.NoError(t, err)
	report, err := store.Check(t.Context()) // the second one finds the marker
	require.NoError(t, err)
	return report
}

func TestCheck(t *testing.T) {
	t.Parallel()
	t.Run("S09 default persistence is warned about", func(t *testing.T) {
		t.Parallel()
		report := check(t, start(t))
		assert.False(t, report.AppendOnly)
		assert.Contains(t, strings.Join(report.Warnings, "\n"), "appendonly is off")
		assert.NotEmpty(t, report.Version)
	})
	t.Run("S11 an evicting policy is warned about", func(t *testing.T) {
		t.Parallel()
		report := check(t, start(t, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"))
		assert.Equal(t, "allkeys-lru", report.Policy)
		assert.Contains(t, strings.Join(report.Warnings, "\n"), "maxmemory-policy is allkeys-lru")
	})
	t.Run("a second may be lost", func(t *testing.T) {
		t.Parallel()
		report := check(t, start(t, "--appendonly", "yes", "--appendfsync", "everysec"))
		assert.True(t, report.AppendOnly)
		assert.Equal(t, "everysec", report.Fsync)
		require.Len(t, report.Warnings, 1)
		assert.Contains(t, report.Warnings[0], "up to a second")
	})
	t.Run("nothing to warn about", func(t *testing.T) {
		t.Parallel()
		report := check(t, start(t, "--appendonly", "yes", "--appendfsync", "always"))
		assert.Empty(t, report.Warnings)
		assert.Equal(t, "noeviction", report.Policy)
	})
	t.Run("S15 a replica is refused", func(t *testing.T) {
		t.Parallel()
		client := start(t, "--replicaof", "127.0.0.1 1")
		store, err := redisstore.New(client)
		require.NoError(t, err)
		_, err = store.Check(t.Context())
		require.ErrorIs(t, err, oauth.ErrStoreSetup)
	})
}

// Redis is killed and started again while an instance runs. What Check finds nothing to
// warn about keeps every grant; the default loses them all, and says so.
func TestS09KilledAndRestarted(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"what Check calls safe": {"--appendonly", "yes", "--appendfsync", "always"},
		"the default":           nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := directory(t)
			client, kill := serve(t, dir, args...)
			store, err := redisstore.New(client)
			require.NoError(t, err)
			_, err = store.Check(t.Context())
			require.NoError(t, err)
			report, err := store.Check(t.Context())
			require.NoError(t, err)
			assert.Equal(t, args != nil, len(report.Warnings) == 0)
			put(t, store)
			next := oauth.Record{Version: 2, SaveID: "2", Status: oauth.StatusActive, Sealed: []byte("new")}
			require.NoError(t, store.Save(t.Context(), key, 1, next))

			kill()
			_, err = store.Load(t.Context(), key)
			require.Error(t, err)
			require.NotErrorIs(t, err, oauth.ErrNoGrant)
			require.NotErrorIs(t, err, oauth.ErrStoreLost, "it may come back")
			serve(t, dir, args...)
			got, err := store.Load(t.Context(), key)
			if args == nil {
				require.ErrorIs(t, err, oauth.ErrStoreLost)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, int64(2), got.Version)
			assert.Equal(t, []byte("new"), got.Sealed)
		})
	}
}
