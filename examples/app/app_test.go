package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// serveDemo serves the demo until the test ends; no shop has installed the app.
func serveDemo(t *testing.T) *demo { return serveDemoOn(t, "") }

func serveDemoOn(t *testing.T, database string) *demo {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	d, err := startDemo(ctx, "127.0.0.1:0", database)
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- d.app.serve(ctx, d.listener) }()
	t.Cleanup(func() {
		stop()
		assert.NoError(t, <-ended)
		assert.NoError(t, d.close())
	})
	return d
}

// owner is a person at a browser that shows no pictures.
type owner struct {
	t      *testing.T
	d      *demo
	client *http.Client
}

func newOwner(t *testing.T, d *demo) *owner {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &owner{t, d, &http.Client{Jar: jar, Transport: d.trust.Transport}}
}

type answer struct {
	status int
	header http.Header
	path   string
	body   string
}

func (o *owner) answer(resp *http.Response, err error) answer {
	o.t.Helper()
	require.NoError(o.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(o.t, err)
	return answer{resp.StatusCode, resp.Header, resp.Request.URL.Path, string(body)}
}

func (o *owner) get(path string) answer {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, o.d.config.URL+path, nil)
	require.NoError(o.t, err)
	return o.answer(o.client.Do(req))
}

func (o *owner) send(path string, form url.Values) answer {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodPost, o.d.config.URL+path, strings.NewReader(form.Encode()))
	require.NoError(o.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.answer(o.client.Do(req))
}

var csrfField = regexp.MustCompile(`name="csrf" value="([A-Z2-7]+)"`)

// post sends a form of the page at from, with its token.
func (o *owner) post(from, path string, pairs ...string) answer {
	o.t.Helper()
	found := csrfField.FindStringSubmatch(o.get(from).body)
	require.NotNil(o.t, found, "no form at %s", from)
	form := url.Values{"csrf": {found[1]}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return o.send(path, form)
}

// install lets a shop of Color Me install the app, and its owner log in and begin.
func (o *owner) install(shop *colormetest.Shop) (page string) {
	o.t.Helper()
	_, err := o.d.colorMe.Install(o.t.Context(), shop, colormetest.PlanMonthly)
	require.NoError(o.t, err)
	o.d.colorMe.LoginAs(shop)
	first := o.get("/login/colorme")
	require.Equal(o.t, http.StatusOK, first.status, first.body)
	return first.path
}

func (o *owner) begin(page string, pairs ...string) answer {
	o.t.Helper()
	return o.post(page, page+"/begin", pairs...)
}

func TestNewShop(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	assert.Equal(t, "/shops/colorme/PA00000001", page)
	first := o.get(page)
	assert.Contains(t, first.body, `id="welcome"`)
	assert.NotContains(t, first.body, `id="orders"`)

	begun := o.begin(page)
	assert.Contains(t, begun.body, `id="orders"`)
	assert.Contains(t, begun.body, "<rect ")
	assert.Equal(t, http.StatusConflict, o.begin(page, "old", "erase").status, "once only")

	back := o.get("/login/colorme")
	assert.Contains(t, back.body, `id="orders"`, "a known shop sees its orders at once")
}

// The browser comes back to a login that is over.
func TestReloadedLogin(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	var callback string
	o.client.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		if req.URL.Query().Has("code") && strings.HasPrefix(req.URL.String(), d.config.URL) {
			callback = req.URL.RequestURI()
		}
		return nil
	}
	page := o.install(d.colorMe.Shop())
	require.NotEmpty(t, callback)
	again := o.get(callback)
	assert.Equal(t, "/", again.path)
	assert.Contains(t, again.body, page)
	assert.Equal(t, http.StatusBadRequest, newOwner(t, d).get(callback).status, "a browser that is nobody's")
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	for _, path := range []string{"/", page, "/admin", "/nothing", "/style.css"} {
		h := o.get(path).header
		assert.Contains(t, h.Get("Content-Security-Policy"), "default-src 'none'", path)
		assert.NotContains(t, h.Get("Content-Security-Policy"), "unsafe", path)
		assert.Equal(t, "no-referrer", h.Get("Referrer-Policy"), path)
		assert.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
	}
	body := o.get(page).body
	assert.NotContains(t, body, "<script")
	assert.NotRegexp(t, `\sstyle=|\son[a-z]+=`, body)
}

