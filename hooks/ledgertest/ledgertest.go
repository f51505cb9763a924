package ledgertest

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
)

// Suite is an implementation under test.
type Suite struct {
	// New returns a ledger. It may be the same store each time: the keys differ.
	New func(t *testing.T) hooks.Ledger
	// Advance moves the clock of the ledger that New returned for the same test. Nil: the
	// suite waits, well under a second a time.
	Advance func(t *testing.T, d time.Duration)
}

// Run runs the suite.
func Run(t *testing.T, suite Suite) {
	t.Helper()
	if suite.Advance == nil {
		suite.Advance = wait
	}
	for _, test := range []struct {
		name string
		run  func(*run)
	}{
		{"an event is granted, finished and remembered", (*run).finished},
		{"a held event is busy for others", (*run).busy},
		{"an owner is answered the same again", (*run).again},
		{"an abandoned event is granted at once", (*run).abandoned},
		{"a lease runs out", (*run).expired},
		{"a lease that ran out may still be finished", (*run).lateFinish},
		{"a lost claim stores nothing", (*run).lost},
		{"events of a shop run one at a time", (*run).shopSerial},
		{"events without a shop do not wait", (*run).noShop},
		{"a shop's lease runs out", (*run).shopExpired},
		{"the newest event of a shop is kept", (*run).marks},
		{"an install that has ended stays ended", (*run).ended},
		{"an event may be forgotten, at once or soon", (*run).kept},
		{"results of any bytes are kept", (*run).results},
		{"claims beyond the limits are refused", (*run).limits},
		{"keys differ by case", (*run).cases},
		{"a context that has ended is an error", (*run).cancelled},
		{"one of many wins an event", (*run).manyClaims},
		{"a shop is never held twice", (*run).manyShops},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(&run{T: t, Suite: suite, ledger: suite.New(t), name: rand.Text()})
		})
	}
}

func wait(t *testing.T, d time.Duration) {
	t.Helper()
	timer := time.NewTimer(d + 20*time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
		t.Error("the test ended while it waited")
	}
}

const (
	long  = time.Minute
	short = 400 * time.Millisecond
)

type run struct {
	*testing.T
	Suite
	ledger hooks.Ledger
	name   string
}

func (r *run) claim(id, shop string) hooks.Claim {
	claim := hooks.Claim{ID: r.name + "/" + id, Owner: rand.Text(), Lease: long}
	if shop != "" {
		claim.Shop = r.name + "/" + shop
	}
	return claim
}

// other is the same event in other hands.
func other(claim hooks.Claim) hooks.Claim {
	claim.Owner = rand.Text()
	return claim
}

func lease(claim hooks.Claim, d time.Duration) hooks.Claim {
	claim.Lease = d
	return claim
}

func (r *run) begin(claim hooks.Claim) hooks.Decision {
	r.Helper()
	decision, err := r.ledger.Begin(r.Context(), claim)
	require.NoError(r, err)
	return decision
}

func (r *run) granted(claim hooks.Claim, attempt int) hooks.Decision {
	r.Helper()
	decision := r.begin(claim)
	require.Equal(r, hooks.Granted, decision.State)
	assert.Equal(r, attempt, decision.Attempt)
	assert.False(r, decision.First.IsZero())
	assert.Empty(r, decision.Result)
	return decision
}

func (r *run) isBusy(claim hooks.Claim) {
	r.Helper()
	require.Equal(r, hooks.Busy, r.begin(claim).State)
}

func (r *run) finish(claim hooks.Claim, outcome hooks.Outcome) {
	r.Helper()
	require.NoError(r, r.ledger.Finish(r.Context(), claim, outcome))
}

func (r *run) abandon(claim hooks.Claim) {
	r.Helper()
	require.NoError(r, r.ledger.Abandon(r.Context(), claim))
}

func (r *run) finished() {
	claim := r.claim("e", "s")
	r.granted(claim, 1)
	r.finish(claim, hooks.Outcome{Result: []byte("answer")})
	for range 2 {
		decision := r.begin(other(claim))
		assert.Equal(r, hooks.Finished, decision.State)
		assert.Equal(r, "answer", string(decision.Result))
	}
	assert.Equal(r, hooks.Finished, r.begin(claim).State, "also for the owner")
}

func (r *run) busy() {
	claim := r.claim("e", "")
	first := r.granted(claim, 1)
	for range 3 {
		r.isBusy(other(claim))
	}
	r.abandon(claim)
	second := r.granted(other(claim), 2)
	assert.Equal(r, first.First.UnixMilli(), second.First.UnixMilli(), "first seen is first seen")
}

