package colormetest_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// app receives hooks and answers as the test asks.
type app struct {
	mu     sync.Mutex
	status int
	answer string
	bodies []string
	signed []string
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bodies = append(a.bodies, string(body))
	a.signed = append(a.signed, r.Header.Get("X-Appstore-Signature"))
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.answer)
}

func (a *app) set(status int, answer string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.status, a.answer = status, answer
}

func (a *app) received() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string{}, a.bodies...)
}

const goodAnswer = `{"redirect_url":"https://app.example/login"}`

// withApp starts a server whose hooks reach a willing app.
func withApp(t *testing.T) (*colormetest.Server, *app) {
	t.Helper()
	srv, a := start(t), &app{status: http.StatusOK, answer: goodAnswer}
	receiver := httptest.NewServer(a)
	t.Cleanup(receiver.Close)
	registered := srv.App()
	registered.InstallURL, registered.UninstallURL = receiver.URL+"/install", receiver.URL+"/uninstall"
	srv.SetApp(registered)
	return srv, a
}

func TestInstall(t *testing.T) {
	t.Parallel()
	tests := []struct {
		plan, keys string
	}{
		{colormetest.PlanFree, "account_id application_charge_source_id recurring_application_charge_id mail"},
		{colormetest.PlanOneTime, "account_id application_charge_source_id application_charge_id mail"},
		{colormetest.PlanMonthly, "account_id application_charge_source_id recurring_application_charge_id mail"},
		{colormetest.PlanMonthlyTrial, "account_id application_charge_source_id recurring_application_charge_id trial_term mail"},
		{colormetest.PlanMetered, "account_id application_charge_source_id recurring_application_charge_id mail"},
	}
	for _, tt := range tests {
		t.Run(tt.plan, func(t *testing.T) {
			t.Parallel()
			srv, a := withApp(t)
			in, err := srv.Install(t.Context(), srv.Shop(), tt.plan)
			require.NoError(t, err)
			assert.Equal(t, "https://app.example/login", in.RedirectURL)
			assert.Regexp(t, `^[0-9A-Z]{6,}$`, in.ContractID)

			require.Len(t, a.received(), 1)
			hook := decode(t, []byte(a.received()[0]))
			assertKeys(t, tt.keys, hook)
			assert.Equal(t, "PA00000001", hook["account_id"])
			assert.Equal(t, tt.plan, hook["application_charge_source_id"])
			mac := hmac.New(sha256.New, []byte(srv.App().WebhookSecret.Reveal()))
			mac.Write([]byte(a.received()[0]))
			assert.Equal(t, base64.StdEncoding.EncodeToString(mac.Sum(nil)), a.signed[0])
			if term, ok := hook["trial_term"]; ok {
				midnight := time.Date(2026, time.November, 9, 15, 0, 0, 0, time.UTC)
				assert.Equal(t, midnight.Unix(), id(t, term, "starts_at"))
				assert.Equal(t, midnight.AddDate(0, 0, 30).Unix(), id(t, term, "ends_at"))
			}
			deliveries := srv.HookDeliveries()
			require.Len(t, deliveries, 1)
			assert.Equal(t, http.StatusOK, deliveries[0].Status)

			_, err = srv.Install(t.Context(), srv.Shop(), tt.plan)
			require.Error(t, err, "installed already")
			_, err = srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByShopOwner)
			require.NoError(t, err)
			again, err := srv.Install(t.Context(), srv.Shop(), tt.plan)
			require.NoError(t, err)
			assert.NotEqual(t, in.ContractID, again.ContractID)
		})
	}
}

func TestInstallAborts(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]struct {
		status int
		body   string
	}{
		"status":       {http.StatusCreated, goodAnswer},
		"redirect":     {http.StatusFound, goodAnswer},
		"failure":      {http.StatusInternalServerError, ""},
		"no JSON":      {http.StatusOK, "<html>"},
		"no URL":       {http.StatusOK, `{}`},
		"relative URL": {http.StatusOK, `{"redirect_url":"/login"}`},
	} {
		srv, a := withApp(t)
		a.set(answer.status, answer.body)
		_, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanMetered)
		require.Error(t, err, name)
		srv.Advance(100 * time.Hour)
		assert.Len(t, a.received(), 1, "%s: an install hook is sent once", name)
		speak(t, srv).refused(http.MethodDelete, "/appstore/v1/installation.json", nil, 404100)
		a.set(http.StatusOK, goodAnswer)
		_, err = srv.Install(t.Context(), srv.Shop(), colormetest.PlanMetered)
		require.NoError(t, err, name)
	}
	srv := start(t)
	_, err := srv.Install(t.Context(), srv.Shop(), "NOPLAN")
	require.Error(t, err)
}

