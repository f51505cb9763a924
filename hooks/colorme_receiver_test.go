package hooks_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func itoa(n int) string { return strconv.Itoa(n) }

// colorMeApp is an app with both hooks that writes down what it does.
type colorMeApp struct {
	server   *httptest.Server
	redirect string
	slow     time.Duration

	mu  sync.Mutex
	log []string
}

func (a *colorMeApp) config(ledger hooks.Ledger) hooks.ColorMeConfig {
	return hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{secretNew},
		Ledger:  ledger,
		OnInstall: func(ctx context.Context, e *hooks.ColorMeInstall) (string, error) {
			a.note(ctx, "install", e.ContractID())
			return a.redirect, pause(ctx, a.slow)
		},
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			a.note(ctx, "uninstall", e.RecurringApplicationChargeID)
			return pause(ctx, a.slow)
		},
		OnLateUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			a.note(ctx, "late uninstall", e.RecurringApplicationChargeID)
			return nil
		},
	}
}

func (a *colorMeApp) note(ctx context.Context, what, contract string) {
	d, _ := hooks.DeliveryFrom(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.log = append(a.log, strings.TrimSpace(fmt.Sprintf("%s %s", what, contract))+" attempt "+itoa(d.Attempt))
}

func (a *colorMeApp) takeLog() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	log := a.log
	a.log = nil
	return log
}

func (a *colorMeApp) handler(t *testing.T, ledger hooks.Ledger) http.Handler {
	t.Helper()
	receiver, err := hooks.NewColorMe(a.config(ledger))
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/install", receiver.InstallHandler())
	mux.Handle("/uninstall", receiver.UninstallHandler())
	return mux
}

func newColorMeApp(t *testing.T, ledger hooks.Ledger) *colorMeApp {
	t.Helper()
	a := &colorMeApp{redirect: landing}
	a.server = httptest.NewServer(a.handler(t, ledger))
	t.Cleanup(a.server.Close)
	return a
}

func (a *colorMeApp) send(t *testing.T, path string, e hookstest.Event) hookstest.Attempt {
	t.Helper()
	return hookstest.Sender{}.Send(t.Context(), a.server.URL+path, e)
}

func (a *colorMeApp) deliver(t *testing.T, path string, e hookstest.Event) hookstest.Attempt {
	t.Helper()
	attempt := a.send(t, path, e)
	require.NoError(t, attempt.Err)
	return attempt
}

func (a *colorMeApp) install(t *testing.T, n int) {
	t.Helper()
	a.deliver(t, "/install", hookstest.ColorMeInstall(install(n), secretNew))
}

func (a *colorMeApp) uninstall(t *testing.T, n int, at time.Time) {
	t.Helper()
	a.deliver(t, "/uninstall", hookstest.ColorMeUninstall(uninstall(n, at), secretNew))
}

