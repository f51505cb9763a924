package colorme

import (
	"log/slog"
	"net/http"
	"sync/atomic"

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

// DefaultLimiter never lets more than 120 requests pass in any 60 seconds: 10 at once
// and then 110 a minute. The platform's guideline is 120 a minute and token.
func DefaultLimiter() Limiter { return api.PerMinute(110, 10) }

// WithBaseURL sends calls to another https address of the platform.
func WithBaseURL(address string) Option { return api.WithBaseURL(address) }

// WithTestServer sends calls to a server on this machine, such as a colormetest.Server,
// without TLS. An address that is not a loopback one is refused.
func WithTestServer(address string) Option { return api.WithTestServer(address) }

// WithHTTPClient sends calls through a copy of client. Its redirect policy is not used:
// redirects are never followed.
func WithHTTPClient(client *http.Client) Option { return api.WithHTTPClient(client) }

// WithUserAgent puts product, such as "my-app/1.0", in front of the library's user agent.
func WithUserAgent(product string) Option { return api.WithUserAgent(product) }

// WithLimiter replaces DefaultLimiter, for example by one that is shared by all clients
// of a token; nil turns pacing off, that of image uploads too. With any other limiter a
// client still paces its own uploads at 5 in 10 seconds.
func WithLimiter(limiter Limiter) Option { return api.WithLimiter(limiter) }

// WithRetryPolicy replaces the policy of 3 attempts and pauses between 200 ms and 10 s.
func WithRetryPolicy(policy RetryPolicy) Option { return api.WithRetryPolicy(policy) }

// WithLogger logs each attempt at debug level, without queries, headers and bodies.
func WithLogger(logger *slog.Logger) Option { return api.WithLogger(logger) }

// WithStrictDecoding makes a member of an answer that this version does not know an error.
// It is meant for tests: platforms add members at any time.
func WithStrictDecoding() Option { return api.WithStrictDecoding() }

// WithDriftReport calls report for each member of an answer that this version does not
// know, with the operation and the member's path.
func WithDriftReport(report func(operation, path string)) Option { return api.WithDriftReport(report) }

// WithHeader adds a header field to one call.
func WithHeader(name, value string) CallOption { return api.WithHeader(name, value) }

// WithResponse keeps the answer to one call in r: status, header, body, attempts.
func WithResponse(r *Response) CallOption { return api.WithResponse(r) }

// WithRequestCount adds one to n for each request that a call or an iteration sends.
func WithRequestCount(n *atomic.Int64) CallOption { return api.WithRequestCount(n) }

// WithRetry lets one write be repeated as if it were a read. Use it where carrying it out
// twice does no harm.
func WithRetry() CallOption { return api.WithRetry() }
