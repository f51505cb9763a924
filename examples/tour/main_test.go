package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTour(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	for _, s := range stops {
		assert.Contains(t, out.String(), s.title)
	}
	for line := range strings.Lines(out.String()) {
		assert.LessOrEqual(t, len([]rune(line)), 120, line)
	}
	assert.Contains(t, out.String(), "250 in 3 pages")
	assert.Contains(t, out.String(), "answered at attempt 2 after 1s")
	assert.Contains(t, out.String(), "by_shop_owner; the token is revoked")
	assert.Contains(t, out.String(), "the token had ended; refreshed 1 time")
	assert.Contains(t, out.String(), "then a refusal: expired; shop has to act")
	assert.Contains(t, out.String(), "2000 in all; 1 came again")
	assert.Contains(t, out.String(), "the ID token was verified")
	assert.Contains(t, out.String(), "合計 734円 + 73円 = 807円")
}

func TestArguments(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	for arg, want := range map[string]int{"-h": 0, "--help": 0, "-demo": 2, "rakuten": 2} {
		assert.Equal(t, want, refuse(arg), arg)
	}
}
