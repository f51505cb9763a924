package oauth_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

func TestBegin(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.MakeShop())

	t.Run("color me", func(t *testing.T) {
		t.Parallel()
		p := colorMe(srv)
		began := time.Now()
		login, err := p.Begin()
		require.NoError(t, err)
		u, err := url.Parse(login.URL)
		require.NoError(t, err)
		assert.Equal(t, url.Values{
			"client_id": {"client-id"}, "response_type": {"code"}, "redirect_uri": {redirectURL},
			"scope": {"read_products read_sales"}, "state": {login.State},
		}, u.Query())
		assert.Empty(t, login.Verifier)
		assert.Empty(t, login.Nonce)
		assert.WithinRange(t, login.ExpiresAt, began.Add(oauth.LoginLifetime), time.Now().Add(oauth.LoginLifetime))
	})

	t.Run("makeshop", func(t *testing.T) {
		t.Parallel()
		p := makeshop(t, srv)
		p.AuthURL += "?lang=ja"
		login, err := p.Begin()
		require.NoError(t, err)
		u, err := url.Parse(login.URL)
		require.NoError(t, err)
		query := u.Query()
		assert.Equal(t, "ja", query.Get("lang"))
		assert.Equal(t, "S256", query.Get("code_challenge_method"))
		assert.Len(t, query.Get("code_challenge"), 43)
		assert.Equal(t, login.Nonce.Reveal(), query.Get("nonce"))
		assert.NotContains(t, query, "scope")
		assert.NotContains(t, login.URL, login.Verifier.Reveal())
		assert.Regexp(t, regexp.MustCompile(`^[A-Za-z0-9]{8,}$`), login.State, "the alphabet that makeshop asks for")
	})

	t.Run("options", func(t *testing.T) {
		t.Parallel()
		p := colorMe(srv)
		p.AuthParams = url.Values{"prompt": {"login"}}
		login, err := p.Begin()
		require.NoError(t, err)
		assert.Contains(t, login.URL, "prompt=login")
		login, err = p.Begin(oauth.WithScopes("write_sales"), oauth.WithParam("prompt", "none"))
		require.NoError(t, err)
		assert.Contains(t, login.URL, "scope=write_sales")
		assert.Contains(t, login.URL, "prompt=none")
		assert.Equal(t, url.Values{"prompt": {"login"}}, p.AuthParams, "the provider is not changed")

		_, err = p.Begin(oauth.WithParam("state", "mine"))
		require.ErrorContains(t, err, `"state" cannot be set`)
	})

	t.Run("each login is another", func(t *testing.T) {
		t.Parallel()
		p := makeshop(t, srv)
		one, err := p.Begin()
		require.NoError(t, err)
		two, err := p.Begin()
		require.NoError(t, err)
		assert.NotEqual(t, one.State, two.State)
		assert.NotEqual(t, one.Nonce.Reveal(), two.Nonce.Reveal())
		assert.NotEqual(t, one.Verifier.Reveal(), two.Verifier.Reveal())
	})
}

