package assertion_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/assertion"
)

// A STORES app proves itself with a private key in place of a secret. Its public half is
// registered with the platform.
func Example() {
	privateKey := []byte(`{"kty":"EC","crv":"P-256","kid":"app-1",
		"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
		"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
		"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}`) // from the app's secret store
	signer, err := assertion.New("client-id", privateKey)
	if err != nil {
		fmt.Println(err)
		return
	}
	register, err := signer.KeySet()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(register))

	provider := oauth.Provider{AuthStyle: oauth.PrivateKeyJWT, Assert: signer.Assert} // package stores makes it
	token, err := provider.Assert(context.Background(), "https://id.stores.jp/token")
	if err != nil {
		fmt.Println(err)
		return
	}
	header, _, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(header)
	fmt.Println(string(text), err)
	fmt.Println(signer) // hides the key
	// Output:
	// {"keys":[{"use":"sig","kty":"EC","kid":"app-1","crv":"P-256","alg":"ES256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
	// {"alg":"ES256","kid":"app-1","typ":"JWT"} <nil>
	// assertion.Signer(client-id)
}
