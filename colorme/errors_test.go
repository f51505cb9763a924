package colorme_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

func TestErrorCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status, code int
		is, isNot    []error
	}{
		{401, 401001, []error{colorme.ErrUnauthorized, colorme.ErrReauthorize}, []error{colorme.ErrScope, colorme.ErrPlan}},
		{401, 401010, []error{colorme.ErrUnauthorized, colorme.ErrScope}, []error{colorme.ErrReauthorize, colorme.ErrPlan}},
		{401, 401200, []error{colorme.ErrPlan, colorme.ErrForbidden}, []error{colorme.ErrUnauthorized, colorme.ErrReauthorize}},
		{403, 403000, []error{colorme.ErrForbidden}, []error{colorme.ErrPlan}},
		{403, 403001, []error{colorme.ErrForbidden}, nil},
		{403, 403100, []error{colorme.ErrForbidden}, nil},
		{404, 404001, []error{colorme.ErrNotFound}, nil},
		{404, 404100, []error{colorme.ErrNotFound}, nil},
		{422, 422001, []error{colorme.ErrInvalid}, nil},
		{422, 422003, []error{colorme.ErrInvalid}, nil},
		{422, 422007, []error{colorme.ErrInvalid}, nil},
		{422, 422014, []error{colorme.ErrInvalid}, nil},
		{422, 422043, []error{colorme.ErrInvalid}, nil},
		{422, 422050, []error{colorme.ErrInvalid}, nil},
		{422, 422100, []error{colorme.ErrInvalid}, nil},
		{422, 422210, []error{colorme.ErrInvalid}, nil},
		{422, 422250, []error{colorme.ErrInvalid}, nil},
		{429, 429000, []error{colorme.ErrRateLimited}, nil},
		{500, 500000, []error{colorme.ErrUnavailable}, []error{colorme.ErrOutcomeUnknown}},
		{503, 503002, []error{colorme.ErrUnavailable}, nil},
	}
	for _, tt := range tests {
		t.Run(strconv.Itoa(tt.code), func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				answer(w, tt.status, fmt.Sprintf(`{"errors":[{"code":%d,"message":"だめです","status":%d}]}`, tt.code, tt.status))
			}, colorme.WithRetryPolicy(colorme.RetryPolicy{Attempts: 1}))
			_, err := client.Sales.Get(t.Context(), 1)
			for _, kind := range tt.is {
				require.ErrorIs(t, err, kind)
			}
			for _, kind := range tt.isNot {
				require.NotErrorIs(t, err, kind)
			}
			e, ok := errors.AsType[*colorme.Error](err)
			require.True(t, ok)
			assert.Equal(t, tt.code, e.Code)
			assert.Equal(t, tt.status, e.StatusCode)
			assert.Equal(t, "だめです", e.Message)
			assert.Equal(t, "GET", e.Method)
			assert.Contains(t, err.Error(), fmt.Sprintf("(%d): だめです", tt.code))
		})
	}
}

// A dead token and a missing scope share a code; asking for the shop, which needs no
// scope, tells them apart.
func TestVerifyTellsADeadTokenFromAMissingScope(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer()
	defer srv.Close()
	token := srv.Shop().Token(colorme.ScopeReadProducts)
	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), colorme.WithTestServer(srv.URL))
	require.NoError(t, err)

	_, err = client.Sales.Get(t.Context(), 1)
	require.ErrorIs(t, err, colorme.ErrScope)
	require.NotErrorIs(t, err, colorme.ErrReauthorize)
	require.NoError(t, client.Verify(t.Context()))

	srv.Revoke(token)
	require.ErrorIs(t, client.Verify(t.Context()), colorme.ErrReauthorize)
}

func TestErrorFieldsAreTheRequests(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"customer.email": "customer.mail", "customer.prefecture_id": "customer.pref_id",
		"product.disp_flg": "product.display_state", "product_category.order_num": "category.sort",
		"customer.name": "customer.name",
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			answer(w, 422, `{"errors":[{"code":422007,"message":"first","status":422,"field":"`+raw+`"},{"message":"second"}]}`)
		})
		_, err := client.Customers.AddPoints(t.Context(), 1, 2)
		e, ok := errors.AsType[*colorme.Error](err)
		require.True(t, ok)
		assert.Equal(t, want, e.Field)
		require.Len(t, e.Errors, 2)
		assert.Equal(t, colorme.ErrorDetail{Code: 422007, Message: "first", Status: 422, Field: want, RawField: raw}, e.Errors[0])
		assert.Equal(t, colorme.ErrorDetail{Message: "second"}, e.Errors[1])
		assert.EqualError(t, err, "colorme: POST /base/v1/customers/1/points: 422 unprocessable entity (422007): "+want+": first")
	}
}

