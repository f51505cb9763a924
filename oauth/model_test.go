package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// TestModel lets a few processes live through random troubles and checks what the package comment
// promises. Each seed is a schedule of its own; the times that calls take follow from it too.
//
//	SHOTENGAI_TEST_SIZE=full    10,000 seeds in place of 200
//	SHOTENGAI_MODEL_SEED=17     that one alone; 0-99 are a hundred
func TestModel(t *testing.T) {
	t.Parallel()
	first, last := modelSeeds(t)
	failed := 0
	for seed := first; seed <= last; seed++ {
		m := playModel(t, seed)
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

const tokenPath = "/oauth/token"

// model is the world of one seed.
type model struct {
	random    *rand.Rand // for the schedule alone
	config    oauth.ManagerConfig
	server    oauthtest.Config
	mux       *http.ServeMux
	srv       *oauthtest.Authority
	store     *oauth.MemoryStore
	began     time.Time
	shops     []string
	slots     []*process // who lives now
	lives     []*process // everybody
	skews     []time.Duration
	blackouts []outage

	over       chan struct{} // closed when nothing counts any more
	background sync.WaitGroup
	owners     chan struct{} // who logs in or uninstalls, one at a time

	mu        sync.Mutex
	log       []string
	faults    []string
	leases    map[string]lent
	families  []*family
	byToken   map[string]*family    // by refresh token
	broughtBy map[string][]*request // by refresh token
	current   map[string]*family    // by shop
	requests  []*request
}

// lent is a lease as the store has given it.
type lent struct {
	process *process
	owner   string
	until   time.Time
}

func playModel(t *testing.T, seed uint64) *model {
	t.Helper()
	m := &model{random: rand.New(rand.NewPCG(seed, 0))}
	synctest.Test(t, func(t *testing.T) {
		m.build()
		for i := range m.slots {
			m.start(t, i)
		}
		for i := range m.shops {
			m.login(t.Context(), step{slot: i % len(m.slots), shop: i})
		}
		for _, s := range m.schedule() {
			after(time.Until(m.began.Add(s.at)))
			m.take(t, s)
		}
		m.peace(t)
		close(m.over)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		for _, p := range m.lives {
			_ = p.manager.Close(ended)
		}
		m.background.Wait()
	})
	return m
}

// build draws the world.
func (m *model) build() {
	m.began, m.over, m.owners = time.Now(), make(chan struct{}), make(chan struct{}, 1)
	m.leases, m.current = make(map[string]lent), make(map[string]*family)
	m.byToken, m.broughtBy = make(map[string]*family), make(map[string][]*request)
	m.store = oauth.NewMemoryStore()
	m.slots = make([]*process, 2+m.random.IntN(3))
	m.shops = []string{"shop-1", "shop-2"}[:1+m.random.IntN(2)]
	for range m.slots {
		m.skews = append(m.skews, pick(m.random, 0, 0, 0, 20*time.Second, -20*time.Second, 3*time.Minute, time.Hour, -time.Hour))
	}
	m.server = oauthtest.Config{
		ClientID: "client-id", ClientSecret: "client-secret", TokenPath: tokenPath, RevokePath: "/oauth/revoke",
		AccessLifetime: 5 * time.Minute, RefreshLifetime: 12 * time.Hour, Rotate: true,
		Grace: pick(m.random, 0, 0, 0, time.Minute, 10*time.Minute),
	}
	m.mux = http.NewServeMux()
	m.srv = oauthtest.Mount(m.mux, "http://127.0.0.1:1", nil, m.server)
	m.config = oauth.ManagerConfig{
		Sealer: oauth.NoSeal(), Parallel: 1 + m.random.IntN(4), Copies: pick(m.random, 0, 0, 1),
		Timeout: oauth.DefaultTimeout, Lease: oauth.DefaultLease,
	}
	if m.random.IntN(4) == 0 {
		m.config.Timeout = m.between(2*time.Second, 15*time.Second)
		m.config.Lease = m.between(m.config.Timeout*3/2, 3*m.config.Timeout)
	}
	m.note("%d shops, grace %s, timeout %s, lease %s, %d at a time, %d copies", len(m.shops), m.server.Grace,
		m.config.Timeout, m.config.Lease, m.config.Parallel, m.config.Copies)
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }

func (m *model) between(from, to time.Duration) time.Duration {
	return from + time.Duration(m.random.Int64N(int64(to-from)+1))
}

// start begins the next life of a slot.
func (m *model) start(t *testing.T, slot int) {
	t.Helper()
	lives := 1
	for _, p := range m.lives {
		if p.name[0] == 'A'+byte(slot) {
			lives++
		}
	}
	p := &process{
		model: m, name: fmt.Sprintf("%c%d", 'A'+slot, lives), skew: m.skews[slot],
		random: rand.New(rand.NewPCG(m.random.Uint64(), 0)),
	}
	config := m.config
	config.Store = line{p}
	config.Provider = &oauth.Provider{
		Name: "makeshop", Client: oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: redirectURL},
		AuthURL: m.srv.AuthURL, TokenURL: m.srv.TokenURL, RevokeURL: m.srv.RevokeURL,
		AccessLifetime: m.server.AccessLifetime, RefreshLifetime: m.server.RefreshLifetime, Rotates: true,
		HTTPClient: &http.Client{Transport: p},
	}
	config.OnEvent = func(e oauth.Event) { m.event(p, e) }
	var err error
	p.manager, err = oauth.NewManager(config)
	require.NoError(t, err)
	p.manager.SetRandom(p.below)
	for _, o := range m.blackouts {
		p.suffer(o)
	}
	m.set(slot, p)
	m.lives = append(m.lives, p)
	m.note("%s starts", p)
}

// step is one line of the schedule.
type step struct {
	at     time.Duration
	kind   string
	slot   int
	shop   int
	lasts  time.Duration
	outage outage
	what   []accident
}

func (s step) String() string {
	text := fmt.Sprintf("%s %c shop-%d", s.kind, 'A'+s.slot, s.shop+1)
	if s.lasts > 0 {
		text += fmt.Sprintf(" for %s", s.lasts)
	}
	if s.outage.kind != "" {
		text += fmt.Sprintf(": %s %s (lag %s)", s.outage.kind, s.outage.methods, s.outage.lag)
	}
	if len(s.what) > 0 {
		text += fmt.Sprintf(": %+v", s.what)
	}
	return text
}

// schedule draws the steps in the order of their times.
func (m *model) schedule() []step {
	kinds := slices.Concat(
		slices.Repeat([]string{"ask"}, 24), slices.Repeat([]string{"rush"}, 10), slices.Repeat([]string{"expire"}, 10),
		slices.Repeat([]string{"wire"}, 14), slices.Repeat([]string{"outage"}, 8), slices.Repeat([]string{"blackout"}, 5),
		slices.Repeat([]string{"stop"}, 6), slices.Repeat([]string{"kill"}, 5), slices.Repeat([]string{"close"}, 6),
		slices.Repeat([]string{"due"}, 3), slices.Repeat([]string{"login"}, 3), []string{"forget", "revoke", "siege", "ambush", "ambush", "stammer"},
	)
	var steps []step
	at := time.Second
	for range 16 + m.random.IntN(24) {
		at += m.gap()
		s := step{at: at, kind: pick(m.random, kinds...), slot: m.random.IntN(len(m.slots)), shop: m.random.IntN(len(m.shops))}
		switch s.kind {
		case "siege":
			steps = append(steps, m.siege(s)...)
			continue
		case "ambush":
			steps = append(steps, m.ambush(s)...)
			continue
		case "stammer":
			steps = append(steps, m.stammer(s)...)
			continue
		case "ask", "rush", "due":
			s.lasts = pick(m.random, 100*time.Millisecond, 2*time.Second, 30*time.Second, 2*time.Minute)
		case "kill":
			steps = append(steps, step{at: at + m.gap(), kind: "start", slot: s.slot})
		case "stop":
			s.lasts = m.between(time.Second, pick(m.random, 10*time.Second, 70*time.Second, 3*time.Minute))
			steps = append(steps, step{at: at + s.lasts, kind: "thaw", slot: s.slot})
		case "close":
			s.lasts = m.between(time.Second, 50*time.Second)
		case "outage", "blackout":
			s.lasts = m.between(time.Second, pick(m.random, 5*time.Second, 30*time.Second, 90*time.Second))
			s.outage = outage{
				kind:    pick(m.random, "refuse", "refuse", "lose", "hang", "stall", "late"),
				methods: pick(m.random, "all", "all", "all", "Save", "Load", "Acquire", "Release", "Save Load", "Acquire Release"),
				lag:     m.between(time.Second, 15*time.Second),
			}
		case "wire":
			for range 1 + m.random.IntN(3) {
				s.what = append(s.what, m.accident())
			}
		}
		steps = append(steps, s)
	}
	slices.SortStableFunc(steps, func(a, b step) int { return int(a.at - b.at) })
	return steps
}

// siege cuts the store off from everybody while a token is refreshed, for about as long as a lease.
func (m *model) siege(s step) []step {
	cut := s.at + m.between(0, 60*time.Millisecond)
	lasts := m.config.Lease + m.between(-m.config.Lease/2, m.config.Lease)
	steps := []step{{at: cut, kind: "blackout", slot: s.slot, shop: s.shop, lasts: lasts, outage: outage{
		kind: pick(m.random, "refuse", "hang"), methods: "all",
	}}}
	for _, at := range []time.Duration{s.at, cut + lasts/2, cut + lasts + m.between(0, time.Second)} {
		steps = append(steps, step{at: at, kind: "expire", shop: s.shop}, step{at: at, kind: "rush", shop: s.shop, lasts: time.Minute})
	}
	return steps
}

// ambush ends or stops a process that refreshes a token.
func (m *model) ambush(s step) []step {
	next := s
	next.kind, next.at = pick(m.random, "kill", "stop", "close"), s.at+m.between(0, 60*time.Millisecond)
	next.lasts = m.between(time.Second, 2*m.config.Lease)
	end := step{at: next.at + next.lasts, kind: "thaw", slot: s.slot}
	if next.kind == "kill" {
		end.kind = "start"
	}
	return []step{
		{at: s.at, kind: "expire", slot: s.slot, shop: s.shop},
		{at: s.at, kind: "ask", slot: s.slot, shop: s.shop, lasts: time.Minute},
		next,
		end,
		{at: end.at + m.gap(), kind: "rush", shop: s.shop, lasts: time.Minute},
	}
}

// stammer loses the answer to the Put of a login, and lets the grant be refreshed before the app
// repeats it.
func (m *model) stammer(s step) []step {
	between := s.at + m.between(100*time.Millisecond, 900*time.Millisecond)
	return []step{
		{at: s.at, kind: "blackout", lasts: 50 * time.Millisecond, outage: outage{kind: "lose", methods: "Put"}},
		{at: s.at + time.Millisecond, kind: "login", slot: s.slot, shop: s.shop},
		{at: between, kind: "expire", shop: s.shop},
		{at: between, kind: "rush", shop: s.shop, lasts: time.Minute},
	}
}

// gap is a time between two steps: most things happen together, and then nothing for a while.
func (m *model) gap() time.Duration {
	return m.between(0, pick(m.random, 50*time.Millisecond, time.Second, 4*time.Second, 40*time.Second, 6*time.Minute))
}

func (m *model) accident() accident {
	a := accident{kind: pick(m.random, "", "unsent", "cut", "lost", "refused", "busy", "lost")}
	if m.random.IntN(2) == 0 {
		a.before = m.between(0, pick(m.random, time.Second, 19*time.Second, 40*time.Second))
	}
	if m.random.IntN(2) == 0 || a == (accident{}) {
		a.after = m.between(time.Second, pick(m.random, 5*time.Second, 19*time.Second, 40*time.Second))
	}
	if a.kind == "busy" {
		a.wait = strconv.Itoa(1 + m.random.IntN(70))
	}
	return a
}

// take carries out a step.
func (m *model) take(t *testing.T, s step) {
	t.Helper()
	m.note("%s", s)
	p, shop := m.slots[s.slot], m.shops[s.shop]
	switch s.kind {
	case "start":
		if p == nil {
			m.start(t, s.slot)
		}
		return
	case "expire":
		m.srv.ExpireShop(shop)
		return
	case "revoke":
		m.revoked(shop)
		return
	case "rush":
		for _, p := range m.slots {
			m.ask(t.Context(), p, shop, s.lasts)
		}
		return
	case "blackout":
		m.blackouts = append(m.blackouts, s.until(true))
		for _, p := range m.slots {
			p.suffer(m.blackouts[len(m.blackouts)-1])
		}
		return
	case "login":
		m.background.Go(func() { m.login(t.Context(), s) })
		return
	case "forget":
		m.background.Go(func() { m.forget(t.Context(), s) })
		return
	}
	if p == nil {
		return
	}
	switch s.kind {
	case "ask":
		m.ask(t.Context(), p, shop, s.lasts)
	case "due":
		m.background.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), s.lasts)
			defer cancel()
			_, err := p.manager.RefreshDue(ctx)
			m.known(p, "RefreshDue", err)
		})
	case "kill":
		p.kill()
		m.set(s.slot, nil)
	case "stop":
		p.stop()
	case "thaw":
		p.thaw()
	case "outage":
		p.suffer(s.until(false))
	case "wire":
		p.mu.Lock()
		p.accidents = append(p.accidents, s.what...)
		p.mu.Unlock()
	case "close":
		m.set(s.slot, nil)
		m.background.Go(func() { m.shut(t.Context(), p, s.lasts) })
		m.start(t, s.slot) // a deploy: the next one lives beside it
	}
}

