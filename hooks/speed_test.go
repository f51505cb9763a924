package hooks_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

var sizes = []int{1 << 10, 64 << 10, 1 << 20}

func TestVerifyAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for _, size := range sizes {
		body := make([]byte, size)
		signature := hookstest.SignColorMe(body, secretNew)
		assert.LessOrEqual(t, testing.AllocsPerRun(100, func() {
			if hooks.VerifyColorMe(body, signature, secretNew) != nil {
				t.Error("not verified")
			}
		}), 2.0, "%d bytes", size)
		assert.LessOrEqual(t, testing.AllocsPerRun(100, func() {
			if hooks.VerifyShopify(body, signature, secretOld, secretNew) != nil {
				t.Error("not verified")
			}
		}), 2.0, "%d bytes, two secrets", size)
	}
}

// paddedUninstall is an event of about a size.
func paddedUninstall(n, size int) hookstest.Event {
	event := hookstest.ColorMeUninstall(uninstall(n, time.Unix(1552022740, 0)), secretNew)
	body := append(event.Body[:len(event.Body)-1], `,"more":"`...)
	body = append(body, bytes.Repeat([]byte("x"), size-len(body)-2)...)
	return hookstest.ColorMe(event.Kind, append(body, `"}`...), secretNew)
}

// sink is a response writer that costs nothing.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header              { return s.header }
func (s *sink) WriteHeader(status int)           { s.status = status }
func (s *sink) Write(p []byte) (int, error)      { return len(p), nil }
func (s *sink) SetReadDeadline(time.Time) error  { return nil }
func (s *sink) SetWriteDeadline(time.Time) error { return nil }

// deliveries prepares n requests, each of another event, so that only the receiver is
// measured.
func deliveries(tb testing.TB, n, size int) []*http.Request {
	tb.Helper()
	requests := make([]*http.Request, n)
	for i := range requests {
		req, err := paddedUninstall(i, size).Request(tb.Context(), "https://app.example.com/hook")
		require.NoError(tb, err)
		requests[i] = req
	}
	return requests
}

func quietReceiver(tb testing.TB) http.Handler {
	tb.Helper()
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets:     []string{secretNew},
		OnUninstall: func(context.Context, *hooks.ColorMeUninstall) error { return nil },
	})
	require.NoError(tb, err)
	return receiver.UninstallHandler()
}

func TestReceiverAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	const runs = 100
	measure := func(size int) float64 {
		handler, requests := quietReceiver(t), deliveries(t, runs+1, size)
		next := 0
		return testing.AllocsPerRun(runs, func() {
			w := &sink{header: http.Header{}}
			handler.ServeHTTP(w, requests[next])
			next++
			if w.status != http.StatusOK {
				t.Errorf("status %d", w.status)
			}
		})
	}
	kilobyte := measure(1 << 10)
	t.Logf("%v allocations", kilobyte)
	assert.LessOrEqual(t, kilobyte, 40.0)
	assert.LessOrEqual(t, measure(256<<10), kilobyte+1, "none in proportion to the body")
}

func BenchmarkVerify(b *testing.B) {
	for _, size := range sizes[:2] {
		body := make([]byte, size)
		signature := hookstest.SignColorMe(body, secretNew)
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if err := hooks.VerifyColorMe(body, signature, secretNew); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%dKB/sha256", size>>10), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				sha256.Sum256(body)
			}
		})
	}
}

func BenchmarkReceiver(b *testing.B) {
	for _, size := range sizes[:2] {
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			b.ReportAllocs()
			handler := quietReceiver(b)
			requests := deliveries(b, b.N, size)
			b.ResetTimer()
			for i := range b.N {
				handler.ServeHTTP(&sink{header: http.Header{}}, requests[i])
			}
		})
	}
}

func BenchmarkReceiverDuplicate(b *testing.B) {
	b.ReportAllocs()
	handler, event := quietReceiver(b), paddedUninstall(1, 1<<10)
	for b.Loop() {
		req, err := event.Request(b.Context(), "https://app.example.com/hook")
		if err != nil {
			b.Fatal(err)
		}
		handler.ServeHTTP(httptest.NewRecorder(), req)
	}
}
