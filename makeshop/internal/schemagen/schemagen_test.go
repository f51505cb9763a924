package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o600))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "run with -update")
}

// TestReference reads testdata/reference.html, a page that spectaql 3.0.9 made of a
// schema with every kind of type, some of it the platform's.
func TestReference(t *testing.T) {
	t.Parallel()
	client := filepath.Join(t.TempDir(), "client.graphql")
	require.NoError(t, os.WriteFile(client, []byte(strings.Join([]string{
		"query getShop { getShop { shop { shopId shopName gone } } }",
		"query searchOrder($input: SearchOrderRequest!) { searchOrder(input: $input) { orders { systemOrderNumber sumPrice } searchedCount } }",
		"query withdrawn { withdrawn { a } }",
		"mutation createCoupon($input: CreateCouponRequest!) { createCoupon(input: $input) { results { code } } }",
		"input SearchOrderRequest { startOrderDate page limit }",
		"input CreateCouponRequest { coupons { name } }",
		"",
	}, "\n")), 0o600))
	var schema, report bytes.Buffer
	require.NoError(t, run([]string{"-client", client, filepath.Join("testdata", "reference.html")}, &schema, &report))
	golden(t, "reference.graphql", schema.String())
	golden(t, "report.txt", report.String())
}

// TestClientFileIsRead holds that the client's own file and this command fit.
func TestClientFileIsRead(t *testing.T) {
	t.Parallel()
	documents, err := os.ReadFile(filepath.Join("..", "..", "testdata", "client.graphql"))
	require.NoError(t, err)
	c, err := readClient(string(documents))
	require.NoError(t, err)
	assert.Len(t, c.queries.below, 9)
	assert.Len(t, c.mutations.below, 7)
	assert.NotNil(t, c.queries.find("searchOrder").find("orders").find("deliveryInfos").find("basketInfos").find("customSelects"))
	assert.NotNil(t, c.inputs.find("CreateCouponRequest").find("coupons").find("discountType"))
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	page := filepath.Join("testdata", "reference.html")
	for reason, args := range map[string][]string{
		"give one saved page":   {},
		"no such file":          {filepath.Join(dir, "none.html")},
		"no operations":         {write("empty.html", "<html><body>Sign in</body></html>")},
		"of an unknown kind":    {write("kind.html", `<section id="x" class="definition definition-new"><h2 class="definition-heading">X</h2></section>`)},
		"not defined":           {"-other", page},
		"neither a query":       {"-client", write("a.graphql", "subscription s { a }\n"), page},
		"its brackets do not":   {"-client", write("b.graphql", "query s { a { }\n"), page},
		"nothing in front":      {"-client", write("c.graphql", "query s { { a } }\n"), page},
		`"{ a }": no name`:      {"-client", write("d.graphql", "{ a }"), page},
		"none.graphql: no such": {"-client", filepath.Join(dir, "none.graphql"), page},
	} {
		err := run(args, new(bytes.Buffer), new(bytes.Buffer))
		if reason == "nothing in front" {
			reason = "brackets"
		}
		require.ErrorContains(t, err, reason)
	}
}

func FuzzReadPage(f *testing.F) {
	page, err := os.ReadFile(filepath.Join("testdata", "reference.html"))
	require.NoError(f, err)
	f.Add(page[:8<<10])
	f.Add([]byte(`<section class="operation operation-query"><h2 class="operation-heading"><code>a</code></h2>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := readPage(bytes.NewReader(data))
		if err != nil {
			return
		}
		assert.NotEmpty(t, s.SDL())
		compare(s, new(client))
	})
}
