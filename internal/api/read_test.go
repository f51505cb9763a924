package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/internal/text"
)

const maintenance = `<!DOCTYPE html><html><head><title>503</title><style>b { color: red }</style>
<script>var secret = "<b>"; load()</script></head><body><h1>ただいま メンテナンス中です</h1></body></html>`

// H02: a web page in place of an answer has a kind, its status and a readable excerpt.
func TestH02WebPages(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status   int
		method   string
		attempts int
	}{
		{502, "GET", 3},
		{503, "GET", 3},
		{200, "GET", 3},
		{500, "GET", 1},
		{404, "GET", 1},
		{502, "POST", 1},
		{503, "POST", 1},
		{200, "POST", 1},
	} {
		t.Run(fmt.Sprintf("%s %d", tc.method, tc.status), func(t *testing.T) {
			t.Parallel()
			srv := serve(t, answer(tc.status, "text/html; charset=utf-8", maintenance+strings.Repeat("<p>後ほど", 10_000)))
			var out thing
			err := newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: tc.method + " /v1"}, &out)
			e := asShop(t, err)
			assert.Equal(t, tc.status, e.StatusCode)
			assert.Equal(t, tc.attempts, e.Attempts)
			if tc.status != 404 {
				require.ErrorIs(t, err, shotengai.ErrUnavailable)
			}
			assert.Less(t, len(err.Error()), text.MaxExcerpt)
			assert.NotContains(t, err.Error(), "<")
			assert.NotContains(t, err.Error(), "secret")
			if tc.status != 200 {
				assert.Contains(t, err.Error(), "ただいま メンテナンス中です")
			}
		})
	}
}

// H04: an answer that drips ends with the attempt's time, its body included.
func TestH04DrippingAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, srv := bubbleEngine(t, answer(200, "application/json", `{"name":"`+strings.Repeat("x", 100)+`"}`))
		defer srv.Close()
		srv.Fail(-1, fake.Fault{Drip: 10 * time.Second})
		var out thing
		started := time.Now()
		err := e.Do(t.Context(), Request{Operation: "POST /v1"}, &out)
		assert.Equal(t, DefaultAttemptTimeout, time.Since(started))
		require.ErrorIs(t, err, shotengai.ErrUnavailable)
		require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown)
		require.ErrorContains(t, err, "no whole answer within 30s")

		started = time.Now()
		err = e.Do(t.Context(), Request{Operation: "GET /v1"}, &out)
		require.ErrorIs(t, err, shotengai.ErrUnavailable)
		assert.Equal(t, 3*DefaultAttemptTimeout, time.Since(started))
	})
}

// H04: an attempt that ended early names the limit that ended it.
func TestH04WhichLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, srv := bubbleEngine(t, answer(200, "application/json", "{}"), shotengai.WithTimeout(20*time.Second))
		defer srv.Close()
		impatient := *srv.HTTPClient()
		impatient.Timeout = 5 * time.Second
		hurried := newEngine(t, srv.URL, nil, shotengai.WithHTTPClient(&impatient))
		srv.Fail(-1, fake.Fault{Delay: time.Hour})
		for name, tc := range map[string]struct {
			engine  *Engine
			within  time.Duration // the caller's context
			took    time.Duration
			message string
		}{
			"the time of an attempt": {e, time.Hour, 20 * time.Second, "no whole answer within 20s"},
			"the HTTP client's":      {hurried, time.Hour, 5 * time.Second, "no whole answer within a limit of the HTTP client"},
			"the caller's":           {e, 3 * time.Second, 3 * time.Second, "context deadline exceeded"},
		} {
			ctx, cancel := context.WithTimeout(t.Context(), tc.within)
			started := time.Now()
			err := tc.engine.Do(ctx, Request{Operation: "POST /v1"}, nil)
			cancel()
			require.ErrorIs(t, err, shotengai.ErrOutcomeUnknown, name)
			require.ErrorIs(t, err, context.DeadlineExceeded, name)
			require.ErrorContains(t, err, tc.message, name)
			assert.Equal(t, tc.took, time.Since(started), name)
			assert.NotContains(t, err.Error(), "30s", name)
		}
	})
}

// H05: no answer is read beyond the limit, however it is framed or packed.
func TestH05TooLarge(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	packer, err := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	require.NoError(t, err)
	zeros := make([]byte, 1<<20)
	for range 12 {
		_, err := packer.Write(zeros)
		require.NoError(t, err)
	}
	require.NoError(t, packer.Close())
	for name, handler := range map[string]http.HandlerFunc{
		"10 GB announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10000000000")
			_, _ = w.Write(zeros)
		},
		"endless": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(zeros); err != nil {
					return
				}
			}
		},
		"gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := serve(t, handler)
			var out thing
			for method, unknown := range map[string]bool{"GET": false, "POST": true} {
				err := newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: method + " /v1"}, &out)
				require.ErrorIs(t, err, shotengai.ErrResponseTooLarge)
				require.ErrorContains(t, err, "more than 10485760 bytes")
				assert.Equal(t, unknown, errorIs(err, shotengai.ErrOutcomeUnknown))
				assert.Equal(t, 1, asShop(t, err).Attempts, "another attempt would end the same way")
			}
		})
	}
}

