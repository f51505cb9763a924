package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// Somebody who wires a client wants to know all that is wrong with it, not the first of it.
func TestSettingsReportAllMistakes(t *testing.T) {
	t.Parallel()
	_, err := New(&Platform{Name: "shop", BaseURL: "https://api.shop.example"}, nil,
		shotengai.WithTimeout(0), nil, shotengai.WithLogger(nil), shotengai.WithBaseURL("http://api.shop.example"))
	require.EqualError(t, err, "shop: timeout: must be positive\n"+
		"shop: an option is nil\n"+
		"shop: logger: nil\n"+
		"shop: base URL: only https is allowed")
}
