package hookstest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// The fakes of the platforms are written from the platforms' pages, and so is this
// package: what both send has to be the same, and the receivers have to take it.

// recording writes down what reaches a handler.
type recording struct {
	next     http.Handler
	received []hookstest.Event
}

func (r *recording) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	header := req.Header.Clone()
	for _, name := range []string{"User-Agent", "Accept-Encoding", "Content-Length", "Connection"} {
		header.Del(name)
	}
	r.received = append(r.received, hookstest.Event{Header: header, Body: body})
	again, err := hookstest.Event{Header: header, Body: body}.Request(req.Context(), "https://app.example.com"+req.URL.Path)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.next.ServeHTTP(w, again)
}

func record(t *testing.T, routes map[string]http.Handler) (*recording, string) {
	t.Helper()
	mux, err := hooks.NewMux(routes)
	require.NoError(t, err)
	app := &recording{next: mux}
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	return app, server.URL
}

// same holds an event of this package to what a fake has sent: the header, and the
// members of the body.
func same(t *testing.T, sent, built hookstest.Event, headers ...string) {
	t.Helper()
	assert.JSONEq(t, string(sent.Body), string(built.Body))
	for _, name := range append(headers, "Content-Type") {
		assert.Len(t, sent.Header.Values(name), 1, name)
		assert.Len(t, built.Header.Values(name), 1, name)
	}
	assert.Len(t, built.Header, len(sent.Header))
}

func TestColorMeIsAsTheFake(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]colormetest.PlanKind{
		"free": colormetest.Free, "one time": colormetest.OneTime, "metered": colormetest.MonthlyMetered,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			colorMeIsAsTheFake(t, kind)
		})
	}
}

func colorMeIsAsTheFake(t *testing.T, kind colormetest.PlanKind) {
	t.Helper()
	noon := time.Date(2026, 10, 10, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return noon }
	var log []string
	down := true
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{secret},
		Ledger:  hooks.NewVolatileLedger(clock),
		OnInstall: func(_ context.Context, e *hooks.ColorMeInstall) (string, error) {
			log = append(log, "install "+e.ContractID())
			return "https://app.example.com/login", nil
		},
		OnUninstall: func(_ context.Context, e *hooks.ColorMeUninstall) error {
			if down {
				return context.DeadlineExceeded
			}
			log = append(log, "uninstall "+e.RecurringApplicationChargeID)
			return nil
		},
	})
	require.NoError(t, err)
	app, url := record(t, map[string]http.Handler{
		"/install": receiver.InstallHandler(), "/uninstall": receiver.UninstallHandler(),
	})
	srv := colormetest.NewServer(colormetest.WithClock(clock), colormetest.WithApp(colormetest.App{
		Plans:      []colormetest.Plan{{ID: "PLAN01", Kind: kind}},
		InstallURL: url + "/install", UninstallURL: url + "/uninstall", WebhookSecret: secret,
	}))
	t.Cleanup(srv.Close)

	installed, err := srv.Install(t.Context(), srv.Shop(), "PLAN01")
	require.NoError(t, err)
	assert.Equal(t, "https://app.example.com/login", installed.RedirectURL)
	install, err := hooks.ParseColorMeInstall(app.received[0].Body)
	require.NoError(t, err)
	same(t, app.received[0], hookstest.ColorMeInstall(*install, secret), hooks.ColorMeSignatureHeader)

	_, err = srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByUnpaid)
	require.NoError(t, err)
	uninstall, err := hooks.ParseColorMeUninstall(app.received[1].Body)
	require.NoError(t, err)
	built := hookstest.ColorMeUninstall(*uninstall, secret)
	same(t, app.received[1], built, hooks.ColorMeSignatureHeader)

	// The fake resends by its clock; the last one is taken.
	srv.Advance(47*time.Hour + 29*time.Minute)
	down = false
	srv.Advance(24 * time.Hour)
	deliveries := srv.HookDeliveries()[1:]
	var schedule hookstest.Schedule
	for i, d := range deliveries[1:] {
		schedule = append(schedule, d.Time.Sub(deliveries[i].Time))
	}
	assert.Equal(t, built.Resend, schedule)
	assert.Equal(t, http.StatusOK, deliveries[len(deliveries)-1].Status)
	assert.Equal(t, []string{"install " + install.ContractID(), "uninstall " + install.RecurringApplicationChargeID}, log)
}

