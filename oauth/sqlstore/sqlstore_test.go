package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

// The tests against databases are in internal/e2e/oauth, where the drivers are.

func TestNew(t *testing.T) {
	t.Parallel()
	db := new(sql.DB)
	_, err := New(nil, PostgreSQL)
	require.ErrorContains(t, err, "no database")
	for _, unknown := range []Dialect{"", "oracle", "PostgreSQL"} {
		_, err = New(db, unknown)
		require.ErrorContains(t, err, fmt.Sprintf("unknown dialect %q", unknown))
	}
	for _, prefix := range []string{"", "1a", "A", "a-b", "a;b", "a b", "a.b.c", strings.Repeat("a", 41)} {
		_, err = New(db, PostgreSQL, WithPrefix(prefix))
		require.ErrorContains(t, err, "prefix", "%q", prefix)
	}
	_, err = New(db, SQLite, WithPrefix("main.oauth_"))
	require.ErrorContains(t, err, "SQLite has no schemas")
	store, err := New(db, PostgreSQL, WithPrefix("apps.oauth_"))
	require.NoError(t, err)
	assert.Contains(t, store.Schema(), "CREATE TABLE IF NOT EXISTS apps.oauth_grants (")
	assert.Contains(t, store.Schema(), "CREATE INDEX IF NOT EXISTS oauth_grants_due ON apps.oauth_grants ")
}

func TestS17SchemaHasNoShortColumns(t *testing.T) {
	t.Parallel()
	for _, d := range []Dialect{PostgreSQL, MySQL, SQLite} {
		text := Schema(d)
		assert.NotContains(t, strings.ToLower(text), "varchar", "%s", d)
		assert.Contains(t, text, fmt.Sprintf("VALUES (1, %d)", SchemaVersion), "%s", d)
		assert.True(t, strings.HasSuffix(text, ";\n"), "%s", d)
	}
	assert.Contains(t, Schema(PostgreSQL), "sealed bytea")
	assert.Contains(t, Schema(MySQL), "sealed longblob")
	assert.Contains(t, Schema(SQLite), "sealed blob")
}

func TestRebind(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a = $1 AND b = $2", PostgreSQL.rebind("a = ? AND b = ?"))
	assert.Equal(t, "a = ? AND b = ?", MySQL.rebind("a = ? AND b = ?"))
	assert.Equal(t, "a", PostgreSQL.rebind("a"))
}

// stated is an error as the drivers of PostgreSQL make it.
type stated string

func (s stated) Error() string    { return "failed" }
func (s stated) SQLState() string { return string(s) }

func TestS06Conditions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"deadlock":                {stated("40P01"), errTransient},
		"serialization":           {fmt.Errorf("wrapped: %w", stated("40001")), errTransient},
		"lock timeout":            {stated("55P03"), errTransient},
		"deadlock of MySQL":       {errors.New("Error 1213 (40001): Deadlock found when trying to get lock"), errTransient},
		"lock timeout of MySQL":   {errors.New("Error 1205 (HY000): Lock wait timeout exceeded"), errTransient},
		"busy SQLite":             {errors.New("database is locked (5) (SQLITE_BUSY)"), errTransient},
		"S15 read only":           {stated("25006"), errReadOnly},
		"S15 read only MySQL":     {errors.New("Error 1290 (HY000): The MySQL server is running with the --read-only option"), errReadOnly},
		"S15 read only SQLite":    {errors.New("attempt to write a readonly database (8)"), errReadOnly},
		"S16 no table":            {stated("42P01"), errNoTable},
		"S16 no table in MySQL":   {errors.New("Error 1146 (42S02): Table 'test.x' doesn't exist"), errNoTable},
		"S16 no table in SQLite":  {errors.New("SQL logic error: no such table: x (1)"), errNoTable},
		"S16 other columns":       {stated("42703"), errOtherColumns},
		"a number in the message": {errors.New("row 1213 is odd"), nil},
		"another state":           {stated("22001"), nil},
		"cancelled":               {context.Canceled, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, c.want, condition(c.err))
		})
	}
}

func TestS06TransientFailuresAreRepeated(t *testing.T) {
	t.Parallel()
	store, err := New(new(sql.DB), SQLite)
	require.NoError(t, err)
	calls := 0
	require.NoError(t, store.try(t.Context(), "save", func(querier) error {
		if calls++; calls < tries {
			return stated("40P01")
		}
		return nil
	}))
	assert.Equal(t, tries, calls)

	calls = 0
	err = store.try(t.Context(), "save", func(querier) error {
		calls++
		return stated("40P01")
	})
	require.EqualError(t, err, "sqlstore: save: failed")
	assert.Equal(t, tries, calls, "not for ever")

	for _, err := range []error{shotengai.ErrConflict, oauth.ErrNoGrant, errors.New("connection reset")} {
		calls = 0
		require.ErrorIs(t, store.try(t.Context(), "save", func(querier) error {
			calls++
			return err
		}), err)
		assert.Equal(t, 1, calls, "the outcome of %v is known or unknown, but no reason to repeat", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	calls = 0
	require.Error(t, store.try(ctx, "save", func(querier) error {
		calls++
		cancel()
		return stated("40001")
	}))
	assert.Equal(t, 1, calls)
}
