package hooks_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func TestW23ReplayWithinSeconds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		first := b.accepted(event)
		for range 3 {
			again := b.accepted(event)
			assert.Equal(t, first.Status, again.Status)
			assert.Equal(t, first.Body, again.Body)
			assert.Equal(t, first.Header.Get("Content-Type"), again.Header.Get("Content-Type"))
			assert.Contains(t, []hooks.Verdict{hooks.Duplicate, hooks.Late}, b.report().Verdict)
			assert.NotEmpty(t, b.report().Delivery.ID)
		}
		assert.Equal(t, 1, b.calls.count())
		b.accepted(sub.event(2, secretNew))
		assert.Equal(t, 2, b.calls.count(), "another event is another effect")
	})
}

// TestW24ReplayHoursLater goes to the 19th resend of Color Me, the longest schedule
// there is, and to the last second for which an event is known. The receivers' clock
// stands still, so that a signed time stays good.
func TestW24ReplayHoursLater(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		clock := newClock()
		b := newBench(t, sub, setup{ledger: hooks.NewVolatileLedger(clock.Now)})
		event := sub.event(1, secretNew)
		first := b.accepted(event)
		last := sub.memory - time.Second
		for _, at := range []time.Duration{0, time.Hour, 19 * 150 * time.Minute, last} {
			if at > last {
				continue
			}
			clock.set(at)
			again := b.accepted(event)
			assert.Equal(t, first.Body, again.Body, "the stored answer, after %v", at)
		}
		assert.Equal(t, 1, b.calls.count())
	})
}

// TestW24SignedTimeRefusesReplays moves the receiver's clock as well: where a time is
// signed, a replay hours later is no event at all.
func TestW24SignedTimeRefusesReplays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		late := func() time.Time { return time.Now().Add(19 * 150 * time.Minute) }
		b := newBench(t, sub, setup{options: hooks.Options{Now: late}})
		b.refused(sub.event(1, secretNew), http.StatusUnauthorized, hooks.ErrTimestamp)
	}, func(s subject) bool { return s.signature == hooks.MakeShopSignatureHeader })
}

// TestW25AfterRetention shows the limit that is documented: without a signed time, an
// old body comes back as a new event. What the ledger keeps for good, the newest event
// of each shop, spares the application a second run, or reports it.
func TestW25AfterRetention(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		clock := newClock()
		b := newBench(t, sub, setup{ledger: hooks.NewVolatileLedger(clock.Now)})
		event := sub.event(1, secretNew)
		b.accepted(event)
		clock.set(sub.memory)
		b.accepted(event)
		switch sub.afterwards {
		case nothing:
			assert.Equal(t, 1, b.calls.count())
			assert.Equal(t, hooks.Duplicate, b.report().Verdict)
		case onceMore:
			assert.Equal(t, 2, b.calls.count())
			assert.Equal(t, 2, b.calls.last().Attempt)
		case asNew:
			assert.Equal(t, 2, b.calls.count())
			assert.Equal(t, 1, b.calls.last().Attempt)
		default:
			t.Errorf("the subject does not say")
		}
	})
}

// TestW25OldContractsStayGone replays the whole life of a contract after retention.
func TestW25OldContractsStayGone(t *testing.T) {
	t.Parallel()
	clock := newClock()
	app := newColorMeApp(t, hooks.NewVolatileLedger(clock.Now))
	app.install(t, 1)
	clock.advance(8 * 24 * time.Hour)
	app.install(t, 1)
	assert.Equal(t, []string{"install A3FT0001 attempt 1", "install A3FT0001 attempt 2"}, app.takeLog(),
		"the install of an installed shop runs again, and the handler sees that it is one")

	gone := clock.Now()
	app.uninstall(t, 1, gone)
	clock.advance(8 * 24 * time.Hour)
	app.takeLog()
	app.uninstall(t, 1, gone)
	assert.Empty(t, app.takeLog(), "the uninstall in force needs no second run")
	attempt := app.send(t, "/install", hookstest.ColorMeInstall(install(1), secretNew))
	assert.Equal(t, http.StatusConflict, attempt.Status, "an uninstalled contract does not come back")
	assert.Empty(t, app.takeLog())

	newer := install(1)
	newer.RecurringApplicationChargeID = "A3NEW2"
	attempt = app.send(t, "/install", hookstest.ColorMeInstall(newer, secretNew))
	require.Equal(t, http.StatusOK, attempt.Status)
	clock.advance(8 * 24 * time.Hour)
	app.takeLog()
	attempt = app.send(t, "/install", hookstest.ColorMeInstall(install(1), secretNew))
	assert.Equal(t, http.StatusConflict, attempt.Status, "nor behind a newer one")
	app.uninstall(t, 1, gone)
	assert.Empty(t, app.takeLog())
}

