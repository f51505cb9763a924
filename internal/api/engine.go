package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// Platform is what the engine has to know of a platform.
type Platform struct {
	Name    string   // prefix of errors and part of the user agent
	BaseURL string   // where calls go unless an option says otherwise
	Hosts   []string // hosts that WithBaseURL accepts; ".example.jp" stands for all below it
	Limiter Limiter  // default pacing, nil for none

	// AnyHost: the base URL comes from the app's configuration. Hosts outside Hosts are
	// reached at public addresses only.
	AnyHost bool

	// Endpoint: the base URL is the one address of all calls and is used exactly as
	// given. A request's Path is then the name of its operation and no part of the
	// address.
	Endpoint bool

	// Inspect looks at an answer with a 2xx status for a refusal inside it. It returns
	// the kind of the refusal, or nil. It may be nil itself.
	Inspect func(*Reply) error

	// Fail turns a failure into the platform's error. It may first make f.Kind,
	// f.RetryAfter and f.RequestID more precise: the retry table looks at them after.
	Fail func(f *Failure) error
}

// Engine carries out the calls of one client. It is safe for concurrent use.
type Engine struct {
	platform Platform
	config   Config
	auth     Auth
	budget   *budget
}

// Reply is a read answer.
type Reply struct {
	Method     string
	Path       string
	Operation  string // the request's Path
	StatusCode int
	Header     http.Header
	Body       []byte
	Attempts   int

	cut error // the call's context ended while the body was read
}

