package rakuten

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go/internal/api"
)

// Option configures a Client at construction.
type Option func(*options) error

type options struct {
	engine   []api.Option
	limiters map[RateGroup]Limiter
}

func engineOption(opt api.Option) Option {
	return func(o *options) error {
		o.engine = append(o.engine, opt)
		return nil
	}
}

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

// WithBaseURL sends calls to another https address of the platform.
func WithBaseURL(address string) Option { return engineOption(api.WithBaseURL(address)) }

// WithTestServer sends calls to a server on this machine, such as a rakutentest.Server,
// without TLS. An address that is not a loopback one is refused.
func WithTestServer(address string) Option { return engineOption(api.WithTestServer(address)) }

// WithHTTPClient sends calls through a copy of client. Its redirect policy is not used:
// redirects are never followed.
func WithHTTPClient(client *http.Client) Option { return engineOption(api.WithHTTPClient(client)) }

// WithUserAgent puts product, such as "my-app/1.0", in front of the library's user agent.
func WithUserAgent(product string) Option { return engineOption(api.WithUserAgent(product)) }

// WithLimiter replaces the limiter of the given groups, or of all when none is given, for
// example by one that is shared by all processes that use a licence key; nil turns pacing
// off. Later options win over earlier ones.
func WithLimiter(limiter Limiter, groups ...RateGroup) Option {
	return func(o *options) error {
		if o.limiters == nil {
			o.limiters = make(map[RateGroup]Limiter)
		}
		for _, group := range groups {
			if _, known := defaultRates[group]; !known {
				return fmt.Errorf("limiter: there is no group %q", string(group))
			}
			o.limiters[group] = limiter
		}
		if len(groups) > 0 {
			return nil
		}
		for group := range defaultRates {
			o.limiters[group] = limiter
		}
		return nil
	}
}

// WithRetryPolicy replaces the policy of 3 attempts and pauses between 200 ms and 10 s.
func WithRetryPolicy(policy RetryPolicy) Option { return engineOption(api.WithRetryPolicy(policy)) }

// WithTimeout bounds each attempt, the reading of its answer included; the default is 30
// seconds.
func WithTimeout(d time.Duration) Option { return engineOption(api.WithTimeout(d)) }

// WithLogger logs each attempt at debug level, without queries, headers and bodies.
func WithLogger(logger *slog.Logger) Option { return engineOption(api.WithLogger(logger)) }

// WithStrictDecoding makes a member of an answer that this version does not know an error.
// It is meant for tests: platforms add members at any time.
func WithStrictDecoding() Option { return engineOption(api.WithStrictDecoding()) }

// WithDriftReport calls report for each member of an answer that this version does not
// know, with the operation and the member's path.
func WithDriftReport(report func(operation, path string)) Option {
	return engineOption(api.WithDriftReport(report))
}

// WithClock replaces time.Now where the age of a licence key, the start of a new coupon and
// how far an import of orders has come are judged.
func WithClock(now func() time.Time) Option { return engineOption(api.WithClock(now)) }

// WithHeader adds a header field to one call.
func WithHeader(name, value string) CallOption { return api.WithHeader(name, value) }

// WithResponse keeps the answer to one call in r: status, header, body, attempts.
func WithResponse(r *Response) CallOption { return api.WithResponse(r) }

// WithRetry lets one write be repeated as if it were a read. Use it where carrying it out
// twice does no harm. It does nothing for a call that would double its effect: a request
// that adds parcels, a relative change of stock, the issue of a coupon and an early commit
// are sent once all the same.
func WithRetry() CallOption { return api.WithRetry() }
