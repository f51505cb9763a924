package idtoken

import (
	"errors"
	"time"

	"github.com/shotengai/shotengai-go"
)

// ErrInvalidToken is matched by every reason for which a token is refused.
var ErrInvalidToken = errors.New("invalid ID token")

// ErrKeysUnavailable means that the token could not be judged: the key set could not be
// fetched, or it was fetched less than 30 seconds ago and did not have the token's key, which
// may be new. It matches [shotengai.ErrUnavailable] and never [ErrInvalidToken]. The same
// token can be verified later; the error has a method RetryAfter that returns how much later.
var ErrKeysUnavailable error = unavailable{}

// The reasons for which a token is refused.
var (
	// ErrMalformed means that it is not a compact JWS of at most 16 KiB with JSON in it
	// that reads in one way only.
	ErrMalformed error = reason("malformed")
	// ErrAlgorithm means that it names an algorithm that is not on the list.
	ErrAlgorithm error = reason("algorithm not allowed")
	// ErrCritical means that it demands an extension; none is known.
	ErrCritical error = reason("unknown critical extension")
	// ErrUnknownKey means that the platform has no such key in a set that was fetched
	// because of this token.
	ErrUnknownKey error = reason("unknown key")
	// ErrSignature means that the key has not signed it.
	ErrSignature error = reason("wrong signature")
	// ErrClaims means that a claim is missing or of the wrong type.
	ErrClaims error = reason("wrong claims")
	// ErrIssuer means that somebody else has issued it.
	ErrIssuer error = reason("wrong issuer")
	// ErrAudience means that it was issued for another client.
	ErrAudience error = reason("wrong audience")
	// ErrExpired means that it has ended.
	ErrExpired error = reason("expired")
	// ErrNotYetValid means that its nbf or iat lies in the future.
	ErrNotYetValid error = reason("not valid yet")
	// ErrTooOld means that it was issued too long ago to belong to a login now.
	ErrTooOld error = reason("issued too long ago")
	// ErrNonce means that it belongs to another login.
	ErrNonce error = reason("wrong nonce")
)

type reason string

func (r reason) Error() string { return string(r) }
func (reason) Unwrap() error   { return ErrInvalidToken }

type unavailable struct{}

func (unavailable) Error() string { return "key set not available" }
func (unavailable) Unwrap() error { return shotengai.ErrUnavailable }

// notYet is ErrKeysUnavailable, and when that may be over.
type notYet struct {
	wait  time.Duration
	cause error
}

func (e *notYet) Error() string             { return ErrKeysUnavailable.Error() + ": " + e.cause.Error() }
func (e *notYet) Unwrap() []error           { return []error{ErrKeysUnavailable, e.cause} }
func (e *notYet) RetryAfter() time.Duration { return max(e.wait, 0) }
