package oauth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go/oauth"
)

var (
	errKilled  = errors.New("the process was killed")
	errNoRoute = errors.New("no route to host")
	errReset   = errors.New("connection reset by peer")
)

// process is one life of one process of the app: a manager, and its lines to the store and to the
// platform. All that the manager does outside its memory passes here, so that a process that was
// killed or stopped does nothing more, whichever goroutine is where.
type process struct {
	model   *model
	name    string // A2 is the second life of the process A
	manager *oauth.Manager
	skew    time.Duration // how far its clock is ahead

	mu        sync.Mutex
	random    *rand.Rand
	killed    time.Time
	thawed    chan struct{} // nil while it runs
	stops     []span
	closing   time.Time // when Close was called
	closeBy   time.Time // when it has to return
	closed    time.Time // when it returned
	closeErr  error
	outages   []outage   // those that are over as well
	accidents []accident // of the next requests
}

// span is a time from a step to another; the end is zero until it is known.
type span struct{ from, to time.Time }

// outage is what the store does to calls of a process.
type outage struct {
	kind      string // refuse, lose, hang, stall or late
	methods   string
	until     time.Time
	lag       time.Duration // of kind late
	everybody bool
}

func (o outage) covers(method string) bool {
	return o.methods == "all" || strings.Contains(o.methods, method)
}

// accident is what happens to a request.
type accident struct {
	kind          string // unsent, cut, lost, refused, busy; empty for one that is only slow
	before, after time.Duration
	wait          string // the Retry-After of a busy platform
}

// chance is one in n.
func (p *process) chance(n int64) bool { return p.below(n) == 0 }

func (p *process) below(n int64) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.random.Int64N(n)
}

// stand holds a goroutine up while the process is stopped, and to the end of the world once it
// is killed.
func (p *process) stand() error {
	for {
		p.mu.Lock()
		killed, thawed := !p.killed.IsZero(), p.thawed
		p.mu.Unlock()
		switch {
		case killed:
			<-p.model.over
			return errKilled
		case thawed == nil:
			return nil
		}
		<-thawed
	}
}

func (p *process) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.thawed == nil {
		p.thawed = make(chan struct{})
		p.stops = append(p.stops, span{from: time.Now()})
	}
}

func (p *process) thaw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.thawed != nil {
		close(p.thawed)
		p.thawed = nil
		p.stops[len(p.stops)-1].to = time.Now()
	}
}

func (p *process) kill() {
	p.mu.Lock()
	p.killed = time.Now()
	p.mu.Unlock()
	p.thaw() // to stand still for another reason
}

func (p *process) alive() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.killed.IsZero()
}

func (p *process) stopped() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.thawed != nil
}

