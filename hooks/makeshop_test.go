package hooks_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
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

func TestParseMakeShopInstall(t *testing.T) {
	t.Parallel()
	body := `{"app_id":7,"plan_id":"11","app_name":"在庫","shop_id":"ms0001","token":"PAT.0f","client_id":"c","client_secret":"cs-secret","later":1}`
	e, err := hooks.ParseMakeShopInstall([]byte(body))
	require.NoError(t, err)
	assert.Equal(t, int64(7), e.AppID)
	assert.Equal(t, int64(11), e.PlanID, "a numeric text is an id too")
	assert.Equal(t, "在庫", e.AppName)
	assert.Equal(t, "ms0001", e.ShopID)
	assert.Equal(t, "PAT.0f", e.Token.Reveal())
	assert.Equal(t, "c", e.ClientID)
	assert.Equal(t, "cs-secret", e.ClientSecret.Reveal())
	assert.Equal(t, body, string(e.Raw))
	numeric, err := hooks.ParseMakeShopInstall([]byte(`{"app_id":7,"plan_id":1,"shop_id":12,"token":"t"}`))
	require.NoError(t, err)
	assert.Equal(t, "12", numeric.ShopID)
	for _, bad := range []string{
		`{"app_id":1.5}`, `{"app_id":true}`, `{"shop_id":[]}`, `{"token":1}`,
		`{"app_id":7,"plan_id":1,"shop_id":12,"token":"t","token":"u"}`, `{"app_id":7,"plan_id":1,"shop_id":12,"token":"t","client_id":1}`,
	} {
		_, err := hooks.ParseMakeShopInstall([]byte(bad))
		require.ErrorIs(t, err, hooks.ErrPayload, bad)
	}
}

func TestParseMakeShopEvent(t *testing.T) {
	t.Parallel()
	e, err := hooks.ParseMakeShopEvent(hooks.MakeShopOrderUpdateKind, []byte(`{"orders":[{"number":"1"}]}`))
	require.NoError(t, err)
	assert.Empty(t, e.ShopID, "no field of it is certain")
	var own struct{ Orders []struct{ Number string } }
	require.NoError(t, e.Decode(&own))
	assert.Equal(t, "1", own.Orders[0].Number)
	require.ErrorIs(t, e.Decode(&struct{ Orders int }{}), hooks.ErrPayload)
}

func TestMakeShopKinds(t *testing.T) {
	t.Parallel()
	assert.Equal(t, hooks.MakeShopMonthlyRenewalKind, hooks.MakeShopMonthlyRenewalFailedKind.Event())
	assert.Equal(t, hooks.MakeShopFailure, hooks.MakeShopMonthlyRenewalFailedKind.Result())
	assert.Equal(t, hooks.MakeShopSuccess, hooks.MakeShopFreePaymentSucceededKind.Result())
	assert.Equal(t, hooks.MakeShopPlanChangeKind, hooks.MakeShopPlanChangeKind.Event())
	assert.Empty(t, hooks.MakeShopPlanChangeKind.Result())
}

