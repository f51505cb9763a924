package hooks_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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

func TestW11BodyOverTheLimit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		event := sub.event(1, secretNew)
		size := len(event.Body)
		b := newBench(t, sub, setup{options: hooks.Options{BodyLimit: int64(size)}})
		b.accepted(event)

		attempt := b.send(withBody(event, append(bytes.Clone(event.Body), ' ')))
		assert.Equal(t, http.StatusRequestEntityTooLarge, attempt.Status)
		b.explained(hooks.ErrBodyTooLarge, attempt)
		assert.Empty(t, b.report().Body, "an announced length is enough")
		refused := serve(t, b.handler, withBody(event, append(bytes.Clone(event.Body), ' ')))
		assert.Equal(t, "close", refused.Header().Get("Connection"))

		body := strings.Repeat(" ", 3*size)
		request := head(event, "Transfer-Encoding: chunked") + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body)
		assert.Equal(t, http.StatusRequestEntityTooLarge, b.raw(request, false))
		require.ErrorIs(t, b.report().Err, hooks.ErrBodyTooLarge)
		assert.LessOrEqual(t, len(b.report().Body), size+1)
		assert.Equal(t, 1, b.calls.count())
	})
}

func TestW11DefaultLimit(t *testing.T) {
	t.Parallel()
	sub := colorMeUninstallSubject()
	b := newBench(t, sub, setup{})
	event := sub.event(1, secretNew)
	assert.Equal(t, http.StatusRequestEntityTooLarge, b.raw(head(event, "Content-Length: 1048577"), false))
	require.ErrorIs(t, b.report().Err, hooks.ErrBodyTooLarge)
	b.refused(withBody(event, make([]byte, 1<<20)), http.StatusUnauthorized, hooks.ErrSignature)
}

func TestW12ContentEncoding(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		for _, coding := range []string{"gzip", "GZIP", "br", "identity, gzip", "x"} {
			b.refused(with(sub.event(1, secretNew), "Content-Encoding", coding),
				http.StatusUnsupportedMediaType, hooks.ErrContentEncoding)
		}
		b.accepted(with(sub.event(1, secretNew), "Content-Encoding", "identity"))
	})
}

func TestW13TruncatedBody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		short := head(event, fmt.Sprintf("Content-Length: %d", len(event.Body)+1)) + string(event.Body)
		assert.Equal(t, http.StatusBadRequest, b.raw(short, true))
		require.ErrorIs(t, b.report().Err, hooks.ErrBodyIncomplete)
		chunk := head(event, "Transfer-Encoding: chunked") + fmt.Sprintf("%x\r\n%s", len(event.Body), event.Body)
		assert.Equal(t, http.StatusBadRequest, b.raw(chunk, true))
		require.ErrorIs(t, b.report().Err, hooks.ErrBodyIncomplete)
		assert.Zero(t, b.calls.count())
	})
}

// TestW13BodyCutByMiddleware gets the beginning of a body from something in front of it,
// with a clean end and the length of the whole, and a body where none was announced.
func TestW13BodyCutByMiddleware(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		var reason error
		s := setup{secrets: []shotengai.Secret{secretNew}, calls: &recorder{}}
		s.options.Observe = observeReason(&reason)
		handler, err := sub.build(s)
		require.NoError(t, err)
		event := sub.event(1, secretNew)
		for name, change := range map[string]func(*http.Request){
			"cut":       func(r *http.Request) { r.Body = io.NopCloser(bytes.NewReader(event.Body[:len(event.Body)/2])) },
			"added":     func(r *http.Request) { r.ContentLength = 0 },
			"lengthier": func(r *http.Request) { r.ContentLength-- },
		} {
			req, err := event.Request(t.Context(), "https://app.example.com")
			require.NoError(t, err)
			change(req)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, req)
			assert.Equal(t, http.StatusBadRequest, w.Code, name)
			require.ErrorIs(t, reason, hooks.ErrBodyIncomplete, name)
		}
		assert.Zero(t, s.calls.count())
	})
}

