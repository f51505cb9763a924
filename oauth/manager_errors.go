package oauth

import (
	"fmt"
	"strings"
	"time"
)

// GrantError says why a shop has no access token now. errors.Is tells the cases apart:
//
//   - [shotengai.ErrReauthorize] (which [ErrNoGrant], [ErrRevoked] and [ErrTokenInDoubt] wrap):
//     the shop's owner has to log in again.
//   - [ErrTemporary] (which comes with [ErrStoreUnavailable] and [ErrUnsaved]): trying
//     again later helps, after RetryAfter at best. Of a client's call it is the platform
//     package's ErrUnavailable.
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
