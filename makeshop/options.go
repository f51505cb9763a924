package makeshop

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// Option configures a Client at construction.
type Option = api.Option

// CallOption adjusts one call.
type CallOption = api.CallOption

// Response is the answer to one call as WithResponse keeps it:
//
//	StatusCode int
//	Header     http.Header
//	Body       []byte
//	Attempts   int         // how often the call was tried
//
// After a failure it is the last answer, if there was one.
type Response = api.Response

// Limiter paces the requests of one or more clients: its Wait(ctx) error returns when the
// next request may be sent, or an error when the context ends first. A *rate.Limiter of
// golang.org/x/time/rate is one.
type Limiter = api.Limiter

// RetryPolicy says how often a call is tried and how long the pauses are:
//
//	Attempts int           // in all, the first one included; 1 turns retries off
//	MinDelay time.Duration // the first pause is drawn from 0 to MinDelay, each later one from twice as much
//	MaxDelay time.Duration // no pause is drawn from more
//
// A Retry-After of the platform takes the place of a pause, at most 60 s of it.
type RetryPolicy = api.RetryPolicy

// DefaultLimiter lets one request at a time pass. The platform documents no rate for this
// API; its earlier one blocked shops whose requests overlapped.
func DefaultLimiter() Limiter { return api.Serial(0) }

// Serial lets one request at a time pass, with a pause between the end of one and the
// start of the next.
func Serial(pause time.Duration) Limiter { return api.Serial(pause) }

// WithTestServer sends calls to a server on this machine, such as a makeshoptest.Server,
// without TLS, in place of the endpoint of the Config. An address that is not a loopback
// one is refused.
func WithTestServer(address string) Option { return api.WithTestServer(address) }

// WithHTTPClient sends calls through a copy of client. Its redirect policy is not used:
// redirects are never followed.
func WithHTTPClient(client *http.Client) Option { return api.WithHTTPClient(client) }

// WithUserAgent puts product, such as "my-app/1.0", in front of the library's user agent.
func WithUserAgent(product string) Option { return api.WithUserAgent(product) }

// WithLimiter replaces DefaultLimiter, for example by one that is shared by all clients
// of a shop; nil turns pacing off.
func WithLimiter(limiter Limiter) Option { return api.WithLimiter(limiter) }

// WithRetryPolicy replaces the policy of 3 attempts and pauses between 200 ms and 10 s.
func WithRetryPolicy(policy RetryPolicy) Option { return api.WithRetryPolicy(policy) }

// WithTimeout bounds each attempt, the reading of its answer included; 30 s unless given.
func WithTimeout(d time.Duration) Option { return api.WithTimeout(d) }

// WithClock replaces time.Now for the time that goes with each call. The platform takes a
// time for one hour: on a machine whose clock is off, this is the place to mend it.
func WithClock(now func() time.Time) Option { return api.WithClock(now) }

// WithLogger logs each attempt at debug level, without headers and bodies.
func WithLogger(logger *slog.Logger) Option { return api.WithLogger(logger) }

// WithStrictDecoding makes a member of an answer that this version does not know an error.
// A typed call only gets what it asks for, so this is of use to tests alone.
func WithStrictDecoding() Option { return api.WithStrictDecoding() }

// WithDriftReport calls report for each member of an answer that this version does not
// know, with the operation and the member's path.
func WithDriftReport(report func(operation, path string)) Option { return api.WithDriftReport(report) }

// WithHeader adds a header field to one call.
func WithHeader(name, value string) CallOption { return api.WithHeader(name, value) }

// WithResponse keeps the answer to one call in r: status, header, body, attempts.
func WithResponse(r *Response) CallOption { return api.WithResponse(r) }

// WithRetry lets one mutation be repeated as if it were a query. Use it where carrying it
// out twice does no harm; of no mutation is that documented.
func WithRetry() CallOption { return api.WithRetry() }
