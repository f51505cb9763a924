package main

import (
	"bytes"
	"encoding/json"
	"os"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// entry is one shop of the configuration file, which is a JSON list of them. Secrets stay
// in the environment: the file has the names of the variables.
//
//	[
//	  {"name": "pottery", "platform": "colorme", "token": "POTTERY_TOKEN"},
//	  {"name": "tea", "platform": "stores", "token": "TEA_CREDENTIAL"},
//	  {"name": "paper", "platform": "makeshop", "endpoint": "https://…", "api_key": "MAKESHOP_KEY", "token": "PAPER_PAT"},
//	  {"name": "knives", "platform": "rakuten", "service_secret": "RMS_SECRET", "license_key": "KNIVES_KEY"}
//	]
type entry struct {
	Name          string `json:"name"`
	Platform      string `json:"platform"`
	Token         string `json:"token,omitempty"`
	Endpoint      string `json:"endpoint,omitempty"`
	APIKey        string `json:"api_key,omitempty"`
	ServiceSecret string `json:"service_secret,omitempty"`
	LicenseKey    string `json:"license_key,omitempty"`

	// TestServer is the address of a fake on this machine, which is asked without pause.
	TestServer string `json:"test_server,omitempty"`
}

// load reads the shops and makes their clients.
func load(path string) ([]shop, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the user says which file
	if err != nil {
		return nil, failf("the configuration cannot be read: %w", err)
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(text, &entries); err != nil {
		return nil, failf("%s is no list of shops in JSON: %w", path, err)
	}
	if len(entries) == 0 {
		return nil, failf("%s names no shop", path)
	}
	shops := make([]shop, 0, len(entries))
	names := make(map[string]bool)
	for i, raw := range entries {
		var e entry
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields() // a misspelt member
		if err := decoder.Decode(&e); err != nil {
			return nil, failf("%s: shop %d: %w", path, i+1, err)
		}
		if e.Name == "" || names[e.Name] {
			return nil, failf("%s: shop %d needs a name of its own", path, i+1)
		}
		names[e.Name] = true
		s, err := e.shop()
		if err != nil {
			return nil, failf("%s: shop %q: %w", path, e.Name, err)
		}
		shops = append(shops, s)
	}
	return shops, nil
}

func (e entry) shop() (shop, error) {
	switch e.Platform {
	case "colorme":
		return e.colorMe()
	case "stores":
		return e.stores()
	case "makeshop":
		return e.makeShop()
	case "rakuten":
		return e.rakuten()
	}
	return shop{}, failf("platform %q is none of colorme, makeshop, rakuten and stores", e.Platform)
}

func (e entry) colorMe() (shop, error) {
	tokens, err := e.tokens()
	if err != nil {
		return shop{}, err
	}
	var opts []shotengai.Option
	if e.TestServer != "" {
		opts = append(opts, shotengai.WithTestServer(e.TestServer), shotengai.WithLimiter(nil))
	}
	client, err := colorme.NewClient(tokens, opts...)
	return colorMeShop(e.Name, client), err
}

func (e entry) stores() (shop, error) {
	tokens, err := e.tokens()
	if err != nil {
		return shop{}, err
	}
	var opts []shotengai.Option
	if e.TestServer != "" {
		opts = append(opts, shotengai.WithTestServer(e.TestServer), shotengai.WithLimiter(nil))
	}
	client, err := stores.NewClient(tokens, opts...)
	return storesShop(e.Name, client), err
}

func (e entry) makeShop() (shop, error) {
	key, err := env("api_key", e.APIKey)
	if err != nil {
		return shop{}, err
	}
	tokens, err := e.tokens()
	if err != nil {
		return shop{}, err
	}
	var opts []shotengai.Option
	if e.TestServer != "" {
		opts = append(opts, shotengai.WithTestServer(e.TestServer))
	}
	client, err := makeshop.NewClient(makeshop.Config{Endpoint: e.Endpoint, APIKey: shotengai.Secret(key)}, tokens, opts...)
	return makeShop(e.Name, client), err
}

func (e entry) rakuten() (shop, error) {
	secret, err := env("service_secret", e.ServiceSecret)
	if err != nil {
		return shop{}, err
	}
	key, err := env("license_key", e.LicenseKey)
	if err != nil {
		return shop{}, err
	}
	var opts []shotengai.Option
	if e.TestServer != "" {
		opts = append(opts, shotengai.WithTestServer(e.TestServer))
	}
	license := rakuten.License{ServiceSecret: shotengai.Secret(secret), Key: shotengai.Secret(key)}
	client, err := rakuten.NewClient(rakuten.StaticLicense(license), opts...)
	return rakutenShop(e.Name, client), err
}

func (e entry) tokens() (oauth2.TokenSource, error) {
	token, err := env("token", e.Token)
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), err
}

// env reads a secret from the variable that the configuration names.
func env(field, name string) (string, error) {
	if name == "" {
		return "", failf("%s has to name an environment variable", field)
	}
	value := os.Getenv(name)
	if value == "" {
		return "", failf("the environment variable %s (%s) is not set", name, field)
	}
	return value, nil
}
