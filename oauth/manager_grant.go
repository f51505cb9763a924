package oauth

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
)

// The two shapes of a grant that is kept: a snapshot in memory, a Record in the store.

const (
	minWindow = 30 * time.Second
	maxWindow = 15 * time.Minute
	maxSkew   = 10 * time.Second
)

// snapshot is one version of a grant, ready for use. It never changes.
type snapshot struct {
	token *oauth2.Token
	never bool     // expires
	fresh deadline // outside the refresh window until then
	valid deadline // usable until then
	due   time.Time

	version int64
	saveID  string
	grant   *Grant
	// consent names the login that the grant goes back to.
	consent string
	// forced reports that the version was fetched because its predecessor was refused, and
	// that its token is new.
	forced bool
	// revoked reports that the platform has refused a token that cannot be renewed.
	revoked bool
	// doubt reports that an earlier refresh token of the grant was sent when it was spent, or
	// that a request with one has no answer and may still arrive.
	doubt bool
}

// deadline is a time by two clocks, and over when the first of them says so: the
// monotonic clock stands still while the machine sleeps, the wall clock may be set
// back.
type deadline struct{ monotonic, wall time.Time }

func newDeadline(now, at time.Time) deadline {
	return deadline{monotonic: now.Add(at.Sub(now)), wall: at.Round(0)}
}

func (d deadline) after(now time.Time) bool { return now.Before(d.wall) && now.Before(d.monotonic) }

func (s *snapshot) freshAt(now time.Time) bool {
	return s != nil && (s.never || s.fresh.after(now))
}

func (s *snapshot) validAt(now time.Time) bool {
	return s != nil && (s.never || s.valid.after(now))
}

// snapshot works out when a grant has to be renewed.
func (m *Manager) snapshot(version int64, saveID, consent string, forced bool, g *Grant) *snapshot {
	s := &snapshot{
		version: version,
		saveID:  saveID,
		consent: consent,
		forced:  forced,
		grant:   g,
		token:   g.Token(),
		never:   g.Expiry.IsZero(),
		due:     due(m.provider, g),
	}
	if s.never {
		return s
	}
	now := time.Now()
	lifetime := max(g.Expiry.Sub(g.ObtainedAt), 0)
	if g.ObtainedAt.IsZero() {
		lifetime = max(g.Expiry.Sub(now), 0)
	}
	s.fresh = newDeadline(now, g.Expiry.Add(-m.less(window(m.provider.RefreshWindow, lifetime), 10)))
	s.valid = newDeadline(now, g.Expiry.Add(-min(maxSkew, lifetime/20)))
	return s
}

// window is how long before its end a token is renewed: never more than half of its life,
// so that a token with a short one is not renewed all the time. A snapshot takes up to a tenth
// off, so that processes and shops do not all start at the same moment.
func window(fixed, lifetime time.Duration) time.Duration {
	w := fixed
	if w <= 0 {
		w = min(max(lifetime*2/5, minWindow), maxWindow)
	}
	return min(w, lifetime/2)
}

// due is when half of the refresh token's life is over. A grant without one is due at its end,
// so that somebody notices.
func due(p *Provider, g *Grant) time.Time {
	switch {
	case g.RefreshToken == "":
		return g.Expiry
	case g.ObtainedAt.IsZero():
		return time.Time{}
	}
	life := p.RefreshLifetime
	if !g.RefreshExpiry.IsZero() {
		life = g.RefreshExpiry.Sub(g.ObtainedAt)
	}
	if life <= 0 {
		return time.Time{}
	}
	return g.ObtainedAt.Add(life / 2)
}

// ends is when the grant is lost if nobody refreshes it.
func (s *snapshot) ends(p *Provider) time.Time {
	switch {
	case s.grant.RefreshToken == "":
		return s.grant.Expiry
	case !s.grant.RefreshExpiry.IsZero():
		return s.grant.RefreshExpiry
	case p.RefreshLifetime > 0 && !s.grant.ObtainedAt.IsZero():
		return s.grant.ObtainedAt.Add(p.RefreshLifetime)
	}
	return time.Time{}
}

// sealedGrant is the plain text of [Record].Sealed: a snapshot as JSON, without what
// follows from the rest.
type sealedGrant struct {
	Grant
	// A Secret shows a mask in JSON. These fields take the place of those of Grant.
	AccessToken, RefreshToken, IDToken, Nonce string

	Consent string
	Forced  bool
	Doubt   bool `json:",omitzero"`
}

// id names a login: it is the same for the same grant alone.
func (g *Grant) id() string {
	sum := sha256.New()
	for _, part := range []string{g.AccessToken.Reveal(), g.RefreshToken.Reveal(), g.ObtainedAt.UTC().String()} {
		_, _ = fmt.Fprintf(sum, "%d:%s,", len(part), part)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// seal turns a snapshot into the record that stores it.
func (m *Manager) seal(key Key, s *snapshot) (Record, error) {
	plain, err := json.Marshal(sealedGrant{ //nolint:musttag // the names of the fields are the stored form
		Grant:        *s.grant,
		AccessToken:  s.grant.AccessToken.Reveal(),
		RefreshToken: s.grant.RefreshToken.Reveal(),
		IDToken:      s.grant.IDToken.Reveal(),
		Nonce:        s.grant.Nonce.Reveal(),
		Consent:      s.consent,
		Forced:       s.forced,
		Doubt:        s.doubt,
	})
	if err != nil {
		return Record{}, errors.New("oauth: the grant cannot be encoded")
	}
	sealed, err := m.sealer.Seal(key, plain)
	status, reason := StatusActive, ""
	if s.revoked {
		status, reason = StatusRevoked, ErrRevoked.Error()
	}
	return Record{
		Version: s.version,
		SaveID:  s.saveID,
		Status:  status,
		Reason:  reason,
		Sealed:  sealed,
		Expiry:  s.grant.Expiry,
		Due:     s.due,
		Ends:    s.ends(m.provider),
	}, err
}

// open turns a record into a snapshot.
func (m *Manager) open(key Key, rec Record) (*snapshot, error) {
	plain, err := m.sealer.Open(key, rec.Sealed)
	if err != nil {
		return nil, err
	}
	var sealed sealedGrant
	if json.Unmarshal(plain, &sealed) != nil { //nolint:musttag // as in seal
		return nil, fmt.Errorf("oauth: %s shop %q: %w: it holds no grant", key.Platform, key.Shop, ErrSealed)
	}
	g := sealed.Grant
	g.AccessToken = shotengai.Secret(sealed.AccessToken)
	g.RefreshToken = shotengai.Secret(sealed.RefreshToken)
	g.IDToken, g.Nonce = shotengai.Secret(sealed.IDToken), shotengai.Secret(sealed.Nonce)
	s := m.snapshot(rec.Version, rec.SaveID, sealed.Consent, sealed.Forced, &g)
	s.revoked, s.doubt = rec.Status == StatusRevoked, sealed.Doubt
	return s, nil
}
