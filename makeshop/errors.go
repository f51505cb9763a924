package makeshop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/lenient"
	"github.com/shotengai/shotengai-go/internal/text"
)

// The kinds of failure that are makeshop's own, to be matched with [errors.Is]. Those of
// all platforms are in package shotengai.
var (
	// ErrScope is an operation that the app was not granted (code FORBIDDEN). Scopes are
	// asked for with the application for development or publication, and a scope that is
	// added later takes effect in a shop once its owner has agreed again.
	ErrScope = fmt.Errorf("the app lacks the scope of this operation: %w", shotengai.ErrForbidden)

	// ErrIntrospection is a query for __schema or __type, which production refuses to
	// everybody (code FORBIDDEN).
	ErrIntrospection = fmt.Errorf("the platform does not describe its schema: %w", shotengai.ErrForbidden)

	// ErrEndpoint is a web page with status 404: the endpoint is not that of the API.
	ErrEndpoint = fmt.Errorf("no API at this endpoint: %w", shotengai.ErrNotFound)

	// ErrGraphQL is an answer with errors of which no other kind is known.
	ErrGraphQL = errors.New("the answer has errors")

	// ErrPartial is matched by an error, beside its kind, when part of the data has come
	// all the same. The method has returned it, or filled it into out.
	ErrPartial = errors.New("part of the data has come")
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

// classify reads the errors of an answer: a list of them is a refusal under any status.
func classify(reply *api.Reply) api.Verdict {
	succeeded := reply.StatusCode >= 200 && reply.StatusCode < 300
	if succeeded && !bytes.Contains(reply.Body, []byte(`"errors"`)) {
		return api.Verdict{}
	}
	details, partial := readErrors(reply.Body)
	v := api.Verdict{
		Refused: len(details) > 0, Kind: kindOf(reply, details), Details: details, RequestID: reply.Header.Get("X-Request-Id"),
	}
	if len(details) == 0 {
		return v
	}
	v.Code, v.Message, v.Field = details[0].Code, details[0].Message, details[0].Field
	if succeeded && v.Kind == nil {
		v.Kind = ErrGraphQL
	}
	if partial {
		v.Cause = ErrPartial
	}
	return v
}

// kindOf is the kind that the errors of an answer stand for, nil where they say no more
// than the status.
func kindOf(reply *api.Reply, details []shotengai.Detail) error {
	has := func(codes ...string) bool {
		return slices.ContainsFunc(details, func(d shotengai.Detail) bool { return slices.Contains(codes, d.Code) })
	}
	switch {
	case reply.StatusCode >= 500, reply.StatusCode == http.StatusTooManyRequests:
		return nil
	case reply.StatusCode == http.StatusNotFound && text.LooksLikeHTML(reply.Header.Get("Content-Type"), reply.Body):
		return ErrEndpoint
	case has(CodeForbidden) && strings.HasPrefix(reply.Operation, introspection):
		return ErrIntrospection
	case has(CodeForbidden):
		return ErrScope
	case has(CodeUnauthenticated):
		return shotengai.ErrUnauthorized
	case has(CodeValidationFailed, CodeParseFailed):
		return shotengai.ErrInvalid
	case slices.ContainsFunc(details, internalError):
		return shotengai.ErrUnavailable
	}
	return nil
}

// internalError reports whether the server's own code broke: what became of a mutation is
// not known then.
func internalError(d shotengai.Detail) bool {
	return d.Code == CodeInternal || d.Message == "internal system error"
}

// readErrors reads {"data":…,"errors":[{"message","path","extensions":{"code"}}]}, and
// whether there are data too. The body may be anything else, a web page for instance.
func readErrors(body []byte) (details []shotengai.Detail, partial bool) {
	var answer struct {
		Data   map[string]json.RawMessage `json:"data"`
		Errors []json.RawMessage          `json:"errors"`
	}
	if err := lenient.Decode(body, &answer); err != nil && answer.Errors == nil {
		return nil, false
	}
	for _, data := range answer.Data {
		partial = partial || string(data) != "null"
	}
	for _, raw := range answer.Errors {
		details = append(details, readError(raw))
	}
	return details, partial
}

// readError reads one error. Any part of it may be missing or of another kind.
func readError(raw json.RawMessage) shotengai.Detail {
	var d shotengai.Detail
	var e map[string]json.RawMessage
	if json.Unmarshal(raw, &e) != nil {
		if json.Unmarshal(raw, &d.Message) != nil {
			d.Message = string(raw)
		}
		return d
	}
	_ = json.Unmarshal(e["message"], &d.Message)
	d.Field = errorPath(e["path"])
	var extensions map[string]json.RawMessage
	_ = json.Unmarshal(e["extensions"], &extensions)
	_ = json.Unmarshal(extensions["code"], &d.Code)
	return d
}

// errorPath spells ["variable","input","coupons",0] as variable.input.coupons.0.
func errorPath(raw json.RawMessage) string {
	var plain string
	if json.Unmarshal(raw, &plain) == nil {
		return plain
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
