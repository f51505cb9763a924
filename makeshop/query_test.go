package makeshop_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
)

// Whatever the spelling of an answer, its data is found, and its lack too.
func TestQueryFindsTheData(t *testing.T) {
	t.Parallel()
	type data struct {
		Shop struct {
			Name string `json:"name"`
		} `json:"shop"`
	}
	const shop = `{"shop":{"name":"木挽町"}}`
	for body, want := range map[string]bool{
		`{"data":` + shop + `}`:                 true,
		` { "data" : ` + shop + ` }`:            true,
		`{"extensions":{},"data":` + shop + `}`: true,
		`{"\u0064ata":` + shop + `}`:            true,
		`{"DATA":` + shop + `}`:                 true,
		`{"data":null}`:                         false,
		`{"data": null}`:                        false,
		`{"extensions":{"data":{}}}`:            false,
		`{}`:                                    false,
	} {
		client := newClient(t, newServer(t, ok(body)))
		var out data
		var pointer *data
		for _, err := range []error{
			client.Query(t.Context(), "{ shop { name } }", nil, &out), client.Query(t.Context(), "{ shop { name } }", nil, &pointer),
			client.Query(t.Context(), "{ shop { name } }", nil, nil),
		} {
			if want {
				require.NoError(t, err, body)
				continue
			}
			require.ErrorContains(t, err, "the answer has", body)
		}
		if want {
			assert.Equal(t, "木挽町", out.Shop.Name, body)
			assert.Equal(t, out, *pointer, body)
		}
	}
}

// What is odd about an answer costs no more than it has to.
func TestQueryIsLenient(t *testing.T) {
	t.Parallel()
	client := newClient(t, newServer(t, ok(`{"data":{"searchProduct":{"products":[
		{"systemCode":"1","productName":"\ud83d","sellPrice":"3800.0"},{"systemCode":"2","sellPrice":"much"},{"systemCode":"3","productName":"`+"\xff"+`"}]}}}`)))
	var out ownProducts
	err := client.Query(t.Context(), productsQuery, nil, &out)
	row := out.SearchProduct.Products
	require.NoError(t, err)
	require.Len(t, row, 2)
	assert.Equal(t, "\uFFFD", row[0].ProductName)
	assert.Equal(t, 3800, row[0].SellPrice)
	assert.Equal(t, "\uFFFD", row[1].ProductName)
}

// A place that nothing can be written to is refused before a mutation is sent.
func TestQueryNeedsAPointer(t *testing.T) {
	t.Parallel()
	srv := newServer(t, ok(`{"data":{}}`))
	client := newClient(t, srv)
	files := map[string]makeshop.File{"variables.a": {Name: "a", Data: []byte("a")}}
	for _, out := range []any{ownProducts{}, map[string]any{}, (*ownProducts)(nil)} {
		for _, err := range []error{
			client.Query(t.Context(), productsQuery, nil, out), client.Mutate(t.Context(), "mutation { a }", nil, out),
			client.Upload(t.Context(), "mutation { a }", nil, files, out),
		} {
			require.ErrorIs(t, err, shotengai.ErrInvalid)
			require.ErrorContains(t, err, "is no pointer to decode into")
		}
	}
	assert.Empty(t, srv.got)
}
