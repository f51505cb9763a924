package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Defaults of every client.
const (
	DefaultAttemptTimeout = 30 * time.Second
	DefaultBodyLimit      = 10 << 20
)

// Version is the library's own version, part of the default user agent.
const Version = "0.1.0"

// Option configures a client at construction; a wrong one makes the construction fail.
type Option func(*Config) error

// Config is what options set. Platforms start from their defaults.
type Config struct {
	base       *url.URL
	client     *http.Client
	userAgent  string
	limiter    Limiter
	retry      RetryPolicy
	logger     *slog.Logger
	strict     bool
	drift      func(operation, path string)
	timeout    time.Duration
	bodyLimit  int64
	hosts      []string
	publicOnly bool
	testServer bool
	now        func() time.Time
}

// WithBaseURL sends calls to another address of the platform: https, one of the
// platform's own hosts, and neither user info, query nor fragment.
func WithBaseURL(address string) Option {
	return func(c *Config) error {
		u, err := parseBase(address)
		if err != nil {
			return err
		}
		if u.Scheme != "https" {
			return errors.New("base URL: only https is allowed")
		}
		if !c.knows(u.Hostname()) {
			return fmt.Errorf("base URL: %q is no host of this platform", u.Hostname())
		}
		c.base, c.testServer = u, false
		return nil
	}
}

// WithTestServer sends calls to a server on this machine, such as a fake, without TLS.
// Any address but a loopback one is refused.
func WithTestServer(address string) Option {
	return func(c *Config) error {
		u, err := parseBase(address)
		if err != nil {
			return err
		}
		if !Loopback(u.Hostname()) {
			return fmt.Errorf("test server: %q is not on this machine", u.Hostname())
		}
		c.base, c.publicOnly, c.testServer = u, false, true
		return nil
	}
}

// WithHTTPClient sends calls through a copy of client: its transport, jar and timeout
// count, its redirect policy does not, since redirects are never followed. Where the base
// URL is the app's own choice, a transport that you bring dials whatever its host's name
// stands for, private addresses included.
func WithHTTPClient(client *http.Client) Option {
	return func(c *Config) error {
		if client == nil {
			return errors.New("HTTP client: nil")
		}
		c.client = new(*client)
		return nil
	}
}

// WithUserAgent puts product in front of the library's own user agent.
func WithUserAgent(product string) Option {
	return func(c *Config) error {
		if strings.TrimSpace(product) == "" || !printableHeader(product) {
			return errors.New("user agent: empty, or has characters that no header may carry")
		}
		c.userAgent = product + " " + c.userAgent
		return nil
	}
}

// WithLimiter replaces the client's limiter; nil turns pacing off.
func WithLimiter(limiter Limiter) Option {
	return func(c *Config) error {
		c.limiter = limiter
		return nil
	}
}

// WithRetryPolicy replaces the retry policy.
func WithRetryPolicy(policy RetryPolicy) Option {
	return func(c *Config) error {
		c.retry = policy
		return policy.validate()
	}
}

// WithLogger logs every attempt at debug level: method, path, status, duration; never
// queries, headers or bodies.
func WithLogger(logger *slog.Logger) Option {
	return func(c *Config) error {
		if logger == nil {
			return errors.New("logger: nil")
		}
		c.logger = logger
		return nil
	}
}

// WithStrictDecoding makes a member of an answer that the library does not know an
// error that names its path.
func WithStrictDecoding() Option {
	return func(c *Config) error {
		c.strict = true
		return nil
	}
}

// WithDriftReport calls report for each member of an answer that the library does not
// know. It is called in the caller's goroutine.
func WithDriftReport(report func(operation, path string)) Option {
	return func(c *Config) error {
		if report == nil {
			return errors.New("drift report: nil")
		}
		c.drift = report
		return nil
	}
}

// WithTimeout bounds each attempt, the reading of its answer included.
func WithTimeout(d time.Duration) Option {
	return func(c *Config) error {
		if d <= 0 {
			return errors.New("timeout: must be positive")
		}
		c.timeout = d
		return nil
	}
}

// WithBodyLimit bounds the decoded bytes of an answer.
func WithBodyLimit(bytes int64) Option {
	return func(c *Config) error {
		if bytes <= 0 {
			return errors.New("body limit: must be positive")
		}
		c.bodyLimit = bytes
		return nil
	}
}

// WithClock replaces time.Now where a platform puts the time into a request.
func WithClock(now func() time.Time) Option {
	return func(c *Config) error {
		if now == nil {
			return errors.New("clock: nil")
		}
		c.now = now
		return nil
	}
}

func parseBase(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("base URL: not a URL")
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return nil, errors.New("base URL: needs a scheme and a host")
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" {
		return nil, errors.New("base URL: user info, query and fragment are not allowed")
	}
	return u, nil
}

// checkBase holds the rules that an option cannot, since the base URL may come without.
func (c *Config) checkBase() error {
	if c.testServer {
		return nil
	}
	if c.base.Scheme != "https" {
		return errors.New("base URL: only https is allowed")
	}
	if c.publicOnly && !publicName(c.base.Hostname()) {
		return fmt.Errorf("base URL: %q is not on the public internet", c.base.Hostname())
	}
	return nil
}

func (c *Config) knows(host string) bool {
	host = strings.ToLower(host)
	for _, known := range c.hosts {
		if host == known || strings.HasPrefix(known, ".") && strings.HasSuffix(host, known) {
			return true
		}
	}
	return false
}
