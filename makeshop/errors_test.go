package makeshop_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

func TestErrors(t *testing.T) {
	t.Parallel()
	const json = "application/json"
	for _, tt := range []struct {
		name     string
		answer   answer
		document string
		is, not  []error
		check    func(*testing.T, *shotengai.Error)
		tries    int
	}{
		{
			name:   "unknown field",
			answer: answer{422, json, `{"errors":[{"message":"Cannot query field \"status\" on type \"X\"","locations":[{"line":1,"column":9}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`},
			is:     []error{shotengai.ErrInvalid}, not: []error{makeshop.ErrPartial, shotengai.ErrOutcomeUnknown},
			check: func(t *testing.T, e *shotengai.Error) {
				assert.Equal(t, 422, e.StatusCode)
				assert.Equal(t, makeshop.CodeValidationFailed, e.Code)
				assert.Equal(t, `makeshop: query q: 422 unprocessable entity (GRAPHQL_VALIDATION_FAILED): Cannot query field "status" on type "X"`, e.Error())
			},
		},
		{
			name:   "unknown input field",
			answer: ok(`{"errors":[{"message":"unknown field","path":["variable","input","coupons",0,"name"]},{"message":"second"}]}`),
			is:     []error{makeshop.ErrGraphQL},
			check: func(t *testing.T, e *shotengai.Error) {
				assert.Equal(t, "variable.input.coupons.0.name", e.Field)
				assert.Equal(t, []shotengai.Detail{{Message: "unknown field", Field: "variable.input.coupons.0.name"}, {Message: "second"}}, e.Details)
				assert.Contains(t, e.Error(), "(and 1 more)")
			},
		},
		{
			name:   "scope",
			answer: ok(`{"errors":[{"message":"forbidden","path":["searchProduct"],"extensions":{"code":"FORBIDDEN"}}],"data":null}`),
			is:     []error{makeshop.ErrScope, shotengai.ErrForbidden}, not: []error{makeshop.ErrIntrospection},
		},
		{
			name:     "introspection",
			document: "query q { __schema { types { name } } }",
			answer:   ok(`{"errors":[{"message":"forbidden","extensions":{"code":"FORBIDDEN"}}],"data":null}`),
			is:       []error{makeshop.ErrIntrospection, shotengai.ErrForbidden}, not: []error{makeshop.ErrScope},
		},
		{
			name:   "wrong address",
			answer: answer{404, "text/html; charset=utf-8", "<!DOCTYPE html><html><title>Not Found</title></html>"},
			is:     []error{makeshop.ErrEndpoint, shotengai.ErrNotFound},
			check:  func(t *testing.T, e *shotengai.Error) { assert.NotContains(t, e.Error(), "<") },
		},
		{name: "404 of the API", answer: answer{404, json, `{}`}, is: []error{shotengai.ErrNotFound}, not: []error{makeshop.ErrEndpoint}},
		{name: "401", answer: answer{401, json, `{"errors":[{"message":"token"}]}`}, is: []error{shotengai.ErrUnauthorized}},
		{name: "401 inside 200", answer: ok(`{"errors":[{"message":"x","extensions":{"code":"UNAUTHENTICATED"}}],"data":null}`), is: []error{shotengai.ErrUnauthorized}},
		{name: "403", answer: answer{403, "", ``}, is: []error{shotengai.ErrForbidden}},
		{name: "429", answer: answer{429, "", ``}, is: []error{shotengai.ErrRateLimited}, tries: 3},
		{name: "500", answer: answer{500, json, `{"errors":[{"message":"x","extensions":{"code":"FORBIDDEN"}}]}`}, is: []error{shotengai.ErrUnavailable}, not: []error{shotengai.ErrForbidden}},
		{name: "503", answer: answer{503, "text/html", `<html>maintenance</html>`}, is: []error{shotengai.ErrUnavailable}, tries: 3},
		{name: "H02 200 HTML", answer: answer{200, "text/html", `<html>portal</html>`}, is: []error{shotengai.ErrUnavailable}, tries: 3},
		{name: "empty", answer: answer{200, json, ``}, is: []error{shotengai.ErrUnavailable}, tries: 3},
		{name: "H16 no data and no errors", answer: ok(`{}`)},
		{name: "null data", answer: ok(`{"data":null}`)},
		{name: "not an object", answer: ok(`[1]`)},
		{
			name: "odd errors", answer: ok(`{"errors":["text",7,null,{"message":3,"path":"a.b","extensions":[]}]}`), is: []error{makeshop.ErrGraphQL},
			check: func(t *testing.T, e *shotengai.Error) {
				assert.Equal(t, []shotengai.Detail{{Message: "text"}, {Message: "7"}, {}, {Field: "a.b"}}, e.Details)
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, tt.answer)
			document := tt.document
			if document == "" {
				document = "query q { a }"
			}
			var out struct{ A string }
			err := newClient(t, srv).Query(t.Context(), document, nil, &out)
			var e *shotengai.Error
			require.ErrorAs(t, err, &e)
			for _, kind := range tt.is {
				require.ErrorIs(t, err, kind)
			}
			for _, kind := range tt.not {
				require.NotErrorIs(t, err, kind)
			}
			for _, secret := range []shotengai.Secret{token, apiKey} {
				assert.NotContains(t, fmt.Sprintf("%+v %#v", err, e), secret.Reveal(), "H22")
			}
			assert.Equal(t, http.MethodPost, e.Method)
			assert.Equal(t, "/v1/graphql", e.Path)
			if tt.check != nil {
				tt.check(t, e)
			}
			assert.Len(t, srv.requests(), max(tt.tries, 1))
		})
	}
}

