package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
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
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.WindowSize(1000, 1100), chromedp.Flag("accept-lang", "ja"),
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
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	return &browser{t, ctx, out}
}

func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Run(b.ctx, actions...))
}

// shot waits for a part of a page and takes a picture of the whole.
func (b *browser) shot(name, part string) {
	b.t.Helper()
	var png []byte
	b.do(chromedp.WaitVisible(part, chromedp.ByQuery), chromedp.FullScreenshot(&png, 100))
	require.NoError(b.t, os.WriteFile(filepath.Join(b.out, "app-"+name+".png"), png, 0o644))
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

func TestBrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	d := serveDemo(t)
	shop := d.colorMe.Shop()

	// Install: the platform sends the browser on, through the login, to the first page.
	installation, err := d.colorMe.Install(t.Context(), shop, colormetest.PlanMonthly)
	require.NoError(t, err)
	b.do(chromedp.Navigate(installation.RedirectURL))
	b.shot("1-welcome", "#welcome")
	require.Equal(t, d.config.URL+"/shops/colorme/"+shop.ID, b.address())

	// The page, in both languages, and on a telephone.
	b.click("#begin")
	b.shot("2-shop-ja", "#orders")
	require.Contains(t, b.text("h1"), "商店街の雑貨店")
	b.click("#lang")
	b.do(chromedp.WaitVisible(`html[lang=en]`, chromedp.ByQuery))
	b.shot("3-shop-en", "#orders")
	b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	b.shot("4-shop-phone", "#orders")
	b.do(chromedp.EmulateViewport(1000, 1100))

	// A second platform in the same browser.
	b.do(chromedp.Navigate(d.config.URL))
	b.click("#login-stores")
	b.click("#begin")
	b.shot("5-stores", "#orders")
	b.do(chromedp.Navigate(d.config.URL))
	b.shot("6-shops", "#shops")
	require.Contains(t, b.text("#shops"), "STORES")

	// A shop with a subscription.
	_, err = d.makeShop.Install(t.Context(), d.makeShop.Shop(), 1)
	require.NoError(t, err)
	b.click("#login-makeshop")
	b.click("#begin")
	b.shot("12-makeshop", "#orders")
	require.Contains(t, b.text(".facts"), "1,100")

	// The platform kills the token: the next call finds out, and a login helps.
	token, err := d.app.platform("colorme").grants.Login(t.Context(), shop.ID)
	require.NoError(t, err)
	d.colorMe.Revoke(token.AccessToken)
	b.do(chromedp.Navigate(d.config.URL + "/shops/colorme/" + shop.ID))
	b.click("#sync")
	b.shot("7-lost", "#lost")
	b.click("#reauthorize")
	b.shot("8-reauthorized", "#orders")
	b.do(chromedp.WaitNotPresent("#lost", chromedp.ByQuery))

	// Sign-out: the page is nobody's.
	b.click("#signout")
	b.shot("9-signed-out", "#login-colorme")
	b.do(chromedp.Navigate(d.config.URL + "/shops/colorme/" + shop.ID))
	b.shot("10-refused", "#error")

	// The operator.
	b.do(chromedp.Navigate(d.config.URL + "/admin"))
	b.do(chromedp.SendKeys("input[name=password]", d.config.AdminPassword.Reveal(), chromedp.ByQuery))
	b.click("#enter")
	b.shot("11-operator", "#shops")
	require.Contains(t, b.text("#shops"), "Rakuten Ichiba")
}
