package rakuten

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
	ErrUnauthorized     = api.ErrUnauthorized     // 401: a wrong pair, an expired key or a function that is not enabled; see Client.DiagnoseError
	ErrForbidden        = api.ErrForbidden        // 403
	ErrNotFound         = api.ErrNotFound         // 404, and the codes that mean it
	ErrConflict         = api.ErrConflict         // 409
	ErrInvalid          = api.ErrInvalid          // 400, refusals inside 200, and what was refused before sending
	ErrRateLimited      = api.ErrRateLimited      // 429, and 403 with a code that means it
	ErrUnavailable      = api.ErrUnavailable      // 5xx, maintenance, no answer, a web page in place of an answer
	ErrOutcomeUnknown   = api.ErrOutcomeUnknown   // a write that may have been carried out
	ErrResponseTooLarge = api.ErrResponseTooLarge // an answer beyond the limit
	ErrReauthorize      = api.ErrReauthorize      // the licence is dead: the shop has to issue a new key
)

// ErrNotEnabled is the gateway's answer (ES04-01) for a function that the shop has not
// switched on for this licence. It matches ErrForbidden. Some functions that are not
// enabled are answered like a wrong key instead, with ErrUnauthorized.
var ErrNotEnabled = fmt.Errorf("the shop has not enabled this function: %w", ErrForbidden)

// Error is a call that failed, whether refused by the platform, lost in the network or
// never sent. A refusal may have come with status 200.
type Error struct {
	StatusCode int           // HTTP status; 0 when there was no answer
	Code       string        // the platform's code of the first error, such as "IE0002"; "" when it gave none
	Message    string        // the platform's message of the first error, often Japanese
	Field      string        // the request field of the first error; often empty
	Errors     []ErrorDetail // all errors of the answer
	RetryAfter time.Duration // how long the platform asked to wait, at most 60 s; 0 when it did not say
	RequestID  string        // the platform's id of the request, when it gave one
	Method     string
	Path       string // without the query
	Body       []byte // at most 2 KiB of the answer
	Attempts   int    // how often the call was tried

	text      string
	chain     []error
	operation string // the path without the base URL's own
	keyID     string // of the licence that was used; "" when there was none
}

// ErrorDetail is one of the errors in an answer. Families fill different fields.
type ErrorDetail struct {
	Code        string
	Message     string
	Field       string // Item, Stock and the like: the path of the member; inquiries: its name
	OrderNumber string // orders: the order that the message is about
	Row         int    // shipping: the position of the row, from 1; 0 when it is about none
}

// Error is one line: call, status, code, message, and what to do about it.
func (e *Error) Error() string { return e.text }

// Unwrap lets errors.Is and errors.As find the kind of failure and its cause.
func (e *Error) Unwrap() []error { return e.chain }

// namesRows tells whether each of the errors in a refusal with status 400 is about an order.
func namesRows(err error) bool {
	e, ok := errors.AsType[*Error](err)
	whole := func(d ErrorDetail) bool { return d.OrderNumber == "" }
	return ok && e.StatusCode == http.StatusBadRequest && len(e.Errors) > 0 && !slices.ContainsFunc(e.Errors, whole)
}

// newError reads the platform's error body, makes the failure's kind precise and returns
// the error that users see.
func newError(f *api.Failure) error {
	said := parseFailure(f.Body)
	f.RequestID = said.requestID
	if id := f.Header.Get("RequestId"); id != "" {
		f.RequestID = id
	}
	e := &Error{
		StatusCode: f.StatusCode, Errors: said.details, RequestID: f.RequestID, RetryAfter: f.RetryAfter,
		Method: f.Method, Path: f.Path, Attempts: f.Attempts, operation: f.Operation,
		Body: bytes.Clone(f.Body[:min(len(f.Body), api.MaxExcerpt)]),
	}
	if license, ok := f.Credential.(License); ok {
		e.keyID = keyID(license)
	}
	if len(said.details) > 0 {
		e.Code, e.Message, e.Field = said.details[0].Code, said.details[0].Message, said.details[0].Field
		f.Kind = kindOf(e.Code, f.Kind)
	}
	message := e.Message
	if message == "" && f.Cause == nil {
		message = api.Excerpt(f.Body, 200)
	}
	if e.Field != "" {
		message = e.Field + ": " + message
	}
	if more := len(said.details) - 1; more > 0 {
		message = fmt.Sprintf("%s (and %d more)", message, more)
	}
	e.text, e.chain = f.Text("rakuten", e.Code, message), f.Chain()
	return e
}