func TestBodyLimitOption(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(200, "application/json", `{"id":123}`))
	var out thing
	require.ErrorIs(t, newEngine(t, srv.URL, nil, shotengai.WithBodyLimit(9)).Do(t.Context(), Request{Operation: "GET /v1"}, &out), shotengai.ErrResponseTooLarge)
	require.NoError(t, newEngine(t, srv.URL, nil, shotengai.WithBodyLimit(10)).Do(t.Context(), Request{Operation: "GET /v1"}, &out))
}

// H06: an answer is UTF-8 or an error that says what it is.
func TestH06Charset(t *testing.T) {
	t.Parallel()
	const sjis, eucjp = "{\"name\":\"\x96{\"}", "{\"name\":\"\xcb\xdc\"}"
	for name, tc := range map[string]struct {
		contentType, body string
		want              string // in the error; "" when it is read
	}{
		"UTF-8":                 {"application/json; charset=UTF-8", `{"name":"本"}`, ""},
		"utf8, quoted":          {`application/json; foo=bar; Charset = "utf8"`, `{"name":"本"}`, ""},
		"nothing declared":      {"application/json", `{"name":"本"}`, ""},
		"no content type":       {"", `{"name":"本"}`, ""},
		"plain text":            {"text/plain", `{"name":"本"}`, ""},
		"byte order mark":       {"application/json", "\ufeff" + `{"name":"本"}`, ""},
		"Shift_JIS":             {"application/json; charset=Shift_JIS", sjis, "not in UTF-8 but in Shift_JIS"},
		"EUC-JP":                {"application/json;charset=EUC-JP", eucjp, "not in UTF-8 but in EUC-JP"},
		"Shift_JIS, undeclared": {"application/json", sjis, "not in UTF-8"},
		"EUC-JP, called UTF-8":  {"application/json; charset=utf-8", eucjp, "not in UTF-8"},
		"UTF-16":                {"application/json", "\xff\xfe{\x00}\x00", "not in UTF-8"},
		"JSON called HTML":      {"text/html", `{"name":"本"}`, ""},
		"image":                 {"image/png", "\x89PNG\r\n\x1a\n\x00", "not in UTF-8"},
		"CSV":                   {"text/csv", "id,name\n", "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{tc.contentType}
				_, _ = w.Write([]byte(tc.body))
			})
			var out thing
			err := newEngine(t, srv.URL, nil, shotengai.WithStrictDecoding()).Do(t.Context(), Request{Operation: "GET /v1"}, &out)
			if tc.want == "" {
				require.NoError(t, err)
				assert.Equal(t, "本", out.Name)
				return
			}
			require.ErrorContains(t, err, tc.want)
			assert.Equal(t, strings.Contains(tc.want, "UTF-8"), errorIs(err, ErrCharset))
			assert.True(t, utf8.ValidString(err.Error()))
		})
	}
}

func TestRawBytesAreLeftAlone(t *testing.T) {
	t.Parallel()
	srv := serve(t, answer(200, "text/csv; charset=Shift_JIS", "\x96{\n"))
	var out []byte
	require.NoError(t, newEngine(t, srv.URL, nil).Do(t.Context(), Request{Operation: "GET /v1"}, &out))
	assert.Equal(t, "\x96{\n", string(out))
}

// Connections are kept in each framing, whatever the status and the wish.
func TestConnectionIsReused(t *testing.T) {
	t.Parallel()
	body := `{"id":1,"name":"` + strings.Repeat("x", 10_000) + `"}`
	framings := map[string]func(w http.ResponseWriter, status int){
		"Content-Length": func(w http.ResponseWriter, status int) {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		},
		"chunked": func(w http.ResponseWriter, status int) {
			w.WriteHeader(status)
			flush(w)
			_, _ = w.Write([]byte(body[:100]))
			flush(w)
			_, _ = w.Write([]byte(body[100:]))
		},
		"chunked with a late last chunk": func(w http.ResponseWriter, status int) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
			flush(w)
			// Time passes when the client has read the data and waits for the end.
			<-time.After(time.Millisecond)
		},
		"gzip, chunked": func(w http.ResponseWriter, status int) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(status)
			packer := gzip.NewWriter(w)
			_, _ = packer.Write([]byte(body))
			_ = packer.Close()
			flush(w)
		},
	}
	for name, frame := range framings {
		for _, status := range []int{200, 404, 503, 302} {
			t.Run(fmt.Sprintf("%s %d", name, status), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					e, _ := bubbleEngine(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Content-Type", "application/json")
						frame(w, status)
					}), shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
					ctx, opened := withConnections(t)
					for i := range 20 {
						var out any = new(thing)
						if i%2 == 0 {
							out = nil
						}
						err := e.Do(ctx, Request{Operation: "GET /v1"}, out)
						require.Equal(t, status == 200, err == nil, "%v", err)
					}
					assert.EqualValues(t, 1, opened.Load())
				})
			})
		}
	}
}

// A body that nobody wants, that is no data, or that is a refusal, is read to its end too.
func TestConnectionIsReusedAfterBadAnswers(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"HTML":        answer(200, "text/html", maintenance),
		"empty":       answer(200, "application/json", ""),
		"other shape": answer(200, "application/json", `{"id":"x"}`),
		"Shift_JIS":   answer(200, "application/json; charset=Shift_JIS", `{"id":1}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e, _ := bubbleEngine(t, handler)
				ctx, opened := withConnections(t)
				for range 20 {
					require.Error(t, e.Do(ctx, Request{Operation: "GET /v1"}, new(thing)))
				}
				assert.EqualValues(t, 1, opened.Load())
			})
		})
	}
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }
