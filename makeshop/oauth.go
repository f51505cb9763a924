package makeshop

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/idtoken"
)

// Addresses of the SSO.
const (
	LoginURL = "https://console.makeshop.jp/apps/sso"
	TokenURL = "https://app-auth.makeshop.jp/oauth2/token" //nolint:gosec // an address, not a token
)

// Lifetimes of what the SSO issues.
const (
	TemporaryTokenLifetime = 5 * time.Minute
	RefreshTokenLifetime   = 12 * time.Hour
)

// IDTokens is what an ID token has to be like. The platform documents only that there is a
// JWK set below its "auth-facade" address; everything here is a guess that the first real
// login confirms or refutes, by an error that names both values. A zero field stands
// for its default.
type IDTokens struct {
	// Issuer is the exact value of iss; "https://app-auth.makeshop.jp" by default.
	Issuer string
	// KeySetURL is where the keys are;
	// "https://app-auth.makeshop.jp/.well-known/jwks.json" by default.
	KeySetURL string
	// Algorithms are the accepted ones; RS256 and ES256 by default.
	Algorithms []string
	// MaxAge is how old an ID token may be at a login; 10 minutes by default.
	MaxAge time.Duration
	// WithoutSignature decodes ID tokens and compares nonce, audience and times, without the
	// platform's keys, whose verification its page leaves to the app. Issuer is compared only
	// if it is set, KeySetURL and Algorithms have no effect. The risk is that nothing but the
	// TLS connection to the token endpoint vouches for what a token says.
	WithoutSignature bool
}

func (t IDTokens) withDefaults() IDTokens {
	if t.WithoutSignature {
		return t
	}
	t.Issuer = cmp.Or(t.Issuer, "https://app-auth.makeshop.jp")
	t.KeySetURL = cmp.Or(t.KeySetURL, "https://app-auth.makeshop.jp/.well-known/jwks.json")
	if len(t.Algorithms) == 0 {
		t.Algorithms = []string{"RS256", "ES256"}
	}
	return t
}

// OAuthOption changes what [OAuth] describes.
type OAuthOption func(*oauthConfig) error

type oauthConfig struct {
	provider *oauth.Provider
	idTokens IDTokens
}

// WithIDTokens sets what ID tokens have to be like.
func WithIDTokens(tokens IDTokens) OAuthOption {
	return func(c *oauthConfig) error {
		c.idTokens = tokens
		return nil
	}
}

// WithSSO replaces [LoginURL] and [TokenURL]: for a fake, or for a test environment that
// has addresses of its own.
func WithSSO(loginURL, tokenURL string) OAuthOption {
	return func(c *oauthConfig) error {
		c.provider.AuthURL, c.provider.TokenURL = loginURL, tokenURL
		return nil
	}
}

// WithoutPKCE sends no code challenge. The platform does not demand one; it costs nothing
// and keeps a stolen code from being used.
func WithoutPKCE() OAuthOption {
	return func(c *oauthConfig) error {
		c.provider.PKCE = false
		return nil
	}
}

// WithoutNonce sends no nonce, and accepts ID tokens without one.
func WithoutNonce() OAuthOption {
	return func(c *oauthConfig) error {
		c.provider.Nonce = false
		return nil
	}
}

// WithDeadGrantCodes adds values of the member error that stand for a code or a
// refresh token that is no longer good. Its codes are free text, and none is
// documented for this case: without the right one a dead refresh token counts as a
// mistake in the app's configuration, until its 12 hours are over.
func WithDeadGrantCodes(codes ...string) OAuthOption {
	return func(c *oauthConfig) error {
		if slices.Contains(codes, "") {
			return errors.New("dead grant codes: one is empty")
		}
		c.provider.InvalidGrantCodes = append(c.provider.InvalidGrantCodes, codes...)
		return nil
	}
}

// WithSSOClient sends the requests of the SSO through a copy of client.
func WithSSOClient(client *http.Client) OAuthOption {
	return func(c *oauthConfig) error {
		if client == nil {
			return errors.New("SSO client: nil")
		}
		c.provider.HTTPClient = client
		return nil
	}
}

// OAuth describes the SSO for an app: the shop's owner logs in on the platform, the app
// learns who it is and gets a temporary token for the API. The redirect address must be
// registered, and is https. Client.Scopes has no effect: an app has the scopes that it
// was granted at its registration.
//
// A temporary token lives 5 minutes. A refresh token lives 12 hours; each refresh returns
// another one, and the old one is taken to be dead from then on, which is not documented.
// Give the provider to an oauth.Manager with a store that survives restarts, and to an
// oauth.Handler for the login.
//
// The ID token of a login is verified; set VerifyIDToken to nil to go without. The shop
// is not in the answers of the token endpoint: [SSO.Finish] finds out.
func OAuth(client oauth.Client, opts ...OAuthOption) (*oauth.Provider, error) {
	client.Scopes = nil
	c := oauthConfig{provider: &oauth.Provider{
		Name:            "makeshop",
		Client:          client,
		AuthURL:         LoginURL,
		TokenURL:        TokenURL,
		AuthStyle:       oauth.SecretInHeader,
		RawBasic:        true,
		PKCE:            true,
		Nonce:           true,
		AccessLifetime:  TemporaryTokenLifetime,
		RefreshLifetime: RefreshTokenLifetime,
		Rotates:         true,
	}}
	p := c.provider
	for _, opt := range opts {
		if err := opt(&c); err != nil {
			return nil, fmt.Errorf("makeshop: %w", err)
		}
	}
	tokens := c.idTokens.withDefaults()
	verifier, err := idtoken.New(idtoken.Config{
		Issuer:           tokens.Issuer,
		ClientID:         client.ID,
		Algorithms:       tokens.Algorithms,
		KeySetURL:        tokens.KeySetURL,
		WithoutSignature: tokens.WithoutSignature,
		WithoutNonce:     !p.Nonce,
		MaxAge:           tokens.MaxAge,
		HTTPClient:       p.HTTPClient,
	})
	if err != nil {
		return nil, fmt.Errorf("makeshop: ID tokens: %w", err)
	}
	p.VerifyIDToken = func(ctx context.Context, token string, nonce shotengai.Secret) (json.RawMessage, error) {
		claims, err := verifier.Claims(ctx, token, nonce)
		return claims, withAdvice(err)
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return p, nil
}

// guessed are the failures of ID tokens that a wrong guess of IDTokens leads to.
var guessed = []error{idtoken.ErrKeysUnavailable, idtoken.ErrUnknownKey, idtoken.ErrSignature, idtoken.ErrAlgorithm, idtoken.ErrIssuer}

// withAdvice says what to configure, should it be a guess that has failed.
func withAdvice(err error) error {
	for _, failure := range guessed {
		if errors.Is(err, failure) {
			return fmt.Errorf("%w; if all logins fail like this, the issuer or the key set is another than makeshop.WithIDTokens has by default: "+
				"set it, or IDTokens.WithoutSignature", err)
		}
	}
	return err
}
