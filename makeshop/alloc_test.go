//go:build !race

package makeshop_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop"
)

func TestSelectDoesNotAllocate(t *testing.T) {
	assert.Zero(t, testing.AllocsPerRun(100, func() { makeshop.Select[chosen]() }))
}

// A query of an app's own costs what json.Unmarshal costs, and the call.
func TestAllocsPerQuery(t *testing.T) {
	body := thousandProducts()
	client := memoryClient(t, body)
	plain := testing.AllocsPerRun(20, func() {
		var out struct {
			Data ownProducts `json:"data"`
		}
		require.NoError(t, json.Unmarshal(body, &out))
	})
	query := testing.AllocsPerRun(20, func() { require.NoError(t, client.Query(t.Context(), productsQuery, nil, new(ownProducts))) })
	t.Logf("json.Unmarshal %v, Query %v", plain, query)
	assert.LessOrEqual(t, query, plain+60)
}
