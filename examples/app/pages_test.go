package main

import (
	"errors"
	"html"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

var (
	titleOf   = regexp.MustCompile(`<title>([^<]+)</title>`)
	headingOf = regexp.MustCompile(`<h1[^>]*>([^<]+)`)
)

// title returns the title of a page, which has to have one first heading too.
func (a answer) title(t *testing.T) string {
	t.Helper()
	found := titleOf.FindStringSubmatch(a.body)
	require.NotNil(t, found, a.body)
	assert.Len(t, headingOf.FindAllString(a.body, -1), 1, found[1])
	return html.UnescapeString(found[1])
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	for _, tt := range []struct {
		method, path string
		status       int
		ja, en       string
	}{
		{http.MethodGet, "/nothing", http.StatusNotFound, "ページが見つかりません", "Page not found"},
		{http.MethodGet, "/shops/colorme/PA99999999", http.StatusNotFound, "ページが見つかりません", "Page not found"},
		{http.MethodGet, "/signout", http.StatusMethodNotAllowed, "このページは開けません", "This page cannot be opened"},
		{http.MethodPut, page, http.StatusMethodNotAllowed, "このページは開けません", "This page cannot be opened"},
		{http.MethodPost, "/signout", http.StatusForbidden, "この操作はできません", "This is not allowed"},
		{http.MethodGet, "/callback/colorme", http.StatusBadRequest, "処理できませんでした", "The request failed"},
	} {
		for lang, want := range map[string]string{"ja": tt.ja, "en": tt.en} {
			t.Run(tt.method+tt.path+lang, func(t *testing.T) {
				t.Parallel()
				req, err := http.NewRequestWithContext(t.Context(), tt.method, d.config.URL+tt.path+"?lang="+lang, nil)
				require.NoError(t, err)
				visitor := newOwner(t, d)
				got := visitor.answer(visitor.client.Do(req))
				assert.Equal(t, tt.status, got.status)
				assert.Equal(t, "text/html; charset=utf-8", got.header.Get("Content-Type"))
				assert.Contains(t, got.title(t), want)
				assert.Equal(t, want, headingOf.FindStringSubmatch(got.body)[1])
				assert.Contains(t, got.body, `<html lang="`+lang+`">`)
				assert.Contains(t, got.header.Get("Content-Security-Policy"), "default-src 'none'")
				if tt.status == http.StatusMethodNotAllowed {
					assert.NotEmpty(t, got.header.Get("Allow"))
				}
			})
		}
	}
}

// Without its database the app still answers with a page.
func TestFailurePage(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	require.NoError(t, d.app.store.db.Close())
	for _, path := range []string{"/", page, "/admin"} {
		got := o.get(path + "?lang=en")
		assert.Equal(t, http.StatusInternalServerError, got.status, path)
		assert.Contains(t, got.title(t), "Something went wrong", path)
		assert.NotContains(t, got.body, "sql", path)
	}
}

func TestPanicPage(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	var log strings.Builder
	a := &app{config: d.config, store: d.app.store, log: slog.New(slog.NewTextHandler(&log, nil))}
	serve := func(handler http.HandlerFunc) (*httptest.ResponseRecorder, any) {
		recorder := httptest.NewRecorder()
		var reason any
		func() {
			defer func() { reason = recover() }()
			a.errorPages(handler).ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?lang=en", nil))
		}()
		return recorder, reason
	}
	page, reason := serve(func(http.ResponseWriter, *http.Request) { panic("a bug") })
	assert.Nil(t, reason)
	assert.Equal(t, http.StatusInternalServerError, page.Code)
	assert.Contains(t, page.Body.String(), "Something went wrong")
	assert.NotContains(t, page.Body.String(), "a bug")
	assert.Contains(t, log.String(), "a bug")
	assert.Contains(t, log.String(), "pages_test.go", "where it was")

	_, reason = serve(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half a page")
		panic(errors.New("a bug"))
	})
	assert.Equal(t, http.ErrAbortHandler, reason, "half a page is not a whole one")
	_, reason = serve(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	assert.Equal(t, http.ErrAbortHandler, reason)
}

func TestTitles(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	visitor, o, operator := newOwner(t, d), newOwner(t, d), newOwner(t, d)
	page := o.install(d.colorMe.Shop())
	o.begin(page)
	stores := o.get("/login/stores").path
	seen := make(map[string]string)
	note := func(name string, got answer) {
		title := got.title(t)
		assert.Empty(t, seen[title], "%s is called %q as well", name, title)
		seen[title] = name
	}
	note("login", visitor.get("/"))
	note("password", visitor.get("/admin"))
	note("not found", visitor.get("/nothing"))
	note("not allowed", visitor.send("/signout", nil))
	note("wrong method", visitor.get("/signout"))
	note("shops", o.get("/"))
	note("shop", o.get(page))
	note("other shop", o.get(stores))
	note("erase", o.get(page+"/erase"))
	note("erased", o.post(page+"/erase", page+"/erase"))
	note("demo", o.get("/demo"))
	note("operator", operator.post("/admin", "/admin", "password", d.config.AdminPassword.Reveal()))
}

// Every page that is rendered has a title in both languages.
func TestTitlesAreWritten(t *testing.T) {
	t.Parallel()
	for _, page := range pages.Templates() {
		if page.Tree == nil || !strings.Contains(page.Tree.Root.String(), `{{template "head"`) {
			continue
		}
		for lang := range texts {
			assert.NotEmpty(t, texts[lang]["title_"+page.Name()], "title_%s in %s", page.Name(), lang)
		}
	}
}

func TestLanguageStays(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o := newOwner(t, d)
	english := func(got answer) bool { return strings.Contains(got.body, `<html lang="en">`) }
	assert.False(t, english(o.get("/")))
	assert.True(t, english(o.get("/nothing?lang=en")), "a page of an error too")
	assert.True(t, english(o.get("/")), "and the links lead on in that language")
	page := o.install(d.colorMe.Shop())
	assert.True(t, english(o.get(page)), "also through the login")
	assert.True(t, english(o.get("/login/colorme?shop=other")))
	assert.False(t, english(o.get("/?lang=ja")))
	assert.False(t, english(o.get("/?lang=xx")))
	assert.True(t, english(o.get("/login/stores?lang=en")), "a login begun in a language ends in it")

	other := o.get("/nothing?a=1&lang=en").body
	assert.Contains(t, other, `href="?a=1&amp;lang=ja"`, "the rest of the address stays")
	assert.Contains(t, o.send("/signout", nil).body, `href="/?lang=ja"`, "a form is not sent again")
	assert.NotContains(t, o.get("/callback/colorme?code=secret").body, "secret")

	for header, want := range map[string]string{"": "ja", "en-GB": "en", "fr, en;q=0.5": "en", "de": "ja", "ja,en": "ja", "en;q=0.1, ja;q=0.9": "ja"} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		req.Header.Set("Accept-Language", header)
		assert.Equal(t, want, langOf(req), header)
	}
}

