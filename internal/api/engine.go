package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
	"github.com/shotengai/shotengai-go/internal/lenient"
	"github.com/shotengai/shotengai-go/internal/text"
)

// Platform is what the engine has to know of a platform. Its clients share one: whatever
// belongs to a client is made by a function.
type Platform struct {
	Name    string   // prefix of errors and part of the user agent
	BaseURL string   // where calls go unless an option says otherwise
	Hosts   []string // hosts that calls may go to; ".example.jp" stands for all below it

	Limiter      func() shotengai.Limiter             // makes the default pacing; nil for none
	GroupLimiter func(group string) shotengai.Limiter // makes the default pacing of a rate group; nil without groups

	// AnyHost: the base URL comes from the app's configuration. Hosts outside Hosts are
	// reached at public addresses only.
	AnyHost bool

	// Endpoint: the base URL is the one address of all calls and is used exactly as given.
	// A request's Operation is then a name and no path.
	Endpoint bool

	// Prepare fills in what all requests of a kind have in common. It may be nil.
	Prepare func(*Request)

	// Probe is an operation that every living token may call, for a platform whose Classify
	// sets IfAlive. Its refusal of a dead token has to be one of kind ErrReauthorize.
	Probe string

	// Classify reads a refusal out of an answer: one whose status is no success, or one
	// that has another form. It is a pure function of the answer.
	Classify func(*Reply) Verdict
}

// Engine carries out the calls of one client. It is safe for concurrent use.
type Engine struct {
	platform *Platform
	config   config
	auth     Auth
	budget   budget
	probes   probes
	skew     skew
	groups   groups
	sizes    sizes

	capturing sync.Mutex
}

// Reply is a read answer.
type Reply struct {
	Operation  string // the request's
	Method     string
	Path       string // escaped, the base URL's own path included
	StatusCode int
	Header     http.Header
	Body       []byte
	Attempts   int
	Credential any // what Auth returned for the attempt
	Notes      Notes

	sent http.Header // the header of the attempt, credentials included
}

// New makes an engine. It sends nothing and reads no environment.
func New(p *Platform, auth Auth, opts ...shotengai.Option) (*Engine, error) {
	e := &Engine{platform: p, auth: auth, budget: budget{fifths: reserve}}
	if err := e.config.apply(p, opts); err != nil {
		return nil, err
	}
	return e, nil
}

// Paced reports whether calls wait for a limiter.
func (e *Engine) Paced() bool { return e.config.Limiter != nil }

// Now is the clock of the client.
func (e *Engine) Now() time.Time { return e.config.Clock() }

// call is a request that is ready to be sent.
type call struct {
	request     Request
	settings    shotengai.CallSettings
	method      string
	target      *url.URL // nil when the request is refused before
	body        []byte
	contentType string
	userAgent   string
	safety      Safety
	renewed     bool // the credential was renewed

	record
}

func (c *call) path() string {
	if c.target == nil {
		return ""
	}
	return c.target.EscapedPath()
}

// repeats is what may be done with the call after a failure: what its safety allows, or the
// caller where it leaves room for that.
func (c *call) repeats() Safety {
	if c.settings.Retry && c.safety != NeverAgain {
		return Read
	}
	return c.safety
}

// Do carries out one call and decodes its answer into out, which may be nil when the answer
// has no body of interest. The error is a *shotengai.Error. A row that cannot be read fails
// the call.
func (e *Engine) Do(ctx context.Context, r Request, out any, opts ...shotengai.CallOption) error {
	r.whole = true
	_, err := e.Call(ctx, r, out, opts...)
	return err
}

// Call is Do for operations that need the answer itself as well. The caller has to pass on
// the rows in the reply's Notes, which are not in out.
func (e *Engine) Call(ctx context.Context, r Request, out any, opts ...shotengai.CallOption) (*Reply, error) {
	c, err := e.prepare(r, opts)
	if err != nil {
		return nil, e.Invalid(ctx, r, err)
	}
	e.budget.call()
	c.start()
	reply, err := e.carryOut(ctx, c, out)
	e.finished(ctx, c, err)
	return reply, err
}

// carryOut tries until there is a result, or no reason to try again.
func (e *Engine) carryOut(ctx context.Context, c *call, out any) (*Reply, error) {
	var last *outcome
	for {
		o := e.attempt(ctx, c)
		if o.reply != nil && !o.failed {
			e.decode(c, o, out)
		}
		e.capture(c, o.reply)
		if o.unsent != "" {
			c.notRetried = o.unsent
			return nil, e.notSent(c, o, last)
		}
		o.unknown = o.failed && (last != nil && last.unknown || outcomeUnknown(c.safety, o))
		e.attempted(ctx, c, o)
		if !o.failed {
			return o.reply, nil
		}
		why, err := e.decide(ctx, c, o)
		if c.notRetried = why; why != "" {
			o.cause = errors.Join(o.cause, err)
			return o.reply, e.fail(c, o)
		}
		last = o
	}
}

