package oauth_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/strictjson"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// reasons are what a failed token call may mean; each failure is one of them.
var reasons = []error{
	oauth.ErrInvalidGrant, oauth.ErrClientConfig, oauth.ErrNotSent, oauth.ErrTemporary, shotengai.ErrOutcomeUnknown,
}

func assertReason(t *testing.T, err, want error, name string) {
	t.Helper()
	for _, reason := range reasons {
		assert.Equal(t, errors.Is(want, reason), errors.Is(err, reason), "%s: %v: %v", name, reason, err)
	}
}

// refreshAnswered refreshes a grant against one fixed answer.
func refreshAnswered(t *testing.T, lifetime time.Duration, fault shotengaitest.Fault) (*oauth.Grant, error) {
	t.Helper()
	srv := startServer(t, storesConfig())
	p := stores(t, srv)
	p.AccessLifetime = lifetime
	srv.Fail(1, fault)
	g, err := p.Refresh(t.Context(), &oauth.Grant{AccessToken: "at-old", RefreshToken: "rt-old"})
	assert.Len(t, srv.TokenRequests(), 1, "one attempt, whatever the answer")
	return g, err
}

func TestT40ExpiresIn(t *testing.T) {
	t.Parallel()
	const hour, year = time.Hour, 366 * 24 * time.Hour
	for spelling, want := range map[string]time.Duration{
		"":                        hour,
		`,"expires_in":null`:      hour,
		`,"expires_in":"soon"`:    hour,
		`,"expires_in":""`:        hour,
		`,"expires_in":true`:      hour,
		`,"expires_in":{"s":1}`:   hour,
		`,"expires_in":[300]`:     hour,
		`,"expires_in":"NaN"`:     hour,
		`,"expires_in":"0x12c"`:   hour,
		`,"expires_in":300`:       5 * time.Minute,
		`,"expires_in":"300"`:     5 * time.Minute,
		`,"expires_in":" 300 "`:   5 * time.Minute,
		`,"expires_in": 300.0`:    5 * time.Minute,
		`,"expires_in":299.5`:     299 * time.Second,
		`,"expires_in":3e2`:       5 * time.Minute,
		`,"expires_in":"3e2"`:     5 * time.Minute,
		`,"expires_in":0`:         0,
		`,"expires_in":-1`:        0,
		`,"expires_in":0.9`:       0,
		`,"expires_in":"-300"`:    0,
		`,"expires_in":-1e999`:    0,
		`,"expires_in":31622401`:  year,
		`,"expires_in":1e300`:     year,
		`,"expires_in":1e999999`:  year,
		`,"expires_in":"9999999"`: 9999999 * time.Second,
	} {
		g, err := refreshAnswered(t, hour, shotengaitest.Fault{Body: `{"access_token":"at"` + spelling + `}`})
		require.NoError(t, err, spelling)
		assert.True(t, g.ValidAt(g.ObtainedAt), spelling)
		if want == 0 {
			assert.True(t, g.Expiry.IsZero(), "%s: it is used until it is refused", spelling)
			continue
		}
		assert.Equal(t, want, g.Expiry.Sub(g.ObtainedAt), spelling)
	}
	g, err := refreshAnswered(t, 0, shotengaitest.Fault{Body: `{"access_token":"at"}`})
	require.NoError(t, err)
	assert.True(t, g.Expiry.IsZero(), "a platform whose tokens never expire")
}