func TestProviderValidate(t *testing.T) {
	t.Parallel()
	good := func() *oauth.Provider {
		return &oauth.Provider{
			Name: "shop", AuthURL: "https://shop.example/auth", TokenURL: "https://shop.example/token",
			Client: oauth.Client{ID: "id", Secret: "s3cret", RedirectURL: redirectURL},
		}
	}
	require.NoError(t, good().Validate())
	for name, change := range map[string]func(*oauth.Provider){
		"no client id":                 func(p *oauth.Provider) { p.Client.ID = "" },
		"no client secret":             func(p *oauth.Provider) { p.Client.Secret = "" },
		"no Assert function":           func(p *oauth.Provider) { p.AuthStyle = oauth.PrivateKeyJWT },
		"without the scope offline no": func(p *oauth.Provider) { p.RefreshScope = "offline" },
		"unknown auth style":           func(p *oauth.Provider) { p.AuthStyle = 7 },
		"no redirect address":          func(p *oauth.Provider) { p.Client.RedirectURL = "" },
		"TokenURL: https is required":  func(p *oauth.Provider) { p.TokenURL = "http://shop.example/token" },
		"TokenURL: https is required ": func(p *oauth.Provider) { p.TokenURL = "http://169.254.169.254/token" },
		"AuthURL: no host":             func(p *oauth.Provider) { p.AuthURL = "/auth" },
		"TokenURL: user information":   func(p *oauth.Provider) { p.TokenURL = "https://u:hunter2@shop.example/token" },
		"RevokeURL: a fragment":        func(p *oauth.Provider) { p.RevokeURL = "https://shop.example/revoke#x" },
		`"redirect_uri" cannot be set`: func(p *oauth.Provider) { p.AuthParams = url.Values{"redirect_uri": {"x"}} },
	} {
		p := good()
		change(p)
		err := p.Validate()
		require.ErrorContains(t, err, strings.TrimSpace(name))
		assert.NotContains(t, err.Error(), "hunter2")
		_, beginErr := p.Begin()
		require.EqualError(t, beginErr, err.Error())
		_, exchangeErr := p.Exchange(t.Context(), oauth.Login{}, nil)
		require.EqualError(t, exchangeErr, err.Error())
		_, refreshErr := p.Refresh(t.Context(), nil)
		require.EqualError(t, refreshErr, err.Error())
		require.EqualError(t, p.Revoke(t.Context(), nil), err.Error())
	}
	loopback := good()
	loopback.TokenURL = "http://[::1]:8080/token"
	require.NoError(t, loopback.Validate())
}

// TestT44State and its kin assert that nothing reaches the token endpoint.
func TestT44State(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.ColorMe())
	p := colorMe(srv)
	begun, err := p.Begin()
	require.NoError(t, err)
	other, err := p.Begin()
	require.NoError(t, err)
	query, err := srv.Authorize(t.Context(), begun.URL, "shop-1")
	require.NoError(t, err)

	for name, state := range map[string][]string{
		"missing": nil, "empty": {""}, "of another login": {other.State}, "longer": {begun.State + "x"},
		"shorter": {begun.State[1:]}, "other case": {strings.ToLower(begun.State)},
	} {
		_, err := p.Exchange(t.Context(), begun, url.Values{"code": query["code"], "state": state})
		require.ErrorIs(t, err, oauth.ErrStateMismatch, name)
	}
	_, err = p.Exchange(t.Context(), oauth.Login{ExpiresAt: begun.ExpiresAt}, url.Values{"code": query["code"], "state": {""}})
	require.ErrorIs(t, err, oauth.ErrStateMismatch, "a login that was never begun has no state to match")
	assert.Empty(t, srv.TokenRequests())

	_, err = p.Exchange(t.Context(), begun, query)
	require.NoError(t, err)
}

func TestT44Expired(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := oauthtest.ColorMe()
		config.InMemory = true
		config.CodeLifetime = time.Hour
		srv := oauthtest.NewServer(config)
		defer srv.Close()
		p := colorMe(srv)
		for wait, want := range map[time.Duration]error{
			oauth.LoginLifetime - time.Second: nil,
			oauth.LoginLifetime:               oauth.ErrLoginExpired,
		} {
			begun, err := p.Begin()
			require.NoError(t, err)
			query, err := srv.Authorize(t.Context(), begun.URL, "shop-1")
			require.NoError(t, err)
			sleep(t, wait)
			_, err = p.Exchange(t.Context(), begun, query)
			require.ErrorIs(t, err, want)
		}
		assert.Len(t, srv.TokenRequests(), 1)
	})
}

// sleep lets a bubble's clock run.
func sleep(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}