func TestCookies(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	var set []*http.Cookie
	o.client.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		set = append(set, req.Response.Cookies()...)
		return nil
	}
	o.install(d.colorMe.Shop())
	names := make(map[string]bool)
	for _, c := range set {
		assert.True(t, strings.HasPrefix(c.Name, "__Host-") && c.Secure && c.HttpOnly && c.Path == "/" && c.Domain == "", c.Name)
		assert.Equal(t, http.SameSiteLaxMode, c.SameSite, c.Name)
		names[c.Name] = true
	}
	assert.True(t, names[sessionCookie])
}

func TestForgedForms(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o, other := newOwner(t, d), newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	foreign := other.install(d.colorMe.AddShop(colormetest.Seed{}))
	token := csrfField.FindStringSubmatch(other.get(foreign).body)[1]
	for _, path := range []string{page + "/begin", page + "/sync", page + "/erase", "/signout", "/admin"} {
		for _, csrf := range []string{"", "AAAA", token} {
			assert.Equal(t, http.StatusForbidden, o.send(path, url.Values{"csrf": {csrf}}).status, path)
		}
		assert.Equal(t, http.StatusForbidden, newOwner(t, d).send(path, url.Values{"csrf": {""}}).status, path)
	}
	assert.Contains(t, o.get(page).body, `id="welcome"`, "nothing has happened")
}

func TestForeignShop(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o, other := newOwner(t, d), newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	o.begin(page)
	foreign := other.install(d.colorMe.AddShop(colormetest.Seed{}))
	other.begin(foreign)
	assert.NotEqual(t, page, foreign)
	for _, path := range []string{page, page + "/data.json"} {
		assert.Equal(t, http.StatusNotFound, other.get(path).status, path)
		assert.Equal(t, http.StatusNotFound, newOwner(t, d).get(path).status, path)
	}
	for _, path := range []string{"/begin", "/sync", "/erase"} {
		assert.Equal(t, http.StatusNotFound, other.post(foreign, page+path).status, path)
	}
	assert.NotContains(t, other.get("/").body, page)
	assert.Contains(t, o.get(page).body, `id="orders"`)
}

func TestDownload(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	o.begin(page)
	token, err := d.app.platform("colorme").grants.Login(t.Context(), d.colorMe.Shop().ID)
	require.NoError(t, err)
	file := o.get(page + "/data.json")
	assert.Contains(t, file.header.Get("Content-Disposition"), "attachment")
	var data struct {
		Shop   string  `json:"shop"`
		Orders []order `json:"orders"`
	}
	require.NoError(t, json.Unmarshal([]byte(file.body), &data))
	assert.Equal(t, "PA00000001", data.Shop)
	assert.NotEmpty(t, data.Orders)
	for _, text := range []string{file.body, o.get(page).body, o.get("/").body} {
		assert.NotContains(t, text, token.AccessToken)
		assert.NotContains(t, text, d.config.ColorMe.Provider.Client.Secret.Reveal())
	}
}

// count counts the rows of shops of Color Me.
func count(t *testing.T, d *demo, table string) (n int) {
	t.Helper()
	require.NoError(t, d.app.store.db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table+" WHERE platform = 'colorme'").Scan(&n))
	return n
}

func TestErase(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	o.begin(page)
	require.Positive(t, count(t, d, "app_orders"))

	erased := o.post(page, page+"/erase")
	assert.Contains(t, erased.body, `id="erased"`)
	assert.Zero(t, count(t, d, "app_orders"))
	assert.Zero(t, count(t, d, "app_shop_data"))
	assert.Zero(t, count(t, d, "app_session_shops"))
	_, err := d.app.platform("colorme").grants.Status(t.Context(), "PA00000001")
	require.ErrorIs(t, err, oauth.ErrNoGrant)
	assert.Equal(t, http.StatusNotFound, o.get(page).status)
	assert.NotEqual(t, http.StatusInternalServerError, o.get("/").status)
}

