package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

func TestT22FiftyGoroutines(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				_, err := m.TokenSource(shop).Token()
				assert.NoError(w.t, err)
			})
		}
		wg.Wait()
		assert.Equal(w.t, 1, w.calls())
		assert.Equal(w.t, []oauth.EventKind{oauth.EventRefreshed}, w.kinds())
	})
}

// The case with real processes is in internal/e2e/oauth.
func TestT23SeveralInstances(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.BeforeRotation = 3 * time.Second
	bubble(t, config, func(w *world) {
		managers := []*oauth.Manager{w.manager(), w.manager(), w.manager(), w.manager()}
		w.install(managers[0], shop)
		w.expire()
		var wg sync.WaitGroup
		tokens := make([]string, 4*8)
		for i := range tokens {
			wg.Go(func() {
				token, err := managers[i%4].TokenSource(shop).Token()
				if assert.NoError(w.t, err) {
					tokens[i] = token.AccessToken
				}
			})
		}
		wg.Wait()
		assert.Equal(w.t, 1, w.srv.Counts().Refreshes)
		assert.Equal(w.t, 1, w.calls())
		for _, token := range tokens {
			assert.Equal(w.t, tokens[0], token, "the others get the new token")
		}
	})
}

func TestBackgroundRefresh(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.BeforeRotation = 2 * time.Second
	bubble(t, config, func(w *world) {
		m := w.manager()
		old := w.install(m, shop)
		after(2 * time.Minute)
		assert.Equal(w.t, old.AccessToken.Reveal(), w.token(m, shop))
		assert.Zero(w.t, w.calls(), "outside the window nothing is asked")
		loads := w.store.count("Load")

		after(time.Minute + 30*time.Second)
		began := time.Now()
		for range 10 {
			assert.Equal(w.t, old.AccessToken.Reveal(), w.token(m, shop))
		}
		assert.Zero(w.t, time.Since(began), "inside the window the old token is given at once")
		after(3 * time.Second)
		assert.Equal(w.t, 1, w.calls())
		assert.NotEqual(w.t, old.AccessToken.Reveal(), w.token(m, shop))
		assert.Equal(w.t, loads+1, w.store.count("Load"))
	})
}

func TestT24CallerLeavesWhileWaiting(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.AfterRotation = 5 * time.Second
	bubble(t, config, func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		go func() { _, _ = m.TokenSource(shop).Token() }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(w.t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := m.TokenSource(shop).TokenContext(ctx)
		require.ErrorIs(w.t, err, context.DeadlineExceeded)
		assert.Equal(w.t, time.Second, time.Since(began), "at once")
		w.token(m, shop)
		assert.Equal(w.t, 1, w.calls(), "the refresh went on")
	})
}

func TestT25CallerLeavesWhileRefreshing(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.AfterRotation = 5 * time.Second
	bubble(t, config, func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		ctx, cancel := context.WithCancel(w.t.Context())
		go func() {
			after(time.Second)
			cancel()
		}()
		_, err := m.TokenSource(shop).TokenContext(ctx)
		require.ErrorIs(w.t, err, context.Canceled)
		after(10 * time.Second)
		assert.Equal(w.t, []oauth.EventKind{oauth.EventRefreshed}, w.kinds(), "refreshed and stored")
		other := w.manager()
		w.token(other, shop)
		assert.Equal(w.t, 1, w.calls())
	})
}

