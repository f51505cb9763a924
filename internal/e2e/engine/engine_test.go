package engine

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { Main(m) }

// What a run of two hours ago has left is removed, and what another run has in use is not.
func TestSweep(t *testing.T) {
	t.Parallel()
	name := func(age time.Duration) string {
		return fmt.Sprintf("e2e_%08x_%s", time.Now().Add(-age).Unix(), Prefix()[len("e2e_00000000_"):])
	}
	old, young := name(2*time.Hour), name(time.Minute)
	for driver, dsn := range map[string]string{PostgresDriver: PostgresDSN(PostgresAddr), MariaDBDriver: MariaDBDSN(MariaDBAddr)} {
		t.Run(driver, func(t *testing.T) {
			t.Parallel()
			db := OpenSQL(t, driver, dsn)
			DropTables(t, db, old+"grants", young+"grants")
			for _, table := range []string{old + "grants", young + "grants"} {
				_, err := db.ExecContext(t.Context(), "CREATE TABLE "+table+" (n integer)")
				require.NoError(t, err)
			}
			sweep(t.Context())
			assert.False(t, exists(t, db, old+"grants"))
			assert.True(t, exists(t, db, young+"grants"))
		})
	}
	t.Run("Redis", func(t *testing.T) {
		t.Parallel()
		client := OpenRedis(t, RedisAddr)
		DropKeys(t, client, old)
		DropKeys(t, client, young)
		require.NoError(t, client.MSet(t.Context(), old+"key", "", young+"key", "").Err())
		sweep(t.Context())
		kept, err := client.Exists(t.Context(), old+"key", young+"key").Result()
		require.NoError(t, err)
		assert.Equal(t, int64(1), kept)
	})
}

func exists(t *testing.T, db *sql.DB, table string) bool {
	t.Helper()
	var n int
	_, err := db.ExecContext(t.Context(), "SELECT 1 FROM "+table)
	if err != nil {
		assert.ErrorContains(t, err, table)
		return false
	}
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return true
}

func TestLeftBehind(t *testing.T) {
	t.Parallel()
	assert.True(t, leftBehind("e2e_00000001_abc_grants"))
	for _, name := range []string{"orders", "e2e_orders", "my_e2e_00000001_x", Prefix() + "grants", "e2e_ffffffff_x_grants"} {
		assert.False(t, leftBehind(name), name)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	s := summary{there: make(map[string]bool), gone: make(map[string]int)}
	assert.Contains(t, s.line(), ": engines found: none; skipped: nothing")
	s.found("Redis")
	s.found("MariaDB")
	s.missing("PgBouncer")
	s.missing("PgBouncer")
	assert.Contains(t, s.line(), ": engines found: MariaDB, Redis; skipped: 2 tests without PgBouncer")
}