// capture shows an answer to a caller who wants to see it. Methods that make several calls at once
// hand the same option to all of them.
func (e *Engine) capture(c *call, reply *Reply) {
	if c.settings.Response == nil || reply == nil {
		return
	}
	e.capturing.Lock()
	defer e.capturing.Unlock()
	*c.settings.Response = shotengai.Response{StatusCode: reply.StatusCode, Header: reply.Header, Body: reply.Body, Attempts: c.attempts}
}

// notSent is the end of a call that could not be sent, or not once more: what the platform
// said last is worth more.
func (e *Engine) notSent(c *call, o, last *outcome) error {
	if last == nil {
		return e.fail(c, o)
	}
	last.cause = errors.Join(last.cause, o.cause)
	return e.fail(c, last)
}

// decide returns "" if a failed call is tried once more, after the wait for that, and
// otherwise why it is not. The error is what there is to say beside the failure itself.
func (e *Engine) decide(ctx context.Context, c *call, o *outcome) (shotengai.NotRetried, error) {
	if o.IfAlive != nil {
		e.settle(ctx, c, o)
	}
	if o.refusesCredential() && !c.renewed && o.reply.Credential != nil {
		c.renewed = true
		again, err := e.authOf(&c.request).Renew(ctx, o.reply.Credential)
		switch {
		case err != nil:
			o.undecided = !errors.Is(err, shotengai.ErrReauthorize)
			return shotengai.NotRetriedCredential, err
		case again:
			o.undecided = true
			if c.repeats() == NeverAgain {
				return shotengai.NotRetriedUnsafe, nil
			}
			return "", nil
		}
	}
	if why := e.stops(ctx, c, o); why != "" {
		return why, nil
	}
	delay, ok := pause(ctx, e.config.RetryPolicy, o, c.attempts)
	switch {
	case !ok:
		return shotengai.NotRetriedDeadline, nil
	case !o.tooFast() && !e.budget.retry():
		return shotengai.NotRetriedBudget, nil
	}
	if err := c.wait(ctx, delay); err != nil {
		return stopped(ctx), err
	}
	return "", nil
}

func (e *Engine) prepare(given Request, opts []shotengai.CallOption) (*call, error) {
	c := &call{request: given, method: given.method(), userAgent: e.config.userAgent.Value()}
	r := &c.request
	for _, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("%w: a call option is nil", shotengai.ErrInvalid)
		}
		if err := opt(&c.settings); err != nil {
			return nil, err
		}
	}
	if r.Check != nil {
		return nil, r.Check
	}
	if !validName(c.method) {
		return nil, fmt.Errorf("%w: method %q is not well formed", shotengai.ErrInvalid, text.OneLine(c.method))
	}
	if e.platform.Prepare != nil {
		e.platform.Prepare(r)
	}
	if r.Group != "" {
		r.Limiter = e.groupLimiter(r.Group)
	}
	if r.Decode == nil {
		r.Decode = JSON
	}
	if e.config.StrictDecoding || e.config.DriftReport != nil {
		r.Decode = watching{r.Decode}
	}
	c.safety = r.Safety.of(c.method)
	var err error
	if e.platform.Endpoint {
		c.target = new(e.config.base.Value())
	} else if c.target, err = r.target(e.config.base.Value()); err != nil {
		return nil, err
	}
	c.body, c.contentType, err = r.encode()
	return c, err
}

// decode reads an answer that is no refusal.
func (e *Engine) decode(c *call, o *outcome, out any) {
	o.cause = e.read(c, o.reply, out)
	if o.cause == nil {
		e.judge(c, o)
		return
	}
	o.failed, o.decoding = true, true
	_, o.misread = errors.AsType[*lenient.Error](o.cause)
	if errors.Is(o.cause, errUnexpectedPage) || errors.Is(o.cause, errEmptyBody) {
		o.Kind = shotengai.ErrUnavailable
	} else {
		o.final = !isBrokenOff(o.cause)
	}
}

var (
	errUnexpectedPage = errors.New("the answer is a web page, not data")
	errEmptyBody      = errors.New("the answer has no body")

	errNothingExpected = errors.New("the answer has nothing of what was asked for")

	// ErrUnknownMember is the cause of a failure under strict decoding.
	ErrUnknownMember = errors.New("the answer has members that this version does not know")

	// ErrCharset is the cause of a failure when an answer is in another character set. Another
	// attempt would end the same way.
	ErrCharset = errors.New("the answer is not in UTF-8")
)

