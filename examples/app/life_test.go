package main

import (
	"database/sql"
	"errors"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// moment is something that happens to a shop, and what follows: where the shop stands then, and
// what its owner sees who has its page open. "unknown" is a shop that the app has nothing of,
// "nothing" a page that is not there for the owner.
type moment struct {
	does  string
	stage stage
	sees  string
}

const unknown stage = "unknown"

// lives is the state machine of a shop: install, login, begin, erase, uninstall and return on
// each platform. Each life is that of another shop.
var lives = map[string][][]moment{
	"colorme":  reported,
	"makeshop": reported,
	"stores": {
		{
			{"login", stageNew, "welcome"},
			{"begin", stageActive, "orders"},
			{"uninstall", stageActive, "lost"}, // the platform does not report it: a call fails
			{"login", stageActive, "orders"},
			{"erase", unknown, "nothing"},
			{"login", stageNew, "welcome"},
			{"erase", unknown, "nothing"},
		},
		{
			{"login", stageNew, "welcome"},
			{"begin", stageActive, "orders"},
			{"uninstall", stageActive, "lost"},
			{"erase", unknown, "nothing"},
			{"login", stageNew, "welcome"},
			{"begin", stageActive, "orders"},
		},
	},
	"rakuten": {{ // the operator plays the owner: to enter a key is the install, to remove it the uninstall
		{"install", stageActive, "orders"},
		{"erase", unknown, "nothing"},
		{"install", stageActive, "orders"},
		{"uninstall", stageLeft, "blocked"},
		{"install", stageReturned, "back"},
		{"begin", stageActive, "orders"},
		{"uninstall", stageLeft, "blocked"},
		{"erase", unknown, "nothing"},
		{"install", stageActive, "orders"},
	}},
}

// reported are the lives on platforms that report installs and uninstalls.
var reported = [][]moment{
	{ // a shop that goes on paying
		{"install", stageNew, "nothing"},
		{"login", stageNew, "welcome"},
		{"begin", stageActive, "orders"},
		{"erase", stageNew, "nothing"},
		{"login", stageNew, "welcome"},
		{"begin", stageActive, "orders"},
		{"login", stageActive, "orders"},
		{"erase", stageNew, "nothing"},
		{"uninstall", stageLeft, "nothing"},
		{"install", stageNew, "nothing"},
		{"login", stageNew, "welcome"}, // of old data there are none
		{"begin", stageActive, "orders"},
	},
	{ // a shop that leaves and comes back
		{"install", stageNew, "nothing"},
		{"login", stageNew, "welcome"},
		{"begin", stageActive, "orders"},
		{"uninstall", stageLeft, "nothing"},
		{"install", stageReturned, "nothing"},
		{"login", stageReturned, "back"},
		{"uninstall", stageLeft, "nothing"},
		{"install", stageReturned, "nothing"},
		{"login", stageReturned, "back"},
		{"begin", stageActive, "orders"},
		{"uninstall", stageLeft, "nothing"},
		{"install", stageReturned, "nothing"},
		{"login", stageReturned, "back"},
		{"erase", stageNew, "nothing"},
		{"login", stageNew, "welcome"},
	},
	{ // a shop that leaves and asks to be erased
		{"install", stageNew, "nothing"},
		{"login", stageNew, "welcome"},
		{"begin", stageActive, "orders"},
		{"uninstall", stageLeft, "nothing"},
		{"operator erases", unknown, "nothing"},
		{"install", stageNew, "nothing"},
		{"login", stageNew, "welcome"},
		{"begin", stageActive, "orders"},
	},
	{ // a shop that changes its mind at once
		{"install", stageNew, "nothing"},
		{"uninstall", stageLeft, "nothing"},
		{"install", stageNew, "nothing"},
		{"login", stageNew, "welcome"},
		{"erase", stageNew, "nothing"},
		{"erase again", stageNew, "nothing"},
		{"login", stageNew, "welcome"},
	},
}

// actor plays a shop of one platform and its owner.
type actor struct {
	*owner

	key       shopKey
	rakuten   *rakutentest.Shop // nil on other platforms
	install   func() error
	login     func() answer
	uninstall func() error
}

// cast adds a shop to a platform.
func cast(t *testing.T, d *demo, platform string) *actor {
	t.Helper()
	a := &actor{owner: newOwner(t, d)}
	var loginAs func()
	switch platform {
	case "colorme":
		shop := d.colorMe.AddShop(colormetest.Seed{})
		a.key, loginAs = shopKey{platform, shop.ID}, func() { d.colorMe.LoginAs(shop) }
		a.install = func() error { _, err := d.colorMe.Install(t.Context(), shop, colormetest.PlanMonthly); return err }
		a.uninstall = func() error { _, err := d.colorMe.Uninstall(t.Context(), shop, colormetest.ByShopOwner); return err }
	case "makeshop":
		shop := d.makeShop.AddShop(makeshoptest.Seed{})
		a.key, loginAs = shopKey{platform, shop.ID}, func() { d.makeShop.LoginAs(shop) }
		a.install = func() error { _, err := d.makeShop.Install(t.Context(), shop, 1); return err }
		a.uninstall = func() error { _, err := d.makeShop.Uninstall(t.Context(), shop); return err }
	case "stores":
		shop := d.stores.AddShop(storestest.Seed{})
		a.key, loginAs = shopKey{platform, shop.ID}, func() { d.stores.LoginAs(shop) }
		a.uninstall = func() error {
			shop.Unlink()
			a.post(a.page(), a.page()+"/sync")
			return nil
		}
	}
	if platform == "rakuten" {
		shop := d.rakuten.AddShop(rakutentest.Seed{ServiceSecret: d.config.Rakuten.ServiceSecret})
		a.key, a.rakuten = shopKey{platform, shop.ID}, shop
		require.Equal(t, http.StatusOK, a.post("/admin", "/admin", "password", d.config.AdminPassword.Reveal()).status)
		a.install = func() error { a.enter(shop); return nil }
		a.uninstall = func() error { a.post("/admin/licenses", "/admin/licenses/"+shop.ID+"/remove"); return nil }
	}
	a.login = func() answer {
		loginAs()
		return a.get("/login/" + platform)
	}
	return a
}

func (a *actor) page() string { return shopPath(a.key) }

// do lets the moment happen.
func (a *actor) do(what string) {
	a.t.Helper()
	switch what {
	case "install":
		require.NoError(a.t, a.install())
	case "uninstall":
		require.NoError(a.t, a.uninstall())
	case "login":
		require.Equal(a.t, http.StatusOK, a.login().status)
	case "begin":
		require.Equal(a.t, http.StatusOK, a.post(a.page(), a.page()+"/begin", "old", "keep").status)
	case "erase":
		done := a.post(a.page()+"/erase", a.page()+"/erase")
		require.Contains(a.t, done.body, `id="erased"`)
		require.Contains(a.t, a.get(done.path).body, `id="erased"`, "the page may be loaded again")
		a.assertErased()
	case "erase again", "operator erases":
		require.NoError(a.t, a.d.app.erase(a.t.Context(), a.key))
		a.assertErased()
	default:
		a.t.Fatal(what)
	}
}

// assertErased looks into the store: of the shop's data nothing is left.
func (a *actor) assertErased() {
	a.t.Helper()
	for table, column := range map[string]string{"app_orders": "shop", "app_shop_data": "id", "app_session_shops": "shop"} {
		var n int
		require.NoError(a.t, a.d.app.store.db.QueryRowContext(a.t.Context(),
			"SELECT COUNT(*) FROM "+table+" WHERE platform = $1 AND "+column+" = $2", a.key.Platform, a.key.ID).Scan(&n))
		assert.Zero(a.t, n, table)
	}
	if grants := a.d.app.platform(a.key.Platform).grants; grants != nil {
		_, err := grants.Status(a.t.Context(), a.key.ID)
		assert.ErrorIs(a.t, err, oauth.ErrNoGrant)
	}
}

// stage is where the shop stands.
func (a *actor) stage() stage {
	a.t.Helper()
	sh, err := a.d.app.store.shop(a.t.Context(), a.key)
	if errors.Is(err, sql.ErrNoRows) {
		return unknown
	}
	require.NoError(a.t, err)
	return sh.Stage
}

var parts = regexp.MustCompile(`id="(welcome|back|blocked|lost|license|orders)"`)

// sees is what the shop's page shows first.
func (a *actor) sees() string {
	a.t.Helper()
	page := a.get(a.page())
	if page.status == http.StatusNotFound {
		return "nothing"
	}
	found := parts.FindStringSubmatch(page.body)
	require.NotNil(a.t, found, page.body)
	return found[1]
}

func TestLife(t *testing.T) {
	t.Parallel()
	for platform, lives := range lives {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			d := serveDemo(t)
			for life, moments := range lives {
				a := cast(t, d, platform)
				assert.Equal(t, unknown, a.stage())
				for i, m := range moments {
					a.do(m.does)
					assert.Equal(t, m.stage, a.stage(), "life %d, moment %d: %s", life, i, m.does)
					assert.Equal(t, m.sees, a.sees(), "life %d, moment %d: %s", life, i, m.does)
				}
			}
		})
	}
}

