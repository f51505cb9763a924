package hooks_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func TestParseRakutenOrders(t *testing.T) {
	t.Parallel()
	want := rakutenOrders(3)
	body := hookstest.RakutenOrders(want, secretNew).Body
	event, err := hooks.ParseRakutenOrders(body)
	require.NoError(t, err)
	assert.Equal(t, string(body), string(event.Raw))
	event.Raw = nil
	assert.Equal(t, &want, event)
	_, err = hooks.ParseRakutenNotices(body)
	require.ErrorIs(t, err, hooks.ErrPayload)
}

func TestOpenRakuten(t *testing.T) {
	t.Parallel()
	body := hookstest.RakutenOrders(rakutenOrders(3), secretNew).Body
	orders, err := hooks.OpenRakutenOrders(body, secretOld, secretNew)
	require.NoError(t, err)
	assert.Equal(t, "previous", orders.Secret())
	assert.NotEmpty(t, orders.Event().Orders)
	require.NoError(t, hooks.VerifyRakuten(body, secretNew))

	_, err = hooks.OpenRakutenNotices(body, secretNew)
	require.ErrorIs(t, err, hooks.ErrPayload)
	forged, err := hooks.OpenRakutenOrders(body, secretOld)
	require.ErrorIs(t, err, hooks.ErrAuthKey)
	assert.Nil(t, forged.Event())
	require.ErrorIs(t, hooks.VerifyRakuten(body, secretOld), hooks.ErrAuthKey)
	other := strings.NewReplacer("<authKey>", "<authkey>", "</authKey>", "</authkey>").Replace(string(body))
	require.ErrorIs(t, hooks.VerifyRakuten([]byte(other), secretNew), hooks.ErrAuthKey, "an element of another name")
	for _, keys := range [][]shotengai.Secret{nil, {""}, {" "}} {
		_, err = hooks.OpenRakutenOrders(body, keys...)
		require.ErrorIs(t, err, hooks.ErrSecret)
		require.ErrorIs(t, hooks.VerifyRakuten(body, keys...), hooks.ErrSecret)
	}

	notices, err := hooks.OpenRakutenNotices(hookstest.RakutenNotices(rakutenNotices(1, "r"), secretNew).Body, secretNew)
	require.NoError(t, err)
	assert.Equal(t, "current", notices.Secret())
	assert.NotEmpty(t, notices.Event().Notices)
}

func TestParseRakutenNotices(t *testing.T) {
	t.Parallel()
	want := rakutenNotices(1, "r1")
	body := hookstest.RakutenNotices(want, secretNew).Body
	event, err := hooks.ParseRakutenNotices(body)
	require.NoError(t, err)
	assert.NotContains(t, fmt.Sprintf("%+v", event), secretNew)
	event.Raw = nil
	assert.Equal(t, &want, event)
	for _, text := range []string{"", "<notifyInfoModel/>", "<notifyInfoModel><serviceId>x</serviceId></notifyInfoModel>", "<notifyInfoModel><serviceId>99999999999</serviceId></notifyInfoModel>"} {
		_, err = hooks.ParseRakutenNotices([]byte("<notifyModel><authModel><authKey>" + secretNew + "</authKey></authModel>" + text + "</notifyModel>"))
		require.ErrorIs(t, err, hooks.ErrEvent, text)
	}
}

func TestRakutenResultCodes(t *testing.T) {
	t.Parallel()
	fail := error(nil)
	b := newBench(t, rakutenOrdersSubject(), setup{on: func(context.Context) error { return fail }})
	code := func(e hookstest.Event, status int) string {
		attempt := b.send(e)
		assert.Equal(t, status, attempt.Status)
		assert.Equal(t, "text/xml; charset=utf-8", attempt.Header.Get("Content-Type"))
		return hookstest.RakutenResultCode(attempt)
	}
	good := rakutenOrdersSubject().event(1, secretNew)
	assert.Equal(t, "N-000-000", code(good, http.StatusOK))
	assert.Equal(t, "N-000-000", code(hookstest.RakutenNotices(rakutenNotices(1, "r1"), secretNew), http.StatusOK))
	for _, key := range []shotengai.Secret{"", "wrong", secretNew + "x", shotengai.Secret(strings.ToUpper(secretNew))} {
		assert.Equal(t, "E-400-101", code(rakutenOrdersSubject().event(2, key), http.StatusUnauthorized), key.Reveal())
		require.ErrorIs(t, b.report().Err, hooks.ErrAuthKey)
	}
	assert.Equal(t, "E-400-101", code(withBody(good, []byte("<orderNotifyModel/>")), http.StatusUnauthorized))
	assert.Equal(t, "E-400-100", code(withBody(good, []byte(rakutenBody("orderNotifyModel", ""))), http.StatusUnprocessableEntity))
	assert.Equal(t, "E-400-100", code(withBody(good, []byte("<x/>")), http.StatusBadRequest))
	assert.Equal(t, "E-400-900", code(with(good, "Content-Type", "text/plain"), http.StatusUnsupportedMediaType))
	fail = context.DeadlineExceeded
	assert.Equal(t, "E-400-900", code(rakutenOrdersSubject().event(3, secretNew), http.StatusInternalServerError))
}

// TestW01RakutenKeyMissing is the missing signature of a platform that signs nothing.
func TestW01RakutenKeyMissing(t *testing.T) {
	t.Parallel()
	b := newBench(t, rakutenOrdersSubject(), setup{})
	const key = "<authKey>" + secretNew + "</authKey>"
	good := rakutenBody("orderNotifyModel", "<orderInfoNotifyModel><orderNumber>1</orderNumber></orderInfoNotifyModel>")
	require.Contains(t, good, key)
	for _, body := range []string{
		"<orderNotifyModel/>", "<notifyModel><authModel/></notifyModel>", strings.Replace(good, key, "", 1),
		strings.Replace(good, key, "<authKey/>", 1), strings.Replace(good, key, "<authKey> \n\t</authKey>", 1),
		strings.Replace(good, key, "<key>"+secretNew+"</key>", 1), strings.Replace(good, key, "<authKey key='"+secretNew+"'/>", 1),
		"<orderNotifyModel>" + key + "</orderNotifyModel>",
	} {
		b.unproven(b.subject.resign([]byte(body), ""))
	}
	b.accepted(b.subject.resign([]byte(good), ""))
}

// TestW03RakutenTwoKeys lets neither the first nor the last of two keys win.
func TestW03RakutenTwoKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t, rakutenOrdersSubject(), setup{})
	good := string(b.subject.event(1, secretNew).Body)
	const key = "<authKey>" + secretNew + "</authKey>"
	for _, keys := range []string{key + key, key + "<authKey>x</authKey>", "<authKey>x</authKey>" + key, key + "<authKey/>"} {
		body := strings.Replace(good, key, keys, 1)
		b.refused(b.subject.resign([]byte(body), ""), http.StatusUnprocessableEntity, hooks.ErrEvent)
	}
}

func TestW04RakutenKeySpelling(t *testing.T) {
	t.Parallel()
	b := newBench(t, rakutenOrdersSubject(), setup{})
	sum := sha256.Sum256([]byte(secretNew))
	for _, key := range []string{
		strings.ToUpper(secretNew), secretNew[1:], secretNew[:len(secretNew)-1], secretNew + "x", "key=" + secretNew,
		secretNew + " " + secretNew, secretNew + ".", hex.EncodeToString(sum[:]),
	} {
		b.unproven(b.subject.event(1, shotengai.Secret(key)))
	}
}

func TestRakutenTooManyElements(t *testing.T) {
	t.Parallel()
	b := newBench(t, rakutenOrdersSubject(), setup{})
	body := func(n int) []byte {
		order := "<orderInfoNotifyModel><orderNumber>1</orderNumber></orderInfoNotifyModel>"
		return []byte(rakutenBody("orderNotifyModel", order+strings.Repeat("<a/>", n)))
	}
	b.accepted(b.subject.resign(body(49_000), ""))
	b.refused(b.subject.resign(body(50_000), ""), http.StatusBadRequest, hooks.ErrPayload)
}

// TestW40RakutenAllKeysAreTried finds an unusable key behind the one that matches.
func TestW40RakutenAllKeysAreTried(t *testing.T) {
	t.Parallel()
	body := rakutenOrdersSubject().event(1, secretNew).Body
	require.ErrorIs(t, hooks.VerifyRakuten(body, secretNew, ""), hooks.ErrSecret)
	require.NoError(t, hooks.VerifyRakuten(body, secretOld, "third", secretNew))
	twice, err := hooks.OpenRakutenOrders(body, secretNew, secretNew)
	require.NoError(t, err)
	assert.Equal(t, "current", twice.Secret(), "the newest of two that match")
}

func TestW37RakutenIdentity(t *testing.T) {
	t.Parallel()
	clock := newClock()
	b := newBench(t, rakutenOrdersSubject(), setup{ledger: hooks.NewVolatileLedger(clock.Now)})
	send := func(request string) { b.accepted(hookstest.RakutenNotices(rakutenNotices(1, request), secretNew)) }
	send("r1")
	clock.advance(24 * 3600 * 1e9)
	send("r1")
	assert.Equal(t, 1, b.calls.count(), "a request id is an identity")
	send("r2")
	assert.Equal(t, 2, b.calls.count())
	send("")
	send("")
	assert.Equal(t, 3, b.calls.count(), "without one, equal notices are one")
	clock.advance(60 * 1e9)
	send("")
	assert.Equal(t, 4, b.calls.count(), "for a minute")
}

func TestW37RakutenOrdersWithoutSequence(t *testing.T) {
	t.Parallel()
	clock := newClock()
	b := newBench(t, rakutenOrdersSubject(), setup{ledger: hooks.NewVolatileLedger(clock.Now)})
	for sequence, runs := range map[string]int{"7": 1, "": 2} {
		before := b.calls.count()
		orders := rakutenOrders(1)
		orders.Orders[0].SeqID = sequence
		b.accepted(hookstest.RakutenOrders(orders, secretNew))
		b.accepted(hookstest.RakutenOrders(orders, secretNew))
		assert.Equal(t, before+1, b.calls.count())
		clock.advance(time.Minute)
		b.accepted(hookstest.RakutenOrders(orders, secretNew))
		assert.Equal(t, before+runs, b.calls.count(), "without a sequence id, equal orders are one event for a minute")
	}
}

func TestRakutenWithoutFunction(t *testing.T) {
	t.Parallel()
	r, err := hooks.NewRakuten(hooks.RakutenConfig{
		AuthKeys: []shotengai.Secret{secretNew},
		OnOrders: func(context.Context, *hooks.RakutenOrders) error { return nil },
	})
	require.NoError(t, err)
	assert.Equal(t, http.StatusNotImplemented, serve(t, r.Handler(), hookstest.RakutenNotices(rakutenNotices(1, "r"), secretNew)).Code)
	assert.Equal(t, http.StatusUnauthorized, serve(t, r.Handler(), hookstest.RakutenNotices(rakutenNotices(1, "r"), "x")).Code)
}
