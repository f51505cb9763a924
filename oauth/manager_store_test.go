package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

var errDown = errors.New("connection refused")

func TestT32SaveFails(t *testing.T) {
	t.Parallel()
	t.Run("the new token is used and stored later", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.store.fail(errDown, "Save")
			token := w.token(m, shop)
			after(time.Minute)
			assert.Equal(w.t, token, w.token(m, shop), "from memory")
			assert.Equal(w.t, []oauth.EventKind{oauth.EventUnsaved}, w.kinds())
			assert.Equal(w.t, int64(1), m.Stats().Unsaved)
			assert.Equal(w.t, 1, w.calls())

			w.store.fail(nil, "Save")
			after(2 * time.Second)
			assert.Equal(w.t, []oauth.EventKind{oauth.EventUnsaved, oauth.EventRefreshed}, w.kinds())
			assert.Zero(w.t, m.Stats().Unsaved)
			assert.Equal(w.t, token, w.token(w.manager(), shop), "now the others have it")
			assert.Equal(w.t, 1, w.calls())
		})
	})
	t.Run("an unsaved grant is not refreshed over", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.store.fail(errDown, "Save")
			w.token(m, shop)
			w.expire()
			err := w.fails(m, shop)
			require.ErrorIs(w.t, err, oauth.ErrUnsaved)
			require.ErrorIs(w.t, err, oauth.ErrTemporary)
			assert.Equal(w.t, 1, w.calls())
			w.store.fail(nil, "Save")
			after(3 * time.Second)
			w.token(m, shop)
			assert.Equal(w.t, 2, w.calls())
		})
	})
	t.Run("the store comes back after the lease, and another process is the first to ask", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m, other := w.manager(), w.manager()
			w.install(m, shop)
			w.expire()
			calls := []string{"Load", "Acquire", "Save", "Release"}
			w.store.hook(w.store.before, "Save", once(func() error {
				w.store.fail(errDown, calls...)
				return errDown
			}))
			token := w.token(m, shop)
			after(time.Minute)
			w.store.fail(nil, calls...)
			assert.Equal(w.t, token, w.token(other, shop))
			assert.Equal(w.t, oauthtest.Counts{Refreshes: 1}, w.srv.Counts(), "nobody sends the spent token")
		})
	})
	t.Run("Close waits for it", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.store.fail(errDown, "Save")
			w.token(m, shop)
			go func() {
				after(10 * time.Second)
				w.store.fail(nil, "Save")
			}()
			began := time.Now()
			require.NoError(w.t, m.Close(w.t.Context()))
			assert.GreaterOrEqual(w.t, time.Since(began), 10*time.Second)
			w.token(w.manager(), shop)
			assert.Equal(w.t, 1, w.calls())
		})
	})
	t.Run("Close gives up and names the shop", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.store.fail(errDown, "Save")
			w.token(m, shop)
			began := time.Now()
			err := m.Close(w.t.Context())
			assert.Equal(w.t, 30*time.Second, time.Since(began))
			require.ErrorIs(w.t, err, oauth.ErrUnsaved)
			require.ErrorContains(w.t, err, shop)
		})
	})
}

func TestT33CommitOutcomeUnknown(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.store.hook(w.store.after, "Save", once(func() error { return errDown }))
		w.token(m, shop)
		assert.Equal(w.t, []oauth.EventKind{oauth.EventRefreshed}, w.kinds(), "the save id is there")
		assert.Equal(w.t, 1, w.store.count("Save"))
		assert.Zero(w.t, m.Stats().Conflicts)
	})
}

// overtake lets another instance refresh while the next answer is under way, as it
// happens when a lease has run out. Of the same consent that needs the server to give
// two pairs for one refresh token, which a lenient one does within its grace.
func (w *world) overtake(by *oauth.Manager) {
	w.store.hook(w.store.before, "Save", once(func() error {
		rec, err := w.store.inner.Load(w.t.Context(), rowKey(shop))
		require.NoError(w.t, err)
		w.store.replace(w.t, rowKey(shop), rec) // the same row, its lease lost
		_, err = by.TokenSource(shop).TokenContext(w.t.Context())
		synctest.Wait() // callers are answered before the save
		return err
	}))
}

