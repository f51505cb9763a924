package shotengaitest

import (
	"net/http"
	"net/url"
	"time"
)

// Fault is what goes wrong with a call. Fields combine: a Delay may precede
// a Status, a Drip may end in a Truncate.
type Fault struct {
	// Method limits the fault to one HTTP method; empty means any.
	Method string
	// Path limits the fault to paths with this prefix; empty means any.
	Path string
	// Match, when set, limits the fault further.
	Match func(Request) bool

	// Status answers in the platform's place. With neither Status nor Body the
	// platform's own answer is sent, as the fields below alter it.
	Status int
	// Body is the body of that answer; a Body without a Status is sent with 200.
	Body string
	// ContentType of the answer; when empty, Body decides between JSON and HTML.
	ContentType string
	// Header is added to the answer.
	Header http.Header
	// RetryAfter is the Retry-After header, in any spelling.
	RetryAfter string

	// Rewrite changes the body of the platform's own answer.
	Rewrite func(body []byte) []byte

	// AfterEffect lets the platform carry the call out before the fault answers.
	AfterEffect bool
	// Reset kills the connection before the platform has done anything.
	Reset bool
	// ResetAfter kills the connection after the platform has carried the call out.
	ResetAfter bool
	// Delay holds the call back before anything else happens.
	Delay time.Duration
	// Truncate closes the connection after so many bytes of the body; the
	// Content-Length still names them all. A negative value sends the header alone.
	Truncate int
	// Drip sends the body one byte at a time with this pause before each.
	Drip time.Duration
}

// Request is one request as the server received it.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   []byte
	// Time is the platform's time at which the request arrived.
	Time time.Time
}
