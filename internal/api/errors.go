package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The kinds of failure that all platforms share. Each platform exports the same
// values under its own name, so errors.Is means the same everywhere.
var (
	ErrUnauthorized     = errors.New("unauthorized")
	ErrForbidden        = errors.New("forbidden")
	ErrNotFound         = errors.New("not found")
	ErrConflict         = errors.New("conflict")
	ErrInvalid          = errors.New("invalid request")
	ErrRateLimited      = errors.New("rate limited")
	ErrUnavailable      = errors.New("unavailable")
	ErrOutcomeUnknown   = errors.New("outcome unknown")
	ErrResponseTooLarge = errors.New("response too large")
	ErrReauthorize      = errors.New("authorisation is needed again")
)

// KindOf maps a status to the kind of failure it stands for, nil for 1xx to 3xx.
func KindOf(status int) error {
	switch {
	case status == http.StatusUnauthorized:
		return ErrUnauthorized
	case status == http.StatusForbidden:
		return ErrForbidden
	case status == http.StatusNotFound, status == http.StatusGone:
		return ErrNotFound
	case status == http.StatusConflict:
		return ErrConflict
	case status == http.StatusTooManyRequests:
		return ErrRateLimited
	case status == http.StatusLocked, status == http.StatusProxyAuthRequired, status == http.StatusRequestTimeout,
		status == http.StatusTooEarly, status >= 500:
		return ErrUnavailable
	case status >= 400:
		return ErrInvalid
	}
	return nil
}

// Failure is a call that did not succeed, before the platform has given it its own
// error type.
type Failure struct {
	Method string
	Path   string // without the query

	StatusCode int // 0 when there was no answer
	Header     http.Header
	Body       []byte // the whole body that was read; nil when there was none

	Kind       error // one of the sentinels, or nil
	Unknown    bool  // a write that may have been carried out
	Cause      error // what the transport, the decoder or the context said
	RequestID  string
	RetryAfter time.Duration
	Attempts   int

	// Operation is the path as the service method gave it, without the base URL's own.
	Operation string
	// Credential is what Auth gave for the last attempt, nil without one.
	Credential any
	// KeepCredential is set by the platform when an unauthorised answer does not speak
	// against the credential, so that it is not renewed.
	KeepCredential bool

	decoding  bool // the answer came, but could not be read as what it should be
	unsent    bool // it failed before anything was sent
	undecided bool // the credential was refused, and another is in force, or may be had
	final     bool // another attempt would end the same way
}

// speaksAgainstCredential tells whether another credential may help.
func (f *Failure) speaksAgainstCredential() bool {
	return errors.Is(f.Kind, ErrUnauthorized) && !f.KeepCredential && !f.Unknown
}

// Chain lists what errors.Is and errors.As shall find below the platform's error.
func (f *Failure) Chain() []error {
	chain := make([]error, 0, 3)
	switch {
	case f.undecided && errors.Is(f.Kind, ErrUnauthorized):
		chain = append(chain, ErrUnauthorized) // without the ErrReauthorize of a dead credential
	case f.Kind != nil:
		chain = append(chain, f.Kind)
	}
	if f.Unknown {
		chain = append(chain, ErrOutcomeUnknown)
	}
	if f.Cause != nil {
		chain = append(chain, f.Cause)
	}
	return chain
}

// Text is the one line that the platform's error prints, for example
//
//	colorme: GET /v1/sales/1: 404 not found (404100): …
//
// Code and message are what the platform's body says; both may be empty.
func (f *Failure) Text(platform, code, message string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s: ", platform, short(f.Method), f.Path)
	switch {
	case f.unsent:
		b.WriteString("not sent")
	case f.StatusCode == 0:
		b.WriteString("no answer")
	case f.StatusCode >= 200 && f.StatusCode < 300: // what came does not read as a success
		b.WriteString("failed inside " + strconv.Itoa(f.StatusCode))
	default:
		b.WriteString(strconv.Itoa(f.StatusCode))
		if text := strings.ToLower(http.StatusText(f.StatusCode)); text != "" {
			b.WriteString(" " + text)
		}
	}
	if code != "" {
		b.WriteString(" (" + short(code) + ")")
	}
	if message != "" {
		b.WriteString(": " + short(message))
	}
	if f.Cause != nil {
		b.WriteString(": " + short(strings.ReplaceAll(f.Cause.Error(), "\n", "; "))) // errors.Join puts each on a line
	}
	if f.Unknown {
		b.WriteString("; the call may have been carried out: look before repeating it")
	}
	if f.RetryAfter > 0 {
		fmt.Fprintf(&b, "; try again in %s", f.RetryAfter)
	}
	if f.RequestID != "" {
		b.WriteString(" [request " + short(f.RequestID) + "]")
	}
	return b.String()
}

// short makes foreign text fit for an error.
func short(text string) string { return cut(OneLine(text[:min(len(text), 4*maxText)]), maxText) }

// maxText bounds each piece of foreign text in an error, in bytes.
const maxText = 500
