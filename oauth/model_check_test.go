package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// family is a grant at the platform, with all the refresh tokens that have come of it.
type family struct {
	shop    string
	index   int
	gone    time.Time // when another login or a deletion took its place
	revoked bool      // by the owner
	reused  bool      // ended, because a spent refresh token came back
	late    bool      // that came when there was one more version, or from one that could not tell
	losses  int       // events that say so
	revived int       // how often a grant was stored over a loss
	judge   *process  // who has stored the loss
}

// request is one that was sent to the token endpoint.
type request struct {
	process   *process
	how       accident
	token     string // the refresh token; empty for a revocation
	family    *family
	sent      time.Time
	lease     time.Time // when the lease under which it was sent ends
	effect    string    // rotated, repeated, reused, refused; empty for none
	ended     time.Time // when the process had its answer, or none
	delivered bool
	saved     time.Time // when what it brought was stored
}

// sent notes a request and checks whether it may be sent.
func (m *model) sent(p *process, r *http.Request, body string, how accident) *request {
	m.mu.Lock()
	defer m.mu.Unlock()
	form, _ := url.ParseQuery(body)
	req := &request{process: p, how: how, token: form.Get("refresh_token"), sent: time.Now()}
	if r.URL.Path != tokenPath {
		m.write("%s sends a revocation", p)
		return req
	}
	f := m.byToken[req.token]
	req.family = f
	m.write("%s sends %.9s of family %d: %+v", p, req.token, f.index, how)
	lease := m.leases[f.shop]
	req.lease = lease.until
	if f == m.current[f.shop] && f.gone.IsZero() {
		switch {
		case lease.process != p:
			m.blame("%s sends a refresh token without the lease", p)
		case req.sent.Add(m.config.Timeout).After(lease.until):
			m.blame("%s sends a refresh token %s before its lease ends", p, time.Until(lease.until))
		}
	}
	var again bool
	for _, other := range m.requests {
		if other.token != req.token {
			again = again || other.process == p && other.family == f && m.server.Grace > 0
			continue
		}
		again = again || other.process == p
		if other.ended.IsZero() && other.process.alive() && !other.process.stopped() {
			m.blame("%s sends a refresh token while %s does", p, other.process)
		}
	}
	if !p.closing.IsZero() && !again {
		m.blame("%s begins a refresh after Close", p)
	}
	if !p.closing.IsZero() && req.sent.Add(m.config.Timeout).After(p.closeBy) {
		m.blame("%s repeats a request %s before Close ends", p, time.Until(p.closeBy))
	}
	if !p.closed.IsZero() {
		m.blame("%s sends a request after Close has returned", p)
	}
	m.requests = append(m.requests, req)
	return req
}

// took notes what a request has done at the platform.
func (m *model) took(req *request, before, now oauthtest.Counts, body string) {
	if req.token == "" || req.family == nil {
		return
	}
	switch {
	case now.Refreshes > before.Refreshes:
		req.effect = "rotated"
		brought := member(body, "refresh_token")
		m.byToken[brought] = req.family
		m.broughtBy[brought] = append(m.broughtBy[brought], req)
	case now.Repeats > before.Repeats:
		req.effect = "repeated"
		brought := member(body, "refresh_token")
		m.broughtBy[brought] = append(m.broughtBy[brought], req)
	case now.Reuses > before.Reuses:
		req.effect = "reused"
	default:
		req.effect = "refused"
	}
	m.write("  at the platform %.9s is %s", req.token, req.effect)
	if now.Killed > before.Killed {
		req.family.reused = true
		m.killed(req)
	}
}

