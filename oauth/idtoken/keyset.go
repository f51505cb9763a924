package idtoken

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

const (
	minFetchInterval = 30 * time.Second
	fetchTimeout     = 10 * time.Second
	maxKeySet        = 1 << 20
	maxStale         = 24 * time.Hour
	maxRedirects     = 3

	defaultFresh = time.Hour
	minFresh     = 5 * time.Minute
	maxFresh     = 24 * time.Hour
)

// Stats counts what a key set has cost.
type Stats struct {
	// Fetches is the number of requests for the key set, FailedFetches those of them
	// that brought no usable one.
	Fetches       int
	FailedFetches int
	// StaleUses is how often keys were used past their time, because no newer set could
	// be had.
	StaleUses int
}

// keySet keeps a platform's keys and fetches them when it has to: never for a key that
// is known and fresh, and never twice within 30 seconds.
type keySet struct {
	address string
	client  *http.Client

	mu         sync.Mutex
	keys       []key
	fetchedAt  time.Time // of keys
	freshUntil time.Time
	triedAt    time.Time // of the last attempt, failed or not
	failure    error     // of the last attempt
	flight     chan struct{}
	counts     Stats
}

func newKeySet(address string, client *http.Client) (*keySet, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.User != nil:
		return nil, errors.New("not an address")
	case u.Scheme != "https" && (u.Scheme != "http" || !httpx.Loopback(u.Hostname())):
		return nil, errors.New("https is required")
	}
	own := http.Client{}
	if client != nil {
		own = *client
	}
	own.Jar = nil
	own.CheckRedirect = checkRedirect
	return &keySet{address: address, client: &own}, nil
}

func checkRedirect(req *http.Request, via []*http.Request) error {
	from := via[0].URL
	if req.URL.Scheme != from.Scheme || req.URL.Host != from.Host || len(via) > maxRedirects {
		return errRedirect
	}
	return nil
}

var errRedirect = errors.New("redirect refused")

// find returns the keys that may have signed a token with this header, and whether the set
// was fetched for this very call: what is not in an older one may have come since. With newer
// set, the keys at hand were tried and did not fit.
func (s *keySet) find(ctx context.Context, head header, newer bool) (keys []key, current bool, err error) {
	s.mu.Lock()
	now := time.Now()
	keys = s.matching(head, now)
	if len(keys) > 0 && !newer && now.Before(s.freshUntil) {
		s.mu.Unlock()
		return keys, false, nil
	}
	flight, own := s.flight, false
	if flight == nil && s.pause(now) <= 0 {
		flight, own = s.start(ctx, now), true
	}
	s.mu.Unlock()
	if flight != nil {
		select {
		case <-flight:
		case <-ctx.Done():
			return nil, false, &notYet{cause: ctx.Err()}
		}
	}
	return s.found(head, own)
}

// pause is how long the set must not be fetched.
func (s *keySet) pause(now time.Time) time.Duration {
	return minFetchInterval - now.Sub(s.triedAt)
}

// found answers from what is at hand, after all that could be done to renew it.
func (s *keySet) found(head header, own bool) (keys []key, current bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	keys = s.matching(head, now)
	switch {
	case len(keys) > 0:
		if !now.Before(s.freshUntil) {
			s.counts.StaleUses++
		}
		current = own && s.failure == nil
	case s.failure != nil:
		err = &notYet{wait: s.pause(now), cause: fmt.Errorf("%s: %w", s.address, s.failure)}
	case !own:
		err = s.absent(head, now)
	default:
		err = fmt.Errorf("%w: %s is not in %s", ErrUnknownKey, quote(head.keyID), s.address)
	}
	return keys, current, err
}

// absent is the error for a key that was not in the set when it was fetched last.
func (s *keySet) absent(head header, now time.Time) error {
	cause := fmt.Errorf("key %s was not in %s %s ago", quote(head.keyID), s.address, now.Sub(s.fetchedAt).Round(time.Millisecond))
	return &notYet{wait: s.pause(now), cause: cause}
}

// old is absent for a caller that has no lock.
func (s *keySet) old(head header) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.absent(head, time.Now())
}

// matching returns the keys that fit a header, unless they are too old.
func (s *keySet) matching(head header, now time.Time) []key {
	if now.Sub(s.fetchedAt) > maxStale {
		return nil
	}
	var keys []key
	for _, k := range s.keys {
		if k.fits(head) {
			keys = append(keys, k)
		}
	}
	return keys
}

// start begins the one fetch that all wait for; it outlives the caller.
func (s *keySet) start(ctx context.Context, now time.Time) chan struct{} {
	flight := make(chan struct{})
	s.flight, s.triedAt = flight, now
	s.counts.Fetches++
	detached := context.WithoutCancel(ctx)
	go func() {
		defer close(flight)
		keys, fresh, err := s.fetch(detached)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.flight, s.failure = nil, err
		if err != nil {
			s.counts.FailedFetches++
			return
		}
		s.keys, s.fetchedAt, s.freshUntil = keys, now, now.Add(fresh)
	}()
	return flight
}

func (s *keySet) fetch(ctx context.Context) (keys []key, fresh time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address, nil)
	if err != nil {
		return nil, 0, err
	}
	req.Pattern = "oauth keys"
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "shotengai-go/"+shotengai.Version+" (idtoken)")
	resp, err := s.client.Do(req) //nolint:bodyclose // ReadBody closes it
	if err != nil {
		return nil, 0, errors.Unwrap(err) // without the *url.Error, which repeats the address
	}
	body, err := httpx.ReadBody(resp, maxKeySet)
	switch {
	case resp.StatusCode != http.StatusOK:
		return nil, 0, fmt.Errorf("status %d", resp.StatusCode)
	case err != nil:
		return nil, 0, err
	}
	keys, err = parseKeys(body)
	return keys, freshness(resp.Header), err
}

func (s *keySet) stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

// key is a usable public key.
type key struct {
	id        string
	algorithm string // empty: any that fits the kind of key
	public    any
	kind      string // RS or ES256, ES384, ES512
}

func (k key) fits(head header) bool {
	if head.keyID != "" && k.id != head.keyID || k.algorithm != "" && k.algorithm != string(head.algorithm) {
		return false
	}
	switch head.algorithm {
	case jose.ES256, jose.ES384, jose.ES512:
		return k.kind == string(head.algorithm)
	default:
		return k.kind == "RSA"
	}
}
