package hooks_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func rakutenNotices(request string) hooks.RakutenNotices {
	event := hooks.RakutenNotices{
		Shop:    hooks.RakutenShop{ContractID: "c1", ShopURL: "shop1"},
		Notices: []hooks.RakutenNotice{{RequestID: request, ServiceID: hooks.RakutenOrderChanged, FunctionID: 1100}},
	}
	event.Notices[0].Values[0] = hooks.RakutenValue{Name: "orderNumber", Value: "123456-20261010-0000000001"}
	event.Notices[0].Values[9] = hooks.RakutenValue{Name: `"quoted" & <more>`, Value: "十"}
	return event
}

func TestParseRakutenOrders(t *testing.T) {
	t.Parallel()
	want := rakutenOrders(3)
	body := hookstest.RakutenOrders(want, secretNew).Body
	event, err := hooks.ParseRakutenOrders(body, secretOld, secretNew)
	require.NoError(t, err)
	assert.Equal(t, string(body), string(event.Raw))
	event.Raw = nil
	assert.Equal(t, &want, event)
	_, err = hooks.ParseRakutenNotices(body, secretNew)
	require.ErrorIs(t, err, hooks.ErrPayload)
	for _, keys := range [][]string{nil, {""}, {" "}} {
		_, err = hooks.ParseRakutenOrders(body, keys...)
		require.ErrorIs(t, err, hooks.ErrSecret)
	}
}

func TestParseRakutenNotices(t *testing.T) {
	t.Parallel()
	want := rakutenNotices("r1")
	body := hookstest.RakutenNotices(want, secretNew).Body
	event, err := hooks.ParseRakutenNotices(body, secretNew)
	require.NoError(t, err)
	assert.NotContains(t, fmt.Sprintf("%+v", event), secretNew)
	event.Raw = nil
	assert.Equal(t, &want, event)
	for _, text := range []string{"", "<notifyInfoModel/>", "<notifyInfoModel><serviceId>x</serviceId></notifyInfoModel>", "<notifyInfoModel><serviceId>99999999999</serviceId></notifyInfoModel>"} {
		_, err = hooks.ParseRakutenNotices([]byte("<notifyModel><authModel><authKey>"+secretNew+"</authKey></authModel>"+text+"</notifyModel>"), secretNew)
		require.ErrorIs(t, err, hooks.ErrEvent, text)
	}
}

func TestRakutenResultCodes(t *testing.T) {
	t.Parallel()
	fail := error(nil)
	b := newBench(t, rakutenSubject(), setup{on: func(context.Context) error { return fail }})
	code := func(e hookstest.Event, status int) string {
		attempt := b.send(e)
		assert.Equal(t, status, attempt.Status)
		assert.Equal(t, "text/xml; charset=utf-8", attempt.Header.Get("Content-Type"))
		return hookstest.RakutenResultCode(attempt)
	}
	good := rakutenSubject().event(1, secretNew)
	assert.Equal(t, "N-000-000", code(good, http.StatusOK))
	assert.Equal(t, "N-000-000", code(hookstest.RakutenNotices(rakutenNotices("r1"), secretNew), http.StatusOK))
	for _, key := range []string{"", "wrong", secretNew + "x", strings.ToUpper(secretNew)} {
		assert.Equal(t, "E-400-101", code(rakutenSubject().event(2, key), http.StatusUnauthorized), key)
		require.ErrorIs(t, b.report().Err, hooks.ErrAuthKey)
	}
	assert.Equal(t, "E-400-101", code(withBody(good, []byte("<orderNotifyModel/>")), http.StatusUnauthorized))
	assert.Equal(t, "E-400-100", code(withBody(good, []byte(fmt.Sprintf(rakutenBroken, ""))), http.StatusUnprocessableEntity))
	assert.Equal(t, "E-400-100", code(withBody(good, []byte("<x/>")), http.StatusBadRequest))
	assert.Equal(t, "E-400-900", code(with(good, "Content-Type", "text/plain"), http.StatusUnsupportedMediaType))
	fail = context.DeadlineExceeded
	assert.Equal(t, "E-400-900", code(rakutenSubject().event(3, secretNew), http.StatusInternalServerError))
}

func TestRakutenContentTypes(t *testing.T) {
	t.Parallel()
	b := newBench(t, rakutenSubject(), setup{})
	for _, contentType := range []string{"text/xml", "application/xml", "text/xml; charset=UTF-8", "Application/XML;charset=utf-8"} {
		b.accepted(with(b.subject.event(1, secretNew), "Content-Type", contentType))
	}
	b.refused(with(b.subject.event(1, secretNew), "Content-Type", "text/xml; charset=euc-jp"), http.StatusUnsupportedMediaType, hooks.ErrContentType)
}

func TestW09RakutenTwoKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t, rakutenSubject(), setup{secrets: []string{secretNew, secretOld}})
	b.accepted(b.subject.event(1, secretOld))
	assert.Equal(t, "previous", b.calls.last().Secret)
	b.accepted(b.subject.event(2, secretNew))
	assert.Equal(t, "current", b.calls.last().Secret)
}

