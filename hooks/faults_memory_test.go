package hooks_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
)

// heap is what is in use, after a collection.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// TestW11MemoryOfBodies opens a thousand connections that announce 1 MiB each, and measures
// the heap: while nothing has come, and after the first 16 KiB of each. It is far from the
// gigabyte that they announce; most of it is net/http's own.
func TestW11MemoryOfBodies(t *testing.T) { //nolint:paralleltest // other tests would be measured too
	const connections, limit = 1000, 64 << 20
	synctest.Test(t, func(t *testing.T) {
		sub := colorMeUninstallSubject()
		calls := &recorder{}
		handler, err := sub.build(setup{secrets: []shotengai.Secret{secretNew}, calls: calls})
		require.NoError(t, err)
		dial := pipeServer(t, handler)
		announced := head(sub.event(1, secretNew), "Content-Length: 1048576")
		empty := heap()

		conns := make([]net.Conn, connections)
		for i := range conns {
			conns[i] = dial()
			_, err := io.WriteString(conns[i], announced)
			require.NoError(t, err)
		}
		synctest.Wait()
		idle := heap() - empty
		t.Logf("%d connections that announce 1 MiB and send nothing: %.1f MiB", connections, float64(idle)/(1<<20))
		assert.Less(t, idle, int64(40<<20))

		var mu sync.Mutex
		statuses := map[int]int{}
		var clients sync.WaitGroup
		for _, conn := range conns {
			clients.Go(func() {
				_, _ = io.WriteString(conn, strings.Repeat("x", 16<<10))
				resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if !assert.NoError(t, err) {
					return
				}
				defer resp.Body.Close()
				if resp.StatusCode == http.StatusServiceUnavailable {
					assert.Equal(t, "30", resp.Header.Get("Retry-After"))
				}
				mu.Lock()
				defer mu.Unlock()
				statuses[resp.StatusCode]++
			})
		}
		synctest.Wait()
		begun := heap() - empty
		t.Logf("and after 16 KiB of each: %.1f MiB", float64(begun)/(1<<20))
		assert.Less(t, begun, int64(limit+40<<20))
		assert.Equal(t, http.StatusOK, serve(t, handler, sub.event(1, secretNew)).Code, "an event of usual size still passes")

		clients.Wait()
		t.Logf("answers: %v", statuses)
		assert.Greater(t, statuses[http.StatusServiceUnavailable], connections/2)
		assert.Greater(t, statuses[http.StatusRequestTimeout], limit>>20)
		assert.Equal(t, connections, statuses[http.StatusServiceUnavailable]+statuses[http.StatusRequestTimeout])
		assert.Less(t, heap()-empty, int64(40<<20))
		assert.Equal(t, http.StatusOK, serve(t, handler, padded(sub, 2, 1<<20)).Code, "all of it is given back")
		assert.Equal(t, 2, calls.count())
	})
}

// TestW11BodyMemory takes the smallest memory there may be with a body that does not end,
// and looks at when it is given back.
func TestW11BodyMemory(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		synctest.Test(t, func(t *testing.T) {
			event := sub.event(1, secretNew)
			size := len(event.Body)
			options := hooks.Options{BodyLimit: int64(size), BodyMemory: int64(2*size + 1)}
			reports := make(chan hooks.Report, 9)
			options.Observe = func(_ context.Context, r hooks.Report) { reports <- r }
			calls := &recorder{}
			handler, err := sub.build(setup{secrets: []shotengai.Secret{secretNew}, calls: calls, options: options})
			require.NoError(t, err)

			body, end := io.Pipe()
			req, err := event.Request(t.Context(), "https://app.example.com/hook")
			require.NoError(t, err)
			req.Body = body
			slow := make(chan int)
			go func() {
				w := httptest.NewRecorder() // it has no deadlines
				handler.ServeHTTP(w, req)
				slow <- w.Code
			}()
			synctest.Wait()
			refused := serve(t, handler, event)
			assert.Equal(t, http.StatusServiceUnavailable, refused.Code)
			assert.Equal(t, "30", refused.Header().Get("Retry-After"))
			assert.Equal(t, "close", refused.Header().Get("Connection"))
			report := <-reports
			require.ErrorIs(t, report.Err, hooks.ErrBodyMemory)
			assert.Equal(t, hooks.Unavailable, report.Verdict)
			assert.Equal(t, http.StatusRequestTimeout, <-slow)
			report = <-reports
			assert.Equal(t, 10*time.Second, report.Took)
			assert.Equal(t, hooks.ReasonBody, report.Reason)
			assert.Equal(t, http.StatusServiceUnavailable, serve(t, handler, event).Code, "who is given up may read on")
			assert.Zero(t, calls.count())

			require.NoError(t, end.Close())
			synctest.Wait()
			assert.Equal(t, http.StatusOK, serve(t, handler, event).Code)
			assert.Equal(t, 1, calls.count())
		})
	})
}

// TestW11SmallestMemory takes the longest body with the smallest memory there may be. As no
// length is announced the buffer grows, and it is full as it does so for the last time.
func TestW11SmallestMemory(t *testing.T) {
	t.Parallel()
	const limit = 2048
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{options: hooks.Options{BodyLimit: limit, BodyMemory: 2*limit + 1}})
		for range 3 {
			req, err := padded(sub, 1, limit).Request(t.Context(), "https://app.example.com/hook")
			require.NoError(t, err)
			req.ContentLength = -1
			w := httptest.NewRecorder()
			b.handler.ServeHTTP(w, req)
			assert.Equal(t, http.StatusOK, w.Code, "all of it is given back")
			assert.EqualValues(t, limit, b.report().Received)
		}
		assert.Equal(t, 1, b.calls.count())
	})
}