func (r *run) again() {
	claim := r.claim("e", "s")
	r.granted(claim, 1)
	r.granted(claim, 1)
	r.isBusy(other(claim))
	outcome := hooks.Outcome{Result: []byte("x"), Mark: hooks.Mark{Kind: "k", At: time.UnixMilli(1)}}
	r.finish(claim, outcome)
	r.finish(claim, outcome)
	r.abandon(claim)
	assert.Equal(r, hooks.Finished, r.begin(other(claim)).State, "an end is not undone")

	next := r.claim("next", "s")
	r.granted(next, 1)
	r.finish(claim, outcome)
	r.isBusy(r.claim("third", "s"))
}

func (r *run) abandoned() {
	claim := r.claim("e", "s")
	r.granted(claim, 1)
	r.abandon(other(claim))
	r.isBusy(other(claim))
	r.abandon(claim)
	r.abandon(claim)
	second := other(claim)
	r.granted(second, 2)
	r.abandon(claim)
	r.isBusy(other(claim))
	r.abandon(r.claim("never-begun", "s"))
	r.isBusy(other(claim))
}

func (r *run) expired() {
	claim := lease(r.claim("e", "s"), short)
	r.granted(claim, 1)
	r.Advance(r.T, short)
	heir := other(claim)
	heir.Lease = long
	r.granted(heir, 2)
	r.isBusy(claim)
}

func (r *run) lateFinish() {
	claim := lease(r.claim("e", "s"), short)
	r.granted(claim, 1)
	r.Advance(r.T, short)
	r.finish(claim, hooks.Outcome{Result: []byte("late")})
	assert.Equal(r, "late", string(r.begin(other(claim)).Result))
}

func (r *run) lost() {
	claim := lease(r.claim("e", "s"), short)
	r.granted(claim, 1)
	r.Advance(r.T, short)
	heir := lease(other(claim), long)
	r.granted(heir, 2)
	mark := hooks.Mark{Kind: "lost", At: time.UnixMilli(1)}
	require.ErrorIs(r, r.ledger.Finish(r.Context(), claim, hooks.Outcome{Result: []byte("lost"), Mark: mark}), hooks.ErrClaimLost)
	r.abandon(claim)
	r.isBusy(other(claim))
	r.finish(heir, hooks.Outcome{Result: []byte("won")})
	require.ErrorIs(r, r.ledger.Finish(r.Context(), claim, hooks.Outcome{}), hooks.ErrClaimLost)
	assert.Equal(r, "won", string(r.begin(claim).Result))
	assert.Zero(r, r.granted(r.claim("next", "s"), 1).Newest)
	require.ErrorIs(r, r.ledger.Finish(r.Context(), r.claim("never-begun", ""), hooks.Outcome{}), hooks.ErrClaimLost)
}

func (r *run) shopSerial() {
	one, two := r.claim("one", "s"), r.claim("two", "s")
	r.granted(one, 1)
	r.isBusy(two)
	r.granted(r.claim("elsewhere", "other-shop"), 1)
	r.finish(one, hooks.Outcome{})
	r.granted(two, 1)
	three := r.claim("three", "s")
	r.isBusy(three)
	r.abandon(two)
	r.granted(three, 1)
	assert.Equal(r, hooks.Finished, r.begin(other(one)).State, "what is finished needs no shop")
}

func (r *run) noShop() {
	r.granted(r.claim("one", ""), 1)
	r.granted(r.claim("two", ""), 1)
}

func (r *run) shopExpired() {
	one, two := r.claim("one", "s"), r.claim("two", "s")
	r.granted(one, 1)
	r.isBusy(two)
	one = lease(one, short)
	r.granted(one, 1) // the same owner, for a shorter time
	r.Advance(r.T, short)
	r.granted(two, 1)
	require.ErrorIs(r, r.ledger.Finish(r.Context(), one, hooks.Outcome{}), hooks.ErrClaimLost)
	r.isBusy(other(one))
	r.finish(two, hooks.Outcome{})
	r.granted(other(one), 2)
}

func (r *run) marks() {
	at := time.UnixMilli(1_760_000_000_123)
	one := r.claim("one", "s")
	assert.Zero(r, r.granted(one, 1).Newest)
	r.finish(one, hooks.Outcome{Mark: hooks.Mark{Kind: "install", Ref: "A", At: at}})
	two := r.claim("two", "s")
	newest := r.granted(two, 1).Newest
	assert.Equal(r, hooks.Kind("install"), newest.Kind)
	assert.Equal(r, "A", newest.Ref)
	assert.True(r, at.Equal(newest.At), "%v is not %v", newest.At, at)
	r.finish(two, hooks.Outcome{})
	three := r.claim("three", "s")
	assert.Equal(r, "A", r.granted(three, 1).Newest.Ref, "an event without a mark leaves it")
	r.finish(three, hooks.Outcome{Mark: hooks.Mark{Kind: "uninstall", At: at.Add(-time.Hour)}})
	four := r.granted(r.claim("four", "s"), 1).Newest
	assert.Equal(r, hooks.Kind("uninstall"), four.Kind)
	assert.Empty(r, four.Ref)
	assert.True(r, at.Add(-time.Hour).Equal(four.At), "the caller decides what is newest")
}

