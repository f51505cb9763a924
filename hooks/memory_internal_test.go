package hooks

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVolatileLedgerFreesMemory lets a week of events pass, finished and not.
func TestVolatileLedgerFreesMemory(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 10, 12, 0, 0, 0, time.UTC)
	ledger := NewVolatileLedger(func() time.Time { return now })
	for i := range 100 {
		claim := Claim{ID: strconv.Itoa(i), Shop: "s", Owner: "o", Lease: time.Minute}
		_, err := ledger.Begin(t.Context(), claim)
		require.NoError(t, err)
		if i%2 == 0 {
			require.NoError(t, ledger.Finish(t.Context(), claim, Outcome{Ends: []string{"contract"}}))
		}
	}
	now = now.Add(Retention)
	_, err := ledger.Begin(t.Context(), Claim{ID: "next", Owner: "o", Lease: time.Minute})
	require.NoError(t, err)
	assert.Len(t, ledger.events, 1)
	assert.Equal(t, []string{"contract"}, ledger.shops["s"].ended)
}
