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

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

const (
	secretNew = "whsec-new-5e1f"
	secretOld = "whsec-old-77aa"
	landing   = "https://app.example.com/welcome?from=hook&x=1"
)

// The rows W01 to W42 of the catalogue of faults, and the tests that hold the receivers
// to them. "each" is the test of the row's name that runs for every subject, so that a
// new receiver inherits it with an entry in subjects. A name is a test of the receiver's
// own. "-" is a row that does not apply, for the reason below the table.
//
//	row                  Color Me       makeshop by     makeshop by      Rakuten        Shopify
//	                                    signature       address
//	W01 none             each           each            W01Address…      W01Rakuten…    each
//	W02 blank            each           each            W01Address…      W01Rakuten…    each
//	W03 two              each           each            -  (a)           W03Rakuten…    each
//	W04 spelling         each           each            W01Address…      W04Rakuten…    each
//	W05 non-canonical    W05Non…        each, in W06    -  (a)           -  (a)         W05Non…
//	W06 case, fold       each           each            W01Address…      W04Rakuten…    each
//	W07 body changed     each           each            -  (b)           -  (b)         each
//	W08 bad secrets      each           each            NewMakeShop…     each           each
//	W09 two secrets      each           each            -  (c)           each           each
//	W10 old secret       each           each            each             each           each
//	W11 to W20           each           each            each             each           each
//	W21 fields           each           each  (d)       each  (d)        each           each  (d)
//	W22 to W24           each           each            each             each           each
//	W25 after 7 days     each, W25Old…  each            each             each           each
//	W26 to W31           each           each            each             each           each
//	W32 late uninstall   W32…           W32MakeShop…    W32MakeShop…     -  (e)         W32Shopify…
//	W33 in parallel      each, W33…     each, W33Make…  each             each           each
//	W34 redirect         W34…           -  (f)          -  (f)           -  (f)         -  (f)
//	W35, W36 time        -  (g)         W35…, W36…      -  (g)           -  (g)         -  (g)
//	W37 identity         each, W37…     each            each, W37Make…   each, W37Rak…  each, W37Shop…
//	W38 header names     each           each            each             each           each
//	W39 no proof shown   each           each            each             each           each
//	W40 every secret     W40Every…      W40Every…       -  (h)           W40Rakuten…    W40Every…
//	W41 consumed body    each           each            each             each           each
//	W42 verified only    each, W42Mux…  each            each, W42Mux…    each, W42Mux…  each, W42Mux…
//
//	(a) there is one address, one authKey, and no text that encodes it
//	(b) the proof does not cover the body
//	(c) an address has one token; a second receiver serves the old one for a while
//	(d) but for the events of which no field is certain
//	(e) no installs and uninstalls
//	(f) the answer has no content
//	(g) no time is signed
//	(h) one token, compared by its hash

// setup is what a row of the catalogue wants of a receiver.
type setup struct {
	secrets []shotengai.Secret // nil: secretNew
	ledger  hooks.Ledger
	options hooks.Options
	on      func(context.Context) error // nil: success
	calls   *recorder
}

// handle is what the application's function of every subject does.
func (s setup) handle(ctx context.Context, shop string, raw hooks.Raw) error {
	s.calls.keep(raw)
	return s.calls.run(ctx, shop, s.on)
}

// subject is a kind of event with the receiver for it.
type subject struct {
	name string
	// signature is the header of the signature; empty where the platform signs nothing.
	signature string
	// byAddress says that the proof is an address that nobody else knows.
	byAddress bool
	// refusal is what an event gets whose proof is wrong.
	refusal refusal
	format  format
	// install marks the events that pass without a ledger where the app wants it.
	install bool
	build   func(setup) (http.Handler, error)
	// event is the n-th event; each is about a shop of its own.
	event func(n int, secret shotengai.Secret) hookstest.Event
	// next is another event of the n-th shop; nil where a shop has no second one of
	// the kind.
	next func(n int, secret shotengai.Secret) hookstest.Event
	// resign proves other content in the same form.
	resign func(body []byte, secret shotengai.Secret) hookstest.Event
	// accepted is the answer to a good event.
	accepted string
	// broken are bodies that are genuine but have a field missing or of the wrong form;
	// none where no field of the event is certain.
	broken []string
	// memory is for how long a repeat is known as one: less than the retention where
	// nothing in an event distinguishes it from the next.
	memory time.Duration
	// afterwards is what a repeat does that comes after that.
	afterwards aftermath
}

type refusal struct {
	status int
	reason error
}

// aftermath is what the repeat of an event does that the ledger no longer knows.
type aftermath string

const (
	nothing  aftermath = "nothing"           // the shop's mark shows that it has happened
	onceMore aftermath = "a second attempt"  // the shop's mark shows it, and the function sees it
	asNew    aftermath = "another first run" // nothing shows it
)

func subjects() []subject {
	return []subject{
		colorMeInstallSubject(), colorMeUninstallSubject(),
		makeShopInstallSubject(signed), makeShopUninstallSubject(signed), makeShopEventSubject(signed),
		makeShopInstallSubject(addressed), makeShopUninstallSubject(addressed), makeShopEventSubject(addressed),
		rakutenOrdersSubject(), rakutenNoticesSubject(),
		shopifyUninstallSubject(), shopifyRedactSubject(), shopifyOtherSubject(),
	}
}

// recorder counts the calls of an application's functions.
type recorder struct {
	mu         sync.Mutex
	shops      []string
	deliveries []hooks.Delivery
	raw        hooks.Raw
}

func (r *recorder) keep(raw hooks.Raw) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.raw = raw
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

func (r *recorder) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shops, r.deliveries = nil, nil
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
		s.secrets = []shotengai.Secret{secretNew}
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

// unproven sends an event whose proof is wrong.
func (b *bench) unproven(e hookstest.Event) {
	b.t.Helper()
	b.refused(e, b.subject.refusal.status, b.subject.refusal.reason)
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
	assert.NotEmpty(b.t, report.Reason)
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
	if len(attempt.Body) == 0 {
		assert.NotContains(b.t, attempt.Header, "Content-Type")
	}
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

func isSigned(s subject) bool   { return s.signature != "" }
func hasSecrets(s subject) bool { return !s.byAddress }
func hasForm(s subject) bool    { return len(s.broken) > 0 }
func hasNext(s subject) bool    { return s.next != nil }

func testdata(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return body
}

func observeReason(reason *error) func(context.Context, hooks.Report) {
	return func(_ context.Context, r hooks.Report) { *reason = r.Err }
}
