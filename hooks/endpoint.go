package hooks

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// hook is what an endpoint has to know of a kind of event.
type hook struct {
	kind       Kind
	mediaTypes []string
	handled    bool             // the application has a function for it
	pathToken  shotengai.Secret // has to end the address, unless empty
	// check looks at the header before the body is read.
	check func(r *http.Request) error
	// open verifies the body, then parses it.
	open func(r *http.Request, body []byte) (*event, error)
	// answer renders what the platform reads. Nil: the result as JSON, or nothing.
	answer func(err error, result []byte) (contentType string, body []byte)
}

// event is a verified event on its way through the ledger.
type event struct {
	kind   Kind // when the endpoint receives several
	id     string
	shop   string
	ref    string // of the claim
	secret string
	keep   time.Duration
	// install marks the events for which Options.ProcessWithoutDedupe holds.
	install bool
	// plan decides what is to be done, from what the ledger knows of the event and its
	// shop. The shop is held while it decides and acts.
	plan func(known Decision) step
}

// step is what is to be done about an event.
type step struct {
	run  func(context.Context) ([]byte, error) // nil: nothing
	mark Mark
	ends []string // of the outcome
	// id is the Delivery.ID of an event that the ledger forgets so soon that the next
	// one of its kind is claimed alike. Empty: that of the claim.
	id string
	// verdict is Late when a newer event is in force, Duplicate when the mark shows
	// that there is nothing left to do; otherwise empty.
	verdict Verdict
	// again reports that the mark shows this very event: it was handled before the
	// ledger's memory of it ended.
	again bool
	// release gives the claim up: an outcome would end the attempts of another event that is
	// claimed alike.
	release bool
	err     error // refuse
}

// endpoint is the http.Handler of one kind of event.
type endpoint struct {
	hook
	options Options
	ledger  Ledger
	counter counter
	reading *budget
	quiet   *quietLog
}

// Format writes the kind of event alone: there may be a path token.
func (e *endpoint) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.String()) }

// String names the kind of event.
func (e *endpoint) String() string { return "[hook " + string(e.kind) + "]" }

// LogValue is what String returns.
func (e *endpoint) LogValue() slog.Value { return slog.StringValue(e.String()) }

// ServeHTTP receives one delivery.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	report := Report{Delivery: Delivery{Kind: e.kind}}
	result, err := e.receive(w, r, &report)
	if report.Verdict == "" {
		report.Verdict = Handled
	}
	if err != nil {
		report.Err = err
		report.Verdict = verdictOf(err)
	}
	report.Reason, report.Received = reasonOf(err), int64(len(report.Body))
	report.Status = statusOf(err)
	e.respond(w, report.Status, err, result)
	e.counter[report.Verdict].Add(1)
	report.Took = time.Since(start)
	e.log(r.Context(), &report)
	if e.options.Observe != nil {
		e.options.Observe(r.Context(), report)
	}
}

func (e *endpoint) receive(w http.ResponseWriter, r *http.Request, report *Report) ([]byte, error) {
	// The deadline is for what the server takes in of a refused body too. net/http lifts it
	// when the body has ended.
	timed := http.NewResponseController(w).SetReadDeadline(time.Now().Add(e.options.ReadTimeout)) == nil
	if err := checkHead(r, e.mediaTypes, e.options.BodyLimit); err != nil {
		return nil, err
	}
	if !e.handled {
		return nil, ErrNoHandler
	}
	if err := e.check(r); err != nil {
		return nil, err
	}
	body, err := e.readBody(w, r, timed)
	report.Body = body
	if err != nil {
		return nil, err
	}
	event, err := e.open(r, body)
	if err != nil {
		return nil, err
	}
	report.Delivery.Kind = cmp.Or(event.kind, e.kind)
	report.Delivery.ID = event.id
	report.Delivery.Shop = event.shop
	report.Delivery.Secret = event.secret
	return e.once(r.Context(), event, report)
}

// once takes the event through the ledger.
func (e *endpoint) once(request context.Context, event *event, report *Report) ([]byte, error) {
	claim := Claim{ID: event.id, Shop: event.shop, Ref: event.ref, Owner: newOwner(), Lease: e.options.Lease}
	// A sender who hangs up ends the waiting, and neither the function nor its record.
	ctx := context.WithoutCancel(request)
	decision, err := e.begin(ctx, claim, request.Done())
	if errors.Is(err, ErrLedger) && event.install && e.options.ProcessWithoutDedupe {
		return e.act(ctx, event.plan(Decision{First: e.options.Now()}), report)
	}
	if err != nil {
		return nil, err
	}
	if decision.State == Finished {
		report.Verdict = Duplicate
		return decision.Result, nil
	}

	report.Delivery.Attempt = decision.Attempt
	step := event.plan(decision)
	report.Delivery.ID = cmp.Or(step.id, event.id)
	if step.again {
		report.Delivery.Attempt++
	}
	result, err := e.act(ctx, step, report)
	if err != nil || step.release {
		_ = e.ask(ctx, func(ctx context.Context) error { return e.ledger.Abandon(ctx, claim) })
		return nil, err
	}
	outcome := Outcome{Result: result, Mark: step.mark, Ends: step.ends, Keep: event.keep}
	err = e.ask(ctx, func(ctx context.Context) error { return e.ledger.Finish(ctx, claim, outcome) })
	if err != nil && !(event.install && e.options.ProcessWithoutDedupe) {
		return nil, err
	}
	return result, nil
}