// A shop that nobody has connected yet has not lost its connection.
func TestConnections(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	shop, o, operator := d.colorMe.Shop(), newOwner(t, d), newOwner(t, d)
	_, err := d.colorMe.Install(t.Context(), shop, colormetest.PlanMonthly)
	require.NoError(t, err)
	installed := operator.post("/admin", "/admin", "password", d.config.AdminPassword.Reveal())
	assert.Contains(t, installed.body, "未連携")
	assert.NotContains(t, installed.body, "切れています")

	page := o.get("/login/colorme").path
	o.begin(page)
	assert.Contains(t, o.get(page).body, "連携中")
	require.NoError(t, d.app.platform("colorme").grants.Forget(t.Context(), shop.ID))
	unlinked := o.get(page).body
	assert.Contains(t, unlinked, `id="none"`)
	assert.NotContains(t, unlinked, `id="lost"`)
}

// The orders of makeshop are read with the persistent token of the install: the grant of a login
// may end, and the connection goes on.
func TestMakeShopConnection(t *testing.T) {
	t.Parallel()
	d := serveDemo(t)
	o, shop := newOwner(t, d), d.makeShop.Shop()
	_, err := d.makeShop.Install(t.Context(), shop, 1)
	require.NoError(t, err)
	page := o.get("/login/makeshop").path
	o.begin(page)
	require.NoError(t, d.app.platform("makeshop").grants.Forget(t.Context(), shop.ID))
	_, err = d.app.platform("makeshop").grants.Status(t.Context(), shop.ID)
	require.ErrorIs(t, err, oauth.ErrNoGrant)
	synced := o.post(page, page+"/sync").body
	assert.Contains(t, synced, "連携中")
	assert.NotContains(t, synced, `id="lost"`)

	d.makeShop.Fail(-1, shotengaitest.Fault{Status: http.StatusServiceUnavailable, Match: ordersCall})
	assert.Contains(t, o.post(page, page+"/sync").body, `id="trouble"`)
	d.makeShop.Heal()

	silently(d.makeShop, func() {
		_, err := d.makeShop.Uninstall(t.Context(), shop)
		require.NoError(t, err)
	})
	lost := o.post(page, page+"/sync").body
	assert.Contains(t, lost, `id="lost"`)
	assert.Contains(t, lost, "もう一度インストール", "a login would not help")
	assert.NotContains(t, lost, `id="reauthorize"`)

	_, err = d.makeShop.Install(t.Context(), shop, 1)
	require.NoError(t, err)
	back := o.get("/login/makeshop").path
	assert.Contains(t, o.begin(back, "old", "keep").body, "連携中")
}

