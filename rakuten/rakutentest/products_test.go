package rakutentest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Quirk 2: no product is NG in 200.
func TestProducts(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	none := c.get("/es/2.0/product/search?keyword=x")
	assert.Equal(t, 200, none.status)
	assert.Equal(t, "NG", between(t, none, "systemStatus"))
	assert.Equal(t, "Data not found", between(t, none, "message"))
	all := c.get("/es/2.0/product/search?offset=1")
	assert.Equal(t, "2", between(t, all, "numFound"))
	assert.Empty(t, between(t, all, "standardPrice"), "an empty element")
	assert.Equal(t, 400, c.get("/es/2.0/product/search?limit=31").status)
	c.key = "no"
	assert.JSONEq(t, unlawful, string(c.get("/es/2.0/product/search").body), "JSON even here")
}