func TestReturnedShop(t *testing.T) {
	t.Parallel()
	for choice, kept := range map[string]bool{"keep": true, "erase": false} {
		t.Run(choice, func(t *testing.T) {
			t.Parallel()
			d := serveDemo(t)
			o := newOwner(t, d)
			shop := d.colorMe.Shop()
			page := o.install(shop)
			o.begin(page)
			key := shopKey{"colorme", shop.ID}
			old := order{ID: "old", Number: "old", At: time.Now().AddDate(0, 0, -20), Status: "paid"}
			known, err := d.app.store.shop(t.Context(), key)
			require.NoError(t, err)
			require.NoError(t, d.app.store.putOrders(t.Context(), known, []order{old}, known.Cursor, time.Now()))

			_, err = d.colorMe.Uninstall(t.Context(), shop, colormetest.ByShopOwner)
			require.NoError(t, err)
			assert.Equal(t, http.StatusNotFound, o.get(page).status, "who owned the shop then may not own it now")

			o.install(shop)
			back := o.get(page)
			assert.Contains(t, back.body, `id="back"`)
			assert.NotContains(t, back.body, `id="orders"`, "not before the owner agrees")
			o.begin(page, "old", choice)
			orders, err := d.app.store.orders(t.Context(), key, time.Time{})
			require.NoError(t, err)
			found := false
			for _, o := range orders {
				found = found || o.Number == "old"
			}
			assert.Equal(t, kept, found)
		})
	}
}

// What happens to an order later comes with the next look, and a run that was overtaken saves
// nothing.
func TestOrdersAreKeptInStep(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	seller := d.colorMe.Shop()
	page := o.install(seller)
	o.begin(page)
	o.get(page)
	key := shopKey{"colorme", seller.ID}
	sale := seller.AddSale(map[string]any{})
	status := func() string {
		orders, err := d.app.store.orders(t.Context(), key, time.Time{})
		require.NoError(t, err)
		for _, o := range orders {
			if o.Number == strconv.FormatInt(sale, 10) {
				return o.Status
			}
		}
		return ""
	}
	before, err := d.app.store.shop(t.Context(), key)
	require.NoError(t, err)
	require.NoError(t, d.app.sync(t.Context(), before))
	first := status()
	assert.NotEmpty(t, first)
	seller.CancelSale(sale, false)
	now, err := d.app.store.shop(t.Context(), key)
	require.NoError(t, err)
	overtaken := now
	overtaken.Cursor = shotengai.CursorFrom(time.Now().Add(-time.Hour))
	require.NoError(t, d.app.sync(t.Context(), overtaken))
	assert.Equal(t, first, status())
	require.NoError(t, d.app.sync(t.Context(), now))
	assert.Equal(t, "canceled", status())
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	const address = "postgres://postgres@127.0.0.1:5432/test?sslmode=disable"
	db, err := sql.Open("pgx", address)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	if err := db.PingContext(t.Context()); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("no PostgreSQL on this machine")
	}
	schema := newSchema(t, db)

	d := serveDemoOn(t, address+"&search_path="+schema)
	o := newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	assert.Contains(t, o.begin(page).body, `id="orders"`)
	_, err = d.colorMe.Uninstall(t.Context(), d.colorMe.Shop(), colormetest.ByShopOwner)
	require.NoError(t, err)
	o.install(d.colorMe.Shop())
	assert.Contains(t, o.begin(page, "old", "keep").body, `id="orders"`)
	assert.Contains(t, o.get(page+"/orders.csv").body, "PA00000001")
	assert.Contains(t, o.post(page, page+"/erase").body, `id="erased"`)
	require.NoError(t, d.app.purge(t.Context()))
	a := cast(t, d, "rakuten")
	a.do("install")
	assert.Equal(t, "orders", a.sees())
	a.renew()
	assert.Contains(t, a.post(a.page(), a.page()+"/sync").body, `id="license"`)
	a.do("erase")
}

