package rakuten

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/lenient"
)

// ErrNotEnabled is the gateway's answer (ES04-01) for a function that the shop has not
// switched on for this licence. It matches shotengai.ErrForbidden. Some functions that are
// not enabled are answered like a wrong key instead, with shotengai.ErrUnauthorized.
var ErrNotEnabled = fmt.Errorf("the shop has not enabled this function: %w", shotengai.ErrForbidden)

// ErrOrderRefused is the gateway's answer (ES01-01) that was seen for one order, which had
// been shipped, while others were answered (provisional). It matches shotengai.ErrForbidden
// whatever its status, and says nothing of the licence: go on with the other orders.
var ErrOrderRefused = fmt.Errorf("the gateway refused this order: %w", shotengai.ErrForbidden)

// ErrCabinetFull is the cabinet's answer when a folder has too many files (3006) or there
// is no space left (3012). It matches shotengai.ErrConflict.
var ErrCabinetFull = fmt.Errorf("the cabinet has no room: %w", shotengai.ErrConflict)

// classify reads what an answer says of its refusal. An answer with a status of success is
// a refusal where its family says so inside.
func classify(reply *api.Reply) api.Verdict {
	_, path := pathOf(reply.Operation)
	f := familyOf(path)
	success := reply.StatusCode >= 200 && reply.StatusCode < 300
	verdict := api.Verdict{RequestID: reply.Header.Get("RequestId")}
	if success {
		verdict.Refused = f.refuses != nil && f.refuses(reply)
		if !verdict.Refused && !hasErrors(reply) {
			return verdict
		}
	}
	if verdict.Refused {
		verdict.Kind = shotengai.ErrInvalid
	}
	said := parseFailure(reply.Body)
	verdict.RequestID = cmp.Or(verdict.RequestID, said.requestID)
	if license, ok := reply.Credential.(License); ok {
		verdict.Cause = usedKey(license.Fingerprint())
	}
	if len(said.details) > 0 {
		first := said.details[0]
		verdict.Code, verdict.Message, verdict.Field, verdict.Details = first.Code, first.Message, first.Field, said.details
		verdict.Kind = kindOf(first.Code, verdict.Kind)
	}
	return verdict
}

// hasErrors reports whether an answer that is no refusal as a whole may have messages that
// say why a part of it was refused. A quote to begin with would stop the search at each text.
func hasErrors(reply *api.Reply) bool { return bytes.Contains(reply.Body, []byte(`ERROR"`)) }

// usedKey is the fingerprint of the licence that a failed call was made with. As a cause of
// the error it can be asked for and prints nothing.
type usedKey string

func (usedKey) Error() string { return "" }

// namesRows reports whether each of the errors in a refusal with status 400 is about an
// order.
func namesRows(err error) bool {
	e, ok := errors.AsType[*shotengai.Error](err)
	whole := func(d shotengai.Detail) bool { return d.Ref == "" }
	return ok && e.StatusCode == http.StatusBadRequest && len(e.Details) > 0 && !slices.ContainsFunc(e.Details, whole)
}

// kinds are the codes that say more than their status.
var kinds = map[string]error{
	"GA0001":              shotengai.ErrUnauthorized,
	"GE0011":              shotengai.ErrUnauthorized,
	"ES04-01":             ErrNotEnabled,
	"ES01-01":             ErrOrderRefused,
	"GE0014":              shotengai.ErrNotFound,
	"3001":                shotengai.ErrInvalid,  // cabinet: a parameter
	"3004":                shotengai.ErrNotFound, // cabinet: no such file
	"3005":                shotengai.ErrNotFound, // cabinet: no such folder
	"3006":                ErrCabinetFull,        // cabinet: too many files
	"3008":                shotengai.ErrInvalid,  // cabinet: the file is too big
	"3012":                ErrCabinetFull,        // cabinet: no space left
	"MAX_QPS_OVER":        shotengai.ErrRateLimited,
	"MAX_QPM_OVER":        shotengai.ErrRateLimited,
	"MAX_CONNECTION_OVER": shotengai.ErrRateLimited,
}

func kindOf(code string, kind error) error {
	if precise, ok := kinds[code]; ok {
		return precise
	}
	if len(code) == 4 && code >= "6001" && code <= "6009" { // cabinet: system errors
		return shotengai.ErrUnavailable
	}
	return kind
}

// refusesByMessage finds the ERROR messages of the order families in an answer with
// status 200. What the messages of operations with a result per order or row mean is theirs
// to say.
func refusesByMessage(reply *api.Reply) bool {
	_, path := pathOf(reply.Operation)
	if slices.ContainsFunc(rowOperations, func(operation string) bool { return strings.HasSuffix(strings.TrimSuffix(path, "/"), operation) }) {
		return false
	}
	var answer struct {
		MessageModelList []OrderMessage `json:"MessageModelList"`
	}
	return hasErrors(reply) && readsAs(reply.Body, &answer) && slices.ContainsFunc(answer.MessageModelList, OrderMessage.IsError)
}

// readsAs decodes an answer, and reports whether all of it that the value has a member for
// could be read.
func readsAs(body []byte, value any) bool {
	return lenient.Decode(body, value) == nil
}

// rowOperations report per order or per row, so that an ERROR message is no refusal of
// the whole call.
var rowOperations = []string{
	"/order/getOrder", "/order/confirmOrder", "/order/updateOrderSubStatus", "/order/updateOrderShipping",
	"/order/updateOrderShippingAsync", "/order/getResultUpdateOrderShippingAsync", "/purchaseItem/getOrderItem",
}

// refusesByErrors finds the errors of the families of items and of the shop's pages in an
// answer with status 200. It is not established that they come so.
func refusesByErrors(reply *api.Reply) bool {
	var answer struct {
		Errors []json.RawMessage `json:"errors"`
	}
	return bytes.Contains(reply.Body, []byte(`"errors"`)) && readsAs(reply.Body, &answer) && len(answer.Errors) > 0
}

// reserveOK is the result code of the reserve family for success.
const reserveOK = "N00-000"

// refusesByCode finds a refusal of the reserve family in an answer with status 200.
func refusesByCode(reply *api.Reply) bool {
	var answer struct {
		ResultCode string `json:"resultCode"`
	}
	return readsAs(reply.Body, &answer) && answer.ResultCode != "" && answer.ResultCode != reserveOK
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

// IsError reports whether the message says that something was refused.
func (m OrderMessage) IsError() bool { return m.MessageType == MessageError }