func TestMakeShopIsAsTheFake(t *testing.T) {
	t.Parallel()
	signature := hooks.MakeShopSignature{Secrets: []shotengai.Secret{secret}}
	kinds := []hooks.Kind{
		hooks.MakeShopTrialRenewalKind, hooks.MakeShopTrialRenewalSucceededKind, hooks.MakeShopTrialRenewalFailedKind,
		hooks.MakeShopMonthlyRenewalKind, hooks.MakeShopMonthlyRenewalSucceededKind, hooks.MakeShopMonthlyRenewalFailedKind,
		hooks.MakeShopPlanChangeKind, hooks.MakeShopCancelKind, hooks.MakeShopRepaymentExceededKind,
		hooks.MakeShopFreePaymentKind, hooks.MakeShopFreePaymentSucceededKind, hooks.MakeShopFreePaymentFailedKind,
		hooks.MakeShopOrderUpdateKind, hooks.MakeShopMemberUpdateKind, hooks.MakeShopProductUpdateKind, hooks.MakeShopConsentRenewedKind,
	}
	var seen []hooks.Kind
	note := func(_ context.Context, e *hooks.MakeShopEvent) error {
		seen = append(seen, e.Kind)
		return nil
	}
	config := hooks.MakeShopConfig{
		Signature: &signature,
		OnInstall: func(context.Context, *hooks.MakeShopInstall) error {
			seen = append(seen, hooks.MakeShopInstallKind)
			return nil
		},
		OnUninstall: note,
		On:          map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{},
	}
	for _, kind := range kinds {
		config.On[kind.Event()] = note
	}
	receiver, err := hooks.NewMakeShop(config)
	require.NoError(t, err)
	all := slices.Concat([]hooks.Kind{hooks.MakeShopInstallKind}, kinds, []hooks.Kind{hooks.MakeShopUninstallKind})
	routes := map[string]http.Handler{}
	for _, kind := range all {
		routes["/"+string(kind)] = receiver.Handler(kind)
	}
	app, url := record(t, routes)

	srv := makeshoptest.NewServer()
	t.Cleanup(srv.Close)
	registered := srv.App()
	registered.WebhookSecret = secret
	for _, kind := range all {
		registered.HookURLs[string(kind)] = url + "/" + string(kind)
	}
	srv.SetApp(registered)
	_, err = srv.Install(t.Context(), srv.Shop(), 7)
	require.NoError(t, err)
	for _, kind := range kinds {
		d := srv.Notify(t.Context(), srv.Shop(), string(kind), nil)
		require.NoError(t, d.Err)
		assert.Equal(t, http.StatusOK, d.Status, kind)
	}
	_, err = srv.Uninstall(t.Context(), srv.Shop())
	require.NoError(t, err)
	assert.Equal(t, all, seen)

	install, err := hooks.ParseMakeShopInstall(app.received[0].Body)
	require.NoError(t, err)
	sign := func(kind hooks.Kind, body []byte) hookstest.Event {
		return hookstest.SignMakeShop(hookstest.MakeShop(kind, body, ""), signature, srv.Now())
	}
	headers := []string{hooks.MakeShopSignatureHeader, hooks.MakeShopTimestampHeader}
	same(t, app.received[0], sign(hooks.MakeShopInstallKind, hookstest.MakeShopInstallBody(*install)), headers...)
	last := app.received[len(app.received)-1]
	uninstall, err := hooks.ParseMakeShopEvent(hooks.MakeShopUninstallKind, last.Body)
	require.NoError(t, err)
	same(t, last, sign(hooks.MakeShopUninstallKind, hookstest.MakeShopEventBody(*uninstall)), headers...)
}

func TestRakutenIsAsTheFake(t *testing.T) {
	t.Parallel()
	var orders *hooks.RakutenOrders
	var notices *hooks.RakutenNotices
	receiver, err := hooks.NewRakuten(hooks.RakutenConfig{
		AuthKeys: []shotengai.Secret{secret},
		OnOrders: func(_ context.Context, e *hooks.RakutenOrders) error {
			orders = e
			return nil
		},
		OnNotices: func(_ context.Context, e *hooks.RakutenNotices) error {
			notices = e
			return nil
		},
	})
	require.NoError(t, err)
	app, url := record(t, map[string]http.Handler{"/rakuten": receiver.Handler()})
	srv := rakutentest.NewServer()
	t.Cleanup(srv.Close)
	to := rakutentest.Receiver{URL: url + "/rakuten", ContractID: "c1", ShopURL: "tea-house", AuthKey: secret}
	number := srv.Shop().AddOrder(nil)
	code, err := srv.NotifyOrders(to, srv.Shop(), number)
	require.NoError(t, err)
	assert.Equal(t, hooks.RakutenAccepted, code)
	code, err = srv.Notify(to, int(hooks.RakutenOrderChanged), "orderNumber", number)
	require.NoError(t, err)
	assert.Equal(t, hooks.RakutenAccepted, code)

	assert.Equal(t, number, orders.Orders[0].OrderNumber)
	assert.Equal(t, hooks.RakutenShop{ContractID: "c1", ShopURL: "tea-house"}, orders.Shop)
	assert.Equal(t, hooks.RakutenValue{Name: "orderNumber", Value: number}, notices.Notices[0].Values[0])
	// Read again, what this package builds is what the fake has sent.
	again, err := hooks.ParseRakutenOrders(hookstest.RakutenOrders(*orders, secret).Body)
	require.NoError(t, err)
	assert.Equal(t, orders.Orders, again.Orders)
	more, err := hooks.ParseRakutenNotices(hookstest.RakutenNotices(*notices, secret).Body)
	require.NoError(t, err)
	assert.Equal(t, notices.Notices, more.Notices)
	assert.Equal(t, app.received[0].Header, hookstest.RakutenOrders(*orders, secret).Header)

	to.AuthKey = "a guess"
	code, err = srv.NotifyOrders(to, srv.Shop(), number)
	require.NoError(t, err)
	assert.Equal(t, hooks.RakutenBadAuthKey, code)
}