func TestT26LostRefresh(t *testing.T) {
	t.Parallel()
	t.Run("a server with a grace time heals it", func(t *testing.T) {
		t.Parallel()
		config := rotating()
		config.Grace = 10 * time.Second
		bubble(t, config, func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.srv.LoseAnswers(1)
			w.token(m, shop)
			requests := w.srv.TokenRequests()
			require.Len(w.t, requests, 2)
			assert.Equal(w.t, requests[0].Body, requests[1].Body, "the same token once more")
			assert.Equal(w.t, int64(1), m.Stats().Replays)
			assert.Equal(w.t, oauthtest.Counts{Refreshes: 1, Repeats: 1}, w.srv.Counts())
		})
	})
	t.Run("a strict server ends in doubt", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.srv.LoseAnswers(1)
			err := w.fails(m, shop)
			require.ErrorIs(w.t, err, oauth.ErrTokenInDoubt)
			require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
			require.ErrorContains(w.t, err, "invalid_grant")
			require.ErrorContains(w.t, err, w.srv.TokenURL+": EOF", "the cause is named")
			require.NotErrorIs(w.t, err, shotengai.ErrOutcomeUnknown, "it is known")
			require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrTokenInDoubt)
			require.ErrorIs(w.t, w.fails(w.manager(), shop), oauth.ErrTokenInDoubt, "the others know")
			assert.Equal(w.t, 3, w.calls(), "one replay, and once more after a pause")
			assert.Equal(w.t, []oauth.EventKind{oauth.EventInDoubt}, w.kinds())
			assert.Equal(w.t, int64(1), m.Stats().InDoubt)
		})
	})
	t.Run("no answer to the replay either", func(t *testing.T) {
		t.Parallel()
		config := rotating()
		config.Grace = time.Hour
		bubble(t, config, func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.srv.LoseAnswers(2)
			err := w.fails(m, shop)
			require.ErrorIs(w.t, err, oauth.ErrTemporary)
			require.ErrorIs(w.t, err, shotengai.ErrOutcomeUnknown)
			require.NotErrorIs(w.t, err, shotengai.ErrReauthorize)
			assert.Equal(w.t, 2, w.calls())
			w.fails(m, shop)
			assert.Equal(w.t, 2, w.calls(), "held off until the lease runs out")
			after(oauth.DefaultLease)
			w.token(m, shop)
			assert.Equal(w.t, 3, w.calls())
		})
	})
	for name, lost := range map[string]int{"somebody else has refreshed meanwhile": 1, "also during the replay": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := rotating()
			config.Grace = time.Hour
			bubble(t, config, func(w *world) {
				a, b := w.manager(), w.manager()
				w.install(a, shop)
				w.expire()
				w.intercept(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
					resp, err := next.RoundTrip(r)
					if err == nil {
						resp.Body.Close()
					}
					if w.calls() == lost {
						require.NoError(w.t, a.Put(w.t.Context(), shop, w.grant(shop)), "as if by another instance")
					}
					return nil, errors.New("connection reset")
				})
				began := time.Now()
				w.token(b, shop)
				assert.Equal(w.t, lost, w.calls(), "the store is read before a replay, and before giving up")
				assert.Less(w.t, time.Since(began), time.Second)
			})
		})
	}
}

func TestT27RefreshNotSent(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m, other := w.manager(), w.manager()
		w.install(m, shop)
		w.expire()
		dials := 0
		broken := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			dials++
			return nil, errors.New("no route to host")
		}}}
		working := w.provider.HTTPClient
		w.provider.HTTPClient = broken
		err := w.fails(m, shop)
		require.ErrorIs(w.t, err, oauth.ErrNotSent)
		require.ErrorIs(w.t, err, oauth.ErrTemporary)
		require.NotErrorIs(w.t, err, shotengai.ErrReauthorize)
		for range 10 {
			w.fails(m, shop)
		}
		assert.Equal(w.t, 1, dials, "held off")

		w.provider.HTTPClient = working
		w.token(other, shop)
		assert.Equal(w.t, 1, w.calls(), "the lease was given back: another instance may try at once")
		after(oauth.DefaultLease)
		w.token(m, shop)
	})
}

