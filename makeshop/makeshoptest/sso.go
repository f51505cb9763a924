package makeshoptest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

type object = map[string]any

func newSecret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// mountSSO adds the single sign-on, with handlers that run under the server's lock. What the
// platform does for a shop without the app is not known, and neither is its algorithm: the
// fake denies the access, and signs ID tokens by ES256.
func (s *Server) mountSSO(mux *http.ServeMux) {
	config := oauthtest.MakeShop()
	config.AuthPath, config.TokenPath, config.JWKSPath = LoginPath, TokenPath, KeySetPath
	config.Algorithm = "ES256"
	config.AppScopes = s.scopes
	config.NewToken = func() string { return newSecret(32) }
	config.AccessLifetime, config.RefreshLifetime = makeshop.TemporaryTokenLifetime, makeshop.RefreshTokenLifetime
	config.Grace = s.config.grace
	config.Claims = s.claims
	config.Consent = oauthtest.Allow
	config.RefuseLogin = func(shopID string) string {
		if s.shop(shopID).installed == nil {
			return "the app is not installed"
		}
		return ""
	}
	if words := config.Refuse; s.config.freeText {
		config.Refuse = func(r oauthtest.Refusal) oauthtest.Refusal {
			if r = words(r); r.Status != http.StatusFound {
				r.Code = strings.ToLower(http.StatusText(r.Status))
			}
			return r
		}
	}
	config.InMemory, config.Clock = s.config.inMemory, s.Now

	sso := http.NewServeMux()
	s.auth = oauthtest.Mount(sso, s.URL, s.HTTPClient(), config)
	locked := func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		sso.ServeHTTP(w, r)
	}
	for _, pattern := range []string{"GET " + LoginPath, "POST " + TokenPath, "GET " + KeySetPath} {
		mux.HandleFunc(pattern, locked)
	}
}

// scopes name the operations of the app; which names the platform has is not known.
func (s *Server) scopes() []string {
	all := slices.Concat(s.schema.Operations("Query"), s.schema.Operations("Mutation"))
	return slices.DeleteFunc(all, func(name string) bool { return !s.app.granted(name) })
}

// claims are those of a shop's ID token beside the usual ones. Which claims the platform has
// besides nonce is not documented: sub is a person here, and one claim holds the shop if the
// app names it.
func (s *Server) claims(shopID string) map[string]any {
	claims := object{"iss": s.app.Issuer, "sub": "owner-" + shopID}
	if s.app.ShopIDClaim != "" {
		claims[s.app.ShopIDClaim] = shopID
	}
	return claims
}

// register takes over the app's registration; the caller holds the lock.
func (s *Server) register(app App) {
	s.app = app
	s.auth.Register(app.ClientID, app.ClientSecret, app.RedirectURIs)
}

// Provider describes the server to an app that logs shops in: makeshop.OAuth for the
// registered app, at the addresses of the server, which it reaches also in memory. The
// redirect address is registered with the app.
//
// ID tokens carry the server's time. They are good while that is the machine's.
func (s *Server) Provider(redirectURL string) (*oauth.Provider, error) {
	app := s.App()
	return s.Adopt(makeshop.OAuth(
		oauth.Client{ID: app.ClientID, Secret: app.ClientSecret, RedirectURL: redirectURL},
		makeshop.WithSSOClient(s.HTTPClient()),
		makeshop.WithIDTokens(makeshop.IDTokens{KeySetURL: s.KeySetURL(), Issuer: app.Issuer}),
	))
}

// Adopt leads an app's own provider to the server, as Provider does with the one that it
// makes:
//
//	provider, err := srv.Adopt(makeshop.OAuth(client, makeshop.WithoutPKCE(), makeshop.WithIDTokens(
//		makeshop.IDTokens{KeySetURL: srv.KeySetURL()})))
//
// The address of the key set is the one thing that Adopt cannot set.
func (s *Server) Adopt(p *oauth.Provider, err error) (*oauth.Provider, error) {
	return s.auth.Adopt(p, err)
}

// Browser returns a client that behaves as the browser of a shop's owner does: it keeps
// cookies, and follows redirects to the server, also in memory, and back to the app. Each
// call returns another browser.
func (s *Server) Browser() *http.Client { return s.auth.Browser() }

// Login plays a shop's owner who opens a login address and logs in, unless DenyLogins is
// set. It returns the query that the browser brings to the redirect address, which is not
// opened. A shop without the app is refused: install it first.
func (s *Server) Login(ctx context.Context, loginURL string) (url.Values, error) {
	return s.auth.Login(ctx, loginURL)
}

// LoginAs decides whose owner sits at the login page; the default is the first
// shop.
func (s *Server) LoginAs(shop *Shop) { s.auth.LoginAs(shop.ID) }

// DenyLogins lets the login fail, or succeed again. By default it succeeds at
// once.
func (s *Server) DenyLogins(deny bool) { s.auth.DenyLogins(deny) }

// RotateKeys signs with a new key from now on. The key set keeps the one before
// it, for ID tokens that are on their way, and drops all older ones.
func (s *Server) RotateKeys() { s.auth.RotateKeys(false) }