func TestUninstall(t *testing.T) {
	t.Parallel()
	tests := []struct {
		plan, keys, usageKeys string
	}{
		{colormetest.PlanOneTime, "account_id application_charge_source_id uninstalled_at reason", ""},
		{colormetest.PlanMonthly, "account_id application_charge_source_id recurring_application_charge_id uninstalled_at reason", ""},
		{colormetest.PlanMetered, "account_id application_charge_source_id recurring_application_charge_id uninstalled_at reason usage_charge", "api_token closing_on"},
		{colormetest.PlanMonthlyTrial, "account_id application_charge_source_id recurring_application_charge_id uninstalled_at reason usage_charge", "closing_on"},
	}
	for _, tt := range tests {
		t.Run(tt.plan, func(t *testing.T) {
			t.Parallel()
			srv, a := withApp(t)
			in, err := srv.Install(t.Context(), srv.Shop(), tt.plan)
			require.NoError(t, err)
			caller := speak(t, srv)
			caller.want(200, http.MethodPost, "/appstore/v1/script_tags.json", shopTag("https://app.example/a.js"))

			_, err = srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByUnpaid)
			require.NoError(t, err)
			caller.refused(http.MethodGet, "/v1/shop", nil, 401010)
			assert.Empty(t, rows(t, speak(t, srv).get("/appstore/v1/script_tags.json"), "script_tags"))

			hook := decode(t, []byte(a.received()[1]))
			assertKeys(t, tt.keys, hook)
			assert.Equal(t, "by_unpaid", hook["reason"])
			assert.EqualValues(t, noon.Unix(), hook["uninstalled_at"])
			if tt.plan != colormetest.PlanOneTime {
				assert.Equal(t, in.ContractID, hook["recurring_application_charge_id"])
			}
			if tt.usageKeys != "" {
				assertKeys(t, tt.usageKeys, hook["usage_charge"])
			}
			_, err = srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByUnpaid)
			require.Error(t, err)
		})
	}
}

func TestUninstallHookIsResent(t *testing.T) {
	t.Parallel()
	srv, a := withApp(t)
	_, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanFree)
	require.NoError(t, err)
	a.set(http.StatusServiceUnavailable, "")
	_, err = srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByShopOwner)
	require.NoError(t, err)
	assert.Len(t, a.received(), 2)

	srv.Advance(2*time.Hour + 29*time.Minute)
	assert.Len(t, a.received(), 2)
	srv.Advance(time.Minute)
	assert.Len(t, a.received(), 3)
	srv.Advance(42*time.Hour + 30*time.Minute)
	assert.Len(t, a.received(), 2+18)
	assert.Empty(t, srv.Mails())
	srv.Advance(100 * time.Hour)
	assert.Len(t, a.received(), 2+19)

	deliveries := srv.HookDeliveries()
	last := deliveries[len(deliveries)-1]
	assert.Equal(t, 20, last.Attempt)
	assert.Equal(t, noon.Add(47*time.Hour+30*time.Minute), last.Time)
	assert.Equal(t, deliveries[1].Body, last.Body)
	assert.Equal(t, deliveries[1].Signature, last.Signature)
}

func TestUninstallHookGivesUp(t *testing.T) {
	t.Parallel()
	srv, a := withApp(t)
	_, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanFree)
	require.NoError(t, err)
	a.set(http.StatusNoContent, "")
	_, err = srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByShopOwner)
	require.NoError(t, err)
	srv.Advance(48 * time.Hour)
	assert.Len(t, a.received(), 1+20)
	mails := srv.Mails()
	require.Len(t, mails, 1)
	assert.Equal(t, "hook_failed", mails[0].Kind)
}