func TestT28WaitAsAsked(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			bubble(t, rotating(), func(w *world) {
				m, other := w.manager(), w.manager()
				w.install(m, shop)
				w.expire()
				w.srv.Fail(-1, shotengaitest.Fault{Status: status, RetryAfter: "7"})
				err := w.fails(m, shop)
				require.ErrorIs(w.t, err, oauth.ErrTemporary)
				var e *oauth.GrantError
				require.ErrorAs(w.t, err, &e)
				assert.Equal(w.t, 7*time.Second, e.RetryAfter)

				after(6 * time.Second)
				require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrTemporary)
				require.ErrorIs(w.t, w.fails(other, shop), oauth.ErrTemporary)
				assert.Equal(w.t, 1, w.calls(), "all instances wait")
				w.srv.Heal()
				after(2 * time.Second)
				w.token(m, shop)
				assert.Equal(w.t, 2, w.calls())
				for _, r := range w.srv.TokenRequests() {
					assert.Contains(w.t, string(r.Body), "client_secret=", "one style of authentication")
					assert.Empty(w.t, r.Header.Get("Authorization"))
				}
			})
		})
	}
}

func TestT29InvalidGrant(t *testing.T) {
	t.Parallel()
	t.Run("the grant is lost, once", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m, other := w.manager(), w.manager()
			w.install(m, shop)
			w.srv.RevokeShop(shop)
			w.expire()
			err := w.fails(m, shop)
			require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
			require.ErrorIs(w.t, err, oauth.ErrInvalidGrant)
			require.NotErrorIs(w.t, err, oauth.ErrTokenInDoubt, "nothing was lost before")
			for range 5 {
				require.ErrorIs(w.t, w.fails(m, shop), shotengai.ErrReauthorize)
				require.ErrorIs(w.t, w.fails(other, shop), shotengai.ErrReauthorize)
			}
			assert.Equal(w.t, 2, w.calls(), "once more after a pause, and that is all")
			assert.Equal(w.t, []oauth.EventKind{oauth.EventReauthorize}, w.kinds(), "one event per shop")

			w.install(other, shop)
			w.token(m, shop)
			assert.Equal(w.t, 2, w.calls(), "a new consent is seen at once")
		})
	})
	t.Run("the version has moved", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m, other := w.manager(), w.manager()
			w.install(m, shop)
			w.srv.RevokeShop(shop)
			w.expire()
			w.intercept(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
				w.provider.HTTPClient = w.srv.HTTPClient()
				resp, err := next.RoundTrip(r)
				w.install(other, shop)
				return resp, err
			})
			w.token(m, shop)
			assert.Empty(w.t, w.kinds(), "the refusal was of the old version")
		})
	})
}

func TestT30ClientConfig(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.provider.Client.Secret = "wrong"
		err := w.fails(m, shop)
		require.ErrorIs(w.t, err, oauth.ErrClientConfig)
		require.NotErrorIs(w.t, err, shotengai.ErrReauthorize)
		w.fails(m, shop)
		assert.Equal(w.t, 1, w.calls(), "held off")
		info, err := m.Status(w.t.Context(), shop)
		require.NoError(w.t, err)
		assert.Equal(w.t, oauth.StatusActive, info.Status, "no shop is marked for it")
		assert.Empty(w.t, w.kinds())

		w.provider.Client.Secret = "client-secret"
		after(time.Minute)
		w.token(m, shop)
	})
}

