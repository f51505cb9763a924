package oauth_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// A Put may fail although it has worked. When the app repeats it, somebody may have refreshed the
// grant already, and its first refresh token is spent.
func TestPutRepeated(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m, other := w.manager(), w.manager()
		g := w.grant(shop)
		w.store.hook(w.store.after, "Put", once(func() error { return errDown }))
		require.ErrorIs(w.t, m.Put(w.t.Context(), shop, g), oauth.ErrStoreUnavailable)
		_, err := other.TokenSource(shop).Reject(w.t.Context(), g.Token())
		require.NoError(w.t, err)
		require.NoError(w.t, m.Put(w.t.Context(), shop, g))
		assert.Equal(w.t, w.token(other, shop), w.token(m, shop), "the refreshed one")
		w.expire()
		w.token(m, shop)
		assert.Equal(w.t, oauthtest.Counts{Refreshes: 2}, w.srv.Counts())

		require.NoError(w.t, m.Forget(w.t.Context(), shop))
		require.NoError(w.t, m.Put(w.t.Context(), shop, w.grant(shop)))
		w.token(other, shop)
		w.store.fail(errDown, "Load")
		require.ErrorIs(w.t, m.Put(w.t.Context(), shop, w.grant(shop)), oauth.ErrStoreUnavailable, "nothing is stored unseen")
	})
}

// A lost answer is remembered, whatever becomes of the request that follows it.
func TestDoubtOutlivesATemporaryError(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m, other := w.manager(), w.manager()
		w.install(m, shop)
		w.expire()
		w.srv.LoseAnswers(1)
		w.srv.Fail(1, shotengaitest.Fault{Status: http.StatusServiceUnavailable, RetryAfter: "50"})
		require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrTemporary)
		after(oauth.DefaultLease + 10*time.Second)
		ctx, cancel := context.WithTimeout(w.t.Context(), 5*time.Second)
		defer cancel()
		_, err := other.TokenSource(shop).TokenContext(ctx)
		require.ErrorIs(w.t, err, context.DeadlineExceeded, "the others wait as long as the platform asks")
		assert.Equal(w.t, 2, w.calls())
		after(10 * time.Second)
		require.ErrorIs(w.t, w.fails(other, shop), oauth.ErrTokenInDoubt)
	})
}

// A process that has taken over a lease has sent nothing yet, and Close does not wait for it.
func TestCloseWhileGivingWay(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.crash(shop)
		after(oauth.DefaultLease)
		failed := make(chan error, 1)
		go func() {
			_, err := m.TokenSource(shop).Token()
			failed <- err
		}()
		after(time.Second)
		began := time.Now()
		require.NoError(w.t, m.Close(context.WithoutCancel(w.t.Context())))
		assert.Zero(w.t, time.Since(began))
		require.ErrorIs(w.t, <-failed, oauth.ErrClosed)
		assert.Equal(w.t, 1, w.calls())
		began = time.Now()
		require.ErrorIs(w.t, w.fails(w.manager(), shop), oauth.ErrTokenInDoubt, "which is still known")
		assert.Less(w.t, time.Since(began), 10*time.Second, "no lease is in the way")
	})
}
