package oauth_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
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

func newSealer(t testing.TB) *oauth.Sealer {
	t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "k1", Key: shotengai.Secret(key)})
	require.NoError(t, err)
	return sealer
}

// app is a web app with a login.
type app struct {
	*httptest.Server
	platform *oauthtest.Server
	grants   chan *oauth.FinishedLogin
	errs     chan error
}

// startApp runs an app whose handler may be configured further.
func startApp(t *testing.T, configure func(*oauth.HandlerConfig)) *app {
	t.Helper()
	platform := oauthtest.MakeShop()
	platform.Consent = oauthtest.Allow
	a := &app{
		platform: startServer(t, platform),
		grants:   make(chan *oauth.FinishedLogin, 100),
		errs:     make(chan error, 100),
	}
	mux := http.NewServeMux()
	a.Server = httptest.NewTLSServer(mux)
	t.Cleanup(a.Close)
	provider := makeshop(t, a.platform)
	provider.Client.RedirectURL = a.URL + "/callback"
	config := oauth.HandlerConfig{
		Provider: provider,
		Sealer:   newSealer(t),
		Hint:     func(r *http.Request) (string, error) { return r.URL.Query().Get("shop"), nil },
		OnGrant: func(_ context.Context, login *oauth.FinishedLogin) (string, error) {
			login.SetCookie(&http.Cookie{Name: "session", Value: "s-1", Path: "/", Secure: true, HttpOnly: true})
			a.grants <- login
			return "/home", nil
		},
		OnError: func(w http.ResponseWriter, _ *http.Request, err error) {
			a.errs <- err
			http.Error(w, "sorry", http.StatusTeapot)
		},
	}
	if configure != nil {
		configure(&config)
	}
	handler, err := oauth.NewHandler(config)
	require.NoError(t, err)
	mux.Handle("/login", handler.LoginHandler())
	mux.Handle("/callback", handler.CallbackHandler())
	mux.HandleFunc("/home", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "home") })
	return a
}

// browser is a client with cookies of its own. A slow one stops at each redirect to the
// app.
func (a *app) browser(t *testing.T, slow bool) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := *a.Client()
	client.Jar = jar
	client.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		if slow && strings.HasPrefix(req.URL.String(), a.URL) {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return &client
}

func get(t *testing.T, client *http.Client, address string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(body)
}

// begin goes up to the callback and returns its address.
func (a *app) begin(t *testing.T, browser *http.Client) string {
	t.Helper()
	resp, _ := get(t, browser, a.URL+"/login?shop=ms-9")
	require.Equal(t, http.StatusFound, resp.StatusCode)
	return resp.Header.Get("Location")
}

func TestHandler(t *testing.T) {
	t.Parallel()
	a := startApp(t, nil)
	browser := a.browser(t, false)
	resp, body := get(t, browser, a.URL+"/login?shop=ms-9")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	assert.Equal(t, "home", body)
	login := <-a.grants
	assert.Equal(t, "ms-9", login.Hint)
	_, good := a.platform.Check(login.Grant.AccessToken.Reveal())
	assert.True(t, good)

	home, err := url.Parse(a.URL)
	require.NoError(t, err)
	var names []string
	for _, cookie := range browser.Jar.Cookies(home) {
		names = append(names, cookie.Name)
	}
	assert.Equal(t, []string{"session"}, names, "the login's cookie is gone")
}

func TestHandlerCookie(t *testing.T) {
	t.Parallel()
	a := startApp(t, nil)
	browser := *a.Client()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, body := get(t, &browser, a.URL+"/login?shop=ms-9")
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
	assert.Equal(t, "no-referrer", resp.Header.Get("Referrer-Policy"))
	require.Len(t, resp.Cookies(), 1)
	cookie := resp.Cookies()[0]
	target, err := resp.Location()
	require.NoError(t, err)
	state := target.Query().Get("state")
	assert.Equal(t, "__Host-login-"+state[:8], cookie.Name)
	assert.True(t, cookie.Secure)
	assert.True(t, cookie.HttpOnly)
	assert.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	assert.Equal(t, "/", cookie.Path)
	assert.Empty(t, cookie.Domain)
	assert.Equal(t, 600, cookie.MaxAge)
	assert.Less(t, len(cookie.Value), 1500)
	assert.NotContains(t, cookie.Value, target.Query().Get("nonce"))
	assert.NotContains(t, body, "code_verifier")

	two, _ := get(t, &browser, a.URL+"/login")
	assert.NotEqual(t, cookie.Name, two.Cookies()[0].Name, "a second tab does not spoil the first")
}