// The table of the requirements page: six plan types, with one plan and with several, in
// the edition before June 2024 and in the one since.
func TestRequiredEvents(t *testing.T) {
	t.Parallel()
	const (
		install, uninstall = hooks.MakeShopInstallKind, hooks.MakeShopUninstallKind
		monthly, trial     = hooks.MakeShopMonthlyRenewalKind, hooks.MakeShopTrialRenewalKind
		change, cancel     = hooks.MakeShopPlanChangeKind, hooks.MakeShopCancelKind
		exceeded           = hooks.MakeShopRepaymentExceededKind
		payment            = hooks.MakeShopFreePaymentKind
	)
	one, several := hooks.MakeShopPlanOptions{}, hooks.MakeShopPlanOptions{SeveralPlans: true}
	for _, row := range []struct {
		plan     hooks.MakeShopPlanType
		options  hooks.MakeShopPlanOptions
		expected []hooks.Kind
		later    []hooks.Kind // beside expected, since June 2024
	}{
		{hooks.MakeShopPlanFree, one, []hooks.Kind{install, uninstall}, nil},
		{hooks.MakeShopPlanFree, several, []hooks.Kind{install, uninstall}, nil},
		{hooks.MakeShopPlanSubscription, one, []hooks.Kind{install, uninstall, monthly, cancel}, []hooks.Kind{exceeded}},
		{hooks.MakeShopPlanSubscription, several, []hooks.Kind{install, uninstall, monthly, change, cancel}, []hooks.Kind{exceeded}},
		{hooks.MakeShopPlanSubscriptionInitial, one, []hooks.Kind{install, uninstall, monthly, cancel}, []hooks.Kind{exceeded}},
		{hooks.MakeShopPlanSubscriptionInitial, several, []hooks.Kind{install, uninstall, monthly, change, cancel}, []hooks.Kind{exceeded}},
		{hooks.MakeShopPlanSubscriptionTrial, one, []hooks.Kind{install, uninstall, trial, monthly, cancel}, []hooks.Kind{exceeded}},
		{hooks.MakeShopPlanSubscriptionTrial, several, []hooks.Kind{install, uninstall, trial, monthly, change, cancel}, []hooks.Kind{exceeded}},
		{hooks.MakeShopPlanSubscriptionInitialTrial, one, []hooks.Kind{install, uninstall, trial, monthly, cancel}, []hooks.Kind{exceeded}},
		{hooks.MakeShopPlanSubscriptionInitialTrial, several, []hooks.Kind{install, uninstall, trial, monthly, change, cancel}, []hooks.Kind{exceeded}},
		{hooks.MakeShopPlanOutside, one, []hooks.Kind{install, uninstall}, nil},
		{hooks.MakeShopPlanOutside, several, []hooks.Kind{install, uninstall}, nil},
	} {
		kinds, err := hooks.RequiredEvents(row.plan, row.options)
		require.NoError(t, err)
		assert.Equal(t, row.expected, kinds, "%s %+v", row.plan, row.options)

		row.options.AsOf = hooks.MakeShopEdition202406
		kinds, err = hooks.RequiredEvents(row.plan, row.options)
		require.NoError(t, err)
		assert.Equal(t, slices.Concat(row.expected, row.later), kinds, "%s %+v", row.plan, row.options)

		row.options.FreePaymentAPI = true
		kinds, err = hooks.RequiredEvents(row.plan, row.options)
		require.NoError(t, err)
		if row.plan != hooks.MakeShopPlanOutside {
			row.later = append(row.later, payment)
		}
		assert.Equal(t, slices.Concat(row.expected, row.later), kinds, "%s %+v", row.plan, row.options)
	}
	kinds, err := hooks.RequiredEvents(hooks.MakeShopPlanFreePayment, hooks.MakeShopPlanOptions{AsOf: hooks.MakeShopEdition202406})
	require.NoError(t, err)
	assert.Equal(t, []hooks.Kind{install, uninstall, exceeded, payment}, kinds)

	for _, row := range []struct {
		plan    hooks.MakeShopPlanType
		options hooks.MakeShopPlanOptions
	}{
		{"rental", one},
		{"", one},
		{hooks.MakeShopPlanFreePayment, one},
		{hooks.MakeShopPlanSubscription, hooks.MakeShopPlanOptions{FreePaymentAPI: true}},
		{hooks.MakeShopPlanFree, hooks.MakeShopPlanOptions{AsOf: "2023-01"}},
	} {
		_, err := hooks.RequiredEvents(row.plan, row.options)
		require.ErrorIs(t, err, hooks.ErrConfig, "%s %+v", row.plan, row.options)
	}
}

func TestAssertHandles(t *testing.T) {
	t.Parallel()
	do := func(context.Context, *hooks.MakeShopEvent) error { return nil }
	config := hooks.MakeShopConfig{
		Signature:   bySignature(secretNew),
		OnInstall:   func(context.Context, *hooks.MakeShopInstall) error { return nil },
		OnUninstall: do,
		On: map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{
			hooks.MakeShopMonthlyRenewalSucceededKind: do,
			hooks.MakeShopCancelKind:                  do,
		},
	}
	m, err := hooks.NewMakeShop(config)
	require.NoError(t, err)
	require.NoError(t, m.AssertHandles(hooks.MakeShopPlanFree, hooks.MakeShopPlanOptions{}))
	err = m.AssertHandles(hooks.MakeShopPlanSubscription, hooks.MakeShopPlanOptions{})
	require.ErrorIs(t, err, hooks.ErrConfig)
	require.ErrorContains(t, err, string(hooks.MakeShopMonthlyRenewalKind))
	assert.NotContains(t, err.Error(), string(hooks.MakeShopCancelKind))

	config.On[hooks.MakeShopMonthlyRenewalFailedKind] = do
	m, err = hooks.NewMakeShop(config)
	require.NoError(t, err)
	require.NoError(t, m.AssertHandles(hooks.MakeShopPlanSubscription, hooks.MakeShopPlanOptions{}), "a pair is as good")
	err = m.AssertHandles(hooks.MakeShopPlanSubscription, hooks.MakeShopPlanOptions{AsOf: hooks.MakeShopEdition202406})
	require.ErrorContains(t, err, string(hooks.MakeShopRepaymentExceededKind))
	require.ErrorIs(t, m.AssertHandles("rental", hooks.MakeShopPlanOptions{}), hooks.ErrConfig)
}