// A platform that refuses good tokens for a moment costs no grant.
func TestT29RefusedForAMoment(t *testing.T) {
	t.Parallel()
	transient := shotengaitest.Fault{Status: http.StatusBadRequest, Body: `{"error":"invalid_grant"}`}
	t.Run("the grant lives", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m, other := w.manager(), w.manager()
			shops := []string{"shop-1", "shop-2", "shop-3", "shop-4"}
			for _, name := range shops {
				w.install(m, name)
			}
			w.expire()
			for _, name := range shops {
				w.srv.Fail(1, transient)
				began := time.Now()
				var second sync.WaitGroup
				second.Go(func() { w.token(other, name) })
				w.token(m, name)
				second.Wait()
				assert.GreaterOrEqual(w.t, time.Since(began), oauth.DefaultRecheck)
				assert.Less(w.t, time.Since(began), oauth.DefaultRecheck+2*time.Second)
			}
			w.t.Logf("%d shops: %d requests, %d grants lost", len(shops), w.calls(), m.Stats().Lost+other.Stats().Lost)
			assert.Equal(w.t, 2*len(shops), w.calls(), "the other instance waits meanwhile: the lease is held")
			assert.Equal(w.t, len(shops), w.srv.Counts().Refreshes)
			assert.Equal(w.t, slices.Repeat([]oauth.EventKind{oauth.EventRefreshed}, len(shops)), w.kinds())
		})
	})
	t.Run("the lease lasts for the pause and the request", func(t *testing.T) {
		t.Parallel()
		config := rotating()
		config.AfterRotation = 19 * time.Second
		bubble(t, config, func(w *world) {
			m, other := w.manager(), w.manager()
			w.install(m, shop)
			w.expire()
			w.srv.Fail(1, shotengaitest.Fault{Status: transient.Status, Body: transient.Body, Delay: 19 * time.Second})
			var second sync.WaitGroup
			second.Go(func() { w.token(other, shop) })
			w.token(m, shop)
			second.Wait()
			assert.Equal(w.t, oauthtest.Counts{Refreshes: 1}, w.srv.Counts())
			assert.Equal(w.t, 2, w.calls())
		})
	})
	t.Run("refusals that take long", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.srv.Fail(-1, shotengaitest.Fault{Status: transient.Status, Body: transient.Body, Delay: 15 * time.Second})
			require.ErrorIs(w.t, w.fails(m, shop), shotengai.ErrReauthorize)
			assert.Equal(w.t, 2, w.calls(), "the lease is taken anew before the pause")
		})
	})
	t.Run("switched off", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m := w.manager(func(c *oauth.ManagerConfig) { c.Recheck = -1 })
			w.install(m, shop)
			w.expire()
			w.srv.Fail(1, transient)
			began := time.Now()
			require.ErrorIs(w.t, w.fails(m, shop), shotengai.ErrReauthorize)
			assert.Zero(w.t, time.Since(began))
			assert.Equal(w.t, 1, w.calls())
		})
	})
	t.Run("an unknown outcome of the second request is replayed", func(t *testing.T) {
		t.Parallel()
		config := rotating()
		config.Grace = time.Minute
		bubble(t, config, func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.srv.Fail(1, transient)
			w.srv.LoseAnswers(1)
			w.token(m, shop)
			assert.Equal(w.t, 3, w.calls())
		})
	})
	t.Run("the owner logs in during the pause", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m, other := w.manager(), w.manager()
			w.install(m, shop)
			w.srv.RevokeShop(shop)
			w.expire()
			go func() {
				after(time.Second)
				w.install(other, shop)
			}()
			w.token(m, shop)
			assert.Equal(w.t, 1, w.calls(), "the old token is not sent once more")
			assert.Empty(w.t, w.kinds())
		})
	})
	for name, tt := range map[string]struct {
		limit time.Duration
		calls int
	}{
		"Close leaves no time for the second request": {limit: 20 * time.Second, calls: 1},
		"Close leaves time for the second request":    {limit: 40 * time.Second, calls: 2},
	} {
		t.Run("S20 "+name, func(t *testing.T) {
			t.Parallel()
			bubble(t, rotating(), func(w *world) {
				m, other := w.manager(), w.manager()
				w.install(m, shop)
				w.expire()
				w.srv.Fail(1, transient)
				failed := make(chan error, 1)
				go func() {
					_, err := m.TokenSource(shop).Token()
					failed <- err
				}()
				after(time.Second)
				began := time.Now()
				ctx, cancel := context.WithTimeout(context.WithoutCancel(w.t.Context()), tt.limit)
				defer cancel()
				require.NoError(w.t, m.Close(ctx))
				err := <-failed
				assert.Equal(w.t, tt.calls, w.calls())
				if tt.calls == 1 {
					require.ErrorIs(w.t, err, oauth.ErrClosed)
					assert.Zero(w.t, time.Since(began), "at once")
				} else {
					require.NoError(w.t, err)
				}
				began = time.Now()
				w.token(other, shop)
				assert.Less(w.t, time.Since(began), time.Second, "the lease was given back")
				assert.Zero(w.t, m.Stats().Lost)
			})
		})
	}
}

