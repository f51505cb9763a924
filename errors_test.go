package shotengai_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

func ExampleError() {
	var err error = &shotengai.Error{
		Platform: "colorme", Operation: "GET /v1/sales/{id}", Path: "/v1/sales/7", StatusCode: 404, Code: "404100",
		Message: "no such order", Kind: shotengai.ErrNotFound, Attempts: 1,
	}
	fmt.Println(err)
	if failed, ok := errors.AsType[*shotengai.Error](err); ok && errors.Is(err, shotengai.ErrNotFound) {
		fmt.Println(failed.Code, failed.Path)
	}
	// Output:
	// colorme: GET /v1/sales/{id}: 404 not found (404100): no such order
	// 404100 /v1/sales/7
}

// What a platform says is kept to one line of a bounded length.
func TestErrorText(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]shotengai.Error{
		"shop: GET /v1: 429 too many requests (4 2): 本 日: line; break; try again in 7s [request r1 X: y]": {
			Operation: "GET /v1", StatusCode: 429, Code: "4\n2", Message: "本\n日", Attempts: 1, RetryAfter: 7 * time.Second,
			Cause: errors.New("line\nbreak"), RequestID: "r1\r\nX: y",
		},
		"shop: GET /v1: 999":                          {Operation: "GET /v1", StatusCode: 999},
		"shop: GET /v1: no answer":                    {Operation: "GET /v1", Attempts: 1},
		"shop: PUT /v1/7: not sent: name: empty":      {Method: "PUT", Path: "/v1/7", Cause: errors.New("name: empty")},
		"shop: POST /v1: failed inside 200 (E10): no": {Operation: "POST /v1", StatusCode: 200, Code: "E10", Message: "no"},
		"shop: POST /v1: not sent: a; b":              {Operation: "POST /v1", Cause: errors.Join(errors.New("a"), errors.New("b"))},
		"shop: GET /v1: 422 unprocessable entity: mail: bad (and 1 more)": {
			Operation: "GET /v1", StatusCode: 422, Field: "mail", Message: "bad", Details: make([]shotengai.Detail, 2),
		},
		"shop: GET /v1: 503 service unavailable: 503 back soon": {
			Operation: "GET /v1", StatusCode: 503, Body: []byte("<html><b>503</b> back\nsoon"),
		},
		"shop: POST /v1: no answer: reset; the call may have been carried out: look before repeating it": {
			Operation: "POST /v1", Attempts: 1, Unknown: true, Cause: errors.New("reset"),
		},
	} {
		e.Platform = "shop"
		assert.Equal(t, want, e.Error())
	}
	long := (&shotengai.Error{
		Platform: "shop", Operation: strings.Repeat("本\n", 1<<20), Code: strings.Repeat("c", 1<<20), Message: strings.Repeat("本\n", 1<<20),
		RequestID: strings.Repeat("r", 1<<20), Cause: errors.New(strings.Repeat("\xff", 1<<20)), StatusCode: 400,
	}).Error()
	assert.Less(t, len(long), 4<<10)
	require.True(t, utf8.ValidString(long))
	assert.False(t, strings.ContainsFunc(long, unicode.IsControl))
}

func TestErrorMatches(t *testing.T) {
	t.Parallel()
	plan := fmt.Errorf("the plan lacks this: %w", shotengai.ErrForbidden)
	err := error(&shotengai.Error{Kind: plan, Unknown: true, Cause: context.Canceled})
	for _, target := range []error{plan, shotengai.ErrForbidden, shotengai.ErrOutcomeUnknown, context.Canceled} {
		require.ErrorIs(t, err, target)
	}
	require.NotErrorIs(t, err, shotengai.ErrNotFound)
	assert.Empty(t, (&shotengai.Error{}).Unwrap())
}
