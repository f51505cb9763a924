package oauth_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/redisstore"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

const (
	postgresAddr = "127.0.0.1:5432"
	mysqlAddr    = "127.0.0.1:3306"
	redisAddr    = "127.0.0.1:6379"
)

func postgresDSN(addr string, params ...string) string {
	return "postgres://postgres@" + addr + "/test?" + strings.Join(append([]string{"sslmode=disable"}, params...), "&")
}

func mysqlDSN(addr string, params ...string) string {
	return "root@tcp(" + addr + ")/test?" + strings.Join(params, "&")
}

func sqliteDSN(t testing.TB) string {
	t.Helper()
	return "file:" + filepath.Join(t.TempDir(), "grants.db") + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"
}

// missing skips a test whose engine is not there, but not where all have to be.
func missing(t testing.TB, engine string, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("no %s: %v", engine, err)
	}
	t.Skipf("no %s: %v", engine, err)
}

func openDB(t testing.TB, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	if err := db.PingContext(t.Context()); err != nil {
		missing(t, driver, err)
	}
	return db
}

// newPrefix names the tables of one test.
func newPrefix() string { return "e2e_" + strings.ToLower(rand.Text()[:12]) + "_" }

// newSQL makes tables of the test's own.
func newSQL(t testing.TB, db *sql.DB, dialect sqlstore.Dialect) (*sqlstore.Store, string) {
	t.Helper()
	prefix := newPrefix()
	store, err := sqlstore.New(db, dialect, sqlstore.WithPrefix(prefix))
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_, _ = db.ExecContext(ctx, "DROP TABLE IF EXISTS "+prefix+"grants")
		_, _ = db.ExecContext(ctx, "DROP TABLE IF EXISTS "+prefix+"schema")
	})
	require.NoError(t, store.Migrate(t.Context()))
	require.NoError(t, store.Check(t.Context()))
	return store, prefix
}

func newPostgres(t testing.TB, params ...string) *sqlstore.Store {
	t.Helper()
	store, _ := newSQL(t, openDB(t, "pgx", postgresDSN(postgresAddr, params...)), sqlstore.PostgreSQL)
	return store
}

func newMariaDB(t testing.TB, params ...string) *sqlstore.Store {
	t.Helper()
	store, _ := newSQL(t, openDB(t, "mysql", mysqlDSN(mysqlAddr, params...)), sqlstore.MySQL)
	return store
}

func newSQLite(t testing.TB) *sqlstore.Store {
	t.Helper()
	store, _ := newSQL(t, openDB(t, "sqlite", sqliteDSN(t)), sqlstore.SQLite)
	return store
}

func redisClient(t testing.TB, addr string) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: addr})
	t.Cleanup(func() { _ = client.Close() })
	if err := client.Ping(t.Context()).Err(); err != nil {
		missing(t, "Redis", err)
	}
	return client
}

func newRedis(t testing.TB) (*redisstore.Store, string) {
	t.Helper()
	client := redisClient(t, redisAddr)
	prefix := newPrefix()
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if keys, err := client.Keys(ctx, prefix+"*").Result(); err == nil && len(keys) > 0 {
			client.Del(ctx, keys...)
		}
	})
	store, err := redisstore.New(client, redisstore.WithPrefix(prefix))
	require.NoError(t, err)
	return store, prefix
}

// engines are all stores, each fresh.
var engines = map[string]func(t *testing.T) oauth.TokenStore{
	"memory":     func(*testing.T) oauth.TokenStore { return oauth.NewMemoryStore(oauth.AllowVolatile()) },
	"SQLite":     func(t *testing.T) oauth.TokenStore { return newSQLite(t) },
	"PostgreSQL": func(t *testing.T) oauth.TokenStore { return newPostgres(t) },
	"MariaDB":    func(t *testing.T) oauth.TokenStore { return newMariaDB(t) },
	"Redis": func(t *testing.T) oauth.TokenStore {
		store, _ := newRedis(t)
		return store
	},
}

var dialects = map[string]sqlstore.Dialect{
	"PostgreSQL": sqlstore.PostgreSQL,
	"MariaDB":    sqlstore.MySQL,
	"SQLite":     sqlstore.SQLite,
}
