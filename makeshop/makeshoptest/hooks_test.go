package makeshoptest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
)

// Kinds of webhooks, as package hooks spells them.
const (
	install    = "makeshop.install"
	uninstall  = "makeshop.uninstall"
	monthly    = "makeshop.monthly_renewal"
	planChange = "makeshop.plan_change"
)

// receive starts an app that answers webhooks with a status, and declares it.
func receive(t *testing.T, srv *makeshoptest.Server, status *atomic.Int64, check func(object)) {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
		mac := hmac.New(sha256.New, []byte(srv.App().WebhookSecret.Reveal()))
		stamp := strconv.FormatInt(srv.Now().Unix(), 10)
		mac.Write([]byte(stamp + "." + string(body)))
		assert.Equal(t, stamp, r.Header.Get("X-Makeshop-Request-Timestamp"))
		assert.Equal(t, hex.EncodeToString(mac.Sum(nil)), r.Header.Get("X-Makeshop-Signature"))
		var event object
		assert.NoError(t, json.Unmarshal(body, &event))
		event["path"] = r.URL.Path
		check(event)
		w.WriteHeader(int(status.Load()))
	}))
	t.Cleanup(site.Close)
	app := srv.App()
	app.HookURLs = map[string]string{
		install: site.URL + "/install", uninstall: site.URL + "/uninstall",
		monthly: site.URL + "/monthly", "makeshop.monthly_renewal.failure": site.URL + "/failed",
	}
	srv.SetApp(app)
}

func TestInstallation(t *testing.T) {
	t.Parallel()
	srv := start(t)
	var status atomic.Int64
	status.Store(200)
	var got object
	var alive bool
	receive(t, srv, &status, func(event object) {
		got = event
		if token, ok := event["token"]; ok {
			alive = works(t, srv, token)
		}
	})

	in, err := srv.Install(t.Context(), srv.Shop(), 7)
	require.NoError(t, err)
	assert.Equal(t, object{
		"path": "/install", "app_id": 101.0, "plan_id": 7.0, "app_name": "shotengai", "shop_id": "shotengai1", "token": in.Token,
	}, got)
	assert.Regexp(t, "^PAT[.][0-9a-f]{64}$", in.Token)
	assert.True(t, alive, "the token works while the webhook is under way")
	assert.Equal(t, in.Token, srv.Shop().Token())
	assert.Equal(t, in, srv.Shop().Installation())
	_, err = srv.Install(t.Context(), srv.Shop(), 7)
	require.Error(t, err)
	tokens := logIn(t, srv)

	d, err := srv.Uninstall(t.Context(), srv.Shop())
	require.NoError(t, err)
	assert.Equal(t, 200, d.Status)
	assert.Equal(t, object{"path": "/uninstall", "app_id": 101.0, "app_name": "shotengai", "shop_id": "shotengai1"}, got)
	assert.False(t, works(t, srv, in.Token))
	assert.False(t, works(t, srv, tokens["access_token"]))
	code, _ := exchange(t, srv, refreshForm(srv, tokens["refresh_token"]))
	assert.Equal(t, http.StatusBadRequest, code)
	assert.Nil(t, srv.Shop().Installation())
	_, err = srv.Uninstall(t.Context(), srv.Shop())
	require.Error(t, err)

	status.Store(500)
	_, err = srv.Install(t.Context(), srv.Shop(), 7)
	require.ErrorContains(t, err, "the app answered 500")
	assert.Nil(t, srv.Shop().Installation())
	assert.False(t, works(t, srv, got["token"]))
	status.Store(200)
	again, err := srv.Install(t.Context(), srv.Shop(), 7)
	require.NoError(t, err)
	assert.NotEqual(t, in.Token, again.Token)
	code, _ = exchange(t, srv, refreshForm(srv, tokens["refresh_token"]))
	assert.Equal(t, http.StatusBadRequest, code, "a login of the earlier installation stays dead")
	assert.Len(t, srv.HookDeliveries(), 4)
}

func TestNotify(t *testing.T) {
	t.Parallel()
	srv := start(t)
	var status atomic.Int64
	status.Store(204)
	var got object
	receive(t, srv, &status, func(event object) { got = event })
	d := srv.Notify(t.Context(), srv.Shop(), "makeshop.monthly_renewal.success", object{"price": 1100})
	assert.Equal(t, 204, d.Status)
	assert.Equal(t, object{"path": "/monthly", "app_id": 101.0, "app_name": "shotengai", "shop_id": "shotengai1", "price": 1100.0}, got)
	srv.Notify(t.Context(), srv.Shop(), "makeshop.monthly_renewal.failure", nil)
	assert.Equal(t, "/failed", got["path"])
	srv.Deliver(t.Context(), monthly, d.Body)
	assert.Equal(t, "/monthly", got["path"])
	d = srv.Notify(t.Context(), srv.Shop(), planChange, nil)
	assert.Empty(t, d.URL)
	assert.Len(t, srv.HookDeliveries(), 3)
}

func TestMemberSSOAndUnreachableApp(t *testing.T) {
	t.Parallel()
	srv := start(t)
	app := srv.App()
	app.MemberSSO, app.WebhookSecret = true, ""
	app.HookURLs[install] = "http://127.0.0.1:1/"
	srv.SetApp(app)
	_, err := srv.Install(t.Context(), srv.Shop(), 1)
	require.ErrorContains(t, err, "install failed")
	d := srv.HookDeliveries()[0]
	assert.Contains(t, string(d.Body), `"client_secret"`)
	assert.Empty(t, d.Signature)
	require.Error(t, d.Err)
}

func TestEndOfSubscription(t *testing.T) {
	t.Parallel()
	srv := start(t)
	token := srv.Shop().Token()
	srv.Shop().EndSubscription()
	srv.Advance(30*24*time.Hour - time.Second)
	assert.True(t, works(t, srv, token))
	srv.Advance(time.Second)
	status, answer := query(t, srv, `{ __typename }`, nil)
	assert.Equal(t, http.StatusForbidden, status)
	assert.Equal(t, "FORBIDDEN", at(answer, "errors.0.extensions.code"))
	_, err := srv.Uninstall(t.Context(), srv.Shop())
	require.NoError(t, err)
	assert.Panics(t, srv.Shop().EndSubscription)
	assert.True(t, works(t, srv, srv.Shop().Token()))
}

func TestOptions(t *testing.T) {
	t.Parallel()
	site := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(site.Close)
	app := makeshoptest.App{
		ID: 5, Name: "app", APIKey: "key", ClientID: "id", ClientSecret: "secret", RedirectURIs: []string{"https://app.example/"},
		HookURLs: map[string]string{install: site.URL},
	}
	srv := start(t, makeshoptest.WithApp(app), makeshoptest.WithHookClient(site.Client()), makeshoptest.WithPageCap(7), makeshoptest.WithoutRateLimits())
	_, err := srv.Install(t.Context(), srv.Shop(), 1)
	require.ErrorContains(t, err, "the app answered 302", "redirects are not followed")
	orders := run(t, srv, searchOrder, object{"limit": 100}, "searchOrder.orders")
	assert.Len(t, orders, 7)
	app.HookURLs[install] = "changed"
	assert.Equal(t, site.URL, srv.App().HookURLs[install])
}
