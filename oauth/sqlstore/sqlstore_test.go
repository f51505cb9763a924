package sqlstore

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests against databases are in internal/e2e/oauth, where the drivers are, and those
// of what this package shares with hooks/sqlledger in internal/sqldb.

func TestNew(t *testing.T) {
	t.Parallel()
	db := new(sql.DB)
	_, err := New(nil, PostgreSQL)
	require.EqualError(t, err, "sqlstore: no database")
	_, err = New(db, "oracle")
	require.EqualError(t, err, `sqlstore: unknown dialect "oracle"`)
	for _, prefix := range []string{"", "a;b"} {
		_, err = New(db, PostgreSQL, WithPrefix(prefix))
		require.ErrorContains(t, err, "prefix", "%q", prefix)
	}
	for _, dialect := range []Dialect{PostgreSQL, MySQL, SQLite} {
		_, err = New(db, dialect)
		require.NoError(t, err)
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	for _, d := range []Dialect{PostgreSQL, MySQL, SQLite} {
		text := Schema(d, "")
		assert.Contains(t, text, "CREATE TABLE IF NOT EXISTS shotengai_oauth_grants (", "%s", d)
		assert.Contains(t, text, fmt.Sprintf("INTO shotengai_oauth_schema (id, version) VALUES (1, %d)", SchemaVersion), "%s", d)
		assert.NotContains(t, text, "{", "%s", d)
	}
	assert.Contains(t, Schema(PostgreSQL, "apps.oauth_"), "CREATE INDEX IF NOT EXISTS oauth_grants_due ON apps.oauth_grants ")
	assert.Empty(t, Schema("oracle", ""))
	assert.Empty(t, Schema(SQLite, "a b"))
}

func TestS17SchemaHasNoShortColumns(t *testing.T) {
	t.Parallel()
	for d, sealed := range map[Dialect]string{PostgreSQL: "sealed bytea", MySQL: "sealed longblob", SQLite: "sealed blob"} {
		assert.Contains(t, Schema(d, ""), sealed)
		assert.NotContains(t, strings.ToLower(Schema(d, "")), "varchar", "%s", d)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	store, err := New(new(sql.DB), PostgreSQL, WithPrefix("apps.oauth_"))
	require.NoError(t, err)
	assert.Equal(t, "SELECT 1 FROM apps.oauth_grants WHERE platform = $1 AND app = $2 AND shop = $3 AND version = $4",
		store.text("SELECT 1 FROM {p}grants WHERE {key} AND version = ?"))
}
