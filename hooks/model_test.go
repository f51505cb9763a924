package hooks_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

// TestModel lets shops install and uninstall an app that has its troubles, and checks what the
// package comment promises. Each seed is a schedule of its own.
//
//	SHOTENGAI_TEST_SIZE=full    10,000 seeds in place of 200
//	SHOTENGAI_MODEL_SEED=17     that one alone; 0-99 are a hundred
func TestModel(t *testing.T) {
	t.Parallel()
	for _, w := range worlds {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			playSeeds(t, w)
		})
	}
}

func playSeeds(t *testing.T, w world) {
	t.Helper()
	first, last := modelSeeds(t)
	failed := 0
	for seed := first; seed <= last; seed++ {
		m := playModel(t, w, seed)
		if len(m.faults) == 0 {
			if first == last {
				t.Log("\n" + m.story())
			}
			continue
		}
		if failed++; failed <= 3 {
			t.Errorf("SHOTENGAI_MODEL_SEED=%d\n%s", seed, m.story())
		} else {
			t.Errorf("SHOTENGAI_MODEL_SEED=%d: %s", seed, m.faults[0])
		}
	}
	if failed > 0 {
		t.Errorf("%d of %d seeds failed", failed, last-first+1)
	}
}

// modelSeeds returns the first and the last seed.
func modelSeeds(t *testing.T) (first, last uint64) {
	t.Helper()
	one, to, ok := strings.Cut(os.Getenv("SHOTENGAI_MODEL_SEED"), "-")
	switch {
	case one != "":
		first, err := strconv.ParseUint(one, 10, 64)
		require.NoError(t, err)
		if !ok {
			return first, first
		}
		last, err = strconv.ParseUint(to, 10, 64)
		require.NoError(t, err)
		return first, last
	case os.Getenv("SHOTENGAI_TEST_SIZE") == "full":
		return 0, 9_999
	}
	return 0, 199
}

// model is the world of one seed: shops on the platform, and an app of a few processes that share
// a ledger.
type model struct {
	world  world
	random *rand.Rand // for the schedule alone
	ledger *hooks.VolatileLedger
	began  time.Time
	lease  time.Duration
	slots  []*process // who lives now
	shops  []*account

	over       chan struct{} // closed when nothing counts any more
	background sync.WaitGroup

	mu     sync.Mutex
	log    []string
	faults []string
	sent   []*happening          // in the order of their times
	ids    map[string]*happening // by Delivery.ID
	once   map[string]bool       // what a transaction with the ledger's Once would have done
}

// account is a shop, with what the app has noted of it.
type account struct {
	traits
	name      string
	oneTime   bool
	contracts []*contract
	busy      bool      // the owner is at it
	confused  bool      // the ledger takes an old install for the newest: see unknowable
	ended     time.Time // of the last contract
	installed *contract // as the platform knows it
	noted     string    // the contract that the app takes for installed
	orders    int       // how often it has reported some
	runs      []*run    // that go on
}

// contract is one install in the life of a shop.
type contract struct {
	*account
	index     int
	id        string // of the contract, or its token
	install   *happening
	uninstall *happening
	alive     bool      // its token works
	taken     bool      // the platform has seen the install succeed
	over      time.Time // when it was uninstalled
}

// happening is an event of the platform.
type happening struct {
	*contract
	event    hookstest.Event
	runs     int // of the app's function
	effects  int
	late     int // of the function for late uninstalls
	onces    int
	renewals int
	excuses  int       // for further runs
	first    time.Time // when a run began
	last     time.Time // when a run has ended
	answer   string    // of the first 200
}

// run is one run of the app's function.
type run struct {
	process *process
	until   time.Time // the end of its lease
}

// process is one life of a process of the app: a receiver, and its line to the ledger.
type process struct {
	model   *model
	name    string
	routes  map[hooks.Kind]http.Handler
	killed  chan struct{}
	outages []outage

	mu     sync.Mutex
	random *rand.Rand
	moods  []string // of the next functions
}

