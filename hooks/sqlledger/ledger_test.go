package sqlledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The suite and the databases are in internal/e2e/hooks, which has the drivers.

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	db := sql.OpenDB(nil)
	_, err := New(nil, PostgreSQL)
	require.Error(t, err)
	_, err = New(db, "oracle")
	require.ErrorContains(t, err, "oracle")
	for _, prefix := range []string{"", "1x", "X", "a.b.c", "a-b", "a b", `a"`, "a;drop", strings.Repeat("a", 49)} {
		_, err = New(db, PostgreSQL, WithPrefix(prefix))
		require.Error(t, err, prefix)
	}
	_, err = New(db, PostgreSQL, WithPrefix("hooks.app_"))
	require.NoError(t, err)
}

func TestSchema(t *testing.T) {
	t.Parallel()
	for _, dialect := range []Dialect{PostgreSQL, MySQL, SQLite} {
		statements, err := Schema(dialect, "")
		require.NoError(t, err)
		require.Len(t, statements, 5)
		for _, statement := range statements {
			assert.Contains(t, statement, "shotengai_hook_")
			assert.NotContains(t, statement, "{")
		}
		assert.Contains(t, statements[4], "VALUES (1)")
	}
	_, err := Schema("oracle", "")
	require.Error(t, err)
	_, err = Schema(SQLite, "a b")
	require.Error(t, err)
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	postgres, err := New(sql.OpenDB(nil), PostgreSQL, WithPrefix("p_"))
	require.NoError(t, err)
	assert.Equal(t, "UPDATE p_shops SET owner = '', lease_until = 0 WHERE shop = $1 AND owner = $2", postgres.sql.freeShop)
	mysql, err := New(sql.OpenDB(nil), MySQL, WithPrefix("p_"))
	require.NoError(t, err)
	assert.Equal(t, "UPDATE p_shops SET owner = '', lease_until = 0 WHERE shop = ? AND owner = ?", mysql.sql.freeShop)
}

type pgError string

func (e pgError) Error() string    { return "ERROR: of a driver" }
func (e pgError) SQLState() string { return string(e) }

func TestS06TemporaryErrors(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		pgError("40001"), pgError("40P01"), fmt.Errorf("wrapped: %w", pgError("55P03")),
		errors.New("Error 1213 (40001): Deadlock found"), errors.New("Error 1205 (HY000): Lock wait timeout exceeded"),
		errors.New("database is locked (5) (SQLITE_BUSY)"),
	} {
		assert.True(t, temporary(err), err)
	}
	for _, err := range []error{pgError("23505"), pgError("25006"), errors.New("Error 1062"), sql.ErrNoRows, context.Canceled} {
		assert.False(t, temporary(err), err)
	}
}

func TestS06Retries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var l Ledger
		count := func(ctx context.Context, failures int, failure error) (n int, err error) {
			err = l.retry(ctx, func() error {
				if n++; n <= failures {
					return failure
				}
				return nil
			})
			return n, err
		}
		n, err := count(t.Context(), 2, pgError("40P01"))
		require.NoError(t, err)
		assert.Equal(t, 3, n)
		n, err = count(t.Context(), 100, pgError("40P01"))
		require.Error(t, err)
		assert.Equal(t, tries, n)
		n, err = count(t.Context(), 100, sql.ErrNoRows)
		require.ErrorIs(t, err, sql.ErrNoRows)
		assert.Equal(t, 1, n)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		n, err = count(ctx, 100, pgError("40001"))
		require.Error(t, err)
		assert.Equal(t, 1, n)
	})
}