// What the page promises before anything is erased is what holds after it.
func TestErasingIsExplained(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	for platform, want := range map[string]farewell{"colorme": farewellColorMe, "makeshop": farewellMakeShop, "stores": farewellStores, "rakuten": farewellRakuten} {
		a := cast(t, d, platform)
		if a.install != nil {
			a.do("install")
		}
		if platform != "rakuten" {
			a.do("login")
			a.do("begin")
		}
		orders := map[string]string{"colorme": "受注", "makeshop": "注文", "rakuten": "受注", "stores": "注文"}[platform]
		assert.Contains(t, a.get(a.page()).body, "最近の"+orders, platform)
		before := a.get(a.page() + "/erase")
		require.Equal(t, http.StatusOK, before.status)
		after := a.post(a.page()+"/erase", a.page()+"/erase")
		assert.Equal(t, "/erased/"+string(want), after.path)
		for _, page := range []answer{before, after} {
			assert.Contains(t, page.body, texts["ja"][want.Then()], platform)
			for _, kept := range want.Kept() {
				assert.Contains(t, page.body, texts["ja"][kept], platform)
			}
		}
		assert.Regexp(t, orders+`[1-9]\d*件`, before.body)
	}
	o := newOwner(t, d)
	assert.Equal(t, http.StatusNotFound, o.get("/erased/nothing").status)
	o.d.colorMe.LoginAs(o.d.colorMe.AddShop(colormetest.Seed{}))
	page := o.get("/login/colorme").path // a login without an install
	assert.Equal(t, "/erased/return", o.post(page+"/erase", page+"/erase").path)
}

// A webhook of a renewal was lost, so that the subscription is no longer as the platform has it.
// The shop has left all the same.
func TestLeavingWithoutTheRenewal(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	key := shopKey{"makeshop", "lost-renewal"}
	require.NoError(t, d.app.store.installed(t.Context(), key, ""))
	installed := billing.Date(2028, time.January, 10)
	require.NoError(t, d.app.store.subscribe(t.Context(), key, billing.Install{On: installed, Plan: billing.Plan{ID: "1", Monthly: 1000}}))
	p := d.app.platform("makeshop")
	for _, on := range []time.Time{billing.Date(2028, time.March, 5), billing.Date(2027, time.March, 5)} {
		require.NoError(t, d.app.makeShopLeft(t.Context(), p, key, on))
		sh, err := d.app.store.shop(t.Context(), key)
		require.NoError(t, err)
		assert.False(t, sh.Installed)
	}
}
