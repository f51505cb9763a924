package hooks_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
	"github.com/shotengai/shotengai-go/hooks/redisledger"
)

// shop is the state that the app keeps of a shop.
type shop struct {
	mu       sync.Mutex
	contract string
	inside   int
	crossed  bool
}

func (s *shop) change(ctx context.Context, contract string) error {
	s.mu.Lock()
	s.inside++
	s.crossed = s.crossed || s.inside > 1
	s.mu.Unlock()
	err := dwell(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inside--
	s.contract = contract
	return err
}

// instance is one process of an app.
func instance(t *testing.T, ledger hooks.Ledger, state *shop) map[hooks.Kind]http.Handler {
	t.Helper()
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{killSecret},
		Ledger:  ledger,
		OnInstall: func(ctx context.Context, e *hooks.ColorMeInstall) (string, error) {
			return "https://app.example.com/", state.change(ctx, e.ContractID())
		},
		OnUninstall: func(ctx context.Context, _ *hooks.ColorMeUninstall) error { return state.change(ctx, "") },
	})
	require.NoError(t, err)
	return map[hooks.Kind]http.Handler{
		hooks.ColorMeInstallKind: receiver.InstallHandler(), hooks.ColorMeUninstallKind: receiver.UninstallHandler(),
	}
}

func installed(contract string) hookstest.Event {
	return hookstest.ColorMeInstall(hooks.ColorMeInstall{
		AccountID: account(1), ApplicationChargeSourceID: "F3RN9A", RecurringApplicationChargeID: contract, Mail: "shop@example.com",
	}, killSecret)
}

func uninstalled(contract string, at time.Time) hookstest.Event {
	return hookstest.ColorMeUninstall(hooks.ColorMeUninstall{
		AccountID: account(1), ApplicationChargeSourceID: "F3RN9A", RecurringApplicationChargeID: contract,
		UninstalledAt: at, Reason: hooks.ColorMeByShopOwner,
	}, killSecret)
}

// TestW33OverInstances sends the late uninstall of one contract and the install of the
// next to two instances at once, time and again: whatever comes first, the shop ends
// installed, and the two never work at the same time.
func TestW33OverInstances(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, _ := e.ledger(t, db)
		overInstances(t, ledger)
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		client, prefix := openRedis(t)
		ledger, err := redisledger.New(client, redisledger.WithPrefix(prefix))
		require.NoError(t, err)
		overInstances(t, ledger)
	})
}

func overInstances(t *testing.T, ledger hooks.Ledger) {
	t.Helper()
	for range 10 {
		state := &shop{}
		one, two := instance(t, ledger, state), instance(t, ledger, state)
		send := func(instance map[hooks.Kind]http.Handler, event hookstest.Event) {
			req, err := event.Request(t.Context(), "https://app.example.com/hook")
			if !assert.NoError(t, err) {
				return
			}
			w := httptest.NewRecorder()
			instance[event.Kind].ServeHTTP(w, req)
			assert.Equal(t, http.StatusOK, w.Code)
		}
		first, second := contract(), contract()
		send(one, installed(first))
		late := uninstalled(first, time.Now().Add(-time.Second))
		var both sync.WaitGroup
		both.Go(func() { send(one, late) })
		both.Go(func() { send(two, installed(second)) })
		both.Wait()
		assert.Equal(t, second, state.contract)
		assert.False(t, state.crossed)
		send(two, late)
		send(one, installed(second))
		assert.Equal(t, second, state.contract, "repeats change nothing")
		send(two, uninstalled(second, time.Now()))
		assert.Empty(t, state.contract)
	}
}

// TestW43OldContracts brings the two genuine bodies of an old contract back when the ledger
// has forgotten the events: a newer install stays, and the old one does not act again.
func TestW43OldContracts(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, e database, db *sql.DB) {
		ledger, prefix := e.ledger(t, db)
		oldContracts(t, ledger, func() {
			_, err := db.ExecContext(t.Context(), "UPDATE "+prefix+"events SET expires_at = 0, lease_until = 0")
			require.NoError(t, err)
			n, err := ledger.Purge(t.Context())
			require.NoError(t, err)
			assert.Positive(t, n)
		})
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		client, prefix := openRedis(t)
		ledger, err := redisledger.New(client, redisledger.WithPrefix(prefix))
		require.NoError(t, err)
		oldContracts(t, ledger, func() {
			keys, err := client.Keys(t.Context(), prefix+"*:e:*").Result()
			require.NoError(t, err)
			require.NotEmpty(t, keys)
			require.NoError(t, client.Del(t.Context(), keys...).Err())
		})
	})
}

func oldContracts(t *testing.T, ledger hooks.Ledger, forget func()) {
	t.Helper()
	state := &shop{}
	receiver := instance(t, ledger, state)
	send := func(event hookstest.Event, status int) {
		t.Helper()
		req, err := event.Request(t.Context(), "https://app.example.com/hook")
		require.NoError(t, err)
		w := httptest.NewRecorder()
		receiver[event.Kind].ServeHTTP(w, req)
		assert.Equal(t, status, w.Code)
	}
	old, newer := contract(), contract()
	gone := uninstalled(old, time.Now().Add(-time.Hour))
	send(installed(old), http.StatusOK)
	send(gone, http.StatusOK)
	assert.Empty(t, state.contract)
	send(installed(newer), http.StatusOK)
	for range 2 {
		forget()
		send(installed(old), http.StatusConflict)
		send(gone, http.StatusOK)
		assert.Equal(t, newer, state.contract, "the newer install is in force")
	}
	send(uninstalled(newer, time.Now()), http.StatusOK)
	assert.Empty(t, state.contract)
	forget()
	send(installed(newer), http.StatusConflict)
	assert.Empty(t, state.contract)
}

// contract returns an id in the platform's form.
func contract() string { return rand.Text()[:10] }
