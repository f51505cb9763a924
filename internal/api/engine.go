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
	StatusCode int
	Header     http.Header
	Body       []byte
	Attempts   int
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
	if e.config.base.Scheme != "https" && !loopback(e.config.base.Hostname()) {
		return nil, fmt.Errorf("%s: base URL: only https is allowed", p.Name)
	}
	e.config.client = e.config.httpClient()
	return e, nil
}

func (c *Config) httpClient() *http.Client {
	client := c.client
	if client == nil {
		client = &http.Client{Transport: transport()}
		if c.publicOnly {
			client.Transport = publicTransport()
		}
	}
	client.CheckRedirect = noRedirect
	return client
}

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
		return nil, e.fail(&Failure{Method: r.Method, Path: shown(r.Path), Kind: ErrInvalid, Cause: err, unsent: true})
	}
	if c.again {
		r.Safety = Read
	}
	safety := r.Safety.of(r.Method)
	e.budget.call()
	renewed := false
	for attempt := 1; ; attempt++ {
		a := &attemptState{number: attempt, write: safety != Read}
		reply, f := e.attempt(ctx, &r, &c, target, body, a)
		if f == nil {
			f = e.accept(reply, &r, out)
		}
		if c.capture != nil && reply != nil {
			*c.capture = Response{StatusCode: reply.StatusCode, Header: reply.Header, Body: reply.Body, Attempts: attempt}
		}
		if f == nil {
			return reply, nil
		}
		f.Method, f.Path, f.Operation, f.Attempts = r.Method, target.Path, r.Path, attempt
		f.Unknown = outcomeUnknown(safety, f, a.sent())
		failed := e.fail(f)
		if a.credential != nil && !renewed && !f.KeepCredential && errors.Is(f.Kind, ErrUnauthorized) {
			renewed = true
			again, err := e.authOf(&r).Renew(ctx, a.credential)
			if err != nil {
				f.Cause = errors.Join(f.Cause, err)
				return reply, e.fail(f)
			}
			if again {
				continue
			}
		}
		if !e.again(ctx, safety, f, a.sent(), attempt) {
			return reply, failed
		}
	}
}

// again decides on one more attempt and waits for its time.
func (e *Engine) again(ctx context.Context, safety Safety, f *Failure, sent bool, attempt int) bool {
	if ctx.Err() != nil || attempt >= e.config.retry.Attempts || f.final || f.unsent || !mayRepeat(safety, f, sent) {
		return false
	}
	delay, ok := e.config.retry.waitFor(ctx, f, attempt)
	if !ok || !errors.Is(f.Kind, ErrRateLimited) && !e.budget.retry() {
		return false
	}
	return sleep(ctx, delay) == nil
}

func (e *Engine) prepare(r *Request, opts []CallOption) (c call, target *url.URL, body []byte, err error) {
	if c, err = newCall(opts); err != nil {
		return c, nil, nil, err
	}
	if r.Check != nil {
		return c, nil, nil, r.Check
	}
	if r.Decode == nil {
		r.Decode = JSON
	}
	if target, err = r.target(e.config.base); err != nil {
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

// accept judges an answer and decodes it.
func (e *Engine) accept(reply *Reply, r *Request, out any) *Failure {
	f := &Failure{StatusCode: reply.StatusCode, Header: reply.Header, Body: reply.Body}
	switch {
	case reply.StatusCode >= 300 && reply.StatusCode < 400:
		f.Kind, f.Cause = ErrUnavailable, redirected(reply.Header)
		return f
	case reply.StatusCode < 200 || reply.StatusCode >= 300:
		f.Kind = KindOf(reply.StatusCode)
		f.RetryAfter, _ = ParseRetryAfter(reply.Header, time.Now())
		return f
	}
	if e.platform.Inspect != nil {
		if f.Kind = e.platform.Inspect(reply); f.Kind != nil {
			return f
		}
	}
	if err := e.decode(reply, r, out); err != nil {
		f.Cause, f.decoding = err, true
		if errors.Is(err, errUnexpectedPage) || errors.Is(err, errEmptyBody) {
			f.Kind = ErrUnavailable
		} else if _, broken := errors.AsType[*json.SyntaxError](err); !broken {
			f.final = true
		}
		return f
	}
	return nil
}

var (
	errUnexpectedPage = errors.New("the answer is a web page, not data")
	errEmptyBody      = errors.New("the answer has no body")

	// ErrUnknownMember is the cause of a failure under strict decoding.
	ErrUnknownMember = errors.New("the answer has members that this version does not know")
)

func (e *Engine) decode(reply *Reply, r *Request, out any) error {
	if out == nil {
		return nil
	}
	if raw, ok := out.(*[]byte); ok {
		*raw = reply.Body
		return nil
	}
	if len(reply.Body) == 0 {
		return errEmptyBody
	}
	if LooksLikeHTML(contentType(reply.Header), reply.Body) {
		return errUnexpectedPage
	}
	if err := r.Decode.Decode(reply.Body, out); err != nil {
		return fmt.Errorf("the answer cannot be read: %w", err)
	}
	if e.config.strict || e.config.drift != nil {
		return e.checkDrift(reply, r, out)
	}
	return nil
}

func (e *Engine) checkDrift(reply *Reply, r *Request, out any) error {
	unknown := r.Decode.Unknown(reply.Body, reflect.TypeOf(out))
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

// Refuse makes the platform's error for an answer that was read and turned out to be a
// refusal, after the fact.
func (e *Engine) Refuse(reply *Reply, kind, cause error) error {
	return e.fail(&Failure{
		Method: reply.Method, Path: reply.Path, StatusCode: reply.StatusCode, Header: reply.Header, Body: reply.Body,
		Kind: kind, Cause: cause, Attempts: reply.Attempts,
	})
}

// Invalid makes the platform's error for a call that was never sent because its input
// is wrong.
func (e *Engine) Invalid(r Request, cause error) error {
	return e.fail(&Failure{Method: r.Method, Path: shown(r.Path), Kind: ErrInvalid, Cause: cause, unsent: true})
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

// unwrapURL takes the URL, whose query may hold secrets, out of a transport's error.
func unwrapURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// truncated names what a reader means by an end that came too early.
func truncated(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the answer broke off: %w", err)
	}
	return fmt.Errorf("reading the answer: %w", err)
}