func ordersCall(r shotengaitest.Request) bool { return strings.Contains(string(r.Body), "searchOrder") }

// silently keeps the platform from telling the app.
func silently(platform *makeshoptest.Server, do func()) {
	registration := platform.App()
	quiet := registration
	quiet.HookURLs = nil
	platform.SetApp(quiet)
	defer platform.SetApp(registration)
	do()
}

func TestChart(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 1, 3, 0, 0, 0, time.UTC)
	orders := make([]order, 0, 1007)
	for range 7 {
		orders = append(orders, order{At: now})
	}
	for range 1000 {
		orders = append(orders, order{At: now.AddDate(0, 0, -1)})
	}
	c := perDay(orders, now)
	require.Len(t, c.Bars, chartDays)
	last := c.Bars[chartDays-1]
	assert.Equal(t, "2026-03-01", last.Date)
	assert.Equal(t, "7", last.Label())
	assert.Empty(t, c.Bars[chartDays-2].Label(), "too wide; the table has it")
	assert.Empty(t, c.Bars[0].Label())
	assert.Equal(t, last, c.Newest()[0])
	assert.Equal(t, 1000, c.Newest()[1].Count)
	assert.Equal(t, c.Top, c.Bars[chartDays-2].Y)
	assert.True(t, last.Dated)
	const halfOfLabel = 18 // 12/31 in 12 px
	assert.LessOrEqual(t, last.Middle()+halfOfLabel, c.Width, "nothing is cut off")
}

// Each colour of text on what it stands on, in both schemes, has the contrast of WCAG AA.
func TestContrast(t *testing.T) {
	t.Parallel()
	style, err := files.ReadFile("page/style.css")
	require.NoError(t, err)
	light, dark, found := strings.Cut(string(style), "@media (prefers-color-scheme: dark)")
	require.True(t, found)
	dark, _, _ = strings.Cut(dark, "\n}")
	colour := regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6});`)
	schemes := map[string]map[string]string{"light": {}, "dark": {}}
	for name, part := range map[string]string{"light": light, "dark": dark} {
		for _, found := range colour.FindAllStringSubmatch(part, -1) {
			schemes[name][found[1]] = found[2]
		}
	}
	assert.Len(t, schemes["dark"], len(schemes["light"]))
	for _, pair := range []struct {
		front, back string
		least       float64
	}{
		{"ink", "paper", 4.5},
		{"ink", "ground", 4.5},
		{"ink", "tag", 4.5},
		{"ink", "bad-ground", 4.5},
		{"soft", "paper", 4.5},
		{"soft", "ground", 4.5},
		{"accent", "paper", 4.5},
		{"accent", "ground", 4.5},
		{"accent", "bad-ground", 4.5},
		{"on-accent", "accent", 4.5},
		{"on-bad", "bad", 4.5},
		{"good", "good-ground", 4.5},
		{"bad", "bad-ground", 4.5},
		{"bar", "paper", 3},
		{"focus", "paper", 3},
		{"focus", "ground", 3},
		{"soft", "paper", 3},
	} {
		for name, colours := range schemes {
			got := contrast(t, colours[pair.front], colours[pair.back])
			assert.GreaterOrEqual(t, got, pair.least, "%s on %s, %s", pair.front, pair.back, name)
		}
	}
}

// contrast is the ratio of WCAG 2.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(colour string) float64 {
		digits := strings.TrimPrefix(colour, "#")
		if len(digits) == 3 {
			digits = digits[:1] + digits[:1] + digits[1:2] + digits[1:2] + digits[2:] + digits[2:]
		}
		require.Len(t, digits, 6, colour)
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			value, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
			require.NoError(t, err)
			part := float64(value) / 255
			if part <= 0.04045 {
				part /= 12.92
			} else {
				part = math.Pow((part+0.055)/1.055, 2.4)
			}
			sum += weight * part
		}
		return sum
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// An order is called as in the shop's console. RMS keeps 注文 in some words.
func TestWordsOfConsoles(t *testing.T) {
	t.Parallel()
	for platform, want := range map[string][3]string{
		"":         {"最近の注文", "注文番号", "注文確認待ち"},
		"makeshop": {"最近の注文", "注文番号", "注文確認待ち"},
		"colorme":  {"最近の受注", "受注番号", "受注確認待ち"},
		"rakuten":  {"最近の受注", "注文番号", "注文確認待ち"},
	} {
		v := &visit{lang: "ja", shop: shop{shopKey: shopKey{Platform: platform}}}
		assert.Equal(t, want, [3]string{v.T("orders"), v.T("number"), v.T("status_100")}, platform)
	}
}