func TestHandlerMethods(t *testing.T) {
	t.Parallel()
	a := startApp(t, nil)
	for _, path := range []string{"/login", "/callback"} {
		for _, method := range []string{http.MethodHead, http.MethodPost, http.MethodOptions} {
			req, err := http.NewRequestWithContext(t.Context(), method, a.URL+path, nil)
			require.NoError(t, err)
			resp, err := a.Client().Do(req)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			assert.Equal(t, http.StatusMethodNotAllowed, resp.StatusCode)
			assert.Equal(t, "GET", resp.Header.Get("Allow"))
			assert.Empty(t, resp.Cookies())
		}
	}
}

func TestT44HandlerForeignState(t *testing.T) {
	t.Parallel()
	a := startApp(t, nil)
	victim, attacker := a.browser(t, true), a.browser(t, true)
	callback := a.begin(t, attacker)
	own := a.begin(t, victim)
	for name, address := range map[string]string{
		"a login of another browser":  callback,
		"no state":                    a.URL + "/callback?code=a",
		"a state that was never made": a.URL + "/callback?code=a&state=" + rand.Text(),
		"a state with other letters":  a.URL + "/callback?code=a&state=../../../../../../../../../",
		"own cookie, another state":   strings.Replace(own, "state=", "state=A", 1),
	} {
		resp, _ := get(t, victim, address)
		require.Equal(t, http.StatusTeapot, resp.StatusCode, name)
		require.ErrorIs(t, <-a.errs, oauth.ErrStateMismatch, name)
	}
	assert.Empty(t, a.platform.TokenRequests())
	resp, _ := get(t, victim, own)
	require.Equal(t, http.StatusSeeOther, resp.StatusCode, "the victim's own login is unharmed")
}

func TestT44HandlerCookieOfAnother(t *testing.T) {
	t.Parallel()
	a := startApp(t, nil)
	browser := a.browser(t, true)
	callback, err := url.Parse(a.begin(t, browser))
	require.NoError(t, err)
	cookies := browser.Jar.Cookies(callback)
	require.Len(t, cookies, 1)
	good := cookies[0].Value
	other := a.browser(t, true)
	otherCallback, err := url.Parse(a.begin(t, other))
	require.NoError(t, err)
	for name, value := range map[string]string{
		"of another login": other.Jar.Cookies(otherCallback)[0].Value,
		"changed":          good[:len(good)-6] + "AAAAAA",
		"not base64url":    good + "=",
		"empty":            "",
		"short":            good[:8],
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, callback.String(), nil)
		require.NoError(t, err)
		req.AddCookie(&http.Cookie{Name: cookies[0].Name, Value: value, Secure: true, HttpOnly: true})
		resp, err := a.Client().Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusTeapot, resp.StatusCode, name)
		require.ErrorIs(t, <-a.errs, oauth.ErrStateMismatch, name)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, callback.String(), nil)
	require.NoError(t, err)
	req.AddCookie(&http.Cookie{Name: cookies[0].Name, Value: good, Secure: true, HttpOnly: true})
	req.AddCookie(&http.Cookie{Name: cookies[0].Name, Value: good, Secure: true, HttpOnly: true})
	resp, err := a.Client().Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusTeapot, resp.StatusCode, "two cookies of one name")
	require.ErrorIs(t, <-a.errs, oauth.ErrStateMismatch)
	assert.Empty(t, a.platform.TokenRequests())
}

