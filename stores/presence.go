package stores

import (
	"context"
	"errors"
	"net/http"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

// Presence is whether a shop can still be reached, and how sure that is.
type Presence string

// Values of Presence. The platform sends no notice when a shop withdraws or its owner
// un-links the app, and states no status for either.
const (
	// PresenceThere is a shop that answered.
	PresenceThere Presence = "there"
	// PresenceDoubtful is a shop that the platform returns no data of, with 403, 404 or 410,
	// to a grant that works: it has probably withdrawn. Ask again on another day before
	// anything is deleted.
	PresenceDoubtful Presence = "doubtful"
	// PresenceDisconnected is a shop whose grant has ended, or whose credential is refused:
	// its owner un-linked the app, or the shop is gone. Only another login brings it back.
	PresenceDisconnected Presence = "disconnected"
	// PresenceUnknown is all else: the platform was busy, or refused the caller at its edge,
	// or the app has no grant of the shop or lost it by a mishap of its own.
	PresenceUnknown Presence = "unknown"
)

// Presence finds out whether the shop is gone: it reads the shop and, if the platform
// returns no data of it, has the grant refreshed. A refresh that is refused settles the
// matter, and [oauth.Manager.Status] reports [oauth.StatusReauthorize] from then on; one that
// works leaves it in doubt. The error is the refusal, and nil only for [PresenceThere].
//
// Call it for a shop whose calls fail with [shotengai.ErrForbidden] or
// [shotengai.ErrNotFound], and once a day for one that has been silent. It takes at most two
// calls and a refresh. An app without [ScopeOfflineAccess] finds each shop disconnected
// when the hour of its token is over. Scope: retail.shop.read; without it every shop is
// doubtful.
//
// https://github.com/heyinc/development-partner-docs
func (c *Client) Presence(ctx context.Context, opts ...shotengai.CallOption) (Presence, error) {
	err := c.Verify(ctx, opts...)
	switch {
	case err == nil:
		return PresenceThere, nil
	case hidden(err):
		if refused := c.refresh(ctx); errors.Is(refused, oauth.ErrInvalidGrant) && !mishap(refused) {
			return PresenceDisconnected, errors.Join(err, refused)
		}
		return PresenceDoubtful, err
	case errors.Is(err, shotengai.ErrReauthorize) && !mishap(err):
		return PresenceDisconnected, err
	}
	return PresenceUnknown, err
}

// hidden reports whether the API returned no data of the shop.
func hidden(err error) bool {
	e, answered := errors.AsType[*shotengai.Error](err)
	if !answered || errors.Is(err, ErrBlocked) {
		return false
	}
	switch e.StatusCode {
	case http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return true
	}
	return false
}

// mishap reports whether the app has no grant for reasons that say nothing of the shop.
func mishap(err error) bool {
	return errors.Is(err, oauth.ErrNoGrant) || errors.Is(err, oauth.ErrTokenInDoubt)
}

// refresh has the source replace its token, if it can, and returns why it did not.
func (c *Client) refresh(ctx context.Context) error {
	credential, err := c.auth.Authorize(ctx, http.Header{})
	if err != nil {
		return err
	}
	_, err = c.auth.Renew(ctx, credential)
	return err
}
