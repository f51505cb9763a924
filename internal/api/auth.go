package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
)

// Auth adds a platform's credentials to a request. It is asked once per attempt, last
// of all, so that a renewed credential is used at once.
type Auth interface {
	// Authorize sets the header fields of one attempt. What it returns is handed to
	// Renew should the platform refuse the attempt as unauthorised.
	Authorize(ctx context.Context, h http.Header) (credential any, err error)
	// Renew is called when a credential was refused. It reports true when another one
	// is now in force and the call is worth one more attempt.
	Renew(ctx context.Context, credential any) (bool, error)
}

// Bearer authorises with the tokens of a source. A source that has TokenContext is
// asked with the call's context; one that has Reject is called with a refused token and
// answers with the token to use instead, or with why there is none.
func Bearer(tokens oauth2.TokenSource) Auth { return bearer{tokens} }

type bearer struct{ tokens oauth2.TokenSource }

func (b bearer) Authorize(ctx context.Context, h http.Header) (any, error) {
	token, err := b.token(ctx)
	if err != nil {
		return nil, sourceError{err}
	}
	if err := checkToken(token); err != nil {
		return nil, err
	}
	h["Authorization"] = []string{"Bearer " + token.AccessToken}
	return token, nil
}

func (b bearer) token(ctx context.Context) (*oauth2.Token, error) {
	if s, ok := b.tokens.(interface {
		TokenContext(ctx context.Context) (*oauth2.Token, error)
	}); ok {
		return s.TokenContext(ctx)
	}
	return b.tokens.Token()
}

func (b bearer) Renew(ctx context.Context, credential any) (bool, error) {
	s, ok := b.tokens.(interface {
		Reject(ctx context.Context, refused *oauth2.Token) (*oauth2.Token, error)
	})
	refused, isToken := credential.(*oauth2.Token)
	if !ok || !isToken {
		return false, nil
	}
	token, err := s.Reject(ctx, refused)
	if err != nil {
		return false, sourceError{err}
	}
	return token != nil && token.AccessToken != refused.AccessToken, nil
}

// sourceError is why a source has no token. What it says of the answer of the token
// endpoint, that it was a 404 or that the outcome is unknown, is not said of the call.
type sourceError struct{ cause error }

func (e sourceError) Error() string { return e.cause.Error() }

func (e sourceError) Is(target error) bool {
	return !slices.Contains(kindsOfCalls, target) && errors.Is(e.cause, target)
}

func (e sourceError) As(target any) bool { return errors.As(e.cause, target) }

var kindsOfCalls = []error{shotengai.ErrForbidden, shotengai.ErrNotFound, shotengai.ErrConflict, shotengai.ErrInvalid, shotengai.ErrOutcomeUnknown, shotengai.ErrResponseTooLarge}

func checkToken(token *oauth2.Token) error {
	if token == nil || token.AccessToken == "" {
		return fmt.Errorf("%w: the token source gave no access token", shotengai.ErrReauthorize)
	}
	if !printable(token.AccessToken) {
		return errors.New("the access token has characters that no header may carry")
	}
	return nil
}
