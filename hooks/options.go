package hooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Options configure a receiver. The zero value is the safe default.
type Options struct {
	// BodyLimit is the length of the longest body accepted, in bytes; 1 MiB when zero.
	BodyLimit int64
	// BodyMemory is how much memory the bodies may take that a receiver is reading at one
	// time, in bytes; when zero 64 MiB, or what two of the longest take where that is more. A body takes at
	// most 16 KiB until more has come, whatever length it announces, so that 64 MiB are 4,096
	// bodies that have just begun. Beyond it a delivery is answered with 503. It has to be
	// more than two BodyLimits, which the longest body takes while its buffer grows.
	BodyMemory int64
	// ReadTimeout is how long a body may take to arrive; 10 s when zero. Behind a
	// middleware that hides the connection's deadline from [net/http.ResponseController],
	// a slow body is answered in time, but only http.Server.ReadTimeout frees the connection
	// and the body's memory.
	ReadTimeout time.Duration
	// Lease is how long an event is held against other deliveries of it, and a little
	// more than the function may take before its context ends; 60 s when zero.
	Lease time.Duration
	// Wait is how long a delivery waits for the same event, or another one of the
	// shop, that is being handled; 8 s when zero. Then it is answered with 503, never
	// with 200.
	Wait time.Duration
	// ProcessWithoutDedupe lets installs through when the ledger fails. Only set it
	// when the install function may run twice. Every other event is refused with 503
	// then: platforms do not resend installs, and a late uninstall cannot be
	// distinguished from a new one without a ledger.
	ProcessWithoutDedupe bool
	// App is part of every key in the ledger. Set it when several apps share one.
	App string
	// Logger receives one line per delivery, without body and secrets. Nil: refusals and
	// failures alone go to [slog.Default], of each verdict one line in 10 s at most, so that
	// nobody can flood the log. A logger with [slog.DiscardHandler] turns that off.
	Logger *slog.Logger
	// Observe, when not nil, is called for every delivery after it was answered. It is
	// where metrics and alarms belong; it runs on the request's goroutine.
	Observe func(context.Context, Report)
	// Now is the clock against which signed times are checked; time.Now when nil.
	Now func() time.Time
}

// retryAfter is what a sender is asked to wait when it finds the event in progress, the
// ledger down or too many bodies on their way.
const retryAfter = 30 * time.Second

func (o *Options) complete() error {
	var wrong []error
	if o.BodyLimit < 0 || o.BodyMemory < 0 || o.ReadTimeout < 0 || o.Lease < 0 || o.Wait < 0 {
		wrong = append(wrong, fmt.Errorf("%w: an option is negative", ErrConfig))
	}
	if len(o.App) > 64 || !printable(o.App) {
		wrong = append(wrong, fmt.Errorf("%w: App is not at most 64 printable ASCII bytes", ErrConfig))
	}
	o.BodyLimit = cmp.Or(o.BodyLimit, 1<<20)
	o.BodyMemory = cmp.Or(o.BodyMemory, max(64<<20, 2*o.BodyLimit+1))
	if o.BodyMemory >= 0 && o.BodyMemory <= 2*o.BodyLimit {
		wrong = append(wrong, fmt.Errorf("%w: BodyMemory is not more than two BodyLimits", ErrConfig))
	}
	o.ReadTimeout = cmp.Or(o.ReadTimeout, 10*time.Second)
	o.Lease = cmp.Or(o.Lease, time.Minute)
	o.Wait = cmp.Or(o.Wait, 8*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	return errors.Join(wrong...)
}