func TestW26TwinInProgress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		t.Run("503 after the wait", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				tw := newTwins(t, sub, hooks.NewVolatileLedger(nil), func(context.Context) error {
					<-release
					return nil
				})
				first := tw.deliver(t, sub.event(1, secretNew))
				synctest.Wait()
				start := time.Now()
				second := <-tw.deliver(t, sub.event(1, secretNew))
				assert.Equal(t, http.StatusServiceUnavailable, second.Code)
				assert.Equal(t, "30", second.Header().Get("Retry-After"))
				assert.Equal(t, 8*time.Second, time.Since(start))
				close(release)
				assert.Equal(t, http.StatusOK, (<-first).Code)
				assert.Equal(t, 1, tw.calls.count())
			})
		})
		t.Run("the twin's answer within the wait", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tw := newTwins(t, sub, hooks.NewVolatileLedger(nil), func(ctx context.Context) error {
					return pause(ctx, 3*time.Second)
				})
				first, second := tw.deliver(t, sub.event(1, secretNew)), tw.deliver(t, sub.event(1, secretNew))
				one, two := <-first, <-second
				assert.Equal(t, http.StatusOK, one.Code)
				assert.Equal(t, http.StatusOK, two.Code)
				assert.Equal(t, one.Body.String(), two.Body.String())
				assert.Equal(t, 1, tw.calls.count())
			})
		})
	})
}

// TestW26TheSenderHangsUp ends the waiting of a delivery whose sender has gone.
func TestW26TheSenderHangsUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		synctest.Test(t, func(t *testing.T) {
			tw := newTwins(t, sub, hooks.NewVolatileLedger(nil), func(ctx context.Context) error {
				return pause(ctx, 20*time.Second)
			})
			first := tw.deliver(t, sub.event(1, secretNew))
			synctest.Wait()
			ctx, hangUp := context.WithTimeout(t.Context(), time.Second)
			defer hangUp()
			start := time.Now()
			assert.Equal(t, http.StatusServiceUnavailable, (<-tw.deliverContext(ctx, t, sub.event(1, secretNew))).Code)
			assert.Equal(t, time.Second, time.Since(start))
			assert.Equal(t, http.StatusOK, (<-first).Code)
			assert.Equal(t, 1, tw.calls.count())
		})
	})
}

// TestW27KilledAfterTheEffect plays the process that dies between the effect and its
// record: a claim that nobody finishes.
func TestW27KilledAfterTheEffect(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		event := sub.event(1, secretNew)
		clock := newClock()
		ledger := &dying{Ledger: hooks.NewVolatileLedger(clock.Now)}
		b := newBench(t, sub, setup{ledger: ledger})
		ledger.dead.Store(true)
		attempt := b.send(event)
		assert.Equal(t, http.StatusServiceUnavailable, attempt.Status)
		require.Equal(t, 1, b.calls.count(), "the effect has taken place")

		ledger.dead.Store(false)
		clock.advance(time.Minute)
		b.accepted(event)
		assert.Equal(t, 2, b.calls.count(), "at most one repeat")
		assert.Equal(t, 2, b.calls.last().Attempt)
		b.accepted(event)
		assert.Equal(t, 2, b.calls.count())
	})
}

// dying is a ledger that loses what a process says at its end.
type dying struct {
	hooks.Ledger
	dead atomic.Bool
}

var errDown = errors.New("connection refused")

func (d *dying) Finish(ctx context.Context, c hooks.Claim, o hooks.Outcome) error {
	if d.dead.Load() {
		return errDown
	}
	return d.Ledger.Finish(ctx, c, o)
}

func (d *dying) Abandon(ctx context.Context, c hooks.Claim) error {
	if d.dead.Load() {
		return errDown
	}
	return d.Ledger.Abandon(ctx, c)
}