func TestMakeShopRouteNamesTheResult(t *testing.T) {
	t.Parallel()
	var seen []hooks.Kind
	var failed int
	on := map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{
		hooks.MakeShopFreePaymentKind: func(ctx context.Context, e *hooks.MakeShopEvent) error {
			delivery, _ := hooks.DeliveryFrom(ctx)
			assert.Equal(t, "makeshop/s", delivery.Shop)
			seen = append(seen, e.Kind)
			return nil
		},
		hooks.MakeShopMonthlyRenewalKind: func(context.Context, *hooks.MakeShopEvent) error { return errDown },
		hooks.MakeShopMonthlyRenewalFailedKind: func(ctx context.Context, _ *hooks.MakeShopEvent) error {
			delivery, _ := hooks.DeliveryFrom(ctx)
			assert.Empty(t, delivery.Shop, "nobody waits for an event without a shop")
			failed++
			return nil
		},
	}
	m, err := hooks.NewMakeShop(hooks.MakeShopConfig{Signature: bySignature(secretNew), On: on})
	require.NoError(t, err)
	clear(on) // the receiver has a map of its own
	renewal := hookstest.SignMakeShop(hookstest.MakeShop(hooks.MakeShopMonthlyRenewalFailedKind, []byte("{}"), ""), *bySignature(secretNew), time.Now())
	assert.Equal(t, http.StatusOK, serve(t, m.Handler(hooks.MakeShopMonthlyRenewalFailedKind), renewal).Code)
	assert.Equal(t, 1, failed, "a function of the result comes before that of the event")
	for _, kind := range []hooks.Kind{hooks.MakeShopFreePaymentSucceededKind, hooks.MakeShopFreePaymentFailedKind, hooks.MakeShopFreePaymentKind} {
		event := hookstest.SignMakeShop(hookstest.MakeShop(kind, []byte(`{"shop_id":"s"}`), ""), *bySignature(secretNew), time.Now())
		assert.Equal(t, http.StatusOK, serve(t, m.Handler(kind), event).Code)
	}
	assert.Equal(t, []hooks.Kind{
		hooks.MakeShopFreePaymentSucceededKind, hooks.MakeShopFreePaymentFailedKind, hooks.MakeShopFreePaymentKind,
	}, seen)
	assert.Equal(t, http.StatusNotImplemented, serve(t, m.Handler("makeshop.unknown"), hookstest.MakeShop("x", []byte("{}"), "")).Code)
}

func serve(t *testing.T, handler http.Handler, e hookstest.Event) *httptest.ResponseRecorder {
	t.Helper()
	req, err := e.Request(t.Context(), "https://app.example.com/hook")
	require.NoError(t, err)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, req)
	return w
}

const pathToken = "0123456789abcdef0123456789abcdef"

func TestNewMakeShopFailsClosed(t *testing.T) {
	t.Parallel()
	confirm := func(context.Context, hooks.Kind, string, shotengai.Secret) error { return nil }
	installed := func(context.Context, *hooks.MakeShopInstall) error { return nil }
	signed := func(change func(*hooks.MakeShopSignature)) hooks.MakeShopConfig {
		s := bySignature(secretNew)
		change(s)
		return hooks.MakeShopConfig{Signature: s, OnInstall: installed}
	}
	foreign := hooks.MakeShopConfig{
		Signature: bySignature(secretNew),
		On: map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{
			hooks.ColorMeInstallKind: func(context.Context, *hooks.MakeShopEvent) error { return nil },
		},
	}
	for name, row := range map[string]struct {
		config hooks.MakeShopConfig
		reason error
	}{
		"nothing":            {hooks.MakeShopConfig{}, hooks.ErrConfig},
		"only Confirm":       {hooks.MakeShopConfig{Confirm: confirm, OnInstall: installed}, hooks.ErrConfig},
		"only a path token":  {hooks.MakeShopConfig{PathToken: pathToken, OnInstall: installed}, hooks.ErrConfig},
		"a short path token": {hooks.MakeShopConfig{PathToken: shotengai.Secret(pathToken[:31]), Confirm: confirm, OnInstall: installed}, hooks.ErrSecret},
		"a path of a token":  {hooks.MakeShopConfig{PathToken: pathToken + "/x", Confirm: confirm, OnInstall: installed}, hooks.ErrSecret},
		"no secret":          {signed(func(s *hooks.MakeShopSignature) { s.Secrets = nil }), hooks.ErrSecret},
		"no body signed":     {signed(func(s *hooks.MakeShopSignature) { s.SignedText = "{timestamp}" }), hooks.ErrConfig},
		"two bodies":         {signed(func(s *hooks.MakeShopSignature) { s.SignedText = "{body}{body}" }), hooks.ErrConfig},
		"two timestamps":     {signed(func(s *hooks.MakeShopSignature) { s.SignedText = "{timestamp}{timestamp}{body}" }), hooks.ErrConfig},
		"unknown encoding":   {signed(func(s *hooks.MakeShopSignature) { s.Encoding = "base32" }), hooks.ErrConfig},
		"negative tolerance": {signed(func(s *hooks.MakeShopSignature) { s.Tolerance = -1 }), hooks.ErrConfig},
		"a foreign kind":     {foreign, hooks.ErrConfig},
		"unit of an hour":    {signed(func(s *hooks.MakeShopSignature) { s.TimestampUnit = time.Hour }), hooks.ErrConfig},
	} {
		_, err := hooks.NewMakeShop(row.config)
		require.ErrorIs(t, err, row.reason, name)
	}
}

