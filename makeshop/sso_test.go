package makeshop_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/idtoken"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

var appClient = oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: "https://app.example/callback"}

func startSSO(t *testing.T, config oauthtest.Config) *oauthtest.Server {
	t.Helper()
	srv := oauthtest.NewServer(config)
	t.Cleanup(srv.Close)
	return srv
}

// provider is what OAuth says, at the addresses of a fake.
func provider(t *testing.T, srv *oauthtest.Server, opts ...makeshop.OAuthOption) *oauth.Provider {
	t.Helper()
	p, err := makeshop.OAuth(appClient, append([]makeshop.OAuthOption{
		makeshop.WithSSO(srv.AuthURL, srv.TokenURL), makeshop.WithSSOClient(srv.HTTPClient()),
		makeshop.WithIDTokens(makeshop.IDTokens{KeySetURL: srv.JWKSURL}),
	}, opts...)...)
	require.NoError(t, err)
	return p
}

func logIn(ctx context.Context, p *oauth.Provider, srv *oauthtest.Server, shop string) (*oauth.Grant, error) {
	begun, err := p.Begin()
	if err != nil {
		return nil, err
	}
	query, err := srv.Authorize(ctx, begun.URL, shop)
	if err != nil {
		return nil, err
	}
	return p.Exchange(ctx, begun, query)
}

func TestLoginAddress(t *testing.T) {
	t.Parallel()
	p, err := makeshop.OAuth(appClient)
	require.NoError(t, err)
	require.NoError(t, p.Validate())
	assert.Equal(t, "https://app-auth.makeshop.jp/oauth2/token", p.TokenURL)
	assert.True(t, p.RawBasic, "base64(client_id:client_secret), as the page has it")
	begun, err := p.Begin()
	require.NoError(t, err)
	address, query, _ := strings.Cut(begun.URL, "?")
	assert.Equal(t, "https://console.makeshop.jp/apps/sso", address)
	got, err := url.ParseQuery(query)
	require.NoError(t, err)
	assert.Equal(t, "code", got.Get("response_type"))
	assert.Equal(t, "client-id", got.Get("client_id"))
	assert.Equal(t, appClient.RedirectURL, got.Get("redirect_uri"))
	assert.Regexp(t, "^[A-Za-z0-9]{8,}$", got.Get("state"))
	assert.Equal(t, got.Get("state"), url.QueryEscape(got.Get("state")))
	assert.Equal(t, "S256", got.Get("code_challenge_method"))
	assert.Regexp(t, "^[A-Za-z0-9_-]{43}$", got.Get("code_challenge"))
	assert.NotEmpty(t, got.Get("nonce"))
	assert.Len(t, got, 7)

	p, err = makeshop.OAuth(appClient, makeshop.WithoutPKCE(), makeshop.WithoutNonce())
	require.NoError(t, err)
	begun, err = p.Begin()
	require.NoError(t, err)
	assert.NotContains(t, begun.URL, "code_challenge")
	assert.NotContains(t, begun.URL, "nonce")
}

func TestTokenRequests(t *testing.T) {
	t.Parallel()
	srv := startSSO(t, oauthtest.MakeShop())
	p := provider(t, srv)
	began := time.Now()
	grant, err := logIn(t.Context(), p, srv, "shop-7")
	require.NoError(t, err)
	ended := time.Now()
	assert.WithinRange(t, grant.Expiry, began.Add(5*time.Minute), ended.Add(5*time.Minute))
	assert.WithinRange(t, grant.RefreshExpiry, began.Add(12*time.Hour), ended.Add(12*time.Hour))
	assert.NotEmpty(t, grant.Claims)
	renewed, err := p.Refresh(t.Context(), grant)
	require.NoError(t, err)
	assert.NotEqual(t, grant.RefreshToken, renewed.RefreshToken)

	sent := srv.TokenRequests()
	require.Len(t, sent, 2)
	for _, request := range sent {
		assert.Equal(t, "Basic Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQ=", request.Header.Get("Authorization"))
		assert.Equal(t, "application/x-www-form-urlencoded", request.Header.Get("Content-Type"))
	}
	exchange, err := url.ParseQuery(string(sent[0].Body))
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"grant_type", "client_id", "code", "redirect_uri", "code_verifier"}, keys(exchange))
	refresh, err := url.ParseQuery(string(sent[1].Body))
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"grant_type", "client_id", "refresh_token"}, keys(refresh))
}