// ended ends installs by events that are forgotten at once, and asks for them later.
func (r *run) ended() {
	ended := func(shop, ref string) bool {
		r.Helper()
		claim := r.claim("asks", shop)
		claim.Ref = ref
		decision := r.begin(claim)
		require.Equal(r, hooks.Granted, decision.State)
		r.abandon(claim)
		return decision.Ended
	}
	end := func(id string, refs ...string) {
		r.Helper()
		claim := r.claim(id, "s")
		claim.Ref = "A"
		assert.False(r, r.granted(claim, 1).Ended)
		r.finish(claim, hooks.Outcome{Ends: refs, Keep: -1})
		r.finish(claim, hooks.Outcome{Ends: refs, Keep: -1})
	}
	assert.False(r, ended("s", "A"))
	end("first", "B")
	assert.True(r, ended("s", "B"))
	assert.False(r, ended("s", "A"))
	end("second", "C", "B", "A", "a")
	for _, ref := range []string{"A", "a", "B", "C"} {
		assert.True(r, ended("s", ref), ref)
		assert.False(r, ended("other", ref), "another shop")
		assert.False(r, ended("", ref), "no shop")
	}
	assert.False(r, ended("s", "b"))
	assert.False(r, ended("s", ""))

	nowhere := r.claim("nowhere", "")
	r.granted(nowhere, 1)
	r.finish(nowhere, hooks.Outcome{Ends: []string{"D"}})
	assert.False(r, ended("", "D"))

	lost := lease(r.claim("lost", "s"), short)
	r.granted(lost, 1)
	r.Advance(r.T, short)
	heir := lease(other(lost), long)
	r.granted(heir, 2)
	require.ErrorIs(r, r.ledger.Finish(r.Context(), lost, hooks.Outcome{Ends: []string{"E"}}), hooks.ErrClaimLost)
	r.abandon(heir)
	assert.False(r, ended("s", "E"), "a lost claim ends nothing")
}

func (r *run) kept() {
	claim := r.claim("at-once", "s")
	r.granted(claim, 1)
	for range 2 {
		r.finish(claim, hooks.Outcome{Keep: -1, Mark: hooks.Mark{Kind: "k", At: time.UnixMilli(1)}})
	}
	next := other(claim)
	assert.Equal(r, hooks.Kind("k"), r.granted(next, 1).Newest.Kind)
	r.finish(next, hooks.Outcome{Keep: long, Result: []byte("x")})
	assert.Equal(r, hooks.Finished, r.begin(other(claim)).State)

	claim = r.claim("soon", "s")
	r.granted(claim, 1)
	r.finish(claim, hooks.Outcome{Keep: short, Result: []byte("x")})
	r.Advance(r.T, short)
	third := r.granted(other(claim), 1)
	assert.Empty(r, third.Result)
}

func (r *run) results() {
	all := make([]byte, hooks.MaxResult)
	for i := range all {
		all[i] = byte(i)
	}
	for name, result := range map[string][]byte{"nil": nil, "empty": {}, "bytes": all} {
		claim := r.claim(name, "")
		r.granted(claim, 1)
		r.finish(claim, hooks.Outcome{Result: result})
		assert.Equal(r, string(result), string(r.begin(other(claim)).Result), name)
	}
}