// until returns the outage of a step that begins now.
func (s step) until(everybody bool) outage {
	o := s.outage
	o.until, o.everybody = time.Now().Add(s.lasts), everybody
	return o
}

func (p *process) suffer(o outage) {
	if p == nil || time.Now().After(o.until) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outages = append(p.outages, o)
}

// ask is a caller of a process who needs a token and reports one that is refused.
func (m *model) ask(ctx context.Context, p *process, shop string, patience time.Duration) {
	if p == nil || p.stopped() {
		return
	}
	m.background.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		_, err := m.use(ctx, p, shop)
		m.known(p, "token of "+shop, err)
	})
}

// use is a call of the platform: it reports whether the platform has taken the token, or one
// that came in place of it.
func (m *model) use(ctx context.Context, p *process, shop string) (bool, error) {
	source := p.manager.TokenSource(shop)
	token, err := source.TokenContext(ctx)
	if err != nil {
		return false, err
	}
	if _, ok := m.srv.Check(token.AccessToken); ok {
		return true, nil
	}
	if token, err = source.Reject(ctx, token); err != nil {
		return false, err
	}
	_, ok := m.srv.Check(token.AccessToken)
	return ok, nil
}

// set says who lives in a slot now.
func (m *model) set(slot int, p *process) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.slots[slot] = p
}

