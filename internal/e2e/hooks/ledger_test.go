package hooks_test

import (
	"crypto/rand"
	"database/sql"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/ledgertest"
	"github.com/shotengai/shotengai-go/hooks/sqlledger"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
)

// database is an engine with a way in.
type database struct {
	dialect sqlledger.Dialect
	driver  string
	dsn     func(t testing.TB) string
}

func fixed(dsn string) func(testing.TB) string { return func(testing.TB) string { return dsn } }

func engines() []database {
	return []database{
		{sqlledger.PostgreSQL, engine.PostgresDriver, fixed(engine.PostgresDSN(engine.PostgresAddr))},
		{sqlledger.MySQL, engine.MariaDBDriver, fixed(engine.MariaDBDSN(engine.MariaDBAddr))},
		{sqlledger.SQLite, engine.SQLiteDriver, engine.SQLiteDSN},
	}
}

func (e database) open(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db := engine.OpenSQL(t, e.driver, dsn)
	db.SetMaxOpenConns(4)
	return db
}

// tables are those of a ledger.
func tables(prefix string) []string {
	return []string{prefix + "events", prefix + "shops", prefix + "gone", prefix + "once", prefix + "schema"}
}

// ledger makes tables of a name of their own.
func (e database) ledger(t *testing.T, db *sql.DB) (*sqlledger.Ledger, string) {
	t.Helper()
	prefix := engine.Prefix()
	ledger, err := sqlledger.New(db, e.dialect, sqlledger.WithPrefix(prefix))
	require.NoError(t, err)
	engine.DropTables(t, db, tables(prefix)...)
	require.NoError(t, ledger.Migrate(t.Context()))
	return ledger, prefix
}

// eachEngine runs a test on every database there is.
func eachEngine(t *testing.T, test func(t *testing.T, e database, db *sql.DB)) {
	t.Helper()
	for _, e := range engines() {
		t.Run(string(e.dialect), func(t *testing.T) {
			t.Parallel()
			test(t, e, e.open(t, e.dsn(t)))
		})
	}
}

func TestSQLLedger(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, _ := e.ledger(t, db)
		t.Run("suite", func(t *testing.T) {
			ledgertest.Run(t, ledgertest.Suite{New: func(*testing.T) hooks.Ledger { return ledger }})
		})
	})
}

func TestS16SchemaMissing(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		prefix := engine.Prefix()
		ledger, err := sqlledger.New(db, e.dialect, sqlledger.WithPrefix(prefix))
		require.NoError(t, err)
		require.ErrorIs(t, ledger.Check(t.Context()), sqlledger.ErrSetup)
		_, err = ledger.Begin(t.Context(), hooks.Claim{ID: "e", Owner: "o", Lease: time.Second})
		require.Error(t, err)

		made, name := e.ledger(t, db)
		require.NoError(t, made.Check(t.Context()))
		require.NoError(t, made.Migrate(t.Context()), "it may run again")
		_, err = db.ExecContext(t.Context(), "UPDATE "+name+"schema SET version = 99")
		require.NoError(t, err)
		require.ErrorIs(t, made.Check(t.Context()), sqlledger.ErrSetup)
	})
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		_, prefix := e.ledger(t, db)
		for _, table := range tables(prefix) {
			_, err := db.ExecContext(t.Context(), "DROP TABLE "+table)
			require.NoError(t, err)
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				ledger, err := sqlledger.New(db, e.dialect, sqlledger.WithPrefix(prefix))
				if assert.NoError(t, err) {
					assert.NoError(t, ledger.Migrate(t.Context()))
				}
			})
		}
		wg.Wait()
	})
}

func TestS15ReadOnly(t *testing.T) {
	t.Parallel()
	e := engines()[0]
	ledger, prefix := e.ledger(t, e.open(t, e.dsn(t)))
	require.NoError(t, ledger.Check(t.Context()))
	replica, err := sqlledger.New(e.open(t, engine.PostgresDSN(engine.PostgresAddr, "default_transaction_read_only=on")), e.dialect, sqlledger.WithPrefix(prefix))
	require.NoError(t, err)
	require.ErrorIs(t, replica.Check(t.Context()), sqlledger.ErrSetup)
	_, err = replica.Begin(t.Context(), hooks.Claim{ID: "e", Owner: "o", Lease: time.Second})
	require.ErrorIs(t, err, sqlledger.ErrSetup)
	require.ErrorContains(t, err, "25006")
}