func TestT44HandlerReuse(t *testing.T) {
	t.Parallel()
	a := startApp(t, nil)
	browser := a.browser(t, true)
	callback := a.begin(t, browser)
	address, err := url.Parse(callback)
	require.NoError(t, err)
	cookie := browser.Jar.Cookies(address)[0]
	resp, _ := get(t, browser, callback)
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)

	resp, _ = get(t, browser, callback)
	require.Equal(t, http.StatusTeapot, resp.StatusCode)
	require.ErrorIs(t, <-a.errs, oauth.ErrStateMismatch, "the cookie is gone")

	query := address.Query()
	query.Set("code", "another-code")
	address.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address.String(), nil)
	require.NoError(t, err)
	req.AddCookie(cookie)
	again, err := a.Client().Do(req)
	require.NoError(t, err)
	require.NoError(t, again.Body.Close())
	require.Equal(t, http.StatusTeapot, again.StatusCode)
	require.ErrorIs(t, <-a.errs, oauth.ErrLoginUsed, "T12: state and nonce serve once, also with the cookie kept")
	assert.Len(t, a.platform.TokenRequests(), 1)
}

func TestT44HandlerExpiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := oauthtest.MakeShop()
		config.InMemory, config.CodeLifetime = true, time.Hour
		srv := oauthtest.NewServer(config)
		defer srv.Close()
		var failure error
		handler, err := oauth.NewHandler(oauth.HandlerConfig{
			Provider: makeshop(t, srv), Sealer: newSealer(t),
			OnGrant: func(context.Context, *oauth.FinishedLogin) (string, error) { return "/", nil },
			OnError: func(_ http.ResponseWriter, _ *http.Request, err error) { failure = err },
		})
		require.NoError(t, err)
		started := httptest.NewRecorder()
		handler.LoginHandler().ServeHTTP(started, httptest.NewRequest(http.MethodGet, "/login", nil))
		query, err := srv.Authorize(t.Context(), started.Header().Get("Location"), "shop-1")
		require.NoError(t, err)
		sleep(t, oauth.LoginLifetime)
		req := httptest.NewRequest(http.MethodGet, "/callback?"+query.Encode(), nil)
		req.AddCookie(started.Result().Cookies()[0])
		handler.CallbackHandler().ServeHTTP(httptest.NewRecorder(), req)
		require.ErrorIs(t, failure, oauth.ErrLoginExpired, "whatever the browser does with the cookie")
		assert.Empty(t, srv.TokenRequests())
	})
}

func TestT45T46Handler(t *testing.T) {
	t.Parallel()
	a := startApp(t, nil)
	for name, tt := range map[string]struct {
		change func(url.Values) string
		want   error
	}{
		"denied": {func(q url.Values) string {
			return url.Values{"state": q["state"], "error": {"access_denied"}}.Encode()
		}, oauth.ErrDenied},
		"code twice":  {func(q url.Values) string { return q.Encode() + "&code=b" }, oauth.ErrCallback},
		"state twice": {func(q url.Values) string { return q.Encode() + "&state=" + q.Get("state") }, oauth.ErrCallback},
		"not a query": {func(q url.Values) string { return q.Encode() + "&%zz" }, oauth.ErrCallback},
		"no code":     {func(q url.Values) string { return url.Values{"state": q["state"]}.Encode() }, oauth.ErrCallback},
	} {
		browser := a.browser(t, true)
		callback, err := url.Parse(a.begin(t, browser))
		require.NoError(t, err)
		callback.RawQuery = tt.change(callback.Query())
		resp, _ := get(t, browser, callback.String())
		require.Equal(t, http.StatusTeapot, resp.StatusCode, name)
		require.ErrorIs(t, <-a.errs, tt.want, name)
	}
	assert.Empty(t, a.platform.TokenRequests())

	browser := a.browser(t, true)
	callback := a.begin(t, browser)
	address, err := url.Parse(callback)
	require.NoError(t, err)
	resp, _ := get(t, browser, callback+"&state="+address.Query().Get("state"))
	require.Equal(t, http.StatusTeapot, resp.StatusCode)
	require.ErrorIs(t, <-a.errs, oauth.ErrCallback)
	resp, _ = get(t, browser, callback)
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode, "two states use up no login")
}

