package rakuten

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/lenient"
	"github.com/shotengai/shotengai-go/internal/text"
)

// failure is what an answer says of its refusal.
type failure struct {
	requestID string
	details   []shotengai.Detail
}

// parseFailure reads the error body of any family. All families answer a wrong licence
// in JSON. A body that is none of them, a maintenance page for instance, says nothing.
func parseFailure(body []byte) failure {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0 || text.LooksLikeHTML("", body):
		return failure{}
	case body[0] == '<':
		return parseXMLFailure(body).failure
	}
	var answer errorBody
	if !readsAs(body, &answer) {
		// A member of an unexpected type leaves the others readable.
		_ = json.Unmarshal(lenient.CleanJSON(body), &answer)
	}
	return failure{details: answer.details()}
}

// errorBody is the error bodies of all JSON families in one: each fills a part of it.
type errorBody struct {
	Errors []struct { // the licence, and all families that are not named below
		Code     string `json:"code"`
		Message  string `json:"message"`
		Metadata *struct {
			PropertyPath *string `json:"propertyPath"`
		} `json:"metadata"`
	} `json:"errors"`
	Results struct { // the gateway
		ErrorCode string `json:"errorCode"`
		Message   string `json:"message"`
	} `json:"Results"`
	MessageModelList []struct { // orders, purchased items
		OrderMessage
		DataNumber int `json:"dataNumber"`
	} `json:"MessageModelList"`
	Error struct { // inquiries
		Code    string                     `json:"code"`
		Message string                     `json:"message"`
		Targets map[string]json.RawMessage `json:"targets"`
	} `json:"error"`
	ResultCode    string `json:"resultCode"` // reserve
	ResultMessage string `json:"resultMessage"`
}

func (b *errorBody) details() []shotengai.Detail {
	var details []shotengai.Detail
	for _, e := range b.Errors {
		detail := shotengai.Detail{Code: e.Code, Message: e.Message}
		if e.Metadata != nil {
			detail.Field = value(e.Metadata.PropertyPath)
		}
		details = append(details, detail)
	}
	if b.Results.ErrorCode != "" {
		details = append(details, shotengai.Detail{Code: b.Results.ErrorCode, Message: b.Results.Message})
	}
	for _, m := range b.MessageModelList {
		if m.IsError() {
			details = append(details, shotengai.Detail{Code: m.MessageCode, Message: m.Message, Ref: value(m.OrderNumber), Row: m.DataNumber})
		}
	}
	if b.Error.Code != "" {
		details = append(details, inquiryDetails(b.Error.Code, b.Error.Message, b.Error.Targets)...)
	}
	if b.ResultCode != "" && b.ResultCode != reserveOK {
		details = append(details, shotengai.Detail{Code: b.ResultCode, Message: b.ResultMessage})
	}
	return details
}

// inquiryDetails returns one detail for each field that an inquiry's error names.
func inquiryDetails(code, message string, targets map[string]json.RawMessage) []shotengai.Detail {
	if len(targets) == 0 {
		return []shotengai.Detail{{Code: code, Message: message}}
	}
	var details []shotengai.Detail
	for field, raw := range targets {
		reason := string(raw)
		var text string
		if json.Unmarshal(raw, &text) == nil {
			reason = text
		}
		details = append(details, shotengai.Detail{Code: code, Message: message + ": " + reason, Field: field})
	}
	slices.SortFunc(details, func(a, b shotengai.Detail) int { return strings.Compare(a.Field, b.Field) })
	return details
}