// living returns a process that runs, the one of a slot if it does.
func (m *model) living(slot int) *process {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.slots {
		if p := m.slots[(slot+i)%len(m.slots)]; p != nil && !p.stopped() {
			return p
		}
	}
	return nil
}

// login goes through a login, and stores its grant by whichever process lives, again until it is
// stored.
func (m *model) login(ctx context.Context, s step) {
	m.owners <- struct{}{}
	defer func() { <-m.owners }()
	shop := m.shops[s.shop]
	given := m.srv.Grant(shop)
	m.mu.Lock()
	f := &family{shop: shop, index: len(m.families)}
	m.families = append(m.families, f)
	m.byToken[given.RefreshToken] = f
	m.mu.Unlock()
	g := &oauth.Grant{
		AccessToken: shotengai.Secret(given.AccessToken), RefreshToken: shotengai.Secret(given.RefreshToken), TokenType: "Bearer",
		ObtainedAt: time.Now(), Expiry: time.Now().Add(m.server.AccessLifetime), RefreshExpiry: time.Now().Add(m.server.RefreshLifetime),
	}
	m.insist(s.slot, func(p *process) error { return p.manager.Put(ctx, shop, g) })
}

func (m *model) forget(ctx context.Context, s step) {
	m.owners <- struct{}{}
	defer func() { <-m.owners }()
	m.insist(s.slot, func(p *process) error { return p.manager.Forget(ctx, m.shops[s.shop]) })
}

