package stores

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/assertion"
)

// Scopes of the API: reads need the first and writes the second. Provisional.
const (
	ScopeRead          = "retail.shop.read"
	ScopeWrite         = "retail.shop.write"
	ScopeOfflineAccess = "offline_access" // for a refresh token
)

// OAuthURL is where STORES ID lives.
const OAuthURL = "https://api.id.stores.jp"

// OAuthOption adjusts OAuth.
type OAuthOption func(*oauth.Provider) error

// WithForcedLogin asks the owner to log in again, also when the browser knows them
// (prompt=login).
func WithForcedLogin() OAuthOption { return WithPrompt("login") }

// WithPrompt sends the parameter prompt with a login: "login", "consent" or both. The platform
// documents login alone. Servers of OpenID Connect may leave out the refresh token unless the
// owner is asked for consent: if a login with [ScopeOfflineAccess] brings a grant with
// RefreshMissing set, consent is worth a try.
func WithPrompt(values ...string) OAuthOption {
	return func(p *oauth.Provider) error {
		for _, value := range values {
			if value != "login" && value != "consent" {
				return fmt.Errorf("prompt %q: login or consent", value)
			}
		}
		p.AuthParams = url.Values{"prompt": {strings.Join(values, " ")}}
		return nil
	}
}

// WithoutOfflineAccess permits grants that end after an hour: they cannot be refreshed, and
// the owner has to log in again.
func WithoutOfflineAccess() OAuthOption {
	return func(p *oauth.Provider) error {
		if slices.Contains(p.Client.Scopes, ScopeOfflineAccess) {
			return errors.New("WithoutOfflineAccess, but the scope offline_access is asked for")
		}
		p.Rotates, p.RefreshLifetime, p.RefreshScope = false, 0, ""
		return nil
	}
}

// OAuth describes the platform's authorisation server for a public app. The app proves
// itself by an assertion that is signed with its key: a JWK with an EC key on P-256, as
// STORES hands it over. An app that replaces its key while it runs makes an
// assertion.Signer itself, and sets Assert to its method.
//
// With the scope [ScopeOfflineAccess] the platform issues a refresh token, which lives 35
// days and is for one use; the access token lives an hour. An app that works while the owner
// is not there needs it, so that its absence is an error without [WithoutOfflineAccess].
// The Provider's Validate, and so oauth.NewManager, requires the scope too, should Client
// be changed later.
func OAuth(client oauth.Client, key []byte, opts ...OAuthOption) (*oauth.Provider, error) {
	p := &oauth.Provider{
		Name: "stores", Client: client,
		AuthURL: OAuthURL + "/oauth2/auth", TokenURL: OAuthURL + "/oauth2/token", RevokeURL: OAuthURL + "/oauth2/revoke",
		AuthStyle: oauth.PrivateKeyJWT, AccessLifetime: time.Hour, RefreshLifetime: 35 * 24 * time.Hour, Rotates: true,
		RefreshScope: ScopeOfflineAccess,
	}
	signer, err := assertion.New(client.ID, key)
	if err != nil {
		return nil, fmt.Errorf("stores: %w", err)
	}
	p.Assert = signer.Assert
	for _, opt := range opts {
		if err := opt(p); err != nil {
			return nil, fmt.Errorf("stores: %w", err)
		}
	}
	if p.RefreshScope != "" && !slices.Contains(client.Scopes, p.RefreshScope) {
		return nil, errOffline
	}
	return p, nil
}

var errOffline = errors.New("stores: without the scope offline_access every grant ends after an hour: ask for it, or say WithoutOfflineAccess")
