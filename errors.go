package shotengai

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/text"
)

// The kinds of failure, to be matched with [errors.Is]. They mean the same on every
// platform.
var (
	// ErrUnauthorized is a credential that the platform refused: 401.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden is something that the credential does not allow: 403.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound is something that does not exist: 404 and 410.
	ErrNotFound = errors.New("not found")
	// ErrConflict is a state that does not allow the call: 409.
	ErrConflict = errors.New("conflict")
	// ErrInvalid is a call that is wrong as it is: 400, 422, refusals inside 200, and what
	// was refused before sending.
	ErrInvalid = errors.New("invalid request")
	// ErrRateLimited is a call that came too soon: 429, and codes that mean it.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnavailable is a platform that does not work for now: 423, 5xx, no answer, a web
	// page or data of another shape in place of an answer. Try again later.
	ErrUnavailable = errors.New("unavailable")
	// ErrOutcomeUnknown is a write that may have been carried out. Look before repeating it.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrResponseTooLarge is an answer beyond the limit that [WithBodyLimit] sets.
	ErrResponseTooLarge = errors.New("response too large")
	// ErrReauthorize is a credential that is dead: the owner has to log in, install or issue
	// a key again. No retry helps.
	ErrReauthorize = errors.New("authorisation is needed again")
)

// Error is a call that failed, whether refused by the platform, lost in the network or
// never sent. Use [errors.Is] for the kind of failure and [errors.As] for the details.
type Error struct {
	Platform   string        // "colorme", "makeshop", "stores" or "rakuten"
	Operation  string        // the operation as a template without ids, such as "GET /v1/sales/{id}"
	Method     string        // the HTTP method
	Path       string        // the path that was called, without the query
	StatusCode int           // the HTTP status, which may be 200; 0 when there was no answer
	Code       string        // the platform's code of the first error; "" when it gave none
	Message    string        // the platform's message of the first error, often Japanese
	Field      string        // the request field that the first error is about; often ""
	Details    []Detail      // all errors of the answer, the first one included
	RequestID  string        // the platform's id of the request; "" when it gave none
	RetryAfter time.Duration // how long the platform asked to wait, at most 60 s; 0 when it did not say
	Attempts   int           // how often the call was sent; 0 when it never was
	Body       []byte        // at most 2 KiB of the answer, 64 KiB of one with a value that cannot be read; credentials masked

	// Kind is what errors.Is matches: one of the sentinels above, or a sentinel of the
	// platform that wraps one. It is nil for failures of another kind, such as a context
	// that has ended.
	Kind error
	// Unknown reports that the call is a write that may have been carried out. The error
	// then matches ErrOutcomeUnknown.
	Unknown bool
	// Cause is what the transport, the decoder or the context said, or nil.
	Cause error
}

// Detail is one of the errors in an answer. Platforms fill different fields.
type Detail struct {
	Code    string
	Message string
	Field   string // the request field, as requests spell it
	Ref     string // what the error is about, such as an order number
	Row     int    // the row of the request that it is about, from 1; 0 when it names none
	Status  int    // the HTTP status that belongs to it; 0 when the platform gives none
}

// Unwrap lets errors.Is and errors.As find the kind of failure and its cause.
func (e *Error) Unwrap() []error {
	chain := make([]error, 0, 3)
	if e.Kind != nil {
		chain = append(chain, e.Kind)
	}
	if e.Unknown {
		chain = append(chain, ErrOutcomeUnknown)
	}
	if e.Cause != nil {
		chain = append(chain, e.Cause)
	}
	return chain
}

// Error is one line: operation, status, code, message, and what to do about it. For example
//
//	colorme: GET /v1/sales/{id}: 404 not found (404100): …
func (e *Error) Error() string {
	var b strings.Builder
	operation := e.Operation
	if operation == "" {
		operation = strings.TrimSpace(e.Method + " " + e.Path)
	}
	fmt.Fprintf(&b, "%s: %s: %s", e.Platform, foreign(operation), e.status())
	if e.Code != "" {
		b.WriteString(" (" + foreign(e.Code) + ")")
	}
	if message := e.message(); message != "" {
		b.WriteString(": " + foreign(message))
	}
	if e.Cause != nil {
		if cause := strings.TrimSpace(e.Cause.Error()); cause != "" {
			b.WriteString(": " + foreign(strings.ReplaceAll(cause, "\n", "; "))) // errors.Join puts each on a line
		}
	}
	if e.Unknown {
		b.WriteString("; the call may have been carried out: look before repeating it")
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, "; try again in %s", e.RetryAfter)
	}
	if e.RequestID != "" {
		b.WriteString(" [request " + foreign(e.RequestID) + "]")
	}
	return b.String()
}

func (e *Error) status() string {
	switch {
	case e.StatusCode == 0 && e.Attempts == 0:
		return "not sent"
	case e.StatusCode == 0:
		return "no answer"
	case e.StatusCode >= 200 && e.StatusCode < 300: // what came does not read as a success
		return "failed inside " + strconv.Itoa(e.StatusCode)
	}
	status := strconv.Itoa(e.StatusCode)
	if name := strings.ToLower(http.StatusText(e.StatusCode)); name != "" {
		status += " " + name
	}
	return status
}

// message is what the platform says, or what its answer looks like when it says nothing.
func (e *Error) message() string {
	message := e.Message
	if message == "" && (e.Cause == nil || e.Cause.Error() == "") {
		message = text.Excerpt(e.Body, 200)
	}
	if e.Field != "" {
		message = e.Field + ": " + message
	}
	if more := len(e.Details) - 1; more > 0 {
		message = fmt.Sprintf("%s (and %d more)", message, more)
	}
	return message
}

// LogValue has the members that a log needs.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("platform", e.Platform), slog.String("operation", e.Operation), slog.Int("status", e.StatusCode),
		slog.String("code", e.Code), slog.String("request_id", e.RequestID), slog.Int("attempts", e.Attempts),
		slog.String("error", e.Error()),
	}
	return slog.GroupValue(attrs...)
}

// maxForeign bounds each piece of foreign text in an error, in bytes.
const maxForeign = 500

// foreign makes foreign text fit for one line.
func foreign(s string) string {
	return text.Cut(text.OneLine(s[:min(len(s), 4*maxForeign)]), maxForeign)
}
