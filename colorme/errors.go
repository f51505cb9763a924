package colorme

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// The kinds of failure, to be matched with errors.Is. They are the same values on every
// platform of this library.
var (
	ErrUnauthorized     = api.ErrUnauthorized     // 401
	ErrForbidden        = api.ErrForbidden        // 403, and plan refusals (see ErrPlan)
	ErrNotFound         = api.ErrNotFound         // 404
	ErrConflict         = api.ErrConflict         // 409
	ErrInvalid          = api.ErrInvalid          // 400, 422, and what was refused before sending
	ErrRateLimited      = api.ErrRateLimited      // 429
	ErrUnavailable      = api.ErrUnavailable      // 5xx, no answer, a web page in place of an answer
	ErrOutcomeUnknown   = api.ErrOutcomeUnknown   // a write that may have been carried out
	ErrResponseTooLarge = api.ErrResponseTooLarge // an answer beyond the limit
	ErrReauthorize      = api.ErrReauthorize      // the token is dead: the owner has to install or log in again
)

var (
	// ErrPlan is a feature that the shop's plan does not include: creating orders and
	// uploading images need the Premium plan (code 401200). The token is fine. It also
	// matches ErrForbidden, although the platform answers 401.
	ErrPlan = fmt.Errorf("the shop's plan lacks this feature: %w", ErrForbidden)

	// ErrScope is the platform's answer for a missing scope, which is a 401 too
	// (code 401010). A token that is dead is answered with the same code on some shops,
	// so ask [Client.Verify] before sending the owner through the login again.
	ErrScope = fmt.Errorf("the token lacks a scope, or is dead: %w", ErrUnauthorized)
)

// PageError is what an iteration such as [SalesService.All] ends with when a page cannot
// be had: all rows before its Offset, an int, have been yielded, unless Err, the cause, is
// [ErrRowsMoved].
type PageError = api.PageError

// ErrPageRepeated is the cause when the platform gives the same page twice.
var ErrPageRepeated = api.ErrPageRepeated

// Error is a call that failed, whether refused by the platform, lost in the network or
// never sent.
type Error struct {
	StatusCode int           // HTTP status; 0 when there was no answer
	Code       int           // the platform's code of the first error, such as 404100; 0 when it gave none
	Message    string        // the platform's message of the first error, in Japanese or English
	Field      string        // the request field of the first error, such as "customer.mail"; often empty
	Errors     []ErrorDetail // all errors of the answer
	RetryAfter time.Duration // how long the platform asked to wait, at most 60 s; 0 when it did not say
	RequestID  string        // the platform's id of the request, when it gave one
	Method     string
	Path       string // without the query
	Body       []byte // at most 2 KiB of the answer
	Attempts   int    // how often the call was tried

	text  string
	chain []error
}

// ErrorDetail is one of the errors in an answer. Any subset of its fields may be there.
type ErrorDetail struct {
	Code     int
	Message  string
	Status   int
	Field    string // as requests spell it: "customer.mail"
	RawField string // as the platform spelt it: "customer.email"
}

// Error is one line: call, status, code, message, and what to do about it.
func (e *Error) Error() string { return e.text }

// Unwrap lets errors.Is and errors.As find the kind of failure and its cause.
func (e *Error) Unwrap() []error { return e.chain }

// newError reads the platform's error body, makes the failure's kind precise and returns
// the error that users see.
func newError(f *api.Failure) error {
	details := parseErrors(f.Body)
	if f.StatusCode < 400 {
		details = nil
	}
	e := &Error{
		StatusCode: f.StatusCode, Errors: details, RequestID: f.RequestID, RetryAfter: f.RetryAfter,
		Method: f.Method, Path: f.Path, Attempts: f.Attempts,
		Body: append([]byte(nil), f.Body[:min(len(f.Body), api.MaxExcerpt)]...),
	}
	code := ""
	if len(details) > 0 {
		e.Code, e.Message, e.Field = details[0].Code, details[0].Message, details[0].Field
		code = strconv.Itoa(e.Code)
		f.Kind = kindOf(e.Code, f)
	}
	message := e.Message
	if message == "" && f.Cause == nil {
		message = api.Excerpt(f.Body, 200)
	}
	if e.Field != "" {
		message = e.Field + ": " + message
	}
	e.text, e.chain = f.Text("colorme", code, message), f.Chain()
	return e
}

// The platform's codes that say more than their status.
const (
	codeInvalidToken = 401001
	codeNoScope      = 401010
	codePlan         = 401200
)

// shopPath needs a living token and nothing else, so that a refusal there has one reason.
const shopPath = "/v1/shop"

func kindOf(code int, f *api.Failure) error {
	switch {
	case code == codePlan:
		f.KeepCredential = true
		return ErrPlan
	case code == codeInvalidToken, code == codeNoScope && strings.TrimSuffix(f.Operation, ".json") == shopPath:
		return errDead
	case code == codeNoScope:
		f.KeepCredential = true
		return ErrScope
	case code/1000 == 429:
		return ErrRateLimited
	case f.Kind == nil && code >= 100000:
		return api.KindOf(code / 1000)
	}
	return f.Kind
}

// errDead is both: what the platform says and what the app has to do.
var errDead = fmt.Errorf("%w: %w", ErrUnauthorized, ErrReauthorize)

// parseErrors reads {"errors":[{"code","message","status","field"}]}. Elements may lack
// any of the four, and the body may be anything else, an HTML page for instance.
func parseErrors(body []byte) []ErrorDetail {
	var answer struct {
		Errors []struct {
			Code    number `json:"code"`
			Message string `json:"message"`
			Status  number `json:"status"`
			Field   string `json:"field"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return nil
	}
	details := make([]ErrorDetail, 0, len(answer.Errors))
	for _, e := range answer.Errors {
		details = append(details, ErrorDetail{
			Code: int(e.Code), Message: e.Message, Status: int(e.Status), Field: requestField(e.Field), RawField: e.Field,
		})
	}
	return details
}

// number is an integer that may come as a string.
type number int

func (n *number) UnmarshalJSON(data []byte) error {
	text := string(data)
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	v, err := strconv.Atoi(text)
	if err == nil {
		*n = number(v)
	}
	return nil
}

// requestField translates the platform's internal name of a field into the one that
// requests use.
func requestField(name string) string {
	if translated, ok := internalNames[name]; ok {
		return translated
	}
	return name
}

var internalNames = map[string]string{
	"customer.email":             "customer.mail",
	"customer.prefecture_id":     "customer.pref_id",
	"product.disp_flg":           "product.display_state",
	"product_category.order_num": "category.sort",
}
