package makeshop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// The kinds of failure, to be matched with errors.Is. They are the same values on every
// platform of this library.
var (
	ErrUnauthorized     = api.ErrUnauthorized     // 401: the API key or the token, a persistent one of an uninstalled app included
	ErrForbidden        = api.ErrForbidden        // 403, and the code FORBIDDEN (see ErrScope, ErrIntrospection)
	ErrNotFound         = api.ErrNotFound         // 404 (see ErrEndpoint)
	ErrConflict         = api.ErrConflict         // 409
	ErrInvalid          = api.ErrInvalid          // 400, 422, and what was refused before sending
	ErrRateLimited      = api.ErrRateLimited      // 429
	ErrUnavailable      = api.ErrUnavailable      // 5xx, no answer, a web page in place of an answer
	ErrOutcomeUnknown   = api.ErrOutcomeUnknown   // a mutation that may have been carried out
	ErrResponseTooLarge = api.ErrResponseTooLarge // an answer beyond the limit
	ErrReauthorize      = api.ErrReauthorize      // the grant of the SSO is dead: the owner has to log in again
)

var (
	// ErrScope is an operation that the app was not granted (code FORBIDDEN). Scopes are
	// asked for with the application for development or publication, and a scope that is
	// added later takes effect in a shop once its owner has agreed again.
	ErrScope = fmt.Errorf("the app lacks the scope of this operation: %w", ErrForbidden)

	// ErrIntrospection is a query for __schema or __type, which production refuses to
	// everybody (code FORBIDDEN).
	ErrIntrospection = fmt.Errorf("the platform does not describe its schema: %w", ErrForbidden)

	// ErrEndpoint is a web page with status 404: the endpoint is not that of the API.
	ErrEndpoint = fmt.Errorf("no API at this endpoint: %w", ErrNotFound)

	// ErrGraphQL is an answer with errors of which no other kind is known.
	ErrGraphQL = errors.New("the answer has errors")

	// ErrPartial comes beside the kind of an error when part of the data has come all the
	// same. The method has returned it, or filled it into out.
	ErrPartial = errors.New("part of the answer is there")

	// ErrRows is a mutation that was carried out for some of its rows only, or for none.
	// The [RowsError] in its chain says for which not.
	ErrRows = errors.New("rows failed")
)

// Codes that errors of an answer carry. Only CodeForbidden has been seen; the others are
// conventions among servers of this make.
const (
	CodeForbidden        = "FORBIDDEN"
	CodeUnauthenticated  = "UNAUTHENTICATED"
	CodeValidationFailed = "GRAPHQL_VALIDATION_FAILED"
	CodeParseFailed      = "GRAPHQL_PARSE_FAILED"
	CodeInternal         = "INTERNAL_SERVER_ERROR"
)

// Error is a call that failed, whether refused by the platform, lost in the network or
// never sent.
type Error struct {
	StatusCode int           // HTTP status, which may be 200; 0 when there was no answer
	Code       string        // the platform's code of the first error, such as FORBIDDEN; often empty
	Message    string        // the platform's message of the first error
	Field      string        // what the first error is about, such as "variable.input.name"; often empty
	Errors     []ErrorDetail // all errors of the answer
	RetryAfter time.Duration // how long the platform asked to wait, at most 60 s; 0 when it did not say
	RequestID  string        // the platform's id of the request, when it gave one
	Operation  string        // such as "query searchOrder"
	Method     string        // POST
	Path       string        // of the endpoint
	Body       []byte        // at most 2 KiB of the answer
	Attempts   int           // how often the call was tried

	text  string
	chain []error
}

// ErrorDetail is one element of the list of errors in an answer.
type ErrorDetail struct {
	Message string
	Path    string // joined by dots
	Code    string // extensions.code
}

// Error is one line: operation, status, code, message, and what to do about it.
func (e *Error) Error() string { return e.text }

// Unwrap lets errors.Is and errors.As find the kind of failure and its cause.
func (e *Error) Unwrap() []error { return e.chain }

