package main

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	"golang.org/x/oauth2"
	_ "modernc.org/sqlite" // the driver sqlite

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// config is the configuration file. Secrets stay in the environment: the file has the names
// of the variables. A shop has a token of its own, or a grant in the store.
//
//	{
//	  "shops": [
//	    {"name": "pottery", "platform": "colorme", "token": "POTTERY_TOKEN"},
//	    {"name": "paper", "platform": "makeshop", "endpoint": "https://…", "api_key": "MAKESHOP_KEY", "token": "PAPER_TOKEN"},
//	    {"name": "knives", "platform": "rakuten", "service_secret": "RMS_SECRET", "license_key": "KNIVES_KEY"},
//	    {"name": "tea", "platform": "stores", "grant": "the shop's key in the store"}
//	  ],
//	  "store": {"database": "DATABASE_URL", "seal_key_id": "2026", "seal_key": "SEAL_KEY"},
//	  "apps": {
//	    "stores": {"client_id": "…", "redirect_url": "https://…", "key": "STORES_JWK", "scopes": ["read", "offline_access"]},
//	    "colorme": {"client_id": "…", "redirect_url": "https://…", "client_secret": "COLORME_SECRET", "scopes": ["read_sales"]}
//	  }
//	}
type config struct {
	Shops []shopConfig         `json:"shops"`
	Store *storeConfig         `json:"store"`
	Apps  map[string]appConfig `json:"apps"`
}

type shopConfig struct {
	Name          string `json:"name"`
	Platform      string `json:"platform"`
	Token         string `json:"token"`
	Grant         string `json:"grant"`
	Endpoint      string `json:"endpoint"`
	APIKey        string `json:"api_key"`
	ServiceSecret string `json:"service_secret"`
	LicenseKey    string `json:"license_key"`

	// TestServer is the address of a fake on this machine.
	TestServer string `json:"test_server"`
}

// storeConfig is a store of grants that an app keeps, which has made its tables already.
type storeConfig struct {
	Database  string `json:"database"`    // a PostgreSQL address, or a file of SQLite
	SealKeyID string `json:"seal_key_id"` // as the app calls it
	SealKey   string `json:"seal_key"`
}

// appConfig is an app as it is registered with a platform. Its grants are refreshed.
type appConfig struct {
	ClientID     string   `json:"client_id"`
	ClientSecret string   `json:"client_secret"`
	Key          string   `json:"key"` // the JWK of a STORES app
	RedirectURL  string   `json:"redirect_url"`
	Scopes       []string `json:"scopes"`
}

// shops are the shops of a configuration, and what they keep open.
type shops struct {
	places   map[string]place
	db       *sql.DB
	store    *sqlstore.Store
	sealer   *oauth.Sealer
	managers map[string]*oauth.Manager // by platform
}

// load reads the file and makes the clients.
func load(ctx context.Context, path string) (*shops, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the user says which file
	if err != nil {
		return nil, fmt.Errorf("the configuration cannot be read: %w", err)
	}
	var c config
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields() // a misspelt member
	if err := decoder.Decode(&c); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(c.Shops) == 0 {
		return nil, fmt.Errorf("%s names no shop", path)
	}
	s := &shops{places: map[string]place{}, managers: map[string]*oauth.Manager{}}
	if err := s.open(ctx, c); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), s.close(ctx))
	}
	return s, nil
}

func (s *shops) open(ctx context.Context, c config) error {
	if c.Store != nil {
		if err := s.openStore(ctx, *c.Store); err != nil {
			return fmt.Errorf("store: %w", err)
		}
	}
	for i, e := range c.Shops {
		if e.Name == "" || s.places[e.Name].Name != "" {
			return fmt.Errorf("shop %d needs a name of its own", i+1)
		}
		shop, err := s.shop(e, c.Apps)
		if err != nil {
			return fmt.Errorf("shop %q: %w", e.Name, err)
		}
		s.places[e.Name] = place{Name: e.Name, Platform: e.Platform, shop: shop}
	}
	return nil
}

