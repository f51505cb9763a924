package idtoken_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go/oauth/idtoken"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
)

// A verifier of one platform, shared by all logins. It believes a token of the login that
// had its nonce, and none other.
func Example() {
	ctx := context.Background()
	platform := oauthtest.NewServer(oauthtest.MakeShop())
	defer platform.Close()

	verifier, err := idtoken.New(idtoken.Config{
		Issuer:     "https://app-auth.makeshop.jp",
		ClientID:   "client-id",
		Algorithms: []string{"RS256"},
		KeySetURL:  platform.JWKSURL,
		HTTPClient: platform.HTTPClient(), // for the fake; nil in production
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	now := time.Now()
	token := platform.SignIDToken(nil, map[string]any{
		"iss": "https://app-auth.makeshop.jp", "aud": "client-id", "sub": "shop-1", "nonce": "nonce-of-the-login",
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	})

	verified, err := verifier.Verify(ctx, token, "nonce-of-the-login")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verified.Subject)
	_, err = verifier.Verify(ctx, token, "nonce-of-another-login")
	fmt.Println(errors.Is(err, idtoken.ErrNonce))
	// Output:
	// shop-1
	// true
}
