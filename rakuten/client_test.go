package rakuten_test

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/rakuten"
)

// pair is the licence of the tests.
var pair = rakuten.License{ServiceSecret: "SP123456_secret", Key: "SL123456_key", Shop: "123456"}

// call is one request that a test server got.
type call struct {
	Method, Path, Query, Body, Authorization, Accept, ContentType string
}

// serve answers every call with a status and a body and hands the call on. The client's
// base URL has a path, so that absolute paths would be seen.
func serve(t *testing.T, handler http.HandlerFunc, opts ...shotengai.Option) *rakuten.Client {
	t.Helper()
	return serveWith(t, rakuten.StaticLicense(pair), handler, opts...)
}

func serveWith(t *testing.T, licenses rakuten.LicenseSource, handler http.HandlerFunc, opts ...shotengai.Option) *rakuten.Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/base/", http.StripPrefix("/base", handler))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	opts = append([]shotengai.Option{shotengai.WithTestServer(srv.URL + "/base"), shotengai.WithLimiter(nil)}, opts...)
	client, err := rakuten.NewClient(licenses, opts...)
	require.NoError(t, err)
	return client
}

// record answers with status and body and keeps the last call.
func record(last *call, status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		*last = call{
			Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Body: string(data),
			Authorization: r.Header.Get("Authorization"), Accept: r.Header.Get("Accept"), ContentType: r.Header.Get("Content-Type"),
		}
		kind := "application/json"
		if len(body) > 0 && body[0] == '<' {
			kind = "text/xml; charset=utf-8"
		}
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	_, err := rakuten.NewClient(nil)
	require.ErrorContains(t, err, "licence source")
	_, err = rakuten.NewClient(rakuten.StaticLicense(pair), shotengai.WithBaseURL("https://example.com"))
	require.ErrorContains(t, err, "no host of this platform")
	_, err = rakuten.NewClient(rakuten.StaticLicense(pair), rakuten.WithGroupLimiter(nil, "ordr"))
	require.ErrorContains(t, err, `there is no group "ordr"`)
}

func TestAuthorization(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, http.StatusOK, `{}`))
	require.NoError(t, client.Do(t.Context(), "POST", "/es/2.0/order/getSubStatusList/", nil, nil))
	assert.Equal(t, "ESA "+base64.StdEncoding.EncodeToString([]byte("SP123456_secret:SL123456_key")), got.Authorization)
	assert.Equal(t, "/es/2.0/order/getSubStatusList/", got.Path)
}

func TestDoSpeaksTheFormatOfTheFamily(t *testing.T) {
	t.Parallel()
	var got call
	client := serve(t, record(&got, http.StatusOK, `<result><status><systemStatus>OK</systemStatus></status><n>3</n></result>`))
	var out struct {
		N int `xml:"n"`
	}
	type request struct {
		XMLName struct{} `xml:"request"`
		ID      int      `xml:"id"`
	}
	require.NoError(t, client.Do(t.Context(), "POST", "/es/1.0/cabinet/file/delete", request{ID: 7}, &out))
	assert.Equal(t, 3, out.N)
	assert.Equal(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<request><id>7</id></request>", got.Body)
	assert.Equal(t, "application/xml; charset=utf-8", got.ContentType)
}

func TestErrorShapes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path string
		status     int
		body       string
		kind       error
		code       string
		field      string
	}{
		{"licence", "/es/2.0/order/searchOrder/", 401, `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`, shotengai.ErrUnauthorized, "GA0001", ""},
		{"licence, XML family", "/es/1.0/cabinet/usage/get", 401, `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`, shotengai.ErrUnauthorized, "GA0001", ""},
		{"gateway", "/es/2.0/items/search", 403, `{"Results":{"errorCode":"ES04-01","message":"no"}}`, rakuten.ErrNotEnabled, "ES04-01", ""},
		{"item", "/es/2.0/items/search", 400, `{"errors":[{"code":"IE0002","message":"no","metadata":{"propertyPath":"variants.a"}}]}`, shotengai.ErrInvalid, "IE0002", "variants.a"},
		{"item, 200", "/es/2.0/items/manage-numbers/a", 200, `{"errors":[{"code":"IE0002","message":"no","metadata":{"propertyPath":"variants.a"}}]}`, shotengai.ErrInvalid, "IE0002", "variants.a"},
		{"stock, 200", "/es/2.1/inventories/bulk-upsert", 200, `{"errors":[{"code":"IE0003","message":"no"}]}`, shotengai.ErrInvalid, "IE0003", ""},
		{"item without metadata", "/es/2.0/items/search", 404, `{"errors":[{"code":"GE0014","message":"no","metadata":null}]}`, shotengai.ErrNotFound, "GE0014", ""},
		{"order, 400", "/es/2.0/order/searchOrder/", 400, `{"MessageModelList":[{"messageType":"ERROR","messageCode":"ORDER_EXT_API_X","message":"だめ","orderNumber":null}]}`, shotengai.ErrInvalid, "ORDER_EXT_API_X", ""},
		{"order, 200", "/es/2.0/order/searchOrder/", 200, `{"MessageModelList":[{"messageType":"ERROR","messageCode":"ORDER_EXT_API_X","message":"だめ"}]}`, shotengai.ErrInvalid, "ORDER_EXT_API_X", ""},
		{"inquiry", "/es/1.0/inquirymng-api/inquiries", 400, `{"error":{"code":"IE001","message":"bad","targets":{"fromDate":"wrong"}}}`, shotengai.ErrInvalid, "IE001", "fromDate"},
		{"reserve, 200", "/es/1.0/reserve/reserveInfoList", 200, `{"resultCode":"E00-001","resultMessage":"bad"}`, shotengai.ErrInvalid, "E00-001", ""},
		{"cabinet", "/es/1.0/cabinet/folder/files/get", 400, `<result><status><systemStatus>NG</systemStatus><message>no</message><requestId>r1</requestId></status><x><resultCode>3005</resultCode></x></result>`, shotengai.ErrNotFound, "3005", ""},
		{"cabinet, 200 with OK", "/es/1.0/cabinet/file/delete", 200, `<result><status><systemStatus>OK</systemStatus></status><x><resultCode>3004</resultCode></x></result>`, shotengai.ErrNotFound, "3004", ""},
		{"shop, 200 without messages", "/es/1.0/shop/shopMaster", 200, `<shopbiz:shopBizApiResponse xmlns:shopbiz="http://x"><resultCode>E010</resultCode></shopbiz:shopBizApiResponse>`, shotengai.ErrInvalid, "E010", ""},
		{"product, 200 with NG", "/es/2.0/product/search", 200, `<result><status><systemStatus>NG</systemStatus><message>Data not found</message></status></result>`, shotengai.ErrInvalid, "", ""},
		{"coupon, 200 with errors", "/es/1.0/coupon/issue", 200, `<result><status><systemStatus>OK</systemStatus><requests><couponCode>x</couponCode></requests></status><errors><error><code>C1</code><message>no</message></error></errors></result>`, shotengai.ErrInvalid, "C1", ""},
		{"coupon, too fast", "/es/1.0/coupon/search", 403, `<result><errors><error><code>MAX_QPS_OVER</code><message>no</message></error></errors></result>`, shotengai.ErrRateLimited, "MAX_QPS_OVER", ""},
		{"shop, 200", "/es/1.0/shop/shopMaster", 200, `<shopbiz:shopBizApiResponse xmlns:shopbiz="http://x"><resultCode>E010</resultCode><resultMessageList><resultMessage><code>S1</code><message>no</message></resultMessage></resultMessageList></shopbiz:shopBizApiResponse>`, shotengai.ErrInvalid, "S1", ""},
		{"maintenance", "/es/2.0/items/search", 503, `<html><body>Sorry</body></html>`, shotengai.ErrUnavailable, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got call
			client := serve(t, record(&got, test.status, test.body), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
			err := client.Do(t.Context(), "GET", test.path, nil, nil)
			require.ErrorIs(t, err, test.kind)
			var e *shotengai.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, test.status, e.StatusCode)
			assert.Equal(t, test.code, e.Code)
			assert.Equal(t, test.field, e.Field)
		})
	}
}