func (r *run) limits() {
	good := hooks.Claim{
		ID: strings.Repeat("~", hooks.MaxKey), Shop: strings.Repeat("!", hooks.MaxKey-26) + rand.Text(),
		Owner: strings.Repeat("o", hooks.MaxKey-26) + rand.Text(), Lease: time.Millisecond,
	}
	good.ID = good.ID[:hooks.MaxKey-26] + rand.Text()
	r.granted(good, 1)
	for _, change := range []func(*hooks.Claim){
		func(c *hooks.Claim) { c.ID = "" },
		func(c *hooks.Claim) { c.ID += "x" },
		func(c *hooks.Claim) { c.ID = "two words" },
		func(c *hooks.Claim) { c.ID = "店" },
		func(c *hooks.Claim) { c.Owner = "" },
		func(c *hooks.Claim) { c.Owner += "x" },
		func(c *hooks.Claim) { c.Shop += "x" },
		func(c *hooks.Claim) { c.Shop = "a\nb" },
		func(c *hooks.Claim) { c.Ref = "two words" },
		func(c *hooks.Claim) { c.Ref = strings.Repeat("r", hooks.MaxKey+1) },
		func(c *hooks.Claim) { c.Lease = 0 },
		func(c *hooks.Claim) { c.Lease = -time.Second },
	} {
		claim := good
		change(&claim)
		_, err := r.ledger.Begin(r.Context(), claim)
		require.ErrorIs(r, err, hooks.ErrClaim)
	}
	claim := r.claim("e", "s")
	r.granted(claim, 1)
	for _, outcome := range []hooks.Outcome{
		{Result: make([]byte, hooks.MaxResult+1)},
		{Mark: hooks.Mark{Kind: "two words"}},
		{Mark: hooks.Mark{Kind: "k", Ref: strings.Repeat("r", hooks.MaxKey+1)}},
		{Ends: []string{""}},
		{Ends: []string{"good", strings.Repeat("r", hooks.MaxKey+1)}},
	} {
		require.ErrorIs(r, r.ledger.Finish(r.Context(), claim, outcome), hooks.ErrClaim)
	}
	longest := strings.Repeat("r", hooks.MaxKey)
	r.finish(claim, hooks.Outcome{Ends: []string{longest}, Mark: hooks.Mark{
		Kind: hooks.Kind(strings.Repeat("k", hooks.MaxKey)), Ref: longest, At: time.UnixMicro(1999),
	}})
	next := r.claim("next", "s")
	next.Ref = longest
	decision := r.granted(next, 1)
	assert.Equal(r, longest, decision.Newest.Ref)
	assert.True(r, decision.Newest.At.Equal(time.UnixMilli(1)), "to the millisecond")
	assert.True(r, decision.Ended)
}

func (r *run) cases() {
	r.granted(r.claim("case", "shop"), 1)
	r.granted(r.claim("CASE", "SHOP"), 1)
	quoted := r.claim(`quote'"\;--%_{}`, `quote'"\;--%_{}`)
	quoted.Ref = `quote'"\;--%_{}`
	r.granted(quoted, 1)
	r.finish(quoted, hooks.Outcome{Ends: []string{quoted.Ref}, Keep: -1})
	assert.True(r, r.granted(other(quoted), 1).Ended)
}

func (r *run) cancelled() {
	ctx, cancel := context.WithCancel(r.Context())
	cancel()
	claim := r.claim("e", "s")
	_, err := r.ledger.Begin(ctx, claim)
	require.ErrorIs(r, err, context.Canceled)
	r.granted(claim, 1)
	require.ErrorIs(r, r.ledger.Finish(ctx, claim, hooks.Outcome{}), context.Canceled)
	require.ErrorIs(r, r.ledger.Abandon(ctx, claim), context.Canceled)
	r.finish(claim, hooks.Outcome{})
}

// manyClaims lets many ask at once, with a shop to wait for and without one. Who wins
// has finished at once, and the others leave nothing behind.
func (r *run) manyClaims() {
	for _, claim := range []hooks.Claim{r.claim("with", "s"), r.claim("without", "")} {
		var won atomic.Int64
		var wg sync.WaitGroup
		start := make(chan struct{})
		for range 16 {
			wg.Go(func() {
				<-start
				mine := other(claim)
				decision, err := r.ledger.Begin(r.Context(), mine)
				if assert.NoError(r, err) && decision.State == hooks.Granted {
					won.Add(1)
					assert.NoError(r, r.ledger.Finish(r.Context(), mine, hooks.Outcome{}))
				}
			})
		}
		close(start)
		wg.Wait()
		assert.LessOrEqual(r, won.Load(), int64(1))
		if won.Load() == 0 { // all stood in each other's way, and each got out of it
			r.granted(claim, 1)
			r.finish(claim, hooks.Outcome{})
		}
		next := claim
		next.ID += "/next"
		r.granted(next, 1)
	}
}

func (r *run) manyShops() {
	const events = 12
	var inside, most, total atomic.Int64
	var wg sync.WaitGroup
	for i := range events {
		wg.Go(func() {
			claim := r.claim(string(rune('a'+i)), "s")
			for {
				decision, err := r.ledger.Begin(r.Context(), claim)
				if !assert.NoError(r, err) {
					return
				}
				if decision.State == hooks.Granted {
					break
				}
				wait(r.T, 0)
			}
			most.Store(max(most.Load(), inside.Add(1)))
			total.Add(1)
			inside.Add(-1)
			assert.NoError(r, r.ledger.Finish(r.Context(), claim, hooks.Outcome{}))
		})
	}
	wg.Wait()
	assert.Equal(r, int64(1), most.Load())
	assert.Equal(r, int64(events), total.Load())
}
