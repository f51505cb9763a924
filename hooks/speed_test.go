package hooks_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
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

// padded is an event with white space behind its body, up to a size.
func padded(sub subject, n, size int) hookstest.Event {
	event := sub.event(n, secretNew)
	event.Body = append(event.Body, bytes.Repeat([]byte(" "), size-len(event.Body))...)
	proven := sub.resign(event.Body, secretNew).Header
	for _, name := range []string{sub.signature, hooks.MakeShopTimestampHeader} {
		if proof := proven.Get(name); proof != "" {
			event.Header.Set(name, proof)
		}
	}
	return event
}

// deliveries prepares n requests, each of another event, so that only the receiver is
// measured.
func deliveries(tb testing.TB, sub subject, n, size int) []*http.Request {
	tb.Helper()
	requests := make([]*http.Request, n)
	for i := range requests {
		req, err := padded(sub, i, size).Request(tb.Context(), "https://app.example.com/hook")
		require.NoError(tb, err)
		requests[i] = req
	}
	return requests
}

func quietReceiver(tb testing.TB) http.Handler {
	tb.Helper()
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets:     []shotengai.Secret{secretNew},
		OnUninstall: func(context.Context, *hooks.ColorMeUninstall) error { return nil },
	})
	require.NoError(tb, err)
	return receiver.UninstallHandler()
}

// TestReceiverAllocations holds every receiver with the memory ledger to 40 allocations
// for an event of 1 KB, and to no more for a longer one. XML needs more: encoding/xml
// alone makes some seven for each element, and doubles its buffers.
func TestReceiverAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	const runs = 100
	for _, sub := range subjects() {
		measure := func(size int) float64 {
			calls := &recorder{}
			handler, err := sub.build(setup{secrets: []shotengai.Secret{secretNew}, calls: calls})
			require.NoError(t, err)
			requests, next := deliveries(t, sub, runs+1, size), 0
			defer func() { assert.Equal(t, len(requests), calls.count(), sub.name) }()
			return testing.AllocsPerRun(runs, func() {
				w := &sink{header: http.Header{}}
				handler.ServeHTTP(w, requests[next])
				next++
				if w.status != http.StatusOK {
					t.Errorf("%s: status %d", sub.name, w.status)
				}
			})
		}
		limit, growth := 40.0, 4.0 // a collection empties pools
		if sub.format.xml {
			limit, growth = 220, 10
		}
		kilobyte := measure(1 << 10)
		t.Logf("%s: %v allocations", sub.name, kilobyte)
		assert.LessOrEqual(t, kilobyte, limit, sub.name)
		assert.LessOrEqual(t, measure(256<<10), kilobyte+growth, "%s: none in proportion to the body", sub.name)
	}
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
		b.Run(fmt.Sprintf("%dKB/crypto", size>>10), func(b *testing.B) { // the same by crypto/hmac alone
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				given, err := base64.StdEncoding.DecodeString(signature)
				if err != nil {
					b.Fatal(err)
				}
				mac := hmac.New(sha256.New, []byte(secretNew))
				mac.Write(body)
				if !hmac.Equal(mac.Sum(nil), given) {
					b.Fatal("not verified")
				}
			}
		})
	}
}

func BenchmarkReceiver(b *testing.B) {
	for _, size := range sizes[:2] {
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			b.ReportAllocs()
			handler := quietReceiver(b)
			requests := deliveries(b, colorMeUninstallSubject(), b.N, size)
			b.ResetTimer()
			for i := range b.N {
				handler.ServeHTTP(&sink{header: http.Header{}}, requests[i])
			}
		})
	}
}

func BenchmarkReceiverDuplicate(b *testing.B) {
	b.ReportAllocs()
	handler, event := quietReceiver(b), padded(colorMeUninstallSubject(), 1, 1<<10)
	for b.Loop() {
		req, err := event.Request(b.Context(), "https://app.example.com/hook")
		if err != nil {
			b.Fatal(err)
		}
		handler.ServeHTTP(httptest.NewRecorder(), req)
	}
}
