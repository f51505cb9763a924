package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
)

func (o *owner) play(platform, scene string) answer {
	o.t.Helper()
	played := o.post("/demo", "/demo", "platform", platform, "scene", scene)
	require.Equal(o.t, http.StatusOK, played.status, played.body)
	return played
}

func TestControlOfColorMe(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	assert.Contains(t, o.get("/demo").body, "このショップはまだアプリにインストールされていません。")
	assert.Contains(t, o.play("colorme", "install").body, "未連携")
	page := o.get("/login/colorme").path
	o.begin(page)
	assert.Contains(t, o.get("/demo").body, `href="`+page+`"`)

	o.play("colorme", "unlink")
	assert.Contains(t, o.get(page).body, `id="lost"`)
	o.play("colorme", "refuse")
	refused := o.get("/login/colorme?shop=" + d.colorMe.Shop().ID)
	assert.Equal(t, http.StatusForbidden, refused.status)
	assert.Contains(t, refused.body, "連携が許可されませんでした。")
	o.play("colorme", "allow")
	assert.NotContains(t, o.get("/login/colorme?shop="+d.colorMe.Shop().ID).body, `id="lost"`)

	o.play("colorme", "outage")
	assert.Contains(t, o.get(page).body, `id="trouble"`)
	assert.NotContains(t, o.play("colorme", "heal").body, `value="heal"`)
	assert.NotContains(t, o.get(page).body, `id="trouble"`)

	for _, how := range []string{"uninstall", "unpaid"} {
		assert.Contains(t, o.play("colorme", how).body, "アンインストール済み")
		assert.Equal(t, http.StatusNotFound, o.get(page).status)
		o.play("colorme", "install")
		back := o.get("/login/colorme")
		assert.Contains(t, back.body, `id="back"`)
		o.begin(back.path, "old", "keep")
	}
}

// serveMakeShop serves the demonstration to the owner of a shop that uses the app, at its page.
func serveMakeShop(t *testing.T) (*demo, *owner, string) {
	t.Helper()
	d := serveDemo(t)
	o := newOwner(t, d)
	o.play("makeshop", "install")
	page := o.get("/login/makeshop").path
	o.begin(page)
	return d, o, page
}

func TestControlOfMakeShop(t *testing.T) {
	t.Parallel()
	_, o, page := serveMakeShop(t)
	for range 2 {
		o.play("makeshop", "payment_failed")
		assert.Contains(t, o.get(page).body, `id="blocked"`)
		o.play("makeshop", "payment_made")
		assert.Contains(t, o.get(page).body, `id="orders"`)
	}
	o.play("makeshop", "payment_failed")
	assert.Contains(t, o.play("makeshop", "uninstall").body, "アンインストール済み")
	impossible := o.post("/demo", "/demo", "platform", "makeshop", "scene", "uninstall")
	assert.Equal(t, http.StatusConflict, impossible.status)
	assert.Contains(t, impossible.title(t), "処理できませんでした")
}

// A payment that failed is made in a later month. The event does not say which month it is for.
func TestPaymentOfAnEarlierMonth(t *testing.T) {
	t.Parallel()
	d, o, page := serveMakeShop(t)
	key := shopKey{"makeshop", d.makeShop.Shop().ID}
	sh, err := d.app.store.shop(t.Context(), key)
	require.NoError(t, err)
	due := firstOf(time.Now()).AddDate(0, -2, 0)
	sub := billing.Subscription{}
	for _, event := range []billing.Event{
		billing.Install{On: due.AddDate(0, 0, -1), Plan: sh.Subscription.Plan}, billing.Renewal{On: due, Failed: true},
	} {
		sub, _, err = sub.Apply(event)
		require.NoError(t, err)
	}
	require.NoError(t, d.app.store.setSubscription(t.Context(), key, sub))
	assert.Contains(t, o.get(page).body, `id="blocked"`)
	o.play("makeshop", "payment_made")
	assert.NotContains(t, o.get(page).body, `id="blocked"`)
	sh, err = d.app.store.shop(t.Context(), key)
	require.NoError(t, err)
	assert.True(t, sh.Subscription.PaidMonth.Equal(due), "the month that failed is paid")
}

func TestControlOfStores(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	page := o.get("/login/stores").path
	o.begin(page)
	o.get(page)
	o.play("stores", "unlink")
	assert.Contains(t, o.get(page).body, `id="lost"`)
	assert.NotContains(t, o.get("/login/stores").body, `id="lost"`)
}

func TestControlOfRakuten(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	o.post("/admin", "/admin", "password", d.config.AdminPassword.Reveal())
	page := shopPath(shopKey{"rakuten", d.rakuten.Shop().ID})
	o.play("rakuten", "expire")
	assert.Contains(t, o.get(page).body, "停止中")
	o.play("rakuten", "renew")
	assert.NotContains(t, o.get(page).body, "停止中")
	o.play("rakuten", "outage")
	assert.Contains(t, o.get(page).body, `id="trouble"`)
	o.play("rakuten", "heal")
	assert.NotContains(t, o.get(page).body, `id="trouble"`)
}

// The page has no password, so it is nowhere but in a demonstration on this machine.
func TestControlIsForTheDemoAlone(t *testing.T) {
	t.Parallel()
	find := func(handler http.Handler) int {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/demo", nil))
		return recorder.Code
	}
	d := serveDemo(t)
	assert.Equal(t, http.StatusOK, find(d.app.handler))
	assert.Equal(t, http.StatusForbidden, newOwner(t, d).send("/demo", nil).status, "no form without its token")

	c := d.config
	c.Database = filepath.Join(t.TempDir(), "app.db")
	a, err := newApp(t.Context(), c)
	require.NoError(t, err)
	assert.Equal(t, http.StatusNotFound, find(a.handler), "without -demo")
	require.NoError(t, a.close(t.Context()))

	open, err := startDemo(t.Context(), "0.0.0.0:0", "")
	require.NoError(t, err)
	assert.Equal(t, http.StatusNotFound, find(open.app.handler), "open to other machines")
	require.NoError(t, open.listener.Close())
	require.NoError(t, open.app.close(t.Context()))
	require.NoError(t, open.close())
}
