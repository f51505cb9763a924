package shotengai

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
)

// CallOption adjusts one call. It is the last, variadic argument of every method.
type CallOption func(*CallSettings) error

// CallSettings is what call options set. Programs use the With functions.
type CallSettings struct {
	Header   http.Header   // additional header fields
	Response *Response     // where the answer is kept; nil for nowhere
	Requests *atomic.Int64 // counts the requests; nil for none
	Notes    Notes         // of the Changes methods; nil for those in the cursor
	Retry    bool          // the call may be repeated as if it were a read

	NoReadAhead bool // an iteration fetches a page only when the loop asks for its first row
}

// Response is the answer to one call, as [WithResponse] keeps it. After a failure it is the
// last answer, if there was one.
type Response struct {
	StatusCode int
	Header     http.Header
	Body       []byte
	Attempts   int // how often the call was tried
}

// WithHeader adds a header field to one call. Fields that the library sets itself
// (authorisation, user agent, content type, length, encoding) or that belong to the
// connection are refused.
func WithHeader(name, value string) CallOption {
	return func(s *CallSettings) error {
		if !headerName(name) || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
			return fmt.Errorf("%w: header %.100q is not well formed", ErrInvalid, name)
		}
		switch http.CanonicalHeaderKey(name) {
		case "Authorization", "X-Api-Key", "X-Timestamp", "X-Appstore-Usage-Charge-Token", "User-Agent", "Content-Type", "Content-Length", "Accept-Encoding",
			"Host", "Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
			"Proxy-Authorization", "Proxy-Connection":
			return fmt.Errorf("%w: header %s is set by the library", ErrInvalid, http.CanonicalHeaderKey(name))
		}
		if s.Header == nil {
			s.Header = make(http.Header, 1)
		}
		s.Header.Add(name, value)
		return nil
	}
}

func headerName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune("()<>@,;:\\\"/[]?={}", r)
	})
}

// WithResponse keeps the status, header and body of the answer in r. Calls that run side by
// side cannot share one r.
func WithResponse(r *Response) CallOption {
	return func(s *CallSettings) error {
		if r == nil {
			return fmt.Errorf("%w: WithResponse needs a place to write to", ErrInvalid)
		}
		s.Response = r
		return nil
	}
}

// WithRequestCount adds one to n for each request that is sent, repeated ones included. It
// counts the requests of all pages of an iteration.
func WithRequestCount(n *atomic.Int64) CallOption {
	return func(s *CallSettings) error {
		if n == nil {
			return fmt.Errorf("%w: WithRequestCount needs a counter", ErrInvalid)
		}
		s.Requests = n
		return nil
	}
}

// WithRetry lets one write be repeated as if it were a read. Use it where carrying it out
// twice does no harm. Calls that would double their effect, such as a relative change of
// stock, are sent once all the same.
func WithRetry() CallOption {
	return func(s *CallSettings) error {
		s.Retry = true
		return nil
	}
}

// WithoutReadAhead has an iteration fetch each page only when the loop asks for its first row.
//
// Otherwise it fetches the next page while the loop works on the rows of a page, once the loop
// has taken the first of them. That costs a call more where the loop ends early, and the rows
// of the next page may be older than what the loop has changed meanwhile. The call ends with
// the loop, and its error comes after the rows of the page before. With [WithResponse] pages
// are never read ahead.
func WithoutReadAhead() CallOption {
	return func(s *CallSettings) error {
		s.NoReadAhead = true
		return nil
	}
}
