package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
	"github.com/shotengai/shotengai-go/internal/text"
)

// Verdict is what a platform reads out of an answer: why a call was refused.
type Verdict struct {
	// Refused reports that an answer with a status of success is a refusal.
	Refused bool
	// Kind is the kind of the failure, where it is more precise than that of the status.
	Kind error
	// Code, Message and Field are those of the first error.
	Code, Message, Field string
	Details              []shotengai.Detail
	RequestID            string
	// Cause is what else errors.Is and errors.As shall find.
	Cause error
	// KeepCredential reports that an unauthorised answer does not speak against the
	// credential, so that it is not renewed.
	KeepCredential bool
	// IfAlive is the kind of an unauthorised answer that a dead credential and a living one
	// get alike, should the credential be alive. The engine asks by Platform.Probe; as long as
	// there is no answer, Kind is the kind and the credential is kept.
	IfAlive error
}

// outcome is what became of one attempt.
type outcome struct {
	Verdict

	reply       *Reply // the answer; nil without one
	failed      bool
	cause       error // what the transport, the decoder or the context said
	RetryAfter  time.Duration
	credentials http.Header // what was sent

	sent      bool                 // something of a write may have left this machine
	unsent    shotengai.NotRetried // why it failed before anything was sent; "" once something was
	decoding  bool                 // the answer came, but could not be read as what it should be
	misread   bool                 // it has a value of another kind than it should be, so that its body is of interest
	final     bool                 // another attempt would end the same way
	unknown   bool                 // a write that may have been carried out, by this attempt or one before
	undecided bool                 // the credential was refused, and another is in force, or may be had
}

// unsent is an attempt that ended before anything was sent: with its context, or because of what
// was asked before.
func unsent(ctx context.Context, cause error, asked shotengai.NotRetried) *outcome {
	why := asked
	if end := stopped(ctx); end != "" {
		why = end
	} else if errors.Is(cause, context.DeadlineExceeded) {
		why = shotengai.NotRetriedDeadline // the turn or the credential would have come later
	}
	return &outcome{cause: cause, failed: true, unsent: why}
}

// redactor masks what the header of the attempt has as credentials.
func (o *outcome) redactor() httpx.Redactor {
	values := slices.Concat(o.credentials["Authorization"], o.credentials["X-Api-Key"], o.credentials["X-Appstore-Usage-Charge-Token"])
	return httpx.NewRedactor(httpx.HeaderCredentials(values...)...)
}

func (o *outcome) status() int {
	if o.reply == nil {
		return 0
	}
	return o.reply.StatusCode
}

// tooFast is a refusal for being too fast, under whatever status it came.
func (o *outcome) tooFast() bool { return errors.Is(o.Kind, shotengai.ErrRateLimited) }

// refusesCredential reports whether another credential may help.
func (o *outcome) refusesCredential() bool {
	return errors.Is(o.Kind, shotengai.ErrUnauthorized) && !o.KeepCredential && !o.unknown
}

// classify has the platform read an answer that is a refusal, or may be one.
func (e *Engine) classify(o *outcome) {
	status := o.status()
	refused := status < 200 || status >= 300
	if e.platform.Classify != nil {
		o.Verdict = e.platform.Classify(o.reply)
	}
	o.failed = refused || o.Refused
	if !o.failed {
		return
	}
	if refused && o.Kind == nil {
		o.Kind = KindOf(status)
	}
	if o.Kind == nil {
		o.Kind = shotengai.ErrUnavailable
	}
	if status >= 300 && status < 400 {
		o.cause = errors.Join(o.cause, redirected(o.reply.Header))
	}
	if refused {
		o.RetryAfter, _ = httpx.ParseRetryAfter(o.reply.Header, e.config.Clock())
	}
}

// fail builds the error of a call. It is built once, when nothing more is tried.
func (e *Engine) fail(c *call, o *outcome) error {
	redact := o.redactor()
	err := &shotengai.Error{
		Platform: e.platform.Name, Operation: c.request.Operation, Method: c.method, Path: c.path(),
		StatusCode: o.status(), Code: redact.Text(o.Code), Message: redact.Text(o.Message), Field: redact.Text(o.Field),
		RequestID: text.Cut(redact.Text(o.RequestID), maxRequestID), RetryAfter: o.RetryAfter, Attempts: c.attempts,
		Kind: o.Kind, Unknown: o.unknown, Cause: redact.Error(errors.Join(o.cause, o.Cause)),
	}
	if o.undecided && errors.Is(o.Kind, shotengai.ErrUnauthorized) {
		err.Kind = shotengai.ErrUnauthorized // without the ErrReauthorize of a dead credential
	}
	for _, d := range o.Details {
		d.Code, d.Message, d.Field, d.Ref = redact.Text(d.Code), redact.Text(d.Message), redact.Text(d.Field), redact.Text(d.Ref)
		err.Details = append(err.Details, d)
	}
	if o.reply != nil {
		// Masked before it is cut, so that no credential is cut in two.
		limit := text.MaxExcerpt
		if o.misread {
			limit = maxMisread
		}
		body := redact.Bytes(o.reply.Body[:min(len(o.reply.Body), 4*limit)])
		err.Body = slices.Clip(body[:min(len(body), limit)])
	}
	return err
}

// maxMisread bounds the body of an answer with a value that cannot be read, in bytes: enough
// for an order with all of its lines.
const maxMisread = 64 << 10

// maxRequestID bounds the id of a request in an error, in bytes.
const maxRequestID = 128
