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

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

func TestErrorCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status, code int
		is, isNot    []error
	}{
		{401, 401001, []error{shotengai.ErrUnauthorized, shotengai.ErrReauthorize}, []error{colorme.ErrScope, colorme.ErrPlan}},
		{401, 401010, []error{shotengai.ErrUnauthorized, colorme.ErrScope}, []error{shotengai.ErrReauthorize, colorme.ErrPlan}},
		{401, 401200, []error{colorme.ErrPlan, shotengai.ErrForbidden}, []error{shotengai.ErrUnauthorized, shotengai.ErrReauthorize}},
		{403, 403000, []error{shotengai.ErrForbidden}, []error{colorme.ErrPlan}},
		{403, 403001, []error{shotengai.ErrForbidden}, nil},
		{403, 403100, []error{shotengai.ErrForbidden}, nil},
		{404, 404001, []error{shotengai.ErrNotFound}, nil},
		{404, 404100, []error{shotengai.ErrNotFound}, nil},
		{422, 422001, []error{shotengai.ErrInvalid}, nil},
		{422, 422003, []error{shotengai.ErrInvalid}, nil},
		{422, 422007, []error{shotengai.ErrInvalid}, nil},
		{422, 422014, []error{shotengai.ErrInvalid}, nil},
		{422, 422043, []error{shotengai.ErrInvalid}, nil},
		{422, 422050, []error{shotengai.ErrInvalid}, nil},
		{422, 422100, []error{shotengai.ErrInvalid}, nil},
		{422, 422210, []error{shotengai.ErrInvalid}, nil},
		{422, 422250, []error{shotengai.ErrInvalid}, nil},
		{429, 429000, []error{shotengai.ErrRateLimited}, nil},
		{400, 429001, []error{shotengai.ErrRateLimited}, []error{shotengai.ErrInvalid}},
		{500, 500000, []error{shotengai.ErrUnavailable}, []error{shotengai.ErrOutcomeUnknown}},
		{503, 503002, []error{shotengai.ErrUnavailable}, nil},
	}
	for _, tt := range tests {
		t.Run(strconv.Itoa(tt.code), func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/base/v1/shop" { // the token is alive
					answer(w, 200, `{"shop":{}}`)
					return
				}
				answer(w, tt.status, fmt.Sprintf(`{"errors":[{"code":%d,"message":"だめです","status":%d}]}`, tt.code, tt.status))
			}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
			_, err := client.Sales.Get(t.Context(), 1)
			for _, kind := range tt.is {
				require.ErrorIs(t, err, kind)
			}
			for _, kind := range tt.isNot {
				require.NotErrorIs(t, err, kind)
			}
			e, ok := errors.AsType[*shotengai.Error](err)
			require.True(t, ok)
			assert.Equal(t, strconv.Itoa(tt.code), e.Code)
			assert.Equal(t, "GET /v1/sales/{id}", e.Operation)
			assert.Equal(t, tt.status, e.StatusCode)
			assert.Equal(t, "だめです", e.Message)
			assert.Equal(t, "GET", e.Method)
			assert.Contains(t, err.Error(), fmt.Sprintf("(%d): だめです", tt.code))
		})
	}
}

// A dead token and a missing scope share a code. The client asks for the shop, which needs no
// scope, and asks once.
func TestT38DeadTokenOrMissingScope(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]colormetest.Option{
		"as observed": nil, "as documented": {colormetest.WithDocumentedTokenErrors()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, _ := startFake(t, opts...)
			token := srv.Shop().Token(colorme.ScopeReadProducts)
			client := withToken(t, srv, token)
			for range 3 {
				_, err := client.Sales.Get(t.Context(), 1)
				require.ErrorIs(t, err, colorme.ErrScope)
				require.NotErrorIs(t, err, shotengai.ErrReauthorize)
			}
			assert.Equal(t, []string{"/v1/sales/1", "/v1/shop", "/v1/sales/1", "/v1/sales/1"}, paths(srv))
			_, err := client.Products.List(t.Context(), colorme.ListProductsParams{})
			require.NoError(t, err)
			require.NoError(t, client.Verify(t.Context()))

			srv.Revoke(token)
			for range 3 {
				_, err := client.Products.List(t.Context(), colorme.ListProductsParams{})
				require.ErrorIs(t, err, shotengai.ErrReauthorize)
				require.NotErrorIs(t, err, colorme.ErrScope)
			}
			require.ErrorIs(t, client.Verify(t.Context()), shotengai.ErrReauthorize)
		})
	}
}