// kinds are the codes that say more than their status.
var kinds = map[string]error{
	"GA0001":              ErrUnauthorized,
	"GE0011":              ErrUnauthorized,
	"ES04-01":             ErrNotEnabled,
	"GE0014":              ErrNotFound,
	"3001":                ErrInvalid,     // cabinet: a parameter
	"3004":                ErrNotFound,    // cabinet: no such file
	"3005":                ErrNotFound,    // cabinet: no such folder
	"3006":                ErrCabinetFull, // cabinet: too many files
	"3008":                ErrInvalid,     // cabinet: the file is too big
	"3012":                ErrCabinetFull, // cabinet: no space left
	"MAX_QPS_OVER":        ErrRateLimited,
	"MAX_QPM_OVER":        ErrRateLimited,
	"MAX_CONNECTION_OVER": ErrRateLimited,
}

func kindOf(code string, kind error) error {
	if precise, ok := kinds[code]; ok {
		return precise
	}
	if len(code) == 4 && code >= "6001" && code <= "6009" { // cabinet: system errors
		return ErrUnavailable
	}
	return kind
}

// inspectMessages finds the ERROR messages of the order families in an answer with
// status 200. Operations with a result per order or row have no use for it: what their
// messages mean is theirs to say.
func inspectMessages(reply *api.Reply) error {
	for _, operation := range rowOperations {
		if strings.HasSuffix(strings.TrimSuffix(reply.Path, "/"), operation) {
			return nil
		}
	}
	var answer struct {
		MessageModelList []OrderMessage `json:"MessageModelList"`
	}
	if json.Unmarshal(reply.Body, &answer) == nil && slices.ContainsFunc(answer.MessageModelList, OrderMessage.IsError) {
		return ErrInvalid
	}
	return nil
}

// rowOperations report per order or per row, so that an ERROR message is no refusal of
// the whole call.
var rowOperations = []string{
	"/order/getOrder", "/order/confirmOrder", "/order/updateOrderSubStatus", "/order/updateOrderShipping",
	"/order/updateOrderShippingAsync", "/order/getResultUpdateOrderShippingAsync", "/purchaseItem/getOrderItem",
}

// inspectErrors finds the errors of the families of items and of the shop's pages in an
// answer with status 200. That they come so is not established; that a write with errors was
// carried out is worse to believe.
func inspectErrors(reply *api.Reply) error {
	if !bytes.Contains(reply.Body, []byte(`"errors"`)) {
		return nil
	}
	var answer struct {
		Errors []json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(reply.Body, &answer) == nil && len(answer.Errors) > 0 {
		return ErrInvalid
	}
	return nil
}

// reserveOK is the result code of the reserve family for success.
const reserveOK = "N00-000"

// inspectReserve finds a refusal of the reserve family in an answer with status 200.
func inspectReserve(reply *api.Reply) error {
	var answer struct {
		ResultCode string `json:"resultCode"`
	}
	if json.Unmarshal(reply.Body, &answer) == nil && answer.ResultCode != "" && answer.ResultCode != reserveOK {
		return ErrInvalid
	}
	return nil
}

// MessageType is the weight of a message of the order families. Open set.
type MessageType string

// Weights of messages.
const (
	MessageInfo    MessageType = "INFO"
	MessageWarning MessageType = "WARNING"
	MessageError   MessageType = "ERROR"
)

// OrderMessage is what the order families say of a call or of one order in it. They do
// on success too.
type OrderMessage struct {
	MessageType MessageType `json:"messageType"`
	MessageCode string      `json:"messageCode"` // such as ORDER_EXT_API_GET_ORDER_INFO_101
	Message     string      `json:"message"`     // Japanese
	OrderNumber *string     `json:"orderNumber"` // null where the message is about the call
}

// IsError tells whether the message says that something was refused.
func (m OrderMessage) IsError() bool { return m.MessageType == MessageError }
