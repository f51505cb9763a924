package api

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
)

func static(token string) oauth2.TokenSource {
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token})
}

// renewing is a token source with all that the engine asks of one.
type renewing struct {
	mu       sync.Mutex
	token    string
	next     []string
	rejected []string
	err      error
	ctx      context.Context
}

func (s *renewing) Token() (*oauth2.Token, error) { return nil, errors.New("asked without context") }

func (s *renewing) TokenContext(ctx context.Context) (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ctx = ctx
	return &oauth2.Token{AccessToken: s.token}, nil
}

func (s *renewing) Reject(_ context.Context, refused *oauth2.Token) (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rejected = append(s.rejected, refused.AccessToken)
	if s.err != nil {
		return nil, s.err
	}
	if len(s.next) > 0 {
		s.token, s.next = s.next[0], s.next[1:]
	}
	return &oauth2.Token{AccessToken: s.token}, nil
}

// accepting answers 200 to one token and 401 to all others.
func accepting(token string, calls *atomic.Int32) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		status := 401
		if r.Header.Get("Authorization") == "Bearer "+token {
			status = 200
		}
		answer(status, "application/json", `{}`)(w, r)
	}
}

func TestUnauthorized(t *testing.T) {
	t.Parallel()
	gone := errors.New("the shop left")
	for name, tc := range map[string]struct {
		source   *renewing
		accepted string
		safety   Safety
		calls    int32
		rejected []string
		want     []error
	}{
		"renewed once":              {source: &renewing{token: "a", next: []string{"b"}}, accepted: "b", calls: 2, rejected: []string{"a"}},
		"renewed in vain":           {source: &renewing{token: "a", next: []string{"b", "c"}}, accepted: "c", calls: 2, rejected: []string{"a"}, want: []error{shotengai.ErrUnauthorized}},
		"nothing newer":             {source: &renewing{token: "a"}, calls: 1, rejected: []string{"a"}, want: []error{shotengai.ErrUnauthorized}},
		"no renewal to be had":      {source: &renewing{token: "a", err: errors.Join(shotengai.ErrReauthorize, gone)}, calls: 1, rejected: []string{"a"}, want: []error{shotengai.ErrUnauthorized, shotengai.ErrReauthorize, gone}},
		"never sent again at all":   {source: &renewing{token: "a", next: []string{"b"}}, accepted: "b", safety: NeverAgain, calls: 1, rejected: []string{"a"}, want: []error{shotengai.ErrUnauthorized}},
		"a write is sent again too": {source: &renewing{token: "a", next: []string{"b"}}, accepted: "b", safety: Write, calls: 2, rejected: []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			e := newEngine(t, serve(t, accepting(tc.accepted, &calls)).URL, Bearer(tc.source))
			err := e.Do(t.Context(), Request{Operation: "POST /v1", Safety: tc.safety}, nil)
			assert.Equal(t, tc.calls, calls.Load())
			assert.Equal(t, tc.rejected, tc.source.rejected)
			if tc.want == nil {
				require.NoError(t, err)
			}
			for _, want := range tc.want {
				require.ErrorIs(t, err, want)
				assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
			}
		})
	}
}

// A renewal that fails for now does not say that the credential is dead, whatever the
// platform makes of a 401.
func TestUnauthorizedAndNotRenewedForNow(t *testing.T) {
	t.Parallel()
	passing, gone := errors.New("the store is down"), errors.Join(shotengai.ErrReauthorize, errors.New("the shop left"))
	for renewal, dead := range map[error]bool{passing: false, gone: true, nil: true} {
		p := shopPlatform()
		p.Classify = func(*Reply) Verdict {
			return Verdict{Kind: errors.Join(shotengai.ErrUnauthorized, shotengai.ErrReauthorize)}
		}
		var calls atomic.Int32
		e, err := New(p, Bearer(&renewing{token: "a", err: renewal}), shotengai.WithTestServer(serve(t, accepting("", &calls)).URL), impatient)
		require.NoError(t, err)
		err = e.Do(t.Context(), Request{Operation: "GET /v1"}, nil)
		require.ErrorIs(t, err, shotengai.ErrUnauthorized)
		assert.Equal(t, dead, errors.Is(err, shotengai.ErrReauthorize), "%v", renewal)
		if renewal != nil {
			require.ErrorIs(t, err, renewal)
		}
	}
}

// leaving is a source whose caller goes away during the renewal.
type leaving struct {
	*renewing

	leave context.CancelFunc
}

func (s leaving) Reject(ctx context.Context, refused *oauth2.Token) (*oauth2.Token, error) {
	defer s.leave()
	return s.renewing.Reject(ctx, refused)
}

// A credential that was renewed is not dead, also if the call is not sent with the new one.
func TestUnauthorizedRenewedAndNotSent(t *testing.T) {
	t.Parallel()
	p := shopPlatform()
	p.Classify = func(r *Reply) Verdict {
		if r.StatusCode == http.StatusUnauthorized {
			return Verdict{Kind: errors.Join(shotengai.ErrUnauthorized, shotengai.ErrReauthorize)}
		}
		return Verdict{}
	}
	for safety, cause := range map[Safety]error{Read: context.Canceled, Write: context.Canceled, NeverAgain: nil} {
		var calls atomic.Int32
		ctx, leave := context.WithCancel(t.Context())
		source := leaving{&renewing{token: "a", next: []string{"b"}}, leave}
		e, err := New(p, Bearer(source), shotengai.WithTestServer(serve(t, accepting("b", &calls)).URL), impatient)
		require.NoError(t, err)
		err = e.Do(ctx, Request{Operation: "POST /v1", Safety: safety}, nil)
		require.ErrorIs(t, err, shotengai.ErrUnauthorized)
		require.NotErrorIs(t, err, shotengai.ErrReauthorize)
		if cause != nil {
			require.ErrorIs(t, err, cause)
		}
		assert.EqualValues(t, 1, calls.Load())
	}
}