func TestW28KilledBeforeTheEffect(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		synctest.Test(t, func(t *testing.T) {
			ledger, event := hooks.NewVolatileLedger(nil), sub.event(1, secretNew)
			claims := &claims{Ledger: ledger}
			probe := newTwins(t, sub, claims, nil)
			claims.refuse = true
			require.Equal(t, http.StatusServiceUnavailable, (<-probe.deliver(t, event)).Code)
			claims.refuse = false
			claim := claims.seen
			claim.Owner = "a-process-that-dies"
			decision, err := ledger.Begin(t.Context(), claim)
			require.NoError(t, err)
			require.Equal(t, hooks.Granted, decision.State)

			assert.Equal(t, http.StatusServiceUnavailable, (<-probe.deliver(t, event)).Code)
			require.NoError(t, pause(t.Context(), time.Minute))
			assert.Equal(t, http.StatusOK, (<-probe.deliver(t, event)).Code)
			assert.Equal(t, 1, probe.calls.count(), "nothing is lost")
		})
	})
}

// claims remembers the last claim, and fails on demand.
type claims struct {
	hooks.Ledger
	refuse bool
	seen   hooks.Claim
}

func (c *claims) Begin(ctx context.Context, claim hooks.Claim) (hooks.Decision, error) {
	c.seen = claim
	if c.refuse {
		return hooks.Decision{}, errDown
	}
	return c.Ledger.Begin(ctx, claim)
}

func TestW29HandlerFailsOrPanics(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		event := sub.event(1, secretNew)
		fail := func(context.Context) error { return errors.New("no space left") }
		boom := func(context.Context) error { panic("token " + secretNew) }
		var next func(context.Context) error
		b := newBench(t, sub, setup{on: func(ctx context.Context) error { return next(ctx) }})

		next = fail
		attempt := b.send(event)
		assert.Equal(t, http.StatusInternalServerError, attempt.Status)
		b.explained(hooks.ErrHandler, attempt)
		assert.Equal(t, hooks.Failed, b.report().Verdict)

		next = boom
		attempt = b.send(event)
		assert.Equal(t, http.StatusInternalServerError, attempt.Status)
		b.explained(hooks.ErrPanic, attempt)
		assert.Equal(t, "token "+secretNew, b.report().Panic)
		assert.Contains(t, string(b.report().Stack), "TestW29HandlerFailsOrPanics")

		next = func(context.Context) error { return nil }
		b.accepted(event)
		assert.Equal(t, 3, b.calls.count(), "the claim was given up at once")
		assert.Equal(t, 3, b.calls.last().Attempt)
	})
}

func TestW29HandlerErrorKeepsItsStatus(t *testing.T) {
	t.Parallel()
	sub := colorMeUninstallSubject()
	b := newBench(t, sub, setup{on: func(context.Context) error {
		return errors.Join(hooks.ErrSignatureMissing, hooks.ErrInProgress, hooks.ErrEvent)
	}})
	attempt := b.send(sub.event(1, secretNew))
	assert.Equal(t, http.StatusInternalServerError, attempt.Status)
	assert.Equal(t, hooks.Failed, b.report().Verdict)
}

func TestW30SlowHandler(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		synctest.Test(t, func(t *testing.T) {
			tw := newTwins(t, sub, hooks.NewVolatileLedger(nil), func(ctx context.Context) error {
				return pause(ctx, 20*time.Second)
			})
			ctx, hangUp := context.WithTimeout(t.Context(), 5*time.Second)
			defer hangUp()
			event := sub.event(1, secretNew)
			first := tw.deliverContext(ctx, t, event)
			require.NoError(t, pause(t.Context(), 6*time.Second))
			require.Error(t, ctx.Err(), "the sender has hung up")
			<-first
			again := <-tw.deliver(t, event)
			assert.Equal(t, http.StatusOK, again.Code)
			assert.Equal(t, sub.accepted, again.Body.String())
			assert.Equal(t, 1, tw.calls.count())
		})
	})
}

func TestW30HandlerEndsBeforeItsLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sub := colorMeUninstallSubject()
		tw := newTwins(t, sub, hooks.NewVolatileLedger(nil), func(ctx context.Context) error {
			return pause(ctx, time.Hour)
		})
		start := time.Now()
		assert.Equal(t, http.StatusInternalServerError, (<-tw.deliver(t, sub.event(1, secretNew))).Code)
		assert.Equal(t, 54*time.Second, time.Since(start))
	})
}