func TestT39KeyExpired(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, shotengai.JST)
	tests := []struct {
		name   string
		change func(*rakuten.License)
		want   error
		not    error
	}{
		{"past its day", func(l *rakuten.License) { l.ExpiresAt = now.Add(-time.Second) }, rakuten.ErrKeyExpired, rakuten.ErrKeySettling},
		{"issued more than 90 days ago", func(l *rakuten.License) { l.IssuedAt = now.AddDate(0, 0, -91) }, shotengai.ErrReauthorize, rakuten.ErrKeySettling},
		{"just issued", func(l *rakuten.License) { l.IssuedAt = now.Add(-5 * time.Minute) }, rakuten.ErrKeySettling, shotengai.ErrReauthorize},
		{"nothing known", func(*rakuten.License) {}, shotengai.ErrUnauthorized, shotengai.ErrReauthorize},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			license := pair
			test.change(&license)
			var got call
			client := serveWith(t, rakuten.StaticLicense(license), record(&got, 401, `{"errors":[{"code":"GA0001","message":"Un-Authorised"}]}`),
				shotengai.WithClock(func() time.Time { return now }))
			err := client.Do(t.Context(), "POST", "/es/2.0/order/getSubStatusList/", nil, nil)
			require.ErrorIs(t, err, shotengai.ErrUnauthorized)
			require.ErrorIs(t, err, test.want)
			require.NotErrorIs(t, err, test.not)
		})
	}
}

func TestRenewedKeyIsUsedAtOnce(t *testing.T) {
	t.Parallel()
	var asked, called atomic.Int32
	licenses := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) {
		license := pair
		if asked.Add(1) > 1 {
			license.Key = "SL123456_new"
		}
		return license, nil
	})
	client := serveWith(t, licenses, func(w http.ResponseWriter, r *http.Request) {
		called.Add(1)
		if r.Header.Get("Authorization") != "ESA "+base64.StdEncoding.EncodeToString([]byte("SP123456_secret:SL123456_new")) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{}`)
	})
	require.NoError(t, client.Do(t.Context(), "POST", "/es/2.0/order/confirmOrder/", nil, nil))
	assert.EqualValues(t, 2, called.Load())
}

// bubble is serve inside a synctest bubble.
func bubble(t *testing.T, handler http.HandlerFunc, opts ...shotengai.Option) *rakuten.Client {
	t.Helper()
	srv := fake.NewServer(handler, fake.Config{InMemory: true})
	t.Cleanup(srv.Close)
	opts = append([]shotengai.Option{shotengai.WithTestServer(srv.URL), shotengai.WithHTTPClient(srv.HTTPClient()), shotengai.WithLimiter(nil)}, opts...)
	client, err := rakuten.NewClient(rakuten.StaticLicense(pair), opts...)
	require.NoError(t, err)
	return client
}
