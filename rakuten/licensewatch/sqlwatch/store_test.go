package sqlwatch_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten/licensewatch/sqlwatch"
)

// The store is tested against the databases in internal/e2e/licensewatch, where the drivers
// are, and what it shares with the other SQL stores in internal/sqldb.

func TestNew(t *testing.T) {
	t.Parallel()
	db := new(sql.DB)
	_, err := sqlwatch.New(nil, sqlwatch.PostgreSQL)
	require.EqualError(t, err, "sqlwatch: no database")
	_, err = sqlwatch.New(db, "oracle")
	require.EqualError(t, err, `sqlwatch: unknown dialect "oracle"`)
	_, err = sqlwatch.New(db, sqlwatch.PostgreSQL, sqlwatch.WithPrefix("a;drop"))
	require.ErrorContains(t, err, "prefix")
	_, err = sqlwatch.New(db, sqlwatch.PostgreSQL, sqlwatch.WithPrefix("apps.licence_"))
	require.NoError(t, err)
}

func TestSchema(t *testing.T) {
	t.Parallel()
	for _, d := range []sqlwatch.Dialect{sqlwatch.PostgreSQL, sqlwatch.MySQL, sqlwatch.SQLite} {
		text := sqlwatch.Schema(d, "")
		assert.Contains(t, text, "CREATE TABLE IF NOT EXISTS shotengai_licence_watch (", "%s", d)
		assert.Contains(t, text, fmt.Sprintf("INTO shotengai_licence_schema (id, version) VALUES (1, %d)", sqlwatch.SchemaVersion), "%s", d)
		assert.NotContains(t, text, "{", "%s", d)
	}
	assert.Empty(t, sqlwatch.Schema("oracle", ""))
}

// The tables, for an app that runs its own migrations: here their names.
func ExampleSchema() {
	for line := range strings.Lines(sqlwatch.Schema(sqlwatch.PostgreSQL, "apps.licence_")) {
		if table, made := strings.CutPrefix(line, "CREATE TABLE IF NOT EXISTS "); made {
			fmt.Println(strings.TrimSuffix(table, " (\n"))
		}
	}
	// Output:
	// apps.licence_watch
	// apps.licence_schema
}