func TestW31LedgerDown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		event := sub.event(1, secretNew)
		down := &claims{Ledger: hooks.NewVolatileLedger(nil), refuse: true}
		b := newBench(t, sub, setup{ledger: down})
		attempt := b.send(event)
		assert.Equal(t, http.StatusServiceUnavailable, attempt.Status)
		assert.Equal(t, "30", attempt.Header.Get("Retry-After"))
		b.explained(hooks.ErrLedger, attempt)
		assert.Equal(t, hooks.Unavailable, b.report().Verdict)
		require.ErrorIs(t, b.report().Err, errDown)
		assert.Zero(t, b.calls.count())

		open := newBench(t, sub, setup{ledger: down, options: hooks.Options{ProcessWithoutDedupe: true}})
		attempt = open.send(event)
		if sub.install {
			require.Equal(t, http.StatusOK, attempt.Status)
			assert.Equal(t, sub.accepted, string(attempt.Body))
			assert.Zero(t, open.calls.last().Attempt)
		} else {
			assert.Equal(t, http.StatusServiceUnavailable, attempt.Status, "only installs may pass")
			assert.Zero(t, open.calls.count())
		}
	})
}

// TestW31LedgerStumbles asks a ledger again that fails for a moment: a platform that
// does not resend its installs has no second chance.
func TestW31LedgerStumbles(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		synctest.Test(t, func(t *testing.T) {
			ledger := &stumbling{Ledger: hooks.NewVolatileLedger(nil)}
			tw := newTwins(t, sub, ledger, nil)
			assert.Equal(t, http.StatusOK, (<-tw.deliver(t, sub.event(1, secretNew))).Code)
			assert.Equal(t, 1, tw.calls.count())
			assert.Equal(t, hooks.Finished, ledger.state(t), "the record is made")

			failure := errDown
			ledger = &stumbling{Ledger: hooks.NewVolatileLedger(nil)}
			tw = newTwins(t, sub, ledger, func(context.Context) error { return failure })
			assert.Equal(t, http.StatusInternalServerError, (<-tw.deliver(t, sub.event(1, secretNew))).Code)
			failure = nil
			start := time.Now()
			assert.Equal(t, http.StatusOK, (<-tw.deliver(t, sub.event(1, secretNew))).Code)
			assert.Less(t, time.Since(start), time.Second, "the claim is given up")
		})
	})
}

// stumbling fails each first and second time that it is asked.
type stumbling struct {
	hooks.Ledger
	begun, finished, abandoned int
	claim                      hooks.Claim
}

func (l *stumbling) Begin(ctx context.Context, c hooks.Claim) (hooks.Decision, error) {
	if l.begun++; l.begun < 3 {
		return hooks.Decision{}, errDown
	}
	l.claim = c
	return l.Ledger.Begin(ctx, c)
}

func (l *stumbling) Finish(ctx context.Context, c hooks.Claim, o hooks.Outcome) error {
	if l.finished++; l.finished < 3 {
		return errDown
	}
	o.Keep = 0
	return l.Ledger.Finish(ctx, c, o)
}

func (l *stumbling) Abandon(ctx context.Context, c hooks.Claim) error {
	if l.abandoned++; l.abandoned < 3 {
		return errDown
	}
	return l.Ledger.Abandon(ctx, c)
}

func (l *stumbling) state(t *testing.T) hooks.State {
	t.Helper()
	claim := l.claim
	claim.Owner = "somebody-else"
	decision, err := l.Ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	return decision.State
}

// A claim that somebody else has taken meanwhile is not answered for: the sender comes back for
// the answer of that one.
func TestLostClaimIsInProgress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{ledger: &losing{Ledger: hooks.NewVolatileLedger(nil)}})
		attempt := b.send(sub.event(1, secretNew))
		assert.Equal(t, http.StatusServiceUnavailable, attempt.Status)
		b.explained(hooks.ErrClaimLost, attempt)
		assert.Equal(t, hooks.InProgress, b.report().Verdict)
		assert.Equal(t, 1, b.calls.count())
	})
}

// losing is a ledger in which each claim runs out.
type losing struct{ hooks.Ledger }

func (*losing) Finish(context.Context, hooks.Claim, hooks.Outcome) error { return hooks.ErrClaimLost }

