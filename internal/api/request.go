package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"

	"github.com/google/go-querystring/query"
)

// Request is one call of a platform's operation, as its service method describes it.
type Request struct {
	Method string
	Path   string // below the base URL, escaped (see Path)
	Params any    // a struct with url tags, or url.Values; nil for none
	Body   any    // JSON-encoded, unless it is a Content; nil for none
	Accept string // "application/json" when empty
	Header http.Header

	Check   error // what validation found; the call is not sent unless it is nil
	Safety  Safety
	Limiter Limiter            // paces this operation in addition to the client's limiter
	Decode  Codec              // JSON when nil
	Inspect func(*Reply) error // looks into a 2xx answer as the platform's own Inspect does, after it
	Auth    Auth               // in place of the client's, for operations that have their own
}

// Content is a body that is encoded already. It is kept whole, so that an attempt can
// be repeated.
type Content struct {
	Type string
	Data []byte
}

// Path joins a pattern and its values, escaping each: every %s in the pattern stands for
// one value. A value that is empty, "." or ".." would change the path's meaning, and one
// with control characters has none: both are refused when the call is made.
func Path(pattern string, values ...string) string {
	var b strings.Builder
	for _, value := range values {
		before, after, _ := strings.Cut(pattern, "%s")
		b.WriteString(before)
		if value == "" || value == "." || value == ".." {
			return badPath
		}
		b.WriteString(url.PathEscape(value))
		pattern = after
	}
	b.WriteString(pattern)
	return b.String()
}

// PathID is Path for numeric identifiers, which have to be positive.
func PathID(pattern string, ids ...int64) string {
	values := make([]string, len(ids))
	for i, id := range ids {
		if id > 0 {
			values[i] = strconv.FormatInt(id, 10)
		}
	}
	return Path(pattern, values...)
}

const badPath = "\x00"

// CallOption adjusts one call.
type CallOption func(*call) error

type call struct {
	header  http.Header
	capture *Response
	count   *atomic.Int64
	again   bool
}

// Response is what the server said to one call, for a caller that asked with
// WithResponse. After a failure it holds the last answer, if there was one.
type Response struct {
	StatusCode int
	Header     http.Header
	Body       []byte
	Attempts   int
}

// WithHeader adds a header field to one call. Fields that the library sets itself
// (authorisation, user agent, content type, length, encoding) or that belong to the
// connection are refused.
func WithHeader(name, value string) CallOption {
	return func(c *call) error {
		if !validName(name) || !printableHeader(value) {
			return fmt.Errorf("%w: header %q is not well formed", ErrInvalid, OneLine(name))
		}
		switch http.CanonicalHeaderKey(name) {
		case "Authorization", "X-Api-Key", "X-Timestamp", "User-Agent", "Content-Type", "Content-Length", "Accept-Encoding",
			"Host", "Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
			"Proxy-Authorization", "Proxy-Connection":
			return fmt.Errorf("%w: header %s is set by the library", ErrInvalid, http.CanonicalHeaderKey(name))
		}
		if c.header == nil {
			c.header = make(http.Header, 1)
		}
		c.header.Add(name, value)
		return nil
	}
}

// WithResponse keeps the status, header and body of the answer in r.
func WithResponse(r *Response) CallOption {
	return func(c *call) error {
		if r == nil {
			return fmt.Errorf("%w: WithResponse needs a place to write to", ErrInvalid)
		}
		c.capture = r
		return nil
	}
}

// Captures reports whether one of the options is WithResponse, which calls that run side
// by side cannot share.
func Captures(opts []CallOption) bool {
	c, err := newCall(opts)
	return err == nil && c.capture != nil
}

// WithRequestCount adds one to n for each request that is sent, repeated ones included.
// Given to an iteration it counts the requests of all its pages.
func WithRequestCount(n *atomic.Int64) CallOption {
	return func(c *call) error {
		if n == nil {
			return fmt.Errorf("%w: WithRequestCount needs a counter", ErrInvalid)
		}
		c.count = n
		return nil
	}
}

// WithRetry allows one write to be repeated as a read is: the caller knows that
// carrying it out twice does no harm. A call that is NeverAgain stays so.
func WithRetry() CallOption {
	return func(c *call) error {
		c.again = true
		return nil
	}
}

// repeats is what may be done with the call after a failure: what its safety allows,
// or the caller where it leaves room for that.
func (c *call) repeats(safety Safety) Safety {
	if c.again && safety != NeverAgain {
		return Read
	}
	return safety
}

func newCall(opts []CallOption) (call, error) {
	var c call
	for _, opt := range opts {
		if err := opt(&c); err != nil {
			return c, err
		}
	}
	return c, nil
}

// encode returns the body's bytes and content type.
func (r *Request) encode() ([]byte, string, error) {
	switch body := r.Body.(type) {
	case nil:
		return nil, "", nil
	case Content:
		return body.Data, body.Type, nil
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r.Body); err != nil {
		return nil, "", fmt.Errorf("%w: body: %w", ErrInvalid, err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), "application/json; charset=utf-8", nil
}

// target is the request's URL below base.
func (r *Request) target(base *url.URL) (*url.URL, error) {
	if !strings.HasPrefix(r.Path, "/") || strings.HasPrefix(r.Path, "//") || !printable(r.Path) || strings.ContainsAny(r.Path, "?#") {
		return nil, fmt.Errorf("%w: path: an identifier in it is empty or not allowed", ErrInvalid)
	}
	path, err := url.PathUnescape(r.Path)
	if err != nil || climbs(path) || strings.ContainsFunc(path, unicode.IsControl) {
		return nil, fmt.Errorf("%w: path: badly escaped, it climbs with dots, or has control characters", ErrInvalid)
	}
	u := *base
	u.Path = strings.TrimSuffix(base.Path, "/") + path
	if path != r.Path || base.RawPath != "" {
		u.RawPath = strings.TrimSuffix(base.EscapedPath(), "/") + r.Path
	}
	switch params := r.Params.(type) {
	case nil:
	case url.Values:
		u.RawQuery = params.Encode()
	default:
		if err := noEmptyList(params); err != nil {
			return nil, err
		}
		values, err := query.Values(params)
		if err != nil {
			return nil, fmt.Errorf("%w: query: %w", ErrInvalid, err)
		}
		u.RawQuery = values.Encode()
	}
	return &u, nil
}

// noEmptyList refuses a list that is there and empty: it would be left out of the query,
// which then selects everything instead of nothing.
func noEmptyList(params any) error {
	v := reflect.Indirect(reflect.ValueOf(params))
	if v.Kind() != reflect.Struct {
		return nil
	}
	for field, value := range v.Fields() {
		if value.Kind() == reflect.Slice && !value.IsNil() && value.Len() == 0 {
			return fmt.Errorf("%w: query: %s is an empty list, which selects nothing: leave it nil to select by other fields", ErrInvalid, field.Name)
		}
	}
	return nil
}

func climbs(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

func printable(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

func printableHeader(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f }) < 0
}

func validName(s string) bool {
	return s != "" && printable(s) && !strings.ContainsAny(s, "()<>@,;:\\\"/[]?={}")
}