// newSchema makes a schema of the test's own and removes it at the end. It also removes those
// that tests of more than an hour ago have left.
func newSchema(t *testing.T, db *sql.DB) string {
	t.Helper()
	var left []string
	rows, err := db.QueryContext(t.Context(), `SELECT nspname FROM pg_namespace WHERE nspname ~ '^app_test_[0-9]{10}_[a-z0-9]+$'
		AND substr(nspname, 10, 10)::bigint < extract(epoch FROM now()) - 3600`)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		left = append(left, name)
	}
	require.NoError(t, rows.Err())
	for _, name := range left {
		_, err := db.ExecContext(t.Context(), "DROP SCHEMA IF EXISTS "+name+" CASCADE")
		require.NoError(t, err)
	}
	var second string
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT extract(epoch FROM now())::bigint").Scan(&second))
	name := "app_test_" + second + "_" + strings.ToLower(rand.Text()[:8])
	_, err = db.ExecContext(t.Context(), "CREATE SCHEMA "+name)
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := db.ExecContext(context.WithoutCancel(t.Context()), "DROP SCHEMA "+name+" CASCADE")
		assert.NoError(t, err)
	})
	return name
}

func TestLongGoneShopIsErased(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	o.begin(o.install(d.colorMe.Shop()))
	_, err := d.colorMe.Uninstall(t.Context(), d.colorMe.Shop(), colormetest.ByUnpaid)
	require.NoError(t, err)
	key := shopKey{"colorme", "PA00000001"}
	require.NoError(t, d.app.purge(t.Context()))
	_, err = d.app.store.shop(t.Context(), key)
	require.NoError(t, err)
	require.NoError(t, d.app.store.exec(t.Context(), `UPDATE app_installs SET left_at = $1 WHERE left_at > 0`, time.Now().Add(-retention-time.Minute).Unix()))
	require.NoError(t, d.app.purge(t.Context()))
	_, err = d.app.store.shop(t.Context(), key)
	require.Error(t, err)
}

func TestWithoutContract(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	page := o.get("/login/colorme") // a login without an install
	assert.Contains(t, page.body, `id="blocked"`)
	assert.Equal(t, http.StatusForbidden, o.begin(page.path).status)
}

func TestMakeShopSubscription(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	shop := d.makeShop.Shop()
	_, err := d.makeShop.Install(t.Context(), shop, 1)
	require.NoError(t, err)
	page := o.get("/login/makeshop").path
	assert.Contains(t, o.get(page).body, `id="welcome"`)
	begun := o.begin(page)
	assert.Contains(t, begun.body, `id="orders"`)
	assert.Contains(t, begun.body, billing.Yen(1100).String(), "next month")

	notify := func(kind hooks.Kind, fields map[string]any) {
		delivery := d.makeShop.Notify(t.Context(), shop, string(kind), fields)
		require.NoError(t, delivery.Err)
		require.Equal(t, http.StatusOK, delivery.Status, string(delivery.Answer))
	}
	notify(hooks.MakeShopPlanChangeKind, map[string]any{"plan_id": 2})
	assert.Contains(t, o.get(page).body, billing.Yen(2200).String())
	notify(hooks.MakeShopCancelKind, nil)
	cancelled := o.get(page).body
	assert.Contains(t, cancelled, `id="orders"`, "usable to the end of the month")
	assert.Contains(t, cancelled, billing.Yen(0).String())

	sh, err := d.app.store.shop(t.Context(), shopKey{"makeshop", shop.ID})
	require.NoError(t, err)
	end, ends := sh.Subscription.UsableUntil()
	require.True(t, ends)
	assert.True(t, d.app.usable(sh, end.Add(-time.Second)))
	assert.False(t, d.app.usable(sh, end))

	delivery, err := d.makeShop.Uninstall(t.Context(), shop)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, delivery.Status, string(delivery.Answer))
	assert.Equal(t, http.StatusNotFound, o.get(page).status)
}

// The platform kills a token: the next call finds out, and a login helps.
func TestLostPermission(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	shop := d.colorMe.Shop()
	page := o.install(shop)
	o.begin(page)
	d.colorMe.Fail(-1, shotengaitest.Fault{Path: "/v1/sales", Status: http.StatusServiceUnavailable})
	unread := o.post(page, page+"/sync").body
	assert.Contains(t, unread, `id="trouble"`)
	assert.Contains(t, unread, `id="orders"`, "what was read before stays")
	assert.NotContains(t, unread, `id="lost"`, "that passes")
	d.colorMe.Heal()
	assert.NotContains(t, o.post(page, page+"/sync").body, `id="trouble"`)

	token, err := d.app.platform("colorme").grants.Login(t.Context(), shop.ID)
	require.NoError(t, err)
	d.colorMe.Revoke(token.AccessToken)
	assert.NotContains(t, o.get(page).body, `id="lost"`, "nobody knows yet")
	synced := o.post(page, page+"/sync")
	assert.Equal(t, http.StatusOK, synced.status)
	assert.Contains(t, synced.body, `id="lost"`)
	assert.NotContains(t, o.get("/login/colorme?shop="+shop.ID).body, `id="lost"`)
	assert.NotContains(t, o.post(page, page+"/sync").body, `id="lost"`)
}

