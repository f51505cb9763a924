package oauthtest

import (
	"maps"
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
	// Version counts the token pairs issued, from 1.
	Version int
	// Dead is why the grant is over: "reuse", "code reuse", "revoked"; empty while it
	// lives.
	Dead string
}

// Counts is what the server has done so far.
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
	sessions map[string]bool
	codes    map[string]*authCode
	grants   []*grant
	access   map[string]*issued
	refresh  map[string]*issued
	seenJTI  map[string]time.Time
	logins   int
	counts   Counts
}

func newState() state {
	return state{
		sessions: make(map[string]bool),
		codes:    make(map[string]*authCode),
		access:   make(map[string]*issued),
		refresh:  make(map[string]*issued),
		seenJTI:  make(map[string]time.Time),
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

// issued is a token that was issued, spent or not.
type issued struct {
	grant   *grant
	version int
	expires time.Time // zero: never
	spentAt time.Time // zero: not spent
}

func (i *issued) expired(now time.Time) bool {
	return !i.expires.IsZero() && !now.Before(i.expires)
}

// issue makes the next pair of tokens of a grant.
func (a *Authority) issue(g *grant, now time.Time) {
	g.Version++
	g.Scopes = a.scopes(g.Scopes)
	g.AccessToken = a.newToken("at-")
	access := &issued{grant: g, version: g.Version}
	if a.config.AccessLifetime > 0 {
		access.expires = now.Add(a.config.AccessLifetime)
	}
	a.state.access[g.AccessToken] = access
	if !a.refreshable(g) {
		return
	}
	if g.RefreshToken == "" || a.config.Rotate {
		g.RefreshToken = a.newToken("rt-")
	}
	a.state.refresh[g.RefreshToken] = &issued{grant: g, version: g.Version, expires: now.Add(a.config.RefreshLifetime)}
}

func (a *Authority) refreshable(g *grant) bool {
	return a.config.RefreshLifetime > 0 &&
		(a.config.RefreshScope == "" || slices.Contains(g.Scopes, a.config.RefreshScope))
}

func (a *Authority) kill(g *grant, why string) {
	if g.Dead != "" {
		return
	}
	g.Dead = why
	if why != "revoked" {
		a.state.counts.Killed++
	}
}

// Counts returns what the server has done so far.
func (a *Authority) Counts() Counts {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state.counts
}

// Logins returns how often an owner had to log in: at each visit of a browser that the
// server does not know by its cookie, and whenever the app asks for it.
func (a *Authority) Logins() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state.logins
}

// Grants returns all grants made so far, oldest first.
func (a *Authority) Grants() []Grant {
	a.mu.Lock()
	defer a.mu.Unlock()
	grants := make([]Grant, len(a.state.grants))
	for i, g := range a.state.grants {
		grants[i] = g.Grant
		grants[i].Scopes = slices.Clone(g.Scopes)
	}
	return grants
}

// Check is for a resource server: it reports whether an access token is good, and for which
// grant. It returns the grant of a token that has expired too.
func (a *Authority) Check(accessToken string) (Grant, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	token := a.state.access[accessToken]
	if token == nil || token.grant.Dead != "" {
		return Grant{}, false
	}
	return token.grant.Grant, !token.expired(a.now())
}

// Grant adds a permission of a shop without a login, and returns it. Without scopes it is
// one with a refresh token, if the server issues any.
func (a *Authority) Grant(shop string, scopes ...string) Grant {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(scopes) == 0 && a.config.RefreshScope != "" {
		scopes = []string{a.config.RefreshScope}
	}
	g := &grant{Grant: Grant{Shop: shop, Scopes: scopes}}
	a.state.grants = append(a.state.grants, g)
	a.issue(g, a.now())
	return g.Grant
}

// RevokeShop ends all grants of a shop, and the codes that were not exchanged, as its owner
// or an uninstall does.
func (a *Authority) RevokeShop(shop string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, g := range a.state.grants {
		if g.Shop == shop {
			a.kill(g, "revoked")
		}
	}
	maps.DeleteFunc(a.state.codes, func(_ string, c *authCode) bool { return c.shop == shop && c.grant == nil })
}

// ExpireShop ends the access tokens of a shop before their time. Its grants live on: a refresh
// works.
func (a *Authority) ExpireShop(shop string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, token := range a.state.access {
		if token.grant.Shop == shop {
			token.expires = a.now()
		}
	}
}

// RevokeToken ends the grant that an access or a refresh token belongs to, if there is one.
func (a *Authority) RevokeToken(token string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.revokeToken(token)
}

func (a *Authority) revokeToken(value string) {
	for _, known := range []map[string]*issued{a.state.access, a.state.refresh} {
		if token := known[value]; token != nil {
			a.kill(token.grant, "revoked")
		}
	}
}

// ExpireAccess ends an access token before its time, and nothing else.
func (a *Authority) ExpireAccess(accessToken string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if token := a.state.access[accessToken]; token != nil {
		token.expires = a.now()
	}
}