func TestOpenMakeShop(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_760_000_000, 0)
	signature := hooks.MakeShopSignature{Secrets: []shotengai.Secret{secretNew, secretOld}}
	body := hookstest.MakeShopInstallBody(hooks.MakeShopInstall{AppID: 7, PlanID: 1, ShopID: "ms1", Token: "PAT"})
	signed := func(body []byte, secret shotengai.Secret) hookstest.Event {
		return hookstest.SignMakeShop(hookstest.MakeShop("", body, ""), hooks.MakeShopSignature{Secrets: []shotengai.Secret{secret}}, now)
	}
	event := signed(body, secretOld)
	require.NoError(t, hooks.VerifyMakeShop(event.Header, body, signature, now))
	install, err := hooks.OpenMakeShopInstall(event.Header, body, signature, now)
	require.NoError(t, err)
	assert.Equal(t, "ms1", install.Event().ShopID)
	assert.Equal(t, "previous", install.Secret())
	change, err := hooks.OpenMakeShopEvent(hooks.MakeShopPlanChangeKind, event.Header, body, signature, now)
	require.NoError(t, err)
	assert.Equal(t, hooks.MakeShopPlanChangeKind, change.Event().Kind)

	for name, refused := range map[string]struct {
		event     hookstest.Event
		signature hooks.MakeShopSignature
		at        time.Time
		reason    error
	}{
		"forged":           {signed(body, "forged"), signature, now, hooks.ErrSignature},
		"unsigned":         {hookstest.MakeShop("", body, ""), signature, now, hooks.ErrSignatureMissing},
		"two signatures":   {with(event, hooks.MakeShopSignatureHeader, "a", "b"), signature, now, hooks.ErrSignatureAmbiguous},
		"late":             {event, signature, now.Add(6 * time.Minute), hooks.ErrTimestamp},
		"no secret":        {event, hooks.MakeShopSignature{}, now, hooks.ErrSecret},
		"unknown encoding": {event, hooks.MakeShopSignature{Secrets: signature.Secrets, Encoding: "base32"}, now, hooks.ErrConfig},
	} {
		require.ErrorIs(t, hooks.VerifyMakeShop(refused.event.Header, body, refused.signature, refused.at), refused.reason, name)
		install, err = hooks.OpenMakeShopInstall(refused.event.Header, body, refused.signature, refused.at)
		require.ErrorIs(t, err, refused.reason, name)
		assert.Nil(t, install.Event(), name)
	}
	empty := signed([]byte("{}"), secretNew)
	_, err = hooks.OpenMakeShopInstall(empty.Header, empty.Body, signature, now)
	require.ErrorIs(t, err, hooks.ErrEvent)
}

func TestMakeShopSignatureForms(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{body}", "{timestamp}{body}", "{body}{timestamp}", "v0:{timestamp}:{body}", "a{body}b{timestamp}c"} {
		for _, encoding := range []hooks.MakeShopEncoding{hooks.MakeShopHex, hooks.MakeShopBase64} {
			for _, unit := range []time.Duration{time.Second, time.Millisecond} {
				signature := hooks.MakeShopSignature{Secrets: []shotengai.Secret{secretNew}, SignedText: text, Encoding: encoding, TimestampUnit: unit}
				m, err := hooks.NewMakeShop(hooks.MakeShopConfig{
					Signature:   &signature,
					OnUninstall: func(context.Context, *hooks.MakeShopEvent) error { return nil },
				})
				require.NoError(t, err)
				bare := hookstest.MakeShop(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"s"}`), "")
				event := hookstest.SignMakeShop(bare, signature, time.Now())
				handler := m.Handler(hooks.MakeShopUninstallKind)
				assert.Equal(t, http.StatusOK, serve(t, handler, event).Code, "%q %s", text, encoding)
				if text != "{body}" {
					later := with(event, hooks.MakeShopTimestampHeader, strconv.FormatInt(time.Now().UnixNano()/int64(unit)+1, 10))
					assert.Equal(t, http.StatusUnauthorized, serve(t, handler, later).Code, "the time is signed")
				}
			}
		}
	}
}

func TestW35Timestamps(t *testing.T) {
	t.Parallel()
	sub := makeShopUninstallSubject(signed)
	now := time.Unix(1_760_000_000, 0)
	b := newBench(t, sub, setup{options: hooks.Options{Now: func() time.Time { return now }}})
	bare := hookstest.MakeShop(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"s"}`), "")
	at := func(at time.Time) hookstest.Event { return hookstest.SignMakeShop(bare, *bySignature(secretNew), at) }
	for _, good := range []time.Duration{0, -5 * time.Minute, 5 * time.Minute} {
		b.accepted(at(now.Add(good)))
	}
	for _, bad := range []time.Duration{-5*time.Minute - time.Second, 5*time.Minute + time.Second, -24 * time.Hour, 24 * time.Hour} {
		b.refused(at(now.Add(bad)), http.StatusUnauthorized, hooks.ErrTimestamp)
	}
	for _, stamp := range []string{
		"", "NaN", "1e9", "-1760000000", "+1760000000", "1760000000.0", "1760000000x", "17600000000000000000", "99999999999999999999",
		"999999999999", "0x68E77C00", "1_760_000_000", "１７６００００００0",
	} {
		event := with(bare, hooks.MakeShopTimestampHeader, stamp)
		event.Header.Set(hooks.MakeShopSignatureHeader, signText(stamp+"."+string(bare.Body)))
		b.refused(event, http.StatusUnauthorized, hooks.ErrTimestamp)
		var skew *hooks.SkewError
		assert.NotErrorAs(t, b.report().Err, &skew, "%q is no time", stamp)
	}
	missing := with(at(now), hooks.MakeShopTimestampHeader)
	missing.Header.Set(hooks.MakeShopSignatureHeader, signText("."+string(bare.Body)))
	b.refused(missing, http.StatusUnauthorized, hooks.ErrTimestamp)
	require.ErrorContains(t, b.report().Err, "missing")
	stamp := at(now).Header.Get(hooks.MakeShopTimestampHeader)
	b.refused(with(at(now), hooks.MakeShopTimestampHeader, stamp, stamp), http.StatusUnauthorized, hooks.ErrTimestamp)
}

