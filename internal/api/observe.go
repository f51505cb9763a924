package api

import (
	"context"
	"log/slog"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
	"github.com/shotengai/shotengai-go/internal/text"
)

// tally is what a call, or one attempt of it, has taken.
type tally struct {
	started             time.Time
	paced, waited, wire time.Duration
	sent, received      int64
}

func (t *tally) add(other tally) {
	t.paced += other.paced
	t.waited += other.waited
	t.wire += other.wire
	t.sent += other.sent
	t.received += other.received
}

// record is how far a call has come.
type record struct {
	attempts   int                  // that were sent
	status     int                  // of the answer to the last one
	spent      tally                // on all attempts that have ended
	last       tally                // on the attempt that goes on, the pause before it included
	notRetried shotengai.NotRetried // why the attempt that ended was the last one
}

func (r *record) start() {
	r.spent.started = time.Now()
	r.last.started = r.spent.started
}

// travelled notes an attempt that was sent.
func (r *record) travelled(o *outcome, sent int, wire time.Duration) {
	r.attempts++
	r.status = o.status()
	r.last.wire, r.last.sent = wire, int64(sent)
	if o.reply != nil {
		r.last.received = int64(len(o.reply.Body))
	}
}

// next begins the next attempt.
func (r *record) next() {
	r.spent.add(r.last)
	r.last = tally{started: time.Now()}
}

// wait is the pause before the next attempt.
func (r *record) wait(ctx context.Context, delay time.Duration) error {
	from := time.Now()
	err := httpx.Sleep(ctx, delay)
	r.last.waited = time.Since(from)
	return err
}

// attempted observes an attempt that was sent, and begins the next one.
func (e *Engine) attempted(ctx context.Context, c *call, o *outcome) {
	if len(e.config.Observers) > 0 {
		var err error
		if o.failed {
			err = e.fail(c, o)
		}
		e.observe(ctx, c, &c.last, err, false)
	}
	c.next()
}

// exchanged observes a call of one attempt.
func (e *Engine) exchanged(ctx context.Context, c *call, err error) {
	if len(e.config.Observers) > 0 {
		e.observe(ctx, c, &c.last, err, false)
		c.next()
		e.observe(ctx, c, &c.spent, err, true)
	}
}

// finished observes a call that is over.
func (e *Engine) finished(ctx context.Context, c *call, err error) {
	if len(e.config.Observers) > 0 {
		c.spent.add(c.last) // of an attempt that was not sent
		e.observe(ctx, c, &c.spent, err, true)
	}
}

func (e *Engine) observe(ctx context.Context, c *call, t *tally, err error, finished bool) {
	seen := shotengai.Call{
		Platform: e.platform.Name, Operation: c.request.Operation, Finished: finished,
		Attempt: c.attempts, StatusCode: c.status, Kind: shotengai.KindOf(err), Err: err,
		Sent: t.sent, Received: t.received,
		Took: time.Since(t.started), Paced: t.paced, Waited: t.waited, Wire: t.wire,
		NotRetried: c.notRetried,
	}
	for _, observe := range e.config.Observers {
		observe(ctx, seen)
	}
}

func (e *Engine) log(ctx context.Context, c *call, o *outcome) {
	if e.config.Logger == nil || !e.config.Logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("platform", e.platform.Name), slog.String("operation", c.request.Operation), slog.String("path", c.path()),
		slog.Int("attempt", c.attempts), slog.Int("status", o.status()), slog.Duration("took", c.last.wire),
	}
	if o.cause != nil {
		attrs = append(attrs, slog.String("error", text.OneLine(o.redactor().Text(o.cause.Error()))))
	}
	e.config.Logger.LogAttrs(ctx, slog.LevelDebug, "api call", attrs...)
}
