package hooks_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/ledgertest"
)

func TestVolatileLedger(t *testing.T) {
	t.Parallel()
	var clocks sync.Map // by test
	ledgertest.Run(t, ledgertest.Suite{
		New: func(t *testing.T) hooks.Ledger {
			t.Helper()
			own := newClock()
			clocks.Store(t, own)
			return hooks.NewVolatileLedger(own.Now)
		},
		Advance: func(t *testing.T, d time.Duration) {
			t.Helper()
			own, ok := clocks.Load(t)
			require.True(t, ok)
			own.(*clock).advance(d)
		},
	})
}

func TestVolatileLedgerForgets(t *testing.T) {
	t.Parallel()
	clock := newClock()
	ledger := hooks.NewVolatileLedger(clock.Now)
	claim := hooks.Claim{ID: "e", Shop: "s", Owner: "o", Lease: time.Minute}
	_, err := ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	mark := hooks.Mark{Kind: "k", Ref: "r", At: clock.Now()}
	require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Mark: mark, Ends: []string{"q"}}))
	clock.advance(hooks.Retention)
	claim.Owner, claim.Ref = "p", "q"
	decision, err := ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	assert.Equal(t, hooks.Granted, decision.State)
	assert.Equal(t, mark, decision.Newest, "the mark outlives the event")
	assert.True(t, decision.Ended, "and so does the end of an install")
}