// signText signs a text of the test's own making.
func signText(text string) string {
	whole := hooks.MakeShopSignature{Secrets: []shotengai.Secret{secretNew}, SignedText: "{body}"}
	event := hookstest.SignMakeShop(hookstest.MakeShop("x", []byte(text), ""), whole, time.Unix(0, 0))
	return event.Header.Get(hooks.MakeShopSignatureHeader)
}

func TestW36ClockSkewIsNamed(t *testing.T) {
	t.Parallel()
	sub := makeShopUninstallSubject(signed)
	for _, off := range []time.Duration{10 * time.Minute, -10 * time.Minute} {
		clock := time.Unix(1_760_000_000, 0)
		b := newBench(t, sub, setup{options: hooks.Options{Now: func() time.Time { return clock.Add(off) }}})
		bare := hookstest.MakeShop(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"s"}`), "")
		b.refused(hookstest.SignMakeShop(bare, *bySignature(secretNew), clock), http.StatusUnauthorized, hooks.ErrTimestamp)
		var skew *hooks.SkewError
		require.ErrorAs(t, b.report().Err, &skew)
		assert.Equal(t, off, skew.Skew)
		assert.Contains(t, b.log.String(), "10m0s")
	}
}

// makeShopApp proves its events by an address and the API.
func makeShopApp(t *testing.T, calls *recorder, confirm func(hooks.Kind, string, shotengai.Secret) error) *hooks.MakeShop {
	t.Helper()
	m, err := hooks.NewMakeShop(hooks.MakeShopConfig{
		PathToken: pathToken,
		Confirm: func(_ context.Context, kind hooks.Kind, shop string, token shotengai.Secret) error {
			return confirm(kind, shop, token)
		},
		OnInstall: func(ctx context.Context, e *hooks.MakeShopInstall) error {
			return calls.run(ctx, "install "+e.ShopID, nil)
		},
		OnUninstall: func(ctx context.Context, e *hooks.MakeShopEvent) error {
			return calls.run(ctx, "uninstall "+e.ShopID, nil)
		},
		On: map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{
			hooks.MakeShopOrderUpdateKind: func(ctx context.Context, e *hooks.MakeShopEvent) error {
				return calls.run(ctx, "orders "+e.ShopID, nil)
			},
		},
	})
	require.NoError(t, err)
	return m
}

func makeShopInstallEvent(token string) hookstest.Event {
	return hookstest.MakeShop(hooks.MakeShopInstallKind, hookstest.MakeShopInstallBody(hooks.MakeShopInstall{
		AppID: 7, PlanID: 1, AppName: "a", ShopID: "ms1", Token: shotengai.Secret(token),
	}), pathToken)
}

func TestMakeShopPathTokenAndConfirm(t *testing.T) {
	t.Parallel()
	calls := &recorder{}
	var confirmed []string
	m := makeShopApp(t, calls, func(kind hooks.Kind, shop string, token shotengai.Secret) error {
		confirmed = append(confirmed, string(kind)+" "+shop+" "+token.Reveal())
		if strings.HasPrefix(token.Reveal(), "forged") {
			return errors.New("401 from the API")
		}
		return nil
	})
	handler := m.Handler(hooks.MakeShopInstallKind)
	good := makeShopInstallEvent("PAT.1")
	for _, path := range []string{"", "/", "/" + pathToken[:31], "/" + pathToken + "0", "/" + strings.ToUpper(pathToken), "/" + pathToken + "/x"} {
		stray := good
		stray.Path = path
		assert.Equal(t, http.StatusNotFound, serve(t, handler, stray).Code, path)
	}
	assert.Empty(t, confirmed, "the API is not asked for everybody")
	assert.Equal(t, http.StatusForbidden, serve(t, handler, makeShopInstallEvent("forged")).Code)
	assert.Zero(t, calls.count())
	assert.Equal(t, http.StatusOK, serve(t, handler, good).Code)
	assert.Equal(t, []string{"makeshop.install ms1 forged", "makeshop.install ms1 PAT.1"}, confirmed)
	assert.Equal(t, []string{"install ms1"}, calls.shops)
	assert.Equal(t, int64(7), m.Counts()[hooks.Rejected])
}

// TestW32MakeShopUninstalls lives through two installs of a shop, whose uninstalls
// look the same.
func TestW32MakeShopUninstalls(t *testing.T) {
	t.Parallel()
	calls := &recorder{}
	m := makeShopApp(t, calls, func(hooks.Kind, string, shotengai.Secret) error { return nil })
	gone := hookstest.MakeShop(hooks.MakeShopUninstallKind, []byte(`{"app_id":7,"app_name":"a","shop_id":"ms1"}`), pathToken)
	send := func(kind hooks.Kind, e hookstest.Event, status int) {
		assert.Equal(t, status, serve(t, m.Handler(kind), e).Code)
	}
	for range 2 {
		send(hooks.MakeShopInstallKind, makeShopInstallEvent("PAT.1"), http.StatusOK)
	}
	for range 3 {
		send(hooks.MakeShopUninstallKind, gone, http.StatusOK)
	}
	send(hooks.MakeShopInstallKind, makeShopInstallEvent("PAT.2"), http.StatusOK)
	send(hooks.MakeShopUninstallKind, gone, http.StatusOK)
	send(hooks.MakeShopUninstallKind, gone, http.StatusOK)
	assert.Equal(t, []string{"install ms1", "uninstall ms1", "install ms1", "uninstall ms1"}, calls.shops)
}

func TestW32MakeShopSignedUninstallIsLate(t *testing.T) {
	t.Parallel()
	calls := &recorder{}
	start := time.Now()
	m, err := makeShopReceiver(signed, setup{secrets: []shotengai.Secret{secretNew}, calls: calls})
	require.NoError(t, err)
	sign := func(e hookstest.Event, at time.Time) hookstest.Event {
		e.Path = ""
		return hookstest.SignMakeShop(e, *bySignature(secretNew), at)
	}
	gone := hookstest.MakeShop(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"ms1"}`), "")
	serve(t, m.Handler(hooks.MakeShopInstallKind), sign(makeShopInstallEvent("PAT.2"), start))
	late := serve(t, m.Handler(hooks.MakeShopUninstallKind), sign(gone, start.Add(-time.Minute)))
	assert.Equal(t, http.StatusOK, late.Code)
	assert.Equal(t, 1, calls.count(), "the install alone")
	assert.Equal(t, int64(1), m.Counts()[hooks.Late])
	serve(t, m.Handler(hooks.MakeShopUninstallKind), sign(gone, start.Add(time.Minute)))
	assert.Equal(t, 2, calls.count())
}