// keepSpare lets b store an answer whose refresh token is worthless while a refreshes, so that
// the grant of a is its spare, and lets the access token of b run out.
func (w *world) keepSpare(a, b *oauth.Manager) {
	w.install(a, shop)
	w.expire()
	w.store.hook(w.store.before, "Save", once(func() error {
		rec, err := w.store.inner.Load(w.t.Context(), rowKey(shop))
		require.NoError(w.t, err)
		w.store.replace(w.t, rowKey(shop), rec)
		w.intercept(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, Header: http.Header{}, Request: r,
				Body: bodyOf(`{"access_token":"other","token_type":"bearer","expires_in":300,"refresh_token":"dead"}`),
			}, nil
		})
		_, err = b.TokenSource(shop).TokenContext(w.t.Context())
		synctest.Wait() // callers are answered before the save
		w.provider.HTTPClient = w.srv.HTTPClient()
		return err
	}))
	w.token(a, shop)
	after(3 * time.Second)
	require.Equal(w.t, int64(1), a.Stats().Conflicts)
	token, err := a.TokenSource(shop).Token()
	require.NoError(w.t, err)
	assert.Equal(w.t, "other", token.AccessToken, "the stored one goes first")
	w.expire()
}

func TestT34SaveLosesTheRace(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.Lenient = true
	t.Run("S04 S05 the stored grant is used", func(t *testing.T) {
		t.Parallel()
		config := config
		config.Grace = time.Hour
		bubble(t, config, func(w *world) {
			a, b := w.manager(), w.manager()
			w.install(a, shop)
			w.expire()
			w.overtake(b)
			w.token(a, shop)
			after(3 * time.Second)
			assert.Equal(w.t, int64(1), a.Stats().Conflicts)
			assert.Equal(w.t, w.token(b, shop), w.token(a, shop))
			info, err := a.Status(w.t.Context(), shop)
			require.NoError(w.t, err)
			assert.Equal(w.t, oauth.StatusActive, info.Status)
			assert.Zero(w.t, w.srv.Counts().Killed, "families killed")
		})
	})
	t.Run("our grant is the spare", func(t *testing.T) {
		t.Parallel()
		bubble(t, config, func(w *world) {
			a, b := w.manager(), w.manager()
			w.keepSpare(a, b)
			w.token(a, shop)
			assert.NotContains(w.t, w.kinds(), oauth.EventReauthorize)
			requests := w.srv.TokenRequests()
			assert.Contains(w.t, string(requests[len(requests)-2].Body), "refresh_token=dead")

			w.expire()
			w.token(b, shop)
			assert.Zero(w.t, w.srv.Counts().Killed)
		})
	})
	t.Run("the spare is refused too", func(t *testing.T) {
		t.Parallel()
		bubble(t, config, func(w *world) {
			a, b := w.manager(), w.manager()
			w.keepSpare(a, b)
			w.srv.RevokeShop(shop)
			require.ErrorIs(w.t, w.fails(a, shop), oauth.ErrTokenInDoubt)
		})
	})
	t.Run("ours lives where the other was refused", func(t *testing.T) {
		t.Parallel()
		bubble(t, config, func(w *world) {
			a, b := w.manager(), w.manager()
			w.install(a, shop)
			w.expire()
			w.store.hook(w.store.before, "Save", once(func() error {
				after(oauth.DefaultLease + time.Second)
				_, err := b.TokenSource(shop).TokenContext(w.t.Context())
				require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
				return nil
			}))
			w.token(a, shop)
			after(oauth.DefaultLease + 10*time.Second)
			w.token(b, shop)
			info, err := b.Status(w.t.Context(), shop)
			require.NoError(w.t, err)
			assert.Equal(w.t, oauth.StatusActive, info.Status)
		})
	})
}

