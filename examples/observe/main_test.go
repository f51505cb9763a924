package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The page and the spans show calls by operation, errors by kind, the time waited for pacing,
// refreshes, and hooks by verdict; and nothing of a shop.
func TestRun(t *testing.T) {
	t.Parallel()
	var out, log bytes.Buffer
	require.NoError(t, run(t.Context(), &out, &log))
	for _, line := range []string{
		`shop_calls_total{kind="",operation="GET /v1/shop",platform="colorme"} 2`,
		`shop_attempts_total{operation="GET /v1/shop",platform="colorme"} 3`,
		`shop_calls_total{kind="not_found",operation="GET /v1/sales/{id}",platform="colorme"} 1`,
		`shop_calls_total{kind="",operation="oauth refresh",platform="stores"} 1`,
		`shop_paced_seconds_total{platform="colorme"} `,
		`shop_grant_events_total{event="refreshed",kind="",platform="stores"} 1`,
		`shop_hooks_total{event="colorme.uninstall",platform="colorme",reason="",verdict="handled"} 1`,
		`shop_hooks_total{event="colorme.uninstall",platform="colorme",reason="",verdict="duplicate"} 1`,
		`shop_hooks_total{event="colorme.uninstall",platform="colorme",reason="signature",verdict="rejected"} 1`,
		"\nGET /v1/sales/{id} Error\n",
		"\noauth exchange Unset\n",
		"\nread sales Error\n",
	} {
		assert.Contains(t, out.String(), line)
	}
	assert.NotContains(t, out.String(), "PA0")
	assert.Contains(t, log.String(), `operation="GET /v1/sales/{id}" status=404 attempts=1`)
	assert.Contains(t, log.String(), "kind=not_found")
}
