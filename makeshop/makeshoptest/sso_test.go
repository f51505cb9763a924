package makeshoptest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
)

const verifier = "a-verifier-of-forty-three-characters-or-more"

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func TestLoginPage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		changes []string
		status  int
		err     string
	}{
		{"plain", nil, 302, ""},
		{"PKCE and nonce", []string{"code_challenge", challenge(), "code_challenge_method", "S256", "nonce", "n"}, 302, ""},
		{"client", []string{"client_id", "other"}, 400, ""},
		{"redirect", []string{"redirect_uri", "https://app.example/callback/"}, 400, ""},
		{"response type", []string{"response_type", "token"}, 302, "unsupported_response_type"},
		{"no state", []string{"state", "-"}, 302, "invalid_request"},
		{"short state", []string{"state", "abcd123"}, 302, "invalid_request"},
		{"state to encode", []string{"state", "abcd-1234"}, 302, "invalid_request"},
		{"plain challenge", []string{"code_challenge", challenge(), "code_challenge_method", "plain"}, 302, "invalid_request"},
		{"no method", []string{"code_challenge", challenge()}, 302, "invalid_request"},
		{"no challenge", []string{"code_challenge_method", "S256"}, 302, "invalid_request"},
		{"no SHA-256", []string{"code_challenge", "abc", "code_challenge_method", "S256"}, 302, "invalid_request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := start(t)
			srv.Shop().Token()
			status, header, body := send(t, srv, http.MethodGet, loginURL(srv, tt.changes...), "")
			require.Equal(t, tt.status, status)
			if tt.status != http.StatusFound {
				assert.Contains(t, header.Get("Content-Type"), "text/html")
				assert.Contains(t, body, "<html")
				return
			}
			to, err := url.Parse(header.Get("Location"))
			require.NoError(t, err)
			assert.Equal(t, "app.example/callback", to.Host+to.Path)
			assert.Equal(t, tt.err, to.Query().Get("error"))
			assert.Equal(t, tt.err == "", to.Query().Get("code") != "")
			if tt.err == "" {
				assert.Equal(t, "abcd1234", to.Query().Get("state"))
				assert.Contains(t, to.Query().Get("scope"), "getShop getShopDeliverySetting")
			}
		})
	}
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	srv := start(t)
	other := srv.AddShop(makeshoptest.Seed{})
	q, err := srv.Login(t.Context(), loginURL(srv))
	require.NoError(t, err)
	assert.Equal(t, "access_denied", q.Get("error"), "the app is not installed")
	srv.Shop().Token()
	other.Token()
	srv.DenyLogins(true)
	q, err = srv.Login(t.Context(), loginURL(srv))
	require.NoError(t, err)
	assert.Equal(t, "access_denied", q.Get("error"))
	assert.NotEmpty(t, q.Get("error_description"))
	srv.DenyLogins(false)
	srv.LoginAs(other)
	tokens := logIn(t, srv)
	assert.Equal(t, other.ID, shopOf(t, srv, tokens["access_token"]))
	_, err = srv.Login(t.Context(), srv.LoginURL())
	require.Error(t, err)
}

func shopOf(t *testing.T, srv *makeshoptest.Server, token any) any {
	t.Helper()
	text, _ := token.(string)
	_, answer := query(t, srv, `{ getShop { shop { shopId } } }`, nil, "Authorization", "Bearer "+text)
	return at(answer, "data.getShop.shop.shopId")
}

func TestTokenEndpoint(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(url.Values)
		header []string
		pkce   bool
		status int
		code   string
	}{
		{name: "code", status: 200},
		{name: "PKCE", pkce: true, change: func(f url.Values) { f.Set("code_verifier", verifier) }, status: 200},
		{name: "PKCE without verifier", pkce: true, status: 400, code: "invalid_grant"},
		{name: "PKCE with another verifier", pkce: true, change: func(f url.Values) { f.Set("code_verifier", verifier+"x") }, status: 400, code: "invalid_grant"},
		{name: "no header", header: []string{"Authorization", "-"}, status: 401, code: "invalid_client"},
		{name: "wrong secret", header: []string{"Authorization", "Basic c2hvdGVuZ2FpLWNsaWVudC1pZDp4"}, status: 401, code: "invalid_client"},
		{name: "no client_id in the body", change: func(f url.Values) { f.Del("client_id") }, status: 400, code: "invalid_request"},
		{name: "another client_id in the body", change: func(f url.Values) { f.Set("client_id", "x") }, status: 401, code: "invalid_client"},
		{name: "JSON", header: []string{"Content-Type", "application/json"}, status: 400, code: "invalid_request"},
		{name: "no grant type", change: func(f url.Values) { f.Del("grant_type") }, status: 400, code: "invalid_request"},
		{name: "another grant type", change: func(f url.Values) { f.Set("grant_type", "password") }, status: 400, code: "unsupported_grant_type"},
		{name: "no code", change: func(f url.Values) { f.Del("code") }, status: 400, code: "invalid_request"},
		{name: "unknown code", change: func(f url.Values) { f.Set("code", "x") }, status: 400, code: "invalid_grant"},
		{name: "no redirect", change: func(f url.Values) { f.Del("redirect_uri") }, status: 400, code: "invalid_request"},
		{name: "another redirect", change: func(f url.Values) { f.Set("redirect_uri", "https://app.example/") }, status: 400, code: "invalid_grant"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := start(t)
			srv.Shop().Token()
			var changes []string
			if tt.pkce {
				changes = []string{"code_challenge", challenge(), "code_challenge_method", "S256"}
			}
			q, err := srv.Login(t.Context(), loginURL(srv, changes...))
			require.NoError(t, err)
			form := codeForm(srv, q.Get("code"))
			if tt.change != nil {
				tt.change(form)
			}
			status, answer := exchange(t, srv, form, tt.header...)
			require.Equal(t, tt.status, status, "%v", answer)
			if tt.status != http.StatusOK {
				assert.Equal(t, tt.code, answer["error"])
				assert.NotEmpty(t, answer["error_description"])
				return
			}
			assert.Equal(t, "bearer", answer["token_type"])
			assert.EqualValues(t, 300, answer["expires_in"])
			assert.NotEmpty(t, answer["scope"])
			assert.True(t, works(t, srv, answer["access_token"]))
			status, answer = exchange(t, srv, form, tt.header...)
			assert.Equal(t, http.StatusBadRequest, status, "a code is good once")
			assert.Equal(t, "invalid_grant", answer["error"])
		})
	}
}

func TestCodeExpires(t *testing.T) {
	t.Parallel()
	srv := start(t, makeshoptest.WithFreeTextErrors())
	srv.Shop().Token()
	q, err := srv.Login(t.Context(), loginURL(srv))
	require.NoError(t, err)
	srv.Advance(10 * time.Minute)
	status, answer := exchange(t, srv, codeForm(srv, q.Get("code")))
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Equal(t, "bad request", answer["error"], "codes are free text")
	status, answer = exchange(t, srv, codeForm(srv, "x"), "Authorization", "-")
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Equal(t, "unauthorized", answer["error"])
}

func TestLifetimes(t *testing.T) {
	t.Parallel()
	srv := start(t)
	srv.Shop().Token()
	tokens := logIn(t, srv)
	srv.Advance(5*time.Minute - time.Second)
	assert.True(t, works(t, srv, tokens["access_token"]))
	srv.Advance(time.Second)
	assert.False(t, works(t, srv, tokens["access_token"]))
	srv.Advance(12*time.Hour - 5*time.Minute - time.Second)
	status, renewed := exchange(t, srv, refreshForm(srv, tokens["refresh_token"]))
	require.Equal(t, http.StatusOK, status)
	assert.True(t, works(t, srv, renewed["access_token"]))
	srv.Advance(12 * time.Hour)
	status, answer := exchange(t, srv, refreshForm(srv, renewed["refresh_token"]))
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Equal(t, "invalid_grant", answer["error"])
	status, _ = exchange(t, srv, refreshForm(srv, ""))
	assert.Equal(t, http.StatusBadRequest, status)
}

