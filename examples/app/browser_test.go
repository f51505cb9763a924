package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// chromium is the program of a browser. Without one a test is skipped, but in CI it fails.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium on this machine")
	}
	t.Skip("no Chromium on this machine")
	return ""
}

// browser is one tab of a headless Chromium with an empty profile.
type browser struct {
	t   *testing.T
	ctx context.Context
	out string // where screenshots go
	url string // of the app
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := chromium(t)
	out := os.Getenv("CI_OUT")
	if out == "" {
		out = t.TempDir()
	}
	require.NoError(t, os.MkdirAll(out, 0o755))
	profile, err := os.MkdirTemp("", "chromium-*") //nolint:usetesting // see below
	require.NoError(t, err)
	// Processes of Chromium may still write when it has ended, which t.TempDir would not forgive.
	t.Cleanup(func() { _ = os.RemoveAll(profile) })
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.WindowSize(1280, 844), chromedp.Flag("accept-lang", "ja"),
	}
	for _, flag := range []string{
		"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-dev-shm-usage", "ignore-certificate-errors",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocated, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 8*time.Minute) // more than a hundred pictures
	t.Cleanup(cancel)
	return &browser{t: t, ctx: ctx, out: out}
}

func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Run(b.ctx, actions...))
}

// views are what each page is looked at in.
var views = []struct {
	name   string
	width  int64
	scheme string
}{
	{"1280-light", 1280, "light"},
	{"1280-dark", 1280, "dark"},
	{"390-light", 390, "light"},
	{"390-dark", 390, "dark"},
}

// shot waits for a part of a page and takes a picture of the whole in each view. In none of them
// may the page be wider than the window, nor a word of it be cut off.
func (b *browser) shot(name, part string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(part, chromedp.ByQuery))
	for _, v := range views {
		var png []byte
		var outside []string
		b.see(v.width, v.scheme)
		b.do(chromedp.Evaluate(outsideScript, &outside), chromedp.FullScreenshot(&png, 100))
		assert.Empty(b.t, outside, "%s %s", name, v.name)
		require.NoError(b.t, os.WriteFile(filepath.Join(b.out, "app-"+name+"-"+v.name+".png"), png, 0o644))
	}
	b.see(1280, "light")
}

// outsideScript lists what sticks out of the window, but for what lies in an area that scrolls.
const outsideScript = `[...document.querySelectorAll("body *")]
	.filter(e => !e.closest(".chart") && e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
	.map(e => e.outerHTML.slice(0, 100))`

// see sets the width of the window, as on a telephone below 600 px, and the colour scheme.
func (b *browser) see(width int64, scheme string) {
	b.t.Helper()
	var options []chromedp.EmulateViewportOption
	if width < 600 {
		options = append(options, chromedp.EmulateMobile)
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	b.do(chromedp.EmulateViewport(width, 844, options...), emulation.SetEmulatedMedia().WithFeatures(features))
}

func (b *browser) eval(script string) (value any) {
	b.t.Helper()
	b.do(chromedp.Evaluate(script, &value))
	return value
}

func (b *browser) click(part string) {
	b.t.Helper()
	b.do(chromedp.Click(part, chromedp.ByQuery))
}

func (b *browser) text(part string) (text string) {
	b.t.Helper()
	b.do(chromedp.Text(part, &text, chromedp.ByQuery))
	return text
}

func (b *browser) address() (address string) {
	b.t.Helper()
	b.do(chromedp.Location(&address))
	return address
}

func (b *browser) open(address string) {
	b.t.Helper()
	b.do(chromedp.Navigate(address))
}

// play chooses a scene of the control page, whose page it leaves open.
func (b *browser) play(platform, scene string) {
	b.t.Helper()
	b.open(b.url + "/demo")
	_, err := chromedp.RunResponse(b.ctx, chromedp.Click("#"+platform+" button[value="+scene+"]", chromedp.ByQuery))
	require.NoError(b.t, err)
}

func TestBrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	d := serveDemo(t)
	b.url = d.config.URL
	b.see(1280, "light")
	b.open(b.url)
	b.shot("01-start", "#login-colorme")

	// Install: the platform sends the browser on, through the login, to the first page.
	page := b.url + "/shops/colorme/" + d.colorMe.Shop().ID
	installation, err := d.colorMe.Install(t.Context(), d.colorMe.Shop(), colormetest.PlanMonthly)
	require.NoError(t, err)
	b.open(installation.RedirectURL)
	b.shot("02-welcome", "#welcome")
	require.Equal(t, page, b.address())
	b.click("#begin")
	b.shot("03-shop-ja", "#orders")
	require.Contains(t, b.text("h1"), "商店街の雑貨店")
	b.click("#lang")
	b.shot("04-shop-en", "html[lang=en] #orders")
	b.checkShopPage()
	b.click("#lang")
	b.do(chromedp.WaitVisible("html[lang=ja]", chromedp.ByQuery))
	b.otherShops(d)
	b.scenes(d, page)
	b.operator(d)
	b.errors(page)
}

