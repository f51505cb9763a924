package oauthtest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// assertionOf signs claims as a client does that knows nothing of this library.
func assertionOf(t *testing.T, key *ecdsa.PrivateKey, header, claims map[string]any) string {
	t.Helper()
	h, err := json.Marshal(header)
	require.NoError(t, err)
	c, err := json.Marshal(claims)
	require.NoError(t, err)
	input := base64.RawURLEncoding.EncodeToString(h) + "." + base64.RawURLEncoding.EncodeToString(c)
	digest := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	require.NoError(t, err)
	signature := append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	return input + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func publicJWK(t *testing.T, key *ecdsa.PrivateKey, kid string) json.RawMessage {
	t.Helper()
	point, err := key.PublicKey.Bytes()
	require.NoError(t, err)
	text, err := json.Marshal(map[string]string{
		"kty": "EC", "crv": "P-256", "kid": kid,
		"x": base64.RawURLEncoding.EncodeToString(point[1:33]), "y": base64.RawURLEncoding.EncodeToString(point[33:]),
	})
	require.NoError(t, err)
	return text
}

func TestStoresAssertion(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	config := oauthtest.STORES()
	config.ClientKeys = publicJWK(t, key, "k1")
	srv := start(t, config)
	good := func(changes map[string]any) map[string]any {
		now := time.Now().Unix()
		c := map[string]any{
			"iss": "client-id", "sub": "client-id", "aud": srv.TokenURL, "jti": rand.Text(), "iat": now, "exp": now + 300,
		}
		maps.Copy(c, changes)
		return c
	}
	header := map[string]any{"alg": "ES256", "kid": "k1"}
	refresh := func(assertion string, change url.Values) reply {
		form := url.Values{
			"grant_type": {"refresh_token"}, "client_id": {"client-id"}, "client_assertion": {assertion},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			"refresh_token":         {srv.Grant("shop-7", "offline_access").RefreshToken},
		}
		maps.Copy(form, change)
		return post(t, srv, srv.TokenURL, form, nil)
	}
	once := assertionOf(t, key, header, good(nil))
	require.Equal(t, 200, refresh(once, nil).status)
	require.Equal(t, 200, refresh(assertionOf(t, key, map[string]any{"alg": "ES256"}, good(nil)), nil).status, "without kid")
	now := time.Now().Unix()
	for name, assertion := range map[string]string{
		"used before":      once,
		"stranger's":       assertionOf(t, stranger, header, good(nil)),
		"another kid":      assertionOf(t, key, map[string]any{"alg": "ES256", "kid": "k2"}, good(nil)),
		"another alg":      assertionOf(t, key, map[string]any{"alg": "ES384", "kid": "k1"}, good(nil)),
		"another iss":      assertionOf(t, key, header, good(map[string]any{"iss": "x"})),
		"another sub":      assertionOf(t, key, header, good(map[string]any{"sub": "x"})),
		"another aud":      assertionOf(t, key, header, good(map[string]any{"aud": srv.TokenURL + "/"})),
		"aud as a list":    assertionOf(t, key, header, good(map[string]any{"aud": []string{srv.TokenURL}})),
		"no jti":           assertionOf(t, key, header, good(map[string]any{"jti": ""})),
		"expired":          assertionOf(t, key, header, good(map[string]any{"exp": now - 1})),
		"no exp":           assertionOf(t, key, header, good(map[string]any{"exp": 0})),
		"lives too long":   assertionOf(t, key, header, good(map[string]any{"exp": now + 7200})),
		"from the future":  assertionOf(t, key, header, good(map[string]any{"iat": now + 600})),
		"not base64url":    once + "=",
		"in two parts":     "a.b",
		"nothing":          "",
		"signed by nobody": once[:len(once)-86],
	} {
		got := refresh(assertion, nil)
		assert.Equal(t, 401, got.status, name)
		assert.Equal(t, "invalid_client", got.Error, name)
	}
	fresh := func() string { return assertionOf(t, key, header, good(nil)) }
	assert.Equal(t, 401, refresh(fresh(), url.Values{"client_assertion_type": nil}).status)
	assert.Equal(t, 401, refresh(fresh(), url.Values{"client_secret": {"x"}}).status)
	assert.Equal(t, 401, refresh(fresh(), url.Values{"client_id": {"x"}}).status)

	revoke := func(token string) int {
		return post(t, srv, srv.RevokeURL, url.Values{
			"client_id": {"client-id"}, "client_assertion": {fresh()}, "token": {token},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		}, nil).status
	}
	g := srv.Grant("shop-7", "offline_access")
	assert.Equal(t, 200, revoke(g.AccessToken))
	assert.Equal(t, 200, revoke("unknown"))
	assert.Equal(t, 400, revoke(""))
	assert.Equal(t, 400, refresh(fresh(), url.Values{"refresh_token": {g.RefreshToken}}).status, "either token ends both")
	assert.Equal(t, 401, post(t, srv, srv.RevokeURL, url.Values{"token": {"x"}}, nil).status)
	assert.Empty(t, srv.Grant("shop-7", "retail.shop.read").RefreshToken)
}

// A client proves itself in the one way that the platform takes, and in no other beside it.
func TestClientsProveThemselvesInOneWay(t *testing.T) {
	t.Parallel()
	other := func(r *http.Request) { r.SetBasicAuth("client-id", "x") }
	secret, wrong := url.Values{"client_secret": {"client-secret"}}, url.Values{"client_secret": {"x"}}
	asserted := url.Values{"client_assertion": {"x"}}
	for name, tt := range map[string]struct {
		way    oauthtest.ClientAuth
		header func(*http.Request)
		form   url.Values
		want   string
	}{
		"body":                      {way: oauthtest.SecretInBody, form: secret, want: "invalid_grant"},
		"body by default":           {form: secret, want: "invalid_grant"},
		"body, wrong":               {way: oauthtest.SecretInBody, form: wrong, want: "invalid_client"},
		"body, nothing":             {way: oauthtest.SecretInBody, want: "invalid_client"},
		"body and header":           {way: oauthtest.SecretInBody, form: secret, header: basic, want: "invalid_client"},
		"body and assertion":        {way: oauthtest.SecretInBody, form: merge(secret, asserted), want: "invalid_client"},
		"body, another client":      {way: oauthtest.SecretInBody, form: merge(secret, url.Values{"client_id": {"x"}}), want: "invalid_client"},
		"header":                    {way: oauthtest.SecretInHeader, header: basic, want: "invalid_grant"},
		"header, wrong":             {way: oauthtest.SecretInHeader, header: other, want: "invalid_client"},
		"header, nothing":           {way: oauthtest.SecretInHeader, want: "invalid_client"},
		"header and body":           {way: oauthtest.SecretInHeader, header: basic, form: secret, want: "invalid_client"},
		"header and assertion":      {way: oauthtest.SecretInHeader, header: basic, form: asserted, want: "invalid_client"},
		"header without client_id":  {way: oauthtest.SecretInHeader, header: basic, form: url.Values{"client_id": nil}, want: "invalid_request"},
		"header, another client_id": {way: oauthtest.SecretInHeader, header: basic, form: url.Values{"client_id": {"x"}}, want: "invalid_client"},
	} {
		srv := start(t, oauthtest.Config{
			ClientID: "client-id", ClientSecret: "client-secret", ClientAuth: tt.way, RefreshLifetime: time.Hour,
		})
		form := merge(url.Values{"grant_type": {"refresh_token"}, "client_id": {"client-id"}, "refresh_token": {"unknown"}}, tt.form)
		assert.Equal(t, tt.want, post(t, srv, srv.TokenURL, form, tt.header).Error, name)
	}
}

func merge(base, over url.Values) url.Values {
	all := maps.Clone(base)
	maps.Copy(all, over)
	return all
}