// New makes an engine. It sends nothing and reads no environment.
func New(p Platform, auth Auth, opts ...Option) (*Engine, error) {
	e := &Engine{platform: p, auth: auth, budget: newBudget()}
	e.config = Config{
		userAgent: "shotengai-go/" + Version + " (" + p.Name + ")",
		limiter:   p.Limiter,
		retry:     DefaultRetryPolicy(),
		timeout:   DefaultAttemptTimeout,
		bodyLimit: DefaultBodyLimit,
		hosts:     p.Hosts,
		now:       time.Now,
	}
	base, err := parseBase(p.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	e.config.base = base
	e.config.publicOnly = p.AnyHost && !e.config.knows(base.Hostname())
	for _, opt := range opts {
		if err := opt(&e.config); err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	if err := e.config.checkBase(); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	e.config.client = e.config.httpClient()
	return e, nil
}

// Paced tells whether calls wait for a limiter.
func (e *Engine) Paced() bool { return e.config.limiter != nil }

// Now is the clock of the requests.
func (e *Engine) Now() time.Time { return e.config.now() }

// Do carries out one call and decodes its answer into out, which may be nil when the
// answer has no body of interest. The error is the platform's own.
func (e *Engine) Do(ctx context.Context, r Request, out any, opts ...CallOption) error {
	_, err := e.Call(ctx, r, out, opts...)
	return err
}

// Call is Do for operations that need the answer itself as well.
func (e *Engine) Call(ctx context.Context, r Request, out any, opts ...CallOption) (*Reply, error) {
	c, target, body, err := e.prepare(&r, opts)
	if err != nil {
		return nil, e.Invalid(r, err)
	}
	e.budget.call()
	safety := r.Safety.of(r.Method)
	renewed := false
	var last *Failure
	for attempt := 1; ; attempt++ {
		a := &attemptState{number: attempt, write: safety != Read}
		reply, f := e.attempt(ctx, &r, &c, target, body, a)
		if reply != nil {
			reply.Operation = r.Path
		}
		if f == nil {
			f = e.accept(reply, &r, out)
		}
		if c.capture != nil && reply != nil {
			*c.capture = Response{StatusCode: reply.StatusCode, Header: reply.Header, Body: reply.Body, Attempts: attempt}
		}
		if f == nil {
			return reply, nil
		}
		if f.unsent && last != nil { // what the platform said last is worth more
			return nil, e.failWith(last, f.Cause)
		}
		f.Method, f.Path, f.Operation, f.Attempts = r.Method, target.EscapedPath(), r.Path, attempt
		f.Credential = a.credential
		failed := e.judge(f, safety, a.sent(), last)
		if a.credential != nil && !renewed && f.speaksAgainstCredential() {
			renewed = true
			again, err := e.authOf(&r).Renew(ctx, a.credential)
			if err != nil {
				f.undecided = !errors.Is(err, ErrReauthorize)
				return reply, e.failWith(f, err)
			}
			if again {
				f.undecided = true
				if c.repeats(safety) == NeverAgain {
					return reply, e.fail(f)
				}
				last = f
				continue
			}
		}
		delay, again := e.again(ctx, c.repeats(safety), f, a.sent(), attempt)
		if !again {
			return reply, failed
		}
		if err := sleep(ctx, delay); err != nil {
			return reply, e.failWith(f, err)
		}
		last = f
	}
}

// judge has the platform make its error of a failure. The platform may find in the body
// that a call was refused after all, so the outcome is judged again after that.
func (e *Engine) judge(f *Failure, safety Safety, sent bool, last *Failure) error {
	before := last != nil && last.Unknown
	f.Unknown = before || outcomeUnknown(safety, f, sent)
	failed := e.fail(f)
	if now := before || outcomeUnknown(safety, f, sent); now != f.Unknown {
		f.Unknown = now
		failed = e.fail(f)
	}
	return failed
}

// again decides on one more attempt and tells how long to wait for it.
func (e *Engine) again(ctx context.Context, safety Safety, f *Failure, sent bool, attempt int) (time.Duration, bool) {
	if ctx.Err() != nil || attempt >= e.config.retry.Attempts || f.final || f.unsent || !mayRepeat(safety, f, sent) {
		return 0, false
	}
	delay, ok := e.config.retry.waitFor(ctx, f, attempt)
	if !ok || !errors.Is(f.Kind, ErrRateLimited) && !e.budget.retry() {
		return 0, false
	}
	return delay, true
}

func (e *Engine) prepare(r *Request, opts []CallOption) (c call, target *url.URL, body []byte, err error) {
	if c, err = newCall(opts); err != nil {
		return c, nil, nil, err
	}
	if r.Check != nil {
		return c, nil, nil, r.Check
	}
	if !validName(r.Method) {
		return c, nil, nil, fmt.Errorf("%w: method %q is not well formed", ErrInvalid, OneLine(r.Method))
	}
	if r.Decode == nil {
		r.Decode = JSON
	}
	if target, err = e.target(r); err != nil {
		return c, nil, nil, err
	}
	body, kind, err := r.encode()
	if err != nil {
		return c, nil, nil, err
	}
	if body != nil {
		if c.header == nil {
			c.header = make(http.Header, 1)
		}
		c.header["Content-Type"] = []string{kind}
	}
	return c, target, body, nil
}

func (e *Engine) target(r *Request) (*url.URL, error) {
	if e.platform.Endpoint {
		return new(*e.config.base), nil
	}
	return r.target(e.config.base)
}

// accept judges an answer and decodes it.
func (e *Engine) accept(reply *Reply, r *Request, out any) *Failure {
	if reply.StatusCode < 200 || reply.StatusCode >= 300 {
		return refused(reply)
	}
	for _, inspect := range []func(*Reply) error{e.platform.Inspect, r.Inspect} {
		if inspect == nil {
			continue
		}
		if kind := inspect(reply); kind != nil {
			return &Failure{StatusCode: reply.StatusCode, Header: reply.Header, Body: reply.Body, Kind: kind}
		}
	}
	err := e.decode(reply, r, out)
	if err == nil {
		return nil
	}
	f := &Failure{StatusCode: reply.StatusCode, Header: reply.Header, Body: reply.Body, Cause: err, decoding: true}
	if errors.Is(err, errUnexpectedPage) || errors.Is(err, errEmptyBody) || errors.Is(err, ErrCharset) {
		f.Kind = ErrUnavailable
	} else {
		f.final = !isBrokenOff(err)
	}
	return f
}

// refused is the failure that a status outside 2xx stands for.
func refused(reply *Reply) *Failure {
	f := &Failure{StatusCode: reply.StatusCode, Header: reply.Header, Body: reply.Body, Kind: KindOf(reply.StatusCode), Cause: reply.cut}
	if f.Kind == nil {
		f.Kind = ErrUnavailable
	}
	if reply.StatusCode >= 300 && reply.StatusCode < 400 {
		f.Cause = errors.Join(f.Cause, redirected(reply.Header))
	}
	f.RetryAfter, _ = ParseRetryAfter(reply.Header, time.Now())
	return f
}

var (
	errUnexpectedPage = errors.New("the answer is a web page, not data")
	errEmptyBody      = errors.New("the answer has no body")

	errNothingExpected = errors.New("the answer has nothing of what was asked for")

	// ErrUnknownMember is the cause of a failure under strict decoding.
	ErrUnknownMember = errors.New("the answer has members that this version does not know")

	// ErrCharset is the cause of a failure when an answer is not in UTF-8.
	ErrCharset = errors.New("the answer is not in UTF-8")
)

// isBrokenOff tells whether data looks cut short or garbled, so that another attempt may
// bring it whole, from data of another shape. A Codec says so by io.ErrUnexpectedEOF.
func isBrokenOff(err error) bool {
	_, garbled := errors.AsType[*json.SyntaxError](err)
	return garbled || errors.Is(err, io.ErrUnexpectedEOF)
}

func (e *Engine) decode(reply *Reply, r *Request, out any) error {
	if raw, ok := out.(*[]byte); ok {
		*raw = reply.Body
		return nil
	}
	if len(reply.Body) == 0 {
		if out == nil {
			return nil
		}
		return errEmptyBody
	}
	if LooksLikeHTML(contentType(reply.Header), reply.Body) {
		return errUnexpectedPage
	}
	if out == nil {
		return nil
	}
	data, err := utf8Text(contentType(reply.Header), reply.Body)
	if err != nil {
		return err
	}
	if err := r.Decode.Decode(data, out); err != nil {
		return fmt.Errorf("the answer cannot be read: %w", err)
	}
	if r.Decode == JSON && saysNothing(data, out) {
		return errNothingExpected
	}
	if e.config.strict || e.config.drift != nil {
		return e.checkDrift(data, r, out)
	}
	return nil
}

func (e *Engine) checkDrift(data []byte, r *Request, out any) error {
	unknown := r.Decode.Unknown(data, reflect.TypeOf(out))
	if len(unknown) == 0 {
		return nil
	}
	if e.config.drift != nil {
		for _, path := range unknown {
			e.config.drift(r.Method+" "+r.Path, path)
		}
		return nil
	}
	return fmt.Errorf("%w: %v", ErrUnknownMember, unknown)
}

func (e *Engine) fail(f *Failure) error { return e.platform.Fail(f) }

// failWith is fail for a failure that something more is known of.
func (e *Engine) failWith(f *Failure, cause error) error {
	f.Cause = errors.Join(f.Cause, cause)
	return e.fail(f)
}

// Refuse makes the platform's error for an answer that was read and turned out to be a
// refusal, after the fact.
func (e *Engine) Refuse(reply *Reply, kind, cause error) error {
	return e.fail(&Failure{
		Method: reply.Method, Path: reply.Path, Operation: reply.Operation,
		StatusCode: reply.StatusCode, Header: reply.Header, Body: reply.Body,
		Kind: kind, Cause: cause, Attempts: reply.Attempts,
	})
}

// Invalid makes the platform's error for a call that was never sent because its input
// is wrong.
func (e *Engine) Invalid(r Request, cause error) error {
	return e.fail(&Failure{
		Method: r.Method, Path: shown(r.Path), Operation: r.Path, Kind: ErrInvalid, Cause: cause, unsent: true,
	})
}

func (e *Engine) authOf(r *Request) Auth {
	if r.Auth != nil {
		return r.Auth
	}
	return e.auth
}

func shown(path string) string {
	if path == badPath || !printable(path) {
		return "(path refused)"
	}
	return path
}

func contentType(h http.Header) string { return h.Get("Content-Type") }

// redirected names the host that a redirect points to, and nothing else of it.
func redirected(h http.Header) error {
	u, err := url.Parse(h.Get("Location"))
	if err != nil || u.Host == "" {
		return errors.New("a redirect was not followed")
	}
	return fmt.Errorf("a redirect to %s was not followed", OneLine(u.Host))
}

func (e *Engine) log(ctx context.Context, r *Request, path string, a *attemptState, f *Failure, status int, took time.Duration) {
	if e.config.logger == nil || !e.config.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("platform", e.platform.Name), slog.String("method", r.Method), slog.String("path", path),
		slog.Int("attempt", a.number), slog.Int("status", status), slog.Duration("took", took),
	}
	if f != nil && f.Cause != nil {
		attrs = append(attrs, slog.String("error", OneLine(f.Cause.Error())))
	}
	e.config.logger.LogAttrs(ctx, slog.LevelDebug, "api call", attrs...)
}

// unwrapURL takes the URL, whose query may hold secrets, out of a transport's error: the
// one that http.Client adds, and those of calls that the transport made itself.
func unwrapURL(err error) error {
	for {
		u, ok := errors.AsType[*url.Error](err)
		if !ok {
			return err
		}
		err = u.Err
	}
}

// withoutQuery takes the query of a request, which may hold secrets, out of the text of a
// transport's error. What hides it can be asked for by errors.Is, and not be printed.
func withoutQuery(err error, query string) error {
	text := err.Error()
	if query == "" || !strings.Contains(text, query) {
		return err
	}
	return &hidingError{strings.ReplaceAll(text, query, "(query)"), err}
}

type hidingError struct {
	text  string
	cause error
}

func (e *hidingError) Error() string { return e.text }

func (e *hidingError) Is(target error) bool { return errors.Is(e.cause, target) }

// truncated names what a reader means by an end that came too early.
func truncated(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the answer broke off: %w", err)
	}
	return fmt.Errorf("reading the answer: %w", err)
}