// TestVerdictsAreCounted brings one delivery to each verdict, and to one more of them.
func TestVerdictsAreCounted(t *testing.T) {
	t.Parallel()
	ledger := &claims{Ledger: hooks.NewVolatileLedger(nil)}
	fail := error(nil)
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets:     []shotengai.Secret{secretNew},
		Ledger:      ledger,
		Options:     hooks.Options{Wait: time.Millisecond},
		OnInstall:   func(context.Context, *hooks.ColorMeInstall) (string, error) { return landing, nil },
		OnUninstall: func(context.Context, *hooks.ColorMeUninstall) error { return fail },
	})
	require.NoError(t, err)
	expected := hooks.Counts{}
	send := func(handler http.Handler, e hookstest.Event, verdict hooks.Verdict, status int) {
		t.Helper()
		expected[verdict]++
		assert.Equal(t, status, serve(t, handler, e).Code, verdict)
	}
	in, out := receiver.InstallHandler(), receiver.UninstallHandler()
	gone := func(n int) hookstest.Event {
		return hookstest.ColorMeUninstall(uninstall(n, time.Unix(1552022740, 0)), secretNew)
	}
	late := uninstall(1, time.Unix(1552022740, 0))
	late.RecurringApplicationChargeID = "A3OLD1"

	send(in, hookstest.ColorMeInstall(install(1), secretNew), hooks.Handled, http.StatusOK)
	send(in, hookstest.ColorMeInstall(install(1), secretNew), hooks.Duplicate, http.StatusOK)
	send(out, hookstest.ColorMeUninstall(late, secretNew), hooks.Late, http.StatusOK)
	send(out, with(gone(2), hooks.ColorMeSignatureHeader), hooks.Rejected, http.StatusUnauthorized)
	fail = errDown
	send(out, gone(3), hooks.Failed, http.StatusInternalServerError)
	fail = nil
	elsewhere := hooks.Claim{ID: "e", Shop: "colorme/PA00000004", Owner: "another-process", Lease: time.Minute}
	_, err = ledger.Ledger.Begin(t.Context(), elsewhere)
	require.NoError(t, err)
	send(out, gone(4), hooks.InProgress, http.StatusServiceUnavailable)
	ledger.refuse = true
	send(out, gone(5), hooks.Unavailable, http.StatusServiceUnavailable)
	ledger.refuse = false
	send(out, gone(6), hooks.Handled, http.StatusOK)
	assert.Len(t, expected, 7)
	assert.Equal(t, expected, receiver.Counts())
}

func TestW37SameBodyOtherEvent(t *testing.T) {
	t.Parallel()
	app := newColorMeApp(t, nil)
	first := uninstall(1, time.Unix(1552022740, 0))
	second := uninstall(1, time.Unix(1552022741, 0))
	first.RecurringApplicationChargeID, second.RecurringApplicationChargeID = "", "" // one-time purchases
	app.deliver(t, "/uninstall", hookstest.ColorMeUninstall(first, secretNew))
	app.deliver(t, "/uninstall", hookstest.ColorMeUninstall(second, secretNew))
	assert.Len(t, app.takeLog(), 2, "events differ by their fields")
	spaced := hookstest.ColorMeUninstall(second, secretNew)
	body := []byte(strings.Replace(string(spaced.Body), ",", ", ", 1))
	app.deliver(t, "/uninstall", hookstest.ColorMe(spaced.Kind, body, secretNew))
	assert.Empty(t, app.takeLog(), "not by their bytes")
}

func TestW38HeadersOfTransport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		b.accepted(event)
		proxied := with(with(event, "X-Request-Id", "8e1c"), "X-Forwarded-For", "192.0.2.1")
		b.accepted(proxied)
		assert.Equal(t, 1, b.calls.count(), "they are no part of the identity")

		odd := sub.event(2, secretNew)
		raw := strings.NewReplacer("Content-Type", "cOnTeNt-TyPe", "X-", "x-", "Signature", "SIGNATURE").
			Replace(head(odd, "Content-Length: "+itoa(len(odd.Body))))
		assert.Equal(t, http.StatusOK, b.raw(raw+string(odd.Body), false))
		assert.Equal(t, 2, b.calls.count())
	})
}

// TestW33EventsOfAShopAreSerialised sends two events of one shop to two instances at
// the same moment: they run one after the other.
func TestW33EventsOfAShopAreSerialised(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		synctest.Test(t, func(t *testing.T) {
			ledger := hooks.NewVolatileLedger(nil)
			var inside, most atomic.Int64
			work := func(ctx context.Context) error {
				most.Store(max(most.Load(), inside.Add(1)))
				defer inside.Add(-1)
				return pause(ctx, 2*time.Second)
			}
			one, two := newTwins(t, sub, ledger, work), newTwins(t, sub, ledger, work)
			start := time.Now()
			first := one.deliver(t, sub.event(1, secretNew))
			synctest.Wait()
			second := two.deliver(t, sub.next(1, secretNew))
			assert.Equal(t, http.StatusOK, (<-first).Code)
			assert.Equal(t, http.StatusOK, (<-second).Code)
			assert.Equal(t, 2, one.calls.count()+two.calls.count(), "they are two events")
			assert.Equal(t, int64(1), most.Load())
			assert.GreaterOrEqual(t, time.Since(start), 4*time.Second)
		})
	}, hasNext)
}