func TestT48DoubleClick(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := oauthtest.MakeShop()
		config.InMemory = true
		srv := startServer(t, config)
		var grants atomic.Int32
		handler, err := oauth.NewHandler(oauth.HandlerConfig{
			Provider: makeshop(t, srv), Sealer: newSealer(t),
			OnGrant: func(_ context.Context, login *oauth.FinishedLogin) (string, error) {
				grants.Add(1)
				login.SetCookie(&http.Cookie{Name: "session", Value: "s-1", Path: "/", Secure: true, HttpOnly: true})
				return "/home", nil
			},
		})
		require.NoError(t, err)
		started := httptest.NewRecorder()
		handler.LoginHandler().ServeHTTP(started, httptest.NewRequest(http.MethodGet, "/login", nil))
		cookie := started.Result().Cookies()[0]
		query, err := srv.Authorize(t.Context(), started.Header().Get("Location"), "shop-1")
		require.NoError(t, err)
		// The delay passes when every click has come and waits.
		srv.Fail(1, shotengaitest.Fault{Path: "/oauth2/token", Delay: time.Second})
		click := func() *httptest.ResponseRecorder {
			req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/callback?"+query.Encode(), nil)
			req.AddCookie(cookie)
			w := httptest.NewRecorder()
			handler.CallbackHandler().ServeHTTP(w, req)
			return w
		}
		began := time.Now()
		var wg sync.WaitGroup
		answers := make([]*httptest.ResponseRecorder, 8)
		for i := range answers {
			wg.Go(func() { answers[i] = click() })
		}
		wg.Wait()
		assert.Equal(t, time.Second, time.Since(began))
		for _, w := range append(answers, click()) {
			assert.Equal(t, http.StatusSeeOther, w.Code)
			assert.Equal(t, "/home", w.Header().Get("Location"))
			names := make(map[string]bool)
			for _, c := range w.Result().Cookies() {
				names[c.Name] = true
			}
			assert.True(t, names["session"], "every click gets the session of the first")
		}
		assert.EqualValues(t, 1, grants.Load())
		assert.Len(t, srv.TokenRequests(), 1)
		assert.Equal(t, 0, srv.Counts().Killed)
	})
}

func TestT48DoubleClickOnTwoInstances(t *testing.T) {
	t.Parallel()
	var claimed sync.Map
	claim := func(_ context.Context, id string, until time.Time) (bool, error) {
		assert.Len(t, id, 64)
		assert.True(t, until.After(time.Now()))
		_, known := claimed.LoadOrStore(id, true)
		return !known, nil
	}
	srv := startServer(t, oauthtest.MakeShop())
	sealer := newSealer(t)
	var failure error
	instance := func() *oauth.Handler {
		handler, err := oauth.NewHandler(oauth.HandlerConfig{
			Provider: makeshop(t, srv), Sealer: sealer, Claim: claim,
			OnGrant: func(context.Context, *oauth.FinishedLogin) (string, error) { return "/", nil },
			OnError: func(_ http.ResponseWriter, _ *http.Request, err error) { failure = err },
		})
		require.NoError(t, err)
		return handler
	}
	one, two := instance(), instance()
	started := httptest.NewRecorder()
	one.LoginHandler().ServeHTTP(started, httptest.NewRequest(http.MethodGet, "/login", nil))
	query, err := srv.Authorize(t.Context(), started.Header().Get("Location"), "shop-1")
	require.NoError(t, err)
	callback := func(h *oauth.Handler) {
		req := httptest.NewRequest(http.MethodGet, "/callback?"+query.Encode(), nil)
		req.AddCookie(started.Result().Cookies()[0])
		h.CallbackHandler().ServeHTTP(httptest.NewRecorder(), req)
	}
	callback(two)
	require.NoError(t, failure, "another instance opens the cookie")
	callback(one)
	require.ErrorIs(t, failure, oauth.ErrLoginUsed)
	assert.Len(t, srv.TokenRequests(), 1)
	assert.Equal(t, 0, srv.Counts().Killed)
}

func TestHandlerBrowserGoesAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		config := oauthtest.MakeShop()
		config.InMemory = true
		srv := oauthtest.NewServer(config)
		defer srv.Close()
		var saved atomic.Bool
		handler, err := oauth.NewHandler(oauth.HandlerConfig{
			Provider: makeshop(t, srv), Sealer: newSealer(t),
			OnGrant: func(ctx context.Context, _ *oauth.FinishedLogin) (string, error) {
				saved.Store(ctx.Err() == nil)
				return "/", nil
			},
		})
		require.NoError(t, err)
		started := httptest.NewRecorder()
		handler.LoginHandler().ServeHTTP(started, httptest.NewRequest(http.MethodGet, "/login", nil))
		query, err := srv.Authorize(t.Context(), started.Header().Get("Location"), "shop-1")
		require.NoError(t, err)
		srv.Fail(1, shotengaitest.Fault{Path: "/oauth2/token", Delay: 10 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/callback?"+query.Encode(), nil)
		req.AddCookie(started.Result().Cookies()[0])
		handler.CallbackHandler().ServeHTTP(httptest.NewRecorder(), req)
		assert.True(t, saved.Load(), "the grant is kept although nobody waits for the answer")
	})
}

func TestHandlerErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk full")
	for name, tt := range map[string]struct {
		configure func(*oauth.HandlerConfig)
		want      string
		is        error
	}{
		"OnGrant fails": {func(c *oauth.HandlerConfig) {
			c.OnGrant = func(context.Context, *oauth.FinishedLogin) (string, error) { return "/", broken }
		}, "keep the grant: disk full", broken},
		"OnGrant panics": {func(c *oauth.HandlerConfig) {
			c.OnGrant = func(context.Context, *oauth.FinishedLogin) (string, error) { panic(broken) }
		}, "OnGrant panicked: disk full", broken},
		"OnGrant returns nothing": {func(c *oauth.HandlerConfig) {
			c.OnGrant = func(context.Context, *oauth.FinishedLogin) (string, error) { return "", nil }
		}, "a path or an https address", nil},
		"OnGrant leads to http": {func(c *oauth.HandlerConfig) {
			c.OnGrant = func(context.Context, *oauth.FinishedLogin) (string, error) { return "http://evil.example/", nil }
		}, "a path or an https address", nil},
		"OnGrant leads to another host by slashes": {func(c *oauth.HandlerConfig) {
			c.OnGrant = func(context.Context, *oauth.FinishedLogin) (string, error) { return "//evil.example/", nil }
		}, "a path or an https address", nil},
		"OnGrant leads to script": {func(c *oauth.HandlerConfig) {
			c.OnGrant = func(context.Context, *oauth.FinishedLogin) (string, error) { return "javascript:alert(1)", nil }
		}, "a path or an https address", nil},
		"Claim fails": {func(c *oauth.HandlerConfig) {
			c.Claim = func(context.Context, string, time.Time) (bool, error) { return true, broken }
		}, "claim the login: disk full", broken},
		"Hint fails": {func(c *oauth.HandlerConfig) {
			c.Hint = func(*http.Request) (string, error) { return "", broken }
		}, "disk full", broken},
		"Hint too long": {func(c *oauth.HandlerConfig) {
			c.Hint = func(*http.Request) (string, error) { return strings.Repeat("x", 513), nil }
		}, "the hint has 513 bytes", nil},
	} {
		a := startApp(t, tt.configure)
		resp, body := get(t, a.browser(t, false), a.URL+"/login")
		require.Equal(t, http.StatusTeapot, resp.StatusCode, name)
		assert.Equal(t, "sorry\n", body)
		err := <-a.errs
		require.ErrorContains(t, err, tt.want, name)
		if tt.is != nil {
			require.ErrorIs(t, err, tt.is, name)
		}
	}
}

