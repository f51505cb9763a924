package storestest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/shotengaitest"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// answer is a raw answer of the fake.
type answer struct {
	status int
	kind   string
	body   string
}

// call sends a request as it stands, with a token unless that is empty.
func call(ctx context.Context, t testing.TB, srv *storestest.Server, token, method, path, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, srv.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("User-Agent", "test/1.0")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return do(t, srv, req)
}

func do(t testing.TB, srv *storestest.Server, req *http.Request) answer {
	t.Helper()
	resp, err := srv.HTTPClient().Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return answer{resp.StatusCode, resp.Header.Get("Content-Type"), string(body)}
}

const (
	shapeE = `^\{"errors":\[\{"message":".+"\}\]\}$`
	shapeM = `^\{"message":".+"\}$`
)

// operations are all 15, with the shapes of their documented errors.
var operations = []struct {
	method, path string
	forbidden    string
	failed       string // 500
}{
	{"GET", "/orders", shapeE, shapeE},
	{"POST", "/orders/x/shipped", shapeE, shapeE},
	{"PATCH", "/orders/x/deliveries", shapeE, shapeE},
	{"GET", "/items", shapeE, shapeE},
	{"POST", "/items", shapeE, shapeE},
	{"PATCH", "/items/x", shapeE, shapeE},
	{"POST", "/items/image_upload", shapeE, shapeE},
	{"POST", "/variations/x/inventories/adjustment", shapeE, shapeE},
	{"GET", "/categories", shapeM, shapeE},
	{"GET", "/shipping_fee_settings", shapeM, shapeE},
	{"GET", "/sales_channels", shapeE, shapeE},
	{"GET", "/remittances", shapeE, shapeE},
	{"GET", "/remittances/x/order_ids", shapeE, shapeE},
	{"POST", "/coupons", shapeE, shapeM},
	{"GET", "/store", shapeE, shapeE},
}

// TestErrorShapes: which of the two shapes an error has depends on operation and status.
func TestErrorShapes(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithoutRateLimits())
	require.Len(t, operations, 15)
	for _, op := range operations {
		path := "/retail/202211" + op.path
		forbidden := call(t.Context(), t, srv, srv.Shop().Token("offline_access"), op.method, path, "{}")
		assert.Equal(t, 403, forbidden.status, op.path)
		assert.Regexp(t, op.forbidden, forbidden.body, op.path)
		missing := call(t.Context(), t, srv, "", op.method, path, "{}")
		assert.Equal(t, 401, missing.status, op.path)
		for status, shape := range map[int]string{400: shapeE, 403: op.forbidden, 423: shapeE, 500: op.failed, 503: shapeM} {
			srv.Fail(1, storestest.Refusal(op.method, path, status, "だめです"))
			got := call(t.Context(), t, srv, srv.Shop().Credential(), op.method, path, "{}")
			assert.Equal(t, status, got.status)
			assert.Regexp(t, shape, got.body, "%s %s %d", op.method, op.path, status)
		}
	}
	assert.Equal(t, 404, call(t.Context(), t, srv, srv.Shop().Credential(), "GET", "/retail/202109/orders", "").status)
	assert.Equal(t, 404, call(t.Context(), t, srv, srv.Shop().Credential(), "DELETE", "/retail/202211/orders", "").status)
}

func TestFaultsLastUntilTheyAreHealed(t *testing.T) {
	t.Parallel()
	srv, _ := start(t)
	srv.Fail(-1, shotengaitest.Fault{Status: http.StatusServiceUnavailable})
	for range 2 {
		assert.Equal(t, 503, storeStatus(t, srv, srv.Shop().Credential()))
	}
	srv.Heal()
	assert.Equal(t, 200, storeStatus(t, srv, srv.Shop().Credential()))
}

func TestScopes(t *testing.T) {
	t.Parallel()
	srv, _ := start(t)
	read, write := srv.Shop().Token("retail.shop.read"), srv.Shop().Token("retail.shop.write")
	assert.Equal(t, 200, call(t.Context(), t, srv, read, "GET", "/retail/202211/store", "").status)
	assert.Equal(t, 403, call(t.Context(), t, srv, write, "GET", "/retail/202211/store", "").status)
	assert.Equal(t, 403, call(t.Context(), t, srv, read, "POST", "/retail/202211/coupons", "{}").status)
	assert.Equal(t, 400, call(t.Context(), t, srv, write, "POST", "/retail/202211/coupons", "{}").status)
}