func TestOtherShopCannotRenew(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	o.install(d.colorMe.Shop())
	d.colorMe.LoginAs(d.colorMe.AddShop(colormetest.Seed{}))
	assert.Equal(t, http.StatusConflict, o.get("/login/colorme?shop=PA00000001").status)
	d.colorMe.DenyLogins(true)
	assert.Equal(t, http.StatusForbidden, o.get("/login/colorme").status)
}

func TestOperator(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	newOwner(t, d).install(d.colorMe.Shop())
	assert.Equal(t, http.StatusForbidden, o.post("/admin", "/admin", "password", "wrong").status)
	assert.NotContains(t, o.get("/admin").body, "PA00000001")
	all := o.post("/admin", "/admin", "password", d.config.AdminPassword.Reveal())
	assert.Contains(t, all.body, "PA00000001")
	assert.Contains(t, all.body, d.rakuten.Shop().ID)
	assert.Contains(t, o.post("/admin", "/shops/colorme/PA00000001/erase").body, `id="erased"`, "a request that came by mail")
	o.post("/admin", "/signout")
	assert.NotContains(t, o.get("/admin").body, d.rakuten.Shop().ID)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"APP_URL": "https://app.example", "APP_SEAL_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
		"COLORME_CLIENT_ID": "id", "COLORME_CLIENT_SECRET": "secret", "COLORME_WEBHOOK_SECRET": "hook",
	}
	for _, tt := range []struct{ name, value, want string }{
		{"APP_URL", "http://app.example", "https"},
		{"APP_SEAL_KEY", "c2hvcnQ=", "APP_SEAL_KEY"},
		{"APP_ADMIN_PASSWORD", "short", "16"},
		{"APP_TLS_CERT", "/nowhere", "APP_TLS_KEY"},
		{"COLORME_CLIENT_ID", "", "-demo"},
		{"COLORME_WEBHOOK_SECRET", "", "COLORME_WEBHOOK_SECRET"},
		{"MAKESHOP_CLIENT_ID", "id", "MAKESHOP_CLIENT_SECRET"},
		{"STORES_CLIENT_ID", "id", "STORES_KEY"},
		{"RAKUTEN_SERVICE_SECRET", "SP", "APP_ADMIN_PASSWORD"},
		{"APP_OUTBOX", "/nowhere", "APP_OUTBOX"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := settings(func(name string) string {
				if name == tt.name {
					return tt.value
				}
				return good[name]
			})
			require.ErrorContains(t, err, tt.want)
			assert.NotContains(t, err.Error(), "\n")
		})
	}
	_, err := settings(func(name string) string { return good[name] })
	require.NoError(t, err)
}

func TestPlatformsAreOptional(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	c := d.config
	c.ColorMe, c.MakeShop, c.Stores, c.Database = nil, nil, nil, filepath.Join(t.TempDir(), "app.db")
	a, err := newApp(t.Context(), c)
	require.NoError(t, err)
	require.NoError(t, a.close(t.Context()))
}

func TestRun(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	var out bytes.Buffer
	written := writerFunc(func(p []byte) (int, error) {
		defer stop()
		return out.Write(p)
	})
	require.NoError(t, run(ctx, []string{"-demo", "-listen", "127.0.0.1:0"}, nil, written))
	assert.Contains(t, out.String(), "Open https://127.0.0.1:")
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestTexts(t *testing.T) {
	t.Parallel()
	for key := range texts["ja"] {
		assert.NotEmpty(t, texts["en"][key], key)
	}
	assert.Len(t, texts["en"], len(texts["ja"]))
}