// An exchange is strict: its owner is there and can begin again. A refresh takes what it can.
func TestT41Answers(t *testing.T) {
	t.Parallel()
	unknown := shotengai.ErrOutcomeUnknown
	for name, tt := range map[string]struct {
		fault  shotengaitest.Fault
		reason error // of an exchange; nil: a grant
		cause  error
		taken  bool // by a refresh all the same
	}{
		"text/plain JSON":  {fault: shotengaitest.Fault{Body: `{"access_token":"at"}`, ContentType: "text/plain"}},
		"HTML type, JSON":  {fault: shotengaitest.Fault{Body: ` {"access_token":"at"}` + "\n", ContentType: "text/html"}},
		"201":              {fault: shotengaitest.Fault{Status: 201, Body: `{"access_token":"at"}`}},
		"error null":       {fault: shotengaitest.Fault{Body: `{"access_token":"at","error":null}`}},
		"error empty":      {fault: shotengaitest.Fault{Body: `{"access_token":"at","error":""}`}},
		"unknown members":  {fault: shotengaitest.Fault{Body: `{"access_token":"at","created_at":1,"x":{"y":[]}}`}},
		"bearer misspelt":  {fault: shotengaitest.Fault{Body: `{"access_token":"at","token_type":"bEaReR"}`}},
		"escaped name":     {fault: shotengaitest.Fault{Body: `{"access\u005ftoken":"at"}`}},
		"HTML with 200":    {fault: shotengaitest.Fault{Body: "<html><body>login</body></html>"}, reason: unknown, cause: strictjson.ErrSyntax},
		"empty":            {fault: shotengaitest.Fault{Status: 200}, reason: unknown, cause: strictjson.ErrEmpty},
		"204":              {fault: shotengaitest.Fault{Status: 204}, reason: unknown, cause: strictjson.ErrEmpty},
		"trailing garbage": {fault: shotengaitest.Fault{Body: `{"access_token":"at"}}`}, reason: unknown, cause: strictjson.ErrTrailing, taken: true},
		"two documents":    {fault: shotengaitest.Fault{Body: `{"access_token":"at"} {"access_token":"b"}`}, reason: unknown, cause: strictjson.ErrTrailing, taken: true},
		"duplicate keys":   {fault: shotengaitest.Fault{Body: `{"access_token":"a","access_token":"b"}`}, reason: unknown, cause: strictjson.ErrDuplicateKey},
		"keys by case":     {fault: shotengaitest.Fault{Body: `{"access_token":"at","Access_Token":"b"}`}, reason: unknown, cause: strictjson.ErrDuplicateKey, taken: true},
		"array":            {fault: shotengaitest.Fault{Body: `[{"access_token":"at"}]`}, reason: unknown, cause: strictjson.ErrNotObject, taken: true},
		"null":             {fault: shotengaitest.Fault{Body: `null`}, reason: unknown, cause: strictjson.ErrNotObject},
		"invalid UTF-8":    {fault: shotengaitest.Fault{Body: "{\"access_token\":\"at\",\"x\":\"\xff\"}"}, reason: unknown, cause: strictjson.ErrEncoding, taken: true},
		"other case":       {fault: shotengaitest.Fault{Body: `{"ACCESS_TOKEN":"a"}`}, reason: unknown},
		"no token":         {fault: shotengaitest.Fault{Body: `{"token_type":"bearer"}`}, reason: unknown},
		"unknown type":     {fault: shotengaitest.Fault{Body: `{"access_token":"at","token_type":"mac"}`}, reason: unknown, taken: true},
		"refresh number":   {fault: shotengaitest.Fault{Body: `{"access_token":"at","refresh_token":7}`}, reason: unknown},
		"no end":           {fault: shotengaitest.Fault{Body: `{"access_token":"at"`}, reason: unknown, cause: strictjson.ErrSyntax},
		"cut short":        {fault: shotengaitest.Fault{Body: `{"access_token":"at"}`, Truncate: 9}, reason: unknown, cause: io.ErrUnexpectedEOF},
		"over 1 MiB":       {fault: shotengaitest.Fault{Body: strings.Repeat(" ", 1<<20) + `{"access_token":"at"}`}, reason: unknown, cause: shotengai.ErrResponseTooLarge},

		"200 with invalid_grant":   {fault: shotengaitest.Fault{Body: `{"error":"invalid_grant","access_token":"at"}`}, reason: oauth.ErrInvalidGrant},
		"200 with invalid_client":  {fault: shotengaitest.Fault{Body: `{"error":"invalid_client"}`}, reason: oauth.ErrClientConfig},
		"200 with free text":       {fault: shotengaitest.Fault{Body: `{"error":"internal server error"}`}, reason: unknown},
		"200 with an error object": {fault: shotengaitest.Fault{Body: `{"error":{"code":1},"access_token":"at"}`}, reason: unknown},
		"400 behind a BOM":         {fault: shotengaitest.Fault{Status: 400, Body: "\ufeff" + `{"error":"invalid_grant"}`}, reason: oauth.ErrInvalidGrant},
	} {
		g, err := exchangeAnswered(t, tt.fault)
		assertAnswer(t, g, err, "exchange: "+name, tt.reason, tt.cause)
		g, err = refreshAnswered(t, time.Hour, tt.fault)
		if tt.taken {
			tt.reason, tt.cause = nil, nil
		}
		assertAnswer(t, g, err, "refresh: "+name, tt.reason, tt.cause)
		if err == nil {
			assert.Equal(t, "rt-old", g.RefreshToken.Reveal(), name)
		}
	}
}

