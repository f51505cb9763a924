package hooks_test

import (
	"database/sql"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/sqlledger"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
)

// execute runs the statements of a text of [sqlledger.Schema] with another prefix.
func execute(t *testing.T, db *sql.DB, prefix, text string) {
	t.Helper()
	text = strings.ReplaceAll(text, sqlledger.DefaultPrefix, prefix)
	for statement := range strings.SplitSeq(strings.TrimSpace(text), ";\n") {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// versionOne makes the tables as the first version did, with an event that is finished and
// one that is not, a shop whose contract A was uninstalled, and one record of a Do.
func (e database) versionOne(t *testing.T, db *sql.DB) (*sqlledger.Ledger, string) {
	t.Helper()
	prefix := engine.Prefix()
	engine.DropTables(t, db, tables(prefix)...)
	first, err := os.ReadFile("testdata/schema-1-" + string(e.dialect) + ".sql")
	require.NoError(t, err)
	execute(t, db, prefix, string(first))
	execute(t, db, prefix, `INSERT INTO shotengai_hook_events (id, shop, owner, attempt, lease_until, first_at, done, expires_at, result)
		VALUES ('done', 's', 'o', 1, 0, 1760000000000, 1, 99999999999999, 'answer'),
			('open', 's', 'o', 3, 0, 1760000000000, 0, 99999999999999, NULL);
INSERT INTO shotengai_hook_shops (shop, owner, lease_until, mark_kind, mark_ref, mark_at)
		VALUES ('s', '', 0, 'colorme.uninstall', 'A', 1760000000123);
INSERT INTO shotengai_hook_once (id, done_at) VALUES ('done', 1760000000000);
`)
	ledger, err := sqlledger.New(db, e.dialect, sqlledger.WithPrefix(prefix))
	require.NoError(t, err)
	return ledger, prefix
}

// holdsVersionOne finds what versionOne has put in, and the new table at work.
func holdsVersionOne(t *testing.T, db *sql.DB, ledger *sqlledger.Ledger) {
	t.Helper()
	require.NoError(t, ledger.Check(t.Context()))
	claim := hooks.Claim{ID: "done", Shop: "s", Owner: "p", Lease: time.Minute}
	decision, err := ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	assert.Equal(t, hooks.Finished, decision.State)
	assert.Equal(t, "answer", string(decision.Result))

	claim.ID, claim.Ref = "open", "A"
	decision, err = ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	assert.Equal(t, hooks.Granted, decision.State)
	assert.Equal(t, 4, decision.Attempt)
	assert.Equal(t, int64(1_760_000_000_000), decision.First.UnixMilli())
	assert.Equal(t, hooks.Mark{Kind: hooks.ColorMeUninstallKind, Ref: "A", At: time.UnixMilli(1_760_000_000_123)}, decision.Newest)
	assert.False(t, decision.Ended)
	require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Ends: []string{"A"}}))
	claim.ID = "next"
	decision, err = ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	assert.True(t, decision.Ended)

	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }()
	first, err := ledger.Once(t.Context(), tx, "done")
	require.NoError(t, err)
	assert.False(t, first)
}

// TestS16MigrateFromVersionOne raises the version with rows in the tables: from several
// instances at once, after one that broke off, and by an app that runs the statements itself.
func TestS16MigrateFromVersionOne(t *testing.T) {
	t.Parallel()
	migrate := func(t *testing.T, _ database, _ *sql.DB, _ string, ledger *sqlledger.Ledger) {
		t.Helper()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { assert.NoError(t, ledger.Migrate(t.Context())) })
		}
		wg.Wait()
	}
	for name, raise := range map[string]func(t *testing.T, e database, db *sql.DB, prefix string, ledger *sqlledger.Ledger){
		"several instances": migrate,
		"after one that broke off": func(t *testing.T, e database, db *sql.DB, prefix string, ledger *sqlledger.Ledger) {
			t.Helper()
			text := sqlledger.Schema(e.dialect, "")
			before, _, found := strings.Cut(text, "UPDATE ")
			require.True(t, found)
			execute(t, db, prefix, before)
			require.ErrorIs(t, ledger.Check(t.Context()), sqlledger.ErrSetup, "all tables are there, the version is not")
			migrate(t, e, db, prefix, ledger)
		},
		"by the app": func(t *testing.T, e database, db *sql.DB, prefix string, _ *sqlledger.Ledger) {
			t.Helper()
			for range 2 {
				execute(t, db, prefix, sqlledger.Schema(e.dialect, ""))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
				ledger, prefix := e.versionOne(t, db)
				err := ledger.Check(t.Context())
				require.ErrorIs(t, err, sqlledger.ErrSetup)
				require.ErrorContains(t, err, "the schema has version 1, this package works with 2; run Migrate or Schema")
				_, err = ledger.Begin(t.Context(), hooks.Claim{ID: "new", Shop: "s", Owner: "o", Lease: time.Millisecond})
				require.ErrorIs(t, err, sqlledger.ErrSetup)
				_, err = db.ExecContext(t.Context(), "UPDATE "+prefix+"shops SET owner = '', lease_until = 0")
				require.NoError(t, err)

				raise(t, e, db, prefix, ledger)
				holdsVersionOne(t, db, ledger)
			})
		})
	}
}

// TestS16MigrateKeepsNewerVersions starts an older instance on the tables of a newer one.
func TestS16MigrateKeepsNewerVersions(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, prefix := e.ledger(t, db)
		execute(t, db, prefix, "UPDATE shotengai_hook_schema SET version = 99;\n")
		require.ErrorIs(t, ledger.Migrate(t.Context()), sqlledger.ErrSetup)
		err := ledger.Check(t.Context())
		require.ErrorIs(t, err, sqlledger.ErrSetup)
		require.ErrorContains(t, err, "version 99")
	})
}