// A late uninstall is claimed as the one that is not, and hides none of its attempts.
func TestW32MakeShopLateUninstallKeepsAttempts(t *testing.T) {
	t.Parallel()
	calls, start, failure := &recorder{}, time.Now(), errors.New("no space left")
	m, err := makeShopReceiver(signed, setup{
		secrets: []shotengai.Secret{secretNew}, calls: calls,
		on: func(ctx context.Context) error {
			if d, _ := hooks.DeliveryFrom(ctx); d.Kind == hooks.MakeShopUninstallKind && d.Attempt == 1 {
				return failure
			}
			return nil
		},
	})
	require.NoError(t, err)
	send := func(kind hooks.Kind, body []byte, at time.Time) int {
		event := hookstest.SignMakeShop(hookstest.MakeShop(kind, body, ""), *bySignature(secretNew), at)
		return serve(t, m.Handler(kind), event).Code
	}
	gone := []byte(`{"shop_id":"ms1"}`)
	assert.Equal(t, http.StatusOK, send(hooks.MakeShopInstallKind, makeShopInstallEvent("PAT.2").Body, start))
	assert.Equal(t, http.StatusInternalServerError, send(hooks.MakeShopUninstallKind, gone, start.Add(time.Minute)))
	assert.Equal(t, http.StatusOK, send(hooks.MakeShopUninstallKind, gone, start.Add(-time.Minute)), "late")
	assert.Equal(t, http.StatusOK, send(hooks.MakeShopUninstallKind, gone, start.Add(time.Minute)))
	assert.Greater(t, calls.last().Attempt, 1)
	assert.Equal(t, 3, calls.count())
}