// TestUserAgentIsDemanded: the edge shows a page to callers without one or with that of
// Go's library.
func TestUserAgentIsDemanded(t *testing.T) {
	t.Parallel()
	srv, _ := start(t)
	for agent, status := range map[string]int{"": 403, "Go-http-client/1.1": 403, "Go-http-client/2.0": 403, "my-app/1.0": 200} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/retail/202211/store", nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+srv.Shop().Credential())
		req.Header.Set("User-Agent", agent)
		got := do(t, srv, req)
		assert.Equal(t, status, got.status, agent)
		if status == 403 {
			assert.Contains(t, got.kind, "text/html")
			assert.Contains(t, got.body, "1010")
		}
	}
}

// TestRateLimit: 60 calls a minute, counted by token.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 10, 12, 0, 0, 0, time.UTC)
	srv, _ := start(t, storestest.WithClock(func() time.Time { return now }))
	one, two := srv.Shop().Token(), srv.Shop().Token()
	for range 60 {
		require.Equal(t, 200, call(t.Context(), t, srv, one, "GET", "/retail/202211/store", "").status)
	}
	refused := call(t.Context(), t, srv, one, "GET", "/retail/202211/store", "")
	assert.Equal(t, 429, refused.status)
	assert.Equal(t, 200, call(t.Context(), t, srv, two, "GET", "/retail/202211/store", "").status)
	srv.Advance(59 * time.Second)
	assert.Equal(t, 429, call(t.Context(), t, srv, one, "GET", "/retail/202211/store", "").status)
	srv.Advance(time.Second)
	assert.Equal(t, 200, call(t.Context(), t, srv, one, "GET", "/retail/202211/store", "").status)
}

// ids calls a list and returns the ids in it.
func ids(t testing.TB, srv *storestest.Server, path string) []string {
	t.Helper()
	got := call(context.Background(), t, srv, srv.Shop().Credential(), "GET", "/retail/202211"+path, "")
	require.Equal(t, 200, got.status, "%s: %s", path, got.body)
	var body map[string][]struct {
		ID string `json:"id"`
	}
	require.NoError(t, json.Unmarshal([]byte(got.body), &body))
	require.Len(t, body, 1, "a list has no total")
	out := []string{}
	for _, rows := range body {
		for _, row := range rows {
			out = append(out, row.ID)
		}
	}
	return out
}

func TestPaging(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, storestest.WithOrders(120), storestest.WithItems(25), storestest.WithoutRateLimits())
	for path, want := range map[string]int{
		"/orders": 10, "/orders?limit=100": 100, "/orders?limit=100&offset=100": 20, "/orders?offset=120": 0, "/orders?offset=9999": 0,
		"/items": 10, "/items?limit=1": 1, "/items?offset=20": 5, "/categories?limit=3&offset=3": 2, "/sales_channels?limit=1": 1, "/remittances?limit=2&offset=2": 2,
	} {
		assert.Len(t, ids(t, srv, path), want, path)
	}
	for _, list := range []string{"/orders", "/items", "/categories", "/sales_channels", "/remittances"} {
		for _, query := range []string{"limit=0", "limit=101", "limit=x", "limit=-1", "offset=-1", "offset=x"} {
			got := call(t.Context(), t, srv, srv.Shop().Credential(), "GET", "/retail/202211"+list+"?"+query, "")
			assert.Equal(t, 400, got.status, "%s?%s", list, query)
			assert.Regexp(t, shapeE, got.body)
		}
	}
	all := append(ids(t, srv, "/orders?limit=100"), ids(t, srv, "/orders?limit=100&offset=100")...)
	slices.Sort(all)
	assert.Len(t, slices.Compact(all), 120)
}

// TestShopsAreApart: a token shows its own shop.
func TestShopsAreApart(t *testing.T) {
	t.Parallel()
	srv, _ := start(t)
	other := srv.AddShop(storestest.Seed{Name: "二号店"})
	got := call(t.Context(), t, srv, other.Token(), "GET", "/retail/202211/store", "")
	assert.JSONEq(t, fmt.Sprintf(`{"id":%q,"name":"二号店"}`, other.ID), got.body)
	order := srv.Shop().AddOrder(nil)
	assert.Nil(t, other.Order(order))
	assert.Equal(t, 404, call(t.Context(), t, srv, other.Token(), "POST", "/retail/202211/orders/"+order+"/shipped", "").status)
}