// A process is frozen between the answer and the save. Another one takes over, and the spent
// token that it sends ends the grant. What the first one has to store is worth nothing then,
// which shows at its next refresh: that is the loss of an answer and not the owner's will.
func TestS07FrozenWithADeadGrant(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		frozen, other := w.manager(), w.manager()
		w.install(frozen, shop)
		w.expire()
		w.store.hook(w.store.before, "Save", once(func() error {
			after(oauth.DefaultLease + time.Second)
			_, err := other.TokenSource(shop).TokenContext(w.t.Context())
			require.ErrorIs(w.t, err, oauth.ErrTokenInDoubt)
			return nil
		}))
		_, err := frozen.TokenSource(shop).Token()
		require.NoError(w.t, err)
		after(oauth.DefaultLease + 10*time.Second)
		info, err := frozen.Status(w.t.Context(), shop)
		require.NoError(w.t, err)
		require.Equal(w.t, oauth.StatusActive, info.Status, "as far as is known")
		w.expire()
		require.ErrorIs(w.t, w.fails(w.manager(), shop), oauth.ErrTokenInDoubt, "whoever finds out")
		info, err = frozen.Status(w.t.Context(), shop)
		require.NoError(w.t, err)
		assert.Equal(w.t, oauth.StatusInDoubt, info.Status)

		w.install(frozen, shop)
		w.srv.RevokeShop(shop)
		w.expire()
		require.NotErrorIs(w.t, w.fails(frozen, shop), oauth.ErrTokenInDoubt, "a new consent is not in doubt")
	})
}

func TestS01StoreDownTokenValid(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		g := w.install(m, shop)
		w.store.down(errDown)
		assert.Equal(w.t, g.AccessToken.Reveal(), w.token(m, shop))
		after(4 * time.Minute) // inside the window: a refresh is tried behind the scenes
		assert.Equal(w.t, g.AccessToken.Reveal(), w.token(m, shop))
		synctest.Wait()
		assert.Equal(w.t, int64(1), m.Stats().StoreErrors)
		for range 100 {
			w.token(m, shop)
			synctest.Wait()
		}
		assert.Equal(w.t, int64(1), m.Stats().StoreErrors, "a store that is down is not asked with every call")
		after(time.Second)
		w.token(m, shop)
		synctest.Wait()
		assert.Equal(w.t, int64(2), m.Stats().StoreErrors, "but once a second")
		assert.Zero(w.t, w.calls())
	})
}

func TestS02StoreDownTokenExpired(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		for _, method := range []string{"Load", "Acquire"} {
			w.store.fail(errDown, method)
			err := w.fails(m, shop)
			require.ErrorIs(w.t, err, oauth.ErrStoreUnavailable)
			require.ErrorIs(w.t, err, oauth.ErrTemporary)
			require.ErrorIs(w.t, err, errDown)
			require.NotErrorIs(w.t, err, shotengai.ErrReauthorize)
			w.store.fail(nil, method)
		}
		assert.Zero(w.t, w.calls(), "nothing is sent without the lease")
	})
}

func TestS03StoreComesBack(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.store.down(errDown)
		w.fails(m, shop)
		w.store.down(nil)
		w.token(m, shop)

		// The answer to an acquire was lost: the lease is there and is ours.
		w.expire()
		w.store.hook(w.store.after, "Acquire", once(func() error { return errDown }))
		w.fails(m, shop)
		began := time.Now()
		w.token(m, shop)
		assert.Less(w.t, time.Since(began), time.Second, "the next call works")
	})
}

func TestS07FrozenLongerThanTheLease(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		frozen, other := w.manager(), w.manager()
		w.install(frozen, shop)
		w.expire()
		w.store.hook(w.store.after, "Acquire", once(func() error {
			after(oauth.DefaultLease + time.Second)
			w.token(other, shop)
			return nil
		}))
		w.token(frozen, shop)
		assert.Equal(w.t, 1, w.calls(), "on waking it sends nothing")
		assert.Equal(w.t, w.token(other, shop), w.token(frozen, shop))
	})
}

