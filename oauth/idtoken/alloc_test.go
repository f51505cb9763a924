package idtoken_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each part of a token is read once.
func TestAllocsPerToken(t *testing.T) {
	p := newPlatform(t, false)
	v, token := p.verifier(t), p.token(nil)
	_, err := v.Verify(t.Context(), token, testNonce)
	require.NoError(t, err)
	count := testing.AllocsPerRun(100, func() {
		if _, err := v.Verify(t.Context(), token, testNonce); err != nil {
			t.Error(err)
		}
	})
	t.Logf("%v allocations", count)
	assert.LessOrEqual(t, count, 90.0)
}
