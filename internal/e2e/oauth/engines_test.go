package oauth_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/redisstore"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
)

// Where the engines listen, and how they are opened.
const (
	postgresAddr = engine.PostgresAddr
	mysqlAddr    = engine.MariaDBAddr
	redisAddr    = engine.RedisAddr
)

func postgresDSN(addr string, params ...string) string { return engine.PostgresDSN(addr, params...) }

func mysqlDSN(addr string, params ...string) string { return engine.MariaDBDSN(addr, params...) }

func openDB(t testing.TB, driver, dsn string) *sql.DB {
	t.Helper()
	return engine.OpenSQL(t, driver, dsn)
}

// newSQL makes tables of the test's own.
func newSQL(t testing.TB, db *sql.DB, dialect sqlstore.Dialect) (*sqlstore.Store, string) {
	t.Helper()
	prefix := engine.Prefix()
	store, err := sqlstore.New(db, dialect, sqlstore.WithPrefix(prefix))
	require.NoError(t, err)
	engine.DropTables(t, db, prefix+"grants", prefix+"schema")
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
	store, _ := newSQL(t, openDB(t, engine.SQLiteDriver, engine.SQLiteDSN(t)), sqlstore.SQLite)
	return store
}

func newRedis(t testing.TB) (*redisstore.Store, string) {
	t.Helper()
	client, prefix := engine.OpenRedis(t, redisAddr), engine.Prefix()
	engine.DropKeys(t, client, prefix)
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