func TestW33OtherShopsDoNotWait(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		synctest.Test(t, func(t *testing.T) {
			tw := newTwins(t, sub, hooks.NewVolatileLedger(nil), func(ctx context.Context) error {
				return pause(ctx, 2*time.Second)
			})
			start := time.Now()
			first, second := tw.deliver(t, sub.event(1, secretNew)), tw.deliver(t, sub.event(2, secretNew))
			<-first
			<-second
			assert.Equal(t, 2*time.Second, time.Since(start))
		})
	})
}

// TestW37SimilarEvents sends two events of one shop that differ in what identifies them
// apart, and in little else.
func TestW37SimilarEvents(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		b.accepted(sub.event(1, secretNew))
		first := b.calls.last().ID
		b.accepted(sub.next(1, secretNew))
		assert.Equal(t, 2, b.calls.count())
		assert.NotEqual(t, first, b.calls.last().ID)
	}, hasNext)
}

// TestW42FunctionsRunForVerifiedEvents shows that no way leads to a function but a
// verified delivery: its context says so, and nothing else can make such a context.
func TestW42FunctionsRunForVerifiedEvents(t *testing.T) {
	t.Parallel()
	_, ok := hooks.DeliveryFrom(t.Context())
	assert.False(t, ok)
	each(t, func(t *testing.T, sub subject) {
		verified := false
		b := newBench(t, sub, setup{on: func(ctx context.Context) error {
			_, verified = hooks.DeliveryFrom(ctx)
			return nil
		}})
		b.unproven(sub.event(1, "a guess"))
		b.accepted(sub.event(1, secretNew))
		assert.True(t, verified)
		d := b.calls.last()
		assert.NotEmpty(t, d.ID)
		assert.NotEmpty(t, d.Shop)
		assert.Equal(t, 1, d.Attempt)
		assert.Equal(t, !sub.byAddress, d.Secret == "current")
	})
}

func TestW42OnlyVerifiedEvents(t *testing.T) {
	t.Parallel()
	settle := func(v hooks.Verified[*hooks.ColorMeUninstall]) string {
		if v.Event() == nil {
			return "nothing"
		}
		return v.Event().AccountID + " by " + v.Secret()
	}
	body := testdata(t, "colorme-uninstall-usage.json")
	verified, err := hooks.OpenColorMeUninstall(body, hookstest.SignColorMe(body, secretOld), secretNew, secretOld)
	require.NoError(t, err)
	assert.Equal(t, "PA00000001 by previous", settle(verified))

	forged, err := hooks.OpenColorMeUninstall(body, hookstest.SignColorMe(body, "forged"), secretNew)
	require.ErrorIs(t, err, hooks.ErrSignature)
	assert.Equal(t, "nothing", settle(forged))
	_, err = hooks.OpenColorMeInstall([]byte("{}"), hookstest.SignColorMe([]byte("{}"), secretNew), secretNew)
	require.ErrorIs(t, err, hooks.ErrEvent)
}

// twins delivers events to one receiver at the same time, without a network, so that
// a synctest bubble's clock can move.
type twins struct {
	handler http.Handler
	calls   *recorder
}

func newTwins(t *testing.T, sub subject, ledger hooks.Ledger, on func(context.Context) error) *twins {
	t.Helper()
	calls := &recorder{}
	handler, err := sub.build(setup{secrets: []shotengai.Secret{secretNew}, ledger: ledger, on: on, calls: calls})
	require.NoError(t, err)
	return &twins{handler: handler, calls: calls}
}

func (tw *twins) deliver(t *testing.T, e hookstest.Event) <-chan *httptest.ResponseRecorder {
	t.Helper()
	return tw.deliverContext(t.Context(), t, e)
}

func (tw *twins) deliverContext(ctx context.Context, t *testing.T, e hookstest.Event) <-chan *httptest.ResponseRecorder {
	t.Helper()
	req, err := e.Request(ctx, "https://app.example.com")
	require.NoError(t, err)
	done := make(chan *httptest.ResponseRecorder, 1)
	go func() {
		w := httptest.NewRecorder()
		tw.handler.ServeHTTP(w, req)
		done <- w
	}()
	return done
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// clock is a clock that the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 10, 10, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// set moves the clock to a distance from its start.
func (c *clock) set(d time.Duration) {
	start := newClock().now
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = start.Add(d)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