func TestUninstallHookStopsAt200(t *testing.T) {
	t.Parallel()
	srv, a := withApp(t)
	_, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanFree)
	require.NoError(t, err)
	a.set(http.StatusServiceUnavailable, "")
	_, err = srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByShopOwner)
	require.NoError(t, err)
	a.set(http.StatusOK, "")
	srv.Advance(48 * time.Hour)
	assert.Len(t, a.received(), 3)
	assert.Empty(t, srv.Mails())
}

// In a bubble, waiting is enough for the hook to be resent.
func TestUninstallHookInBubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		receiver := &app{status: http.StatusServiceUnavailable}
		client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			receiver.ServeHTTP(w, r)
			return w.Result(), nil
		})}
		registered := colormetest.App{
			Plans: []colormetest.Plan{{ID: "PLAN01"}}, WebhookSecret: "s", UninstallURL: "http://app.example/uninstall",
		}
		srv := colormetest.NewServer(colormetest.InMemory(), colormetest.WithHookClient(client), colormetest.WithApp(registered))
		defer srv.Close()
		_, err := srv.Install(t.Context(), srv.Shop(), "PLAN01")
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		_, err = srv.Uninstall(ctx, srv.Shop(), colormetest.ByShopOwner)
		cancel()
		require.NoError(t, err)
		<-time.After(5*time.Hour + time.Minute)
		synctest.Wait()
		assert.Len(t, receiver.received(), 3)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestDeliver(t *testing.T) {
	t.Parallel()
	srv, a := withApp(t)
	_, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanFree)
	require.NoError(t, err)
	first := srv.HookDeliveries()[0]
	again := srv.Deliver(t.Context(), first.URL, first.Body)
	assert.Equal(t, first.Signature, again.Signature)
	assert.Equal(t, goodAnswer, string(again.Answer))
	assert.Len(t, a.received(), 2)

	gone := srv.Deliver(t.Context(), "http://127.0.0.1:1/", []byte("{}"))
	require.Error(t, gone.Err)
	assert.Zero(t, gone.Status)
}

func TestDeleteInstallation(t *testing.T) {
	t.Parallel()
	srv, a := withApp(t)
	in, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanMetered)
	require.NoError(t, err)
	caller := speak(t, srv)
	got := caller.want(200, http.MethodDelete, "/appstore/v1/installation.json", nil)
	assertKeys(t, "account_id application_charge_source_id recurring_application_charge_id uninstalled_at usage_charge", got)
	assert.Equal(t, in.ContractID, got["recurring_application_charge_id"])
	assertKeys(t, "api_token closing_on", got["usage_charge"])
	caller.refused(http.MethodDelete, "/appstore/v1/installation.json", nil, 401010)
	srv.Advance(100 * time.Hour)
	assert.Len(t, a.received(), 1, "no hook is sent")
}

// The two examples of the platform's documentation, and a month without the day.
func TestClosingOn(t *testing.T) {
	t.Parallel()
	tests := []struct{ installed, uninstalled, closing string }{
		{"2020-12-10", "2021-01-09", "2021-01-31"},
		{"2020-12-10", "2021-01-10", "2021-02-28"},
		{"2021-01-31", "2021-02-27", "2021-02-28"},
		{"2021-01-31", "2021-02-28", "2021-03-31"},
		{"2021-11-01", "2021-11-30", "2021-11-30"},
	}
	jst := time.FixedZone("JST", 9*60*60)
	for _, tt := range tests {
		parse := func(day string) time.Time {
			d, err := time.ParseInLocation(time.DateOnly, day, jst)
			require.NoError(t, err)
			return d.Add(13 * time.Hour)
		}
		now := parse(tt.installed)
		srv := colormetest.NewServer(colormetest.WithClock(func() time.Time { return now }))
		t.Cleanup(srv.Close)
		_, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanMetered)
		require.NoError(t, err)
		srv.Advance(parse(tt.uninstalled).Sub(now))
		in, err := srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByShopOwner)
		require.NoError(t, err)
		assert.Equal(t, tt.closing+" 00:00:00", in.ClosingOn.In(jst).Format(time.DateTime), "%s to %s", tt.installed, tt.uninstalled)
	}
}

func usageCharge(point any, description string) object {
	return object{"usage_charge": object{"point": point, "description": description}}
}