// isBrokenOff reports whether data looks cut short or garbled, so that another attempt may
// bring it whole. A Codec says so by io.ErrUnexpectedEOF.
func isBrokenOff(err error) bool {
	_, garbled := errors.AsType[*json.SyntaxError](err)
	return garbled || errors.Is(err, io.ErrUnexpectedEOF)
}

func (e *Engine) read(c *call, reply *Reply, out any) error {
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
	if text.LooksLikeHTML(contentType(reply.Header), reply.Body) {
		return errUnexpectedPage
	}
	if out == nil {
		return nil
	}
	data, broken, err := utf8Text(contentType(reply.Header), reply.Body)
	if err != nil {
		return err
	}
	reply.Notes.Broken = broken
	if err := c.request.Decode.Decode(data, out, &reply.Notes); err != nil {
		return fmt.Errorf("the answer cannot be read: %w", err)
	}
	return e.noted(c.request.Operation, &reply.Notes)
}

// Refuse makes the error for an answer that was read and turned out to be a refusal, after
// the fact. The kind is that of the answer when it is nil.
func (e *Engine) Refuse(reply *Reply, kind, cause error) error {
	o := &outcome{reply: reply, cause: cause, credentials: reply.sent}
	_, o.misread = errors.AsType[*lenient.Error](cause)
	if e.platform.Classify != nil {
		o.Verdict = e.platform.Classify(reply)
	}
	if kind != nil {
		o.Kind = kind
	}
	c := &call{request: Request{Operation: reply.Operation}, method: reply.Method, target: &url.URL{RawPath: reply.Path, Path: unescaped(reply.Path)}}
	c.attempts = reply.Attempts
	return e.fail(c, o)
}

func unescaped(path string) string {
	plain, err := url.PathUnescape(path)
	if err != nil {
		return path
	}
	return plain
}

// Invalid makes the error for a call that was never sent because its input is wrong.
func (e *Engine) Invalid(ctx context.Context, r Request, cause error) error {
	return e.unbegun(ctx, r, &outcome{Verdict: Verdict{Kind: shotengai.ErrInvalid}, cause: cause, unsent: shotengai.NotRetriedFinal})
}

// Ended makes the error for a run of calls that ended for a reason, nil for none. One that came
// out of a call is an error of the client already; a context that ended between two calls is not.
func (e *Engine) Ended(ctx context.Context, r Request, reason error) error {
	if _, called := errors.AsType[*shotengai.Error](reason); reason == nil || called {
		return reason
	}
	return e.unbegun(ctx, r, unsent(ctx, reason, shotengai.NotRetriedFinal))
}

// unbegun makes the error for a call of which no attempt was made.
func (e *Engine) unbegun(ctx context.Context, r Request, o *outcome) error {
	c := &call{request: r, method: r.method()}
	c.start()
	c.notRetried = o.unsent
	err := e.fail(c, o)
	e.finished(ctx, c, err)
	return err
}

func (e *Engine) authOf(r *Request) Auth {
	if r.Auth != nil {
		return r.Auth
	}
	return e.auth
}

// attempt paces, authorises, sends, reads and classifies once.
func (e *Engine) attempt(ctx context.Context, c *call) *outcome {
	header := c.header()
	turns, credential, failed := e.admit(ctx, c, header)
	if failed != nil {
		return failed
	}
	defer turns.done()
	if err := ctx.Err(); err != nil {
		return unsent(ctx, err, "")
	}
	if c.settings.Requests != nil {
		c.settings.Requests.Add(1)
	}
	attemptCtx, cancel := context.WithTimeout(ctx, e.config.Timeout)
	defer cancel()
	sent := func() bool { return true }
	if c.safety != Read {
		attemptCtx, sent = httpx.WatchSent(attemptCtx)
	}
	departed := time.Now()
	o := e.roundTrip(ctx, c.newRequest(attemptCtx, header))
	c.travelled(o, len(c.body), time.Since(departed))
	o.sent = sent()
	if o.reply != nil {
		e.skew.note(o.reply.Header, e.config.Clock())
		o.reply.Operation, o.reply.Method, o.reply.Path = c.request.Operation, c.method, c.path()
		o.reply.Attempts, o.reply.Credential, o.reply.sent = c.attempts, credential, header
		if !o.failed {
			e.classify(o)
		}
	}
	if o.tooFast() {
		refused(o.RetryAfter, e.config.Limiter, c.request.Limiter)
	}
	o.credentials = header
	e.log(ctx, c, o)
	return o
}

// maxLate is how late a turn may be used. Later, and many calls at a time, the requests would
// meet those of the turns after them.
const maxLate = 250 * time.Millisecond

