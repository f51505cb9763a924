package makeshoptest_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

func TestHeaders(t *testing.T) {
	t.Parallel()
	srv := start(t)
	stamp := func(d time.Duration) string { return strconv.FormatInt(noon.Add(d).Unix(), 10) }
	for _, tt := range []struct {
		name   string
		header []string
		status int
		code   any
	}{
		{"all", nil, 200, nil},
		{"no authorization", []string{"Authorization", "-"}, 401, "UNAUTHENTICATED"},
		{"no scheme", []string{"Authorization", srv.Shop().Token()}, 401, "UNAUTHENTICATED"},
		{"unknown token", []string{"Authorization", "Bearer PAT.0"}, 401, "UNAUTHENTICATED"},
		{"no key", []string{"X-Api-Key", "-"}, 401, "UNAUTHENTICATED"},
		{"wrong key", []string{"X-Api-Key", "x"}, 401, "UNAUTHENTICATED"},
		{"no timestamp", []string{"X-Timestamp", "-"}, 401, "UNAUTHENTICATED"},
		{"milliseconds", []string{"X-Timestamp", strconv.FormatInt(noon.UnixMilli(), 10)}, 401, "UNAUTHENTICATED"},
		{"an hour old", []string{"X-Timestamp", stamp(-time.Hour)}, 200, nil},
		{"older", []string{"X-Timestamp", stamp(-time.Hour - time.Second)}, 401, "UNAUTHENTICATED"},
		{"too far ahead", []string{"X-Timestamp", stamp(time.Hour + time.Second)}, 401, "UNAUTHENTICATED"},
		{"no content type", []string{"Content-Type", "-"}, 400, nil},
		{"a form", []string{"Content-Type", "application/x-www-form-urlencoded"}, 400, nil},
		{"a charset", []string{"Content-Type", "application/json; charset=utf-8"}, 200, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status, answer := query(t, srv, `{ __typename }`, nil, tt.header...)
			require.Equal(t, tt.status, status, "%v", answer)
			if status == http.StatusOK {
				assert.Equal(t, object{"data": object{"__typename": "Query"}}, answer)
				return
			}
			assert.Nil(t, answer["data"])
			assert.Equal(t, tt.code, at(answer, "errors.0.extensions.code"))
		})
	}
}

func TestRefusedCalls(t *testing.T) {
	t.Parallel()
	srv := start(t)
	app := srv.App()
	app.Operations = []string{"getShop"}
	srv.SetApp(app)
	for _, tt := range []struct {
		name, query string
		status      int
		code        string
		message     string
	}{
		{"unknown field", `mutation { createCoupon(input: {coupons: []}) { status } }`, 422, "GRAPHQL_VALIDATION_FAILED", `Cannot query field "status" on type "CreateCouponResponse".`},
		{"receiver of an order", `{ searchOrder(input: {}) { orders { receiverName } } }`, 422, "GRAPHQL_VALIDATION_FAILED", `Cannot query field "receiverName" on type "SearchedOrder".`},
		{"broken document", `{`, 422, "GRAPHQL_PARSE_FAILED", `Expected Name, found <EOF>`},
		{"introspection", `{ __schema { types { name } } }`, 200, "FORBIDDEN", "introspection disabled"},
		{"type introspection", `{ __type(name: "Shop") { name } }`, 200, "FORBIDDEN", "introspection disabled"},
		{"no grant", `{ getShop { shop { shopId } } o: searchOrder(input: {}) { searchedCount } }`, 200, "FORBIDDEN", "operation searchOrder is not permitted"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			status, answer := query(t, srv, tt.query, nil)
			assert.Equal(t, tt.status, status)
			assert.Equal(t, tt.code, at(answer, "errors.0.extensions.code"))
			assert.Equal(t, tt.message, at(answer, "errors.0.message"))
			assert.Nil(t, answer["data"])
			if tt.name == "no grant" {
				assert.Equal(t, []any{"o"}, at(answer, "errors.0.path"))
			}
		})
	}
	status, answer := query(t, srv, `mutation($input: CreateCouponRequest!) { createCoupon(input: $input) { results { code } } }`, object{"input": object{"name": "x"}})
	assert.Equal(t, 422, status)
	assert.Equal(t, []any{"variable", "input", "name"}, at(answer, "errors.0.path"))
	assert.Equal(t, "unknown field", at(answer, "errors.0.message"))
}

func TestWrongAddresses(t *testing.T) {
	t.Parallel()
	srv := start(t)
	for _, address := range []string{srv.URL + "/", srv.Endpoint() + "/", srv.URL + "/graphql", srv.TokenURL() + "/x"} {
		status, header, body := send(t, srv, http.MethodPost, address, `{"query":"{ __typename }"}`, headers(srv, srv.Shop().Token())...)
		assert.Equal(t, http.StatusNotFound, status, address)
		assert.Contains(t, header.Get("Content-Type"), "text/html")
		assert.Contains(t, body, "<html")
	}
	status, _, body := send(t, srv, http.MethodGet, srv.Endpoint(), "", headers(srv, srv.Shop().Token())...)
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, body, "transport not supported")
	status, _, body = send(t, srv, http.MethodPost, srv.Endpoint(), `{"query"`, headers(srv, srv.Shop().Token())...)
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, body, "could not be decoded")
}

