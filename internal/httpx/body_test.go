package httpx

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

func TestReadBodyLimit(t *testing.T) {
	t.Parallel()
	for _, announced := range []bool{true, false} {
		for size, ok := range map[int]bool{0: true, 9: true, 10: true, 11: false} {
			resp := &http.Response{ContentLength: -1, Body: io.NopCloser(strings.NewReader(strings.Repeat("x", size)))}
			if announced {
				resp.ContentLength = int64(size)
			}
			body, err := ReadBody(resp, 10)
			if !ok {
				require.ErrorIs(t, err, shotengai.ErrResponseTooLarge)
				continue
			}
			require.NoError(t, err)
			assert.Len(t, body, size)
		}
	}
}
