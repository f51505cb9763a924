package hooks

import (
	"errors"
	"fmt"
	"time"
)

// The reasons for which a delivery is refused, to be matched with errors.Is.
// None of them carries a secret, a computed MAC or a part of the body, so that an
// application may log them.
var (
	// ErrSecret means that a verifier has no secret, or an empty or blank one, or
	// one with a line break in it.
	ErrSecret = errors.New("hooks: unusable secret")
	// ErrConfig means that a receiver was configured with something it cannot work with.
	ErrConfig = errors.New("hooks: invalid configuration")

	// ErrSignatureMissing means that the delivery carries no signature.
	ErrSignatureMissing = errors.New("hooks: no signature")
	// ErrSignatureAmbiguous means that the delivery carries several signatures.
	ErrSignatureAmbiguous = errors.New("hooks: more than one signature")
	// ErrSignatureMalformed means that the signature is not spelt as the platform
	// spells it. It is an ErrSignature too.
	ErrSignatureMalformed = fmt.Errorf("%w: malformed", ErrSignature)
	// ErrSignature means that the signature is that of no secret for this body.
	ErrSignature = errors.New("hooks: signature does not match")
	// ErrTimestamp means that the signed time is missing, unreadable or outside of the
	// tolerance. See [SkewError].
	ErrTimestamp = errors.New("hooks: timestamp refused")

	// ErrAuthKey means that a Rakuten event does not carry the authKey.
	ErrAuthKey = errors.New("hooks: authKey does not match")
	// ErrPathToken means that the address of a makeshop hook does not end in the path token.
	ErrPathToken = errors.New("hooks: path token does not match")
	// ErrUnconfirmed means that the application's Confirm did not find an event to be
	// true. The error wraps the function's own.
	ErrUnconfirmed = errors.New("hooks: event not confirmed")

	// ErrMethod means that the request is not a POST.
	ErrMethod = errors.New("hooks: method not allowed")
	// ErrContentType means that the request does not carry the platform's media type.
	ErrContentType = errors.New("hooks: content type not accepted")
	// ErrContentEncoding means that the body is compressed. Signatures are made over
	// the bytes sent, and nothing is decompressed before it is verified.
	ErrContentEncoding = errors.New("hooks: content encoding not accepted")
	// ErrBodyTooLarge means that the body is longer than the limit.
	ErrBodyTooLarge = errors.New("hooks: body too large")
	// ErrBodyIncomplete means that the body ended before its announced end.
	ErrBodyIncomplete = errors.New("hooks: body incomplete")
	// ErrBodyTimeout means that the body did not arrive in time.
	ErrBodyTimeout = errors.New("hooks: body too slow")
	// ErrBodyMemory means that the bodies that are being read take all of
	// [Options.BodyMemory].
	ErrBodyMemory = errors.New("hooks: too many bodies at once")
	// ErrBodyConsumed means that something in front of the receiver has read the body:
	// mount the receiver before it.
	ErrBodyConsumed = errors.New("hooks: body already consumed")
	// ErrBodyEmpty means that there is no body.
	ErrBodyEmpty = errors.New("hooks: empty body")

	// ErrPayload means that the body is not one unambiguous document of the expected form.
	ErrPayload = errors.New("hooks: malformed payload")
	// ErrEvent means that the document lacks a required field, or that a field is not
	// of the platform's form. It is an ErrPayload too. See [FieldError].
	ErrEvent = fmt.Errorf("%w: not this event", ErrPayload)

	// ErrInProgress means that the same event, or another one of the same shop, is
	// still being handled elsewhere.
	ErrInProgress = errors.New("hooks: in progress elsewhere")
	// ErrSuperseded means that a newer event of the shop has been handled.
	ErrSuperseded = errors.New("hooks: superseded by a newer event")
	// ErrLedger means that the ledger failed.
	ErrLedger = errors.New("hooks: ledger failed")
	// ErrClaimLost is what a [Ledger] answers when the claim ran out and somebody else
	// has taken the event.
	ErrClaimLost = errors.New("hooks: claim lost")
	// ErrClaim is what a [Ledger] answers to a claim that breaks the limits of [Claim].
	ErrClaim = errors.New("hooks: invalid claim")

	// ErrNoHandler means that the application gave no function for this event.
	ErrNoHandler = errors.New("hooks: no handler for this event")
	// ErrHandler means that the application's function failed. The error wraps the
	// function's own.
	ErrHandler = errors.New("hooks: handler failed")
	// ErrPanic means that the application's function panicked. It is an ErrHandler too.
	ErrPanic = fmt.Errorf("%w: panic", ErrHandler)
	// ErrRedirectURL means that the address to which the owner is to be sent is
	// missing, not absolute, not https or on a foreign host.
	ErrRedirectURL = errors.New("hooks: redirect URL refused")
)

// FieldError names the field for which an event was refused. It is an [ErrEvent].
type FieldError struct {
	// Field is the path of the field, in the platform's spelling.
	Field string
	// Problem is what is wrong with it, without its value.
	Problem string
}

// Error names the field and the problem.
func (e *FieldError) Error() string {
	return ErrEvent.Error() + ": " + e.Field + ": " + e.Problem
}

// Unwrap returns [ErrEvent].
func (e *FieldError) Unwrap() error { return ErrEvent }

// SkewError reports how far a signed time is from the receiver's clock. It is an
// [ErrTimestamp]. A skew that is the same for every delivery is a wrong clock.
type SkewError struct {
	// Skew is the receiver's time minus the signed time: positive when the delivery
	// looks old.
	Skew time.Duration
	// Tolerance is the largest skew that would have been accepted.
	Tolerance time.Duration
}

// Error names the measured skew.
func (e *SkewError) Error() string {
	side := "behind"
	if e.Skew < 0 {
		side = "ahead of"
	}
	return fmt.Sprintf("%v: it is %v %s the receiver's clock, tolerated are %v",
		ErrTimestamp, e.Skew.Abs(), side, e.Tolerance)
}

// Unwrap returns [ErrTimestamp].
func (e *SkewError) Unwrap() error { return ErrTimestamp }
