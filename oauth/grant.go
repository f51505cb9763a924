package oauth

import (
	"encoding/json"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
)

// Grant is what a shop has permitted, as the token endpoint answered it.
type Grant struct {
	// AccessToken goes with each call.
	AccessToken shotengai.Secret
	// RefreshToken renews the grant; empty where the platform has none.
	RefreshToken shotengai.Secret
	// RefreshMissing reports that the login brought no refresh token although the platform
	// issues them: the grant ends with its access token, at Expiry. A server may leave the
	// token out that was asked for by a scope, such as offline_access, unless the owner is
	// asked for consent again.
	RefreshMissing bool `json:",omitzero"`
	// IDToken is the latest one received; empty where the platform has none. Only the
	// one of the login is verified, and Claims are taken from that one. One of a refresh with
	// another nonce than Nonce is not taken.
	IDToken shotengai.Secret
	// Nonce is that of the login, empty where there was none. The ID token of a refresh is
	// compared with it, if it has a nonce.
	Nonce shotengai.Secret
	// TokenType is "Bearer", however the platform spells it.
	TokenType string
	// Scopes are the permissions given, which may be fewer than were asked for.
	Scopes []string
	// Expiry is when the access token ends; the zero time means never.
	Expiry time.Time
	// RefreshExpiry is when the refresh token ends if it is not used; the zero time
	// means never, or not known.
	RefreshExpiry time.Time
	// ObtainedAt is the time just before the request that the tokens answered.
	ObtainedAt time.Time
	// Claims is the verified payload of the login's ID token, as JSON; nil where the
	// platform has none.
	Claims json.RawMessage `json:",omitzero"`
}

// ValidAt reports whether the access token has not ended at the given time.
func (g *Grant) ValidAt(at time.Time) bool {
	return g != nil && g.AccessToken != "" && (g.Expiry.IsZero() || at.Before(g.Expiry))
}

// Token returns the access token in the form that clients take. It holds neither the
// refresh token nor the ID token. Unlike a Grant, an [oauth2.Token] prints its secret.
func (g *Grant) Token() *oauth2.Token {
	return &oauth2.Token{
		AccessToken: g.AccessToken.Reveal(),
		TokenType:   g.TokenType,
		Expiry:      g.Expiry,
	}
}