// pipeServer serves connections in memory, so that a synctest bubble's clock moves, and
// returns what makes another one.
func pipeServer(t *testing.T, handler http.Handler) (dial func() net.Conn) {
	t.Helper()
	listener := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	srv := &http.Server{Handler: handler}
	go func() { _ = srv.Serve(listener) }()
	t.Cleanup(func() { _ = srv.Close() })
	return func() net.Conn {
		client, server := net.Pipe()
		listener.conns <- server
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
}

type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	close(l.closed)
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

func TestW14SlowBody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		for name, wrap := range map[string]func(http.Handler) http.Handler{
			"with a deadline":   func(h http.Handler) http.Handler { return h },
			"without deadlines": hideConnection,
		} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					calls := &recorder{}
					var reason error
					s := setup{secrets: []shotengai.Secret{secretNew}, calls: calls}
					s.options.Observe = observeReason(&reason)
					handler, err := sub.build(s)
					require.NoError(t, err)
					event := sub.event(1, secretNew)
					slow, rest := io.Pipe()
					defer rest.Close()
					req, err := event.Request(t.Context(), "https://app.example.com")
					require.NoError(t, err)
					req.Body = slow
					w := httptest.NewRecorder()
					handler.ServeHTTP(w, req)
					require.Equal(t, "close", w.Header().Get("Connection"), "a server that wants the rest would wait for the reader")
					conn := pipeServer(t, wrap(handler))()
					start := time.Now()
					_, err = io.WriteString(conn, head(event, fmt.Sprintf("Content-Length: %d", len(event.Body)))+"{")
					require.NoError(t, err)
					resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
					require.NoError(t, err)
					defer resp.Body.Close()
					require.Equal(t, http.StatusRequestTimeout, resp.StatusCode)
					require.True(t, resp.Close, "the connection is closed")
					assert.Equal(t, 10*time.Second, time.Since(start))
					require.ErrorIs(t, reason, hooks.ErrBodyTimeout)
					assert.Zero(t, calls.count())
				})
			})
		}
	})
}

// TestW14WaitsLongerThanForABody gives a body less time than an answer: what a delivery waits
// for its twin does not count.
func TestW14WaitsLongerThanForABody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sub, calls := colorMeUninstallSubject(), &recorder{}
		handler, err := sub.build(setup{
			secrets: []shotengai.Secret{secretNew}, calls: calls, options: hooks.Options{ReadTimeout: 2 * time.Second},
			on: func(ctx context.Context) error { return pause(ctx, 5*time.Second) },
		})
		require.NoError(t, err)
		dial := pipeServer(t, handler)
		event := sub.event(1, secretNew)
		var both sync.WaitGroup
		for range 2 {
			conn := dial()
			both.Go(func() {
				_, err := io.WriteString(conn, head(event, fmt.Sprintf("Content-Length: %d", len(event.Body)))+string(event.Body))
				if !assert.NoError(t, err) {
					return
				}
				resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if assert.NoError(t, err) {
					assert.Equal(t, http.StatusOK, resp.StatusCode)
					assert.NoError(t, resp.Body.Close())
				}
			})
		}
		both.Wait()
		assert.Equal(t, 1, calls.count())
	})
}

// TestW14RefusedBeforeTheBody refuses a delivery whose body does not come. The server wants
// to take it in before it answers, and does not wait longer for it than a body may take.
func TestW14RefusedBeforeTheBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		handler, err := colorMeUninstallSubject().build(setup{secrets: []shotengai.Secret{secretNew}, calls: &recorder{}})
		require.NoError(t, err)
		conn := pipeServer(t, handler)()
		unsigned := with(colorMeUninstallSubject().event(1, secretNew), hooks.ColorMeSignatureHeader)
		start := time.Now()
		_, err = io.WriteString(conn, head(unsigned, "Content-Length: 100"))
		require.NoError(t, err)
		answers := bufio.NewReader(conn)
		resp, err := http.ReadResponse(answers, nil)
		require.NoError(t, err)
		defer resp.Body.Close()
		assert.Equal(t, http.StatusUnauthorized, resp.StatusCode)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		_, err = answers.ReadByte()
		require.ErrorIs(t, err, io.EOF, "the connection is closed")
		assert.LessOrEqual(t, time.Since(start), 11*time.Second)
	})
}

