package hooks_test

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

// An install that the app has failed is given up by the platform. Its body, sent once more behind
// a newer install, does not put itself in that one's place.
func TestFailedInstallStaysBehindANewerOne(t *testing.T) {
	t.Parallel()
	clock := newClock()
	ledger := hooks.NewVolatileLedger(clock.Now)
	app, broken := newColorMeApp(t, ledger), &colorMeApp{}
	broken.server = httptest.NewServer(broken.handler(t, ledger))
	t.Cleanup(broken.server.Close)
	newer := install(1)
	newer.RecurringApplicationChargeID = "B4NEW1"

	assert.Equal(t, http.StatusInternalServerError, broken.send(t, "/install", hookstest.ColorMeInstall(install(1), secretNew)).Status)
	clock.advance(time.Hour)
	app.deliver(t, "/install", hookstest.ColorMeInstall(newer, secretNew))
	for range 2 {
		clock.advance(time.Hour)
		assert.Equal(t, http.StatusConflict, app.send(t, "/install", hookstest.ColorMeInstall(install(1), secretNew)).Status)
	}
	gone := uninstall(1, clock.Now())
	gone.RecurringApplicationChargeID = "B4NEW1"
	app.deliver(t, "/uninstall", hookstest.ColorMeUninstall(gone, secretNew))
	assert.Equal(t, http.StatusConflict, app.send(t, "/install", hookstest.ColorMeInstall(install(1), secretNew)).Status,
		"nor behind its uninstall")
	assert.Equal(t, []string{"install B4NEW1 attempt 1", "uninstall B4NEW1 attempt 1"}, app.takeLog())
	newer.RecurringApplicationChargeID = "B4NEW2"
	app.deliver(t, "/install", hookstest.ColorMeInstall(newer, secretNew))
}

// A ledger whose clock is behind the platform's, however far, refuses no shop that comes back.
func TestInstallAfterAnUninstallOfTheFuture(t *testing.T) {
	t.Parallel()
	clock := newClock()
	app := newColorMeApp(t, hooks.NewVolatileLedger(clock.Now))
	app.deliver(t, "/install", hookstest.ColorMeInstall(install(1), secretNew))
	clock.advance(time.Minute)
	gone := uninstall(1, clock.Now().AddDate(1, 0, 0))
	for range 2 {
		app.deliver(t, "/uninstall", hookstest.ColorMeUninstall(gone, secretNew))
	}
	clock.advance(time.Minute)
	again := install(1)
	again.RecurringApplicationChargeID = "B4NEW1"
	app.deliver(t, "/install", hookstest.ColorMeInstall(again, secretNew))
	assert.Len(t, app.takeLog(), 3, "each acts, once")
}

// Uninstalls of two contracts within a second are two, however long ago one of them was.
func TestUninstallsDifferByTheirContracts(t *testing.T) {
	t.Parallel()
	clock := newClock()
	app := newColorMeApp(t, hooks.NewVolatileLedger(clock.Now))
	for _, contract := range []string{"A3FT01", "B4NEW1"} {
		in, out := install(1), uninstall(1, clock.Now())
		in.RecurringApplicationChargeID, out.RecurringApplicationChargeID = contract, contract
		app.deliver(t, "/install", hookstest.ColorMeInstall(in, secretNew))
		app.deliver(t, "/uninstall", hookstest.ColorMeUninstall(out, secretNew))
	}
	assert.Equal(t, []string{
		"install A3FT01 attempt 1", "uninstall A3FT01 attempt 1", "install B4NEW1 attempt 1", "uninstall B4NEW1 attempt 1",
	}, app.takeLog())
}

// A ledger may be younger than the shops of the app. The uninstall of a contract that it has not
// seen ends that contract, also when it is late.
func TestUninstallEndsAContractThatTheLedgerHasNotSeen(t *testing.T) {
	t.Parallel()
	for _, reinstalled := range []bool{false, true} {
		clock := newClock()
		app := newColorMeApp(t, hooks.NewVolatileLedger(clock.Now))
		newer := install(1)
		newer.RecurringApplicationChargeID = "B4NEW1"
		if reinstalled {
			app.deliver(t, "/install", hookstest.ColorMeInstall(newer, secretNew))
		}
		app.uninstall(t, 1, clock.Now().Add(-time.Hour))
		clock.advance(time.Hour)
		assert.Equal(t, http.StatusConflict, app.send(t, "/install", hookstest.ColorMeInstall(install(1), secretNew)).Status, "%t", reinstalled)
	}
}