// TestW44MakeShopUninstall uninstalls soon after an install that a ledger has recorded whose
// clock is ahead of makeshop's, and of the receiver's.
func TestW44MakeShopUninstall(t *testing.T) {
	t.Parallel()
	calls := &recorder{}
	start := time.Now()
	ahead := hooks.NewVolatileLedger(func() time.Time { return start.Add(2 * time.Minute) })
	m, err := makeShopReceiver(signed, setup{secrets: []shotengai.Secret{secretNew}, calls: calls, ledger: ahead})
	require.NoError(t, err)
	send := func(kind hooks.Kind, body []byte, at time.Time) {
		t.Helper()
		event := hookstest.SignMakeShop(hookstest.MakeShop(kind, body, ""), *bySignature(secretNew), at)
		assert.Equal(t, http.StatusOK, serve(t, m.Handler(kind), event).Code)
	}
	send(hooks.MakeShopInstallKind, makeShopInstallEvent("PAT.1").Body, start)
	send(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"ms1"}`), start.Add(time.Second))
	assert.Equal(t, 2, calls.count(), "the uninstall acts")
	assert.Zero(t, m.Counts()[hooks.Late])
}

// TestW43MakeShopOldTokens replays the install of a token weeks after the install with
// another one, whether the uninstall between them has come or not.
func TestW43MakeShopOldTokens(t *testing.T) {
	t.Parallel()
	for _, uninstalled := range []bool{true, false} {
		clock, calls := newClock(), &recorder{}
		s := setup{secrets: []shotengai.Secret{secretNew}, ledger: hooks.NewVolatileLedger(clock.Now), calls: calls}
		m, err := makeShopReceiver(addressed, s)
		require.NoError(t, err)
		send := func(kind hooks.Kind, body []byte) int {
			return serve(t, m.Handler(kind), addressed.event(kind, body, secretNew)).Code
		}
		old, newer := makeShopInstallEvent("PAT.1").Body, makeShopInstallEvent("PAT.2").Body
		assert.Equal(t, http.StatusOK, send(hooks.MakeShopInstallKind, old))
		if uninstalled {
			assert.Equal(t, http.StatusOK, send(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"ms1"}`)))
		}
		assert.Equal(t, http.StatusOK, send(hooks.MakeShopInstallKind, newer))
		assert.Equal(t, 1, calls.last().Attempt)
		before := calls.count()
		for range 2 {
			clock.advance(8 * 24 * time.Hour)
			assert.Equal(t, http.StatusConflict, send(hooks.MakeShopInstallKind, old))
		}
		assert.Equal(t, before, calls.count())
		assert.Equal(t, http.StatusOK, send(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"ms1"}`)))
		assert.Equal(t, http.StatusConflict, send(hooks.MakeShopInstallKind, newer))
		assert.Equal(t, before+1, calls.count())
	}
}

// TestW25MakeShopDeadTokensStayDead replays an old install after its uninstall.
func TestW25MakeShopDeadTokensStayDead(t *testing.T) {
	t.Parallel()
	clock, calls := newClock(), &recorder{}
	s := setup{secrets: []shotengai.Secret{secretNew}, ledger: hooks.NewVolatileLedger(clock.Now), calls: calls}
	m, err := makeShopReceiver(addressed, s)
	require.NoError(t, err)
	send := func(kind hooks.Kind, body []byte) int {
		return serve(t, m.Handler(kind), addressed.event(kind, body, secretNew)).Code
	}
	install := makeShopInstallEvent("PAT.1").Body
	assert.Equal(t, http.StatusOK, send(hooks.MakeShopInstallKind, install))
	assert.Equal(t, http.StatusOK, send(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"ms1"}`)))
	clock.advance(8 * 24 * time.Hour)
	assert.Equal(t, http.StatusConflict, send(hooks.MakeShopInstallKind, install), "its token died with the uninstall")
	assert.Equal(t, 2, calls.count())
	assert.Equal(t, http.StatusOK, send(hooks.MakeShopInstallKind, makeShopInstallEvent("PAT.2").Body))
	assert.Equal(t, 3, calls.count())
}

// TestW33MakeShopInstallAndUninstall sends an install, and the uninstall that was signed
// a minute before it, to two instances at once: whichever comes first, the shop ends
// installed, and the two never work at the same time.
func TestW33MakeShopInstallAndUninstall(t *testing.T) {
	t.Parallel()
	for name, kinds := range map[string][2]hooks.Kind{
		"install first":   {hooks.MakeShopInstallKind, hooks.MakeShopUninstallKind},
		"uninstall first": {hooks.MakeShopUninstallKind, hooks.MakeShopInstallKind},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ledger, installed := hooks.NewVolatileLedger(nil), false
				become := func(ctx context.Context, state bool) error {
					err := pause(ctx, 2*time.Second)
					installed = state // the race detector sees it when two cross
					return err
				}
				instance := func() *hooks.MakeShop {
					m, err := hooks.NewMakeShop(hooks.MakeShopConfig{
						Signature:   bySignature(secretNew),
						Ledger:      ledger,
						OnInstall:   func(ctx context.Context, _ *hooks.MakeShopInstall) error { return become(ctx, true) },
						OnUninstall: func(ctx context.Context, _ *hooks.MakeShopEvent) error { return become(ctx, false) },
					})
					require.NoError(t, err)
					return m
				}
				events := map[hooks.Kind]hookstest.Event{
					hooks.MakeShopInstallKind: hookstest.SignMakeShop(
						hookstest.MakeShop(hooks.MakeShopInstallKind, makeShopInstallEvent("PAT.2").Body, ""), *bySignature(secretNew), time.Now()),
					hooks.MakeShopUninstallKind: hookstest.SignMakeShop(
						hookstest.MakeShop(hooks.MakeShopUninstallKind, []byte(`{"shop_id":"ms1"}`), ""), *bySignature(secretNew), time.Now().Add(-time.Minute)),
				}
				var both sync.WaitGroup
				for _, kind := range kinds {
					handler := instance().Handler(kind)
					both.Go(func() { assert.Equal(t, http.StatusOK, serve(t, handler, events[kind]).Code) })
					synctest.Wait()
				}
				both.Wait()
				assert.True(t, installed)
			})
		})
	}
}