func keys(values url.Values) []string {
	var names []string
	for name := range values {
		names = append(names, name)
	}
	return names
}

// A wrong guess of the key set's host says what to configure, and one can do without keys.
func TestWrongKeySet(t *testing.T) {
	t.Parallel()
	srv := startSSO(t, oauthtest.MakeShop())
	for name, tokens := range map[string]makeshop.IDTokens{
		"nothing there":  {KeySetURL: srv.URL + "/nothing"},
		"another issuer": {KeySetURL: srv.JWKSURL, Issuer: "https://elsewhere.example"},
	} {
		_, err := logIn(t.Context(), provider(t, srv, makeshop.WithIDTokens(tokens)), srv, "shop-7")
		require.ErrorIs(t, err, oauth.ErrIDToken, name)
		for _, advice := range []string{"makeshop.WithIDTokens", "WithoutSignature"} {
			require.ErrorContains(t, err, advice, name)
		}
		if tokens.Issuer == "" {
			require.ErrorContains(t, err, srv.URL+"/nothing")
		}
		tokens.WithoutSignature, tokens.Issuer = true, ""
		g, err := logIn(t.Context(), provider(t, srv, makeshop.WithIDTokens(tokens)), srv, "shop-7")
		require.NoError(t, err, name)
		assert.NotEmpty(t, g.Claims)
	}
	p := provider(t, srv, makeshop.WithIDTokens(makeshop.IDTokens{WithoutSignature: true}))
	begun, err := p.Begin()
	require.NoError(t, err)
	query, err := srv.Authorize(t.Context(), begun.URL, "shop-7")
	require.NoError(t, err)
	begun.Nonce = "another"
	_, err = p.Exchange(t.Context(), begun, query)
	require.ErrorIs(t, err, idtoken.ErrNonce)
	assert.NotContains(t, err.Error(), "WithIDTokens", "no guess is to blame")
}

// TestIDTokens holds that the rows for ID tokens are in force as OAuth wires them; each
// row in full is a test of package idtoken.
func TestIDTokens(t *testing.T) {
	t.Parallel()
	claims := func(change map[string]any) oauthtest.Config {
		config := oauthtest.MakeShop()
		config.Claims = func(string) map[string]any { return change }
		return config
	}
	es256 := oauthtest.MakeShop()
	es256.Algorithm = "ES256"
	now := time.Now()
	for _, tt := range []struct {
		name   string
		config oauthtest.Config
		tokens makeshop.IDTokens
		opts   []makeshop.OAuthOption
		want   error
	}{
		{name: "RS256", config: oauthtest.MakeShop()},
		{name: "ES256", config: es256},
		{name: "T03 other algorithm", config: es256, tokens: makeshop.IDTokens{Algorithms: []string{"RS256"}}, want: idtoken.ErrAlgorithm},
		{name: "T08 issuer", config: claims(map[string]any{"iss": "https://app-auth.makeshop.jp/"}), want: idtoken.ErrIssuer},
		{name: "T08 issuer by option", config: claims(map[string]any{"iss": "https://other.example"}), tokens: makeshop.IDTokens{Issuer: "https://other.example"}},
		{name: "T09 audience", config: claims(map[string]any{"aud": "other"}), want: idtoken.ErrAudience},
		{name: "T10 expired", config: claims(map[string]any{"exp": now.Add(-2 * time.Minute).Unix()}), want: idtoken.ErrExpired},
		{name: "T11 old", config: claims(map[string]any{"iat": now.Add(-time.Hour).Unix()}), want: idtoken.ErrTooOld},
		{name: "T11 old by option", config: claims(map[string]any{"iat": now.Add(-time.Hour).Unix()}), tokens: makeshop.IDTokens{MaxAge: 2 * time.Hour}},
		{name: "T12 other nonce", config: claims(map[string]any{"nonce": "other"}), want: idtoken.ErrNonce},
		{name: "T12 without nonce", config: claims(map[string]any{"nonce": "other"}), opts: []makeshop.OAuthOption{makeshop.WithoutNonce()}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := startSSO(t, tt.config)
			tt.tokens.KeySetURL = srv.JWKSURL
			_, err := logIn(t.Context(), provider(t, srv, append(tt.opts, makeshop.WithIDTokens(tt.tokens))...), srv, "shop-7")
			if tt.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, oauth.ErrIDToken)
			require.ErrorIs(t, err, tt.want)
		})
	}
}

