package oauth_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// A login without a web framework: the owner is sent to one address and comes back with
// a code in the query.
func ExampleProvider() {
	ctx := context.Background()
	srv := oauthtest.NewServer(oauthtest.ColorMe())
	defer srv.Close()
	provider := &oauth.Provider{ // a platform's package returns this
		Name: "colorme", AuthURL: srv.AuthURL, TokenURL: srv.TokenURL, HTTPClient: srv.HTTPClient(),
		Client: oauth.Client{
			ID: "client-id", Secret: "client-secret",
			RedirectURL: "https://app.example/callback", Scopes: []string{"read_sales"},
		},
	}

	login, err := provider.Begin() // keep it in the browser's session, send the browser to login.URL
	if err != nil {
		fmt.Println(err)
		return
	}
	query, _ := srv.Authorize(ctx, login.URL, "PA01234567") // what the owner does

	grant, err := provider.Exchange(ctx, login, query)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(grant.TokenType, grant.AccessToken, grant.Scopes, "never ends:", grant.Expiry.IsZero())

	_, err = provider.Exchange(ctx, login, query)
	fmt.Println("a code serves once:", errors.Is(err, oauth.ErrInvalidGrant))
	// Output:
	// Bearer [redacted] [read_sales] never ends: true
	// a code serves once: true
}

// The login as two handlers: a shop's permission is kept under the shop that the login
// was begun for.
func ExampleHandler() {
	config := oauthtest.ColorMe()
	config.Consent = oauthtest.Allow
	srv := oauthtest.NewServer(config)
	defer srv.Close()
	mux := http.NewServeMux()
	app := httptest.NewTLSServer(mux)
	defer app.Close()

	key := make([]byte, 32) // from the app's settings, the same for all instances
	_, _ = rand.Read(key)
	sealer, err := oauth.NewSealer(oauth.SealKey{ID: "2026-11", Key: shotengai.Secret(key)})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := oauth.NewHandler(oauth.HandlerConfig{
		Provider: &oauth.Provider{
			Name: "colorme", AuthURL: srv.AuthURL, TokenURL: srv.TokenURL, HTTPClient: srv.HTTPClient(),
			Client: oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: app.URL + "/callback"},
		},
		Sealer: sealer,
		Hint:   func(r *http.Request) (string, error) { return r.URL.Query().Get("shop"), nil },
		OnGrant: func(_ context.Context, login *oauth.FinishedLogin) (string, error) {
			fmt.Println("keep the grant of", login.Hint)
			return "/welcome", nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux.Handle("GET /login", handler.LoginHandler())
	mux.Handle("GET /callback", handler.CallbackHandler())
	mux.HandleFunc("GET /welcome", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "welcome") })

	browser := app.Client()
	browser.Jar, _ = cookiejar.New(nil)
	resp, err := browser.Get(app.URL + "/login?shop=PA01234567")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Request.URL.Path, resp.StatusCode)
	// Output:
	// keep the grant of PA01234567
	// /welcome 200
}