// crash refreshes as a process does that dies before it can store the answer.
func (w *world) crash(shop string) {
	w.t.Helper()
	rec, err := w.store.Load(w.t.Context(), rowKey(shop))
	require.NoError(w.t, err)
	lease, err := w.store.Acquire(w.t.Context(), rowKey(shop), rec.Version, "a process that dies", oauth.DefaultLease)
	require.NoError(w.t, err)
	require.True(w.t, lease.Held)
	for _, g := range w.srv.Grants() {
		if g.Shop == shop && g.Dead == "" {
			_, err := w.provider.Refresh(w.t.Context(), &oauth.Grant{RefreshToken: shotengai.Secret(g.RefreshToken)})
			require.NoError(w.t, err)
		}
	}
}

func TestT31CrashBeforeSave(t *testing.T) {
	t.Parallel()
	t.Run("a server with a grace time heals it", func(t *testing.T) {
		t.Parallel()
		config := rotating()
		config.Grace = time.Minute
		bubble(t, config, func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.crash(shop)
			began := time.Now()
			w.token(m, shop)
			assert.InDelta(w.t, oauth.DefaultLease+4*time.Second, time.Since(began), float64(time.Second), "soon after the lease has run out")
			assert.Equal(w.t, oauthtest.Counts{Refreshes: 1, Repeats: 1}, w.srv.Counts())
		})
	})
	t.Run("a strict server ends in doubt", func(t *testing.T) {
		t.Parallel()
		bubble(t, rotating(), func(w *world) {
			m := w.manager()
			w.install(m, shop)
			w.expire()
			w.crash(shop)
			require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrTokenInDoubt)
			assert.Equal(w.t, 3, w.calls())
			info, err := m.Status(w.t.Context(), shop)
			require.NoError(w.t, err)
			assert.Equal(w.t, oauth.StatusInDoubt, info.Status)
		})
	})
	t.Run("inside the window nobody notices", func(t *testing.T) {
		t.Parallel()
		config := rotating()
		config.Grace = time.Minute
		bubble(t, config, func(w *world) {
			m := w.manager()
			w.install(m, shop)
			after(3*time.Minute + 20*time.Second)
			w.crash(shop)
			for range 60 {
				began := time.Now()
				w.token(m, shop)
				assert.Zero(w.t, time.Since(began))
				after(time.Second)
			}
			assert.Equal(w.t, oauthtest.Counts{Refreshes: 1, Repeats: 1}, w.srv.Counts())
		})
	})
}

// spoil changes the whole answers of the token endpoint.
func (w *world) spoil(change func(body string) string) {
	w.intercept(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		if err != nil || resp.StatusCode != http.StatusOK {
			return resp, err
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		resp.Body = bodyOf(change(string(body)))
		resp.ContentLength = -1
		resp.Header.Del("Content-Length")
		return resp, err
	})
}