func TestT45Denied(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.ColorMe())
	p := colorMe(srv)
	begun, err := p.Begin()
	require.NoError(t, err)
	query, err := srv.Refuse(t.Context(), begun.URL)
	require.NoError(t, err)

	_, err = p.Exchange(t.Context(), begun, query)
	require.ErrorIs(t, err, oauth.ErrDenied)
	var denied *oauth.DeniedError
	require.ErrorAs(t, err, &denied)
	assert.Equal(t, "access_denied", denied.Code)
	assert.Contains(t, denied.Description, "拒否")

	query.Set("error", "server_error")
	query.Set("error_description", "line one\r\nline two\x00")
	query.Set("code", "smuggled")
	_, err = p.Exchange(t.Context(), begun, query)
	require.NotErrorIs(t, err, oauth.ErrDenied)
	require.ErrorAs(t, err, &denied)
	assert.Equal(t, "line one line two", denied.Description)
	assert.Empty(t, srv.TokenRequests())
}

// Some platforms send an error without the state. It is refused like any stranger's, and what
// it says is reported.
func TestT44ErrorWithoutState(t *testing.T) {
	t.Parallel()
	p := colorMe(startServer(t, oauthtest.ColorMe()))
	begun, err := p.Begin()
	require.NoError(t, err)
	for _, state := range [][]string{nil, {""}, {"foreign"}} {
		_, err = p.Exchange(t.Context(), begun, url.Values{
			"state": state, "error": {"invalid_scope"}, "error_description": {"line one\r\nline two" + strings.Repeat("x", 1000)},
		})
		require.ErrorIs(t, err, oauth.ErrStateMismatch)
		for _, other := range append([]error{oauth.ErrDenied}, reasons...) {
			require.NotErrorIs(t, err, other, "anybody can have made it")
		}
		var stray *oauth.StateError
		require.ErrorAs(t, err, &stray)
		assert.Equal(t, "colorme", stray.Platform)
		assert.Equal(t, "invalid_scope", stray.Code)
		assert.Contains(t, stray.Description, "line one line two")
		assert.Less(t, len(err.Error()), 1000)
		require.ErrorContains(t, err, "invalid_scope: line one line two")
	}
	_, err = p.Exchange(t.Context(), begun, url.Values{"error": {"access_denied"}})
	require.EqualError(t, err, "oauth: colorme: state mismatch; the redirect says, unproven: access_denied")
	require.NotErrorIs(t, err, oauth.ErrDenied)
}

// T55: a code means the same in a redirect as at the token endpoint.
func TestT55ErrorsOfARedirect(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]error{
		"invalid_request": oauth.ErrClientConfig, "unauthorized_client": oauth.ErrClientConfig, "invalid_scope": oauth.ErrClientConfig,
		"unsupported_response_type": oauth.ErrClientConfig, "request_not_supported": oauth.ErrClientConfig, "what_is_this": oauth.ErrClientConfig,
		"temporarily_unavailable": oauth.ErrTemporary, "server_error": shotengai.ErrOutcomeUnknown,
		"login_required": oauth.ErrInvalidGrant, "consent_required": oauth.ErrInvalidGrant,
		"interaction_required": oauth.ErrInvalidGrant, "account_selection_required": oauth.ErrInvalidGrant,
	} {
		p := answering(http.StatusBadRequest, `{"error":"`+code+`"}`)
		begun, err := p.Begin()
		require.NoError(t, err)
		_, err = p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, "error": {code}})
		assertReason(t, err, want, "redirect: "+code)
		require.NotErrorIs(t, err, oauth.ErrDenied)
		_, err = p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, "code": {"c"}})
		assertReason(t, err, want, "token endpoint: "+code)
	}
}

