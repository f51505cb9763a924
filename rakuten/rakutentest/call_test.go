package rakutentest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go/shotengaitest"
)

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	seen := map[string]bool{}
	id := func(got answer) string {
		if strings.HasPrefix(got.header.Get("Content-Type"), "text/xml") {
			assert.Empty(t, got.header.Values("RequestId"), "XML has the id in its body")
			return between(t, got, "requestId")
		}
		return got.header.Get("RequestId")
	}
	denied := as(t, srv, srv.Shop())
	denied.key = "no"
	for name, got := range map[string]answer{
		"JSON": c.get(stockPath), "no content": c.json(http.MethodPatch, items+"sensu", object{}), "XML": c.get("/es/1.0/cabinet/usage/get"),
		"XML refused": c.get("/es/1.0/coupon/get?couponCode=none"), "product": c.get("/es/2.0/product/search"), "401": denied.get("/es/1.0/cabinet/usage/get"),
	} {
		assert.NotEmpty(t, id(got), name)
		assert.False(t, seen[id(got)], name)
		seen[id(got)] = true
		assert.Equal(t, "2026-11-01T10:00:00", got.header.Get("Timestamp"), name)
	}
}

func TestXMLFamiliesOverTheirLimit(t *testing.T) {
	t.Parallel()
	srv := newPacedServer(t)
	c := as(t, srv, srv.Shop())
	for _, path := range []string{"/es/1.0/coupon/search", "/es/1.0/cabinet/usage/get", "/es/2.0/product/search"} {
		var got answer
		for range 3 {
			got = c.get(path)
		}
		assert.Equal(t, 403, got.status, path)
		assert.Equal(t, "MAX_QPS_OVER", between(t, got, "code"), path)
		assert.Equal(t, "NG", between(t, got, "systemStatus"), path)
	}
	for range 2 {
		c.get("/es/1.0/shop/shopMaster")
	}
	shop := c.get("/es/1.0/shop/shopMaster")
	assert.Equal(t, 403, shop.status)
	assert.Equal(t, "MAX_QPS_OVER", between(t, shop, "code"))
}

func TestUnknownFunctions(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	assert.Equal(t, 405, c.get("/es/1.0/cabinet/no/such/function").status)
	assert.Equal(t, 405, c.get("/es/1.0/coupon/issue").status, "a wrong method")
	assert.Equal(t, 404, c.get("/es/2.0/categories/shop-categories").status, "there is no list")
	got := c.get("/es/2.0/navigation/genre/0")
	assert.Equal(t, 404, got.status)
	assert.Equal(t, "GF0002", at(t, got.json(t), "errors", 0, "code"))
}

func TestFaultsLastUntilTheyAreHealed(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	srv.Fail(-1, shotengaitest.Fault{Status: http.StatusServiceUnavailable})
	for range 2 {
		assert.Equal(t, 503, c.get("/es/1.0/shop/shopMaster").status)
	}
	srv.Heal()
	assert.Equal(t, 200, c.get("/es/1.0/shop/shopMaster").status)
}
