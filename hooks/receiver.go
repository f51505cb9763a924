package hooks

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/shotengai/shotengai-go"
)

// receiver is what the receivers of all platforms share.
type receiver struct {
	options Options
	ledger  Ledger
	counter counter
	reading *budget
	quiet   *quietLog
}

// newReceiver checks what all receivers have, and joins what the platform's own check has
// found. Functions names those of the platform, of which there has to be one.
func newReceiver(options Options, ledger Ledger, handled bool, functions string, found ...error) (receiver, error) {
	if !handled {
		found = append(found, fmt.Errorf("%w: no function for any event: set %s", ErrConfig, functions))
	}
	if err := errors.Join(append(found, options.complete())...); err != nil {
		return receiver{}, err
	}
	if ledger == nil {
		ledger = NewVolatileLedger(nil)
	}
	return receiver{
		options: options, ledger: ledger, counter: newCounter(),
		reading: &budget{limit: options.BodyMemory}, quiet: new(quietLog),
	}, nil
}

func (r *receiver) endpoint(h hook) *endpoint {
	return &endpoint{hook: h, options: r.options, ledger: r.ledger, counter: r.counter, reading: r.reading, quiet: r.quiet}
}

// Format writes no part of the receiver, whatever the verb: its configuration has secrets,
// and fmt shows what is in unexported fields.
func (receiver) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenReceiver) }

// LogValue returns no part of the receiver.
func (receiver) LogValue() slog.Value { return slog.StringValue(hiddenReceiver) }

const hiddenReceiver = "[hook receiver]"

// Counts returns how often each verdict was reached, over all endpoints.
func (r *receiver) Counts() Counts { return r.counter.counts() }

// key makes a key of the app's part of the ledger.
func (r *receiver) key(parts ...string) string {
	if r.options.App != "" {
		parts = append([]string{r.options.App}, parts...)
	}
	return key(parts...)
}

// checkConfigured refuses unusable secrets and points at suspicious ones.
func checkConfigured(secrets []shotengai.Secret, logger *slog.Logger) error {
	if err := checkSecrets(secrets); err != nil {
		return err
	}
	for i, secret := range secrets {
		if logger != nil && strings.TrimSpace(secret.Reveal()) != secret.Reveal() {
			logger.Warn("hook secret begins or ends with white space", slog.String("secret_name", secretName(i)))
		}
	}
	return nil
}