// A shop that cannot be asked leaves it open whether the token is dead.
func TestATokenThatCannotBeJudgedNow(t *testing.T) {
	t.Parallel()
	srv, _ := startFake(t)
	token := srv.Shop().Token(colorme.ScopeReadProducts)
	client := withToken(t, srv, token, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	busy := colormetest.Refusal(503002, "")
	busy.Path = "/v1/shop"
	srv.Fail(1, busy)
	_, err := client.Sales.Get(t.Context(), 1)
	require.ErrorIs(t, err, shotengai.ErrUnauthorized)
	require.ErrorIs(t, err, shotengai.ErrUnavailable)
	require.NotErrorIs(t, err, shotengai.ErrReauthorize)
	require.NotErrorIs(t, err, colorme.ErrScope)
	_, err = client.Sales.Get(t.Context(), 1)
	require.ErrorIs(t, err, colorme.ErrScope, "asked again")
}

func withToken(t *testing.T, srv *colormetest.Server, token string, opts ...shotengai.Option) *colorme.Client {
	t.Helper()
	tokens := oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
	client, err := colorme.NewClient(tokens, append(append(srv.Options(), shotengai.WithLimiter(nil)), opts...)...)
	require.NoError(t, err)
	return client
}

func paths(srv *colormetest.Server) (paths []string) {
	for _, r := range srv.Requests() {
		paths = append(paths, r.Path)
	}
	return paths
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
		e, ok := errors.AsType[*shotengai.Error](err)
		require.True(t, ok)
		assert.Equal(t, want, e.Field)
		assert.Equal(t, []shotengai.Detail{{Code: "422007", Message: "first", Status: 422, Field: want}, {Message: "second"}}, e.Details)
		assert.EqualError(t, err, "colorme: POST /v1/customers/{id}/points: 422 unprocessable entity (422007): "+want+": first (and 1 more)")
	}
}

func TestErrorBodiesOfAnyShape(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status      int
		kind, body  string
		code        string
		is          error
		textHas     string
		textHasNone string
	}{
		"HTML 502":           {502, "text/html", "<html><style>p{}</style><h1>Bad Gateway</h1></html>", "", shotengai.ErrUnavailable, "Bad Gateway", "<h1>"},
		"empty":              {404, "application/json", "", "", shotengai.ErrNotFound, "404 not found", ""},
		"truncated":          {422, "application/json", `{"errors":[{"code":42`, "", shotengai.ErrInvalid, "422", ""},
		"code as a string":   {422, "application/json", `{"errors":[{"code":"422007","message":"m"}]}`, "422007", shotengai.ErrInvalid, "(422007): m", ""},
		"code in letters":    {422, "application/json", `{"errors":[{"code":"E1","message":"m"}]}`, "E1", shotengai.ErrInvalid, "(E1): m", ""},
		"code as a list":     {422, "application/json", `{"errors":[{"code":[1],"message":"m"}]}`, "", shotengai.ErrInvalid, "entity: m", ""},
		"message and field":  {400, "application/json", `{"errors":[{"field":"code","message":"m"}]}`, "", shotengai.ErrInvalid, "code: m", ""},
		"errors as a string": {400, "application/json", `{"errors":"oops"}`, "", shotengai.ErrInvalid, "oops", ""},
		"HTML 200":           {200, "text/html", "<html>maintenance</html>", "", shotengai.ErrUnavailable, "web page", "<html>"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.kind)
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}, shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
			_, err := client.Shop.Get(t.Context())
			require.ErrorIs(t, err, tt.is)
			e, ok := errors.AsType[*shotengai.Error](err)
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
	client, err := srv.Client(shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)

	srv.Fail(1, shotengaitest.Fault{ResetAfter: true})
	_, err = client.Customers.AddPoints(t.Context(), 1, 10)
	require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
	require.ErrorIs(t, err, shotengai.ErrUnavailable)

	srv.Close()
	_, err = client.Shop.Get(t.Context())
	e, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok)
	require.ErrorIs(t, err, shotengai.ErrUnavailable)
	assert.Zero(t, e.StatusCode)
}

func TestRetryAfterIsReported(t *testing.T) {
	t.Parallel()
	srv := colormetest.NewServer()
	defer srv.Close()
	client, err := srv.Client(shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	require.NoError(t, err)
	srv.Fail(1, shotengaitest.Fault{Status: 429, RetryAfter: "7"})
	_, err = client.Shop.Get(t.Context())
	e, ok := errors.AsType[*shotengai.Error](err)
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
		e, ok := errors.AsType[*shotengai.Error](err)
		if !ok || e.StatusCode != status || len(e.Body) > 2<<10 || err.Error() == "" {
			t.Errorf("%d %q: %#v", status, body, err)
		}
	})
}

// serveBytes answers every call without a network.
func serveBytes(t *testing.T, status int, body []byte) *colorme.Client {
	t.Helper()
	client, err := colorme.NewClient(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: "token"}), shotengai.WithLimiter(nil),
		shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}), shotengai.WithHTTPClient(&http.Client{Transport: always{status, body}}))
	require.NoError(t, err)
	return client
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 404, `{"errors":[{"code":404100,"message":"not there","status":404}]}`)
	})
	_, err := client.Sales.Get(t.Context(), 1)
	require.ErrorIs(t, err, shotengai.ErrNotFound)
	assert.EqualError(t, err, "colorme: GET /v1/sales/{id}: 404 not found (404100): not there")
}
