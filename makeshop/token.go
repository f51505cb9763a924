package makeshop

import (
	"context"
	"strings"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
)

// PersistentToken is the source of a token for which no expiry is documented: the one that
// the install webhook delivers, or that the admin screen shows for an app of one's own. It
// dies when the app is uninstalled, and another one comes with the next installation: a
// client that lives that long needs a [TokenFunc].
func PersistentToken(token shotengai.Secret) oauth2.TokenSource {
	fixed := bearerToken(token)
	return fixedToken(func() *oauth2.Token { return fixed })
}

// fixedToken is a source of one token. It is a function because fmt shows nothing of one,
// unlike of an [oauth2.StaticTokenSource].
type fixedToken func() *oauth2.Token

// Token returns the token.
func (f fixedToken) Token() (*oauth2.Token, error) { return f(), nil }

// TokenFunc is the source of a persistent token that is kept elsewhere, such as in the
// app's database. It is asked at each attempt, with the call's context, so that all
// instances of an app use the token of a new installation at once. When the platform
// refuses a token it is asked once more, and another token gets one more attempt.
type TokenFunc func(ctx context.Context) (shotengai.Secret, error)

// Token asks without a context; the client asks with that of the call.
func (f TokenFunc) Token() (*oauth2.Token, error) {
	return f.TokenContext(context.Background()) //nolint:forbidigo // its caller has none
}

// TokenContext asks for the token.
func (f TokenFunc) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	token, err := f(ctx)
	if err != nil {
		return nil, err
	}
	return bearerToken(token), nil
}

// Reject asks whether there is another token by now.
func (f TokenFunc) Reject(ctx context.Context, _ *oauth2.Token) (*oauth2.Token, error) {
	return f.TokenContext(ctx)
}

func bearerToken(token shotengai.Secret) *oauth2.Token {
	return &oauth2.Token{AccessToken: strings.TrimSpace(token.Reveal())}
}