func TestW37MakeShopEqualBodies(t *testing.T) {
	t.Parallel()
	clock, calls := newClock(), &recorder{}
	order := func(identity func(*hooks.MakeShopEvent) string) http.Handler {
		m, err := hooks.NewMakeShop(hooks.MakeShopConfig{
			PathToken: pathToken,
			Confirm:   func(context.Context, hooks.Kind, string, shotengai.Secret) error { return nil },
			On: map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{
				hooks.MakeShopOrderUpdateKind: func(ctx context.Context, e *hooks.MakeShopEvent) error { return calls.run(ctx, e.ShopID, nil) },
			},
			Identity: identity,
			Ledger:   hooks.NewVolatileLedger(clock.Now),
		})
		require.NoError(t, err)
		return m.Handler(hooks.MakeShopOrderUpdateKind)
	}
	event := hookstest.MakeShop(hooks.MakeShopOrderUpdateKind, []byte(`{"shop_id":"ms1","number":"1"}`), pathToken)
	for _, unknown := range []http.Handler{order(nil), order(func(*hooks.MakeShopEvent) string { return "" })} {
		calls.reset()
		serve(t, unknown, event)
		serve(t, unknown, event)
		assert.Equal(t, 1, calls.count(), "within a minute it is the same one")
		serve(t, unknown, hookstest.MakeShop(hooks.MakeShopOrderUpdateKind, []byte(`{"shop_id":"ms1","number":"2"}`), pathToken))
		assert.Equal(t, 2, calls.count(), "and no other")
		clock.advance(2 * time.Minute)
		serve(t, unknown, event)
		assert.Equal(t, 3, calls.count(), "the next report may look the same")
	}
	calls.reset()

	known := order(func(e *hooks.MakeShopEvent) string {
		_, number, _ := bytes.Cut(e.Raw, []byte(`"number":`))
		return string(number)
	})
	serve(t, known, event)
	clock.advance(24 * time.Hour)
	serve(t, known, event)
	assert.Equal(t, 1, calls.count(), "the app knows its fields")
}

// TestMakeShopDeliveryIDs holds what Once goes by: one ID for all deliveries of an event,
// another for the next event, also where the two bodies are equal.
func TestMakeShopDeliveryIDs(t *testing.T) {
	t.Parallel()
	clock := newClock()
	var ids []string
	fails := errors.New("the database is down")
	var next error
	note := func(ctx context.Context) error {
		d, ok := hooks.DeliveryFrom(ctx)
		require.True(t, ok)
		ids = append(ids, d.ID)
		return next
	}
	m, err := hooks.NewMakeShop(hooks.MakeShopConfig{
		PathToken:   pathToken,
		Confirm:     func(context.Context, hooks.Kind, string, shotengai.Secret) error { return nil },
		OnInstall:   func(ctx context.Context, _ *hooks.MakeShopInstall) error { return note(ctx) },
		OnUninstall: func(ctx context.Context, _ *hooks.MakeShopEvent) error { return note(ctx) },
		On: map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{
			hooks.MakeShopPlanChangeKind: func(ctx context.Context, _ *hooks.MakeShopEvent) error { return note(ctx) },
		},
		Ledger:  hooks.NewVolatileLedger(clock.Now),
		Options: hooks.Options{Now: clock.Now},
	})
	require.NoError(t, err)
	send := func(kind hooks.Kind, body string, result error) string {
		t.Helper()
		before := len(ids)
		next = result
		clock.advance(time.Second)
		serve(t, m.Handler(kind), hookstest.MakeShop(kind, []byte(body), pathToken))
		require.Len(t, ids, before+1, "the function runs")
		return ids[before]
	}
	install := func(token string) { send(hooks.MakeShopInstallKind, string(makeShopInstallEvent(token).Body), nil) }
	gone, change := `{"shop_id":"ms1"}`, `{"shop_id":"ms1","plan_id":2}`

	install("PAT.1")
	failed := send(hooks.MakeShopUninstallKind, gone, fails)
	assert.Equal(t, failed, send(hooks.MakeShopUninstallKind, gone, nil), "another attempt at the same uninstall")
	install("PAT.2")
	assert.NotEqual(t, failed, send(hooks.MakeShopUninstallKind, gone, nil), "the uninstall after the next install")

	failed = send(hooks.MakeShopPlanChangeKind, change, fails)
	assert.Equal(t, failed, send(hooks.MakeShopPlanChangeKind, change, nil), "another attempt at the same change")
	clock.advance(2 * time.Minute)
	second := send(hooks.MakeShopPlanChangeKind, change, fails)
	assert.NotEqual(t, failed, second, "the same plan again, later")
	clock.advance(2 * time.Minute)
	assert.NotEqual(t, second, send(hooks.MakeShopPlanChangeKind, change, nil), "and after one that was never finished")
}
