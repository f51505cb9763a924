package hookstest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

const secret = "whsec-test"

func uninstall() hookstest.Event {
	return hookstest.ColorMeUninstall(hooks.ColorMeUninstall{
		AccountID:                 "PA00000001",
		ApplicationChargeSourceID: "Q21GPC",
		UninstalledAt:             time.Unix(1552022739, 0),
		Reason:                    hooks.ColorMeByUnpaid,
	}, secret)
}

func answering(t *testing.T, status *int, body string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(*status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server
}

func TestDeliverResendsAnUninstall(t *testing.T) {
	t.Parallel()
	status := http.StatusInternalServerError
	server := answering(t, &status, "")
	var waited time.Duration
	sender := hookstest.Sender{Wait: func(_ context.Context, d time.Duration) error {
		assert.Equal(t, 150*time.Minute, d)
		waited += d
		return nil
	}}
	attempts, err := sender.Deliver(t.Context(), server.URL, uninstall())
	require.ErrorIs(t, err, hookstest.ErrRefused)
	assert.Len(t, attempts, 20, "once, and 19 resends")
	assert.Equal(t, 47*time.Hour+30*time.Minute, waited)
	assert.Equal(t, 20, attempts[19].Number)

	for _, wrong := range []int{201, 204, 301, 302, 503} {
		status = wrong
		assert.False(t, sender.Send(t.Context(), server.URL, uninstall()).Accepted(), "%d is not 200", wrong)
	}
	status = http.StatusOK
	attempts, err = sender.Deliver(t.Context(), server.URL, uninstall())
	require.NoError(t, err)
	assert.Len(t, attempts, 1)
}

func TestDeliverDoesNotResendAnInstall(t *testing.T) {
	t.Parallel()
	status := http.StatusOK
	event := hookstest.ColorMeInstall(hooks.ColorMeInstall{
		AccountID: "PA00000001", ApplicationChargeSourceID: "F3RN9A", ApplicationChargeID: "A3FT4N", Mail: "shop@example.com",
		TrialTerm: &hooks.ColorMeTrialTerm{StartsAt: time.Unix(1565017200, 0), EndsAt: time.Unix(1567609200, 0)},
	}, secret)
	require.NoError(t, hooks.VerifyColorMe(event.Body, event.Header.Get(hooks.ColorMeSignatureHeader), secret))
	parsed, err := hooks.ParseColorMeInstall(event.Body)
	require.NoError(t, err)
	assert.Equal(t, int64(1567609200), parsed.TrialTerm.EndsAt.Unix())
	for _, answer := range []string{"", "ok", "{}", `{"redirect_url":""}`} {
		attempts, err := hookstest.Sender{}.Deliver(t.Context(), answering(t, &status, answer).URL, event)
		require.ErrorIs(t, err, hookstest.ErrRefused, answer)
		assert.Len(t, attempts, 1)
	}
	attempts, err := hookstest.Sender{}.Deliver(t.Context(), answering(t, &status, `{"redirect_url":"https://a.example"}`).URL, event)
	require.NoError(t, err)
	redirect, err := hookstest.RedirectURL(attempts[0])
	require.NoError(t, err)
	assert.Equal(t, "https://a.example", redirect)
}

// TestRedirectURLOfARefusal sends an install that a receiver refuses: the status says
// more than that its answer is not JSON.
func TestRedirectURLOfARefusal(t *testing.T) {
	t.Parallel()
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets:   []shotengai.Secret{secret},
		OnInstall: func(context.Context, *hooks.ColorMeInstall) (string, error) { return "https://a.example", nil },
	})
	require.NoError(t, err)
	server := httptest.NewServer(receiver.InstallHandler())
	defer server.Close()
	misshapen := hookstest.ColorMeInstall(hooks.ColorMeInstall{
		AccountID: "PA00000001", ApplicationChargeSourceID: "F3RN9A", RecurringApplicationChargeID: "contract-1", Mail: "shop@example.com",
	}, secret)
	_, err = hookstest.RedirectURL(hookstest.Sender{}.Send(t.Context(), server.URL, misshapen))
	require.ErrorIs(t, err, hookstest.ErrRefused)
	require.ErrorContains(t, err, "422")

	server.Close()
	unanswered := hookstest.Sender{}.Send(t.Context(), server.URL, misshapen)
	_, err = hookstest.RedirectURL(unanswered)
	require.Equal(t, unanswered.Err, err)
}

// TestPathIsJoined sends an event with a path token to an address with and without a
// slash at its end.
func TestPathIsJoined(t *testing.T) {
	t.Parallel()
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
	}))
	defer server.Close()
	event := hookstest.MakeShop(hooks.MakeShopUninstallKind, []byte("{}"), "token")
	for _, address := range []string{server.URL, server.URL + "/", server.URL + "/install", server.URL + "/install/"} {
		require.NoError(t, hookstest.Sender{}.Send(t.Context(), address, event).Err)
		req, err := event.Request(t.Context(), address)
		require.NoError(t, err)
		assert.Equal(t, paths[len(paths)-1], req.URL.Path)
	}
	assert.Equal(t, []string{"/token", "/token", "/install/token", "/install/token"}, paths)
}

func TestDeliverEndsWithItsContext(t *testing.T) {
	t.Parallel()
	status := http.StatusTeapot
	server := answering(t, &status, "")
	ctx, cancel := context.WithCancel(t.Context())
	sender := hookstest.Sender{Wait: func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}}
	attempts, err := sender.Deliver(ctx, server.URL, uninstall())
	require.ErrorIs(t, err, context.Canceled)
	assert.Len(t, attempts, 1)
}

func TestSendReportsFailures(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	attempt := hookstest.Sender{}.Send(t.Context(), server.URL, uninstall())
	require.Error(t, attempt.Err)
	assert.False(t, errors.Is(attempt.Err, hookstest.ErrRefused))
	assert.Zero(t, attempt.Status)
	require.Error(t, hookstest.Sender{}.Send(t.Context(), "::", uninstall()).Err)
}
