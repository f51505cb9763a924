package main

import (
	"bytes"
	"encoding/json"
	"os"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// entry is one shop of the configuration file, which is a JSON list of them. Secrets stay
// in the environment: the file has the names of the variables. A shop without license_key
// has not handed over a key yet.
//
//	[
//	  {"name": "knives", "service_secret": "RMS_SECRET", "license_key": "KNIVES_KEY"},
//	  {"name": "tea", "service_secret": "RMS_SECRET"}
//	]
type entry struct {
	Name          string `json:"name"`
	ServiceSecret string `json:"service_secret"`
	LicenseKey    string `json:"license_key,omitempty"`

	// TestServer is the address of a fake on this machine, which is asked without pause.
	TestServer string `json:"test_server,omitempty"`
}

// load reads the shops and makes their clients.
func load(path string) (fleet, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the user names the file
	if err != nil {
		return fleet{}, failf("the configuration cannot be read: %w", err)
	}
	var entries []json.RawMessage
	if err := json.Unmarshal(text, &entries); err != nil {
		return fleet{}, failf("%s is no list of shops in JSON: %w", path, err)
	}
	if len(entries) == 0 {
		return fleet{}, failf("%s names no shop", path)
	}
	f := fleet{local: true}
	names := make(map[string]bool)
	for i, raw := range entries {
		var e entry
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields() // a misspelt member
		if err := decoder.Decode(&e); err != nil {
			return fleet{}, failf("%s: shop %d: %w", path, i+1, err)
		}
		if e.Name == "" || names[e.Name] {
			return fleet{}, failf("%s: shop %d needs a name of its own", path, i+1)
		}
		names[e.Name] = true
		client, err := e.client()
		if err != nil {
			return fleet{}, failf("%s: shop %q: %w", path, e.Name, err)
		}
		f.shops = append(f.shops, shop{e.Name, client})
		f.local = f.local && e.TestServer != ""
	}
	return f, nil
}

func (e entry) client() (*rakuten.Client, error) {
	secret, err := env("service_secret", e.ServiceSecret)
	if err != nil {
		return nil, err
	}
	if e.LicenseKey == "" {
		return nil, nil
	}
	key, err := env("license_key", e.LicenseKey)
	if err != nil {
		return nil, err
	}
	var opts []shotengai.Option
	if e.TestServer != "" {
		opts = append(opts, shotengai.WithTestServer(e.TestServer), shotengai.WithLimiter(nil))
	}
	return rakuten.NewClient(rakuten.StaticLicense(rakuten.License{ServiceSecret: shotengai.Secret(secret), Key: shotengai.Secret(key)}), opts...)
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