type outage struct {
	kind  string // refuse, lose, hang or stall
	until time.Time
}

var errKilled = errors.New("the process was killed")

func playModel(t *testing.T, w world, seed uint64) *model {
	t.Helper()
	m := &model{world: w, random: rand.New(rand.NewPCG(seed, 0))}
	synctest.Test(t, func(t *testing.T) {
		m.build()
		for i := range m.slots {
			m.start(t, i)
		}
		for _, s := range m.schedule() {
			after(time.Until(m.began.Add(s.at)))
			m.take(t, s)
		}
		m.peace(t)
		close(m.over)
		m.background.Wait()
	})
	return m
}

func after(d time.Duration) { <-time.After(d) }

func (m *model) build() {
	m.began, m.over, m.lease = time.Now(), make(chan struct{}), pick(m.random, time.Minute, 10*time.Second)
	m.ids, m.once = make(map[string]*happening), make(map[string]bool)
	skew := m.between(-4*time.Minute, 4*time.Minute)
	m.ledger = hooks.NewVolatileLedger(func() time.Time { return time.Now().Add(skew) })
	m.slots = make([]*process, 1+m.random.IntN(3))
	for i := range 1 + m.random.IntN(2) {
		m.shops = append(m.shops, &account{name: fmt.Sprintf("PA%08d", i+1), traits: m.world.traits, oneTime: m.world.oneTime && m.random.IntN(3) == 0})
	}
	m.note("%d processes, lease %s, the ledger's clock %s ahead", len(m.slots), m.lease, skew)
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }

func (m *model) between(from, to time.Duration) time.Duration {
	return from + time.Duration(m.random.Int64N(int64(to-from)+1))
}

