package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/sqlstore"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

const sealKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

func configFile(t *testing.T, content any) string {
	t.Helper()
	text, isText := content.(string)
	if !isText {
		data, err := json.Marshal(content)
		require.NoError(t, err)
		text = string(data)
	}
	path := filepath.Join(t.TempDir(), "shops.json")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// storedGrant logs a shop in, as an app does, and returns the database with its grant.
func storedGrant(t *testing.T, srv *storestest.Server) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "grants.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)")
	require.NoError(t, err)
	defer db.Close()
	store, err := sqlstore.New(db, sqlstore.SQLite)
	require.NoError(t, err)
	require.NoError(t, store.Migrate(t.Context()))
	key, err := oauth.ParseSealKey("2026", sealKey)
	require.NoError(t, err)
	sealer, err := oauth.NewSealer(key)
	require.NoError(t, err)
	provider, err := srv.Provider("https://app.example/callback")
	require.NoError(t, err)
	provider.Client.Scopes = []string{stores.ScopeRead, stores.ScopeOfflineAccess}
	login, err := provider.Begin()
	require.NoError(t, err)
	query, err := srv.Login(t.Context(), login.URL)
	require.NoError(t, err)
	grant, err := provider.Exchange(t.Context(), login, query)
	require.NoError(t, err)
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: store, Sealer: sealer})
	require.NoError(t, err)
	require.NoError(t, manager.Put(t.Context(), "tea-shop", grant))
	require.NoError(t, manager.Close(context.WithoutCancel(t.Context())))
	return path
}

// Shops come from the file, secrets from the environment and from the store, and whatever
// happens they are in no result and in no log.
func TestSecretsStayInside(t *testing.T) { //nolint:paralleltest // it changes the environment
	colorMeServer, makeShopServer := colormetest.NewServer(colormetest.WithoutRateLimits()), makeshoptest.NewServer()
	rakutenServer, storesServer := rakutentest.NewServer(rakutentest.WithoutRateLimits()), storestest.NewServer(storestest.WithoutRateLimits())
	t.Cleanup(func() { colorMeServer.Close(); makeShopServer.Close(); rakutenServer.Close(); storesServer.Close() })
	license := rakutenServer.Shop().License()
	secrets := map[string]string{
		"POTTERY_TOKEN": colorMeServer.Shop().Token(), "BAD_TOKEN": "made-up-token-of-nobody",
		"PAPER_TOKEN": makeShopServer.Shop().Token(), "MAKESHOP_KEY": makeShopServer.Config().APIKey.Reveal(),
		"RMS_SECRET": license.ServiceSecret.Reveal(), "KNIVES_KEY": license.Key.Reveal(), "BAD_KEY": "SL123456_made-up-key",
		"DATABASE": storedGrant(t, storesServer), "SEAL_KEY": sealKey, "STORES_JWK": string(storesServer.App().Key),
	}
	for name, value := range secrets {
		t.Setenv(name, value)
	}
	path := configFile(t, map[string]any{
		"shops": []any{
			args{"name": "pottery", "platform": "colorme", "token": "POTTERY_TOKEN", "test_server": colorMeServer.URL},
			args{"name": "pottery-bad", "platform": "colorme", "token": "BAD_TOKEN", "test_server": colorMeServer.URL},
			args{"name": "paper", "platform": "makeshop", "endpoint": makeShopServer.Endpoint(), "api_key": "MAKESHOP_KEY", "token": "PAPER_TOKEN", "test_server": makeShopServer.Endpoint()},
			args{"name": "knives", "platform": "rakuten", "service_secret": "RMS_SECRET", "license_key": "KNIVES_KEY", "test_server": rakutenServer.URL},
			args{"name": "knives-bad", "platform": "rakuten", "service_secret": "RMS_SECRET", "license_key": "BAD_KEY", "test_server": rakutenServer.URL},
			args{"name": "tea", "platform": "stores", "grant": "tea-shop", "test_server": storesServer.URL},
			args{"name": "tea-gone", "platform": "stores", "grant": "nobody", "test_server": storesServer.URL},
		},
		"store": args{"database": "DATABASE", "seal_key_id": "2026", "seal_key": "SEAL_KEY"},
		"apps": args{"stores": args{
			"client_id": storesServer.App().ClientID, "redirect_url": "https://app.example/callback", "key": "STORES_JWK", "scopes": []string{"read", "offline_access"},
		}},
	})
	loaded, err := load(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, loaded.close(context.WithoutCancel(t.Context()))) })
	var log syncBuffer
	s := &service{places: loaded.places, now: time.Now, log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	server, client := mcp.NewInMemoryTransports()
	_, err = s.server().Connect(t.Context(), server, nil)
	require.NoError(t, err)
	b := &bench{session: connect(t, client)}

	var seen strings.Builder
	_, _ = fmt.Fprintf(&seen, "%+v %#v", s.places, s.places)
	for name, works := range map[string]bool{"pottery": true, "paper": true, "knives": true, "tea": true, "pottery-bad": false, "knives-bad": false, "tea-gone": false} {
		result, text := call(t, b.session, "list_items", args{"shop": name})
		assert.Equal(t, !works, result.IsError, "%s: %s", name, text)
		seen.WriteString(text)
		_, text = call(t, b.session, "diagnose_key", args{"shop": name})
		assert.Contains(t, text, fmt.Sprintf(`"works":%t`, works), "%s: %s", name, text)
		seen.WriteString(text)
	}
	for name, secret := range secrets {
		if name != "DATABASE" {
			assert.NotContains(t, seen.String(), secret, name)
			assert.NotContains(t, log.String(), secret, name)
		}
	}
}

func TestConfigurationMistakes(t *testing.T) {
	t.Setenv("TOKEN", "hush-hush")
	t.Setenv("SEAL_KEY", "short")
	for says, content := range map[string]any{
		"names no shop":         `{}`,
		"unknown field":         `{"shops": [{"nickname": "x"}]}`,
		"a name of its own":     args{"shops": []any{args{"platform": "stores"}}},
		`platform "shopify" is`: args{"shops": []any{args{"name": "x", "platform": "shopify"}}},
		"has to name an":        args{"shops": []any{args{"name": "x", "platform": "stores"}}},
		"MISSING (token)":       args{"shops": []any{args{"name": "x", "platform": "stores", "token": "MISSING"}}},
		"(license_key)":         args{"shops": []any{args{"name": "x", "platform": "rakuten", "service_secret": "TOKEN", "license_key": "MISSING"}}},
		"service_secret has":    args{"shops": []any{args{"name": "x", "platform": "rakuten"}}},
		"api_key has":           args{"shops": []any{args{"name": "x", "platform": "makeshop", "token": "TOKEN"}}},
		"a grant needs a store": args{"shops": []any{args{"name": "x", "platform": "stores", "grant": "y"}}},
		"store: database has":   args{"shops": []any{args{"name": "x"}}, "store": args{}},
		"store: seal_key: ":     args{"shops": []any{args{"name": "x"}}, "store": args{"database": "TOKEN", "seal_key": "SEAL_KEY"}},
		"seal_key has to name":  args{"shops": []any{args{"name": "x"}}, "store": args{"database": "TOKEN"}},
		"unexpected EOF":        `{"shops": `,
	} {
		_, err := load(t.Context(), configFile(t, content))
		assert.ErrorContains(t, err, says)
		assert.NotContains(t, fmt.Sprint(err), "hush-hush")
	}
}

func TestAppsOfEveryPlatform(t *testing.T) {
	t.Setenv("SECRET", "a client secret")
	t.Setenv("JWK", string(storestest.NewKey("k")))
	for platform, app := range map[string]appConfig{
		"colorme":  {ClientID: "id", RedirectURL: "https://app.example/callback", ClientSecret: "SECRET", Scopes: []string{"read_sales"}},
		"makeshop": {ClientID: "id", RedirectURL: "https://app.example/callback", ClientSecret: "SECRET"},
		"stores":   {ClientID: "id", RedirectURL: "https://app.example/callback", Key: "JWK", Scopes: []string{stores.ScopeRead, stores.ScopeOfflineAccess}},
	} {
		provider, err := app.provider(platform)
		require.NoError(t, err, platform)
		assert.NoError(t, provider.Validate(), platform)
	}
	_, err := appConfig{}.provider("colorme")
	assert.ErrorContains(t, err, "client_secret has to name")
}
