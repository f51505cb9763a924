package rakutentest_test

import (
	"regexp"
	"strings"
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
	towels := c.get("/es/2.0/product/search?genreId=100003&offset=1")
	assert.Equal(t, "2", between(t, towels, "numFound"))
	assert.Equal(t, "4900000000035", between(t, towels, "productId"), "the offset is a row")
	assert.Empty(t, between(t, c.get("/es/2.0/product/search?productId=4900000000028"), "standardPrice"), "an empty element")
	assert.Equal(t, "/0/100001/100002/100003", between(t, c.get("/es/2.0/product/search?productId=4900000000011"), "genreId"), "a path")
	c.key = "no"
	assert.JSONEq(t, unlawful, string(c.get("/es/2.0/product/search?keyword=x").body), "JSON even here")
}

func TestProductSearchSelects(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	c := as(t, srv, srv.Shop())
	const indigo, fan, red = "4900000000011", "4900000000028", "4900000000035"
	for query, want := range map[string][]string{
		"productId=" + fan:                                          {fan},
		"productId=" + red + "," + indigo:                           {indigo, red},
		"keyword=手ぬぐい":                                              {indigo, red},
		"makerName=商店街扇舗":                                           {fan},
		"genreId=/0/100001/100002/100003":                           {indigo, red},
		"genreId=100003":                                            {indigo, red},
		"genreId=/0/100001":                                         {fan},
		"genreId=100001&keyword=扇":                                  {fan},
		"genreId=100001&keyword=手":                                  nil,
		"genreId=100003&sortBy=standardPriceAsc":                    {red, indigo},
		"makerName=商店街&sortBy=standardPriceAsc":                     {red, indigo, fan},
		"makerName=商店街&sortBy=productIdDesc":                        {red, fan, indigo},
		"makerName=商店街&sortBy=productIdAsc":                         {indigo, fan, red},
		"releaseDateFrom=2026-01-01T00:00:00.000%2B09:00":           {red},
		"keyword=手&releaseDateTo=2026-01-01T00:00:00.000%2B09:00":   {indigo},
		"keyword=手&releaseDateFrom=2027-01-01T00:00:00.000%2B09:00": nil,
		"keyword=手&limit=1":                                         {indigo},
	} {
		got := c.get("/es/2.0/product/search?" + query)
		assert.Equal(t, 200, got.status, query)
		var ids []string
		for _, m := range regexp.MustCompile(`<product><productId>(\d+)<`).FindAllSubmatch(got.body, -1) {
			ids = append(ids, string(m[1]))
		}
		assert.Equal(t, want, ids, query)
	}
	many := strings.Repeat(indigo+",", 29) + red
	assert.Equal(t, "2", between(t, c.get("/es/2.0/product/search?productId="+many), "numFound"), "30 ids")
	for name, query := range map[string]string{
		"no criterion": "", "no known criterion": "keywordd=Tokyo&testWrongParameter=test", "limits alone": "offset=0&limit=30&sortBy=productIdAsc",
		"31 ids": "productId=" + many + "," + fan, "31 rows": "keyword=x&limit=31", "sort": "keyword=x&sortBy=price", "date": "releaseDateFrom=2026-01-01",
	} {
		got := c.get("/es/2.0/product/search?" + query)
		assert.Equal(t, 400, got.status, name)
		assert.Equal(t, "NG", between(t, got, "systemStatus"), name)
		assert.Equal(t, "ParameterError", between(t, got, "message"), name)
	}
}
