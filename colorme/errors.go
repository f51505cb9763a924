package colorme

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
	"github.com/shotengai/shotengai-go/internal/lenient"
)

var (
	// ErrPlan is a feature that the shop's plan does not include: creating orders and
	// uploading images need the Premium plan (code 401200, Provisional). The token is fine. It
	// also matches [shotengai.ErrForbidden], although the platform answers 401.
	ErrPlan = fmt.Errorf("the shop's plan lacks this feature: %w", shotengai.ErrForbidden)

	// ErrScope is a scope that the token lacks, which is a 401 too (code 401010). The token
	// is alive: the platform answers a dead one with the same code, and the client has asked,
	// see the section on errors of the package. Provisional.
	ErrScope = fmt.Errorf("the token lacks a scope: %w", shotengai.ErrUnauthorized)
)

// errDead is a token that has to be replaced by another login or installation.
var errDead = fmt.Errorf("%w: %w", shotengai.ErrUnauthorized, shotengai.ErrReauthorize)

// The platform's codes that are more precise than their status.
const (
	codeInvalidToken = "401001" // described, never observed
	codeNoPermission = "401010" // no token, a dead one, or a missing scope
	codePlan         = "401200"
)

// getShop is the operation that needs a valid token and nothing else, so that a refusal of it
// has one reason.
const getShop = "GET /v1/shop"

// classify reads the platform's error body.
func classify(reply *api.Reply) api.Verdict {
	if reply.StatusCode < 400 {
		return api.Verdict{}
	}
	v := api.Verdict{Details: parseErrors(reply.Body)}
	if len(v.Details) == 0 {
		return v
	}
	first := v.Details[0]
	v.Code, v.Message, v.Field = first.Code, first.Message, first.Field
	v.Kind = kindOf(v.Code)
	v.KeepCredential = errors.Is(v.Kind, ErrPlan) // another token would be refused for the same reason
	if v.Code == codeNoPermission {
		v.Kind, v.IfAlive = deadOrNoScope(reply.Operation)
	}
	return v
}

// deadOrNoScope returns what code 401010 means: a dead token where the operation needs no
// scope, and elsewhere what the client has to find out.
func deadOrNoScope(operation string) (kind, ifAlive error) {
	if strings.TrimSuffix(operation, ".json") == getShop {
		return errDead, nil
	}
	return nil, ErrScope
}

// kindOf returns the kinds that codes name more precisely than the status does.
func kindOf(code string) error {
	switch {
	case code == codePlan:
		return ErrPlan
	case code == codeInvalidToken:
		return errDead
	case len(code) == len("429000") && strings.HasPrefix(code, "429"):
		return shotengai.ErrRateLimited
	}
	return nil
}

// parseErrors reads {"errors":[{"code","message","status","field"}]}. Elements may lack
// any of the four, and the body may be anything else, an HTML page for instance.
func parseErrors(body []byte) []shotengai.Detail {
	var answer struct {
		Errors []struct {
			Code    code   `json:"code"`
			Message string `json:"message"`
			Status  number `json:"status"`
			Field   string `json:"field"`
		} `json:"errors"`
	}
	if lenient.Decode(body, &answer) != nil {
		return nil
	}
	details := make([]shotengai.Detail, len(answer.Errors))
	for i, e := range answer.Errors {
		details[i] = shotengai.Detail{Code: string(e.Code), Message: e.Message, Field: requestField(e.Field), Status: int(e.Status)}
	}
	return details
}

// number is an integer that may come as a string. Anything else is 0.
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

// code is a code that may come as a number or as a string. Anything else is "".
type code string

func (c *code) UnmarshalJSON(data []byte) error {
	var digits json.Number // of a number, or of a string that is one
	if json.Unmarshal(data, &digits) == nil {
		*c = code(digits)
		return nil
	}
	var text string
	if json.Unmarshal(data, &text) == nil {
		*c = code(text)
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