func TestErrorBodiesOfAnyShape(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status      int
		kind, body  string
		code        int
		is          error
		textHas     string
		textHasNone string
	}{
		"HTML 502":           {502, "text/html", "<html><style>p{}</style><h1>Bad Gateway</h1></html>", 0, colorme.ErrUnavailable, "Bad Gateway", "<h1>"},
		"empty":              {404, "application/json", "", 0, colorme.ErrNotFound, "404 not found", ""},
		"truncated":          {422, "application/json", `{"errors":[{"code":42`, 0, colorme.ErrInvalid, "422", ""},
		"code as a string":   {422, "application/json", `{"errors":[{"code":"422007","message":"m"}]}`, 422007, colorme.ErrInvalid, "(422007): m", ""},
		"message and field":  {400, "application/json", `{"errors":[{"field":"code","message":"m"}]}`, 0, colorme.ErrInvalid, "code: m", ""},
		"errors as a string": {400, "application/json", `{"errors":"oops"}`, 0, colorme.ErrInvalid, "oops", ""},
		"HTML 200":           {200, "text/html", "<html>maintenance</html>", 0, colorme.ErrUnavailable, "web page", "<html>"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.kind)
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}, colorme.WithRetryPolicy(colorme.RetryPolicy{Attempts: 1}))
			_, err := client.Shop.Get(t.Context())
			require.ErrorIs(t, err, tt.is)
			e, ok := errors.AsType[*colorme.Error](err)
			require.True(t, ok)
			assert.Equal(t, tt.code, e.Code)
			assert.Contains(t, err.Error(), tt.textHas)
			if tt.textHasNone != "" {
				assert.NotContains(t, err.Error(), tt.textHasNone)
			}
		})
	}
}

func TestErrorsWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer()
	client, err := srv.Client(colorme.WithRetryPolicy(colorme.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)

	srv.Fail(1, colormetest.Fault{ResetAfter: true})
	_, err = client.Customers.AddPoints(t.Context(), 1, 10)
	require.ErrorIs(t, err, colorme.ErrOutcomeUnknown)
	require.ErrorIs(t, err, colorme.ErrUnavailable)

	srv.Close()
	_, err = client.Shop.Get(t.Context())
	e, ok := errors.AsType[*colorme.Error](err)
	require.True(t, ok)
	require.ErrorIs(t, err, colorme.ErrUnavailable)
	assert.Zero(t, e.StatusCode)
}

func TestRetryAfterIsTold(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer()
	defer srv.Close()
	client, err := srv.Client(colorme.WithRetryPolicy(colorme.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)
	srv.Fail(1, colormetest.Fault{Status: 429, RetryAfter: "7"})
	_, err = client.Shop.Get(t.Context())
	e, ok := errors.AsType[*colorme.Error](err)
	require.True(t, ok)
	assert.Equal(t, 7*time.Second, e.RetryAfter)
	assert.ErrorContains(t, err, "try again in 7s")
}

func FuzzErrorBody(f *testing.F) {
	f.Add(422, []byte(`{"errors":[{"code":422007,"message":"m","status":422,"field":"f"}]}`))
	f.Add(500, []byte(`{"errors":[null]}`))
	f.Add(502, []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 400 || status > 599 {
			t.Skip("not an error")
		}
		client := serveBytes(t, status, body)
		_, err := client.Shop.Get(t.Context())
		e, ok := errors.AsType[*colorme.Error](err)
		if !ok || e.StatusCode != status || len(e.Body) > 2<<10 || err.Error() == "" {
			t.Errorf("%d %q: %#v", status, body, err)
		}
	})
}

// serveBytes answers every call without a network.
func serveBytes(t *testing.T, status int, body []byte) *colorme.Client {
	t.Helper()
	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"}), colorme.WithLimiter(nil),
		colorme.WithRetryPolicy(colorme.RetryPolicy{Attempts: 1}), colorme.WithHTTPClient(&http.Client{Transport: always{status, body}}))
	require.NoError(t, err)
	return client
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 404, `{"errors":[{"code":404100,"message":"not there","status":404}]}`)
	})
	_, err := client.Sales.Get(t.Context(), 1)
	require.ErrorIs(t, err, colorme.ErrNotFound)
	assert.EqualError(t, err, "colorme: GET /base/v1/sales/1: 404 not found (404100): not there")
}
