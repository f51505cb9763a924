package oauthtest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// A server like that of makeshop: a refresh token is replaced by each refresh, and a spent
// one is refused.
func Example() {
	srv := oauthtest.NewServer(oauthtest.MakeShop())
	defer srv.Close()
	provider := &oauth.Provider{
		Name: "makeshop", AuthStyle: oauth.SecretInHeader, PKCE: true, Nonce: true, Rotates: true,
		Client:  oauth.Client{ID: "client-id", Secret: "client-secret", RedirectURL: "https://app.example/callback"},
		AuthURL: srv.AuthURL, TokenURL: srv.TokenURL, HTTPClient: srv.HTTPClient(),
	}
	ctx := context.Background()
	login, err := provider.Begin()
	if err != nil {
		fmt.Println(err)
		return
	}
	query, err := srv.Authorize(ctx, login.URL, "shop-1") // what the owner of shop-1 does
	if err != nil {
		fmt.Println(err)
		return
	}
	first, err := provider.Exchange(ctx, login, query)
	if err != nil {
		fmt.Println(err)
		return
	}
	second, err := provider.Refresh(ctx, first)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("replaced:", first.RefreshToken != second.RefreshToken)
	_, err = provider.Refresh(ctx, first)
	fmt.Println("a spent token is refused:", errors.Is(err, oauth.ErrInvalidGrant))
	// Output:
	// replaced: true
	// a spent token is refused: true
}
