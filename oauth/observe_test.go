package oauth_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

// Each request to the token endpoint is observed as an attempt and as a call, and names its
// operation to the transport.
func TestTokenEndpointIsObserved(t *testing.T) {
	t.Parallel()
	srv := startServer(t, storesConfig())
	p := stores(t, srv)
	var seen []shotengai.Call
	p.Observe = func(_ context.Context, c shotengai.Call) { seen = append(seen, c) }
	pattern := &patterns{next: srv.HTTPClient().Transport}
	p.HTTPClient = &http.Client{Transport: pattern}
	grant, err := login(t.Context(), p, srv, shop)
	require.NoError(t, err)
	renewed, err := p.Refresh(t.Context(), grant)
	require.NoError(t, err)
	require.NoError(t, p.Revoke(t.Context(), renewed))
	_, err = p.Refresh(t.Context(), renewed)
	require.ErrorIs(t, err, oauth.ErrInvalidGrant)

	operations := []string{"oauth exchange", "oauth refresh", "oauth revoke", "oauth refresh"}
	assert.Equal(t, operations, pattern.seen)
	require.Len(t, seen, 8)
	for i, c := range seen {
		assert.Equal(t, "stores", c.Platform)
		assert.Equal(t, operations[i/2], c.Operation)
		assert.Equal(t, i%2 == 1, c.Finished)
		assert.Equal(t, 1, c.Attempt)
		assert.Positive(t, c.Sent)
		assert.Positive(t, c.Wire)
		assert.GreaterOrEqual(t, c.Took, c.Wire)
		assert.Equal(t, i > 5, c.Err != nil)
	}
	assert.Positive(t, seen[0].Received)
	assert.Equal(t, http.StatusOK, seen[0].StatusCode)
	assert.Equal(t, http.StatusBadRequest, seen[7].StatusCode)
	assert.Equal(t, shotengai.KindOf(err), seen[7].Kind)
	assert.Equal(t, shotengai.NotRetriedUnsafe, seen[7].NotRetried)

	seen = nil
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Refresh(ctx, renewed)
	require.ErrorIs(t, err, oauth.ErrNotSent)
	require.Len(t, seen, 1, "no attempt")
	assert.True(t, seen[0].Finished)
	assert.Zero(t, seen[0].Attempt)
	assert.Equal(t, shotengai.KindCanceled, seen[0].Kind)
}

// patterns notes the patterns of requests.
type patterns struct {
	next http.RoundTripper
	seen []string
}

func (p *patterns) RoundTrip(r *http.Request) (*http.Response, error) {
	p.seen = append(p.seen, r.Pattern)
	if p.next == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	return p.next.RoundTrip(r)
}

// An event has the kind of its error and the time that the refresh took.
func TestEventsHaveKindAndTime(t *testing.T) {
	t.Parallel()
	bubble(t, rotating(), func(w *world) {
		m := w.manager()
		w.install(m, shop)
		w.expire()
		w.token(m, shop)
		synctest.Wait()
		w.mu.Lock()
		defer w.mu.Unlock()
		if assert.Len(w.t, w.events, 1) {
			assert.Equal(w.t, oauth.EventRefreshed, w.events[0].Kind)
			assert.Empty(w.t, w.events[0].Failure)
			assert.Equal(w.t, 20*time.Millisecond, w.events[0].Took)
		}
	})
}
