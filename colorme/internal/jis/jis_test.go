package jis_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/internal/jis"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"":             true,
		"SMS 12通":      true,
		"ｶﾅ\\¥":        true,  // JIS X 0201
		"髙":            false, // a vendor's own character
		"鷗":            true,  // JIS X 0212
		"①":            false, // a vendor's own character
		"100円😀":        false,
		"a\nb":         false,
		"\xff":         false,
		"〜":            true,
		"Ⅲ":            false,
		"é":            true,  // JIS X 0212
		"\U00020BB7野家": false, // beyond the basic plane
	} {
		err := jis.Check("description", text)
		assert.Equal(t, ok, err == nil, "%q: %v", text, err)
	}
	require.EqualError(t, jis.Check("description", "a😀"), `description: '😀' at byte 1 is outside ASCII and JIS X 0201, 0208 and 0212`)
}

func TestContainsAsManyAsTheStandards(t *testing.T) {
	t.Parallel()
	count := 0
	for r := range rune(0x10000) {
		if jis.Contains(r) {
			count++
		}
	}
	assert.GreaterOrEqual(t, count, 95+63+6879+6067-20) // less what two sets share
	assert.False(t, jis.Contains(-1))
}