// checkShopPage looks at what a picture shows only to people.
func (b *browser) checkShopPage() {
	b.t.Helper()
	b.see(390, "light")
	require.Equal(b.t, true, b.eval(`(() => { const c = document.querySelector("#chart").getBoundingClientRect();
		const bar = [...document.querySelectorAll("#chart rect")].at(-1).getBoundingClientRect();
		return bar.left >= c.left && bar.right <= c.right })()`), "the newest day is in view")
	require.Equal(b.t, true, b.eval(`(() => { const c = document.querySelector("#chart svg").getBoundingClientRect();
		return [...document.querySelectorAll("#chart text")].every(e => { const r = e.getBoundingClientRect();
			return r.left >= c.left && r.right <= c.right && r.top >= c.top && r.bottom <= c.bottom }) })()`), "every label is whole")
	require.Equal(b.t, true, b.eval(`[...document.querySelectorAll("#orders td.number")]
		.every(e => e.getBoundingClientRect().right <= innerWidth && e.scrollWidth <= e.clientWidth)`), "totals are in view")
	b.click(".figures summary")
	b.shot("05-figures", "#per-day")
	b.see(1280, "light")
}

// otherShops adds shops of two more platforms in the same browser.
func (b *browser) otherShops(d *demo) {
	b.t.Helper()
	b.open(b.url)
	b.click("#login-stores")
	b.click("#begin")
	b.shot("06-stores", "#orders")
	_, err := d.makeShop.Install(b.t.Context(), d.makeShop.Shop(), 1)
	require.NoError(b.t, err)
	b.open(b.url)
	b.click("#login-makeshop")
	b.click("#begin")
	b.shot("07-makeshop", "#orders")
	require.Contains(b.t, b.text(".facts"), "1,100")
	b.open(b.url)
	b.shot("08-shops", "#shops")
	require.Contains(b.t, b.text("#shops"), "STORES")
}

// scenes plays what happens at the platforms, and looks at the pages of the shops.
func (b *browser) scenes(d *demo, page string) {
	b.t.Helper()
	b.open(b.url + "/demo")
	b.shot("09-control", "#rakuten")
	b.play("colorme", "unlink")
	b.open(page)
	b.shot("10-lost", "#lost")
	b.play("colorme", "refuse")
	b.open(page)
	b.click("#reauthorize")
	b.shot("11-login-refused", "#error")
	b.play("colorme", "allow")
	b.open(page)
	b.click("#reauthorize")
	b.do(chromedp.WaitVisible("#orders", chromedp.ByQuery), chromedp.WaitNotPresent("#lost", chromedp.ByQuery))
	b.play("colorme", "outage")
	b.open(page)
	b.shot("12-outage", "#trouble")
	b.play("colorme", "heal")

	makeShop := b.url + "/shops/makeshop/" + d.makeShop.Shop().ID
	b.play("makeshop", "payment_failed")
	b.open(makeShop)
	b.shot("13-unpaid", "#blocked")
	b.play("makeshop", "payment_made")
	b.open(makeShop)
	b.do(chromedp.WaitVisible("#orders", chromedp.ByQuery))
	silently(d.makeShop, func() {
		_, err := d.makeShop.Uninstall(b.t.Context(), d.makeShop.Shop())
		require.NoError(b.t, err)
	})
	b.click("#sync")
	b.shot("14-token-lost", "#lost")

	b.play("colorme", "uninstall")
	b.shot("15-uninstalled", "#colorme")
	b.play("colorme", "install")
	b.click("#colorme a")
	b.shot("16-back", "#back")
	b.click("#keep")
	b.do(chromedp.WaitVisible("#orders", chromedp.ByQuery))

	// Erasing, and a reload of its last page.
	b.open(b.url + "/shops/stores/" + d.stores.Shop().ID + "/erase")
	b.shot("17-erase", "#erase")
	b.click("#erase")
	b.shot("18-erased", "#erased")
	b.do(chromedp.Reload(), chromedp.WaitVisible("#erased", chromedp.ByQuery))
}

// operator looks at all shops, and at a licence key that has expired.
func (b *browser) operator(d *demo) {
	b.t.Helper()
	b.open(b.url)
	b.click("#signout")
	b.do(chromedp.WaitVisible("#login-colorme", chromedp.ByQuery), chromedp.WaitNotPresent("#signout", chromedp.ByQuery))
	b.open(b.url + "/admin")
	b.shot("19-password", "#enter")
	b.do(chromedp.SendKeys("input[name=password]", d.config.AdminPassword.Reveal(), chromedp.ByQuery))
	b.click("#enter")
	b.shot("20-operator", "#shops")
	require.Contains(b.t, b.text("#shops"), "楽天市場")
	b.open(b.url + "/admin/licenses")
	b.shot("21-licenses", "#enter-license")
	b.play("rakuten", "expire")
	b.open(b.url + shopPath(shopKey{"rakuten", d.rakuten.Shop().ID}))
	b.shot("22-key-expired", "#license")
	b.play("rakuten", "renew")
	b.open(b.url + shopPath(shopKey{"rakuten", d.rakuten.Shop().ID}))
	b.shot("23-rakuten", "#orders")
	b.open(b.url)
	b.click("#signout")
	b.do(chromedp.WaitNotPresent("#signout", chromedp.ByQuery))
}

// errors looks at the pages that say no.
func (b *browser) errors(page string) {
	b.t.Helper()
	b.open(page)
	b.shot("24-not-found", "#error")
	b.open(b.url + "/signout")
	b.shot("25-wrong-method", "#error")
	b.open(b.url + "/signout?lang=en")
	b.shot("26-wrong-method-en", "html[lang=en] #error")
}
