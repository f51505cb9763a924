package hooks_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
)

// Where sessions commit before they are on the disk, what must not be lost with the server's
// memory is there when it returns: that an event was granted and finished, and a change with
// the record of it. A trigger notes the setting under which each row was written.
func TestSynchronousCommitIsForced(t *testing.T) {
	t.Parallel()
	e := engines()[0]
	db := e.open(t, engine.PostgresDSN(engine.PostgresAddr, "synchronous_commit=off"))
	ledger, prefix := e.ledger(t, db)
	settings := noteSettings(t, db, prefix)

	claim := hooks.Claim{ID: "event", Shop: "shop", Owner: "owner", Ref: "install", Lease: time.Minute}
	decision, err := ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	require.Equal(t, hooks.Granted, decision.State)
	assert.Equal(t, "on", settings("granted"))

	require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Ends: []string{"install"}}))
	assert.Equal(t, "on", settings("finished"), "and all that came before it")

	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	first, err := ledger.Once(t.Context(), tx, "event")
	require.NoError(t, err)
	assert.True(t, first)
	require.NoError(t, tx.Commit())
	assert.Equal(t, "on", settings("once"))

	var after string
	require.NoError(t, db.QueryRowContext(t.Context(), "SHOW synchronous_commit").Scan(&after))
	assert.Equal(t, "off", after, "the session is as it was")
}

// noteSettings makes triggers, and returns what reads the setting under which the newest row
// of a sort was written.
func noteSettings(t *testing.T, db *sql.DB, prefix string) func(what string) string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	exec := func(statement string) {
		t.Helper()
		_, err := db.ExecContext(ctx, statement)
		require.NoError(t, err)
	}
	exec("CREATE TABLE " + prefix + "log (what text NOT NULL, setting text NOT NULL)")
	exec("CREATE FUNCTION " + prefix + "note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO " + prefix +
		"log VALUES (TG_ARGV[0], current_setting('synchronous_commit')); RETURN NEW; END $$")
	for what, when := range map[string]string{
		"granted":  "UPDATE OF owner ON " + prefix + "events FOR EACH ROW WHEN (NEW.owner <> '')",
		"finished": "UPDATE OF done ON " + prefix + "events FOR EACH ROW WHEN (NEW.done = 1)",
		"once":     "INSERT ON " + prefix + "once FOR EACH ROW",
	} {
		exec("CREATE TRIGGER note_" + what + " BEFORE " + when + " EXECUTE FUNCTION " + prefix + "note('" + what + "')")
	}
	t.Cleanup(func() {
		_, _ = db.ExecContext(ctx, "DROP FUNCTION "+prefix+"note() CASCADE")
		_, _ = db.ExecContext(ctx, "DROP TABLE "+prefix+"log")
	})
	return func(what string) (setting string) {
		t.Helper()
		require.NoError(t, db.QueryRowContext(ctx, "SELECT setting FROM "+prefix+"log WHERE what = $1", what).Scan(&setting))
		return setting
	}
}