func member(body, name string) string {
	_, rest, _ := strings.Cut(body, `"`+name+`":"`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// killed judges the end of a family by a refresh token that came back. Two requests with it have
// reached the platform; had the first of them been answered and its answer stored, there would
// have been no second one. So the question is what became of the first.
func (m *model) killed(by *request) {
	if !by.family.gone.IsZero() || m.current[by.family.shop] != by.family {
		return // of a grant that nobody has any more
	}
	first := by
	for _, req := range m.requests {
		if req.token == by.token && (req.effect == "rotated" || req.effect == "reused") && req.sent.Before(first.sent) {
			first = req
		}
	}
	why := m.excuse(first, by)
	for _, req := range m.requests {
		if req.family == by.family && req.token != by.token && req.effect == "rotated" && req.sent.After(by.sent) {
			by.family.late = true
		}
	}
	by.family.late = by.family.late || why == "cut off"
	m.write("  family %d ends: %s", by.family.index, why)
	if why == "" {
		m.blame("family %d ended without need", by.family.index)
	}
}

// excuse returns why the answer to a request could not be stored before another one was sent.
//
//   - lost: the network lost the answer, or it took longer than a refresh may. Whoever has the
//     lease sends the token once more (d), because only that heals it where it can be healed.
//   - killed: the process died between the request and the save.
//   - frozen: it was stopped in between, and beyond the end of its lease.
//   - closed: it ended in between, and its Close has said so.
//   - cut off: it could not store the answer beyond the end of its lease, while another process
//     could read and take leases. An outage for everybody is no excuse.
func (m *model) excuse(first, by *request) string {
	p := first.process
	p.mu.Lock()
	defer p.mu.Unlock()
	if first.how.kind == "lost" || first.how.before+first.how.after+40*time.Millisecond >= m.config.Timeout {
		return "lost"
	}
	if !first.saved.IsZero() && first.saved.Before(by.sent) {
		return ""
	}
	if !p.killed.IsZero() {
		return "killed"
	}
	for _, s := range p.stops {
		if s.from.Before(by.sent) && (s.to.IsZero() || s.to.After(first.lease) && s.to.Add(time.Second).After(by.sent)) {
			return "frozen"
		}
	}
	if p.closeErr != nil {
		return "closed"
	}
	for _, o := range p.outages {
		if o.covers("Save") && o.until.After(first.lease) && o.until.Add(7*time.Second).After(by.sent) && !(o.everybody && o.covers("Load")) {
			return "cut off"
		}
	}
	return ""
}

// ended notes that a process has its answer, or none.
func (m *model) ended(req *request, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	req.ended, req.delivered = time.Now(), err == nil
	if err != nil {
		m.write("%s gets no answer: %v", req.process, err)
	}
}

// saved notes what was stored.
func (m *model) saved(p *process, rec oauth.Record) {
	token := refreshToken(rec)
	f := m.byToken[token]
	m.write("%s stores version %d, %s, %.9s", p, rec.Version, rec.Status, token)
	for _, req := range m.broughtBy[token] {
		if req.saved.IsZero() && rec.Status == oauth.StatusActive {
			req.saved = time.Now()
		}
	}
	if rec.Status == oauth.StatusActive {
		if f.judge != nil {
			f.revived++
		}
		f.judge = nil
	} else {
		f.judge = p
	}
}

// replaced notes a login, or without a token a deletion.
func (m *model) replaced(shop, token string) {
	delete(m.leases, shop)
	old, next := m.current[shop], m.byToken[token]
	m.write("%s now has %.9s", shop, token)
	if old != nil && old != next {
		old.gone = time.Now()
	}
	m.current[shop] = next
	if next != nil {
		next.judge = nil
	}
}

// revoked ends the grants of a shop as its owner does.
func (m *model) revoked(shop string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.srv.RevokeShop(shop)
	for _, f := range m.families {
		if f.shop == shop {
			f.revoked = true
		}
	}
}

// event notes what a process reports.
func (m *model) event(p *process, e oauth.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.write("%s reports %s of version %d: %v", p, e.Kind, e.Version, e.Err)
	if e.Kind != oauth.EventReauthorize && e.Kind != oauth.EventInDoubt {
		return
	}
	f := m.current[e.Key.Shop]
	if f == nil {
		return // deleted since
	}
	f.losses++
	if f.losses > 1+f.revived {
		m.blame("%s reports the loss of family %d once more", p, f.index)
	}
}

// closes notes a call of Close, and reports whether it has anything to wait for.
func (m *model) closes(p *process, limit time.Duration) (busy bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.mu.Lock()
	p.closing, p.closeBy = time.Now(), time.Now().Add(limit)
	busy = p.thawed != nil || !p.killed.IsZero()
	p.mu.Unlock()
	for _, req := range m.requests {
		if req.process == p && (req.ended.IsZero() || req.delivered && req.effect == "rotated" && req.saved.IsZero() || time.Since(req.ended) < 10*time.Second) {
			busy = true
		}
	}
	return busy || p.manager.Stats().Unsaved > 0
}

func (m *model) closedWith(p *process, began time.Time, limit time.Duration, busy bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	took := time.Since(began)
	m.write("%s is closed after %s: %v", p, took, err)
	p.mu.Lock()
	p.closed, p.closeErr = time.Now(), err
	troubled := busy || !p.killed.IsZero()
	for _, s := range p.stops {
		troubled = troubled || s.to.IsZero() || s.to.After(began)
	}
	for _, o := range p.outages {
		troubled = troubled || o.until.Add(10*time.Second).After(began)
	}
	p.mu.Unlock()
	switch {
	case took > limit+time.Second+50*time.Millisecond:
		m.blame("%s: Close took %s of %s", p, took, limit)
	case !troubled && took > 100*time.Millisecond:
		m.blame("%s: Close took %s with nothing to wait for", p, took)
	}
	if err != nil {
		return
	}
	for _, req := range m.requests {
		if req.process == p && req.ended.IsZero() && req.process.alive() {
			m.blame("%s is closed, and a request is on the wire", p)
		}
		if req.process == p && req.delivered && req.effect == "rotated" && req.saved.IsZero() && req.family.gone.IsZero() &&
			m.current[req.family.shop] == req.family && !req.family.reused && !req.family.revoked {
			m.blame("%s is closed without an error, and a grant is not stored", p)
		}
	}
}

// peace ends all troubles, and checks that everything is well again soon.
func (m *model) peace(t *testing.T) {
	t.Helper()
	m.note("peace")
	m.blackouts = nil
	for _, p := range m.lives {
		p.heal()
	}
	if m.living(0) == nil {
		m.start(t, 0)
	}
	m.owners <- struct{}{}
	<-m.owners
	m.everybody(t.Context(), 110*time.Second)
	m.note("all tokens expire")
	after(m.server.AccessLifetime + time.Minute)
	m.everybody(t.Context(), 10*time.Second)
	after(5 * time.Second)
	m.books()
	for _, p := range m.slots {
		if p == nil {
			continue
		}
		if n := p.manager.Stats().Unsaved; n != 0 {
			m.fault("%s: %d grants are not stored", p, n)
		}
		m.shut(t.Context(), p, 10*time.Second)
	}
}

// everybody lets each process ask for each shop's token, as a client does, until it has one that
// works or is told that there is none. A lease is 30 seconds, and what follows one that ran out
// takes 4 more, and 3 if the token is refused; before that the platform may have asked to wait for
// more than a minute.
func (m *model) everybody(ctx context.Context, limit time.Duration) {
	var clients sync.WaitGroup
	for _, p := range m.slots {
		for _, shop := range m.shops {
			if p == nil {
				continue
			}
			clients.Go(func() {
				began := time.Now()
				for {
					ok, err := m.use(ctx, p, shop)
					m.known(p, "token of "+shop, err)
					if ok || errors.Is(err, shotengai.ErrReauthorize) {
						m.note("%s has a token of %s after %s: %v", p, shop, time.Since(began), err)
						return
					}
					patience := limit
					if errors.Is(err, shotengai.ErrUnauthorized) {
						patience = time.Minute + 10*time.Second // the pause after a renewal by force
					}
					if time.Since(began) > patience {
						m.fault("%s has no token of %s after %s: %v", p, shop, time.Since(began), err)
						return
					}
					pause := time.Second
					if e, ok := errors.AsType[*oauth.GrantError](err); ok {
						pause = max(pause, e.RetryAfter)
					}
					after(pause)
				}
			})
		}
	}
	clients.Wait()
}

// books compares the store with the platform.
func (m *model) books() {
	m.mu.Lock()
	defer m.mu.Unlock()
	grants := m.srv.Grants()
	for _, shop := range m.shops {
		rec, err := m.store.Load(context.Background(), rowKey(shop)) //nolint:forbidigo // the memory asks for none
		f := m.current[shop]
		switch {
		case err != nil:
			m.blame("%s: %v", shop, err)
			continue
		case f == nil:
			if rec.Status != oauth.StatusDeleted {
				m.blame("%s was deleted, and is %s", shop, rec.Status)
			}
			continue
		}
		token, grant := refreshToken(rec), grants[f.index]
		alive := grant.Dead == ""
		m.write("%s is %s: %s; family %d %s", shop, rec.Status, rec.Reason, f.index, grant.Dead)
		switch {
		case m.byToken[token] != f:
			m.blame("%s: the newest login is not in the store", shop)
		case rec.Status == oauth.StatusActive && !alive:
			m.blame("%s: the grant is over, and the store does not know", shop)
		case rec.Status == oauth.StatusActive && token != grant.RefreshToken:
			m.blame("%s: the store has a refresh token that is spent", shop)
		case rec.Status != oauth.StatusActive && alive && !m.refusedTwice(f):
			m.blame("%s is %s, and its grant lives", shop, rec.Status)
		case rec.Status == oauth.StatusReauthorize && f.reused && !f.late && m.config.Copies == 0: // memory enough to know
			m.blame("%s: a loss by a lost answer is reported as the owner's will", shop)
		case rec.Status == oauth.StatusInDoubt && !f.reused && !m.anyTrouble(f):
			m.blame("%s: in doubt, although nothing was lost", shop)
		case rec.Status != oauth.StatusActive && f.losses == 0 && f.judge.alive() && f.judge.closing.IsZero():
			m.blame("%s: nobody has reported the loss", shop)
		}
	}
}

// refusedTwice reports whether the platform has refused a token of a living family twice.
func (m *model) refusedTwice(f *family) bool {
	refused := make(map[string]int)
	for _, req := range m.requests {
		if req.family == f && req.how.kind == "refused" {
			if refused[req.token]++; refused[req.token] > 1 {
				return true
			}
		}
	}
	return false
}

// anyTrouble reports whether a lease may have run out: an answer was lost, or a process or its
// store was away.
func (m *model) anyTrouble(f *family) bool {
	for _, req := range m.requests {
		if req.family == f && !req.delivered {
			return true
		}
	}
	return slices.ContainsFunc(m.lives, func(p *process) bool { return !p.alive() || len(p.stops)+len(p.outages) > 0 })
}
