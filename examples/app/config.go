package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/stores"
)

// config is what an app works with. A platform that is nil is not in use.
type config struct {
	URL           string // https and host, without a slash at the end
	SealKey       oauth.SealKey
	AdminPassword shotengai.Secret // empty: there is no page for the operator
	Database      string
	Certificate   *tls.Certificate // nil: a proxy in front speaks TLS
	Log           *slog.Logger
	Outbox        outbox // takes the mails to shops

	ColorMe  *colorMeConfig
	MakeShop *makeShopConfig
	Stores   *storesConfig
	Rakuten  *rakutenConfig
}

type colorMeConfig struct {
	Provider       *oauth.Provider
	WebhookSecrets []shotengai.Secret
	Options        []shotengai.Option
}

type makeShopConfig struct {
	Provider  *oauth.Provider
	API       makeshop.Config
	PathToken shotengai.Secret       // the end of each hook's address
	Plans     map[int64]billing.Plan // by the id that hooks name
	Options   []shotengai.Option
}

type storesConfig struct {
	Provider *oauth.Provider
	Options  []shotengai.Option
}

type rakutenConfig struct {
	ServiceSecret shotengai.Secret // of the app; the shops' keys are entered at /admin/licenses
	Options       []shotengai.Option
}

// settings reads the environment:
//
//	APP_URL                 https address that the platforms and the owners know
//	APP_SEAL_KEY            32 random bytes: openssl rand -base64 32
//	APP_ADMIN_PASSWORD      for /admin, 16 characters or more; optional
//	APP_TLS_CERT            files of the certificate and its key; optional behind a proxy
//	APP_TLS_KEY
//	COLORME_CLIENT_ID       the redirect address is APP_URL/callback/colorme, the hooks are
//	COLORME_CLIENT_SECRET   APP_URL/hooks/colorme/install and /uninstall
//	COLORME_WEBHOOK_SECRET
//	MAKESHOP_CLIENT_ID      the redirect address is APP_URL/callback/makeshop, the hooks are
//	MAKESHOP_CLIENT_SECRET  APP_URL/hooks/makeshop/KIND/PATH_TOKEN, see makeShopHooks
//	MAKESHOP_ENDPOINT
//	MAKESHOP_API_KEY
//	MAKESHOP_PATH_TOKEN     32 random characters or more
//	MAKESHOP_PLANS          yen a month by plan, as in 1=1000,2=2000
//	STORES_CLIENT_ID        the redirect address is APP_URL/callback/stores
//	STORES_KEY              file with the JWK
//	APP_OUTBOX              folder for mails to shops, one .eml file each; by default they are
//	                        printed to standard error
//	RAKUTEN_SERVICE_SECRET  the shops' licence keys are entered at APP_URL/admin/licenses, so
//	                        it needs APP_ADMIN_PASSWORD
func settings(getenv func(string) string) (config, error) {
	e := env{get: getenv}
	c := config{
		URL: e.address("APP_URL"), SealKey: e.sealKey("APP_SEAL_KEY"), Certificate: e.certificate("APP_TLS_CERT", "APP_TLS_KEY"),
		AdminPassword: shotengai.Secret(getenv("APP_ADMIN_PASSWORD")), Log: slog.New(slog.NewJSONHandler(os.Stderr, nil)),
		Outbox: e.outbox("APP_OUTBOX"),
	}
	if n := len(c.AdminPassword); n > 0 && n < 16 {
		e.fail("APP_ADMIN_PASSWORD has to have 16 characters or more")
	}
	client := func(platform string, secret shotengai.Secret, scopes ...string) oauth.Client {
		return oauth.Client{ID: getenv(strings.ToUpper(platform) + "_CLIENT_ID"), Secret: secret, RedirectURL: c.URL + "/callback/" + platform, Scopes: scopes}
	}
	if getenv("COLORME_CLIENT_ID") != "" {
		c.ColorMe = &colorMeConfig{
			Provider:       e.provider(colorme.OAuth(client("colorme", e.secret("COLORME_CLIENT_SECRET"), colorme.ScopeReadSales))),
			WebhookSecrets: []shotengai.Secret{shotengai.Secret(e.need("COLORME_WEBHOOK_SECRET"))},
		}
	}
	if getenv("MAKESHOP_CLIENT_ID") != "" {
		c.MakeShop = &makeShopConfig{
			Provider:  e.provider(makeshop.OAuth(client("makeshop", e.secret("MAKESHOP_CLIENT_SECRET")))),
			API:       makeshop.Config{Endpoint: e.need("MAKESHOP_ENDPOINT"), APIKey: shotengai.Secret(e.need("MAKESHOP_API_KEY"))},
			PathToken: shotengai.Secret(e.need("MAKESHOP_PATH_TOKEN")), Plans: e.plans("MAKESHOP_PLANS"),
		}
	}
	if getenv("STORES_CLIENT_ID") != "" {
		c.Stores = &storesConfig{
			Provider: e.provider(stores.OAuth(client("stores", "", stores.ScopeRead, stores.ScopeOfflineAccess), e.file("STORES_KEY"))),
		}
	}
	if getenv("RAKUTEN_SERVICE_SECRET") != "" {
		c.Rakuten = &rakutenConfig{ServiceSecret: shotengai.Secret(getenv("RAKUTEN_SERVICE_SECRET"))}
		if c.AdminPassword == "" {
			e.fail("RAKUTEN_SERVICE_SECRET needs APP_ADMIN_PASSWORD: licence keys are entered on the operator's page")
		}
	}
	if c.ColorMe == nil && c.MakeShop == nil && c.Stores == nil && c.Rakuten == nil {
		e.fail("no platform is set up: set COLORME_CLIENT_ID, MAKESHOP_CLIENT_ID, STORES_CLIENT_ID or RAKUTEN_SERVICE_SECRET, or try it with -demo")
	}
	return c, e.err
}

