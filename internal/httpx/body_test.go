package httpx

import (
	"errors"
	"io"
	"math"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

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

// Up to the last byte of the limit a body is whole, and one more is refused, wherever the
// limit falls among the buffers, and nothing is read beyond.
func TestReadBodyUpToTheLimit(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{0, 1, unannounced - 1, unannounced, unannounced + 1, 5000, unannounced + unproven, 100_000} {
		for _, announced := range []bool{true, false} {
			for _, more := range []int{0, 1, 50_000} {
				body := &counted{Reader: strings.NewReader(strings.Repeat("x", limit+more))}
				resp := &http.Response{ContentLength: -1, Body: body}
				if announced {
					resp.ContentLength = int64(limit + more)
				}
				data, err := ReadBody(resp, int64(limit))
				assert.True(t, body.closed)
				assert.LessOrEqual(t, body.came, limit+1, "limit %d, %d more", limit, more)
				if more == 0 {
					require.NoError(t, err)
					assert.Len(t, data, limit)
					continue
				}
				require.ErrorIs(t, err, shotengai.ErrResponseTooLarge)
				assert.Empty(t, data)
				if announced {
					assert.Zero(t, body.came, "what was announced too large is not read")
				}
			}
		}
	}
}

// counted is a body that counts what was read of it.
type counted struct {
	io.Reader

	came   int
	closed bool
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.came += n
	return n, err
}

func (c *counted) Close() error {
	c.closed = true
	return nil
}

// A body that breaks off is an error, with what has come.
func TestReadBodyThatBreaks(t *testing.T) {
	t.Parallel()
	for _, broken := range []error{errors.New("connection reset"), io.ErrUnexpectedEOF} {
		body := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
		data, err := ReadBody(&http.Response{ContentLength: -1, Body: io.NopCloser(body)}, 100)
		require.ErrorIs(t, err, broken)
		assert.Equal(t, "half", string(data))
	}
}

// An empty body is given the room to find its end, and no more.
func TestReadBodyAnnouncedEmpty(t *testing.T) {
	t.Parallel()
	body := &asked{}
	_, err := ReadBody(&http.Response{ContentLength: 0, Body: body}, 10<<20)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, 1, body.most)
}

// asked is a body that remembers how much memory it was offered.
type asked struct {
	left, came int
	most       int // beyond what had come
}

func (a *asked) Read(p []byte) (int, error) {
	a.most = max(a.most, len(p))
	if a.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := min(len(p), a.left, 1000)
	a.left, a.came = a.left-n, a.came+n
	return n, nil
}

func (*asked) Close() error { return nil }

// A peer that announces 10 MiB and sends little gets little memory, if it did not send as much
// before.
func TestReadBodyTakesNoMemoryInAdvance(t *testing.T) {
	t.Parallel()
	for _, came := range []int{0, 1, 100_000} {
		for _, before := range []int64{0, 50_000} {
			body := &asked{left: came}
			data, err := ReadBodyLike(&http.Response{ContentLength: 10 << 20, Body: body}, 10<<20, before)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			assert.Len(t, data, came)
			assert.LessOrEqual(t, body.most, int(before)+unproven)
			assert.LessOrEqual(t, cap(data), max(2*came, unproven))
		}
	}
}

// A body that is like the one before is in a buffer of its size.
func TestReadBodyFitsTheBuffer(t *testing.T) {
	t.Parallel()
	const size = 3 << 20
	text := strings.Repeat("x", size)
	data, err := ReadBodyLike(&http.Response{ContentLength: size, Body: io.NopCloser(strings.NewReader(text))}, 10<<20, size)
	require.NoError(t, err)
	assert.Len(t, data, size)
	assert.Equal(t, size+1, cap(data))
}

// memory is how much is allocated, in all, for what read makes of a body.
func memory(t *testing.T, read func() ([]byte, error)) uint64 {
	t.Helper()
	least := uint64(math.MaxUint64)
	for range 5 { // other tests run meanwhile
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := read()
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

// A body of which no length was announced, chunked or unpacked, costs what io.ReadAll costs.
func TestH27BodyWithoutALength(t *testing.T) { //nolint:paralleltest // it counts memory
	for _, size := range []int{0, 1000, 4096, 4097, 100_000, 3 << 20} {
		text := strings.Repeat("x", size)
		body := func() io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }
		data, err := ReadBody(&http.Response{ContentLength: -1, Body: body()}, 10<<20)
		require.NoError(t, err)
		assert.Len(t, data, size)
		if size < 100_000 {
			continue
		}
		got := memory(t, func() ([]byte, error) { return ReadBody(&http.Response{ContentLength: -1, Body: body()}, 10<<20) })
		bare := memory(t, func() ([]byte, error) { return io.ReadAll(body()) })
		assert.LessOrEqual(t, float64(got), 1.1*float64(bare), size)
	}
}

// What is read like the body before costs its own size, however it was framed, and at most
// twice as much if it has grown.
func TestBodyLikeTheOneBefore(t *testing.T) { //nolint:paralleltest // it counts memory
	const size = 400_000
	text := strings.Repeat("x", size)
	for _, length := range []int64{-1, size} {
		for before, most := range map[int64]float64{size: 1.15, size + 10_000: 1.15, size - 10_000: 1.15, 0: 2.2, size / 2: 2.2, 3 * size: 4.3} {
			got := memory(t, func() ([]byte, error) {
				data, err := ReadBodyLike(&http.Response{ContentLength: length, Body: io.NopCloser(strings.NewReader(text))}, 10<<20, before)
				assert.Len(t, data, size)
				return data, err
			})
			assert.LessOrEqual(t, float64(got), most*size, "announced %d, before %d", length, before)
		}
	}
}