// heal ends all troubles of the process.
func (p *process) heal() {
	p.mu.Lock()
	p.accidents = nil
	for i := range p.outages {
		p.outages[i].until = earliest(p.outages[i].until, time.Now())
	}
	p.mu.Unlock()
	p.thaw()
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// travel is a way of a call over the network.
func travel(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wake is the end of a call: a process that was stopped meanwhile finds the answer and the end of
// its context at once, and takes either.
func (p *process) wake(ctx context.Context, err error) error {
	if gone := p.stand(); gone != nil {
		return gone
	}
	if err == nil && ctx.Err() != nil && p.chance(2) {
		return ctx.Err()
	}
	return err
}

// trouble returns the outage that a call meets.
func (p *process) trouble(method string) (outage, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.outages {
		if time.Now().Before(o.until) && o.covers(method) {
			return o, true
		}
	}
	return outage{}, false
}

// call is one call of the store.
func call[T any](ctx context.Context, p *process, method string, effect func(context.Context) (T, error)) (result T, err error) {
	var none T
	if err := p.stand(); err != nil {
		return none, err
	}
	there, back := time.Duration(p.below(3e6)+1), time.Duration(p.below(3e6)+1)
	o, down := p.trouble(method)
	if down {
		switch o.kind {
		case "refuse":
			return none, p.wake(ctx, errDown)
		case "hang":
			<-ctx.Done()
			return none, p.wake(ctx, ctx.Err())
		case "late":
			p.model.background.Go(func() {
				after(o.lag)
				_, _ = effect(context.WithoutCancel(ctx))
			})
			<-ctx.Done()
			return none, p.wake(ctx, ctx.Err())
		}
	}
	if err := travel(ctx, there); err != nil {
		return none, p.wake(ctx, err)
	}
	if !p.alive() && p.chance(2) {
		return none, p.wake(ctx, errKilled)
	}
	result, err = effect(ctx)
	if down && o.kind == "stall" {
		<-ctx.Done()
		return none, p.wake(ctx, ctx.Err())
	}
	if gone := travel(ctx, back); gone != nil && err == nil {
		err = gone
	}
	if down && o.kind == "lose" {
		err = errDown
	}
	return result, p.wake(ctx, err)
}

// line is the process's line to the store. It also keeps the books of the model: who has which
// lease, and which answer was stored.
type line struct{ *process }

// change is a call with an effect that the books have to follow.
func (l line) change(ctx context.Context, method string, effect func(context.Context) error) error {
	_, err := call(ctx, l.process, method, func(ctx context.Context) (struct{}, error) {
		l.model.mu.Lock()
		defer l.model.mu.Unlock()
		return struct{}{}, effect(ctx)
	})
	return err
}

func (l line) Load(ctx context.Context, key oauth.Key) (oauth.Record, error) {
	rec, err := call(ctx, l.process, "Load", func(ctx context.Context) (oauth.Record, error) {
		return l.model.store.Load(ctx, key)
	})
	return shifted(rec, -l.skew), err
}

func (l line) Put(ctx context.Context, key oauth.Key, rec oauth.Record) (int64, error) {
	return call(ctx, l.process, "Put", func(ctx context.Context) (int64, error) {
		l.model.mu.Lock()
		defer l.model.mu.Unlock()
		version, err := l.model.store.Put(ctx, key, shifted(rec, l.skew))
		if err == nil {
			l.model.replaced(key.Shop, refreshToken(rec))
		}
		return version, err
	})
}

func (l line) Acquire(ctx context.Context, key oauth.Key, version int64, owner string, ttl time.Duration) (oauth.Lease, error) {
	return call(ctx, l.process, "Acquire", func(ctx context.Context) (oauth.Lease, error) {
		l.model.mu.Lock()
		defer l.model.mu.Unlock()
		lease, err := l.model.store.Acquire(ctx, key, version, owner, ttl)
		if err == nil && lease.Held {
			l.model.leases[key.Shop] = lent{l.process, owner, time.Now().Add(ttl)}
		}
		return lease, err
	})
}

func (l line) Save(ctx context.Context, key oauth.Key, version int64, rec oauth.Record) error {
	return l.change(ctx, "Save", func(ctx context.Context) error {
		old, _ := l.model.store.Load(ctx, key)
		err := l.model.store.Save(ctx, key, version, shifted(rec, l.skew))
		if err == nil && old.SaveID != rec.SaveID { // a repetition changes nothing
			delete(l.model.leases, key.Shop)
			l.model.saved(l.process, rec)
		}
		return err
	})
}

func (l line) Release(ctx context.Context, key oauth.Key, owner string, wait time.Duration) error {
	return l.change(ctx, "Release", func(ctx context.Context) error {
		err := l.model.store.Release(ctx, key, owner, wait)
		if err == nil && l.model.leases[key.Shop].owner == owner {
			delete(l.model.leases, key.Shop)
		}
		return err
	})
}

func (l line) Delete(ctx context.Context, key oauth.Key) error {
	return l.change(ctx, "Delete", func(ctx context.Context) error {
		err := l.model.store.Delete(ctx, key)
		if err == nil {
			l.model.replaced(key.Shop, "")
		}
		return err
	})
}

func (l line) Due(ctx context.Context, query oauth.DueQuery) ([]oauth.Entry, error) {
	if !query.Before.IsZero() {
		query.Before = query.Before.Add(l.skew)
	}
	return call(ctx, l.process, "Due", func(ctx context.Context) ([]oauth.Entry, error) {
		return l.model.store.Due(ctx, query)
	})
}

// shifted moves the times of a record. A clock that is ahead by d is a clock that is right, in a
// world whose times come d earlier.
func shifted(rec oauth.Record, d time.Duration) oauth.Record {
	if d == 0 || len(rec.Sealed) == 0 {
		return rec
	}
	rec.Expiry, rec.Due, rec.Ends = moved(rec.Expiry, d), moved(rec.Due, d), moved(rec.Ends, d)
	var plain map[string]json.RawMessage
	if err := json.Unmarshal(rec.Sealed[1:], &plain); err != nil {
		panic(err) // NoSeal leaves the JSON as it is
	}
	for _, name := range []string{"Expiry", "RefreshExpiry", "ObtainedAt"} {
		var at time.Time
		if err := json.Unmarshal(plain[name], &at); err != nil {
			panic(err)
		}
		plain[name], _ = json.Marshal(moved(at, d))
	}
	text, _ := json.Marshal(plain)
	rec.Sealed = append(bytes.Clone(rec.Sealed[:1]), text...)
	return rec
}

func moved(at time.Time, d time.Duration) time.Time {
	if at.IsZero() {
		return at
	}
	return at.Add(d)
}

// refreshToken returns the one in a record that is not sealed.
func refreshToken(rec oauth.Record) string {
	_, rest, _ := strings.Cut(string(rec.Sealed), `"RefreshToken":"`)
	token, _, _ := strings.Cut(rest, `"`)
	return token
}

// RoundTrip sends a request of the process. The platform goes on with what it has received,
// whatever becomes of the process.
func (p *process) RoundTrip(r *http.Request) (*http.Response, error) {
	trace := httptrace.ContextClientTrace(r.Context())
	trace.GetConn("")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if p.stopped() || !p.alive() {
		// A timer of the bubble has brought it here, and none runs out in a process that is
		// stopped: when it goes on it is at the check before the request, and fails there.
		if err := p.stand(); err != nil {
			return nil, err
		}
		return nil, errNoRoute
	}
	how := p.accident(r)
	if how.kind == "unsent" {
		return nil, errNoRoute
	}
	trace.GotConn(httptrace.GotConnInfo{})
	there, back := how.before+time.Duration(p.below(20e6)+1), how.after+time.Duration(p.below(20e6)+1)
	req := p.model.sent(p, r, string(body), how)
	type result struct {
		resp *http.Response
		err  error
	}
	answers := make(chan result, 1)
	p.model.background.Go(func() {
		after(there)
		resp, err := p.model.serve(req, r, body, how)
		after(back)
		answers <- result{resp, err}
	})
	var got result
	select {
	case got = <-answers:
	case <-r.Context().Done():
		got.err = r.Context().Err()
	}
	if gone := p.stand(); gone != nil {
		return nil, gone
	}
	select {
	case late := <-answers: // while it was stopped
		if p.chance(2) {
			got = late
		}
	default:
	}
	p.model.ended(req, got.err)
	return got.resp, got.err
}

// accident takes the next one of the process.
func (p *process) accident(r *http.Request) accident {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.accidents) == 0 || r.URL.Path != tokenPath {
		return accident{}
	}
	next := p.accidents[0]
	p.accidents = p.accidents[1:]
	return next
}

// serve is the platform's part of a request.
func (m *model) serve(req *request, r *http.Request, body []byte, how accident) (*http.Response, error) {
	answer := httptest.NewRecorder()
	switch how.kind {
	case "cut":
		return nil, errReset
	case "refused":
		answer.Header().Set("Content-Type", "application/json")
		answer.WriteHeader(http.StatusBadRequest)
		_, _ = answer.WriteString(`{"error":"invalid_grant","error_description":"for a moment"}`)
	case "busy":
		answer.Header().Set("Retry-After", how.wait)
		answer.WriteHeader(http.StatusServiceUnavailable)
	default:
		again := r.Clone(context.WithoutCancel(r.Context()))
		again.Body, again.RequestURI = io.NopCloser(bytes.NewReader(body)), r.URL.Path
		m.mu.Lock()
		before := m.srv.Counts()
		m.mux.ServeHTTP(answer, again)
		m.took(req, before, m.srv.Counts(), answer.Body.String())
		m.mu.Unlock()
	}
	if how.kind == "lost" {
		return nil, errReset
	}
	resp := answer.Result()
	resp.Request = r
	return resp, nil
}

func (p *process) String() string {
	if p.skew != 0 {
		return fmt.Sprintf("%s (clock %+v)", p.name, p.skew)
	}
	return p.name
}