func TestOnce(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, prefix := e.ledger(t, db)
		effects := prefix + "effects"
		engine.DropTables(t, db, effects)
		_, err := db.ExecContext(t.Context(), "CREATE TABLE "+effects+" (n integer NOT NULL)")
		require.NoError(t, err)

		act := func(commit bool) bool {
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			defer func() { _ = tx.Rollback() }()
			first, err := ledger.Once(t.Context(), tx, "event")
			require.NoError(t, err)
			if !first {
				return false
			}
			_, err = tx.ExecContext(t.Context(), "INSERT INTO "+effects+" VALUES (1)")
			require.NoError(t, err)
			if commit {
				require.NoError(t, tx.Commit())
			}
			return true
		}
		assert.True(t, act(false), "rolled back")
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { act(true) })
		}
		wg.Wait()
		assert.False(t, act(true))
		var n int
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+effects).Scan(&n))
		assert.Equal(t, 1, n)

		tx, err := db.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		_, err = ledger.Once(t.Context(), tx, "")
		require.ErrorIs(t, err, hooks.ErrClaim)
		require.NoError(t, tx.Rollback())
	})
}

// TestFinishAgainFreesTheShop plays the process whose first Finish broke off between the
// event and its shop.
func TestFinishAgainFreesTheShop(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, prefix := e.ledger(t, db)
		claim := hooks.Claim{ID: "e", Shop: "s", Owner: "o", Lease: time.Minute}
		_, err := ledger.Begin(t.Context(), claim)
		require.NoError(t, err)
		held := "UPDATE " + prefix + "shops SET owner = 'o', lease_until = " + strconv.FormatInt(time.Now().Add(time.Hour).UnixMilli(), 10)
		require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{}))
		_, err = db.ExecContext(t.Context(), held)
		require.NoError(t, err)
		next := hooks.Claim{ID: "next", Shop: "s", Owner: "p", Lease: time.Minute}
		decision, err := ledger.Begin(t.Context(), next)
		require.NoError(t, err)
		require.Equal(t, hooks.Busy, decision.State)
		require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{}))
		decision, err = ledger.Begin(t.Context(), next)
		require.NoError(t, err)
		assert.Equal(t, hooks.Granted, decision.State)
	})
}

// TestRetention lets a week pass by moving the rows, since the clock is the database's.
func TestRetention(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, prefix := e.ledger(t, db)
		claim := hooks.Claim{ID: "e", Shop: "s", Owner: "o", Lease: time.Minute}
		_, err := ledger.Begin(t.Context(), claim)
		require.NoError(t, err)
		require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Result: []byte("answer")}))
		pass := func(d time.Duration) hooks.Decision {
			_, err := db.ExecContext(t.Context(), fmt.Sprintf("UPDATE %sevents SET expires_at = expires_at - %d", prefix, d.Milliseconds()))
			require.NoError(t, err)
			_, err = db.ExecContext(t.Context(), fmt.Sprintf("UPDATE %sonce SET done_at = done_at - %d", prefix, d.Milliseconds()))
			require.NoError(t, err)
			_, err = ledger.Purge(t.Context())
			require.NoError(t, err)
			later := claim
			later.Owner = "p"
			decision, err := ledger.Begin(t.Context(), later)
			require.NoError(t, err)
			return decision
		}
		once := func() bool {
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			first, err := ledger.Once(t.Context(), tx, "e")
			require.NoError(t, err)
			require.NoError(t, tx.Commit())
			return first
		}
		assert.True(t, once())
		decision := pass(hooks.Retention - time.Minute)
		assert.Equal(t, hooks.Finished, decision.State)
		assert.Equal(t, "answer", string(decision.Result))
		assert.False(t, once())
		decision = pass(time.Minute)
		assert.Equal(t, hooks.Granted, decision.State)
		assert.Equal(t, 1, decision.Attempt)
		assert.True(t, once())
	})
}

func TestPurge(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, prefix := e.ledger(t, db)
		finish := func(id string, keep time.Duration) {
			claim := hooks.Claim{ID: id, Shop: "s", Owner: rand.Text(), Lease: time.Millisecond}
			_, err := ledger.Begin(t.Context(), claim)
			require.NoError(t, err)
			mark := hooks.Mark{Kind: "k", Ref: id, At: time.UnixMilli(1)}
			require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Keep: keep, Mark: mark, Ends: []string{id}}))
		}
		finish("kept", 0)
		finish("gone", -1)
		_, err := db.ExecContext(t.Context(), "INSERT INTO "+prefix+"once (id, done_at) VALUES ('old', 0)")
		require.NoError(t, err)
		_, err = db.ExecContext(t.Context(), "UPDATE "+prefix+"events SET lease_until = 0")
		require.NoError(t, err)
		n, err := ledger.Purge(t.Context())
		require.NoError(t, err)
		assert.Equal(t, int64(2), n)
		decision, err := ledger.Begin(t.Context(), hooks.Claim{ID: "next", Shop: "s", Owner: "o", Ref: "gone", Lease: time.Second})
		require.NoError(t, err)
		assert.Equal(t, "gone", decision.Newest.Ref, "marks stay")
		assert.True(t, decision.Ended, "and so do ends")
	})
}
