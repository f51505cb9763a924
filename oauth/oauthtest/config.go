package oauthtest

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// ClientAuth is how a client has to prove itself. Any other way is refused.
type ClientAuth string

// The ways in which the platforms let a client prove itself.
const (
	// SecretInBody wants client_id and client_secret in the form.
	SecretInBody ClientAuth = "client_secret_post"
	// SecretInHeader wants Basic credentials, form-encoded unless [Config.RawBasic] is set, and
	// client_id in the form as well.
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
//
// Its functions are called while a request is answered, with the server locked: they call
// no method of it.
type Config struct {
	// ClientID and ClientSecret are the client's credentials.
	ClientID     string
	ClientSecret shotengai.Secret
	// RedirectURLs are the registered redirect addresses, matched exactly; nil means
	// that any is taken.
	RedirectURLs []string
	// ClientAuth is the one accepted way to prove the client; empty means SecretInBody.
	ClientAuth ClientAuth
	// RawBasic takes Basic credentials as they are; otherwise they are form-encoded, as RFC
	// 6749 has them.
	RawBasic bool
	// ClientKeys is a JWK or a JWK set with the client's public P-256 keys, for
	// PrivateKeyJWT. A private key will do as well.
	ClientKeys json.RawMessage

	// Scopes are the known ones; none means that any is taken.
	Scopes []string
	// RequireScope refuses a login without a scope.
	RequireScope bool
	// AppScopes replaces the scopes that a login asks for, for a platform that grants an
	// app its scopes at the registration; nil means that the login decides.
	AppScopes func() []string
	// RedirectScope adds the scopes to the redirect that brings a code.
	RedirectScope bool
	// RefreshScope is the scope without which no refresh token is issued; empty means
	// that RefreshLifetime alone decides.
	RefreshScope string
	// PKCE lets a client use S256 challenges; otherwise they are ignored.
	PKCE bool
	// RequirePKCE refuses a login without a challenge.
	RequirePKCE bool
	// RequireState refuses a login whose state is not at least 8 letters and digits.
	RequireState bool
	// OutOfBand takes the redirect address urn:ietf:wg:oauth:2.0:oob, which ends at a page
	// with the code.
	OutOfBand bool
	// Encode writes the query of a redirect; nil means url.Values.Encode.
	Encode func(url.Values) string
	// EmptyRefusals answers an unsupported grant type with 403 and no body, whoever asks.
	EmptyRefusals bool
	// Refuse rewrites refusals in the words of a platform; nil leaves them as they are.
	Refuse func(Refusal) Refusal
	// CreatedAt adds created_at, in unix seconds, to the answers.
	CreatedAt bool

	// NewToken makes codes and tokens; nil means one that begins with its kind.
	NewToken func() string
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
	// RepeatNonce puts the nonce of the login into the ID tokens of its refreshes too.
	RepeatNonce bool
	// EarlierKeys is how many earlier keys the key set names after a rotation; 0 means
	// all of them.
	EarlierKeys int

	// Consent is what the authorize address does with a browser.
	Consent Consent
	// Shop is the one whose owner is logged in; empty means "shop-1".
	Shop string
	// RefuseLogin returns why a shop cannot permit anything, as the description of an
	// access_denied; an empty text lets the owner decide. Nil is that for all shops.
	RefuseLogin func(shop string) string
	// RefuseRefresh returns why the refresh tokens of a shop are refused for now, as the
	// description of an invalid_grant; an empty text takes them. Nil is that for all shops.
	RefuseRefresh func(shop string) string
	// SessionCookie is the cookie by which the server knows a browser whose owner has
	// logged in before. An app asks for a new login by prompt=login; other values of
	// prompt are refused then. Empty means that the server knows no browser.
	SessionCookie string

	// AuthPath, TokenPath, RevokePath and JWKSPath are the endpoints' paths; empty ones
	// are /oauth/authorize, /oauth/token, none and, where ID tokens are signed,
	// /.well-known/jwks.json.
	AuthPath   string
	TokenPath  string
	RevokePath string
	JWKSPath   string

	// InMemory serves without a socket, for testing/synctest; only the clients that the
	// server returns reach it.
	InMemory bool
	// Clock is the server's time; nil means time.Now. Assertions of clients go by the
	// machine's time, as the clients do that sign them.
	Clock func() time.Time
}

func (c Config) withDefaults() Config {
	c.ClientAuth = cmp.Or(c.ClientAuth, SecretInBody)
	c.AuthPath = cmp.Or(c.AuthPath, "/oauth/authorize")
	c.TokenPath = cmp.Or(c.TokenPath, "/oauth/token")
	c.CodeLifetime = cmp.Or(c.CodeLifetime, 10*time.Minute)
	c.Algorithm = cmp.Or(c.Algorithm, "ES256")
	c.Shop = cmp.Or(c.Shop, "shop-1")
	if c.Issuer != "" {
		c.JWKSPath = cmp.Or(c.JWKSPath, "/.well-known/jwks.json")
	}
	return c
}

// ColorMe behaves like Color Me Shop: secret in the body, tokens that never expire, no
// refresh and no PKCE. A code is good for the whole of its tenth minute. Which pages and
// texts the platform shows is not known.
func ColorMe() Config {
	return Config{
		ClientID:     "client-id",
		ClientSecret: "client-secret",
		ClientAuth:   SecretInBody,
		OutOfBand:    true,
		// The platform encodes a redirect as a form, ~ as %7E.
		Encode:        func(query url.Values) string { return strings.ReplaceAll(query.Encode(), "~", "%7E") },
		EmptyRefusals: true,
		Refuse: reword(map[string]Refusal{
			"unknown_client":            {Status: 401, Description: "クライアントが見つかりません。"},
			"unknown_redirect":          {Description: "リダイレクトURIが一致しません。"},
			"unsupported_response_type": {Description: "このレスポンスタイプには対応していません。"},
			"invalid_scope":             {Description: "スコープが正しくありません。"},
			"access_denied":             {Description: "リソースオーナーまたは認証サーバーが要求を拒否しました。"},
			"invalid_client":            {Description: "クライアント認証に失敗しました。"},
			"invalid_grant":             {Description: "認可コードが無効か、期限切れです。"},
		}),
		CreatedAt:    true,
		CodeLifetime: 10*time.Minute + time.Nanosecond,
		AuthPath:     "/oauth/authorize",
		TokenPath:    "/oauth/token",
	}
}

// MakeShop behaves like makeshop's SSO: Basic credentials, PKCE, an ID token, access
// tokens of 5 minutes and rotating refresh tokens of 12 hours. That a spent refresh
// token ends the grant is an assumption; so are the issuer, the algorithm, the nonce in
// the ID token of a refresh, and what a login with a wrong parameter gets.
func MakeShop() Config {
	return Config{
		ClientID:        "client-id",
		ClientSecret:    "client-secret",
		ClientAuth:      SecretInHeader,
		RawBasic:        true,
		RedirectScope:   true,
		PKCE:            true,
		RequireState:    true,
		AccessLifetime:  5 * time.Minute,
		RefreshLifetime: 12 * time.Hour,
		Rotate:          true,
		Issuer:          "https://app-auth.makeshop.jp",
		Algorithm:       "RS256",
		RepeatNonce:     true,
		EarlierKeys:     1,
		Refuse: reword(map[string]Refusal{
			"unknown_client":   {Description: "クライアントIDが正しくありません。"},
			"unknown_redirect": {Description: "リダイレクトURIが登録されていません。"},
		}),
		AuthPath:  "/apps/sso",
		TokenPath: "/oauth2/token",
	}
}

// STORES behaves like STORES ID: a signed assertion, access tokens of 1 hour, rotating
// refresh tokens of 35 days for the scope offline_access, and revocation. Set
// ClientKeys to the client's key. That a spent refresh token ends the grant is an
// assumption, and errors are those of RFC 6749: the platform documents none.
func STORES() Config {
	return Config{
		ClientID:      "client-id",
		ClientAuth:    PrivateKeyJWT,
		Scopes:        []string{"retail.shop.read", "retail.shop.write", "offline_access"},
		RedirectScope: true,
		RefreshScope:  "offline_access",
		SessionCookie: "stores_id_session",
		Refuse: reword(map[string]Refusal{
			"unknown_client":   {Status: 401, Description: "クライアントが見つかりません。"},
			"unknown_redirect": {Description: "リダイレクトURIが一致しません。"},
		}),
		AccessLifetime:  time.Hour,
		RefreshLifetime: 35 * 24 * time.Hour,
		Rotate:          true,
		AuthPath:        "/oauth2/auth",
		TokenPath:       "/oauth2/token",
		RevokePath:      "/oauth2/revoke",
	}
}