// A process that is frozen for less than the lease, but for too long to be sure of an
// answer within it, takes the lease anew.
func TestS07FrozenWithinTheLease(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.store.hook(w.store.after, "Acquire", once(func() error {
			after(15 * time.Second)
			return nil
		}))
		w.token(m, shop)
		assert.Equal(w.t, 1, w.calls())
		assert.Equal(w.t, 2, w.store.count("Acquire"))
	})
}

func TestS09StoreLost(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.store.replace(w.t, rowKey(shop))
		err := w.fails(m, shop)
		require.ErrorIs(w.t, err, oauth.ErrStoreLost)
		require.NotErrorIs(w.t, err, oauth.ErrNoGrant, "not as if the shop were not installed")
		for range 10 {
			require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrStoreLost)
		}
		assert.Equal(w.t, []oauth.EventKind{oauth.EventStoreLost}, w.kinds())
		assert.Zero(w.t, w.calls())
		require.ErrorIs(w.t, w.fails(m, "PA07654321"), oauth.ErrNoGrant)
	})
}

func TestS10StoreGoesBack(t *testing.T) {
	t.Parallel()
	t.Run("the newer copy in memory is written back", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			live, other := w.manager(), w.manager()
			w.install(live, shop)
			old, err := w.store.Load(w.t.Context(), rowKey(shop))
			require.NoError(w.t, err)
			w.expire()
			w.token(live, shop)
			synctest.Wait()
			newest, err := w.store.Load(w.t.Context(), rowKey(shop))
			require.NoError(w.t, err)
			w.store.replace(w.t, rowKey(shop), old)
			after(4 * time.Minute)
			w.token(live, shop)
			synctest.Wait()
			w.token(other, shop)
			after(time.Second)
			synctest.Wait()
			stored, err := w.store.Load(w.t.Context(), rowKey(shop))
			require.NoError(w.t, err)
			assert.Equal(w.t, newest.Version+2, stored.Version, "written back as a newer one, and refreshed")
			assert.Zero(w.t, w.srv.Counts().Killed)
			assert.Equal(w.t, 2, w.srv.Counts().Refreshes)
		})
	})
	t.Run("also over a refusal of the old one", func(t *testing.T) {
		t.Parallel()
		config := rotating()
		config.Lenient = true
		bubble(t, config, func(w *world) {
			live, other := w.manager(), w.manager()
			w.install(live, shop)
			old, err := w.store.Load(w.t.Context(), rowKey(shop))
			require.NoError(w.t, err)
			w.expire()
			w.token(live, shop)
			synctest.Wait() // the refresh may have answered before its end
			w.store.replace(w.t, rowKey(shop), old)
			require.ErrorIs(w.t, w.fails(other, shop), shotengai.ErrReauthorize, "it had only the old one")
			w.expire()
			w.token(live, shop)
			w.token(other, shop)
		})
	})
	t.Run("also where the old one has ended the grant", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			live, other := w.manager(), w.manager()
			w.install(live, shop)
			old, err := w.store.Load(w.t.Context(), rowKey(shop))
			require.NoError(w.t, err)
			w.expire()
			w.token(live, shop)
			synctest.Wait() // the refresh may have answered before its end
			w.store.replace(w.t, rowKey(shop), old)
			require.ErrorIs(w.t, w.fails(other, shop), shotengai.ErrReauthorize)
			w.expire()
			require.ErrorIs(w.t, w.fails(live, shop), oauth.ErrTokenInDoubt, "which is why it is refused")
		})
	})
	t.Run("of two records of one version the stored one is used, ours is its spare", func(t *testing.T) {
		t.Parallel()
		config := rotating()
		config.Lenient = true
		bubble(t, config, func(w *world) {
			ours, other := w.manager(), w.manager()
			w.install(ours, shop)
			old, err := w.store.Load(w.t.Context(), rowKey(shop))
			require.NoError(w.t, err)
			w.expire()
			w.token(ours, shop)
			synctest.Wait()
			w.store.replace(w.t, rowKey(shop), old)
			w.intercept(func(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: http.StatusOK, Header: http.Header{}, Request: r,
					Body: bodyOf(`{"access_token":"other","token_type":"bearer","expires_in":300,"refresh_token":"dead"}`),
				}, nil
			})
			_, err = other.TokenSource(shop).Token()
			require.NoError(w.t, err)
			synctest.Wait()
			w.provider.HTTPClient = w.srv.HTTPClient()
			w.expire()
			assert.Equal(w.t, w.token(ours, shop), w.token(other, shop))
			requests := w.srv.TokenRequests()
			assert.Contains(w.t, string(requests[len(requests)-2].Body), "refresh_token=dead")
			assert.NotContains(w.t, w.kinds(), oauth.EventReauthorize)
		})
	})
	t.Run("during a refresh, behind a record of the same version", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m, other := w.manager(), w.manager()
			w.install(m, shop)
			w.expire()
			first := once(func() error {
				w.srv.RevokeShop(shop)
				w.store.replace(w.t, rowKey(shop))
				w.install(other, shop) // version 1 again
				return nil
			})
			w.intercept(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
				assert.NoError(w.t, first())
				return next.RoundTrip(r)
			})
			assert.Equal(w.t, w.token(m, shop), w.token(other, shop), "the refusal was that of another record")
			assert.Empty(w.t, w.kinds())
		})
	})
	t.Run("a new consent is not undone", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			live, other := w.manager(), w.manager()
			w.install(live, shop)
			for range 3 {
				w.expire()
				w.token(live, shop)
			}
			w.store.replace(w.t, rowKey(shop))
			g := w.install(other, shop) // version 1 again
			after(4 * time.Minute)
			w.token(live, shop)
			synctest.Wait()
			requests := w.srv.TokenRequests()
			assert.Contains(w.t, string(requests[len(requests)-1].Body), g.RefreshToken.Reveal())
			assert.Equal(w.t, w.token(other, shop), w.token(live, shop))
		})
	})
}

