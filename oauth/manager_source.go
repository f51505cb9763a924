package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
)

// forcedPause is how long a token must have lived before its refusal is answered by
// one more refresh, if it came from such a refresh itself.
const forcedPause = time.Minute

// TokenSource hands out the access token of one shop. It implements
// [oauth2.TokenSource] and is safe for concurrent use. The tokens are shared: do not
// change them. They hold no refresh token, so that nobody else refreshes.
type TokenSource struct {
	manager *Manager
	key     Key
	err     error // the shop's id cannot be one
	place   atomic.Pointer[place]
}

// TokenSource returns the source of a shop. It asks nothing: whether there is a grant
// shows when a token is asked for. Sources of the same shop share everything; one that
// is kept finds a valid token without a lock.
func (m *Manager) TokenSource(shop string) *TokenSource {
	key, err := m.key(shop)
	return &TokenSource{manager: m, key: key, err: err}
}

// Login answers the question that starts a session: it returns the access token, after
// a refresh if the one at hand has expired, and an error that matches [shotengai.ErrReauthorize]
// if the shop's owner has to be sent to the login, because there is no grant or it is
// lost. Unlike a source it also takes [StatusRevoked] for an answer.
func (m *Manager) Login(ctx context.Context, shop string) (*oauth2.Token, error) {
	key, err := m.key(shop)
	if err != nil {
		return nil, err
	}
	snap, _, err := m.obtain(ctx, key, goal{})
	if err == nil && snap.revoked { // unless there is a new consent by now
		snap, _, err = m.obtain(ctx, key, goal{rejected: snap.token.AccessToken})
	}
	if err != nil {
		return nil, err
	}
	return snap.token, nil
}

// Token returns a valid access token. It waits for a refresh as long as that takes; use
// TokenContext to wait for less.
func (s *TokenSource) Token() (*oauth2.Token, error) {
	return s.TokenContext(s.manager.base)
}

// TokenContext returns a valid access token. The context ends the waiting for a
// refresh, never the refresh. Errors are [*GrantError].
func (s *TokenSource) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	if p := s.place.Load(); p != nil {
		if snap := p.copy.Load(); snap.freshAt(time.Now()) {
			p.touch()
			return snap.token, nil
		}
	}
	return s.wait(ctx, goal{})
}

func (s *TokenSource) wait(ctx context.Context, g goal) (*oauth2.Token, error) {
	if s.err != nil {
		return nil, s.err
	}
	snap, p, err := s.manager.obtain(ctx, s.key, g)
	s.place.Store(p)
	if err != nil {
		return nil, err
	}
	return snap.token, nil
}

// Reject tells that the platform has refused a token before its time, and returns the
// token to use instead: one that is newer already, or the result of exactly one
// refresh, however many callers tell. A token that came from such a refresh less than
// a minute ago is not refreshed once more. A token that does not expire cannot be
// refreshed: the error matches [ErrRevoked], and the grant gets [StatusRevoked].
func (s *TokenSource) Reject(ctx context.Context, t *oauth2.Token) (*oauth2.Token, error) {
	if t == nil || t.AccessToken == "" {
		return s.TokenContext(ctx)
	}
	return s.wait(ctx, goal{rejected: t.AccessToken})
}

// refusal answers a Reject that no refresh can help, or returns nil.
func (f *flight) refusal(ctx context.Context, cur *snapshot) error {
	m, key := f.manager, f.place.key
	switch {
	case cur.never:
		if err := f.revoked(ctx, cur); err != nil {
			return err
		}
		return m.wrap(key, "token", ErrRevoked)
	case cur.forced && time.Since(cur.grant.ObtainedAt) < forcedPause:
		return m.wrap(key, "token", errJustRenewed, shotengai.ErrUnauthorized)
	}
	return nil
}

// revoked notes in the store that a token without an end was refused, once among all
// instances.
func (f *flight) revoked(ctx context.Context, cur *snapshot) error {
	if cur.revoked {
		return nil
	}
	m, key := f.manager, f.place.key
	next := *cur
	next.version, next.saveID, next.revoked = cur.version+1, rand.Text(), true
	rec, err := m.seal(key, &next)
	if err != nil {
		return err
	}
	var again error
	switch err := f.save(ctx, cur.version, rec); {
	case errors.Is(err, shotengai.ErrConflict), errors.Is(err, ErrNoGrant):
		return errAgain
	case err != nil: // not known to be stored: better told twice than never
		m.count.storeErrors.Add(1)
	default:
		again = f.swap(&next, nil)
	}
	m.count.lost.Add(1)
	m.emit(EventReauthorize, key, next.version, m.wrap(key, "token", ErrRevoked))
	return again
}
