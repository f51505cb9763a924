package hookstest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/internal/fake"
)

// Event is a signed event, ready to be sent to an address any number of times.
type Event struct {
	// Kind names the event as package hooks does, as in "colorme.install".
	Kind hooks.Kind
	// Header and Body are sent unchanged.
	Header http.Header
	Body   []byte
	// Path, when not empty, is appended to the address, with one slash in between.
	Path string
	// Resend is how often and when the platform sends the event again.
	Resend Schedule
	// Accept reports whether an answer is what the platform wants. Nil: status 200.
	Accept func(Attempt) error
}

// Schedule lists the waits before each resend.
type Schedule []time.Duration

// Every returns a schedule of n resends at equal intervals.
func Every(interval time.Duration, n int) Schedule {
	return slices.Repeat(Schedule{interval}, n)
}

// ErrRefused means that an answer was not what the platform wants.
var ErrRefused = errors.New("hookstest: not accepted")

// Attempt is one sending of an event, and its answer.
type Attempt struct {
	// Number counts from 1.
	Number int
	Status int
	Header http.Header
	// Body is at most 64 KiB of the answer.
	Body []byte
	// Err is nil when the platform took the answer for a success.
	Err error
}

// Accepted reports whether the platform took the answer for a success.
func (a Attempt) Accepted() bool { return a.Err == nil }

// Request returns the event as a request to url.
func (e Event) Request(ctx context.Context, url string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.at(url), bytes.NewReader(e.Body))
	if err != nil {
		return nil, fmt.Errorf("hookstest: %w", err)
	}
	req.Header = e.Header.Clone()
	return req, nil
}

// at is where the event goes: a path that was mounted with a slash at its end is joined
// without a second one.
func (e Event) at(url string) string {
	if strings.HasPrefix(e.Path, "/") {
		url = strings.TrimSuffix(url, "/")
	}
	return url + e.Path
}

// Sender sends events. The zero value works.
type Sender struct {
	// Client sends the requests; redirects are not followed whatever it says. Nil: a
	// plain client with a timeout of 30 s.
	Client *http.Client
	// Wait lets the time before a resend pass, or fails when the context ends. Nil
	// waits in real time, or in that of a testing/synctest bubble.
	Wait func(context.Context, time.Duration) error
}

// Send sends the event once.
func (s Sender) Send(ctx context.Context, url string, e Event) Attempt {
	return s.send(ctx, url, e, 1)
}

func (s Sender) send(ctx context.Context, url string, e Event, number int) Attempt {
	answer, err := fake.Post(ctx, s.Client, e.at(url), e.Header, e.Body)
	attempt := Attempt{Number: number, Status: answer.Status, Header: answer.Header, Body: answer.Body}
	switch {
	case err != nil:
		attempt.Err = fmt.Errorf("hookstest: %w", err)
	case attempt.Status != http.StatusOK:
		attempt.Err = fmt.Errorf("%w: status %d", ErrRefused, attempt.Status)
	case e.Accept != nil:
		attempt.Err = e.Accept(attempt)
	}
	return attempt
}

// Deliver sends the event, and again on its schedule, until it is accepted. It
// returns every attempt. The error is that of the last attempt, or of the context.
func (s Sender) Deliver(ctx context.Context, url string, e Event) ([]Attempt, error) {
	wait := s.Wait
	if wait == nil {
		wait = sleep
	}
	delivery := Delivery{Sender: s, URL: url, Event: e}
	for {
		attempt := delivery.Try(ctx)
		pause, more := delivery.Next()
		if !more {
			return delivery.Attempts, attempt.Err
		}
		if err := wait(ctx, pause); err != nil {
			return delivery.Attempts, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Delivery is an event on its way: Try sends it, Next says when to send it again. It
// is not safe for concurrent use.
type Delivery struct {
	Sender Sender
	URL    string
	Event  Event
	// Attempts are the sendings so far.
	Attempts []Attempt
}

// Try sends the event once more.
func (d *Delivery) Try(ctx context.Context) Attempt {
	attempt := d.Sender.send(ctx, d.URL, d.Event, len(d.Attempts)+1)
	d.Attempts = append(d.Attempts, attempt)
	return attempt
}

// Next returns how long the platform waits before it sends the event again, and
// false when it does not: the event was accepted, or the schedule is over.
func (d *Delivery) Next() (wait time.Duration, again bool) {
	n := len(d.Attempts)
	if n == 0 {
		return 0, true
	}
	if d.Attempts[n-1].Accepted() || n > len(d.Event.Resend) {
		return 0, false
	}
	return d.Event.Resend[n-1], true
}
