package stores

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// The kinds of failure, to be matched with errors.Is. They are the same values on every
// platform of this library.
var (
	ErrUnauthorized     = api.ErrUnauthorized     // 401
	ErrForbidden        = api.ErrForbidden        // 403
	ErrNotFound         = api.ErrNotFound         // 404
	ErrConflict         = api.ErrConflict         // 409: coupon code taken, order has a shipping request already
	ErrInvalid          = api.ErrInvalid          // 400, and what was refused before sending
	ErrRateLimited      = api.ErrRateLimited      // 429: the token is blocked for an unspecified time
	ErrUnavailable      = api.ErrUnavailable      // 423, 5xx, no answer, a web page or data of another shape in place of an answer
	ErrOutcomeUnknown   = api.ErrOutcomeUnknown   // a write that may have been carried out
	ErrResponseTooLarge = api.ErrResponseTooLarge // an answer beyond the limit
	ErrReauthorize      = api.ErrReauthorize      // the grant is dead: un-linked, withdrawn or expired
)

var (
	// ErrLocked is a 423: the change was not applied, and may be tried again later.
	ErrLocked = fmt.Errorf("locked, not applied: %w", ErrUnavailable)

	// ErrBlocked is a 403 from the platform's edge in place of the API, a web page. Client
	// authors report it for user agents of stock libraries.
	ErrBlocked = fmt.Errorf("refused at the platform's edge: %w", ErrForbidden)
)

// PageError is what an iteration such as [OrdersService.All] ends with when a page cannot
// be had: all rows before its Offset, an int, have been yielded, unless Err, the cause, is
// [ErrRowsMoved].
type PageError = api.PageError

// ErrRowsMoved is the cause when rows have left a list while it was walked, or more than a
// page of new ones has come: others may have been passed over, also before the Offset of
// the [PageError]. Walk the list again from its start. If the loop itself changes what is in
// the list, collect first and change later.
var ErrRowsMoved = api.ErrRowsMoved

// ErrPageRepeated is the cause when the platform gives the same page twice, which a page of
// new rows in front of a list looks like too.
var ErrPageRepeated = api.ErrPageRepeated

// Error is a call that failed, whether refused by the platform, lost in the network or
// never sent. The platform has neither codes nor request ids.
type Error struct {
	StatusCode int           // HTTP status; 0 when there was no answer
	Message    string        // the platform's first message, in Japanese
	Errors     []string      // all messages of the answer
	RequestID  string        // the id that the platform's edge gave, if any
	RetryAfter time.Duration // how long the platform asked to wait, at most 60 s; 0 when it did not say
	Method     string
	Path       string // without the query
	Body       []byte // at most 2 KiB of the answer
	Attempts   int    // how often the call was tried

	text  string
	chain []error
}

// Error is one line: call, status, message, and what to do about it.
func (e *Error) Error() string { return e.text }

// Unwrap lets errors.Is and errors.As find the kind of failure and its cause.
func (e *Error) Unwrap() []error { return e.chain }

// storePath needs a living grant and nothing else.
const storePath = root + "/store"

// newError reads the platform's error body, makes the failure's kind precise and returns
// the error that users see.
func newError(f *api.Failure) error {
	e := &Error{
		StatusCode: f.StatusCode, RetryAfter: f.RetryAfter, Method: f.Method, Path: f.Path, Attempts: f.Attempts,
		Body: append([]byte(nil), f.Body[:min(len(f.Body), api.MaxExcerpt)]...),
	}
	if f.StatusCode >= 400 {
		e.Errors = parseErrors(f.Body)
		f.RequestID = f.Header.Get("Cf-Ray")
		f.Kind = kindOf(f)
	}
	e.RequestID = f.RequestID
	if len(e.Errors) > 0 {
		e.Message = e.Errors[0]
	}
	message := e.Message
	if message == "" && f.Cause == nil {
		message = api.Excerpt(f.Body, 200)
	}
	e.text, e.chain = f.Text("stores", "", message), f.Chain()
	return e
}

// kindOf: that a grant which was un-linked is a 401, and a shop that has withdrawn a 403 on
// everything, the shop itself included, is inferred; the platform does not say.
func kindOf(f *api.Failure) error {
	switch {
	case f.StatusCode == http.StatusLocked:
		return ErrLocked
	case f.StatusCode == http.StatusForbidden && api.LooksLikeHTML(f.Header.Get("Content-Type"), f.Body):
		return ErrBlocked
	case f.StatusCode == http.StatusUnauthorized:
		return errDead
	case f.StatusCode == http.StatusForbidden && f.Operation == storePath:
		return errWithdrawn
	}
	return f.Kind
}

var (
	errDead      = fmt.Errorf("%w: %w", ErrUnauthorized, ErrReauthorize)
	errWithdrawn = fmt.Errorf("%w: %w", ErrForbidden, ErrReauthorize)
)

// parseErrors reads both shapes: {"errors":[{"message"}]} and {"message"}. Which one comes
// depends on operation and status, so the body decides.
func parseErrors(body []byte) []string {
	var answer struct {
		Message string `json:"message"`
		Errors  []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return nil
	}
	var messages []string
	for _, e := range answer.Errors {
		if e.Message != "" {
			messages = append(messages, e.Message)
		}
	}
	if answer.Message != "" {
		messages = append(messages, answer.Message)
	}
	return messages
}