func TestPartialData(t *testing.T) {
	t.Parallel()
	const body = `{"errors":[{"message":"no stock","path":["a","b"]}],"data":{"a":{"b":null,"c":7},"x":null}}`
	var out struct{ A struct{ B, C *int } }
	err := newClient(t, newServer(t, ok(body))).Query(t.Context(), "{ a { b c } }", nil, &out)
	require.ErrorIs(t, err, makeshop.ErrPartial)
	require.ErrorIs(t, err, makeshop.ErrGraphQL)
	require.NotNil(t, out.A.C)
	assert.Equal(t, 7, *out.A.C)

	const orders = `{"data":{"searchOrder":{"orders":[{"systemOrderNumber":"1"}],"searchedCount":2}},"errors":[{"message":"one is missing"}]}`
	page, err := newClient(t, newServer(t, ok(orders))).Orders.List(t.Context(), makeshop.ListOrdersParams{})
	require.ErrorIs(t, err, makeshop.ErrPartial)
	require.NotNil(t, page)
	assert.Equal(t, "1", page.Items[0].SystemOrderNumber)
}

func TestMutationsAreNotRepeated(t *testing.T) {
	t.Parallel()
	rows := []makeshop.CancelOrderRequest{{DisplayOrderNumber: "1"}}
	for name, tt := range map[string]struct {
		answer  answer
		unknown bool
		tries   int
	}{
		"500":                    {answer{500, "", ""}, true, 1},
		"503":                    {answer{503, "", ""}, true, 1},
		"broken off":             {answer{}, true, 1},
		"no data":                {ok(`{"data":null}`), true, 1},
		"root is null":           {ok(`{"data":{"cancelOrder":null}}`), true, 1},
		"a page":                 {answer{200, "text/html", "<html>"}, true, 1},
		"the server's own fault": {ok(`{"errors":[{"message":"internal system error"}],"data":null}`), true, 1},
		"refused":                {answer{422, "application/json", `{"errors":[{"message":"x"}]}`}, false, 1},
		"forbidden":              {ok(`{"errors":[{"message":"x","extensions":{"code":"FORBIDDEN"}}],"data":null}`), false, 1},
		"too fast":               {answer{429, "", ""}, false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, tt.answer)
			_, err := newClient(t, srv).Orders.Cancel(t.Context(), rows)
			require.Error(t, err)
			if tt.unknown {
				require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
			} else {
				require.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
			}
			assert.Len(t, srv.requests(), tt.tries)
		})
	}
}
