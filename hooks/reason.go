package hooks

import "errors"

// Reason is why an event was not handled, as one word, for a label of a metric.
type Reason string

// Reasons for which an event is not handled.
const (
	ReasonSignature   Reason = "signature"    // missing, ambiguous, malformed, or that of no secret
	ReasonTimestamp   Reason = "timestamp"    // [ErrTimestamp]
	ReasonAuthKey     Reason = "auth_key"     // [ErrAuthKey]
	ReasonPathToken   Reason = "path_token"   // [ErrPathToken]
	ReasonUnconfirmed Reason = "unconfirmed"  // [ErrUnconfirmed]
	ReasonRequest     Reason = "request"      // the method, the content type or its encoding
	ReasonBody        Reason = "body"         // too large, too slow, incomplete or empty
	ReasonPayload     Reason = "payload"      // [ErrPayload] and [ErrEvent]
	ReasonBodyMemory  Reason = "body_memory"  // [ErrBodyMemory]
	ReasonInProgress  Reason = "in_progress"  // [ErrInProgress] and [ErrClaimLost]
	ReasonSuperseded  Reason = "superseded"   // [ErrSuperseded]
	ReasonLedger      Reason = "ledger"       // [ErrLedger]
	ReasonPanic       Reason = "panic"        // [ErrPanic]
	ReasonHandler     Reason = "handler"      // [ErrHandler]
	ReasonNoHandler   Reason = "no_handler"   // [ErrNoHandler]
	ReasonRedirectURL Reason = "redirect_url" // [ErrRedirectURL]
	ReasonConsumed    Reason = "consumed"     // [ErrBodyConsumed]
	ReasonOther       Reason = "other"        // none of these
)

// reasons holds what wraps other reasons before them.
var reasons = []struct {
	target error
	reason Reason
}{
	{ErrPanic, ReasonPanic},
	{ErrHandler, ReasonHandler}, // whatever it wraps
	{ErrUnconfirmed, ReasonUnconfirmed},
	{ErrSignatureMissing, ReasonSignature},
	{ErrSignatureAmbiguous, ReasonSignature},
	{ErrSignature, ReasonSignature},
	{ErrTimestamp, ReasonTimestamp},
	{ErrAuthKey, ReasonAuthKey},
	{ErrPathToken, ReasonPathToken},
	{ErrMethod, ReasonRequest},
	{ErrContentType, ReasonRequest},
	{ErrContentEncoding, ReasonRequest},
	{ErrBodyTooLarge, ReasonBody},
	{ErrBodyIncomplete, ReasonBody},
	{ErrBodyTimeout, ReasonBody},
	{ErrBodyEmpty, ReasonBody},
	{ErrPayload, ReasonPayload},
	{ErrBodyMemory, ReasonBodyMemory},
	{ErrInProgress, ReasonInProgress},
	{ErrClaimLost, ReasonInProgress},
	{ErrSuperseded, ReasonSuperseded},
	{ErrLedger, ReasonLedger},
	{ErrNoHandler, ReasonNoHandler},
	{ErrRedirectURL, ReasonRedirectURL},
	{ErrBodyConsumed, ReasonConsumed},
}

func reasonOf(err error) Reason {
	if err == nil {
		return ""
	}
	for _, row := range reasons {
		if errors.Is(err, row.target) {
			return row.reason
		}
	}
	return ReasonOther
}