// A change of the platform's answers would otherwise end every grant at its next refresh.
func TestT41NoOddAnswerCostsTheGrant(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		answers := oddAnswers()
		for name := range answers {
			w.install(m, name)
		}
		w.expire()
		for name, odd := range answers {
			w.spoil(func(good string) string {
				access, _, _ := strings.Cut(good[strings.Index(good, `"access_token":"`)+16:], `"`)
				refresh, _, _ := strings.Cut(good[strings.Index(good, `"refresh_token":"`)+17:], `"`)
				return strings.NewReplacer("AT", access, "RT", refresh).Replace(odd)
			})
			w.token(m, name)
		}
		w.t.Logf("%d odd answers: %d requests, %d grants lost", len(answers), w.calls(), w.srv.Counts().Killed+int(m.Stats().Lost))
		assert.Equal(w.t, len(answers), w.calls(), "one request per expiry")
		assert.Equal(w.t, oauthtest.Counts{Refreshes: len(answers)}, w.srv.Counts())
		assert.Zero(w.t, m.Stats().Lost)
		odd := 0
		for _, kind := range w.kinds() {
			if kind == oauth.EventOddAnswer {
				odd++
			}
		}
		assert.Equal(w.t, len(answers), odd)
		for _, e := range w.events {
			if e.Kind != oauth.EventOddAnswer {
				continue
			}
			var answer *oauth.TokenError
			require.ErrorAs(w.t, e.Err, &answer)
			assert.LessOrEqual(w.t, len(answer.Body), 2<<10)
			for _, g := range w.srv.Grants() {
				assert.Empty(w.t, leaks(e.Err, g.AccessToken, g.RefreshToken))
			}
		}
		w.provider.HTTPClient = w.srv.HTTPClient()
		w.expire()
		for name := range answers {
			w.token(m, name)
		}
	})
}

// What is reported of an odd answer is short, and shows neither token, wherever it stands.
func TestT41OddAnswersAreMasked(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.spoil(func(string) string {
			return `{"access_token":"let-me-in","refresh_token":"open-up","token_type":"mac","note":"` + strings.Repeat("let-me-in open-up ", 1000) + `"}`
		})
		_, err := m.TokenSource(shop).Token()
		require.NoError(w.t, err)
		require.Equal(w.t, []oauth.EventKind{oauth.EventRefreshed, oauth.EventOddAnswer}, w.kinds())
		var answer *oauth.TokenError
		require.ErrorAs(w.t, w.events[1].Err, &answer)
		assert.LessOrEqual(w.t, len(answer.Body), 2<<10)
		assert.Empty(w.t, leaks(answer, "let-me-in", "open-up"))
	})
}

// An answer that broke off before both tokens were there is one that got lost, as in T26.
func TestT41BrokenOffBeforeTheTokens(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		body := `{"access_token":"AT","refresh_token":"RT"}`
		w.srv.Fail(1, shotengaitest.Fault{Body: body, Truncate: strings.Index(body, "RT")})
		w.token(m, shop)
		assert.Equal(w.t, 2, w.calls(), "it is sent once more")
		assert.Equal(w.t, []oauth.EventKind{oauth.EventRefreshed}, w.kinds())
	})
}

// The tokens of a whole answer cannot be used: the refresh has happened, and nothing is sent
// once more.
func TestT41SpentForNothing(t *testing.T) {
	t.Parallel()
	for cause, spoilt := range map[string]string{
		"access_token has several values": `{"access_token":"a","access_token":"b","refresh_token":"r"}`,
		"access_token is not a string":    `{"access_token":7,"refresh_token":"r"}`,
		"no access_token":                 `{"refresh_token":"r"}`,
		"refresh_token holds white space": `{"access_token":"a","refresh_token":"r\n"}`,
		"no refresh_token":                `{"access_token":"a"`,
	} {
		for _, rotates := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, rotates %t", cause, rotates), func(t *testing.T) {
				t.Parallel()
				config := rotating()
				config.Rotate = rotates
				bubble(t, config, func(w *world) {
					m := w.manager()
					w.install(m, shop)
					w.expire()
					w.spoil(func(string) string { return spoilt })
					err := w.fails(m, shop)
					require.ErrorContains(w.t, err, cause)
					assert.Equal(w.t, 1, w.calls(), "no replay after a whole answer")
					w.provider.HTTPClient = w.srv.HTTPClient()
					if !rotates {
						require.ErrorIs(w.t, err, oauth.ErrTemporary)
						after(time.Minute)
						w.token(m, shop)
						return
					}
					require.ErrorIs(w.t, err, oauth.ErrTokenInDoubt)
					assert.Equal(w.t, []oauth.EventKind{oauth.EventInDoubt}, w.kinds())
					info, err := m.Status(w.t.Context(), shop)
					require.NoError(w.t, err)
					assert.Equal(w.t, oauth.StatusInDoubt, info.Status)
					assert.Contains(w.t, info.Reason, cause)
				})
			})
		}
	}
}