func TestW32LateUninstall(t *testing.T) {
	t.Parallel()
	const shop = "PA00000001"
	reinstalled := func(oneTime bool) hooks.ColorMeInstall {
		e := install(1)
		e.RecurringApplicationChargeID = "B4NEW1"
		if oneTime {
			e.RecurringApplicationChargeID, e.ApplicationChargeID = "", "B4NEW1"
		}
		return e
	}
	for name, row := range map[string]struct {
		oneTime  bool
		contract string
		at       time.Duration // of the uninstall, after the re-install
		expected string
	}{
		"an hour before":                    {false, "A3FT0001", -time.Hour, "late uninstall A3FT0001 attempt 1"},
		"a second before":                   {false, "A3FT0001", -time.Second, "late uninstall A3FT0001 attempt 1"},
		"the old contract by a fast clock":  {false, "A3FT0001", 2 * time.Minute, "late uninstall A3FT0001 attempt 1"},
		"an unknown contract, much later":   {false, "C5LOST1", time.Hour, "uninstall C5LOST1 attempt 1"},
		"the new contract":                  {false, "B4NEW1", time.Hour, "uninstall B4NEW1 attempt 1"},
		"the new contract by a slow clock":  {false, "B4NEW1", -2 * time.Minute, "uninstall B4NEW1 attempt 1"},
		"no contract, well before":          {true, "", -5*time.Minute - time.Second, "late uninstall attempt 1"},
		"W44 no contract by a slow clock":   {true, "", -2 * time.Minute, "uninstall attempt 1"},
		"no contract, in the same second":   {true, "", 0, "uninstall attempt 1"},
		"no contract, after the re-install": {true, "", time.Hour, "uninstall attempt 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newClock()
			app := newColorMeApp(t, hooks.NewVolatileLedger(clock.Now))
			app.install(t, 1)
			clock.advance(24*time.Hour + 700*time.Millisecond)
			app.deliver(t, "/install", hookstest.ColorMeInstall(reinstalled(row.oneTime), secretNew))
			app.takeLog()

			late := uninstall(1, clock.Now().Truncate(time.Second).Add(row.at))
			late.AccountID, late.RecurringApplicationChargeID = shop, row.contract
			app.deliver(t, "/uninstall", hookstest.ColorMeUninstall(late, secretNew))
			assert.Equal(t, []string{row.expected}, app.takeLog())
			app.deliver(t, "/uninstall", hookstest.ColorMeUninstall(late, secretNew))
			assert.Empty(t, app.takeLog(), "whatever it was, once")
		})
	}
}

// TestW32OverAllResends lets the platform resend an uninstall for two days to an app
// that is down, while the shop installs the app again.
func TestW32OverAllResends(t *testing.T) {
	t.Parallel()
	clock := newClock()
	ledger := hooks.NewVolatileLedger(clock.Now)
	app := newColorMeApp(t, ledger)
	app.install(t, 1)
	uninstalledAt := clock.Now().Add(time.Hour)
	down := true
	flaky := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		app.server.Config.Handler.ServeHTTP(w, r)
	}))
	defer flaky.Close()

	delivery := hookstest.Delivery{
		URL:   flaky.URL + "/uninstall",
		Event: hookstest.ColorMeUninstall(uninstall(1, uninstalledAt), secretNew),
	}
	for wait, more := delivery.Next(); more; wait, more = delivery.Next() {
		clock.advance(wait)
		if len(delivery.Attempts) == 19 {
			again := install(1)
			again.RecurringApplicationChargeID = "B4NEW1"
			app.deliver(t, "/install", hookstest.ColorMeInstall(again, secretNew))
			down = false
		}
		delivery.Try(t.Context())
	}
	assert.Len(t, delivery.Attempts, 20)
	assert.True(t, delivery.Attempts[19].Accepted())
	assert.Equal(t, []string{
		"install A3FT0001 attempt 1", "install B4NEW1 attempt 1", "late uninstall A3FT0001 attempt 1",
	}, app.takeLog())
}

// TestW43OldContracts lets a shop install, uninstall and install again, in each kind of
// contract. Weeks later the two genuine bodies of the first contract come back, in either
// order and more than once, and the newer install stays.
func TestW43OldContracts(t *testing.T) {
	t.Parallel()
	const week = 7*24*time.Hour + time.Minute
	installBody := func(contract string, oneTime bool) hookstest.Event {
		e := install(1)
		e.RecurringApplicationChargeID, e.ApplicationChargeID = contract, ""
		if oneTime {
			e.RecurringApplicationChargeID, e.ApplicationChargeID = "", contract
		}
		return hookstest.ColorMeInstall(e, secretNew)
	}
	uninstallBody := func(contract string, oneTime bool, at time.Time) hookstest.Event {
		e := uninstall(1, at)
		e.RecurringApplicationChargeID = contract
		if oneTime {
			e.RecurringApplicationChargeID = ""
		}
		return hookstest.ColorMeUninstall(e, secretNew)
	}
	for name, row := range map[string]struct{ old, newer, late bool }{
		"a contract, then a contract":           {},
		"a contract, then a purchase":           {newer: true},
		"a purchase, then a contract":           {old: true},
		"a purchase, then a purchase":           {old: true, newer: true},
		"late: a contract, then a contract":     {late: true},
		"late: a purchase, then a purchase":     {old: true, newer: true, late: true},
		"late: a contract, then a purchase":     {newer: true, late: true},
		"late: a purchase, then a new contract": {old: true, late: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newClock()
			app := newColorMeApp(t, hooks.NewVolatileLedger(clock.Now))
			in := installBody("A3OLD1", row.old)
			app.deliver(t, "/install", in)
			clock.advance(time.Hour)
			out := uninstallBody("A3OLD1", row.old, clock.Now())
			if !row.late {
				app.deliver(t, "/uninstall", out)
			}
			clock.advance(time.Hour)
			app.deliver(t, "/install", installBody("B4NEW1", row.newer))
			if row.late {
				app.deliver(t, "/uninstall", out)
			}
			require.Len(t, app.takeLog(), 3)

			for range 2 {
				clock.advance(week)
				for _, order := range [][2]string{{"/install", "/uninstall"}, {"/uninstall", "/install"}} {
					for _, path := range order {
						if path == "/uninstall" {
							assert.Equal(t, http.StatusOK, app.send(t, path, out).Status)
							continue
						}
						assert.Equal(t, http.StatusConflict, app.send(t, path, in).Status)
					}
				}
				assert.Empty(t, app.takeLog())
			}

			clock.advance(time.Hour)
			app.deliver(t, "/uninstall", uninstallBody("B4NEW1", row.newer, clock.Now()))
			assert.Len(t, app.takeLog(), 1, "the newer install is in force, and its own uninstall acts")
			clock.advance(week)
			assert.Equal(t, http.StatusConflict, app.send(t, "/install", installBody("B4NEW1", row.newer)).Status)
			app.deliver(t, "/install", installBody("C5NEW1", row.newer))
			assert.Len(t, app.takeLog(), 1, "a third contract")
		})
	}
}

func TestW32WithoutLateFunction(t *testing.T) {
	t.Parallel()
	app := &colorMeApp{redirect: landing}
	config := app.config(nil)
	config.OnLateUninstall = nil
	receiver, err := hooks.NewColorMe(config)
	require.NoError(t, err)
	for _, e := range []struct {
		handler http.Handler
		event   hookstest.Event
	}{
		{receiver.InstallHandler(), hookstest.ColorMeInstall(install(1), secretNew)},
		{receiver.UninstallHandler(), hookstest.ColorMeUninstall(func() hooks.ColorMeUninstall {
			late := uninstall(1, time.Unix(1552022740, 0))
			late.RecurringApplicationChargeID = "A3OLD1"
			return late
		}(), secretNew)},
	} {
		req, err := e.event.Request(t.Context(), "")
		require.NoError(t, err)
		w := httptest.NewRecorder()
		e.handler.ServeHTTP(w, req)
		assert.Equal(t, http.StatusOK, w.Code)
	}
	assert.Equal(t, []string{"install A3FT0001 attempt 1"}, app.takeLog())
	assert.Equal(t, int64(1), receiver.Counts()[hooks.Late])
}

// TestW33InstallAndUninstallInParallel lets two instances with one ledger receive the
// two hooks of one shop at the same moment, in either order.
func TestW33InstallAndUninstallInParallel(t *testing.T) {
	t.Parallel()
	for name, paths := range map[string][2]string{
		"install first": {"/install", "/uninstall"}, "uninstall first": {"/uninstall", "/install"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ledger := hooks.NewVolatileLedger(nil)
				app := &colorMeApp{redirect: landing, slow: 2 * time.Second}
				instances := [2]http.Handler{app.handler(t, ledger), app.handler(t, ledger)}
				events := map[string]hookstest.Event{
					"/install": hookstest.ColorMeInstall(install(1), secretNew),
					"/uninstall": hookstest.ColorMeUninstall(func() hooks.ColorMeUninstall {
						old := uninstall(1, time.Now().Add(-time.Hour))
						old.RecurringApplicationChargeID = "A3OLD1"
						return old
					}(), secretNew),
				}
				start := time.Now()
				var done [2]<-chan *httptest.ResponseRecorder
				for i, path := range paths {
					req, err := events[path].Request(t.Context(), path)
					require.NoError(t, err)
					w := httptest.NewRecorder()
					ch := make(chan *httptest.ResponseRecorder, 1)
					done[i] = ch
					go func() {
						instances[i].ServeHTTP(w, req)
						ch <- w
					}()
					synctest.Wait()
				}
				assert.Equal(t, http.StatusOK, (<-done[0]).Code)
				assert.Equal(t, http.StatusOK, (<-done[1]).Code)
				log := app.takeLog()
				if paths[0] == "/install" {
					assert.Equal(t, []string{"install A3FT0001 attempt 1", "late uninstall A3OLD1 attempt 1"}, log)
				} else {
					assert.Equal(t, []string{"uninstall A3OLD1 attempt 1", "install A3FT0001 attempt 1"}, log)
					assert.GreaterOrEqual(t, time.Since(start), 4*time.Second, "one after the other")
				}
			})
		})
	}
}

func TestW34RedirectURL(t *testing.T) {
	t.Parallel()
	app := &colorMeApp{}
	config := app.config(nil)
	config.RedirectHosts = []string{"app.example.com"}
	var reason error
	config.Options.Observe = observeReason(&reason)
	receiver, err := hooks.NewColorMe(config)
	require.NoError(t, err)
	config.RedirectHosts[0] = "evil.example.net" // the receiver has a list of its own
	longest := "https://app.example.com/" + strings.Repeat("a", hooks.MaxResult-len(`{"redirect_url":"https://app.example.com/"}`))
	for _, redirect := range []string{
		"", "http://app.example.com/", "/welcome", "app.example.com/", "https://", "https:app.example.com",
		"https://evil.example.net/", "https://app.example.com@evil.example.net/", "https://u:p@app.example.com/",
		"javascript:alert(1)", "https://app.example.com:8443/", "https://app.example.com/\x7f",
		longest + "a",
	} {
		app.redirect = redirect
		req, err := hookstest.ColorMeInstall(install(1), secretNew).Request(t.Context(), "")
		require.NoError(t, err)
		w := httptest.NewRecorder()
		receiver.InstallHandler().ServeHTTP(w, req)
		assert.Equal(t, http.StatusInternalServerError, w.Code, redirect)
		require.ErrorIs(t, reason, hooks.ErrRedirectURL, redirect)
	}
	for i, redirect := range []string{"https://APP.example.com/start", longest} {
		app.redirect = redirect
		w := serve(t, receiver.InstallHandler(), hookstest.ColorMeInstall(install(i+1), secretNew))
		assert.Equal(t, http.StatusOK, w.Code)
		assert.JSONEq(t, `{"redirect_url":"`+redirect+`"}`, w.Body.String())
		assert.Equal(t, itoa(w.Body.Len()), w.Header().Get("Content-Length"))
		assert.Empty(t, w.Header().Get("Connection"), "it is kept")
	}
}

// TestW34RedirectURLInsecure lets http in on this machine, and only when it is asked for.
func TestW34RedirectURLInsecure(t *testing.T) {
	t.Parallel()
	for redirect, local := range map[string]bool{
		"http://localhost:8080/login": true, "http://127.0.0.1/login": true, "http://[::1]:8080/login": true,
		"http://app.example.com/login": false, "http://localhost.example.com/": false, "http://127.0.0.1.example.com/": false,
		"http://192.168.0.1/login": false, "http://0.0.0.0/login": false, "http://u:p@localhost/": false, "ftp://localhost/": false,
	} {
		for _, insecure := range []bool{false, true} {
			app := &colorMeApp{redirect: redirect}
			config := app.config(nil)
			config.Insecure = insecure
			receiver, err := hooks.NewColorMe(config)
			require.NoError(t, err)
			code := serve(t, receiver.InstallHandler(), hookstest.ColorMeInstall(install(1), secretNew)).Code
			assert.Equal(t, insecure && local, code == http.StatusOK, "%s, insecure: %t", redirect, insecure)
			app.redirect = landing
			code = serve(t, receiver.InstallHandler(), hookstest.ColorMeInstall(install(2), secretNew)).Code
			assert.Equal(t, http.StatusOK, code, "https, insecure: %t", insecure)
		}
	}
}

// TestW34SameRedirectForDuplicates changes the app between two deliveries: the answer
// must not change, or the platform aborts the install.
func TestW34SameRedirectForDuplicates(t *testing.T) {
	t.Parallel()
	app := newColorMeApp(t, nil)
	event := hookstest.ColorMeInstall(install(1), secretNew)
	first := app.deliver(t, "/install", event)
	app.redirect = "https://app.example.com/other"
	second := app.deliver(t, "/install", event)
	assert.Equal(t, string(first.Body), string(second.Body))
	assert.Equal(t, "application/json", second.Header.Get("Content-Type"))
	redirect, err := hookstest.RedirectURL(second)
	require.NoError(t, err)
	assert.Equal(t, landing, redirect)

	again := install(1)
	again.RecurringApplicationChargeID = "B4NEW1"
	third := app.deliver(t, "/install", hookstest.ColorMeInstall(again, secretNew))
	assert.NotEqual(t, string(first.Body), string(third.Body), "a new contract is a new install")
}

func TestNewColorMeRefusesOptions(t *testing.T) {
	t.Parallel()
	for _, options := range []hooks.Options{
		{BodyLimit: -1}, {BodyMemory: -1}, {BodyLimit: 100, BodyMemory: 200}, {ReadTimeout: -1}, {Lease: -1}, {Wait: -1}, {App: "two words"}, {App: strings.Repeat("a", 65)},
	} {
		_, err := hooks.NewColorMe(hooks.ColorMeConfig{
			Secrets: []shotengai.Secret{secretNew}, Options: options,
			OnUninstall: func(context.Context, *hooks.ColorMeUninstall) error { return nil },
		})
		require.ErrorIs(t, err, hooks.ErrConfig)
	}
}

func TestColorMeWithoutFunction(t *testing.T) {
	t.Parallel()
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets:     []shotengai.Secret{secretNew},
		OnUninstall: func(context.Context, *hooks.ColorMeUninstall) error { return nil },
	})
	require.NoError(t, err)
	req, err := hookstest.ColorMeInstall(install(1), secretNew).Request(t.Context(), "")
	require.NoError(t, err)
	w := httptest.NewRecorder()
	receiver.InstallHandler().ServeHTTP(w, req)
	assert.Equal(t, http.StatusNotImplemented, w.Code, "the sender must not take it for handled")
}

func TestAppsShareALedger(t *testing.T) {
	t.Parallel()
	ledger := hooks.NewVolatileLedger(nil)
	calls := &recorder{}
	for _, app := range []string{"mailer", "printer"} {
		sub := colorMeInstallSubject()
		handler, err := sub.build(setup{secrets: []shotengai.Secret{secretNew}, ledger: ledger, calls: calls, options: hooks.Options{App: app}})
		require.NoError(t, err)
		req, err := sub.event(1, secretNew).Request(t.Context(), "")
		require.NoError(t, err)
		handler.ServeHTTP(httptest.NewRecorder(), req)
		assert.Equal(t, app+"/colorme/PA00000001", calls.last().Shop)
		assert.Equal(t, app+"/colorme/install/PA00000001/A3FT0001", calls.last().ID)
	}
	assert.Equal(t, 2, calls.count())
}
