package hooks_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

const (
	secretNew = "whsec-new-5e1f"
	secretOld = "whsec-old-77aa"
	landing   = "https://app.example.com/welcome?from=hook&x=1"
)

// setup is what a row of the catalogue wants of a receiver.
type setup struct {
	secrets []string // nil: secretNew
	ledger  hooks.Ledger
	options hooks.Options
	on      func(context.Context) error // nil: success
	calls   *recorder
}

// subject is a kind of event with the receiver for it.
type subject struct {
	name string
	// signature is the header of the signature; empty where the platform signs nothing.
	signature string
	json      bool
	build     func(setup) (http.Handler, error)
	// event is the n-th event; each is about a shop of its own.
	event func(n int, secret string) hookstest.Event
	// resign signs other content in the same form.
	resign func(body []byte, secret string) hookstest.Event
	// accepted is the answer to a good event.
	accepted string
	// broken are bodies that verify but have a field missing or of the wrong form.
	broken []string
}

func subjects() []subject {
	return []subject{
		colorMeInstallSubject(), colorMeUninstallSubject(),
		makeShopInstallSubject(), makeShopUninstallSubject(), makeShopEventSubject(),
		rakutenSubject(), shopifySubject(),
	}
}

func colorMeReceiver(s setup) (*hooks.ColorMe, error) {
	return hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: s.secrets,
		Ledger:  s.ledger,
		Options: s.options,
		OnInstall: func(ctx context.Context, e *hooks.ColorMeInstall) (string, error) {
			return landing, s.calls.run(ctx, e.AccountID, s.on)
		},
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			return s.calls.run(ctx, e.AccountID, s.on)
		},
	})
}

func install(n int) hooks.ColorMeInstall {
	return hooks.ColorMeInstall{
		AccountID:                    fmt.Sprintf("PA%08d", n),
		ApplicationChargeSourceID:    "F3RN9A",
		RecurringApplicationChargeID: fmt.Sprintf("A3FT%04d", n),
		Mail:                         "shop@example.com",
	}
}

func uninstall(n int, at time.Time) hooks.ColorMeUninstall {
	return hooks.ColorMeUninstall{
		AccountID:                    fmt.Sprintf("PA%08d", n),
		ApplicationChargeSourceID:    "F3RN9A",
		RecurringApplicationChargeID: fmt.Sprintf("A3FT%04d", n),
		UninstalledAt:                at,
		Reason:                       hooks.ColorMeByShopOwner,
	}
}

