package oauth_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

func TestColorMeFits(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.ColorMe())
	p := colorMe(srv)
	g, err := login(t.Context(), p, srv, "PA01234567")
	require.NoError(t, err)
	assert.Equal(t, "Bearer", g.TokenType)
	assert.Equal(t, p.Client.Scopes, g.Scopes)
	assert.True(t, g.Expiry.IsZero(), "the token never expires")
	assert.True(t, g.ValidAt(time.Now().AddDate(10, 0, 0)))
	assert.Empty(t, g.RefreshToken)
	assert.Nil(t, g.Claims)
	given, good := srv.Check(g.AccessToken.Reveal())
	require.True(t, good)
	assert.Equal(t, "PA01234567", given.Shop)

	token := g.Token()
	assert.True(t, token.Valid())
	assert.Equal(t, g.AccessToken.Reveal(), token.AccessToken)
	assert.Empty(t, token.RefreshToken)

	sent := srv.TokenRequests()
	require.Len(t, sent, 1)
	form, err := url.ParseQuery(string(sent[0].Body))
	require.NoError(t, err)
	assert.Equal(t, url.Values{
		"client_id": {"client-id"}, "client_secret": {"client-secret"}, "grant_type": {"authorization_code"},
		"code": form["code"], "redirect_uri": {redirectURL},
	}, form)
	assert.Equal(t, "application/x-www-form-urlencoded", sent[0].Header.Get("Content-Type"))
	assert.Equal(t, "application/json", sent[0].Header.Get("Accept"))
	assert.Contains(t, sent[0].Header.Get("User-Agent"), "shotengai-go")
	assert.Empty(t, sent[0].Header.Get("Authorization"))

	_, err = p.Refresh(t.Context(), g)
	require.ErrorIs(t, err, shotengai.ErrReauthorize)
	require.ErrorIs(t, err, oauth.ErrNotSent)
	require.ErrorIs(t, p.Revoke(t.Context(), g), oauth.ErrNotSupported)
	assert.Len(t, srv.TokenRequests(), 1)
}

func TestMakeShopFits(t *testing.T) {
	t.Parallel()
	config := oauthtest.MakeShop()
	config.Claims = func(shop string) map[string]any { return map[string]any{"shop_id": shop} }
	srv := startServer(t, config)
	p := makeshop(t, srv)
	g, err := login(t.Context(), p, srv, "ms-1")
	require.NoError(t, err)
	assert.Equal(t, 5*time.Minute, g.Expiry.Sub(g.ObtainedAt))
	assert.Equal(t, 12*time.Hour, g.RefreshExpiry.Sub(g.ObtainedAt))
	var claims struct {
		ShopID string `json:"shop_id"`
	}
	require.NoError(t, json.Unmarshal(g.Claims, &claims))
	assert.Equal(t, "ms-1", claims.ShopID)

	sent := srv.TokenRequests()
	require.Len(t, sent, 1)
	assert.Equal(t, "Basic "+base64.StdEncoding.EncodeToString([]byte("client-id:client-secret")), sent[0].Header.Get("Authorization"))
	form, err := url.ParseQuery(string(sent[0].Body))
	require.NoError(t, err)
	assert.Equal(t, "client-id", form.Get("client_id"), "makeshop wants it in the form too")
	assert.NotContains(t, form, "client_secret")
	assert.NotEmpty(t, form.Get("code_verifier"))

	renewed, err := p.Refresh(t.Context(), g)
	require.NoError(t, err)
	assert.NotEqual(t, g.AccessToken.Reveal(), renewed.AccessToken.Reveal())
	assert.NotEqual(t, g.RefreshToken.Reveal(), renewed.RefreshToken.Reveal())
	assert.NotEmpty(t, renewed.IDToken.Reveal())
	assert.Equal(t, g.Claims, renewed.Claims, "of the login, whose ID token was verified")
	form, err = url.ParseQuery(string(srv.TokenRequests()[1].Body))
	require.NoError(t, err)
	assert.Equal(t, url.Values{
		"client_id": {"client-id"}, "grant_type": {"refresh_token"}, "refresh_token": {g.RefreshToken.Reveal()},
	}, form)

	_, err = p.Refresh(t.Context(), g)
	require.ErrorIs(t, err, oauth.ErrInvalidGrant)
	require.NotErrorIs(t, err, shotengai.ErrReauthorize, "only who knows the store can say that the grant is lost")
	assert.Equal(t, 1, srv.Counts().Killed)
	assert.Len(t, srv.TokenRequests(), 3, "each call sends one request")
}