func TestS18DeleteDuringRefresh(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.AfterRotation = 2 * time.Second
	bubble(t, config, func(w *world) {
		m, other := w.manager(), w.manager()
		w.install(m, shop)
		w.expire()
		go func() {
			after(time.Second)
			assert.NoError(w.t, other.Forget(w.t.Context(), shop))
		}()
		_, _ = m.TokenSource(shop).TokenContext(w.t.Context())
		synctest.Wait()
		after(time.Second)
		require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrNoGrant)
		require.ErrorIs(w.t, w.fails(other, shop), shotengai.ErrReauthorize, "which a login helps")
		assert.Equal(w.t, "revoked", w.srv.Grants()[0].Dead, "the new token is not left behind")
		assert.Equal(w.t, 1, w.calls())
	})
}

func TestS19ConsentDuringRefresh(t *testing.T) {
	t.Parallel()
	for _, same := range []bool{true, false} {
		t.Run(map[bool]string{true: "same instance", false: "another instance"}[same], func(t *testing.T) {
			t.Parallel()
			config := rotating()
			config.AfterRotation = 2 * time.Second
			bubble(t, config, func(w *world) {
				m, putter := w.manager(), w.manager()
				if same {
					putter = m
				}
				w.install(m, shop)
				w.expire()
				var g *oauth.Grant
				go func() {
					after(time.Second)
					g = w.install(putter, shop)
				}()
				token, err := m.TokenSource(shop).TokenContext(w.t.Context())
				require.NoError(w.t, err)
				synctest.Wait()
				if same {
					assert.Equal(w.t, g.AccessToken.Reveal(), token.AccessToken, "who waited gets it already")
				}
				assert.Equal(w.t, g.AccessToken.Reveal(), w.token(m, shop), "the new grant stays")
				assert.Equal(w.t, g.AccessToken.Reveal(), w.token(w.manager(), shop))
				assert.Equal(w.t, int64(1), m.Stats().Conflicts)
			})
		})
	}
}

