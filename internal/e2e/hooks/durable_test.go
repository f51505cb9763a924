package hooks_test

import (
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
	settings := engine.NoteCommits(t, db, prefix, map[string]string{
		"granted":  "UPDATE OF owner ON " + prefix + "events FOR EACH ROW WHEN (NEW.owner <> '')",
		"finished": "UPDATE OF done ON " + prefix + "events FOR EACH ROW WHEN (NEW.done = 1)",
		"once":     "INSERT ON " + prefix + "once FOR EACH ROW",
	})

	claim := hooks.Claim{ID: "event", Shop: "shop", Owner: "owner", Ref: "install", Lease: time.Minute}
	decision, err := ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	require.Equal(t, hooks.Granted, decision.State)
	assert.Equal(t, []string{"on"}, settings("granted"))

	require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Ends: []string{"install"}}))
	assert.Equal(t, []string{"on"}, settings("finished"), "and all that came before it")

	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	first, err := ledger.Once(t.Context(), tx, "event")
	require.NoError(t, err)
	assert.True(t, first)
	require.NoError(t, tx.Commit())
	assert.Equal(t, []string{"on"}, settings("once"))

	var after string
	require.NoError(t, db.QueryRowContext(t.Context(), "SHOW synchronous_commit").Scan(&after))
	assert.Equal(t, "off", after, "the session is as it was")
}
