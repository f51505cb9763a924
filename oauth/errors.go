package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/text"
)

// Why a call to the token endpoint failed. An error of [Provider.Exchange] and
// [Provider.Refresh] that comes from that call matches exactly one of these or
// [shotengai.ErrOutcomeUnknown].
var (
	// ErrInvalidGrant means that the platform refused the code or the refresh token:
	// spent, expired, revoked, or never its own.
	ErrInvalidGrant = errors.New("invalid grant")
	// ErrClientConfig means that the platform refused the request for a reason that
	// lies in the app or its settings and not in the grant: wrong client id or secret,
	// a redirect address that is not registered, a scope or grant type it does not
	// know, a wrong token address. The grant is as it was.
	ErrClientConfig = errors.New("client configuration refused")
	// ErrNotSent means that nothing reached the platform: repeating is safe.
	ErrNotSent = errors.New("request not sent")
	// ErrTemporary means that the platform refused the request for now (429, 503):
	// repeating it later is safe. It wraps [shotengai.ErrUnavailable].
	ErrTemporary error = passing("temporarily refused")
	// ErrTokenInDoubt means that a refresh token was used, its answer was lost and a
	// repetition was refused. It wraps [shotengai.ErrReauthorize].
	ErrTokenInDoubt error = needsLogin("refresh token in doubt: " + shotengai.ErrReauthorize.Error())
)

// Why a login failed before anything was sent to the token endpoint.
var (
	// ErrCallback means that the redirect lacks a parameter or has one twice.
	ErrCallback = errors.New("malformed callback")
	// ErrStateMismatch means that the redirect does not belong to this login, or the
	// login not to this browser.
	ErrStateMismatch = errors.New("state mismatch")
	// ErrLoginExpired means that the login took longer than [LoginLifetime].
	ErrLoginExpired = errors.New("login expired")
	// ErrLoginUsed means that the login was finished before.
	ErrLoginUsed = errors.New("login already used")
	// ErrDenied means that the shop's owner refused.
	ErrDenied = errors.New("permission denied by the owner")
)

// ErrIDToken means that the login's ID token is missing or was refused, for the cause that
// comes with it, or that it could not be judged yet: see [UnverifiedError].
var ErrIDToken = errors.New("ID token not accepted")

// UnverifiedError is a login whose code has been turned into a grant, and whose ID token cannot
// be judged yet: the platform's keys cannot be fetched, or the token's key is too new to be
// among those that were. It matches [ErrIDToken] and [shotengai.ErrUnavailable]. The code is
// used up, and the grant is kept in the error: Finish returns it once its ID token is verified,
// Discard ends it. A [Handler] waits and finishes by itself.
type UnverifiedError struct {
	// Platform is the name of the provider.
	Platform string
	// RetryAfter is when Finish may succeed; 0 if that is not known.
	RetryAfter time.Duration

	cause   error
	finish  func(context.Context) (*Grant, error)
	discard func(context.Context) error
}

// unverified keeps a grant in an error. The secrets are in functions, which print nothing.
func (p *Provider) unverified(grant *Grant, cause error) error {
	e := &UnverifiedError{
		Platform: p.Name,
		cause:    cause,
		finish:   func(ctx context.Context) (*Grant, error) { return p.verify(ctx, grant) },
		discard:  func(ctx context.Context) error { return p.Revoke(ctx, grant) },
	}
	if later, ok := errors.AsType[interface {
		error
		RetryAfter() time.Duration
	}](cause); ok {
		e.RetryAfter = later.RetryAfter()
	}
	return e
}

// Error returns one line.
func (e *UnverifiedError) Error() string {
	text := "oauth: " + e.Platform + ": " + ErrIDToken.Error() + " yet: " + e.cause.Error()
	if e.RetryAfter > 0 {
		text += "; try again in " + e.RetryAfter.Round(time.Second).String()
	}
	return text
}

// Unwrap returns ErrIDToken and the cause.
func (e *UnverifiedError) Unwrap() []error { return []error{ErrIDToken, e.cause} }

// Finish verifies the ID token and returns the grant, which Exchange did not. It sends nothing
// to the token endpoint. It may be called again as long as it returns an UnverifiedError.
func (e *UnverifiedError) Finish(ctx context.Context) (*Grant, error) { return e.finish(ctx) }

// Discard revokes the grant. It returns [ErrNotSupported] where the platform cannot.
func (e *UnverifiedError) Discard(ctx context.Context) error { return e.discard(ctx) }

// ErrNotSupported means that the platform has no such endpoint.
var ErrNotSupported = errors.New("not supported by the platform")

// needsLogin is a reason that a login mends.
type needsLogin string

func (e needsLogin) Error() string { return string(e) }
func (needsLogin) Unwrap() error   { return shotengai.ErrReauthorize }

// passing is a reason that time mends.
type passing string

func (e passing) Error() string { return string(e) }
func (passing) Unwrap() error   { return shotengai.ErrUnavailable }

// TokenError is an answer of the token endpoint that is not a grant. errors.Is matches
// it with its reason (see [ErrInvalidGrant]) and with the kind of its status.
type TokenError struct {
	// Platform is the name of the provider.
	Platform string
	// Op is exchange, refresh or revoke.
	Op string
	// StatusCode is the status of the answer; a refusal may come with 200.
	StatusCode int
	// Code is the member error of the body. Not every platform keeps to the codes of
	// RFC 6749.
	Code string
	// Description is the member error_description, in English or Japanese.
	Description string
	// RetryAfter is how long the platform asks to wait; 0 if it does not say.
	RetryAfter time.Duration
	// RequestID names the request in the platform's own logs, where it sends one.
	RequestID string
	// Body is the start of the answer, at most 2 KiB on one line, without whatever
	// looks like a secret. It is not part of the message.
	Body string

	reason error
	cause  error
	spent  bool // the answer has tokens in it that cannot be used
}