func TestStoresFits(t *testing.T) {
	t.Parallel()
	srv := startServer(t, storesConfig())
	p := stores(t, srv)
	g, err := login(t.Context(), p, srv, "store-1")
	require.NoError(t, err)
	assert.Equal(t, time.Hour, g.Expiry.Sub(g.ObtainedAt))
	assert.Equal(t, 35*24*time.Hour, g.RefreshExpiry.Sub(g.ObtainedAt))

	renewed, err := p.Refresh(t.Context(), g)
	require.NoError(t, err, "with an assertion of its own")
	assert.NotEqual(t, g.RefreshToken.Reveal(), renewed.RefreshToken.Reveal())

	require.NoError(t, p.Revoke(t.Context(), renewed))
	_, good := srv.Check(renewed.AccessToken.Reveal())
	assert.False(t, good, "revoking either token ends both")
	requests := srv.Requests()
	form, err := url.ParseQuery(string(requests[len(requests)-1].Body))
	require.NoError(t, err)
	assert.Equal(t, "refresh_token", form.Get("token_type_hint"))
	assert.Equal(t, renewed.RefreshToken.Reveal(), form.Get("token"))

	require.NoError(t, p.Revoke(t.Context(), &oauth.Grant{AccessToken: "never given"}))
	require.ErrorIs(t, p.Revoke(t.Context(), &oauth.Grant{}), oauth.ErrNotSent)
	srv.Fail(1, shotengaitest.Fault{Status: 503})
	require.ErrorIs(t, p.Revoke(t.Context(), renewed), oauth.ErrTemporary)

	short := stores(t, srv)
	short.Client.Scopes = []string{"retail.shop.read"}
	g, err = login(t.Context(), short, srv, "store-1")
	require.NoError(t, err)
	assert.Empty(t, g.RefreshToken, "none without offline_access")
	assert.True(t, g.RefreshExpiry.IsZero())
}

func TestScopesThatWereGiven(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.ColorMe())
	p := colorMe(srv)
	for name, tt := range map[string]struct {
		answer, redirect string
		want             []string
	}{
		"answered":   {`"read_sales"`, "read_products", []string{"read_sales"}},
		"redirected": {`null`, "read_products", []string{"read_products"}},
		"as asked":   {`""`, "", []string{"read_products", "read_sales"}},
		"unreadable": {`["read_sales"]`, "read_sales", []string{"read_sales"}},
	} {
		begun, err := p.Begin()
		require.NoError(t, err)
		srv.Fail(1, shotengaitest.Fault{Path: "/oauth/token", Body: `{"access_token":"at","scope":` + tt.answer + `}`})
		g, err := p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, "code": {"c"}, "scope": {tt.redirect}})
		require.NoError(t, err, name)
		assert.Equal(t, tt.want, g.Scopes, name)
	}
}

func TestT35RefreshTokenNotReturned(t *testing.T) {
	t.Parallel()
	config := storesConfig()
	config.Rotate = false
	srv := startServer(t, config)
	p := stores(t, srv)
	g, err := login(t.Context(), p, srv, "store-1")
	require.NoError(t, err)
	srv.Fail(1, shotengaitest.Fault{Path: "/oauth2/token", Body: `{"access_token":"at-new"}`})
	renewed, err := p.Refresh(t.Context(), g)
	require.NoError(t, err)
	assert.Equal(t, "at-new", renewed.AccessToken.Reveal())
	assert.Equal(t, g.RefreshToken.Reveal(), renewed.RefreshToken.Reveal())
	assert.Equal(t, g.RefreshExpiry, renewed.RefreshExpiry)
	assert.Equal(t, g.Scopes, renewed.Scopes)
	assert.Equal(t, time.Hour, renewed.Expiry.Sub(renewed.ObtainedAt), "the platform's lifetime")
}

func TestT43ExpiryFromBeforeTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := oauthtest.MakeShop()
		config.InMemory = true
		config.AfterRotation = 15 * time.Second
		srv := oauthtest.NewServer(config)
		defer srv.Close()
		p := makeshop(t, srv)
		g, err := login(t.Context(), p, srv, "shop-1")
		require.NoError(t, err)
		before := time.Now()
		renewed, err := p.Refresh(t.Context(), g)
		require.NoError(t, err)
		assert.Equal(t, 15*time.Second, time.Since(before))
		assert.True(t, renewed.ObtainedAt.Equal(before))
		assert.True(t, renewed.Expiry.Equal(before.Add(5*time.Minute)))
		assert.NotContains(t, renewed.Expiry.String(), "m=", "wall clock alone: it sees a machine sleep")
	})
}
