package sqlledger

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The suite and the databases are in internal/e2e/hooks, where the drivers are, and the
// tests of what this package shares with oauth/sqlstore in internal/sqldb.

func TestNew(t *testing.T) {
	t.Parallel()
	db := new(sql.DB)
	_, err := New(nil, PostgreSQL)
	require.EqualError(t, err, "sqlledger: no database")
	_, err = New(db, "oracle")
	require.EqualError(t, err, `sqlledger: unknown dialect "oracle"`)
	for _, prefix := range []string{"", "a;drop"} {
		_, err = New(db, PostgreSQL, WithPrefix(prefix))
		require.ErrorContains(t, err, "prefix", "%q", prefix)
	}
	_, err = New(db, PostgreSQL, WithPrefix("hooks.app_"))
	require.NoError(t, err)
}

func TestSchema(t *testing.T) {
	t.Parallel()
	for _, d := range []Dialect{PostgreSQL, MySQL, SQLite} {
		text := Schema(d, "")
		for _, table := range []string{"events", "shops", "once", "schema"} {
			assert.Contains(t, text, "CREATE TABLE IF NOT EXISTS shotengai_hook_"+table+" (", "%s", d)
		}
		assert.Contains(t, text, fmt.Sprintf("INTO shotengai_hook_schema (id, version) VALUES (1, %d)", SchemaVersion), "%s", d)
		assert.NotContains(t, text, "{", "%s", d)
	}
	assert.Empty(t, Schema("oracle", ""))
	assert.Empty(t, Schema(SQLite, "a b"))
}

func TestStatements(t *testing.T) {
	t.Parallel()
	postgres, err := New(new(sql.DB), PostgreSQL, WithPrefix("p_"))
	require.NoError(t, err)
	assert.Equal(t, "UPDATE p_shops SET owner = '', lease_until = 0 WHERE shop = $1 AND owner = $2", postgres.sql.freeShop)
	mysql, err := New(new(sql.DB), MySQL, WithPrefix("p_"))
	require.NoError(t, err)
	assert.Equal(t, "UPDATE p_shops SET owner = '', lease_until = 0 WHERE shop = ? AND owner = ?", mysql.sql.freeShop)
}