// env reads settings and keeps the first thing that is wrong.
type env struct {
	get func(string) string
	err error
}

func (e *env) fail(format string, args ...any) {
	if e.err == nil {
		e.err = fmt.Errorf(format, args...)
	}
}

// provider takes what the OAuth functions of the platforms return.
func (e *env) provider(p *oauth.Provider, err error) *oauth.Provider {
	if err != nil {
		e.fail("%w", err)
	}
	return p
}

func (e *env) need(name string) string {
	value := e.get(name)
	if value == "" {
		e.fail("the environment variable %s is not set", name)
	}
	return value
}

func (e *env) secret(name string) shotengai.Secret { return shotengai.Secret(e.need(name)) }

func (e *env) address(name string) string {
	value := strings.TrimSuffix(e.need(name), "/")
	if u, err := url.Parse(value); err != nil || u.Scheme != "https" || u.Host == "" || u.Path != "" {
		e.fail("%s has to be an https address without a path", name)
	}
	return value
}

func (e *env) sealKey(name string) oauth.SealKey {
	key, err := oauth.ParseSealKey(name, e.need(name))
	if err != nil {
		e.fail("%s: %w", name, err)
	}
	return key
}

func (e *env) file(name string) []byte {
	content, err := os.ReadFile(e.need(name))
	if err != nil {
		e.fail("%s names a file that cannot be read: %w", name, err)
	}
	return content
}

func (e *env) certificate(cert, key string) *tls.Certificate {
	if e.get(cert) == "" {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(e.get(cert), e.need(key))
	if err != nil {
		e.fail("%s and %s do not hold a certificate and its key: %w", cert, key, err)
	}
	return &pair
}

// pairs reads a list like 1=1000,2=2000.
func (e *env) pairs(name string, add func(key, value string) error) {
	for pair := range strings.SplitSeq(e.need(name), ",") {
		key, value, found := strings.Cut(strings.TrimSpace(pair), "=")
		err := errors.New("it lacks a half")
		if found && key != "" && value != "" {
			err = add(key, value)
		}
		if err != nil {
			e.fail("the entry of %q in %s cannot be read: %w", key, name, err)
			return
		}
	}
}

func (e *env) plans(name string) map[int64]billing.Plan {
	plans := make(map[int64]billing.Plan)
	e.pairs(name, func(id, yen string) error {
		number, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return errors.New("the plan is not a number")
		}
		monthly, err := strconv.ParseInt(yen, 10, 64)
		if err != nil || monthly <= 0 {
			return errors.New("the price is not a whole number of yen")
		}
		plans[number] = billing.Plan{ID: id, Monthly: billing.Yen(monthly)}
		return nil
	})
	return plans
}

// outbox is a folder, or standard error without one.
func (e *env) outbox(name string) outbox {
	folder := e.get(name)
	if folder == "" {
		return &mailPrinter{out: os.Stderr}
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		e.fail("%s names no folder: %s", name, folder)
	}
	return mailFolder(folder)
}
