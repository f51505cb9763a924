package api_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/api"
)

func TestRowOutcome(t *testing.T) {
	t.Parallel()
	call := func(status int, kind error, code, message string) *shotengai.Error {
		return &shotengai.Error{
			Platform: "shop", Operation: "PUT /v1/rows", StatusCode: status, Attempts: min(status, 1),
			Kind: kind, Code: code, Message: message,
		}
	}
	lost := call(0, shotengai.ErrUnavailable, "", "")
	lost.Attempts, lost.Unknown = 1, true
	doubtful := call(200, shotengai.ErrInvalid, "E1", "だめ")
	doubtful.Unknown = true
	wrong := call(0, shotengai.ErrInvalid, "", "")
	wrong.Cause = errors.Join(errors.New("a: is required"), errors.New("b: is required"))
	for _, tt := range []struct {
		name          string
		err           error
		state         shotengai.RowState
		code, message string
	}{
		{"invalid", call(400, shotengai.ErrInvalid, "E1", "だめ"), shotengai.RowFailed, "E1", "だめ"},
		{"invalid inside 200", call(200, shotengai.ErrInvalid, "E1", "だめ"), shotengai.RowFailed, "E1", "だめ"},
		{"not found", call(404, shotengai.ErrNotFound, "", "ない"), shotengai.RowFailed, "", "ない"},
		{"conflict", call(409, shotengai.ErrConflict, "E2", ""), shotengai.RowFailed, "E2", "PUT /v1/rows: 409 conflict (E2)"},
		{"wrapped", fmt.Errorf("rows 1 to 9: %w", call(404, shotengai.ErrNotFound, "", "")), shotengai.RowFailed, "", "rows 1 to 9: shop: PUT /v1/rows: 404 not found"},
		{"unauthorized", call(401, shotengai.ErrUnauthorized, "E3", "期限切れ"), shotengai.RowNotSent, "E3", "期限切れ"},
		{"forbidden", call(403, shotengai.ErrForbidden, "", ""), shotengai.RowNotSent, "", "PUT /v1/rows: 403 forbidden"},
		{"rate limited", call(429, shotengai.ErrRateLimited, "", ""), shotengai.RowNotSent, "", "PUT /v1/rows: 429 too many requests"},
		{"lost", lost, shotengai.RowUnknown, "", "PUT /v1/rows: no answer; the call may have been carried out: look before repeating it"},
		{"refused in part", doubtful, shotengai.RowUnknown, "E1", "だめ"},
		{"invalid and not sent", wrong, shotengai.RowNotSent, "", "PUT /v1/rows: not sent: a: is required; b: is required"},
		{"invalid, of no call", fmt.Errorf("a row\nis %w", shotengai.ErrInvalid), shotengai.RowNotSent, "", "a row; is invalid request"},
		{"cancelled", context.Canceled, shotengai.RowNotSent, "", "context canceled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			state, code, message := api.RowOutcome(tt.err)
			assert.Equal(t, tt.state, state)
			assert.Equal(t, tt.code, code)
			assert.Equal(t, tt.message, message)
		})
	}
}