func TestT15KeysRotate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := oauthtest.MakeShop()
		config.InMemory = true
		srv := startSSO(t, config)
		p := provider(t, srv)
		_, err := logIn(t.Context(), p, srv, "shop-7")
		require.NoError(t, err)
		srv.RotateKeys(true)
		<-time.After(30 * time.Second) // the least time between two fetches
		_, err = logIn(t.Context(), p, srv, "shop-7")
		require.NoError(t, err)
		fetches := 0
		for _, request := range srv.Requests() {
			if strings.HasSuffix(request.Path, "jwks.json") {
				fetches++
			}
		}
		assert.Equal(t, 2, fetches)
	})
}

func TestT12NonceIsLostWithTheLogin(t *testing.T) {
	t.Parallel()
	srv := startSSO(t, oauthtest.MakeShop())
	p := provider(t, srv)
	begun, err := p.Begin()
	require.NoError(t, err)
	query, err := srv.Authorize(t.Context(), begun.URL, "shop-7")
	require.NoError(t, err)
	begun.Nonce = ""
	_, err = p.Exchange(t.Context(), begun, query)
	require.ErrorIs(t, err, oauth.ErrStateMismatch)
	assert.Empty(t, srv.TokenRequests())
}

func TestTokenErrorsInFreeText(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"the platform's example": {500, `{"error":"internal server error","error_description":"The server encountered an error and could not complete your request"}`, shotengai.ErrOutcomeUnknown},
		"a known dead one":       {400, `{"error":"refresh token is dead"}`, oauth.ErrInvalidGrant},
		"an unknown one":         {400, `{"error":"something else"}`, oauth.ErrClientConfig},
		"the standard's":         {400, `{"error":"invalid_grant"}`, oauth.ErrInvalidGrant},
		"401":                    {401, `{"error":"unauthorized"}`, oauth.ErrClientConfig},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, answer{tt.status, "application/json", tt.body})
			p, err := makeshop.OAuth(appClient, makeshop.WithSSO(srv.URL, srv.URL), makeshop.WithDeadGrantCodes("refresh token is dead"))
			require.NoError(t, err)
			_, err = p.Refresh(t.Context(), &oauth.Grant{AccessToken: "marked-access", RefreshToken: "marked-refresh"})
			require.ErrorIs(t, err, tt.want)
			var e *oauth.TokenError
			require.ErrorAs(t, err, &e)
			var body struct {
				Error string `json:"error"`
			}
			require.NoError(t, json.Unmarshal([]byte(tt.body), &body))
			assert.Equal(t, body.Error, e.Code)
		})
	}
}

func TestWrongOptionsShow(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]makeshop.OAuthOption{
		"algorithm":  makeshop.WithIDTokens(makeshop.IDTokens{Algorithms: []string{"HS256"}}),
		"key set":    makeshop.WithIDTokens(makeshop.IDTokens{KeySetURL: "http://app-auth.makeshop.jp/jwks"}),
		"client":     makeshop.WithSSOClient(nil),
		"empty code": makeshop.WithDeadGrantCodes(""),
		"address":    makeshop.WithSSO("http://console.makeshop.jp", "https://app-auth.makeshop.jp"),
	} {
		p, err := makeshop.OAuth(appClient, opt)
		require.Error(t, err, name)
		assert.Nil(t, p, name)
	}
}