// A browser is sent to a path of the app or to an https address, and nowhere that it would
// take for another host: it reads a backslash as a slash, and leaves out tabs and line breaks.
func TestHandlerRedirects(t *testing.T) {
	t.Parallel()
	for next, ok := range map[string]bool{
		"/": true, "/a?b=//c#d": true, "/%5cevil.example": true, "/%09/evil.example": true, "https://shop.example/a": true,

		"": false, "home": false, "?a": false, "//evil.example": false, "///evil.example": false, `/\evil.example`: false, `\/evil.example`: false, `\\evil.example`: false,
		"/\t/evil.example": false, "/\n/evil.example": false, "/\r/evil.example": false, "\t//evil.example": false, " //evil.example": false,
		"https:evil.example": false, "https:/evil.example": false, `https:\\evil.example`: false, `https://shop.example\@evil.example`: false,
		"https://owner@evil.example": false, "https://shop.example:secret@evil.example": false, "//shop.example@evil.example": false,
		"http://shop.example": false, "http://localhost": false, "javascript:alert(1)": false, "data:text/html,a": false,
	} {
		a := startApp(t, func(c *oauth.HandlerConfig) {
			c.OnGrant = func(context.Context, *oauth.FinishedLogin) (string, error) { return next, nil }
		})
		browser := a.browser(t, true)
		browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if r.Response.Request.URL.Path == "/callback" {
				return http.ErrUseLastResponse
			}
			return nil
		}
		resp, _ := get(t, browser, a.URL+"/login")
		if ok {
			require.Equal(t, http.StatusSeeOther, resp.StatusCode, "%q", next)
			assert.Equal(t, next, resp.Header.Get("Location"))
			continue
		}
		require.Equal(t, http.StatusTeapot, resp.StatusCode, "%q", next)
		require.ErrorContains(t, <-a.errs, "a path or an https address", "%q", next)
		assert.Empty(t, resp.Header.Get("Location"))
	}
}

// The handler reports the error of a redirect that has no state.
func TestT44HandlerErrorWithoutState(t *testing.T) {
	t.Parallel()
	a := startApp(t, nil)
	for _, query := range []string{"error=invalid_scope&error_description=no", "error=invalid_scope&error_description=no&state=" + rand.Text()} {
		resp, _ := get(t, a.browser(t, false), a.URL+"/callback?"+query)
		require.Equal(t, http.StatusTeapot, resp.StatusCode)
		err := <-a.errs
		require.ErrorIs(t, err, oauth.ErrStateMismatch)
		require.NotErrorIs(t, err, oauth.ErrClientConfig)
		var stray *oauth.StateError
		require.ErrorAs(t, err, &stray)
		assert.Equal(t, "invalid_scope", stray.Code)
		assert.Equal(t, "no", stray.Description)
	}
}

func TestHandlerDefaultPages(t *testing.T) {
	t.Parallel()
	a := startApp(t, func(c *oauth.HandlerConfig) { c.OnError = nil })
	page := func(change func(url.Values)) (int, string) {
		browser := a.browser(t, true)
		callback, err := url.Parse(a.begin(t, browser))
		require.NoError(t, err)
		query := callback.Query()
		change(query)
		callback.RawQuery = query.Encode()
		resp, body := get(t, browser, callback.String())
		assert.Equal(t, "text/plain; charset=utf-8", resp.Header.Get("Content-Type"))
		return resp.StatusCode, body
	}
	status, body := page(func(q url.Values) {
		q.Del("code")
		q.Set("error", "access_denied")
		q.Set("error_description", "<script>alert(1)</script>")
	})
	assert.Equal(t, http.StatusForbidden, status)
	assert.NotContains(t, body, "script")
	for code, want := range map[string]struct {
		status int
		text   string
	}{
		"invalid_scope":           {http.StatusInternalServerError, "beginning again does not help"},
		"unauthorized_client":     {http.StatusInternalServerError, "beginning again does not help"},
		"temporarily_unavailable": {http.StatusServiceUnavailable, "begin again in a moment"},
		"server_error":            {http.StatusServiceUnavailable, "begin again in a moment"},
		"login_required":          {http.StatusForbidden, "log in at the shop platform first"},
	} {
		status, body = page(func(q url.Values) {
			q.Del("code")
			q.Set("error", code)
		})
		assert.Equal(t, want.status, status, code)
		assert.Contains(t, body, want.text, code)
	}
	status, body = page(func(q url.Values) { q.Set("state", rand.Text()) })
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, body, "another browser")
	status, _ = page(func(q url.Values) { q.Del("code") })
	assert.Equal(t, http.StatusBadRequest, status)
	status, body = page(func(q url.Values) { q.Set("code", "wrong") })
	assert.Equal(t, http.StatusInternalServerError, status)
	assert.Contains(t, body, "The login failed. Please begin again.")
	a.platform.Fail(1, shotengaitest.Fault{Path: "/oauth2/token", Status: 401, Body: `{"error":"invalid_client"}`})
	status, body = page(func(url.Values) {})
	assert.Equal(t, http.StatusInternalServerError, status)
	assert.Contains(t, body, "beginning again does not help")
	a.platform.Fail(1, shotengaitest.Fault{Path: "/oauth2/token", Status: 503})
	status, _ = page(func(url.Values) {})
	assert.Equal(t, http.StatusServiceUnavailable, status)
}

