package assertion_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/assertion"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

const (
	audience = "https://api.id.stores.jp/oauth2/token"

	oldKey = `{"kty":"EC","crv":"P-256","kid":"app-1",
		"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
		"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
		"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`
	newKey = `{"kty":"EC","crv":"P-256","kid":"app-2","use":"sig","alg":"ES256",
		"x":"WKn-ZIGevcwGIyyrzFoZNBdaq9_TsqzGl96oc0CWuis",
		"y":"y77t-RvAHRKTsSGdIYUfweuOvwrvDD-Q3Hv5J0fSKbE",
		"d":"Hndv7ZZjs_ke8o9zXYo3iq-Yr8SewI5vrqd0pAvEPqg"}`
)

// part decodes one of the three parts of an assertion.
func part(t *testing.T, token string, i int) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	require.Len(t, parts, 3)
	raw, err := base64.RawURLEncoding.DecodeString(parts[i])
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(raw, &m))
	return m
}

func TestT49Assertion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		signer, err := assertion.New("client-id", []byte(oldKey))
		require.NoError(t, err)
		token, err := signer.Assert(t.Context(), audience)
		require.NoError(t, err)
		assert.Equal(t, map[string]any{"alg": "ES256", "kid": "app-1", "typ": "JWT"}, part(t, token, 0))
		claims := part(t, token, 1)
		now := float64(time.Now().Unix())
		assert.Equal(t, map[string]any{
			"iss": "client-id", "sub": "client-id", "aud": audience, "jti": claims["jti"], "iat": now, "exp": now + 300,
		}, claims, "exp at most 5 minutes ahead, aud exact and a single text")

		seen := map[any]bool{claims["jti"]: true}
		for range 100 {
			token, err := signer.Assert(t.Context(), audience)
			require.NoError(t, err)
			jti := part(t, token, 1)["jti"]
			assert.False(t, seen[jti], "each jti is used once")
			seen[jti] = true
		}
	})
}

func TestT49KeyRotation(t *testing.T) {
	t.Parallel()
	config := oauthtest.STORES()
	config.ClientKeys = json.RawMessage(oldKey)
	srv := oauthtest.NewServer(config)
	t.Cleanup(srv.Close)
	signer, err := assertion.New("client-id", []byte(oldKey))
	require.NoError(t, err)
	p := &oauth.Provider{
		Name: "stores", AuthURL: srv.AuthURL, TokenURL: srv.TokenURL, HTTPClient: srv.HTTPClient(),
		Client:    oauth.Client{ID: "client-id", RedirectURL: "https://app.example/cb", Scopes: []string{"offline_access"}},
		AuthStyle: oauth.PrivateKeyJWT, Assert: signer.Assert, Rotates: true,
	}
	g := &oauth.Grant{RefreshToken: shotengai.Secret(srv.Grant("store-1", "offline_access").RefreshToken)}
	refresh := func() error {
		renewed, err := p.Refresh(t.Context(), g)
		if err == nil {
			g = renewed
		}
		return err
	}
	require.NoError(t, refresh(), "with the old key")

	require.NoError(t, signer.Rotate([]byte(newKey)))
	require.ErrorIs(t, refresh(), oauth.ErrClientConfig, "a key that is not registered yet costs nothing but an error")
	both, err := signer.KeySet()
	require.NoError(t, err)
	srv.SetClientKeys(both)
	require.NoError(t, refresh(), "with the new key, while both are registered")
	sent := srv.TokenRequests()
	form, err := url.ParseQuery(string(sent[len(sent)-1].Body))
	require.NoError(t, err)
	assert.Equal(t, "app-2", part(t, form.Get("client_assertion"), 0)["kid"])

	older, err := assertion.New("client-id", []byte(oldKey), []byte(newKey))
	require.NoError(t, err)
	p.Assert = older.Assert
	require.NoError(t, refresh(), "an instance that still signs with the old one")
	srv.SetClientKeys(json.RawMessage(newKey))
	require.ErrorIs(t, refresh(), oauth.ErrClientConfig, "the old key is withdrawn")
	require.Equal(t, 0, srv.Counts().Killed)
}

