package stores

import (
	"fmt"
	"net/http"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/lenient"
	"github.com/shotengai/shotengai-go/internal/text"
)

var (
	// ErrLocked is a 423: the change was not applied, and may be tried again later.
	ErrLocked = fmt.Errorf("locked, not applied: %w", shotengai.ErrUnavailable)

	// ErrBlocked is a 403 from the platform's edge in place of the API, a web page. The user
	// agents of stock HTTP libraries get one. Provisional.
	ErrBlocked = fmt.Errorf("refused at the platform's edge: %w", shotengai.ErrForbidden)
)

// Kinds of dead credentials. Provisional.
var (
	errDead      = fmt.Errorf("%w: %w", shotengai.ErrUnauthorized, shotengai.ErrReauthorize)
	errWithdrawn = fmt.Errorf("%w: %w", shotengai.ErrForbidden, shotengai.ErrReauthorize)
)

// getStore is the operation that needs a living grant and nothing else.
const getStore = "GET " + root + "/store"

// classify reads the platform's error body.
func classify(reply *api.Reply) api.Verdict {
	if reply.StatusCode < 400 {
		return api.Verdict{}
	}
	v := api.Verdict{Kind: kindOf(reply), Details: parseErrors(reply.Body), RequestID: reply.Header.Get("Cf-Ray")}
	if len(v.Details) > 0 {
		v.Message = v.Details[0].Message
	}
	return v
}

// kindOf returns the kinds that the status alone does not name.
func kindOf(reply *api.Reply) error {
	switch reply.StatusCode {
	case http.StatusLocked:
		return ErrLocked
	case http.StatusUnauthorized:
		return errDead
	case http.StatusForbidden:
		if text.LooksLikeHTML(reply.Header.Get("Content-Type"), reply.Body) {
			return ErrBlocked
		}
		if reply.Operation == getStore {
			return errWithdrawn
		}
	}
	return nil
}

// parseErrors reads both shapes: {"errors":[{"message"}]} and {"message"}. Which one comes
// depends on operation and status, so the body decides.
func parseErrors(body []byte) []shotengai.Detail {
	type failure struct {
		Message string `json:"message"`
	}
	var answer struct {
		failure

		Errors []failure `json:"errors"`
	}
	if lenient.Decode(body, &answer) != nil {
		return nil
	}
	var details []shotengai.Detail
	for _, e := range append(answer.Errors, answer.failure) {
		if e.Message != "" {
			details = append(details, shotengai.Detail{Message: e.Message})
		}
	}
	return details
}