// start begins the next life of a slot.
func (m *model) start(t *testing.T, slot int) {
	t.Helper()
	p := &process{
		model: m, name: string(rune('A' + slot)), killed: make(chan struct{}),
		random: rand.New(rand.NewPCG(m.random.Uint64(), 0)),
	}
	var err error
	p.routes, err = m.world.receive(m, p, hooks.Options{Lease: m.lease, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	m.set(slot, p)
}

// set says who lives in a slot now.
func (m *model) set(slot int, p *process) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.slots[slot] = p
}

// happeningKey is where the context of a delivery, and of what comes of it, has the event.
type happeningKey struct{}

// happening returns the event of a context.
func (m *model) happening(ctx context.Context) *happening {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, _ := ctx.Value(happeningKey{}).(*happening)
	return h.latest()
}

// latest returns the newest event that is the same, byte for byte.
func (h *happening) latest() *happening {
	if h.blind && h == h.uninstall {
		for _, c := range h.contracts[h.index:] {
			if c.uninstall != nil {
				h = c.uninstall
			}
		}
	}
	return h
}

// act is the app's function.
func (m *model) act(ctx context.Context, p *process, late bool) error {
	h := m.happening(ctx)
	delivery, _ := hooks.DeliveryFrom(ctx)
	mood := p.mood()
	r := m.begins(p, h, delivery, late, mood)
	defer m.ends(h, r)
	p.passes(ctx, time.Duration(p.below(int64(time.Second))))
	switch mood {
	case "fails":
		return errors.New("no space left")
	case "is slow":
		p.passes(ctx, m.lease/2)
	case "is too slow":
		p.passes(ctx, 2*m.lease)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	h.effects++
	switch {
	case late:
		h.late++
	case h == h.install:
		h.noted = h.id
		h.renew()
	case h == h.uninstall:
		h.noted = ""
	}
	if !m.once[delivery.ID] {
		m.once[delivery.ID] = true
		h.onces++
	}
	m.write("%s has done %s", p.name, h)
	if h.effects > 1+h.excuses {
		m.blame("%s took effect %d times, with reason for %d", h, h.effects, 1+h.excuses)
	}
	if mood == "fails after the effect" || mood == "panics" || mood == "dawdles" {
		h.excuses++
	}
	m.mu.Unlock()
	switch mood {
	case "fails after the effect":
		return errors.New("connection refused")
	case "panics":
		panic("index out of range")
	case "dawdles":
		p.passes(context.WithoutCancel(ctx), 3*m.lease)
	}
	return nil
}

// begins judges whether a function may run.
func (m *model) begins(p *process, h *happening, delivery hooks.Delivery, late bool, mood string) *run {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.write("%s does %s, attempt %d, late %t: it %s", p.name, h, delivery.Attempt, late, mood)
	for _, other := range h.account.runs {
		if other.process.alive() && time.Now().Before(other.until) {
			m.blame("two functions run for %s at once", h.name)
		}
	}
	for _, newer := range h.contracts[h.index+1:] {
		if newer.taken && !late && h.changes() && !h.unknowable(newer) {
			m.blame("%s acts after the install of %s", h, newer.id)
		}
	}
	if h.runs > 0 && delivery.Attempt < 2 && time.Since(h.last) < hooks.Retention {
		m.blame("%s runs again as if for the first time", h)
	}
	if known := m.ids[delivery.ID]; known != nil && known != h {
		m.blame("%s has the id of %s", h, known)
	}
	m.ids[delivery.ID] = h
	if h.runs++; h.runs == 1 {
		h.first = time.Now()
	}
	h.last = time.Now()
	r := &run{p, time.Now().Add(m.lease)}
	h.account.runs = append(h.account.runs, r)
	return r
}

func (m *model) ends(h *happening, r *run) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h.last = time.Now()
	h.account.runs = slices.DeleteFunc(h.account.runs, func(other *run) bool { return other == r })
}

// unknowable reports whether the ledger cannot tell that an install which failed is older than
// another one: it has forgotten it, or the other one is over too, and its uninstall, whose time is
// the platform's, is not far enough from the first run. From then on it takes it for the newest.
func (h *happening) unknowable(newer *contract) bool {
	if h.confused || !h.oldLooksNew || h != h.install || h.runs == 0 || h.answer != "" {
		return h.confused
	}
	const clocks = 5*time.Minute + 4*time.Minute // the tolerance, and how far the ledger's is off
	if time.Since(h.last) >= hooks.Retention || newer.uninstall != nil && newer.over.Sub(h.first) < clocks {
		h.confused = true
	}
	return h.confused
}

// changes reports whether the event is an install or an uninstall.
func (h *happening) changes() bool { return h == h.install || h == h.uninstall }

func (h *happening) String() string { return string(h.event.Kind) + " of " + h.name + " " + h.id }

func (p *process) below(n int64) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.Int64N(n)
}

// mood takes the next one.
func (p *process) mood() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.moods) == 0 {
		return "works"
	}
	next := p.moods[0]
	p.moods = p.moods[1:]
	return next
}

func (p *process) alive() bool {
	select {
	case <-p.killed:
		return false
	default:
		return true
	}
}

// passes lets time pass in the process, or stops for ever when it is killed.
func (p *process) passes(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-p.killed:
	}
	if !p.alive() {
		<-p.model.over
		panic(errKilled)
	}
}

// call is one call of the ledger.
func (p *process) call(ctx context.Context, effect func() error) error {
	p.passes(ctx, time.Duration(p.below(5e6)+1))
	kind := ""
	p.mu.Lock()
	for _, o := range p.outages {
		if time.Now().Before(o.until) {
			kind = o.kind
		}
	}
	p.mu.Unlock()
	if kind != "" {
		p.model.excuse(p.model.happening(ctx))
	}
	switch kind {
	case "refuse":
		return errDown
	case "hang":
		p.passes(ctx, time.Hour)
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	err := effect()
	switch kind {
	case "lose":
		err = errDown
	case "stall":
		p.passes(ctx, time.Hour)
		err = ctx.Err()
	}
	p.passes(ctx, time.Duration(p.below(5e6)+1))
	return err
}

// renew lets the uninstalls before an install mean that one too, where nothing shows which they mean.
func (h *happening) renew() {
	for _, c := range h.contracts[:h.index] {
		if u := c.uninstall; h.blind && u != nil {
			u.runs, u.effects, u.renewals = 0, 0, u.renewals+1
		}
	}
}

// excuse notes that an event has met a trouble of the ledger after a run.
func (m *model) excuse(h *happening) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if h.runs > 0 {
		h.excuses++
	}
}