// Error returns one line that is fit for a support ticket.
func (e *TokenError) Error() string {
	var b strings.Builder
	b.WriteString("oauth: " + e.Platform + ": " + e.Op + ": ")
	b.WriteString(strconv.Itoa(e.StatusCode))
	if e.Code != "" {
		b.WriteString(" (" + e.Code + ")")
	}
	if e.Description != "" {
		b.WriteString(": " + e.Description)
	}
	if e.reason != nil {
		b.WriteString(": " + e.reason.Error())
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	if e.RetryAfter > 0 {
		b.WriteString("; try again in " + e.RetryAfter.String())
	}
	if e.RequestID != "" {
		b.WriteString(" [request " + e.RequestID + "]")
	}
	return b.String()
}

// Unwrap returns the reason and the kind of the status.
func (e *TokenError) Unwrap() []error {
	var chain []error
	for _, err := range []error{e.reason, e.cause, api.KindOf(e.StatusCode)} {
		if err != nil {
			chain = append(chain, err)
		}
	}
	return chain
}

// DeniedError is a redirect that brings an error instead of a code. It matches [ErrDenied] when
// the code is access_denied, and otherwise what the same code means at the token endpoint:
//
//   - [ErrClientConfig] for invalid_request, unauthorized_client, invalid_scope,
//     unsupported_response_type and codes that are not known: no new login helps.
//   - [ErrTemporary] for temporarily_unavailable, [shotengai.ErrOutcomeUnknown] for
//     server_error: a new login may help later.
//   - [ErrInvalidGrant] for login_required, consent_required, interaction_required and
//     account_selection_required: the platform has to ask the owner, which a login without
//     prompt=none lets it do.
type DeniedError struct {
	// Platform is the name of the provider.
	Platform string
	// Code is the parameter error.
	Code string
	// Description is the parameter error_description, on one line. It came through the
	// owner's browser: escape it before it goes into a page.
	Description string

	reason error
}

func (p *Provider) denied(query url.Values) *DeniedError {
	e := &DeniedError{
		Platform:    p.Name,
		Code:        text.Excerpt([]byte(query.Get("error")), maxErrorCode),
		Description: text.Excerpt([]byte(query.Get("error_description")), maxDescription),
	}
	if e.Code != accessDenied {
		e.reason = p.reason(http.StatusBadRequest, e.Code)
	}
	return e
}

const accessDenied = "access_denied"

// Error returns the code and the description.
func (e *DeniedError) Error() string {
	text := "oauth: " + e.Platform + ": login refused (" + e.Code + ")"
	if e.Description != "" {
		text += ": " + e.Description
	}
	return text
}

// Is matches [ErrDenied].
func (e *DeniedError) Is(target error) bool {
	return target == ErrDenied && e.Code == accessDenied
}

// Unwrap returns what the code means; nil for access_denied.
func (e *DeniedError) Unwrap() error { return e.reason }

// StateError is a redirect with an error that does not belong to the login of this browser, or
// does not say so: some platforms send an error without the state. It matches
// [ErrStateMismatch] alone, because anybody can have made such an address: Code and
// Description are for a log, not to be acted upon.
type StateError struct {
	// Platform is the name of the provider.
	Platform string
	// Code is the parameter error.
	Code string
	// Description is the parameter error_description, on one line. Escape it before it goes
	// into a page.
	Description string

	cause error
}

// stray adds to a state mismatch what the redirect says.
func (p *Provider) stray(query url.Values, cause error) error {
	if query.Get("error") == "" {
		return fmt.Errorf("oauth: %s: %w", p.Name, cause)
	}
	said := p.denied(query)
	return &StateError{Platform: p.Name, Code: said.Code, Description: said.Description, cause: cause}
}

// Error returns the code and the description.
func (e *StateError) Error() string {
	text := "oauth: " + e.Platform + ": " + e.cause.Error() + "; the redirect says, unproven: " + e.Code
	if e.Description != "" {
		text += ": " + e.Description
	}
	return text
}

// Unwrap returns ErrStateMismatch and what did not match.
func (e *StateError) Unwrap() error { return e.cause }

// GrantError is why a shop has no access token now. Match the cases with errors.Is:
//
//   - [shotengai.ErrReauthorize] (which [ErrNoGrant], [ErrRevoked] and [ErrTokenInDoubt] wrap):
//     the shop's owner has to log in again.
//   - [ErrTemporary] (which comes with [ErrStoreUnavailable] and [ErrUnsaved]): trying
//     again later helps, after RetryAfter at best. A client's call returns
//     [shotengai.ErrUnavailable].
//   - [ErrClientConfig], [ErrStoreSetup], [ErrStoreLost], [ErrSealed]: something has to
//     be set right first; the grant is as it was.
//   - [ErrClosed]: this process is about to end.
type GrantError struct {
	// Key names the grant.
	Key Key
	// Op is what failed: token, refresh, or a call of the store.
	Op string
	// RetryAfter is how long to wait; 0 if that is not known or does not help.
	RetryAfter time.Duration

	errs []error
}

// Error returns one line.
func (e *GrantError) Error() string {
	texts := make([]string, len(e.errs))
	for i, err := range e.errs {
		texts[i] = err.Error()
	}
	text := fmt.Sprintf("oauth: %s shop %q: %s: %s", e.Key.Platform, e.Key.Shop, e.Op, strings.Join(texts, ": "))
	if e.RetryAfter > 0 {
		text += "; try again in " + e.RetryAfter.Round(time.Millisecond).String()
	}
	return text
}

// Unwrap returns the causes.
func (e *GrantError) Unwrap() []error { return e.errs }