// The answer without usable tokens came while the owner was at the platform: the new consent
// is not condemned for it.
func TestT41SpentBehindANewConsent(t *testing.T) {
	t.Parallel()
	for _, rotates := range []bool{true, false} {
		t.Run(fmt.Sprintf("rotates %t", rotates), func(t *testing.T) {
			t.Parallel()
			config := rotating()
			config.Rotate = rotates
			bubble(t, config, func(w *world) {
				m, other := w.manager(), w.manager()
				w.install(m, shop)
				w.expire()
				w.spoil(func(string) string {
					w.install(other, shop)
					return `{"refresh_token":"r"}`
				})
				assert.Equal(w.t, w.token(m, shop), w.token(other, shop))
				assert.Equal(w.t, 1, w.calls())
				assert.Empty(w.t, w.kinds())
			})
		})
	}
}

// What was refused is not sent once more without the lease: another instance may have sent it.
func TestS04RefusedWithoutALease(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.srv.RevokeShop(shop)
		w.intercept(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
			w.store.fail(errDown, "Acquire")
			return next.RoundTrip(r)
		})
		require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrStoreUnavailable)
		assert.Equal(w.t, 1, w.calls())
		assert.Empty(w.t, w.kinds(), "the next one finds out")
	})
}

func TestT35OldRefreshTokenIsStored(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.Rotate = false
	bubble(t, config, func(w *world) {
		m := w.manager()
		g := w.install(m, shop)
		w.intercept(func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err != nil {
				return nil, err
			}
			resp.Body.Close()
			given := w.srv.Grants()[0]
			resp.Body = bodyOf(`{"access_token":"` + given.AccessToken + `","token_type":"bearer","expires_in":300}`)
			resp.ContentLength = -1
			resp.Header.Del("Content-Length")
			return resp, nil
		})
		for range 3 {
			w.expire()
			w.token(w.manager(), shop)
		}
		for _, r := range w.srv.TokenRequests() {
			assert.Contains(w.t, string(r.Body), g.RefreshToken.Reveal(), "the old one is kept")
		}
		assert.Equal(w.t, 3, w.calls())
	})
}

func TestT36FamilyRevoked(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		g := w.install(m, shop)
		thief := oauth.Grant{RefreshToken: g.RefreshToken}
		_, err := w.provider.Refresh(w.t.Context(), &thief)
		require.NoError(w.t, err)
		w.expire()
		err = w.fails(m, shop)
		require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
		require.NotErrorIs(w.t, err, oauth.ErrTokenInDoubt, "it was not us")
		info, err := m.Status(w.t.Context(), shop)
		require.NoError(w.t, err)
		assert.Equal(w.t, oauth.StatusReauthorize, info.Status)
		assert.Equal(w.t, "invalid_grant: The refresh token was used before.", info.Reason, "the server's own word")
	})
}