// Begin implements [hooks.Ledger].
func (p *process) Begin(ctx context.Context, claim hooks.Claim) (d hooks.Decision, err error) {
	err = p.call(ctx, func() (err error) { d, err = p.model.ledger.Begin(ctx, claim); return err })
	return d, err
}

// Finish implements [hooks.Ledger].
func (p *process) Finish(ctx context.Context, claim hooks.Claim, outcome hooks.Outcome) error {
	return p.call(ctx, func() error { return p.model.ledger.Finish(ctx, claim, outcome) })
}

// Abandon implements [hooks.Ledger].
func (p *process) Abandon(ctx context.Context, claim hooks.Claim) error {
	return p.call(ctx, func() error { return p.model.ledger.Abandon(ctx, claim) })
}

// deliver sends an event to a process, as a platform that waits for half a minute.
func (m *model) deliver(p *process, h *happening) (status int, answer string) {
	if p == nil {
		return 0, ""
	}
	m.mu.Lock()
	h = h.latest()
	if h.effects > 0 && time.Since(h.last) >= hooks.Retention-time.Hour {
		h.excuses++ // the ledger may have forgotten it
	}
	m.mu.Unlock()
	ctx, hangUp := context.WithTimeout(context.WithValue(context.Background(), happeningKey{}, h), 30*time.Second) //nolint:forbidigo // it outlives the step
	defer hangUp()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/"+strings.TrimPrefix(h.event.Path, "/"), bytes.NewReader(h.event.Body))
	r.Header = h.event.Header.Clone()
	done := make(chan *httptest.ResponseRecorder, 1)
	m.background.Go(func() {
		defer func() {
			if v := recover(); v != nil && !errors.Is(asError(v), errKilled) {
				panic(v)
			}
		}()
		w := httptest.NewRecorder()
		p.routes[h.event.Kind].ServeHTTP(w, r)
		done <- w
	})
	select {
	case w := <-done:
		status, answer = w.Code, w.Body.String()
	case <-ctx.Done():
	case <-p.killed:
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !p.alive() {
		h.excuses++
		status = 0
	}
	m.write("%s is answered by %s with %d", h, p.name, status)
	if status != http.StatusOK {
		return status, ""
	}
	m.answered(h, answer)
	return status, answer
}

func asError(v any) error {
	err, _ := v.(error)
	return err
}

// answered judges a 200, after which the platform sends the event no more.
func (m *model) answered(h *happening, answer string) {
	newer := slices.ContainsFunc(h.contracts[h.index+1:], func(c *contract) bool { return c.install.runs > 0 })
	switch {
	case h.effects == 0 && h.silent && h == h.uninstall && h.noted != h.id: // it is over already
	case h.effects == 0:
		m.blame("%s is answered with 200, and nothing was done", h)
	case h.late > 0 && !newer && !h.confused:
		m.blame("%s was taken for late, and nothing is newer", h)
	case h.answer != "" && h.answer != answer:
		m.blame("%s is answered with %s after %s", h, answer, h.answer)
	}
	h.answer = answer
}

// step is one line of the schedule.
type step struct {
	at     time.Duration
	kind   string
	slot   int
	shop   int
	lasts  time.Duration
	text   string // of an outage or a mood
	number int
}

func (s step) String() string {
	return fmt.Sprintf("%s %c shop %d: %s for %s (%d)", s.kind, 'A'+s.slot, s.shop+1, s.text, s.lasts, s.number)
}

// schedule draws the steps in the order of their times.
func (m *model) schedule() []step {
	kinds := slices.Concat(
		slices.Repeat([]string{"owner"}, 24), slices.Repeat([]string{"replay"}, 14), slices.Repeat([]string{"old pair"}, 4),
		slices.Repeat([]string{"mood"}, 12), slices.Repeat([]string{"outage"}, 6), slices.Repeat([]string{"kill"}, 5),
	)
	var steps []step
	var at time.Duration
	for range 20 + m.random.IntN(30) {
		at += m.gap()
		s := step{at: at, kind: pick(m.random, kinds...), slot: m.random.IntN(len(m.slots)), shop: m.random.IntN(len(m.shops)), number: m.random.IntN(1000)}
		switch s.kind {
		case "kill":
			steps = append(steps, step{at: at + min(m.gap(), 3*time.Hour), kind: "start", slot: s.slot})
		case "mood":
			s.text = pick(m.random, "fails", "is slow", "is too slow", "fails after the effect", "panics", "dawdles", "is slow")
		case "outage":
			s.text = pick(m.random, "refuse", "lose", "hang", "stall")
			s.lasts = m.between(0, pick(m.random, time.Second, time.Minute, 3*time.Hour))
		}
		steps = append(steps, s)
	}
	slices.SortStableFunc(steps, func(a, b step) int { return int(a.at - b.at) })
	return steps
}

func (m *model) gap() time.Duration {
	return m.between(0, pick(m.random, 50*time.Millisecond, time.Second, 10*time.Second, 2*time.Minute, 3*time.Hour, 60*time.Hour, 8*24*time.Hour))
}

func (m *model) take(t *testing.T, s step) {
	t.Helper()
	m.note("%s", s)
	p := m.slots[s.slot]
	switch {
	case s.kind == "start" && p == nil:
		m.start(t, s.slot)
	case s.kind == "owner":
		m.owner(s)
	case s.kind == "replay" && len(m.sent) > 0:
		m.replay(p, m.sent[s.number%len(m.sent)])
	case s.kind == "old pair" && len(m.sent) > 0:
		m.oldPair(s)
	case p == nil:
	case s.kind == "kill":
		close(p.killed)
		m.set(s.slot, nil)
	case s.kind == "mood":
		p.mu.Lock()
		p.moods = append(p.moods, s.text)
		p.mu.Unlock()
	case s.kind == "outage":
		p.mu.Lock()
		p.outages = append(p.outages, outage{s.text, time.Now().Add(s.lasts)})
		p.mu.Unlock()
	}
}

// replay sends an event once more. An install that never reached the ledger is left out: its body
// has no time, and later nobody can tell it from a new one.
func (m *model) replay(p *process, h *happening) {
	m.mu.Lock()
	reached := h != h.install || h.runs > 0
	m.mu.Unlock()
	if !reached {
		return
	}
	m.background.Go(func() { m.deliver(p, h) })
}

// oldPair sends both bodies of a contract once more, in either order.
func (m *model) oldPair(s step) {
	c := m.sent[s.number%len(m.sent)].contract
	if c.uninstall == nil {
		return
	}
	pair := []*happening{c.install, c.uninstall}
	if s.number%2 == 0 {
		slices.Reverse(pair)
	}
	m.background.Go(func() {
		for _, h := range pair {
			m.deliver(m.living(s.slot), h)
		}
	})
}

// living returns a process that lives, that of a slot if it does; nil if there is none.
func (m *model) living(slot int) *process {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.slots {
		if p := m.slots[(slot+i)%len(m.slots)]; p != nil {
			return p
		}
	}
	return nil
}

// owner lets the owner of a shop do what there is to do: install the app, or uninstall it.
func (m *model) owner(s step) {
	shop := m.shops[s.shop]
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case shop.busy:
	case shop.installed != nil && m.world.orders != nil && s.number%3 == 0:
		m.report(shop, s)
	case shop.installed != nil:
		m.uninstall(shop, s)
	case shop.oneTime && time.Since(shop.ended) <= 11*time.Minute, time.Since(shop.ended) < shop.tick:
	default:
		m.install(shop, s)
	}
}

