package oauth

import (
	"crypto/sha256"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// The finished logins that are remembered never take more than their room: those that have
// ended go, and of a crowd of others the one that ends first.
func TestUsedLoginsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var used usedLogins
		enter := func(state string, lifetime time.Duration) {
			_, first := used.enter(Login{State: state, ExpiresAt: now().Add(lifetime)}, [sha256.Size]byte{})
			assert.True(t, first)
		}
		enter("ended", time.Second)
		enter("another", time.Minute)
		<-time.After(time.Second)
		enter("soonest", 30*time.Second)
		assert.Len(t, used.logins, 2)
		assert.NotContains(t, used.logins, "ended")

		for i := range maxUsed - 2 {
			used.logins[strconv.Itoa(i)] = &usedLogin{expires: now().Add(time.Hour)}
		}
		enter("one too many", time.Hour)
		assert.Len(t, used.logins, maxUsed)
		assert.NotContains(t, used.logins, "soonest")
		assert.Contains(t, used.logins, "another")
		assert.Contains(t, used.logins, "one too many")
	})
}