func TestUsageCharge(t *testing.T) {
	t.Parallel()
	srv := start(t)
	a := speak(t, srv, "write_application_charge")
	in, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanMonthlyMetered)
	require.NoError(t, err)
	path := "/appstore/v1/recurring_application_charges/" + in.ContractID + "/usage_charges.json"

	got := a.want(201, http.MethodPost, path, usageCharge(100, "配送ラベル 5件"))
	assertKeys(t, "id description point make_date update_date", at(t, got, "usage_charge"))
	assert.Regexp(t, `^[0-9A-Z]{6,}$`, at(t, got, "usage_charge", "id"))
	a.want(201, http.MethodPost, path, usageCharge(1_000_000, strings.Repeat("あ", 50)))

	const point, description = "usage_charge.point", "usage_charge.description"
	a.refused(http.MethodPost, path, usageCharge(99, "x"), 422014, point)
	a.refused(http.MethodPost, path, usageCharge(1_000_001, "x"), 422014, point)
	a.refused(http.MethodPost, path, usageCharge("100", "x"), 422100, point)
	a.refused(http.MethodPost, path, usageCharge(100, strings.Repeat("あ", 51)), 422003, description)
	a.refused(http.MethodPost, path, usageCharge(100, ""), 422007, description)
	a.refused(http.MethodPost, path, object{"usage_charge": object{"x": 1}}, 422007, point, 422007, description)
	a.refused(http.MethodPost, path, object{"usage_charge": object{}}, 422210, "usage_charge")
	a.refused(http.MethodPost, path, object{}, 422100, "usage_charge")
	for text, ok := range map[string]bool{"ｶﾅ ¥‾ 髙": false, "ｶﾅ ¥‾": true, "領収書 №": true, "絵文字😀": false, "한글": false, "丂侂": true, "①": false, "é": true} {
		status, _ := a.call(http.MethodPost, path, usageCharge(100, text))
		assert.Equal(t, ok, status == http.StatusCreated, text)
	}
	a.refused(http.MethodPost, strings.Replace(path, in.ContractID, "OTHER1", 1), usageCharge(100, "x"), 404100)

	charges := srv.Shop().UsageCharges()
	assert.EqualValues(t, 100, charges[0].Point)
	assert.Equal(t, in.ContractID, charges[0].Source)
}

func TestUsageChargeAfterUninstall(t *testing.T) {
	t.Parallel()
	srv := start(t)
	in, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanMetered)
	require.NoError(t, err)
	a := speak(t, srv)
	path := "/appstore/v1/recurring_application_charges/" + in.ContractID + "/usage_charges.json"
	in, err = srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByShopOwner)
	require.NoError(t, err)

	a.refused(http.MethodPost, path, usageCharge(100, "x"), 401010)
	last := api{t: t, srv: srv}
	header := []string{"X-Appstore-Usage-Charge-Token", in.UsageToken}
	last.want(201, http.MethodPost, path, usageCharge(100, "x"), header...)
	last.want(401, http.MethodGet, "/v1/shop", nil, header...)
	last.want(401, http.MethodPost, path, usageCharge(100, "x"), "X-Appstore-Usage-Charge-Token", "other")
	last.want(401, http.MethodPost, path, usageCharge(100, "x"), "Authorization", "Bearer "+in.UsageToken)

	require.Equal(t, "00:00:00", in.ClosingOn.Format(time.TimeOnly))
	srv.Advance(in.ClosingOn.Add(24*time.Hour - time.Second).Sub(srv.Now()))
	last.want(201, http.MethodPost, path, usageCharge(100, "x"), header...)
	srv.Advance(time.Second)
	last.want(401, http.MethodPost, path, usageCharge(100, "x"), header...)
	assert.Len(t, srv.Shop().UsageCharges(), 2)
}

func TestUsageChargeRefusedByPlan(t *testing.T) {
	t.Parallel()
	srv := start(t)
	in, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanMonthlyTrial)
	require.NoError(t, err)
	path := "/appstore/v1/recurring_application_charges/" + in.ContractID + "/usage_charges.json"
	a := speak(t, srv)
	a.refused(http.MethodPost, path, usageCharge(100, "x"), 422001)
	srv.Advance(31 * 24 * time.Hour)
	a.want(201, http.MethodPost, path, usageCharge(100, "x"))

	fixed := start(t)
	in, err = fixed.Install(t.Context(), fixed.Shop(), colormetest.PlanMonthly)
	require.NoError(t, err)
	path = "/appstore/v1/recurring_application_charges/" + in.ContractID + "/usage_charges.json"
	speak(t, fixed).refused(http.MethodPost, path, usageCharge(100, "x"), 422001)
}

