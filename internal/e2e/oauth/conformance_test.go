package oauth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
	"github.com/shotengai/shotengai-go/oauth/storetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := open(t)
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })
		})
	}
}

// What a pooler in transaction mode takes away is tried without one: the two ways of
// sending a statement that it supports, and a pool that keeps no connection, so that
// each transaction runs in a session of its own. Whatever relied on a session would be
// gone by the next statement.
func TestS14PoolerInTransactionMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"exec", "simple_protocol"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			db := openDB(t, "pgx", postgresDSN(postgresAddr, "default_query_exec_mode="+mode))
			db.SetMaxIdleConns(0)
			store, _ := newSQL(t, db, sqlstore.PostgreSQL)
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })

			var prepared, locks int
			row := db.QueryRowContext(t.Context(), "SELECT (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())")
			require.NoError(t, row.Scan(&prepared, &locks))
			require.Zero(t, prepared)
			require.Zero(t, locks)
		})
	}
}

func TestPrefixWithSchema(t *testing.T) {
	t.Parallel()
	for name, schema := range map[string]string{"PostgreSQL": "public.", "MariaDB": "test."} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := sqlEngines[name]
			db := openDB(t, e.driver, e.dsn())
			_, prefix := newSQL(t, db, e.dialect) // cleans up
			store, err := sqlstore.New(db, e.dialect, sqlstore.WithPrefix(schema+prefix))
			require.NoError(t, err)
			require.NoError(t, store.Migrate(t.Context()))
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })
		})
	}
}

func TestDriverSettings(t *testing.T) {
	t.Parallel()
	for name, params := range map[string][]string{
		"client found rows":   {"clientFoundRows=true"},
		"interpolated params": {"interpolateParams=true", "parseTime=true", "loc=Asia%2FTokyo"},
		"read committed":      {"tx_isolation=%27READ-COMMITTED%27"},
		"latin1":              {"charset=latin1"},
	} {
		t.Run("MariaDB "+name, func(t *testing.T) {
			t.Parallel()
			store := newMariaDB(t, params...)
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })
		})
	}
	for name, params := range map[string][]string{
		"serializable":  {"default_transaction_isolation=serializable"},
		"time zone":     {"TimeZone=Asia/Tokyo", "standard_conforming_strings=on"},
		"cached":        {"default_query_exec_mode=cache_describe"},
		"describe exec": {"default_query_exec_mode=describe_exec"},
	} {
		t.Run("PostgreSQL "+name, func(t *testing.T) {
			t.Parallel()
			store := newPostgres(t, params...)
			storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })
		})
	}
}