// insist does something in one process after the other until it has worked.
func (m *model) insist(slot int, do func(*process) error) {
	for {
		p := m.living(slot)
		if p == nil {
			after(time.Second)
			continue
		}
		done := make(chan error, 1)
		m.background.Go(func() { done <- do(p) })
		select {
		case err := <-done:
			m.known(p, "store", err)
			if err == nil {
				return
			}
		case <-time.After(10 * time.Second): // killed or stopped
		}
		after(time.Second)
	}
}

// shut closes a process as a deploy does, and ends it.
func (m *model) shut(ctx context.Context, p *process, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	busy := m.closes(p, limit)
	err := p.manager.Close(ctx)
	m.closedWith(p, began, limit, busy, err)
}

// known checks the kind of an error.
func (m *model) known(p *process, what string, err error) {
	for _, kind := range []error{
		nil, shotengai.ErrReauthorize, oauth.ErrTemporary, oauth.ErrClosed, context.DeadlineExceeded, context.Canceled, shotengai.ErrUnauthorized,
	} {
		if errors.Is(err, kind) {
			return
		}
	}
	select {
	case <-m.over:
	default:
		m.fault("%s: %s: an error of no kind: %v", p, what, err)
	}
}

func (m *model) note(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.write(format, args...)
}

// write is note for who has the lock.
func (m *model) write(format string, args ...any) {
	m.log = append(m.log, fmt.Sprintf("%11.6f ", time.Since(m.began).Seconds())+fmt.Sprintf(format, args...))
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