func TestT46Issuer(t *testing.T) {
	t.Parallel()
	const issuer = "https://id.shop.example"
	for name, tt := range map[string]struct {
		known string
		iss   []string
		want  error
	}{
		"the same":            {issuer, []string{issuer}, nil},
		"not sent":            {issuer, nil, nil},
		"not known":           {"", []string{"https://elsewhere.example"}, nil},
		"another":             {issuer, []string{"https://elsewhere.example"}, oauth.ErrStateMismatch},
		"with a slash":        {issuer, []string{issuer + "/"}, oauth.ErrStateMismatch},
		"twice":               {issuer, []string{issuer, issuer}, oauth.ErrCallback},
		"twice and not known": {"", []string{issuer, issuer}, oauth.ErrCallback},
	} {
		p := answering(http.StatusOK, `{"access_token":"at"}`)
		p.Issuer = tt.known
		for _, parameter := range []string{"code", "error"} {
			begun, err := p.Begin()
			require.NoError(t, err)
			_, err = p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, parameter: {"access_denied"}, "iss": tt.iss})
			switch {
			case tt.want != nil:
				require.ErrorIs(t, err, tt.want, name)
				require.NotErrorIs(t, err, oauth.ErrDenied, name)
			case parameter == "code":
				require.NoError(t, err, name)
			default:
				require.ErrorIs(t, err, oauth.ErrDenied, name)
			}
			if name == "another" {
				require.ErrorContains(t, err, tt.iss[0])
				require.ErrorContains(t, err, issuer)
			}
		}
	}
}

func TestT46Doubled(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.ColorMe())
	p := colorMe(srv)
	begun, err := p.Begin()
	require.NoError(t, err)
	for _, query := range []string{
		"state=" + begun.State + "&code=a&code=b",
		"state=" + begun.State + "&code=a&code=a",
		"state=" + begun.State + "&state=" + begun.State + "&code=a",
		"state=" + begun.State + "&error=a&error=b",
		"state=" + begun.State + "&code=a&scope=a&scope=b",
		"state=" + begun.State,
		"state=" + begun.State + "&code=",
		"state=" + begun.State + "&code=" + strings.Repeat("a", 5000),
	} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		_, err = p.Exchange(t.Context(), begun, values)
		require.ErrorIs(t, err, oauth.ErrCallback, query)
	}
	assert.Empty(t, srv.TokenRequests())
}

func TestT47PKCE(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.MakeShop())
	p := makeshop(t, srv)
	begin := func() (oauth.Login, url.Values) {
		begun, err := p.Begin()
		require.NoError(t, err)
		query, err := srv.Authorize(t.Context(), begun.URL, "shop-1")
		require.NoError(t, err)
		return begun, query
	}

	begun, query := begin()
	begun.Verifier = ""
	_, err := p.Exchange(t.Context(), begun, query)
	require.ErrorIs(t, err, oauth.ErrStateMismatch)
	require.ErrorContains(t, err, "PKCE verifier is lost")
	assert.Empty(t, srv.TokenRequests())

	begun, query = begin()
	begun.Nonce = ""
	_, err = p.Exchange(t.Context(), begun, query)
	require.ErrorContains(t, err, "nonce is lost")
	assert.Empty(t, srv.TokenRequests())

	begun, query = begin()
	begun.Verifier = "another-verifier-another-verifier-another-verifier"
	_, err = p.Exchange(t.Context(), begun, query)
	require.ErrorIs(t, err, oauth.ErrInvalidGrant)
}

func TestOutOfBand(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.ColorMe())
	p := colorMe(srv)
	p.Client.RedirectURL = oauth.OutOfBand
	begun, err := p.Begin()
	require.NoError(t, err)
	query, err := srv.Authorize(t.Context(), begun.URL, "shop-1")
	require.NoError(t, err)

	_, err = p.ExchangeCode(t.Context(), begun, " ")
	require.ErrorIs(t, err, oauth.ErrCallback)
	_, err = p.ExchangeCode(t.Context(), oauth.Login{}, query.Get("code"))
	require.ErrorIs(t, err, oauth.ErrLoginExpired)
	g, err := p.ExchangeCode(t.Context(), begun, " "+query.Get("code")+"\n")
	require.NoError(t, err)
	_, good := srv.Check(g.AccessToken.Reveal())
	assert.True(t, good)
}