func TestW08RakutenUnusableKeys(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{}, {""}, {" "}, {secretNew + "\n"}} {
		_, err := hooks.NewRakuten(hooks.RakutenConfig{AuthKeys: keys})
		require.ErrorIs(t, err, hooks.ErrSecret)
	}
}

// TestW16RakutenXML is the rows of malformed bodies, told in XML.
func TestW16RakutenXML(t *testing.T) {
	t.Parallel()
	b := newBench(t, rakutenSubject(), setup{})
	good := string(rakutenSubject().event(7, secretNew).Body)
	declared := `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	bare := strings.TrimPrefix(good, declared)
	require.NotEqual(t, good, bare)
	for name, body := range map[string]string{
		"truncated":              good[:len(good)-1],
		"trailing text":          good + "x",
		"two documents":          good + bare,
		"text before":            "x" + bare,
		"no element":             declared,
		"white space":            " \n ",
		"not XML":                "{}",
		"a DTD":                  declared + "<!DOCTYPE orderNotifyModel>" + bare,
		"an entity bomb":         declared + `<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + strings.Replace(bare, "c1", "&b;", 1),
		"an external entity":     declared + `<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + strings.Replace(bare, "c1", "&a;", 1),
		"an undeclared entity":   strings.Replace(good, "c1", "&nbsp;", 1),
		"an instruction":         declared + `<?php 1?>` + bare,
		"a second declaration":   good + `<?xml version="1.0"?>`,
		"another encoding":       `<?xml version="1.0" encoding="EUC-JP"?>` + bare,
		"a BOM":                  "\xef\xbb\xbf" + good,
		"invalid UTF-8":          strings.Replace(good, "c1", "\xff", 1),
		"a control character":    strings.Replace(good, "c1", "\x01", 1),
		"a NUL by number":        strings.Replace(good, "c1", "&#0;", 1),
		"unclosed":               strings.Replace(good, "</authModel>", "", 1),
		"crossed":                strings.Replace(good, "</contractId>", "</x>", 1),
		"an unquoted attribute":  strings.Replace(good, "<contractId>", "<contractId a=b>", 1),
		"10 000 levels":          strings.Replace(bare, "c1", strings.Repeat("<a>", 10_000)+strings.Repeat("</a>", 10_000), 1),
		"two authModels":         strings.Replace(good, "<authModel>", "<authModel><authKey>"+secretNew+"</authKey></authModel><authModel>", 1),
		"two authKeys":           strings.Replace(good, "<authKey>", "<authKey>x</authKey><authKey>", 1),
		"authKeys of other case": strings.Replace(good, "<authKey>", "<authkey>x</authkey><authKey>", 1),
		"elements in a key":      strings.Replace(good, secretNew, "<b>"+secretNew+"</b>", 1),
	} {
		attempt := b.send(withBody(b.subject.event(1, secretNew), []byte(body)))
		assert.Contains(t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity}, attempt.Status, name)
		require.ErrorIs(t, b.report().Err, hooks.ErrPayload, name)
		assert.Equal(t, hooks.RakutenBadValues, hookstest.RakutenResultCode(attempt), name)
	}
	assert.Zero(t, b.calls.count())
	for name, body := range map[string]string{
		"no declaration":   bare,
		"comments":         strings.Replace(good, "<authModel>", "<!-- hello --><authModel>", 1),
		"CDATA":            strings.Replace(good, secretNew, "<![CDATA["+secretNew+"]]>", 1),
		"white space":      strings.ReplaceAll(good, "><", ">\n  <"),
		"unknown elements": strings.Replace(good, "<authModel>", "<later><a/></later><authModel>", 1),
		"a namespace":      strings.Replace(good, "<orderNotifyModel>", `<orderNotifyModel xmlns="urn:x">`, 1),
	} {
		attempt := b.send(withBody(b.subject.event(1, secretNew), []byte(body)))
		require.NoError(t, attempt.Err, name)
	}
	assert.Equal(t, 1, b.calls.count(), "they are all the same event")
}

func TestW37RakutenIdentity(t *testing.T) {
	t.Parallel()
	clock := newClock()
	b := newBench(t, rakutenSubject(), setup{ledger: hooks.NewVolatileLedger(clock.Now)})
	send := func(request string) { b.accepted(hookstest.RakutenNotices(rakutenNotices(request), secretNew)) }
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

func TestRakutenWithoutFunction(t *testing.T) {
	t.Parallel()
	r, err := hooks.NewRakuten(hooks.RakutenConfig{
		AuthKeys: []string{secretNew},
		OnOrders: func(context.Context, *hooks.RakutenOrders) error { return nil },
	})
	require.NoError(t, err)
	assert.Equal(t, http.StatusNotImplemented, serve(t, r.Handler(), hookstest.RakutenNotices(rakutenNotices("r"), secretNew)).Code)
	assert.Equal(t, http.StatusUnauthorized, serve(t, r.Handler(), hookstest.RakutenNotices(rakutenNotices("r"), "x")).Code)
}