func assertAnswer(t *testing.T, g *oauth.Grant, err error, name string, reason, cause error) {
	t.Helper()
	if reason == nil {
		require.NoError(t, err, name)
		assert.Equal(t, "at", g.AccessToken.Reveal(), name)
		return
	}
	assert.Nil(t, g, name)
	assertReason(t, err, reason, name)
	if cause != nil {
		require.ErrorIs(t, err, cause, name)
	}
}

// exchangeAnswered finishes a login against one fixed answer.
func exchangeAnswered(t *testing.T, fault shotengaitest.Fault) (*oauth.Grant, error) {
	t.Helper()
	srv := startServer(t, storesConfig())
	p := stores(t, srv)
	begun, err := p.Begin()
	require.NoError(t, err)
	srv.Fail(1, fault)
	return p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, "code": {"c"}})
}

// oddAnswers are whole answers with two tokens that can be used, AT and RT.
func oddAnswers() map[string]string {
	const tokens = `"access_token":"AT","refresh_token":"RT"`
	return map[string]string{
		"unrelated member twice":    `{"note":"a",` + tokens + `,"note":"b"}`,
		"names that differ by case": `{` + tokens + `,"scope":"a","Scope":"b"}`,
		"token_type DPoP":           `{` + tokens + `,"token_type":"DPoP"}`,
		"token_type with a blank":   `{` + tokens + `,"token_type":"Bearer "}`,
		"token_type a number":       `{` + tokens + `,"token_type":1}`,
		"byte order mark":           "\ufeff{" + tokens + `}`,
		"one bad byte in a note":    "{\"note\":\"\xff\"," + tokens + `}`,
		"trailing NUL":              `{` + tokens + "}\x00",
		"trailing brace":            `{` + tokens + `}}`,
		"control character":         "{\"note\":\"\x01\"," + tokens + `}`,
		"no end":                    `{` + tokens + `,"scope":"a`,
		"no comma":                  `{` + strings.ReplaceAll(tokens, ",", " ") + `}`,
		"a warning before it":       `<b>Warning</b>: {1} in x.php` + "\n{" + tokens + `}`,
		"an array":                  `[{` + tokens + `}]`,
		"each token twice":          `{` + tokens + `,` + tokens + `}`,
		"two documents":             `{` + tokens + `}{` + tokens + `}`,
		"an error that is false":    `{"error":false,` + tokens + `}`,
		"an error in words":         `{"error":"invalid_grant",` + tokens + `}`,
		"an echo of the request":    `{"request":{"refresh_token":"rt-old"},` + tokens + `,"note":"\xff"}`,
		"more than 1 MiB":           `{` + tokens + `}` + strings.Repeat(" ", 1<<20),
		"nested 200 levels deep":    `{"x":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `,` + tokens + `}`,
	}
}

func TestT41OddAnswersToARefresh(t *testing.T) {
	t.Parallel()
	for name, body := range oddAnswers() {
		g, err := refreshAnswered(t, time.Hour, shotengaitest.Fault{Body: body})
		require.NoError(t, err, name)
		assert.Equal(t, "AT", g.AccessToken.Reveal(), name)
		assert.Equal(t, "RT", g.RefreshToken.Reveal(), name)
	}
	body := `{"access_token":"AT","refresh_token":"RT","expires_in":300,"scope":"` + strings.Repeat("a", 100) + `"}`
	g, err := refreshAnswered(t, time.Hour, shotengaitest.Fault{Body: body, Truncate: len(body) - 20})
	require.NoError(t, err, "broken off behind the tokens")
	assert.Equal(t, "RT", g.RefreshToken.Reveal())
	assert.Equal(t, 5*time.Minute, g.Expiry.Sub(g.ObtainedAt))
	assert.Empty(t, g.Scopes)
}

func TestT42TokensThatCannotBeSent(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 16<<10)
	for value, ok := range map[string]bool{
		`at\r\nX-Evil: 1`: false, `at\n`: false, `at\u0000`: false, `a t`: false, `\u007f`: false, `トークン`: false, ``: false,
		long + "a": false, long: true, `a=+/~.-_`: true,
	} {
		fault := shotengaitest.Fault{Body: `{"access_token":"` + value + `"}`}
		for _, answered := range []func() (*oauth.Grant, error){
			func() (*oauth.Grant, error) { return exchangeAnswered(t, fault) },
			func() (*oauth.Grant, error) { return refreshAnswered(t, time.Hour, fault) },
		} {
			g, err := answered()
			if ok {
				require.NoError(t, err)
				continue
			}
			assert.Nil(t, g)
			assertReason(t, err, shotengai.ErrOutcomeUnknown, value[:min(len(value), 20)])
			assert.Contains(t, err.Error(), "access_token")
		}
	}
	_, err := refreshAnswered(t, time.Hour, shotengaitest.Fault{Body: `{"access_token":"at","refresh_token":"rt\n"}`})
	assertReason(t, err, shotengai.ErrOutcomeUnknown, "refresh token")
}

// TestMalformations goes through the fake's own list, where the tokens are real.
func TestMalformations(t *testing.T) {
	t.Parallel()
	srv := startServer(t, storesConfig())
	p := stores(t, srv)
	for _, how := range oauthtest.Malformations() {
		srv.Malform(1, how)
		g, err := login(t.Context(), p, srv, how.Name)
		if how.Usable {
			require.NoError(t, err, how.Name)
			given, good := srv.Check(g.AccessToken.Reveal())
			require.True(t, good, how.Name)
			assert.Equal(t, how.Name, given.Shop)
			continue
		}
		require.Error(t, err, how.Name)
		assert.NotErrorIs(t, err, oauth.ErrInvalidGrant, how.Name)
		assert.NotErrorIs(t, err, oauth.ErrNotSent, how.Name)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		want   error
		kind   error
	}{
		"T29 invalid_grant":          {400, `{"error":"invalid_grant","error_description":"unknown"}`, oauth.ErrInvalidGrant, shotengai.ErrInvalid},
		"T30 invalid_client":         {401, `{"error":"invalid_client"}`, oauth.ErrClientConfig, shotengai.ErrUnauthorized},
		"T30 invalid_client 400":     {400, `{"error":"invalid_client"}`, oauth.ErrClientConfig, shotengai.ErrInvalid},
		"T30 unauthorized_client":    {400, `{"error":"unauthorized_client"}`, oauth.ErrClientConfig, shotengai.ErrInvalid},
		"invalid_request":            {400, `{"error":"invalid_request"}`, oauth.ErrClientConfig, shotengai.ErrInvalid},
		"invalid_scope":              {400, `{"error":"invalid_scope"}`, oauth.ErrClientConfig, shotengai.ErrInvalid},
		"403 without a body":         {403, ``, oauth.ErrClientConfig, shotengai.ErrForbidden},
		"401 as HTML":                {401, `<html>no</html>`, oauth.ErrClientConfig, shotengai.ErrUnauthorized},
		"404":                        {404, `not here`, oauth.ErrClientConfig, shotengai.ErrNotFound},
		"free text":                  {400, `{"error":"it is your fault"}`, oauth.ErrClientConfig, shotengai.ErrInvalid},
		"T28 429":                    {429, `{"error":"slow_down"}`, oauth.ErrTemporary, shotengai.ErrRateLimited},
		"T28 503":                    {503, `<html>maintenance</html>`, oauth.ErrTemporary, shotengai.ErrUnavailable},
		"503 invalid_grant":          {503, `{"error":"invalid_grant"}`, oauth.ErrTemporary, shotengai.ErrUnavailable},
		"temporarily_unavailable":    {400, `{"error":"temporarily_unavailable"}`, oauth.ErrTemporary, shotengai.ErrInvalid},
		"408":                        {408, ``, shotengai.ErrOutcomeUnknown, shotengai.ErrUnavailable},
		"500 with text":              {500, `{"error":"internal server error","error_description":"x"}`, shotengai.ErrOutcomeUnknown, shotengai.ErrUnavailable},
		"500 with invalid_grant":     {500, `{"error":"invalid_grant"}`, shotengai.ErrOutcomeUnknown, shotengai.ErrUnavailable},
		"502":                        {502, `<html>Bad Gateway</html>`, shotengai.ErrOutcomeUnknown, shotengai.ErrUnavailable},
		"400 server_error":           {400, `{"error":"server_error"}`, shotengai.ErrOutcomeUnknown, shotengai.ErrInvalid},
		"400 code of the platform":   {400, `{"error":"refresh token gone"}`, oauth.ErrInvalidGrant, shotengai.ErrInvalid},
		"400 with duplicate members": {400, `{"error":"invalid_grant","error":"invalid_grant"}`, oauth.ErrInvalidGrant, shotengai.ErrInvalid},
	} {
		srv := startServer(t, oauthtest.MakeShop())
		p := makeshop(t, srv)
		p.InvalidGrantCodes = []string{"refresh token gone"}
		srv.Fail(1, shotengaitest.Fault{
			Status: tt.status, Body: tt.body, RetryAfter: "7", Header: http.Header{"X-Request-Id": {"req-42"}},
		})
		_, err := p.Refresh(t.Context(), &oauth.Grant{RefreshToken: "rt-old"})
		assertReason(t, err, tt.want, name)
		require.ErrorIs(t, err, tt.kind, name)
		var e *oauth.TokenError
		require.ErrorAs(t, err, &e, name)
		assert.Equal(t, tt.status, e.StatusCode, name)
		assert.Equal(t, "req-42", e.RequestID, name)
		assert.Equal(t, 7*time.Second, e.RetryAfter, name)
		assert.Equal(t, "refresh", e.Op)
		assert.Equal(t, "makeshop", e.Platform)
		assert.NotContains(t, e.Body, "<html>")
		assert.Len(t, srv.TokenRequests(), 1, "T28: no second style of authentication: %s", name)
	}
}

func TestTokenErrorText(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.ColorMe())
	p := colorMe(srv)
	begun, err := p.Begin()
	require.NoError(t, err)
	srv.Fail(1, shotengaitest.Fault{
		Status: 400, RetryAfter: "3", Header: http.Header{"X-Request-Id": {"r  1"}},
		Body: `{"error":"invalid_grant","error_description":"認可コードが\n無効です。"}`,
	})
	_, err = p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, "code": {"c"}})
	require.EqualError(t, err,
		"oauth: colorme: exchange: 400 (invalid_grant): 認可コードが 無効です。: invalid grant; try again in 3s [request r 1]")

	srv.Fail(1, shotengaitest.Fault{Status: 502, Body: "<html><body>" + strings.Repeat("Bad Gateway ", 1000)})
	_, err = p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, "code": {"c"}})
	var e *oauth.TokenError
	require.ErrorAs(t, err, &e)
	assert.LessOrEqual(t, len(e.Body), 2<<10)
	assert.NotContains(t, err.Error(), "Bad Gateway", "the page stays out of the message")
	assert.NotRegexp(t, `: :|\(\)|\[request \]`, err.Error(), "what there is not leaves no gap")
}

func TestT26LostAnswer(t *testing.T) {
	t.Parallel()
	srv := startServer(t, storesConfig())
	p := stores(t, srv)
	g, err := login(t.Context(), p, srv, "store-1")
	require.NoError(t, err)
	srv.LoseAnswers(1)
	_, err = p.Refresh(t.Context(), g)
	assertReason(t, err, shotengai.ErrOutcomeUnknown, "reset after the effect")
	require.ErrorIs(t, err, syscall.ECONNRESET)
	require.ErrorIs(t, err, shotengai.ErrUnavailable)
	assert.Equal(t, 1, srv.Counts().Refreshes, "the token was spent")
	assert.Len(t, srv.TokenRequests(), 2, "and not sent again")

	srv.Fail(1, shotengaitest.Fault{Reset: true})
	_, err = p.Refresh(t.Context(), g)
	assertReason(t, err, shotengai.ErrOutcomeUnknown, "reset before the effect: nobody can know")
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestT27NothingSent(t *testing.T) {
	t.Parallel()
	refresh := func(p *oauth.Provider) error {
		_, err := p.Refresh(t.Context(), &oauth.Grant{RefreshToken: "rt-old"})
		return err
	}
	for name, cause := range map[string]error{
		"nobody listens": os.NewSyscallError("connect", syscall.ECONNREFUSED),
		"unknown host":   &net.DNSError{Err: "no such host", Name: "app-auth.example", IsNotFound: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := startServer(t, oauthtest.MakeShop())
			p := makeshop(t, srv)
			p.HTTPClient = &http.Client{Transport: &http.Transport{
				DialContext: func(context.Context, string, string) (net.Conn, error) {
					return nil, &net.OpError{Op: "dial", Net: "tcp", Err: cause}
				},
			}}
			err := refresh(p)
			assertReason(t, err, oauth.ErrNotSent, name)
			require.ErrorIs(t, err, cause)
			require.ErrorIs(t, err, shotengai.ErrUnavailable)
			assert.Empty(t, srv.Requests())
		})
	}
	t.Run("H18 certificate of a stranger", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		t.Cleanup(server.Close)
		p := makeshop(t, startServer(t, oauthtest.MakeShop()))
		p.TokenURL, p.HTTPClient = server.URL, nil
		err := refresh(p)
		assertReason(t, err, oauth.ErrNotSent, "TLS")
		var untrusted *tls.CertificateVerificationError
		require.ErrorAs(t, err, &untrusted)
	})
	t.Run("cancelled before", func(t *testing.T) {
		t.Parallel()
		srv := startServer(t, oauthtest.MakeShop())
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := makeshop(t, srv).Refresh(ctx, &oauth.Grant{RefreshToken: "rt-old"})
		assertReason(t, err, oauth.ErrNotSent, "cancelled")
		require.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, srv.TokenRequests())
	})
	t.Run("no assertion", func(t *testing.T) {
		t.Parallel()
		srv := startServer(t, storesConfig())
		p := stores(t, srv)
		p.Assert = func(context.Context, string) (string, error) { return "", errors.New("vault is sealed") }
		err := refresh(p)
		assertReason(t, err, oauth.ErrNotSent, "assertion")
		require.ErrorContains(t, err, "vault is sealed")
		assert.Empty(t, srv.TokenRequests())
	})
	t.Run("a transport without trace", func(t *testing.T) {
		t.Parallel()
		p := makeshop(t, startServer(t, oauthtest.MakeShop()))
		p.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, errors.New("dial failed, it says")
		})}
		assertReason(t, refresh(p), shotengai.ErrOutcomeUnknown, "without proof it counts as sent")
	})
}

func TestTokenCallTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := oauthtest.MakeShop()
		config.InMemory = true
		srv := oauthtest.NewServer(config)
		defer srv.Close()
		p := makeshop(t, srv)
		for name, fault := range map[string]shotengaitest.Fault{
			"silent":   {Path: "/oauth2/token", Delay: time.Hour},
			"dripping": {Path: "/oauth2/token", Body: `{"access_token":"at"}`, Drip: 2 * time.Second},
		} {
			srv.Fail(1, fault)
			began := time.Now()
			_, err := p.Refresh(t.Context(), &oauth.Grant{RefreshToken: "rt-old"})
			assertReason(t, err, shotengai.ErrOutcomeUnknown, name)
			require.ErrorIs(t, err, context.DeadlineExceeded, name)
			assert.Equal(t, 20*time.Second, time.Since(began), name)
		}

		srv.Fail(1, shotengaitest.Fault{Delay: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := p.Refresh(ctx, &oauth.Grant{RefreshToken: "rt-old"})
		assertReason(t, err, shotengai.ErrOutcomeUnknown, "the caller's deadline")
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestH08RedirectOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		elsewhere := startServer(t, oauthtest.MakeShop())
		srv := startServer(t, oauthtest.MakeShop())
		srv.Fail(1, shotengaitest.Fault{Status: status, Header: http.Header{"Location": {elsewhere.TokenURL + "?leak=1"}}})
		_, err := makeshop(t, srv).Refresh(t.Context(), &oauth.Grant{RefreshToken: "rt-old"})
		assertReason(t, err, oauth.ErrClientConfig, "a redirect is a refusal")
		assert.Empty(t, elsewhere.Requests(), "neither the secret nor the token goes elsewhere")
		assert.Len(t, srv.Requests(), 1)
	}
}

func TestProviderLeavesTheClientAlone(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.ColorMe())
	p := colorMe(srv)
	before := *p.HTTPClient
	_, err := login(t.Context(), p, srv, "shop-1")
	require.NoError(t, err)
	assert.Nil(t, p.HTTPClient.CheckRedirect)
	assert.Equal(t, before.Transport, p.HTTPClient.Transport)
}