func TestS20Close(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.AfterRotation = 10 * time.Second
	bubble(t, config, func(w *world) {
		m := w.manager()
		g := w.install(m, shop)
		w.install(m, "PA07654321")
		after(4 * time.Minute)
		w.token(m, shop) // begins a refresh in the background
		after(time.Second)
		done := make(chan struct{})
		go func() {
			defer close(done)
			assert.NoError(w.t, m.Close(context.WithoutCancel(w.t.Context())))
		}()
		synctest.Wait()
		assert.Equal(w.t, g.AccessToken.Reveal(), w.token(m, shop), "valid tokens are still given")
		w.token(m, "PA07654321")
		began := time.Now()
		<-done
		assert.Equal(w.t, 9*time.Second, time.Since(began), "it waits for the refresh and its save")
		assert.Equal(w.t, []oauth.EventKind{oauth.EventRefreshed}, w.kinds())
		after(time.Minute)
		require.ErrorIs(w.t, w.fails(m, "PA07654321"), oauth.ErrClosed, "no new refresh")
		assert.Equal(w.t, 1, w.calls())
		require.NoError(w.t, m.Close(w.t.Context()), "twice is fine")
	})
}

// A context that ended with the signal is a mistake, but no reason for an alarm where
// nothing is under way.
func TestS20CloseWithNothingToDo(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		ctx, cancel := context.WithCancel(w.t.Context())
		cancel()
		for range 100 {
			require.NoError(w.t, w.manager().Close(ctx))
		}
	})
}

func TestS20CloseBreaksOff(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.BeforeRotation = 10 * time.Second
	bubble(t, config, func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		go func() { _, _ = m.TokenSource(shop).Token() }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(w.t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		err := m.Close(ctx)
		require.ErrorIs(w.t, err, context.DeadlineExceeded)
		require.ErrorContains(w.t, err, "broken off")
		assert.Equal(w.t, time.Second, time.Since(began))
	})
}

func TestT50RowCopiedToAnotherShop(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		w.install(w.manager(), shop)
		rec, err := w.store.Load(w.t.Context(), rowKey(shop))
		require.NoError(w.t, err)
		_, err = w.store.Put(w.t.Context(), rowKey("PA07654321"), rec)
		require.NoError(w.t, err)
		err = w.fails(w.manager(), "PA07654321")
		require.ErrorIs(w.t, err, oauth.ErrSealed)
		require.NotErrorIs(w.t, err, oauth.ErrTemporary)
		assert.Zero(w.t, w.calls())
	})
}

func TestT51KeyRotated(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		w.install(w.manager(), shop)
		w.sealer = newGrantSealer(w.t, "k2", sealKey("k1"))
		rotated := w.manager()
		w.token(rotated, shop)
		w.sealer = newGrantSealer(w.t, "k2")
		require.ErrorIs(w.t, w.fails(w.manager(), shop), oauth.ErrSealed, "the old key is still needed")
		w.expire()
		w.token(rotated, shop)
		w.token(w.manager(), shop)
		assert.Equal(w.t, oauthtest.Counts{Refreshes: 1}, w.srv.Counts())
	})
}

