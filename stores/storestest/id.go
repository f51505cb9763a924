package storestest

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/stores"
)

// Scopes are all scopes that the platform knows.
func Scopes() []string {
	return []string{stores.ScopeRead, stores.ScopeWrite, stores.ScopeOfflineAccess}
}

// newSecret is a token as the platform might make one.
func newSecret() string { return rand.Text() + "-" + rand.Text() }

// mountID adds STORES ID. Its handlers run under the server's lock.
func (s *Server) mountID() {
	config := oauthtest.STORES()
	config.RequireScope = true
	config.Consent = oauthtest.Allow
	config.NewToken = newSecret
	config.RefuseRefresh = func(shopID string) string {
		if shop := s.shop(shopID); shop != nil && shop.withdrawn && !s.config.gone.KeepsGrants {
			return "The shop has withdrawn."
		}
		return ""
	}
	config.RefuseLogin = func(shopID string) string {
		if shop := s.shop(shopID); shop != nil && shop.deleted {
			return "The shop is gone."
		}
		return ""
	}
	config.InMemory, config.Clock = s.config.inMemory, s.Now
	s.auth = oauthtest.Mount(s.mux, s.URL, s.HTTPClient(), config)
}

// shop finds a shop; the caller holds the lock.
func (s *Server) shop(id string) *Shop {
	i := slices.IndexFunc(s.shops, func(shop *Shop) bool { return shop.ID == id })
	if i < 0 {
		return nil
	}
	return s.shops[i]
}

// bearer finds the shop of a token, and the scopes; the caller holds the lock. An access
// token stays good until its own end, also after a refresh: the platform does not say.
func (s *Server) bearer(value string) (*Shop, []string) {
	if shop := s.credentials[value]; shop != nil {
		return shop, []string{stores.ScopeRead, stores.ScopeWrite}
	}
	grant, good := s.auth.Check(value)
	if !good {
		return nil, nil
	}
	return s.shop(grant.Shop), grant.Scopes
}

// Provider describes the server to an app that logs shops in: stores.OAuth for the
// registered app, its Key and all scopes, at the addresses of the server, which it reaches
// also in memory. The redirect address is registered with the app.
func (s *Server) Provider(redirectURL string) (*oauth.Provider, error) {
	app := s.App()
	return s.Adopt(stores.OAuth(oauth.Client{ID: app.ClientID, RedirectURL: redirectURL, Scopes: Scopes()}, app.Key))
}

// Adopt leads an app's own provider to the server, as Provider does with the one that it
// makes:
//
//	provider, err := srv.Adopt(stores.OAuth(client, srv.App().Key, stores.WithForcedLogin()))
func (s *Server) Adopt(p *oauth.Provider, err error) (*oauth.Provider, error) {
	return s.auth.Adopt(p, err)
}

// Browser returns a client that behaves as the browser of a shop's owner does: it keeps
// cookies, and follows redirects to the server, also in memory, and back to the app. Each
// call returns another browser.
func (s *Server) Browser() *http.Client { return s.auth.Browser() }

// Login plays a shop's owner who opens a login address and allows what the app asks for,
// unless DenyLogins is set. It returns the query that the browser brings to the redirect
// address, which is not opened.
func (s *Server) Login(ctx context.Context, loginURL string) (url.Values, error) {
	return s.auth.Login(ctx, loginURL)
}

// LoginAs decides whose owner sits at the authorise page; the default is the first shop.
func (s *Server) LoginAs(shop *Shop) { s.auth.LoginAs(shop.ID) }

// DenyLogins lets the shop owner refuse at the authorise page, or approve again. By
// default every request is approved at once.
func (s *Server) DenyLogins(deny bool) { s.auth.DenyLogins(deny) }

// Logins returns how often an owner had to log in: at the first visit of a browser, and
// whenever the app asked for it by prompt=login.
func (s *Server) Logins() int { return s.auth.Logins() }