// A ledger of an older schema knows the newest event of a shop, and of no install that it has
// ended.
func TestUninstallInForceIsKnownByTheMark(t *testing.T) {
	t.Parallel()
	clock := newClock()
	ledger, at := hooks.NewVolatileLedger(clock.Now), clock.Now().Truncate(time.Second)
	app := newColorMeApp(t, ledger)
	old := hooks.Claim{ID: "old", Shop: "colorme/PA00000001", Owner: "a", Lease: time.Minute}
	_, err := ledger.Begin(t.Context(), old)
	require.NoError(t, err)
	mark := hooks.Mark{Kind: hooks.ColorMeUninstallKind, Ref: "A3FT0001", At: at}
	require.NoError(t, ledger.Finish(t.Context(), old, hooks.Outcome{Mark: mark}))
	app.uninstall(t, 1, at)
	assert.Empty(t, app.takeLog())
	other := uninstall(1, at)
	other.RecurringApplicationChargeID = "B4NEW1"
	app.deliver(t, "/uninstall", hookstest.ColorMeUninstall(other, secretNew))
	assert.Len(t, app.takeLog(), 1)
}

func TestFailedMakeShopInstallStaysBehindANewerOne(t *testing.T) {
	t.Parallel()
	clock, calls := newClock(), &recorder{}
	fails := true
	m, err := makeShopReceiver(addressed, setup{
		secrets: []shotengai.Secret{secretNew}, ledger: hooks.NewVolatileLedger(clock.Now), calls: calls,
		on: func(context.Context) error {
			if fails {
				return errors.New("no space left")
			}
			return nil
		},
	})
	require.NoError(t, err)
	send := func(body []byte) int {
		clock.advance(time.Hour)
		return serve(t, m.Handler(hooks.MakeShopInstallKind), addressed.event(hooks.MakeShopInstallKind, body, secretNew)).Code
	}
	old, newer := makeShopInstallEvent("PAT.1").Body, makeShopInstallEvent("PAT.2").Body
	assert.Equal(t, http.StatusInternalServerError, send(old))
	fails = false
	assert.Equal(t, http.StatusOK, send(newer))
	assert.Equal(t, http.StatusConflict, send(old))
	assert.Equal(t, 2, calls.count())
}

// The install in force, sent once more when the ledger has forgotten it, is not newer than the
// uninstall that is on its way.
func TestReplayedInstallOutdatesNoUninstall(t *testing.T) {
	t.Parallel()
	clock := newClock()
	app := newColorMeApp(t, hooks.NewVolatileLedger(clock.Now))
	in, out := install(1), uninstall(1, clock.Now().Add(8*24*time.Hour))
	in.RecurringApplicationChargeID, in.ApplicationChargeID, out.RecurringApplicationChargeID = "", "A3FT01", ""
	app.deliver(t, "/install", hookstest.ColorMeInstall(in, secretNew))
	clock.advance(8*24*time.Hour + time.Hour)
	app.deliver(t, "/install", hookstest.ColorMeInstall(in, secretNew))
	app.deliver(t, "/uninstall", hookstest.ColorMeUninstall(out, secretNew))
	assert.Equal(t, []string{"install A3FT01 attempt 1", "install A3FT01 attempt 2", "uninstall attempt 1"}, app.takeLog())
}

func TestReplayedMakeShopInstallOutdatesNoUninstall(t *testing.T) {
	t.Parallel()
	calls, start := &recorder{}, time.Now()
	clock := newClock()
	m, err := makeShopReceiver(signed, setup{
		secrets: []shotengai.Secret{secretNew}, ledger: hooks.NewVolatileLedger(clock.Now), calls: calls,
	})
	require.NoError(t, err)
	send := func(kind hooks.Kind, body []byte, at time.Time) {
		t.Helper()
		event := hookstest.SignMakeShop(hookstest.MakeShop(kind, body, ""), *bySignature(secretNew), at)
		assert.Equal(t, http.StatusOK, serve(t, m.Handler(kind), event).Code)
	}
	body := makeShopInstallEvent("PAT.1").Body
	send(hooks.MakeShopInstallKind, body, start.Add(-2*time.Minute))
	clock.advance(8 * 24 * time.Hour)
	send(hooks.MakeShopInstallKind, body, start) // signed anew
	send(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"ms1"}`), start.Add(-time.Minute))
	assert.Equal(t, 3, calls.count(), "the uninstall acts")
}