// begin waits for the event, or its shop, while somebody else holds it, and no longer
// than the sender.
func (e *endpoint) begin(ctx context.Context, claim Claim, hungUp <-chan struct{}) (Decision, error) {
	decision, err := e.askBegin(ctx, claim)
	if err != nil || decision.State != Busy {
		return decision, err
	}
	deadline := time.After(e.options.Wait)
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		select {
		case <-time.After(pause):
		case <-deadline:
			return decision, ErrInProgress
		case <-hungUp:
			return decision, fmt.Errorf("%w, and the sender has hung up", ErrInProgress)
		}
		decision, err = e.askBegin(ctx, claim)
		if err != nil || decision.State != Busy {
			return decision, err
		}
	}
}

func (e *endpoint) askBegin(ctx context.Context, claim Claim) (decision Decision, err error) {
	err = e.ask(ctx, func(ctx context.Context) (err error) {
		decision, err = e.ledger.Begin(ctx, claim)
		return err
	})
	return decision, err
}

// Limits of one question to the ledger, and of asking again: its methods are
// idempotent, and no platform resends an install.
const (
	askTimeout = 5 * time.Second
	askTries   = 3
	askPause   = 50 * time.Millisecond
)

// ask calls the ledger.
func (e *endpoint) ask(ctx context.Context, call func(context.Context) error) error {
	if _, local := e.ledger.(*VolatileLedger); !local {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, askTimeout)
		defer cancel()
	}
	for try := 1; ; try++ {
		err := call(ctx)
		if err == nil || errors.Is(err, ErrClaimLost) {
			return err
		}
		if try == askTries || ctx.Err() != nil || errors.Is(err, ErrClaim) {
			return fmt.Errorf("%w: %w", ErrLedger, err)
		}
		select {
		case <-time.After(askPause):
		case <-ctx.Done():
		}
	}
}

// act runs the application's function, not longer than the claim holds.
func (e *endpoint) act(ctx context.Context, step step, report *Report) (result []byte, err error) {
	report.Verdict = step.verdict
	if step.err != nil || step.run == nil {
		return nil, step.err
	}
	ctx = context.WithValue(ctx, deliveryKey{}, new(report.Delivery))
	ctx, cancel := context.WithTimeout(ctx, e.options.Lease*9/10)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			report.Panic, report.Stack = v, debug.Stack()
			result, err = nil, ErrPanic
		}
	}()
	result, err = step.run(ctx)
	if err != nil && !errors.Is(err, ErrRedirectURL) && !errors.Is(err, ErrUnconfirmed) {
		return nil, fmt.Errorf("%w: %w", ErrHandler, err)
	}
	return result, err
}

// respond writes the answer. To refusals it is a constant: the reason stays here.
func (e *endpoint) respond(w http.ResponseWriter, status int, err error, result []byte) {
	header := w.Header()
	switch status {
	case http.StatusMethodNotAllowed:
		header.Set("Allow", http.MethodPost)
	case http.StatusServiceUnavailable:
		header.Set("Retry-After", strconv.Itoa(int(retryAfter/time.Second)))
	}
	if unread(err) { // the server need not take in what is left of the body
		header.Set("Connection", "close")
	}
	contentType, body := e.render(err, result)
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

const jsonType = "application/json"

func (e *endpoint) render(err error, result []byte) (contentType string, body []byte) {
	switch {
	case e.answer != nil:
		return e.answer(err, result)
	case err != nil:
		return "text/plain; charset=utf-8", []byte("not accepted\n")
	case len(result) > 0:
		return jsonType, result
	}
	return "", nil
}

// statusOf returns the HTTP status of a reason.
func statusOf(err error) int {
	for _, row := range statuses {
		if errors.Is(err, row.reason) {
			return row.status
		}
	}
	if err != nil {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// statuses holds the narrower reasons before the wider ones.
var statuses = []struct {
	reason error
	status int
}{
	{ErrHandler, http.StatusInternalServerError}, // whatever it wraps
	{ErrUnconfirmed, http.StatusForbidden},
	{ErrMethod, http.StatusMethodNotAllowed},
	{ErrContentType, http.StatusUnsupportedMediaType},
	{ErrContentEncoding, http.StatusUnsupportedMediaType},
	{ErrSignatureMissing, http.StatusUnauthorized},
	{ErrSignature, http.StatusUnauthorized},
	{ErrTimestamp, http.StatusUnauthorized},
	{ErrAuthKey, http.StatusUnauthorized},
	{ErrPathToken, http.StatusNotFound},
	{ErrBodyTooLarge, http.StatusRequestEntityTooLarge},
	{ErrBodyTimeout, http.StatusRequestTimeout},
	{ErrBodyMemory, http.StatusServiceUnavailable},
	{ErrBodyConsumed, http.StatusInternalServerError},
	{ErrEvent, http.StatusUnprocessableEntity},
	{ErrSuperseded, http.StatusConflict},
	{ErrInProgress, http.StatusServiceUnavailable},
	{ErrClaimLost, http.StatusServiceUnavailable},
	{ErrLedger, http.StatusServiceUnavailable},
	{ErrNoHandler, http.StatusNotImplemented},
	{ErrRedirectURL, http.StatusInternalServerError},
}

func newOwner() string { return rand.Text() }

// key joins the parts of a ledger key. What does not fit, or might be confused with
// a separator, is replaced by the hash of the whole.
func key(parts ...string) string {
	joined := strings.Join(parts, "/")
	clean := printable(joined)
	for _, part := range parts {
		clean = clean && !strings.Contains(part, "/")
	}
	if clean {
		return joined
	}
	sum := sha256.New()
	for _, part := range parts {
		_, _ = fmt.Fprintf(sum, "%d:%s,", len(part), part)
	}
	return "sha256/" + hex.EncodeToString(sum.Sum(nil))
}
