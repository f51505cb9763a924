package oauthtest

import (
	"encoding/json"
	"time"
)

// ClientAuth is how a client has to prove itself. Any other way is refused.
type ClientAuth string

// The ways in which the platforms let a client prove itself.
const (
	// SecretInBody wants client_id and client_secret in the form.
	SecretInBody ClientAuth = "client_secret_post"
	// SecretInHeader wants Basic credentials, and client_id in the form as well.
	SecretInHeader ClientAuth = "client_secret_basic"
	// PrivateKeyJWT wants an ES256 assertion.
	PrivateKeyJWT ClientAuth = "private_key_jwt"
)

// Consent is what the authorize address does with a browser.
type Consent int

// What an owner does.
const (
	// Ask shows a page with two buttons.
	Ask Consent = iota
	// Allow sends the browser straight back with a code.
	Allow
	// Deny sends the browser straight back with access_denied.
	Deny
)

// Config describes an authorisation server with one client.
type Config struct {
	// ClientID and ClientSecret are the client's credentials.
	ClientID     string
	ClientSecret string
	// RedirectURLs are the registered redirect addresses, matched exactly; none means
	// that any is taken.
	RedirectURLs []string
	// ClientAuth is the one accepted way to prove the client.
	ClientAuth ClientAuth
	// ClientKeys is a JWK or a JWK set with the client's public P-256 keys, for
	// PrivateKeyJWT. A private key will do as well.
	ClientKeys json.RawMessage

	// Scopes are the known ones; none means that any is taken.
	Scopes []string
	// RefreshScope is the scope without which no refresh token is given; empty means
	// that RefreshLifetime alone decides.
	RefreshScope string
	// PKCE lets a client use S256 challenges; otherwise they are ignored.
	PKCE bool
	// RequirePKCE refuses a login without a challenge.
	RequirePKCE bool
	// RequireState refuses a login whose state is not at least 8 letters and digits.
	RequireState bool
	// EmptyRefusals answers an unsupported grant type with 403 and no body.
	EmptyRefusals bool
	// CreatedAt adds created_at, in unix seconds, to the answers.
	CreatedAt bool

	// CodeLifetime is how long a code lives; 0 means 10 minutes.
	CodeLifetime time.Duration
	// AccessLifetime is how long an access token lives; 0 means for ever, and answers
	// have no expires_in then.
	AccessLifetime time.Duration
	// RefreshLifetime is how long a refresh token lives; 0 means that there are none.
	RefreshLifetime time.Duration
	// Rotate replaces the refresh token at each refresh.
	Rotate bool
	// Grace is how long after a rotation a spent refresh token is answered with the
	// tokens that replaced it, for clients whose answer was lost.
	Grace time.Duration
	// Lenient keeps a grant alive when a spent refresh token comes back after the
	// grace; otherwise that kills it with all its tokens.
	Lenient bool
	// BeforeRotation and AfterRotation delay a refresh, before and after the refresh
	// token is replaced. A client that goes away in the meantime changes nothing.
	BeforeRotation time.Duration
	AfterRotation  time.Duration

	// Issuer makes the server sign ID tokens in that name; empty means none.
	Issuer string
	// Algorithm of the ID tokens, RS256 or ES256; empty means ES256.
	Algorithm string
	// Claims adds claims to the ID tokens of a shop, or replaces some.
	Claims func(shop string) map[string]any

	// Consent is what the authorize address does with a browser.
	Consent Consent
	// Shop is the one whose owner is logged in; empty means "shop-1".
	Shop string

	// AuthPath, TokenPath, RevokePath and JWKSPath are the endpoints' paths; empty ones
	// are /oauth/authorize, /oauth/token, none and /.well-known/jwks.json.
	AuthPath   string
	TokenPath  string
	RevokePath string
	JWKSPath   string

	// InMemory serves without a socket, for testing/synctest; only the server's own
	// HTTPClient reaches it.
	InMemory bool
	// Clock tells the server's time; nil means time.Now.
	Clock func() time.Time
}

// ColorMe behaves like Color Me Shop: secret in the body, tokens that never expire, no
// refresh and no PKCE.
func ColorMe() Config {
	return Config{
		ClientID:      "client-id",
		ClientSecret:  "client-secret",
		ClientAuth:    SecretInBody,
		EmptyRefusals: true,
		CreatedAt:     true,
		AuthPath:      "/oauth/authorize",
		TokenPath:     "/oauth/token",
	}
}

// Makeshop behaves like makeshop's SSO: Basic credentials, PKCE, an ID token, access
// tokens of 5 minutes and rotating refresh tokens of 12 hours. That a spent refresh
// token kills the grant is an assumption; so are the issuer and the algorithm.
func Makeshop() Config {
	return Config{
		ClientID:        "client-id",
		ClientSecret:    "client-secret",
		ClientAuth:      SecretInHeader,
		PKCE:            true,
		RequireState:    true,
		AccessLifetime:  5 * time.Minute,
		RefreshLifetime: 12 * time.Hour,
		Rotate:          true,
		Issuer:          "https://app-auth.makeshop.jp",
		Algorithm:       "RS256",
		AuthPath:        "/apps/sso",
		TokenPath:       "/oauth2/token",
	}
}

// STORES behaves like STORES ID: a signed assertion, access tokens of 1 hour, rotating
// refresh tokens of 35 days for the scope offline_access, and revocation. Set
// ClientKeys to the client's key. That a spent refresh token kills the grant is an
// assumption.
func STORES() Config {
	return Config{
		ClientID:        "client-id",
		ClientAuth:      PrivateKeyJWT,
		Scopes:          []string{"retail.shop.read", "retail.shop.write", "offline_access"},
		RefreshScope:    "offline_access",
		AccessLifetime:  time.Hour,
		RefreshLifetime: 35 * 24 * time.Hour,
		Rotate:          true,
		AuthPath:        "/oauth2/auth",
		TokenPath:       "/oauth2/token",
		RevokePath:      "/oauth2/revoke",
	}
}