func TestRotation(t *testing.T) {
	t.Parallel()
	for _, grace := range []time.Duration{0, time.Minute} {
		srv := start(t, makeshoptest.WithRefreshGrace(grace))
		srv.Shop().Token()
		first := logIn(t, srv)
		_, second := exchange(t, srv, refreshForm(srv, first["refresh_token"]))
		assert.NotEqual(t, first["refresh_token"], second["refresh_token"])
		assert.True(t, works(t, srv, first["access_token"]))
		status, third := exchange(t, srv, refreshForm(srv, first["refresh_token"]))
		assert.Equal(t, grace > 0, status == http.StatusOK)
		if grace > 0 {
			assert.True(t, works(t, srv, third["access_token"]))
			srv.Advance(grace + time.Second)
			status, _ = exchange(t, srv, refreshForm(srv, first["refresh_token"]))
			assert.Equal(t, http.StatusBadRequest, status)
		}
		assert.False(t, works(t, srv, second["access_token"]), "reuse kills the grant")
		status, _ = exchange(t, srv, refreshForm(srv, second["refresh_token"]))
		assert.Equal(t, http.StatusBadRequest, status)
		assert.True(t, works(t, srv, srv.Shop().Token()), "the persistent token is another matter")
	}
}

// verified returns the claims of an ID token whose signature is good.
func verified(t *testing.T, srv *makeshoptest.Server, token any) object {
	t.Helper()
	text, _ := token.(string)
	parts := strings.Split(text, ".")
	require.Len(t, parts, 3)
	decode := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		require.NoError(t, err)
		return b
	}
	var header struct{ Alg, Kid, Typ string }
	require.NoError(t, json.Unmarshal(decode(parts[0]), &header))
	assert.Equal(t, "ES256", header.Alg)
	signature := decode(parts[2])
	require.Len(t, signature, 64)

	_, _, body := send(t, srv, http.MethodGet, srv.KeySetURL(), "")
	var set struct {
		Keys []struct{ Kty, Crv, Alg, Use, Kid, X, Y string }
	}
	require.NoError(t, json.Unmarshal([]byte(body), &set))
	for _, k := range set.Keys {
		if k.Kid != header.Kid {
			continue
		}
		assert.Equal(t, []string{"EC", "P-256", "ES256", "sig"}, []string{k.Kty, k.Crv, k.Alg, k.Use})
		public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, decode(k.X), decode(k.Y)))
		require.NoError(t, err)
		sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
		require.True(t, ecdsa.Verify(public, sum[:], r, s))
		var claims object
		require.NoError(t, json.Unmarshal(decode(parts[1]), &claims))
		return claims
	}
	return nil
}

func TestIDToken(t *testing.T) {
	t.Parallel()
	srv := start(t)
	app := srv.App()
	app.ShopIDClaim = "shop_id"
	srv.SetApp(app)
	srv.Shop().Token()
	tokens := logIn(t, srv, "nonce", "n-1")
	want := object{
		"iss": "https://app-auth.makeshop.jp", "aud": app.ClientID, "sub": "owner-shotengai1", "shop_id": "shotengai1",
		"nonce": "n-1", "iat": float64(noon.Unix()), "exp": float64(noon.Unix() + 300),
	}
	assert.Equal(t, want, verified(t, srv, tokens["id_token"]))

	srv.RotateKeys()
	assert.NotNil(t, verified(t, srv, tokens["id_token"]), "the key before is still published")
	_, renewed := exchange(t, srv, refreshForm(srv, tokens["refresh_token"]))
	assert.Equal(t, want, verified(t, srv, renewed["id_token"]), "with the nonce")
	srv.RotateKeys()
	assert.Nil(t, verified(t, srv, tokens["id_token"]))

	app.ShopIDClaim = ""
	srv.SetApp(app)
	assert.Len(t, verified(t, srv, logIn(t, srv)["id_token"]), 5)
}
