package oauthtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// Browser returns a client that behaves as the browser of a shop's owner does: it keeps
// cookies, and follows redirects to the server and back to the app. Each call returns
// another browser.
//
// In memory it reaches the server as HTTPClient does, and all other addresses by the
// machine's network; set its Transport to reach an app that is in memory too.
func (a *Authority) Browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic("oauthtest: cookies: " + err.Error())
	}
	browser := *a.client
	browser.Jar = jar
	if a.inMemory {
		browser.Transport = byHost{host: a.host, to: a.client.Transport, other: http.DefaultTransport}
	}
	return &browser
}

// byHost sends the requests for one host another way than those for all others.
type byHost struct {
	host      string
	to, other http.RoundTripper
}

// RoundTrip sends a request.
func (t byHost) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == t.host {
		return t.to.RoundTrip(r)
	}
	return t.other.RoundTrip(r)
}

// Login plays the owner of the shop that is logged in: the owner opens a login address, and
// allows what the app asks for unless [Config.Consent] is Deny. Login returns the query that
// the browser brings to the redirect address, which is not opened; with the out-of-band
// address that is the code alone.
func (a *Authority) Login(ctx context.Context, loginURL string) (url.Values, error) {
	a.mu.Lock()
	asks := a.config.Consent == Ask
	a.mu.Unlock()
	if asks {
		return a.browse(ctx, loginURL, url.Values{"decision": {"allow"}})
	}
	return a.browse(ctx, loginURL, nil)
}

// Authorize plays the owner of a shop who opens a login address and allows it. It
// returns the query of the redirect; with the out-of-band address that is the code
// alone.
func (a *Authority) Authorize(ctx context.Context, loginURL, shop string) (url.Values, error) {
	return a.browse(ctx, loginURL, url.Values{"decision": {"allow"}, "shop": {shop}})
}

// Refuse plays the owner of a shop who opens a login address and refuses.
func (a *Authority) Refuse(ctx context.Context, loginURL string) (url.Values, error) {
	return a.browse(ctx, loginURL, url.Values{"decision": {"deny"}})
}

// browse opens a login address, by the form of the consent page if there is one.
func (a *Authority) browse(ctx context.Context, loginURL string, form url.Values) (url.Values, error) {
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, loginURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, errors.New("oauthtest: the login address cannot be opened")
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	browser := a.Browser()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := browser.Do(req)
	if err != nil {
		return nil, fmt.Errorf("oauthtest: open the login address: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusFound {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return nil, fmt.Errorf("oauthtest: the login address answers %d: %s", resp.StatusCode, strings.TrimSpace(string(text)))
	}
	target, err := resp.Location()
	if err != nil {
		return nil, fmt.Errorf("oauthtest: redirect: %w", err)
	}
	if code, found := strings.CutPrefix(target.String(), a.AuthURL+"/"); found {
		return url.Values{"code": {code}}, nil
	}
	return target.Query(), nil
}
