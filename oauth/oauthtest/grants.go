package oauthtest

import (
	"crypto/rand"
	"slices"
	"time"
)

// Grant is one permission as the server keeps it.
type Grant struct {
	// Shop is the one that gave it.
	Shop string
	// Scopes are the permissions.
	Scopes []string
	// AccessToken and RefreshToken are the ones in force.
	AccessToken  string
	RefreshToken string
	// Version counts the token pairs given, from 1.
	Version int
	// Dead says why the grant is over: "reuse", "code reuse", "revoked"; empty while it
	// lives.
	Dead string
}

// Counts says what the server has done so far.
type Counts struct {
	// Exchanges and Refreshes are the successful calls, repetitions within the grace
	// among the latter not counted.
	Exchanges int
	Refreshes int
	// Repeats are refreshes that were answered again within the grace.
	Repeats int
	// Reuses are spent refresh tokens that came back too late.
	Reuses int
	// Refused are all other token calls that were refused.
	Refused int
	// Killed are the grants that ended through reuse.
	Killed int
}

type state struct {
	codes   map[string]*authCode
	grants  []*grant
	access  map[string]*issued
	refresh map[string]*issued
	seenJTI map[string]time.Time
	counts  Counts
}

func newState() state {
	return state{
		codes:   make(map[string]*authCode),
		access:  make(map[string]*issued),
		refresh: make(map[string]*issued),
		seenJTI: make(map[string]time.Time),
	}
}

// authCode is a code with the login that it answers.
type authCode struct {
	redirectURL string
	challenge   string
	nonce       string
	shop        string
	scopes      []string
	expires     time.Time
	grant       *grant // once it is used
}

type grant struct {
	Grant
	nonce string
}

// issued is a token that was given, spent or not.
type issued struct {
	grant   *grant
	version int
	expires time.Time // zero: never
	spentAt time.Time // zero: not spent
}

func (i *issued) expired(now time.Time) bool {
	return !i.expires.IsZero() && !now.Before(i.expires)
}

// issue gives a grant its next pair of tokens.
func (s *Server) issue(g *grant, now time.Time) {
	g.Version++
	g.AccessToken = "at-" + rand.Text()
	access := &issued{grant: g, version: g.Version}
	if s.config.AccessLifetime > 0 {
		access.expires = now.Add(s.config.AccessLifetime)
	}
	s.state.access[g.AccessToken] = access
	if !s.refreshable(g) {
		return
	}
	if g.RefreshToken == "" || s.config.Rotate {
		g.RefreshToken = "rt-" + rand.Text()
	}
	s.state.refresh[g.RefreshToken] = &issued{grant: g, version: g.Version, expires: now.Add(s.config.RefreshLifetime)}
}

func (s *Server) refreshable(g *grant) bool {
	return s.config.RefreshLifetime > 0 &&
		(s.config.RefreshScope == "" || slices.Contains(g.Scopes, s.config.RefreshScope))
}

func (s *Server) kill(g *grant, why string) {
	if g.Dead != "" {
		return
	}
	g.Dead = why
	if why != "revoked" {
		s.state.counts.Killed++
	}
}

// Counts returns what the server has done so far.
func (s *Server) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.counts
}

// Grants returns all grants given so far, oldest first.
func (s *Server) Grants() []Grant {
	s.mu.Lock()
	defer s.mu.Unlock()
	grants := make([]Grant, len(s.state.grants))
	for i, g := range s.state.grants {
		grants[i] = g.Grant
		grants[i].Scopes = slices.Clone(g.Scopes)
	}
	return grants
}

// Check tells a resource server whether an access token is good, and for which grant.
func (s *Server) Check(accessToken string) (Grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := s.state.access[accessToken]
	if token == nil || token.grant.Dead != "" || token.expired(s.now()) {
		return Grant{}, false
	}
	return token.grant.Grant, true
}

// Grant gives a shop's permission without a login, and returns it. Without scopes it is
// one with a refresh token, if the server gives any.
func (s *Server) Grant(shop string, scopes ...string) Grant {
	if len(scopes) == 0 && s.config.RefreshScope != "" {
		scopes = []string{s.config.RefreshScope}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &grant{Grant: Grant{Shop: shop, Scopes: scopes}}
	s.state.grants = append(s.state.grants, g)
	s.issue(g, s.now())
	return g.Grant
}

// RevokeShop ends all grants of a shop, as its owner or an uninstall does.
func (s *Server) RevokeShop(shop string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.state.grants {
		if g.Shop == shop {
			s.kill(g, "revoked")
		}
	}
}

// ExpireAccess ends an access token before its time, and nothing else.
func (s *Server) ExpireAccess(accessToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token := s.state.access[accessToken]; token != nil {
		token.expires = s.now()
	}
}
