package hooks_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/ledgertest"
)

func TestVolatileLedger(t *testing.T) {
	t.Parallel()
	ledgertest.Run(t, ledgertest.Suite{New: func(*testing.T) hooks.Ledger { return hooks.NewVolatileLedger(nil) }})
}

func TestVolatileLedgerForgets(t *testing.T) {
	t.Parallel()
	clock := newClock()
	ledger := hooks.NewVolatileLedger(clock.Now)
	claim := hooks.Claim{ID: "e", Shop: "s", Owner: "o", Lease: time.Minute}
	_, err := ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	mark := hooks.Mark{Kind: "k", Ref: "r", At: clock.Now()}
	require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Mark: mark}))
	clock.advance(hooks.Retention)
	claim.Owner = "p"
	decision, err := ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	assert.Equal(t, hooks.Granted, decision.State)
	assert.Equal(t, mark, decision.Newest, "the mark outlives the event")
}
