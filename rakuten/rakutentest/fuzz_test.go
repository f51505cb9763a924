package rakutentest

import (
	"bytes"
	"encoding/base64"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// pathValues stand for the parameters of paths; what they name exists in a new shop.
var pathValues = strings.NewReplacer(
	"{manageNumber}", "geta-kiri", "{variantId}", "S-24", "{genreId}", "100003", "{attributeId}", "1", "{categoryId}", "1", "{categorySetId}", "0",
	"{bundleManageNumber}", "b1", "{thanksCouponId}", "1", "{inquiryNumber}", "1", "{statusKey}", "skuMigration", "{navigationId}", "1", "{widgetId}", "1",
	"{layoutId}", "1", "{status}", "draft",
)

// FuzzCalls sends every operation any query and body. The fake may refuse them and must not
// break.
func FuzzCalls(f *testing.F) {
	srv := NewServer(WithOrders(2), WithoutRateLimits())
	f.Cleanup(srv.Close)
	license := srv.Shop().License()
	pair := base64.StdEncoding.EncodeToString([]byte(license.ServiceSecret.Reveal() + ":" + license.Key.Reveal()))
	for i := range allRoutes() {
		for _, body := range []string{``, `null`, `{}`, `[]`, `{"features":"x","variants":{"S-24":"x"}}`, `<request/>`, `<shopbiz:x xmlns:shopbiz="` + shopNamespace + `"/>`} {
			f.Add(i, "", []byte(body))
		}
	}
	f.Add(0, "licenseKey=x&offset=-1&limit=0&page=x&hits=x", []byte("--b\r\n"))
	f.Fuzz(func(t *testing.T, operation int, query string, body []byte) {
		all := allRoutes()
		rt := all[uint(operation)%uint(len(all))]
		method, path, found := strings.Cut(rt.pattern, " ")
		if !found {
			method, path = "GET", rt.pattern // of any method
		}
		r := httptest.NewRequestWithContext(t.Context(), method, pathValues.Replace(path), bytes.NewReader(body))
		r.URL.RawQuery = url.PathEscape(query)
		if _, err := url.ParseQuery(query); err == nil {
			r.URL.RawQuery = query
		}
		r.Header.Set("Authorization", "ESA "+pair)
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := httptest.NewRecorder()
		srv.serve(w, r)
		if w.Code < 200 || w.Code > 499 {
			t.Fatalf("%s answered %d", rt.name, w.Code)
		}
	})
}
