package colormetest

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// token is what a caller shows: an access token, or the usage-charge token of an
// uninstalled app.
type token struct {
	shop *Shop
	// installation is what the token belongs to, if anything.
	installation *Installation
	// until is the first instant after a usage-charge token.
	until time.Time
}

// Scopes are all scopes that the platform knows.
func Scopes() []string {
	return []string{
		"read_products", "write_products", "read_sales", "write_sales",
		"read_shop_coupons", "write_shop_coupons", "read_templates", "write_templates",
		"read_analytics", "write_application_charge",
		"read_shop_script_tags", "write_shop_script_tags",
		"read_inline_script_tags", "write_inline_script_tags",
		"read_script_tags", "write_script_tags",
	}
}

// mountOAuth adds the authorisation server. Its handlers run under the server's lock.
func (s *Server) mountOAuth() {
	config := oauthtest.ColorMe()
	config.Scopes, config.RequireScope = Scopes(), true
	config.Consent = oauthtest.Allow
	config.NewToken = newSecret
	config.InMemory, config.Clock = s.config.inMemory, s.Now
	s.auth = oauthtest.Mount(s.mux, s.URL, s.HTTPClient(), config)
}

// register takes over the app's registration; the caller holds the lock.
func (s *Server) register(app App) {
	s.app = app
	s.auth.Register(app.ClientID, app.ClientSecret, app.RedirectURIs)
}

// Provider describes the server to an app that logs shops in: colorme.OAuth for the
// registered app and all scopes, at the addresses of the server, which it reaches also in
// memory. The redirect address is registered with the app.
func (s *Server) Provider(redirectURL string) (*oauth.Provider, error) {
	app := s.App()
	return s.Adopt(colorme.OAuth(oauth.Client{
		ID: app.ClientID, Secret: app.ClientSecret, RedirectURL: redirectURL, Scopes: Scopes(),
	}))
}

// Adopt leads an app's own provider to the server, as Provider does with the one that it
// makes:
//
//	provider, err := srv.Adopt(colorme.OAuth(client))
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

// LoginAs decides whose owner sits at the authorise page; the default is the
// first shop.
func (s *Server) LoginAs(shop *Shop) { s.auth.LoginAs(shop.ID) }

// DenyLogins lets the shop owner refuse at the authorise page, or approve
// again. By default every request is approved at once.
func (s *Server) DenyLogins(deny bool) { s.auth.DenyLogins(deny) }

// Revoke kills an access token, as a shop owner can.
func (s *Server) Revoke(accessToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.auth.RevokeToken(accessToken)
	delete(s.usage, accessToken)
}

// accessToken finds an access token and its scopes. It belongs to the installation of its
// shop: an uninstall ends all tokens that there are.
func (s *Server) accessToken(value string) (*token, []string) {
	grant, good := s.auth.Check(value)
	shop := s.shop(grant.Shop)
	if !good || shop == nil {
		return nil, nil
	}
	return &token{shop: shop, installation: shop.installed}, grant.Scopes
}

// usageToken finds a usage-charge token that has not ended.
func (s *Server) usageToken(value string) *token {
	t := s.usage[value]
	if t == nil || !s.Now().Before(t.until) {
		return nil
	}
	return t
}