// hideConnection is a middleware whose writer keeps the connection to itself.
func hideConnection(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
	})
}

func TestW15EmptyBody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		b.refused(sub.resign(nil, secretNew), http.StatusBadRequest, hooks.ErrBodyEmpty)
		empty := head(sub.resign(nil, secretNew), "Transfer-Encoding: chunked") + "0\r\n\r\n"
		assert.Equal(t, http.StatusBadRequest, b.raw(empty, false))
		require.ErrorIs(t, b.report().Err, hooks.ErrBodyEmpty)
	})
}

// refusedBodies sends genuine bodies of a form that nobody should guess at.
func (b *bench) refusedBodies(bodies map[string]string) {
	b.t.Helper()
	for name, body := range bodies {
		attempt := b.send(b.subject.resign([]byte(body), secretNew))
		assert.Contains(b.t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity}, attempt.Status, name)
		b.explained(hooks.ErrPayload, attempt)
		assert.Equal(b.t, body, string(b.report().Body), "the error hook sees the body")
		assert.NotContains(b.t, b.log.String(), "PA00000001", "the log does not")
	}
	assert.NotEmpty(b.t, bodies)
	assert.Zero(b.t, b.calls.count(), "no function may run")
}

func TestW16Malformed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		b.refusedBodies(sub.format.malformed(t, string(sub.event(7, secretNew).Body)))
	})
}

func TestW17DuplicateNames(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		b.refusedBodies(sub.format.ambiguous(t, string(sub.event(7, secretNew).Body)))
	}, hasForm)
}

// TestW17W18GenuineEventsAreDelivered sends what is wrong in fields that nobody reads: a
// refusal would be sent again, and refused again.
func TestW17W18GenuineEventsAreDelivered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		for name, body := range sub.format.odd(string(sub.event(7, secretNew).Body)) {
			b := newBench(t, sub, setup{})
			b.accepted(sub.resign([]byte(body), secretNew))
			assert.Equal(t, 1, b.calls.count(), name)
			assert.Equal(t, body, string(b.calls.raw), name)
		}
	}, func(sub subject) bool { return sub.format.odd != nil })
}

func TestW18InvalidUTF8(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		b.refusedBodies(sub.format.misspelt(t, string(sub.event(7, secretNew).Body)))
	}, hasForm)
}

func TestW19OtherShapes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		good := string(sub.event(7, secretNew).Body)
		b.refusedBodies(sub.format.misshapen(t, good))
		for name, body := range sub.format.harmless(t, good) {
			attempt := b.send(sub.resign([]byte(body), secretNew))
			require.NoError(t, attempt.Err, "%s: %s", name, b.log)
		}
	})
}

func TestW19NumbersAndTexts(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a number for a text":  `{"account_id":1,"application_charge_source_id":"F3RN9A","uninstalled_at":1552022740,"reason":"by_unpaid"}`,
		"a text for a time":    `{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","uninstalled_at":"1552022740","reason":"by_unpaid"}`,
		"a fraction":           `{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","uninstalled_at":1552022740.5,"reason":"by_unpaid"}`,
		"more than 64 bits":    `{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","uninstalled_at":99999999999999999999,"reason":"by_unpaid"}`,
		"an object for a text": `{"account_id":{},"application_charge_source_id":"F3RN9A","uninstalled_at":1552022740,"reason":"by_unpaid"}`,
		"a list for an object": `{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","uninstalled_at":1552022740,"reason":"by_unpaid","usage_charge":[]}`,
	} {
		_, err := hooks.ParseColorMeUninstall([]byte(body))
		require.ErrorIs(t, err, hooks.ErrPayload, name)
		require.NotErrorIs(t, err, hooks.ErrEvent, name)
		assert.NotContains(t, err.Error(), "1552022740", name)
	}
}

