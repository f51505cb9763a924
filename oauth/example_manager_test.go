package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// A manager keeps a shop's grant: it hands out the access token and refreshes it when
// its time is over.
func ExampleManager() {
	ctx := context.Background()
	srv := oauthtest.NewServer(oauthtest.Config{
		ClientID: "client-id", ClientSecret: "client-secret", ClientAuth: oauthtest.SecretInHeader,
		AccessLifetime: 5 * time.Minute, RefreshLifetime: 12 * time.Hour, Rotate: true,
	})
	defer srv.Close()
	provider := &oauth.Provider{
		Name:      "makeshop",
		Client:    oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: "https://app.example/callback"},
		AuthStyle: oauth.SecretInHeader,
		AuthURL:   srv.AuthURL, TokenURL: srv.TokenURL, HTTPClient: srv.HTTPClient(),
		AccessLifetime: 5 * time.Minute, RefreshLifetime: 12 * time.Hour, Rotates: true,
	}

	manager, err := oauth.NewManager(oauth.ManagerConfig{
		Provider: provider,
		Store:    oauth.NewMemoryStore(oauth.AllowVolatile()), // an app takes oauth/sqlstore
		OnEvent:  func(e oauth.Event) { fmt.Println("event:", e.Kind, e.Key.Shop) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	if _, err := manager.Login(ctx, "PA01234567"); errors.Is(err, shotengai.ErrReauthorize) {
		fmt.Println("no grant yet: to the login")
	}

	login, _ := provider.Begin()
	query, _ := srv.Authorize(ctx, login.URL, "PA01234567")
	grant, err := provider.Exchange(ctx, login, query)
	if err != nil {
		fmt.Println(err)
		return
	}
	grant.Expiry = time.Now() // as if five minutes had passed
	if err := manager.Put(ctx, "PA01234567", grant); err != nil {
		fmt.Println(err)
		return
	}

	token, err := manager.TokenSource("PA01234567").TokenContext(ctx)
	_ = manager.Close(ctx) // waits until the new grant is stored
	fmt.Println(token.Valid(), err)
	// Output:
	// no grant yet: to the login
	// event: refreshed PA01234567
	// true <nil>
}