func TestKeySetIsPublic(t *testing.T) {
	t.Parallel()
	signer, err := assertion.New("client-id", []byte(newKey), []byte(oldKey))
	require.NoError(t, err)
	text, err := signer.KeySet()
	require.NoError(t, err)
	assert.NotContains(t, string(text), `"d"`)
	var set jose.JSONWebKeySet
	require.NoError(t, json.Unmarshal(text, &set))
	require.Len(t, set.Keys, 2)
	assert.Equal(t, "app-2", set.Keys[0].KeyID)
	assert.Equal(t, "app-1", set.Keys[1].KeyID)
	assert.Equal(t, "ES256", set.Keys[1].Algorithm)

	token, err := signer.Assert(t.Context(), audience)
	require.NoError(t, err)
	parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256})
	require.NoError(t, err)
	_, err = parsed.Verify(set.Keys[0])
	require.NoError(t, err, "the first key signs")
}

func TestNoKeyID(t *testing.T) {
	t.Parallel()
	signer, err := assertion.New("client-id", []byte(strings.Replace(oldKey, `"kid":"app-1",`, "", 1)))
	require.NoError(t, err)
	token, err := signer.Assert(t.Context(), audience)
	require.NoError(t, err)
	assert.NotContains(t, part(t, token, 0), "kid", "only a key that has a name is named")
	assert.NotContains(t, part(t, token, 0), "jwk")
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	for want, key := range map[string]string{
		"not a JWK":                    `{"kty":"EC"`,
		"not a JWK ":                   ``,
		"not a JWK  ":                  strings.Replace(oldKey, "f83OJ3", "AAAAAA", 1),
		"not a private key for ES256":  strings.Replace(oldKey, `"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"`, `"x5t":"AAAAAAAAAAAAAAAAAAAAAAAAAAA"`, 1),
		"not a private key for ES256 ": `{"kty":"oct","k":"c2VjcmV0"}`,
		"not for signing":              strings.Replace(newKey, `"sig"`, `"enc"`, 1),
		"not for ES256":                strings.Replace(newKey, `"ES256"`, `"ES384"`, 1),
		"not of the curve P-256": `{"kty":"EC","crv":"P-384",
			"x":"_XyN9woHaS0mPimSW-etwJMEDSzxIMjp4PjezavU8SHJoClz1bQrcmPb1ZJxHxhI",
			"y":"GCNfc32p9sRotx7u2oDGJ3Eqz6q5zPHLdizNn83oRsUTN31eCWfGLHWRury3xF50",
			"d":"ucVbqSVqiz-u6mWExd4jDnBpzSVI7GMzb0PjUBQzQvRX0qX2dQO4EEHnQ5PUqBE8"}`,
	} {
		_, err := assertion.New("client-id", []byte(key))
		require.ErrorContains(t, err, "key 1: "+strings.TrimSpace(want))
		assert.NotContains(t, err.Error(), "jpsQnnGQ")
	}
	_, err := assertion.New("", []byte(oldKey))
	require.ErrorContains(t, err, "no client id")
	_, err = assertion.New("client-id", []byte(oldKey), []byte("x"))
	require.ErrorContains(t, err, "key 2: ")

	signer, err := assertion.New("client-id", []byte(oldKey))
	require.NoError(t, err)
	require.ErrorContains(t, signer.Rotate([]byte("x")), "not a JWK")
	_, err = signer.Assert(t.Context(), "")
	require.ErrorContains(t, err, "no audience")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = signer.Assert(ctx, audience)
	require.ErrorIs(t, err, context.Canceled)
}

func TestH22SignerHidesItsKeys(t *testing.T) {
	t.Parallel()
	signer, err := assertion.New("client-id", []byte(oldKey))
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text := fmt.Sprintf(verb, signer)
		assert.Equal(t, "assertion.Signer(client-id)", text, verb)
	}
}