func TestW20UnknownFields(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		body := sub.format.more(string(sub.event(7, secretNew).Body))
		b.accepted(sub.resign([]byte(body), secretNew))
		assert.Equal(t, body, string(b.calls.raw), "it is kept in Raw")
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v %s %x", b.calls.raw, b.calls.raw, b.calls.raw, b.calls.raw, b.calls.raw), body[:9])
	})
}

func TestW21FieldsMissingOrMisshapen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		for _, body := range sub.broken {
			b.refused(sub.resign([]byte(body), secretNew), http.StatusUnprocessableEntity, hooks.ErrEvent)
			var field *hooks.FieldError
			require.ErrorAs(t, b.report().Err, &field)
			assert.NotEmpty(t, field.Field)
		}
		assert.Len(t, sub.broken, len(b.reports))
	}, hasForm)
}

func TestW22MethodAndContentType(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete} {
			event := sub.event(1, secretNew)
			req, err := http.NewRequestWithContext(t.Context(), method, b.server.URL+event.Path, bytes.NewReader(event.Body))
			require.NoError(t, err)
			req.Header = event.Header
			resp, err := b.server.Client().Do(req)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			assert.Equal(t, http.StatusMethodNotAllowed, resp.StatusCode, method)
			assert.Equal(t, "POST", resp.Header.Get("Allow"))
			require.ErrorIs(t, b.report().Err, hooks.ErrMethod)
		}
		for _, secret := range []shotengai.Secret{secretNew, "a wrong one"} {
			for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded", "nonsense//"} {
				b.refused(with(sub.event(1, secret), "Content-Type", contentType),
					http.StatusUnsupportedMediaType, hooks.ErrContentType)
			}
		}
		assert.Zero(t, b.calls.count())
	})
}

func TestW22ContentTypes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		for _, contentType := range sub.format.contentTypes {
			b.accepted(with(event, "Content-Type", contentType))
		}
		for _, contentTypes := range [][]string{nil, {sub.format.contentTypes[0], sub.format.contentTypes[0]}} {
			b.refused(with(event, "Content-Type", contentTypes...), http.StatusUnsupportedMediaType, hooks.ErrContentType)
		}
		for _, contentType := range sub.format.foreign {
			b.refused(with(event, "Content-Type", contentType), http.StatusUnsupportedMediaType, hooks.ErrContentType)
		}
	})
}

func TestW41BodyConsumed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		for name, consume := range map[string]func(*http.Request){
			"read":   func(r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) },
			"closed": func(r *http.Request) { _ = r.Body.Close() },
			"gone":   func(r *http.Request) { r.Body = http.NoBody },
			"none":   func(r *http.Request) { r.Body = nil },
		} {
			var reason error
			s := setup{secrets: []shotengai.Secret{secretNew}, calls: &recorder{}}
			s.options.Observe = observeReason(&reason)
			handler, err := sub.build(s)
			require.NoError(t, err)
			done := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(done)
				consume(r)
				handler.ServeHTTP(w, r)
			}))
			event := sub.event(1, secretNew)
			req, err := event.Request(t.Context(), server.URL)
			require.NoError(t, err)
			resp, err := server.Client().Do(req)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			<-done
			server.Close()
			assert.Equal(t, http.StatusInternalServerError, resp.StatusCode, name)
			require.ErrorIs(t, reason, hooks.ErrBodyConsumed, name)
			require.NotErrorIs(t, reason, hooks.ErrSignature, name)
		}
	})
}