// A server that gives no lifetime, or none that can be one: its tokens are used until they are
// refused, and renewed then.
func TestT40TokenWithoutEnd(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []string{"0", "-300", "null"} {
		t.Run("expires_in "+lifetime, func(t *testing.T) {
			t.Parallel()
			bubble(t, rotating(), func(w *world) {
				w.provider.AccessLifetime = 0
				m := w.manager()
				g := w.grant(shop)
				require.NoError(w.t, m.Put(w.t.Context(), shop, g))
				w.spoil(func(body string) string {
					return strings.Replace(body, `"expires_in":300`, `"expires_in":`+lifetime, 1)
				})
				refused := g.Token()
				source := m.TokenSource(shop)
				const refusals = 20
				for range refusals {
					w.expire()
					token, err := source.Token()
					require.NoError(w.t, err)
					assert.Equal(w.t, refused.AccessToken, token.AccessToken, "it is used as long as nobody refuses it")
					refused, err = source.Reject(w.t.Context(), token)
					require.NoError(w.t, err, "the refresh token is tried before the grant is given up")
					_, good := w.srv.Check(refused.AccessToken)
					require.True(w.t, good)
					assert.True(w.t, refused.Expiry.IsZero())
				}
				w.t.Logf("%d refusals: %d requests, %d grants lost", refusals, w.calls(), m.Stats().Lost)
				assert.Equal(w.t, refusals, w.calls())
				info, err := m.Status(w.t.Context(), shop)
				require.NoError(w.t, err)
				assert.Equal(w.t, oauth.StatusActive, info.Status)

				_, err = source.Reject(w.t.Context(), refused)
				require.ErrorIs(w.t, err, shotengai.ErrUnauthorized, "no storm")
				assert.Equal(w.t, refusals, w.calls())
				after(2 * time.Minute)
				w.srv.RevokeShop(shop)
				_, err = source.Reject(w.t.Context(), refused)
				require.ErrorIs(w.t, err, shotengai.ErrReauthorize)
				require.NotErrorIs(w.t, err, oauth.ErrRevoked)
				info, err = m.Status(w.t.Context(), shop)
				require.NoError(w.t, err)
				assert.Equal(w.t, oauth.StatusReauthorize, info.Status)
			})
		})
	}
}

// A server repeats its answer for a process that died, when the token in it has ended: it says
// expires_in 0. Its refusal is answered by one more refresh.
func TestT40RepeatedTooLate(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.Grace = time.Hour
	bubble(t, config, func(w *world) {
		m := w.manager()
		old := w.install(m, shop)
		w.crash(shop)
		after(10 * time.Minute)
		token, err := m.TokenSource(shop).Reject(w.t.Context(), old.Token())
		require.NoError(w.t, err)
		_, good := w.srv.Check(token.AccessToken)
		require.False(w.t, good)
		token, err = m.TokenSource(shop).Reject(w.t.Context(), token)
		require.NoError(w.t, err)
		_, good = w.srv.Check(token.AccessToken)
		require.True(w.t, good)
		assert.Equal(w.t, oauthtest.Counts{Refreshes: 2, Repeats: 1}, w.srv.Counts())
		_, err = m.TokenSource(shop).Reject(w.t.Context(), token)
		require.ErrorIs(w.t, err, shotengai.ErrUnauthorized, "and no more")
	})
}

// An answer that takes longer than its token lives brings a token that is over already.
func TestStillbornToken(t *testing.T) {
	t.Parallel()
	config := rotating()
	config.AfterRotation = 2 * time.Second
	bubble(t, config, func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.spoil(func(body string) string {
			return strings.Replace(body, `"expires_in":300`, `"expires_in":1`, 1)
		})
		for range 10 {
			require.ErrorIs(w.t, w.fails(m, shop), oauth.ErrTemporary)
		}
		assert.Equal(w.t, 1, w.calls(), "it is not refreshed in a loop")
		w.provider.HTTPClient = w.srv.HTTPClient()
		after(time.Minute)
		w.token(m, shop)
	})
}

func bodyOf(text string) *textBody { return &textBody{strings.NewReader(text)} }

type textBody struct{ *strings.Reader }

func (*textBody) Close() error { return nil }