func colorMeInstallSubject() subject {
	return subject{
		name:      "colorme install",
		signature: hooks.ColorMeSignatureHeader,
		json:      true,
		build: func(s setup) (http.Handler, error) {
			c, err := colorMeReceiver(s)
			if err != nil {
				return nil, err
			}
			return c.InstallHandler(), nil
		},
		event: func(n int, secret string) hookstest.Event {
			return hookstest.ColorMeInstall(install(n), secret)
		},
		resign: func(body []byte, secret string) hookstest.Event {
			return hookstest.ColorMe(hooks.KindColorMeInstall, body, secret)
		},
		accepted: `{"redirect_url":"https://app.example.com/welcome?from=hook\u0026x=1"}`,
		broken: []string{
			`{}`,
			`{"account_id":"PA1","application_charge_source_id":"F3RN9A","application_charge_id":"A3FT4N","mail":"a@b"}`,
			`{"account_id":"PA00000001","application_charge_id":"A3FT4N","mail":"a@b"}`,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","mail":"a@b"}`,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","application_charge_id":"A3FT4N"}`,
			`{"account_id":"PA00000001","application_charge_source_id":"f3rn9a","application_charge_id":"A3FT4N","mail":"a@b"}`,
		},
	}
}

func colorMeUninstallSubject() subject {
	return subject{
		name:      "colorme uninstall",
		signature: hooks.ColorMeSignatureHeader,
		json:      true,
		build: func(s setup) (http.Handler, error) {
			c, err := colorMeReceiver(s)
			if err != nil {
				return nil, err
			}
			return c.UninstallHandler(), nil
		},
		event: func(n int, secret string) hookstest.Event {
			return hookstest.ColorMeUninstall(uninstall(n, time.Unix(1552022740, 0)), secret)
		},
		resign: func(body []byte, secret string) hookstest.Event {
			return hookstest.ColorMe(hooks.KindColorMeUninstall, body, secret)
		},
		broken: []string{
			`{}`,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","reason":"by_shop_owner"}`,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","uninstalled_at":0,"reason":"by_shop_owner"}`,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","uninstalled_at":1552022740}`,
			`{"account_id":"PA0000000x","application_charge_source_id":"F3RN9A","uninstalled_at":1552022740,"reason":"by_unpaid"}`,
		},
	}
}

// recorder counts the calls of an application's functions.
type recorder struct {
	mu         sync.Mutex
	shops      []string
	deliveries []hooks.Delivery
}

func (r *recorder) run(ctx context.Context, shop string, on func(context.Context) error) error {
	d, _ := hooks.DeliveryFrom(ctx)
	r.mu.Lock()
	r.shops = append(r.shops, shop)
	r.deliveries = append(r.deliveries, d)
	r.mu.Unlock()
	if on == nil {
		return nil
	}
	return on(ctx)
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.shops)
}

func (r *recorder) last() hooks.Delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.deliveries[len(r.deliveries)-1]
}

// bench is a receiver behind a server, with everything it says recorded.
type bench struct {
	t       *testing.T
	subject subject
	server  *httptest.Server
	handler http.Handler
	calls   *recorder
	log     *safeBuffer

	mu      sync.Mutex
	reports []hooks.Report
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newBench(t *testing.T, sub subject, s setup) *bench {
	t.Helper()
	b := &bench{t: t, subject: sub, calls: &recorder{}, log: &safeBuffer{}}
	if s.secrets == nil {
		s.secrets = []string{secretNew}
	}
	s.calls = b.calls
	s.options.Logger = slog.New(slog.NewTextHandler(b.log, nil))
	s.options.Observe = func(_ context.Context, r hooks.Report) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.reports = append(b.reports, r)
	}
	handler, err := sub.build(s)
	require.NoError(t, err)
	b.handler = handler
	b.server = httptest.NewServer(handler)
	t.Cleanup(b.server.Close)
	return b
}

func (b *bench) send(e hookstest.Event) hookstest.Attempt {
	b.t.Helper()
	return hookstest.Sender{Client: b.server.Client()}.Send(b.t.Context(), b.server.URL, e)
}

func (b *bench) report() hooks.Report {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	require.NotEmpty(b.t, b.reports)
	return b.reports[len(b.reports)-1]
}

// refused sends an event and holds it to the reason and the status, to a constant
// answer and to no effect.
func (b *bench) refused(e hookstest.Event, status int, reason error) {
	b.t.Helper()
	before := b.calls.count()
	attempt := b.send(e)
	assert.Equal(b.t, status, attempt.Status)
	b.explained(reason, attempt)
	assert.Equal(b.t, before, b.calls.count(), "no function may run")
}

func (b *bench) explained(reason error, attempt hookstest.Attempt) {
	b.t.Helper()
	report := b.report()
	require.ErrorIs(b.t, report.Err, reason)
	assert.Equal(b.t, attempt.Status, report.Status)
	for _, text := range []string{string(attempt.Body), report.Err.Error(), b.log.String()} {
		assert.NotContains(b.t, text, secretNew)
		assert.NotContains(b.t, text, secretOld)
	}
	assert.NotContains(b.t, string(attempt.Body), "hooks:", "the reason stays inside")
}

func (b *bench) accepted(e hookstest.Event) hookstest.Attempt {
	b.t.Helper()
	attempt := b.send(e)
	require.NoError(b.t, attempt.Err, "log: %s", b.log)
	assert.Equal(b.t, b.subject.accepted, string(attempt.Body))
	return attempt
}

// raw writes a request by hand and returns the status of the answer.
func (b *bench) raw(request string, closeWrite bool) int {
	b.t.Helper()
	conn, err := net.Dial("tcp", b.server.Listener.Addr().String())
	require.NoError(b.t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, request)
	require.NoError(b.t, err)
	if closeWrite {
		require.NoError(b.t, conn.(*net.TCPConn).CloseWrite())
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(b.t, err)
	defer resp.Body.Close()
	return resp.StatusCode
}

// head returns the head of a raw request with the event's header.
func head(e hookstest.Event, extra ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "POST %s/ HTTP/1.1\r\nHost: app.example.com\r\n", e.Path)
	for name, values := range e.Header {
		for _, value := range values {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	for _, line := range extra {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("\r\n")
	return b.String()
}

func with(e hookstest.Event, name string, values ...string) hookstest.Event {
	e.Header = e.Header.Clone()
	if len(values) == 0 {
		e.Header.Del(name)
	} else {
		e.Header[http.CanonicalHeaderKey(name)] = values
	}
	return e
}

func withBody(e hookstest.Event, body []byte) hookstest.Event {
	e.Body = body
	return e
}

// each runs a row for every kind of event that passes the filters.
func each(t *testing.T, row func(t *testing.T, sub subject), filters ...func(subject) bool) {
	t.Helper()
	for _, sub := range subjects() {
		skip := false
		for _, filter := range filters {
			skip = skip || !filter(sub)
		}
		if skip {
			continue
		}
		t.Run(sub.name, func(t *testing.T) {
			t.Parallel()
			row(t, sub)
		})
	}
}

func isSigned(s subject) bool { return s.signature != "" }
func isJSON(s subject) bool   { return s.json }

func testdata(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return body
}

func observeReason(reason *error) func(context.Context, hooks.Report) {
	return func(_ context.Context, r hooks.Report) { *reason = r.Err }
}
