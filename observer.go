package shotengai

import (
	"context"
	"errors"
	"time"
)

// Call is what an observer learns of one attempt of a call, or of a call that has finished.
// Platform, Operation, Kind and NotRetried have few values, so that they serve as labels of
// metrics. Only Err may name what belongs to a shop.
type Call struct {
	Platform  string // "colorme", "makeshop", "stores" or "rakuten"
	Operation string // the operation as a template without ids, such as "GET /v1/sales/{id}"

	// Finished reports that the call is over. Otherwise one attempt of it is.
	Finished bool
	// Attempt is the number of the attempt, from 1. Of a finished call it is how many there
	// were; 0 when nothing was sent.
	Attempt    int
	StatusCode int       // the HTTP status of the answer, the last one of a finished call; 0 without one
	Kind       ErrorKind // the kind of Err; "" for a success
	Err        error     // an *Error; nil for a success

	Sent     int64 // bytes of the body of the request
	Received int64 // bytes of the body of the answer, decoded

	// The times of a finished call are the sums of those of its attempts. What Took is longer
	// than the other three together went into the credential, such as a refresh of the token.
	Took   time.Duration // from the start to the end
	Paced  time.Duration // waiting for the limiter
	Waited time.Duration // pausing before the attempt, because the one before it failed
	Wire   time.Duration // sending the request and reading the answer

	// NotRetried is why a finished call that failed was not tried again.
	NotRetried NotRetried
}

// WithObserver calls observe after each attempt of a call and after each finished call, in the
// goroutine of the call and with its context. Calls that run at the same time observe at the
// same time. An attempt that ends before its request is sent, because the limiter or the source
// of the credential has failed, is part of the finished call only. The option may be given
// several times; the observers are called in their order.
//
// The same function can observe the token endpoint: see the Observe field of oauth.Provider.
func WithObserver(observe func(ctx context.Context, c Call)) Option {
	return func(s *Settings) error {
		if observe == nil {
			return errors.New("observer: nil")
		}
		s.Observers = append(s.Observers, observe)
		return nil
	}
}

// ErrorKind is the kind of an error as one word, for a label of a metric: see [KindOf].
type ErrorKind string

// The kinds of errors, in the order in which [KindOf] looks for them.
const (
	KindOutcomeUnknown   ErrorKind = "outcome_unknown"    // [ErrOutcomeUnknown]
	KindReauthorize      ErrorKind = "reauthorize"        // [ErrReauthorize]
	KindUnauthorized     ErrorKind = "unauthorized"       // [ErrUnauthorized]
	KindForbidden        ErrorKind = "forbidden"          // [ErrForbidden]
	KindNotFound         ErrorKind = "not_found"          // [ErrNotFound]
	KindConflict         ErrorKind = "conflict"           // [ErrConflict]
	KindRateLimited      ErrorKind = "rate_limited"       // [ErrRateLimited]
	KindResponseTooLarge ErrorKind = "response_too_large" // [ErrResponseTooLarge]
	KindRowsMoved        ErrorKind = "rows_moved"         // [ErrRowsMoved]
	KindPageRepeated     ErrorKind = "page_repeated"      // [ErrPageRepeated]
	KindUnavailable      ErrorKind = "unavailable"        // [ErrUnavailable]
	KindInvalid          ErrorKind = "invalid"            // [ErrInvalid]
	KindCanceled         ErrorKind = "canceled"           // [context.Canceled]: the context of the call was cancelled
	KindDeadline         ErrorKind = "deadline"           // [context.DeadlineExceeded]: the context had no time left
	KindOther            ErrorKind = "other"              // none of these, such as an answer that cannot be read
)

var errorKinds = []struct {
	target error
	kind   ErrorKind
}{
	{ErrOutcomeUnknown, KindOutcomeUnknown},
	{ErrReauthorize, KindReauthorize},
	{ErrUnauthorized, KindUnauthorized},
	{ErrForbidden, KindForbidden},
	{ErrNotFound, KindNotFound},
	{ErrConflict, KindConflict},
	{ErrRateLimited, KindRateLimited},
	{ErrResponseTooLarge, KindResponseTooLarge},
	{ErrRowsMoved, KindRowsMoved},
	{ErrPageRepeated, KindPageRepeated},
	{ErrUnavailable, KindUnavailable},
	{ErrInvalid, KindInvalid},
	{context.Canceled, KindCanceled},
	{context.DeadlineExceeded, KindDeadline},
}

// KindOf returns the kind of an error of any package of this library: of the first sentinel in
// the list of kinds that [errors.Is] matches. It is "" for nil.
func KindOf(err error) ErrorKind {
	if err == nil {
		return ""
	}
	for _, row := range errorKinds {
		if errors.Is(err, row.target) {
			return row.kind
		}
	}
	return KindOther
}

// NotRetried is why a failed call was not tried again.
type NotRetried string

// Reasons for which a failed call is not tried again.
const (
	// NotRetriedFinal means that another attempt would fail in the same way.
	NotRetriedFinal NotRetried = "final"
	// NotRetriedUnsafe means that the call is a write which may have been carried out, or which
	// is only ever sent once. A read would have been tried again.
	NotRetriedUnsafe NotRetried = "unsafe"
	// NotRetriedAttempts means that all attempts of the [RetryPolicy] were used.
	NotRetriedAttempts NotRetried = "attempts"
	// NotRetriedBudget means that too many calls of the client had been tried again: retries
	// are at most a fifth of all calls, after a reserve of 10.
	NotRetriedBudget NotRetried = "budget"
	// NotRetriedDeadline means that the context would have ended before the next attempt.
	NotRetriedDeadline NotRetried = "deadline"
	// NotRetriedCanceled means that the context had ended.
	NotRetriedCanceled NotRetried = "canceled"
	// NotRetriedCredential means that there was no credential to send, or no other one in place
	// of one that was refused.
	NotRetriedCredential NotRetried = "credential"
	// NotRetriedLimiter means that the limiter failed.
	NotRetriedLimiter NotRetried = "limiter"
)