// app is an app with a manager, and what it knows of shops.
func newSSO(t *testing.T, p *oauth.Provider, known map[string]bool, claim string, opts ...shotengai.Option) *makeshop.SSO {
	t.Helper()
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: p, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, manager.Close(context.WithoutCancel(t.Context()))) })
	config := makeshop.SSOConfig{
		Config:  makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey},
		Manager: manager,
		Known:   func(_ context.Context, shopID string) (bool, error) { return known[shopID], nil },
		Options: opts,
	}
	if claim != "" {
		config.ShopIDClaims = []string{"not_there", claim}
	}
	sso, err := makeshop.NewSSO(config)
	require.NoError(t, err)
	return sso
}

// TestSession goes through the platform's sequence: absent, there, expired, dead.
func TestSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := oauthtest.MakeShop()
		config.InMemory = true
		config.Claims = func(shop string) map[string]any { return map[string]any{"shop_id": shop} }
		srv := startSSO(t, config)
		p := provider(t, srv)
		sso, ctx := newSSO(t, p, map[string]bool{"shop-8": true}, "shop_id"), t.Context()

		_, err := sso.Login(ctx, "shop-7")
		require.ErrorIs(t, err, shotengai.ErrReauthorize, "absent: the login")

		grant, err := logIn(ctx, p, srv, "shop-7")
		require.NoError(t, err)
		visit, err := sso.Finish(ctx, grant)
		require.NoError(t, err)
		assert.Equal(t, &makeshop.Visit{ShopID: "shop-7", New: true}, visit)
		client, err := sso.Login(ctx, "shop-7")
		require.NoError(t, err, "there")
		assert.Len(t, srv.TokenRequests(), 1)
		again, err := sso.Login(ctx, "shop-7")
		require.NoError(t, err)
		assert.Same(t, client, again, "one line of calls per shop")

		<-time.After(6 * time.Minute)
		_, err = sso.Login(ctx, "shop-7")
		require.NoError(t, err, "expired: a refresh")
		assert.Len(t, srv.TokenRequests(), 2)

		<-time.After(13 * time.Hour)
		_, err = sso.Login(ctx, "shop-7")
		require.ErrorIs(t, err, shotengai.ErrReauthorize, "the refresh token has ended too")

		grant, err = logIn(ctx, p, srv, "shop-8")
		require.NoError(t, err)
		visit, err = sso.Finish(ctx, grant)
		require.NoError(t, err)
		assert.False(t, visit.New, "the app has data of the shop")
		runtime.KeepAlive(client)
	})
}

// A session without a shop is a fault of the app: a login would not mend it, and the browser
// would come back for ever.
func TestLoginWithoutAShop(t *testing.T) {
	t.Parallel()
	srv := startSSO(t, oauthtest.MakeShop())
	sso := newSSO(t, provider(t, srv), nil, "")
	for shop, says := range map[string]string{
		"": "the id of the shop is empty", " \t": "the id of the shop is empty",
		"shop\n7": "control characters", strings.Repeat("7", 256): "256 bytes",
	} {
		client, err := sso.Login(t.Context(), shop)
		require.ErrorContains(t, err, says)
		require.NotErrorIs(t, err, shotengai.ErrReauthorize)
		assert.Nil(t, client)
	}
	assert.Empty(t, srv.Requests())
}

