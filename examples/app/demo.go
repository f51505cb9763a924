package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// demo is the app with a fake of each platform, all on this machine.
type demo struct {
	app      *app
	config   config
	listener net.Listener
	folder   string
	// trust is how the fakes call the app: they accept its self-made certificate.
	trust *http.Client

	colorMe  *colormetest.Server
	makeShop *makeshoptest.Server
	stores   *storestest.Server
	rakuten  *rakutentest.Server

	mu sync.Mutex
	on map[string]bool // scenes of the control page that last
}

// startDemo starts all but the web server. One shop has installed the app already; its
// owner's first login opens the page for new shops.
func startDemo(ctx context.Context, listen, database string) (_ *demo, err error) {
	d := &demo{on: make(map[string]bool)}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	certificate, err := selfMade()
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate.Leaf)
	d.trust = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, err
	}
	d.listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	if database == "" {
		if d.folder, err = os.MkdirTemp("", "app-demo-"); err != nil {
			return nil, err
		}
		database = filepath.Join(d.folder, "app.db")
	}
	d.config = config{
		URL: "https://" + listener.Addr().String(), SealKey: oauth.SealKey{ID: "demo", Key: shotengai.Secret(rand.Text() + rand.Text())[:32]},
		AdminPassword: shotengai.Secret(rand.Text()), Database: database,
		Outbox: &mailPrinter{out: io.Discard},
		Log:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	for _, start := range []func() error{d.startColorMe, d.startMakeShop, d.startStores} {
		if err := start(); err != nil {
			return nil, err
		}
	}
	d.startRakuten()
	if d.app, err = newApp(ctx, d.config); err != nil {
		return nil, err
	}
	d.control()
	return d, d.handOver(ctx)
}

func (d *demo) startColorMe() error {
	d.colorMe = colormetest.NewServer(colormetest.WithSales(40), colormetest.WithHookClient(d.trust))
	for i := range 60 {
		at := time.Now().Add(-time.Duration(i*(1+i%7)) * 100 * time.Minute)
		d.colorMe.Shop().AddSale(map[string]any{"make_date": at.Unix()})
	}
	provider, err := d.colorMe.Provider(d.config.URL + "/callback/colorme")
	if err != nil {
		return err
	}
	provider.Client.Scopes = []string{colorme.ScopeReadSales}
	registration := d.colorMe.App()
	registration.InstallURL, registration.UninstallURL = d.config.URL+"/hooks/colorme/install", d.config.URL+"/hooks/colorme/uninstall"
	d.colorMe.SetApp(registration)
	d.config.ColorMe = &colorMeConfig{
		Provider: provider, WebhookSecrets: []shotengai.Secret{registration.WebhookSecret}, Options: d.colorMe.Options(),
	}
	return nil
}

func (d *demo) startMakeShop() error {
	d.makeShop = makeshoptest.NewServer(makeshoptest.WithHookClient(d.trust))
	provider, err := d.makeShop.Provider(d.config.URL + "/callback/makeshop")
	if err != nil {
		return err
	}
	registration, pathToken := d.makeShop.App(), rand.Text()+rand.Text()
	for word, kind := range makeShopHooks {
		registration.HookURLs[string(kind)] = d.config.URL + "/hooks/makeshop/" + word + "/" + pathToken
	}
	d.makeShop.SetApp(registration)
	d.config.MakeShop = &makeShopConfig{
		Provider: provider, API: d.makeShop.Config(), PathToken: shotengai.Secret(pathToken),
		Plans: map[int64]billing.Plan{1: {ID: "1", Monthly: 1000}, 2: {ID: "2", Monthly: 2000}}, Options: d.makeShop.Options(),
	}
	return nil
}

func (d *demo) startStores() error {
	d.stores = storestest.NewServer()
	provider, err := d.stores.Provider(d.config.URL + "/callback/stores")
	if err != nil {
		return err
	}
	provider.Client.Scopes = []string{stores.ScopeRead, stores.ScopeOfflineAccess}
	d.config.Stores = &storesConfig{Provider: provider, Options: d.stores.Options()}
	return nil
}

func (d *demo) startRakuten() {
	d.rakuten = rakutentest.NewServer(rakutentest.WithoutRateLimits())
	d.config.Rakuten = &rakutenConfig{
		ServiceSecret: d.rakuten.Shop().License().ServiceSecret,
		Options:       append(d.rakuten.Options(), shotengai.WithLimiter(nil)), // six searches and more a second apart are long to wait for
	}
}

// handOver enters the licence keys of two shops of Rakuten; the second one's ends in a week.
func (d *demo) handOver(ctx context.Context) error {
	first := d.rakuten.Shop()
	second := d.rakuten.AddShop(rakutentest.Seed{
		ServiceSecret: first.License().ServiceSecret, IssuedAt: time.Now().Add(7*24*time.Hour - rakuten.LicenseLife),
	})
	var errs []error
	for _, shop := range []*rakutentest.Shop{first, second} {
		errs = append(errs, d.app.enterLicense(ctx, shop.License(), []mail.Address{{Name: "楽田 太郎", Address: "taro@example.jp"}}))
	}
	return errors.Join(errs...)
}

// install lets the shops install the app, once it is served.
func (d *demo) install(ctx context.Context) {
	_, err := d.colorMe.Install(ctx, d.colorMe.Shop(), colormetest.PlanMonthly)
	_, err2 := d.makeShop.Install(ctx, d.makeShop.Shop(), 1)
	if err := errors.Join(err, err2); err != nil && ctx.Err() == nil {
		d.config.Log.Error("demo", "error", err)
	}
}

// close removes what the demo left on the disk.
func (d *demo) close() error {
	if d.colorMe != nil {
		d.colorMe.Close()
	}
	if d.makeShop != nil {
		d.makeShop.Close()
	}
	if d.stores != nil {
		d.stores.Close()
	}
	if d.rakuten != nil {
		d.rakuten.Close()
	}
	if d.folder == "" {
		return nil
	}
	return os.RemoveAll(d.folder)
}

// selfMade is a certificate for this machine, which no browser knows: the cookies of the
// app and the hooks of the platforms ask for https.
func selfMade() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 0, 7),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf, err := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}
