package hooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Delivery is what a receiver knows of an event beside its content. The functions of
// an application find it in their context.
type Delivery struct {
	// Kind is the kind of the event, as in "colorme.install".
	Kind Kind
	// ID is the same for every delivery of the event, and for no other event: what the
	// Once of an SQL ledger asks for, and its Do takes from the context.
	ID string
	// Shop is the key under which the events of the shop run one at a time.
	Shop string
	// Attempt is 1 when the function runs for the first time. Above 1, an earlier run
	// may have taken effect: it failed, or its process died. It is 0 when the ledger
	// could not be asked (see [Options.ProcessWithoutDedupe]).
	Attempt int
	// Secret names the secret that matched: current, previous, previous-2 and so on,
	// in the order of the configuration. It is empty where the platform signs nothing.
	Secret string
}

type deliveryKey struct{}

// DeliveryFrom returns the delivery that the function with this context handles. Only
// a receiver, after it has verified an event, makes such a context.
func DeliveryFrom(ctx context.Context) (Delivery, bool) {
	d, ok := ctx.Value(deliveryKey{}).(*Delivery)
	if !ok {
		return Delivery{}, false
	}
	return *d, true
}

// Verdict is what became of a delivery.
type Verdict string

// What may become of a delivery.
const (
	// Handled: the function ran and the event is finished.
	Handled Verdict = "handled"
	// Duplicate: the event was finished before, and the delivery answered as the first was.
	Duplicate Verdict = "duplicate"
	// Late: a newer event of the shop is in force, and this one did not touch it.
	Late Verdict = "late"
	// InProgress: the event or its shop is being handled elsewhere; answered with 503.
	InProgress Verdict = "in_progress"
	// Rejected: not a genuine, well-formed event; no function ran.
	Rejected Verdict = "rejected"
	// Failed: the function failed or panicked; answered with 500.
	Failed Verdict = "failed"
	// Unavailable: the ledger failed, or too many bodies are on their way; answered with 503.
	Unavailable Verdict = "unavailable"
)

// Report is what became of a delivery.
type Report struct {
	// Delivery is as far known as the delivery came.
	Delivery Delivery
	Verdict  Verdict
	// Reason is the kind of Err, for a label of a metric; "" where the verdict says all.
	Reason Reason
	// Status is the HTTP status of the answer.
	Status int
	// Err is the reason for which the event is not handled.
	Err error
	// Received is how much of the body was read, in bytes.
	Received int64
	// Body is what was read of the body, verified or not.
	Body Raw
	// Panic is the value with which the function panicked, and Stack where. They may
	// show anything that the application had in its hands.
	Panic any
	Stack []byte
	// Took is the time from the request's arrival to its answer.
	Took time.Duration
}

// Counts is how often each verdict was reached since the receiver was made.
type Counts map[Verdict]int64

// counter counts without a lock.
type counter map[Verdict]*atomic.Int64

func newCounter() counter {
	c := counter{}
	for _, v := range []Verdict{Handled, Duplicate, Late, InProgress, Rejected, Failed, Unavailable} {
		c[v] = new(atomic.Int64)
	}
	return c
}

func (c counter) counts() Counts {
	counts := Counts{}
	for v, n := range maps.All(c) {
		counts[v] = n.Load()
	}
	return counts
}

// verdictOf sorts the reasons into verdicts.
func verdictOf(err error) Verdict {
	switch {
	case errors.Is(err, ErrHandler): // whatever it wraps
		return Failed
	case errors.Is(err, ErrUnconfirmed):
		return Rejected
	case errors.Is(err, ErrInProgress), errors.Is(err, ErrClaimLost):
		return InProgress
	case errors.Is(err, ErrLedger), errors.Is(err, ErrBodyMemory):
		return Unavailable
	case errors.Is(err, ErrSuperseded):
		return Late
	case errors.Is(err, ErrRedirectURL), errors.Is(err, ErrNoHandler), errors.Is(err, ErrBodyConsumed):
		return Failed
	}
	return Rejected
}

// quietPause is the least time between two lines of a verdict without a Logger.
const quietPause = 10 * time.Second

// quietLog decides which lines are written where the app has set no Logger.
type quietLog struct {
	mu      sync.Mutex
	written map[Verdict]time.Time
	skipped map[Verdict]int // since then
}

// admit reports whether a line may be written, and how many of its verdict were not.
func (q *quietLog) admit(v Verdict, now time.Time) (skipped int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.written == nil {
		q.written, q.skipped = make(map[Verdict]time.Time), make(map[Verdict]int)
	}
	if last, before := q.written[v]; before && now.Sub(last) < quietPause {
		q.skipped[v]++
		return 0, false
	}
	skipped = q.skipped[v]
	q.written[v], q.skipped[v] = now, 0
	return skipped, true
}

// log writes the line of a delivery: without a Logger only that of a refusal or failure, and
// not too many of those.
func (e *endpoint) log(ctx context.Context, report *Report) {
	if e.options.Logger != nil {
		report.log(ctx, e.options.Logger)
		return
	}
	if report.level() < slog.LevelWarn {
		return
	}
	if skipped, ok := e.quiet.admit(report.Verdict, time.Now()); ok {
		report.log(ctx, slog.Default(), slog.Int("skipped", skipped))
	}
}

func (r *Report) level() slog.Level {
	switch r.Verdict {
	case Rejected, InProgress:
		return slog.LevelWarn
	case Failed, Unavailable:
		return slog.LevelError
	}
	return slog.LevelInfo
}

// log writes one line. A body is described by its length and hash, and only where
// somebody has to find out why a signature does not match.
func (r *Report) log(ctx context.Context, logger *slog.Logger, more ...slog.Attr) {
	level := r.level()
	if !logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("kind", string(r.Delivery.Kind)),
		slog.String("verdict", string(r.Verdict)),
		slog.Int("status", r.Status),
		slog.Duration("took", r.Took),
	}
	optional := []slog.Attr{
		slog.String("id", r.Delivery.ID),
		slog.String("shop", r.Delivery.Shop),
		slog.String("secret_name", r.Delivery.Secret),
	}
	attrs = append(attrs, slices.DeleteFunc(optional, func(a slog.Attr) bool { return a.Value.String() == "" })...)
	if r.Delivery.Attempt > 0 {
		attrs = append(attrs, slog.Int("attempt", r.Delivery.Attempt))
	}
	if r.Err != nil {
		attrs = append(attrs, slog.String("reason", r.Err.Error()))
	}
	if errors.Is(r.Err, ErrSignature) {
		sum := sha256.Sum256(r.Body)
		attrs = append(attrs,
			slog.Int("body_bytes", len(r.Body)),
			slog.String("body_sha256", hex.EncodeToString(sum[:])))
	}
	logger.LogAttrs(ctx, level, "hook "+string(r.Verdict), append(attrs, more...)...)
}