// admit waits for the turn of an attempt and authorises it. If the credential was long in
// coming, another turn is taken.
func (e *Engine) admit(ctx context.Context, c *call, header http.Header) (turns, any, *outcome) {
	turns, failed := e.turn(ctx, c)
	auth := e.authOf(&c.request)
	if failed != nil || auth == nil {
		return turns, nil, failed
	}
	asked := time.Now()
	credential, err := auth.Authorize(ctx, header)
	if err != nil {
		turns.done()
		o := unsent(ctx, err, shotengai.NotRetriedCredential)
		o.Kind = kindOfAuth(err)
		return nil, nil, o
	}
	if time.Since(asked) > maxLate {
		turns.done()
		turns, failed = e.turn(ctx, c)
	}
	return turns, credential, failed
}

// turn waits for the limiters, that of the operation first: its turns are rarer.
func (e *Engine) turn(ctx context.Context, c *call) (turns, *outcome) {
	arrived := time.Now()
	turns, err := pace(ctx, c.request.Limiter, e.config.Limiter)
	c.last.paced += time.Since(arrived)
	if err != nil {
		return nil, unsent(ctx, fmt.Errorf("waiting for the rate limit: %w", err), shotengai.NotRetriedLimiter)
	}
	return turns, nil
}

// kindOfAuth: a source that has no credential has its own reasons; only the sentinels among
// them are those of the call too.
func kindOfAuth(err error) error {
	for _, kind := range []error{shotengai.ErrReauthorize, shotengai.ErrUnavailable, shotengai.ErrRateLimited, shotengai.ErrUnauthorized} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	return nil
}

func (c *call) newRequest(ctx context.Context, header http.Header) *http.Request {
	req := (&http.Request{
		Method: c.method, URL: c.target, Host: c.target.Host, Header: header, Pattern: c.request.Operation,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(ctx)
	if len(c.body) > 0 {
		req.ContentLength = int64(len(c.body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(c.body)), nil }
		req.Body, _ = req.GetBody()
	}
	return req
}

func (e *Engine) roundTrip(ctx context.Context, req *http.Request) *outcome {
	resp, err := e.config.client.Do(req) //nolint:bodyclose // ReadBody closes it
	if err != nil {
		return e.broken(ctx, req, withoutQuery(unwrapURL(err), req.URL.RawQuery))
	}
	body, err := httpx.ReadBodyLike(resp, e.config.BodyLimit, e.sizes.last(req.Pattern))
	reply := &Reply{StatusCode: resp.StatusCode, Header: resp.Header, Body: body}
	if err == nil {
		if resp.StatusCode < 300 {
			e.sizes.note(req.Pattern, len(body))
		}
		return &outcome{reply: reply}
	}
	if resp.StatusCode >= 300 {
		return &outcome{reply: reply, cause: ctx.Err()} // the status says enough; a body cut short cannot add to it
	}
	o := &outcome{failed: true, Verdict: Verdict{Kind: shotengai.ErrResponseTooLarge}, cause: err}
	if !errors.Is(err, shotengai.ErrResponseTooLarge) {
		o = e.broken(ctx, req, truncated(err))
	}
	o.reply, o.decoding = reply, true
	return o
}

// broken is an attempt that got no whole answer. It names the limit that ended it: the
// call's own context, the time of an attempt, or a shorter one of the HTTP client.
func (e *Engine) broken(ctx context.Context, req *http.Request, err error) *outcome {
	switch {
	case ctx.Err() != nil:
		return &outcome{failed: true, cause: ctx.Err()}
	case req.Context().Err() != nil:
		err = fmt.Errorf("no whole answer within %s: %w", e.config.Timeout, err)
	case errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("no whole answer within a limit of the HTTP client: %w", err)
	}
	return &outcome{failed: true, Verdict: Verdict{Kind: shotengai.ErrUnavailable}, cause: err}
}

func contentType(h http.Header) string { return h.Get("Content-Type") }

// redirected names the host that a redirect points to, and nothing else of it.
func redirected(h http.Header) error {
	u, err := url.Parse(h.Get("Location"))
	if err != nil || u.Host == "" {
		return errors.New("a redirect was not followed")
	}
	return fmt.Errorf("a redirect to %s was not followed", text.OneLine(u.Host))
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
// transport's error.
func withoutQuery(err error, query string) error {
	text := err.Error()
	if query == "" || !strings.Contains(text, query) {
		return err
	}
	return httpx.Masked(strings.ReplaceAll(text, query, "(query)"), err)
}

// truncated names what a reader means by an end that came too early.
func truncated(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the answer broke off: %w", err)
	}
	return fmt.Errorf("reading the answer: %w", err)
}