// install sends an install once, sometimes twice at the same moment. Without the answer that it
// wants the platform throws the contract away.
func (m *model) install(shop *account, s step) {
	c := &contract{account: shop, index: len(shop.contracts), alive: true}
	c.id = fmt.Sprintf("A%s%04d", shop.name[9:], c.index)
	c.install = &happening{contract: c, event: m.world.install(c)}
	shop.contracts = append(shop.contracts, c)
	shop.busy = true
	m.sent = append(m.sent, c.install)
	if s.number%4 == 0 {
		m.background.Go(func() { m.deliver(m.living(s.slot+1), c.install) })
	}
	m.background.Go(func() {
		status, _ := m.deliver(m.living(s.slot), c.install)
		m.mu.Lock()
		defer m.mu.Unlock()
		shop.busy = false
		if status == http.StatusOK {
			c.taken, shop.installed = true, c
		} else {
			c.alive, shop.ended = false, time.Now()
		}
	})
}

// report sends an event that neither installs nor uninstalls.
func (m *model) report(shop *account, s step) {
	shop.orders++
	h := &happening{contract: shop.installed, event: m.world.orders(shop.installed)}
	m.sent = append(m.sent, h)
	m.resend(h, s)
}

// uninstall sends an uninstall.
func (m *model) uninstall(shop *account, s step) {
	c := shop.installed
	shop.installed, shop.ended = nil, time.Now()
	c.uninstall, c.alive, c.over = &happening{contract: c, event: m.world.uninstall(c)}, false, time.Now()
	m.sent = append(m.sent, c.uninstall)
	m.resend(c.uninstall, s)
}

