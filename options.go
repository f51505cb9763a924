package shotengai

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Version is the version of this library. It is part of the default user agent.
const Version = "0.1.0"

// Option configures a client at construction. The same options go to the constructors of
// all platforms: a wrong value, or an option that makes no sense for the platform, makes the
// construction fail with an error that says why.
type Option func(*Settings) error

// Settings is what options set. A constructor fills in the defaults of its platform, calls
// the options in their order and checks the result. Programs use the With functions.
type Settings struct {
	BaseURL        string                        // "" for the platform's own address
	TestServer     string                        // a server on this machine in place of the platform
	HTTPClient     *http.Client                  // nil for the library's own
	UserAgent      string                        // put in front of the library's user agent
	Limiter        Limiter                       // the platform's default; nil for none
	GroupLimiters  map[string]Limiter            // in place of the defaults, by rate group, "" for all others; nil on a platform without groups
	RetryPolicy    RetryPolicy                   // DefaultRetryPolicy by default
	Timeout        time.Duration                 // of each attempt, the reading of its answer included
	BodyLimit      int64                         // of the decoded bytes of an answer
	Logger         *slog.Logger                  // nil for none
	Observers      []func(context.Context, Call) // nil for none
	StrictDecoding bool                          // an unknown member of an answer is an error
	DriftReport    func(Drift)                   // is called for unknown members; nil for none
	Clock          func() time.Time              // time.Now by default
}

// Drift is a difference between an answer and what this version of the library knows.
type Drift struct {
	Platform  string // "colorme", "makeshop", "stores" or "rakuten"
	Operation string // such as "GET /v1/sales/{id}"
	Path      string // of the member, such as "sale.details[0].new_member"
	Kind      DriftKind
}

// DriftKind is what is different.
type DriftKind string

// Kinds of drift.
const (
	// DriftUnknown is a member that this version does not know.
	DriftUnknown DriftKind = "unknown member"
	// DriftSpelling is a value that was read although it is written otherwise than this version
	// knows it: a number as text, for instance.
	DriftSpelling DriftKind = "spelling"
	// DriftText is a text with bytes, characters or halves of characters that cannot be text.
	// U+FFFD stands in their place.
	DriftText DriftKind = "broken text"
)

// WithBaseURL sends calls to another https address of the platform. Addresses of other
// hosts are refused: a test reaches a fake by the Options of the fake, and one in another
// process by [WithHTTPClient] with a transport that sends requests there. makeshop's
// address is part of its Config instead.
func WithBaseURL(address string) Option {
	return func(s *Settings) error {
		if address == "" {
			return errors.New("base URL: empty")
		}
		s.BaseURL, s.TestServer = address, ""
		return nil
	}
}

// WithTestServer sends calls to a server on this machine, such as one of the fakes, without
// TLS. An address that is not a loopback one is refused.
func WithTestServer(address string) Option {
	return func(s *Settings) error {
		if address == "" {
			return errors.New("test server: empty")
		}
		s.TestServer = address
		return nil
	}
}

// WithHTTPClient sends calls through a copy of client. Its redirect policy is not used:
// redirects are never followed. Where the base URL is the app's own choice, as on makeshop,
// a transport that you bring dials whatever its host's name stands for, private addresses
// included.
func WithHTTPClient(client *http.Client) Option {
	return func(s *Settings) error {
		if client == nil {
			return errors.New("HTTP client: nil")
		}
		s.HTTPClient = new(*client)
		return nil
	}
}

// WithUserAgent puts product, such as "my-app/1.0", in front of the library's user agent.
func WithUserAgent(product string) Option {
	return func(s *Settings) error {
		if strings.TrimSpace(product) == "" || strings.ContainsFunc(product, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
			return errors.New("user agent: empty, or has characters that no header may carry")
		}
		s.UserAgent = product
		return nil
	}
}

// WithLimiter replaces the limiter of the platform's published limits, for example by one
// that all clients of a token share. A nil limiter turns all pacing of the client off.
func WithLimiter(limiter Limiter) Option {
	return func(s *Settings) error {
		if s.GroupLimiters == nil {
			s.Limiter = limiter
			return nil
		}
		clear(s.GroupLimiters)
		s.GroupLimiters[""] = limiter
		return nil
	}
}

// WithRetryPolicy replaces [DefaultRetryPolicy]. A RetryPolicy with Attempts 1 turns retries
// off; take the default and change a field for anything else.
func WithRetryPolicy(policy RetryPolicy) Option {
	return func(s *Settings) error {
		s.RetryPolicy = policy
		return policy.validate()
	}
}

// WithTimeout bounds each attempt, the reading of its answer included. The default is 30
// seconds.
func WithTimeout(d time.Duration) Option {
	return func(s *Settings) error {
		if d <= 0 {
			return errors.New("timeout: must be positive")
		}
		s.Timeout = d
		return nil
	}
}

// WithBodyLimit bounds the decoded bytes of an answer. The default is 10 MiB; a larger
// answer is [ErrResponseTooLarge].
func WithBodyLimit(bytes int64) Option {
	return func(s *Settings) error {
		if bytes <= 0 {
			return errors.New("body limit: must be positive")
		}
		s.BodyLimit = bytes
		return nil
	}
}

// WithLogger logs each attempt at debug level: operation, path, status and duration, never
// queries, headers or bodies.
func WithLogger(logger *slog.Logger) Option {
	return func(s *Settings) error {
		if logger == nil {
			return errors.New("logger: nil")
		}
		s.Logger = logger
		return nil
	}
}

// WithStrictDecoding makes every [Drift] an error: a member that this version does not know, a
// value that is written otherwise, a broken text. It is meant for tests: platforms add members
// at any time.
func WithStrictDecoding() Option {
	return func(s *Settings) error {
		s.StrictDecoding = true
		return nil
	}
}

// WithDriftReport calls report for each difference between an answer and what this version
// knows, in the goroutine of the call. It takes the place of strict decoding. Of the rows of
// a list, it names the first one with a difference.
func WithDriftReport(report func(Drift)) Option {
	return func(s *Settings) error {
		if report == nil {
			return errors.New("drift report: nil")
		}
		s.DriftReport = report
		return nil
	}
}

// WithClock replaces time.Now where the time of day matters: the time stamp of makeshop's
// requests, the age of a licence key, the dates of a Retry-After. On a machine whose clock
// is off, this is the place to mend it.
func WithClock(now func() time.Time) Option {
	return func(s *Settings) error {
		if now == nil {
			return errors.New("clock: nil")
		}
		s.Clock = now
		return nil
	}
}