func TestFinishAsksTheAPI(t *testing.T) {
	t.Parallel()
	srv := startSSO(t, oauthtest.MakeShop())
	p := provider(t, srv)
	grant, err := logIn(t.Context(), p, srv, "shop-7")
	require.NoError(t, err)

	api := newServer(t, ok(`{"data":{"getShop":{"shop":{"shopId":"shop-7","shopName":"店"}}}}`))
	sso := newSSO(t, p, nil, "", shotengai.WithTestServer(api.URL))
	visit, err := sso.Finish(t.Context(), grant)
	require.NoError(t, err)
	assert.Equal(t, &makeshop.Visit{ShopID: "shop-7", New: true, Shop: &makeshop.Shop{ShopID: "shop-7", ShopName: "店"}}, visit)
	assert.Equal(t, "Bearer "+grant.AccessToken.Reveal(), api.only(t).Header.Get("Authorization"))
	client, err := sso.Login(t.Context(), "shop-7")
	require.NoError(t, err)
	_, err = client.Shop.Get(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Bearer "+grant.AccessToken.Reveal(), api.requests()[1].Header.Get("Authorization"))

	for _, body := range []string{`{"data":{"getShop":{"shop":null}}}`, `{"data":{"getShop":{"shop":{"shopId":"","shopName":"店"}}}}`} {
		nobody := newServer(t, ok(body))
		_, err = newSSO(t, p, nil, "", shotengai.WithTestServer(nobody.URL)).Finish(t.Context(), grant)
		require.ErrorIs(t, err, makeshop.ErrUnknownShop)
		_, err = newClient(t, newServer(t, ok(`{"data":{"getShop":{"shop":null}}}`))).Shop.Get(t.Context())
		require.ErrorIs(t, err, shotengai.ErrNotFound)
	}
	_, err = sso.Finish(t.Context(), nil)
	require.Error(t, err)
}

// TestRefusedTokenIsRenewedOnce: row T37, as the client and the manager do it together.
func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	config := oauthtest.MakeShop()
	config.Claims = func(shop string) map[string]any { return map[string]any{"shop_id": shop} }
	srv := startSSO(t, config)
	p := provider(t, srv)
	grant, err := logIn(t.Context(), p, srv, "shop-7")
	require.NoError(t, err)
	api := newServer(t, answer{http.StatusUnauthorized, "", ""}, ok(`{"data":{"getShop":{"shop":{}}}}`), answer{http.StatusUnauthorized, "", ""})
	sso := newSSO(t, p, nil, "shop_id", shotengai.WithTestServer(api.URL))
	_, err = sso.Finish(t.Context(), grant)
	require.NoError(t, err)
	client, err := sso.Login(t.Context(), "shop-7")
	require.NoError(t, err)
	_, err = client.Shop.Get(t.Context())
	require.NoError(t, err)
	got := api.requests()
	require.Len(t, got, 2)
	assert.NotEqual(t, got[0].Header.Get("Authorization"), got[1].Header.Get("Authorization"))
	assert.Len(t, srv.TokenRequests(), 2)
	_, err = client.Shop.Get(t.Context())
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
	assert.Len(t, srv.TokenRequests(), 2, "no second refresh within the minute")
}

func TestNewSSORefuses(t *testing.T) {
	t.Parallel()
	srv := startSSO(t, oauthtest.MakeShop())
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider(t, srv), Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	require.NoError(t, err)
	known := func(context.Context, string) (bool, error) { return false, io.EOF }
	config := makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey}
	for name, c := range map[string]makeshop.SSOConfig{
		"manager": {Config: config, Known: known}, "known": {Config: config, Manager: manager}, "config": {Manager: manager, Known: known},
	} {
		_, err := makeshop.NewSSO(c)
		require.Error(t, err, name)
	}
	api := newServer(t, ok(`{"data":{"getShop":{"shop":{"shopId":"shop-7"}}}}`))
	sso, err := makeshop.NewSSO(makeshop.SSOConfig{Config: config, Manager: manager, Known: known, Options: []shotengai.Option{shotengai.WithTestServer(api.URL)}})
	require.NoError(t, err)
	_, err = sso.Finish(t.Context(), &oauth.Grant{AccessToken: "a"})
	require.ErrorIs(t, err, io.EOF)
	_, err = sso.Login(t.Context(), "shop-7")
	require.ErrorIs(t, err, oauth.ErrNoGrant, "nothing is kept of a login that failed")
}