func (s *shops) openStore(ctx context.Context, c storeConfig) error {
	database, err := env("database", c.Database)
	if err != nil {
		return err
	}
	text, err := env("seal_key", c.SealKey)
	if err != nil {
		return err
	}
	key, err := oauth.ParseSealKey(c.SealKeyID, text)
	if err != nil {
		return fmt.Errorf("seal_key: %w", err)
	}
	driver, dialect := "sqlite", sqlstore.SQLite
	source := "file:" + database + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_txlock=immediate"
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		driver, dialect, source = "pgx", sqlstore.PostgreSQL, database
	}
	if s.db, err = sql.Open(driver, source); err != nil {
		return errors.New("the database's address cannot be read") // which holds a password
	}
	if s.store, err = sqlstore.New(s.db, dialect); err != nil {
		return err
	}
	if s.sealer, err = oauth.NewSealer(key); err != nil {
		return err
	}
	return s.store.Check(ctx)
}

// close ends refreshes and the database.
func (s *shops) close(ctx context.Context) error {
	var errs []error
	for _, manager := range s.managers {
		errs = append(errs, manager.Close(ctx))
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}

func (s *shops) shop(e shopConfig, apps map[string]appConfig) (shop, error) {
	var opts []shotengai.Option
	if e.TestServer != "" {
		opts = append(opts, shotengai.WithTestServer(e.TestServer))
	}
	if e.Platform == "rakuten" {
		license, err := e.license()
		if err != nil {
			return nil, err
		}
		client, err := rakuten.NewClient(rakuten.StaticLicense(license), opts...)
		return rakutenShop{client}, err
	}
	tokens, err := s.tokens(e, apps[e.Platform])
	if err != nil {
		return nil, err
	}
	switch e.Platform {
	case "colorme":
		client, err := colorme.NewClient(tokens, opts...)
		return colorMe{client}, err
	case "stores":
		client, err := stores.NewClient(tokens, opts...)
		return storesShop{client}, err
	}
	key, err := env("api_key", e.APIKey)
	if err != nil {
		return nil, err
	}
	client, err := makeshop.NewClient(makeshop.Config{Endpoint: e.Endpoint, APIKey: shotengai.Secret(key)}, tokens, opts...)
	return makeShop{client}, err
}

func (e shopConfig) license() (rakuten.License, error) {
	secret, err := env("service_secret", e.ServiceSecret)
	if err != nil {
		return rakuten.License{}, err
	}
	key, err := env("license_key", e.LicenseKey)
	return rakuten.License{ServiceSecret: shotengai.Secret(secret), Key: shotengai.Secret(key)}, err
}

// tokens are the token of a shop, or its grant.
func (s *shops) tokens(e shopConfig, app appConfig) (oauth2.TokenSource, error) {
	if e.Platform != "colorme" && e.Platform != "makeshop" && e.Platform != "stores" {
		return nil, fmt.Errorf("platform %q is none of colorme, makeshop, rakuten and stores", e.Platform)
	}
	if e.Grant == "" {
		token, err := env("token", e.Token)
		return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), err
	}
	if s.store == nil {
		return nil, errors.New("a grant needs a store: add one, or name a token")
	}
	manager, ok := s.managers[e.Platform]
	if !ok {
		provider, err := app.provider(e.Platform)
		if err != nil {
			return nil, fmt.Errorf("apps: %s: %w", e.Platform, err)
		}
		manager, err = oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: s.store, Sealer: s.sealer})
		if err != nil {
			return nil, fmt.Errorf("apps: %s: %w", e.Platform, err)
		}
		s.managers[e.Platform] = manager
	}
	return manager.TokenSource(e.Grant), nil
}

func (a appConfig) provider(platform string) (*oauth.Provider, error) {
	field, name := "client_secret", a.ClientSecret
	if platform == "stores" {
		field, name = "key", a.Key
	}
	secret, err := env(field, name)
	if err != nil {
		return nil, err
	}
	client := oauth.Client{ID: a.ClientID, RedirectURL: a.RedirectURL, Scopes: a.Scopes}
	switch platform {
	case "colorme":
		client.Secret = shotengai.Secret(secret)
		return colorme.OAuth(client)
	case "makeshop":
		client.Secret = shotengai.Secret(secret)
		return makeshop.OAuth(client)
	}
	return stores.OAuth(client, []byte(secret))
}

// env reads a secret from the variable that the configuration names.
func env(field, name string) (string, error) {
	if name == "" {
		return "", errors.New(field + " has to name an environment variable")
	}
	text := os.Getenv(name)
	if text == "" {
		return "", fmt.Errorf("the environment variable %s (%s) is not set", name, field)
	}
	return text, nil
}

// language is that of the person who started the program.
func language() shotengai.Language {
	return shotengai.Language(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")))
}