func TestRequestSize(t *testing.T) {
	t.Parallel()
	srv := start(t)
	body := `{"query":"{ __typename }"` + strings.Repeat(" ", 4_999_999-26) + `}`
	status, _, _ := send(t, srv, http.MethodPost, srv.Endpoint(), body, headers(srv, srv.Shop().Token())...)
	assert.Equal(t, http.StatusOK, status)
	status, _, _ = send(t, srv, http.MethodPost, srv.Endpoint(), body+" ", headers(srv, srv.Shop().Token())...)
	assert.Equal(t, http.StatusRequestEntityTooLarge, status)
}

// withUploads adds an operation that takes files and returns what it got.
func withUploads() makeshoptest.Option {
	return makeshoptest.WithOperations(`
		extend type Mutation { addImages(input: AddImagesRequest!): AddImagesResponse! }
		input AddImagesRequest { images: [Upload!]! fail: Boolean }
		type AddImagesResponse { names: [String] }
	`, map[string]makeshoptest.Handler{"addImages": func(shop *makeshoptest.Shop, arguments map[string]any) (any, error) {
		input, _ := arguments["input"].(object)
		if input["fail"] == true {
			return nil, errors.New("no room in " + shop.ID)
		}
		names := []any{}
		images, _ := input["images"].([]any)
		for _, v := range images {
			file, _ := v.(*makeshoptest.Upload)
			names = append(names, file.Name+" "+file.Type+" "+string(file.Data))
		}
		shop.AddMember(nil)
		return object{"names": names}, nil
	}})
}

func TestUploads(t *testing.T) {
	t.Parallel()
	srv := start(t, withUploads(), makeshoptest.WithMembers(0))
	client, err := srv.Client()
	require.NoError(t, err)
	document := `mutation($input: AddImagesRequest!) { addImages(input: $input) { names } }`
	var out struct {
		AddImages struct {
			Names []string `json:"names"`
		} `json:"addImages"`
	}
	variables := object{"input": object{"images": []any{nil}}}
	files := map[string]makeshop.File{"variables.input.images.0": {Name: "a.png", Type: "image/png", Data: []byte("PNG")}}
	require.NoError(t, client.Upload(t.Context(), document, variables, files, &out))
	assert.Equal(t, []string{"a.png image/png PNG"}, out.AddImages.Names)
	assert.Len(t, srv.Shop().Members(), 1, "a handler may call methods of the shop")

	status, answer := query(t, srv, document, object{"input": object{"images": []any{}, "fail": true}})
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "no room in shotengai1", at(answer, "errors.0.message"))

	for name, parts := range map[string][]string{
		"no operations": {"map", `{}`},
		"no map":        {"operations", `{"query":"{ __typename }"}`},
		"no file":       {"operations", `{"query":"{ __typename }","variables":{"a":null}}`, "map", `{"0":["variables.a"]}`},
	} {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for i := 0; i < len(parts); i += 2 {
			require.NoError(t, w.WriteField(parts[i], parts[i+1]))
		}
		require.NoError(t, w.Close())
		header := append(headers(srv, srv.Shop().Token()), "Content-Type", w.FormDataContentType())
		status, _, answer := send(t, srv, http.MethodPost, srv.Endpoint(), body.String(), header...)
		assert.Equal(t, http.StatusBadRequest, status, "%s: %s", name, answer)
	}
}

func TestWithOperationsPanics(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "makeshoptest: no handler for searchReview", func() {
		makeshoptest.NewServer(makeshoptest.WithOperations(`extend type Query { searchReview: String }`, nil))
	})
	assert.Panics(t, func() { makeshoptest.NewServer(makeshoptest.WithOperations(`extend type Query {`, nil)) })
}

// TestDocumentsOfTheClient holds that all constant documents of the client pass.
func TestDocumentsOfTheClient(t *testing.T) {
	t.Parallel()
	srv := start(t)
	golden, err := os.ReadFile("../testdata/client.graphql")
	require.NoError(t, err)
	n := 0
	for document := range strings.Lines(string(golden)) {
		if strings.HasPrefix(document, "input") {
			continue
		}
		n++
		// An empty input lacks rows, at most: that is found out after the document.
		_, answer := query(t, srv, document, object{"input": object{}})
		if answer["errors"] != nil {
			assert.Equal(t, "must be defined", at(answer, "errors.0.message"), document)
		}
	}
	assert.GreaterOrEqual(t, n, 16)
}

func TestFaultsAndRequests(t *testing.T) {
	t.Parallel()
	srv := start(t)
	srv.Fail(1, shotengaitest.Fault{Path: makeshoptest.EndpointPath, Body: `{"data":{"a":{}},"errors":[{"message":"x"}]}`})
	_, answer := query(t, srv, `{ __typename }`, nil)
	assert.Equal(t, "x", at(answer, "errors.0.message"))
	srv.Fail(-1, shotengaitest.Fault{Path: makeshoptest.TokenPath, Status: 500, Body: `{"error":"internal server error"}`})
	status, _ := exchange(t, srv, refreshForm(srv, "x"))
	assert.Equal(t, http.StatusInternalServerError, status)
	srv.Heal()
	status, _ = exchange(t, srv, refreshForm(srv, "x"))
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Len(t, srv.Requests(), 3)
	assert.Equal(t, noon, srv.Now())
}