func TestApplicationCharge(t *testing.T) {
	t.Parallel()
	srv := start(t)
	const path = "/appstore/v1/application_charges.json"
	charge := func(source any) object {
		return object{"application_charge": object{"application_charge_source_id": source}}
	}
	speak(t, srv).refused(http.MethodPost, path, charge(colormetest.PriceOption), 403100)
	_, err := srv.Install(t.Context(), srv.Shop(), colormetest.PlanFree)
	require.NoError(t, err)
	a := speak(t, srv)
	for range 2 {
		got := a.want(201, http.MethodPost, path, charge(colormetest.PriceOption))
		assertKeys(t, "id point make_date update_date", at(t, got, "application_charge"))
		assert.EqualValues(t, 500, id(t, got, "application_charge", "point"))
	}
	const field = "application_charge.application_charge_source_id"
	a.refused(http.MethodPost, path, charge("OTHER1"), 422001, field)
	a.refused(http.MethodPost, path, charge(""), 422007, field)
	charges := srv.Shop().ApplicationCharges()
	require.Len(t, charges, 2)
	assert.NotEqual(t, charges[0].ID, charges[1].ID)
}

func shopTag(src string) object {
	return object{"script_tag": object{"src": src, "display_scope": "shop", "integrity": "sha384-x"}}
}

func TestScriptTags(t *testing.T) {
	t.Parallel()
	const src = "https://app.example/a.js"
	tests := []struct {
		path, name, keys string
		created          int
		body             object
		bad              string
	}{
		{
			"/appstore/v1/script_tags", "script_tag", "account_id display_scope id integrity make_date oauth_application_id src update_date",
			200,
			object{"src": src, "display_scope": "thanks_page", "integrity": "sha384-x"},
			"cart",
		},
		{
			"/v1/script_tags", "script_tag", "display_scope id make_date src update_date",
			200,
			object{"src": src, "display_scope": "cart"},
			"none",
		},
		{
			"/v1/inline_script_tags", "inline_script_tag",
			"account_id display_scope id make_date oauth_application_id script trigger_event update_date",
			201,
			object{"script": "go()", "display_scope": "all", "trigger_event": "object_builded"},
			"shop",
		},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			srv := start(t)
			a := speak(t, srv)
			list := tt.path + ".json"
			got := a.want(tt.created, http.MethodPost, list, object{tt.name: tt.body})
			assertKeys(t, tt.keys, at(t, got, tt.name))
			one := fmt.Sprintf("%s/%d.json", tt.path, id(t, got, tt.name, "id"))
			assert.Equal(t, got, a.get(one))
			assert.Len(t, rows(t, a.get(list), tt.name+"s"), 1)

			a.refused(http.MethodPut, one, object{tt.name: object{"display_scope": tt.bad}}, 422001, tt.name+".display_scope")
			tt.body["display_scope"] = "thanks_page"
			assert.Equal(t, "thanks_page", at(t, a.want(200, http.MethodPut, one, object{tt.name: tt.body}), tt.name, "display_scope"))
			a.refused(http.MethodPost, list, object{tt.name: object{}}, 422210, tt.name)
			if _, ok := tt.body["src"]; ok {
				srv.BreakScript("https://app.example/gone.js")
				for _, bad := range []string{"http://app.example/a.js", "https://app.example/gone.js"} {
					a.refused(http.MethodPut, one, object{tt.name: object{"src": bad}}, 422003, "script_tag.src")
				}
			}
			assert.Nil(t, a.want(204, http.MethodDelete, one, nil))
			a.refused(http.MethodGet, one, nil, 404100)
			a.refused(http.MethodDelete, one, nil, 404100)
			a.refused(http.MethodPut, one, object{tt.name: tt.body}, 404100)
			assert.Empty(t, rows(t, a.get(list), tt.name+"s"))
		})
	}
}