func TestNewHandler(t *testing.T) {
	t.Parallel()
	srv := startServer(t, oauthtest.ColorMe())
	good := func() oauth.HandlerConfig {
		return oauth.HandlerConfig{
			Provider: colorMe(srv), Sealer: newSealer(t),
			OnGrant: func(context.Context, *oauth.FinishedLogin) (string, error) { return "/", nil },
		}
	}
	_, err := oauth.NewHandler(good())
	require.NoError(t, err)
	for want, change := range map[string]func(*oauth.HandlerConfig){
		"without a provider":         func(c *oauth.HandlerConfig) { c.Provider = nil },
		"no client id":               func(c *oauth.HandlerConfig) { c.Provider.Client.ID = "" },
		"without a sealer":           func(c *oauth.HandlerConfig) { c.Sealer = nil },
		"handler with NoSeal: its":   func(c *oauth.HandlerConfig) { c.Sealer = oauth.NoSeal() },
		"without OnGrant":            func(c *oauth.HandlerConfig) { c.OnGrant = nil },
		"has to be https":            func(c *oauth.HandlerConfig) { c.Provider.Client.RedirectURL = "http://app.example/cb" },
		"has to be https ":           func(c *oauth.HandlerConfig) { c.Provider.Client.RedirectURL = oauth.OutOfBand },
		"Insecure is for":            func(c *oauth.HandlerConfig) { c.Insecure = true },
		"set HandlerConfig.Insecure": func(c *oauth.HandlerConfig) { c.Provider.Client.RedirectURL = "http://localhost/cb" },
	} {
		config := good()
		change(&config)
		_, err := oauth.NewHandler(config)
		require.ErrorContains(t, err, strings.TrimSpace(want))
	}
	_, err = oauth.NewHandler(oauth.HandlerConfig{Provider: &oauth.Provider{Name: "shop", AuthURL: "https://shop.example", TokenURL: "http://shop.example"}})
	require.EqualError(t, err, "oauth: handler without a sealer: its cookie must be encrypted\n"+
		"oauth: handler without OnGrant\n"+
		"oauth: shop: no client id\n"+
		"oauth: shop: no client secret\n"+
		"oauth: shop: no redirect address\n"+
		"oauth: shop: TokenURL: https is required", "all at once")
	config := good()
	config.Provider.Client.RedirectURL, config.Insecure = "http://localhost:8080/cb", true
	handler, err := oauth.NewHandler(config)
	require.NoError(t, err)
	started := httptest.NewRecorder()
	handler.LoginHandler().ServeHTTP(started, httptest.NewRequest(http.MethodGet, "/login", nil))
	cookie := started.Result().Cookies()[0]
	assert.False(t, cookie.Secure)
	assert.True(t, strings.HasPrefix(cookie.Name, "login-"))
}