// failing is a token source that has none.
type failing struct{ err error }

func (s failing) Token() (*oauth2.Token, error) { return nil, s.err }

// What the token endpoint answered, the platform's resource did not.
func TestKindsOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	srv := serve(t, accepting("", &calls))
	for kind, reported := range map[error]bool{
		shotengai.ErrUnauthorized: true, shotengai.ErrRateLimited: true, shotengai.ErrUnavailable: true, shotengai.ErrReauthorize: true, context.Canceled: true,
		shotengai.ErrForbidden: false, shotengai.ErrNotFound: false, shotengai.ErrConflict: false, shotengai.ErrInvalid: false, shotengai.ErrOutcomeUnknown: false, shotengai.ErrResponseTooLarge: false,
	} {
		cause := &shotengai.PageError{Offset: 7, Err: kind}
		err := newEngine(t, srv.URL, Bearer(failing{cause})).Do(t.Context(), Request{Operation: "POST /v1"}, nil)
		assert.Equal(t, reported, errors.Is(err, kind), "no token: %v", kind)
		found, ok := errors.AsType[*shotengai.PageError](err)
		assert.True(t, ok && found == cause, "the cause can be asked")
		require.ErrorContains(t, err, cause.Error())
		assert.Zero(t, calls.Load())

		err = newEngine(t, srv.URL, Bearer(&renewing{token: "a", err: cause})).Do(t.Context(), Request{Operation: "POST /v1"}, nil)
		assert.Equal(t, reported, errors.Is(err, kind), "no other token: %v", kind)
		require.ErrorIs(t, err, shotengai.ErrUnauthorized)
		assert.EqualValues(t, 1, calls.Swap(0), "asked once")
	}
}

func TestUnauthorizedRenewsDespiteOneAttempt(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	e := newEngine(t, serve(t, accepting("b", &calls)).URL, Bearer(&renewing{token: "a", next: []string{"b"}}),
		shotengai.WithRetryPolicy(shotengai.RetryPolicy{Attempts: 1}))
	require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil))
	assert.EqualValues(t, 2, calls.Load())
}

func TestKeepCredential(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	srv := serve(t, accepting("b", &calls))
	p := shopPlatform()
	p.Classify = func(*Reply) Verdict { return Verdict{KeepCredential: true} }
	source := &renewing{token: "a", next: []string{"b"}}
	e, err := New(p, Bearer(source), shotengai.WithTestServer(srv.URL), impatient)
	require.NoError(t, err)
	require.ErrorIs(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil), shotengai.ErrUnauthorized)
	assert.Empty(t, source.rejected)
	assert.EqualValues(t, 1, calls.Load())
}

func TestTokenSourceIsAskedWithTheCallsContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	source := &renewing{token: "a"}
	var calls atomic.Int32
	e := newEngine(t, serve(t, accepting("a", &calls)).URL, Bearer(source))
	require.NoError(t, e.Do(context.WithValue(t.Context(), key{}, "mine"), Request{Operation: "GET /v1"}, nil))
	assert.Equal(t, "mine", source.ctx.Value(key{}))
}

func TestOperationWithAuthOfItsOwn(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	e := newEngine(t, serve(t, accepting("own", &calls)).URL, Bearer(static("client")))
	require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1", Auth: Bearer(static("own"))}, nil))
}

type failingSource struct{ err error }

func (s failingSource) Token() (*oauth2.Token, error) { return nil, s.err }

func TestNoCredential(t *testing.T) {
	t.Parallel()
	srv := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	down := errors.New("the store is down")
	for name, tc := range map[string]struct {
		source oauth2.TokenSource
		want   error
	}{
		"own reason":   {failingSource{down}, down},
		"dead grant":   {failingSource{errors.Join(shotengai.ErrReauthorize, down)}, shotengai.ErrReauthorize},
		"unavailable":  {failingSource{errors.Join(shotengai.ErrUnavailable, down)}, shotengai.ErrUnavailable},
		"too fast":     {failingSource{errors.Join(shotengai.ErrRateLimited, down)}, shotengai.ErrRateLimited},
		"refused":      {failingSource{errors.Join(shotengai.ErrUnauthorized, down)}, shotengai.ErrUnauthorized},
		"no token":     {failingSource{}, shotengai.ErrReauthorize},
		"empty token":  {static(""), shotengai.ErrReauthorize},
		"broken token": {static("a\r\nX-Evil: 1"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := newEngine(t, srv.URL, Bearer(tc.source)).Do(t.Context(), Request{Operation: "POST /v1"}, nil)
			require.Error(t, err)
			if tc.want != nil {
				require.ErrorIs(t, err, tc.want)
			}
			kind := tc.want
			if tc.want == down { //nolint:errorlint // the very reason, which is none of the sentinels
				kind = nil
			}
			assert.Equal(t, kind, asShop(t, err).Kind)
			assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)
			assert.Contains(t, err.Error(), "not sent")
			assert.NotContains(t, err.Error(), "Evil")
		})
	}
}