// resend sends an event until it is taken, or is not true any more, as often as Color Me does.
// makeshop documents no resends; there the owner of the app has them sent.
func (m *model) resend(h *happening, s step) {
	m.background.Go(func() {
		for _, pause := range append(hookstest.Every(150*time.Minute, 19), 0) {
			switch status, _ := m.deliver(m.living(s.slot), h); status {
			case http.StatusOK, http.StatusForbidden:
				return
			}
			select {
			case <-time.After(pause):
			case <-m.over:
			}
		}
		m.fault("%s was never taken", h)
	})
}

// peace ends all troubles, waits for the last resend, and compares the app with the platform.
func (m *model) peace(t *testing.T) {
	t.Helper()
	m.note("peace")
	for i, p := range m.slots {
		if p == nil {
			m.start(t, i)
			continue
		}
		p.mu.Lock()
		p.outages, p.moods = nil, nil
		p.mu.Unlock()
	}
	after(49 * time.Hour)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, shop := range m.shops {
		if len(shop.contracts) == 0 {
			continue
		}
		last := shop.contracts[len(shop.contracts)-1]
		want := ""
		if shop.installed != nil {
			want = shop.installed.id
		}
		if last.taken && shop.noted != want && !shop.confused {
			m.blame("%s has %q installed, and the app takes it for %q", shop.name, want, shop.noted)
		}
	}
	for _, h := range m.sent {
		if h.effects > 0 && (h.onces < 1 || h.onces > 1+h.renewals) {
			m.blame("%s: a change in a transaction with Once took place %d times", h, h.onces)
		}
	}
}

func (m *model) note(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.write(format, args...)
}

// write is note for who has the lock.
func (m *model) write(format string, args ...any) {
	m.log = append(m.log, fmt.Sprintf("%16s ", time.Since(m.began))+fmt.Sprintf(format, args...))
}

func (m *model) fault(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blame(format, args...)
}

// blame is fault for who has the lock.
func (m *model) blame(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	m.faults = append(m.faults, text)
	m.write("FAULT: %s", text)
}

func (m *model) story() string {
	return strings.Join(m.log, "\n") + "\n" + strings.Join(m.faults, "\n")
}
