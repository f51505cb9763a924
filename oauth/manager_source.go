package oauth

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/internal/api"
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
// a refresh if the one at hand has expired, and an error that matches [ErrReauthorize]
// if the shop's owner has to be sent to the login, because there is no grant or it is
// lost.
func (m *Manager) Login(ctx context.Context, shop string) (*oauth2.Token, error) {
	return m.TokenSource(shop).TokenContext(ctx)
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
// refreshed: the error matches [ErrRevoked].
func (s *TokenSource) Reject(ctx context.Context, t *oauth2.Token) (*oauth2.Token, error) {
	if t == nil || t.AccessToken == "" {
		return s.TokenContext(ctx)
	}
	return s.wait(ctx, goal{rejected: t.AccessToken})
}

// refusal answers a Reject that no refresh can help, or returns nil.
func (m *Manager) refusal(p *place, snap *snapshot) error {
	switch {
	case snap.never:
		if p.refuse(snap.version) {
			m.count.lost.Add(1)
			m.emit(EventReauthorize, p.key, snap.version, ErrRevoked)
		}
		return m.wrap(p.key, "token", ErrRevoked)
	case snap.forced && time.Since(snap.grant.ObtainedAt) < forcedPause:
		return m.wrap(p.key, "token", errJustRenewed, api.ErrUnauthorized)
	}
	return nil
}

// refuse notes that a version was refused, and reports whether that is news.
func (p *place) refuse(version int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	news := p.refused != version
	p.refused = version
	return news
}