// newError reads the errors of the answer, makes the failure's kind precise and returns
// the error that users see.
func newError(f *api.Failure) error {
	answer := readErrors(f.Body)
	f.Kind = kindOf(f, answer.Errors)
	if f.RequestID == "" {
		f.RequestID = f.Header.Get("X-Request-Id")
	}
	e := &Error{
		StatusCode: f.StatusCode, Errors: answer.Errors, RequestID: f.RequestID, RetryAfter: f.RetryAfter,
		Operation: f.Operation, Method: f.Method, Path: f.Path, Attempts: f.Attempts,
		Body: bytes.Clone(f.Body[:min(len(f.Body), api.MaxExcerpt)]),
	}
	if len(answer.Errors) > 0 {
		first := answer.Errors[0]
		e.Code, e.Message, e.Field = first.Code, first.Message, first.Path
	}
	message := e.Message
	if e.Field != "" {
		message = e.Field + ": " + message
	}
	if message == "" && f.Cause == nil {
		message = api.Excerpt(f.Body, 200)
	}
	if n := len(answer.Errors); n > 1 {
		message += fmt.Sprintf(" (and %d more)", n-1)
	}
	shown := *f // the line names the operation: method and address are the same for all
	shown.Method, shown.Path, _ = strings.Cut(f.Operation, " ")
	e.text, e.chain = shown.Text("makeshop", e.Code, message), f.Chain()
	if answer.partial && len(answer.Errors) > 0 {
		e.chain = append(e.chain, ErrPartial)
	}
	return e
}

// kindOf is the kind that the errors of an answer stand for, which may be more precise
// than that of its status.
func kindOf(f *api.Failure, details []ErrorDetail) error {
	has := func(codes ...string) bool {
		return slices.ContainsFunc(details, func(d ErrorDetail) bool { return slices.Contains(codes, d.Code) })
	}
	switch {
	case f.StatusCode >= 500, f.StatusCode == http.StatusTooManyRequests:
		return f.Kind
	case f.StatusCode == http.StatusNotFound && api.LooksLikeHTML(f.Header.Get("Content-Type"), f.Body):
		return ErrEndpoint
	case has(CodeForbidden) && strings.HasPrefix(f.Operation, introspection):
		return ErrIntrospection
	case has(CodeForbidden):
		return ErrScope
	case has(CodeUnauthenticated):
		return ErrUnauthorized
	case has(CodeValidationFailed, CodeParseFailed):
		return ErrInvalid
	case slices.ContainsFunc(details, ErrorDetail.internal):
		return ErrUnavailable
	}
	return f.Kind
}

// internal is what the server says when its own code broke: what became of a mutation is
// not known then.
func (d ErrorDetail) internal() bool {
	return d.Code == CodeInternal || d.Message == "internal system error"
}

// inspect finds the errors in an answer with a status of success.
func inspect(reply *api.Reply) error {
	if bytes.Contains(reply.Body, []byte(`"errors"`)) && len(readErrors(reply.Body).Errors) > 0 {
		return ErrGraphQL
	}
	return nil
}

// answered is what an answer says besides its data.
type answered struct {
	Errors  []ErrorDetail
	partial bool
}

// readErrors reads {"data":…,"errors":[{"message","path","extensions":{"code"}}]}. The
// body may be anything else, a web page for instance.
func readErrors(body []byte) answered {
	var answer struct {
		Data   map[string]json.RawMessage `json:"data"`
		Errors []json.RawMessage          `json:"errors"`
	}
	if err := json.Unmarshal(body, &answer); err != nil && answer.Errors == nil {
		return answered{}
	}
	var a answered
	for _, data := range answer.Data {
		a.partial = a.partial || string(data) != "null"
	}
	for _, raw := range answer.Errors {
		a.Errors = append(a.Errors, readError(raw))
	}
	return a
}

func readError(raw json.RawMessage) ErrorDetail {
	var d ErrorDetail
	var e map[string]json.RawMessage
	if json.Unmarshal(raw, &e) != nil {
		if json.Unmarshal(raw, &d.Message) != nil {
			d.Message = string(raw)
		}
		return d
	}
	_ = json.Unmarshal(e["message"], &d.Message) // any part may be missing or of another kind
	d.Path = errorPath(e["path"])
	var extensions map[string]json.RawMessage
	_ = json.Unmarshal(e["extensions"], &extensions)
	_ = json.Unmarshal(extensions["code"], &d.Code)
	return d
}

// errorPath spells ["variable","input","coupons",0] as variable.input.coupons.0.
func errorPath(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var elements []json.RawMessage
	_ = json.Unmarshal(raw, &elements)
	parts := make([]string, len(elements))
	for i, element := range elements {
		if json.Unmarshal(element, &parts[i]) != nil {
			parts[i] = string(element)
		}
	}
	return strings.Join(parts, ".")
}