// A deploy stops a process while the tokens of many shops have expired, at a server that
// replaces the refresh token at once and answers seconds later.
func TestS20CloseWithManyWaiting(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.AfterRotation = 3500 * time.Millisecond
	bubble(t, config, func(w *world) {
		m, other := w.manager(), w.manager()
		shops := make([]string, 60)
		for i := range shops {
			shops[i] = fmt.Sprintf("PA%08d", i)
			w.install(m, shops[i])
		}
		w.expire()
		var callers sync.WaitGroup
		var got, closed atomic.Int64
		asked := time.Now()
		for _, name := range shops {
			callers.Go(func() {
				switch _, err := m.TokenSource(name).Token(); {
				case err == nil:
					got.Add(1)
				case assert.ErrorIs(w.t, err, oauth.ErrClosed):
					closed.Add(1)
					assert.Equal(w.t, time.Second, time.Since(asked), "who waits for a slot is answered at once")
				}
			})
		}
		after(time.Second)
		require.Equal(w.t, oauth.DefaultParallel, w.calls())
		began := time.Now()
		require.NoError(w.t, m.Close(context.WithoutCancel(w.t.Context())))
		assert.Equal(w.t, 2500*time.Millisecond, time.Since(began), "until the last request on the wire was answered")
		callers.Wait()
		assert.Equal(w.t, oauth.DefaultParallel, w.calls(), "nothing was sent after Close")
		assert.Equal(w.t, int64(oauth.DefaultParallel), got.Load())
		assert.Equal(w.t, int64(len(shops)-oauth.DefaultParallel), closed.Load())
		for _, name := range shops {
			callers.Go(func() { w.token(other, name) })
		}
		callers.Wait()
		assert.Zero(w.t, other.Stats().Lost)
		assert.Equal(w.t, len(shops), w.srv.Counts().Refreshes, "each grant once, and none is lost")
	})
}

// A Close that comes while the store is slow keeps a refresh from its next step, and gives the
// lease back if there is one.
func TestS20ClosingIsCheckedBeforeEachStep(t *testing.T) {
	t.Parallel()
	for step, leases := range map[string]int{"Load": 0, "Acquire": 1} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			bubble(t, rotating(), func(w *world) {
				m, other := w.manager(), w.manager()
				w.install(m, shop)
				w.expire()
				closed := make(chan error, 1)
				w.store.hook(w.store.before, step, once(func() error {
					go func() { closed <- m.Close(context.WithoutCancel(w.t.Context())) }()
					after(time.Second)
					return nil
				}))
				require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrClosed)
				require.NoError(w.t, <-closed)
				assert.Equal(w.t, leases, w.store.count("Acquire"))
				assert.Zero(w.t, w.calls())
				began := time.Now()
				w.token(other, shop)
				assert.Less(w.t, time.Since(began), time.Second, "no lease is in the way")
			})
		})
	}
}

// A request that hangs when a process is stopped is not repeated in its last seconds: the
// next process finds out whether it was received.
func TestS20NoReplayWhileClosing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		hang, limit time.Duration
		calls       int
	}{
		"no time for a replay": {hang: 3 * time.Second, limit: 5 * time.Second, calls: 1},
		"time for a replay":    {hang: 3 * time.Second, limit: 40 * time.Second, calls: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, rotating(), func(w *world) {
				m, other := w.manager(), w.manager()
				w.install(m, shop)
				w.expire()
				sent := 0
				w.intercept(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
					if sent++; sent == 1 {
						after(tt.hang)
						return nil, errors.New("connection reset")
					}
					return next.RoundTrip(r)
				})
				failed := make(chan error, 1)
				go func() {
					_, err := m.TokenSource(shop).Token()
					failed <- err
				}()
				after(time.Second)
				ctx, cancel := context.WithTimeout(context.WithoutCancel(w.t.Context()), tt.limit)
				defer cancel()
				require.NoError(w.t, m.Close(ctx))
				err := <-failed
				assert.Equal(w.t, tt.calls, sent)
				if tt.calls == 1 {
					require.ErrorIs(w.t, err, oauth.ErrClosed)
					require.ErrorIs(w.t, err, shotengai.ErrOutcomeUnknown)
				} else {
					require.NoError(w.t, err)
				}
				w.token(other, shop)
			})
		})
	}
}

// Whoever waits for another instance's lease has sent nothing.
func TestS20CloseWhileAnotherHasTheLease(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.AfterRotation = 10 * time.Second
	bubble(t, config, func(w *world) {
		m, other := w.manager(), w.manager()
		w.install(other, shop)
		w.expire()
		go func() { _, _ = other.TokenSource(shop).Token() }()
		synctest.Wait()
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
		w.token(other, shop)
		assert.Equal(w.t, 1, w.calls())
	})
}
