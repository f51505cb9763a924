package api

import (
	"net/netip"
	"testing"
	"unique"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// H11: where a base URL may point to.
func TestH11BaseURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://api.shop.test":                "",
		"https://API.shop.test/v2/":            "",
		"https://api.shop.test:8443":           "",
		"https://a.shops.test":                 "",
		"https://shops.test":                   "no host of this platform",
		"https://evilshops.test":               "no host of this platform",
		"https://api.shop.test.evil.test":      "no host of this platform",
		"https://api.shop.test@evil.test":      "user info",
		"https://user:pass@api.shop.test":      "user info",
		"https://api.shop.test?a=b":            "query",
		"https://api.shop.test?":               "query",
		"https://api.shop.test#f":              "fragment",
		"http://api.shop.test":                 "only https",
		"http://127.0.0.1":                     "only https",
		"https://127.0.0.1":                    "no host of this platform",
		"https://localhost":                    "no host of this platform",
		"https://169.254.169.254":              "no host of this platform",
		"https://[::ffff:127.0.0.1]":           "no host of this platform",
		"https://0177.0.0.1":                   "no host of this platform",
		"file:///etc/passwd":                   "scheme",
		"https://":                             "host",
		"api.shop.test":                        "scheme",
		"":                                     "empty",
		"https://api.shop.test/\x7f":           "not a URL",
		"https://api.shop.test\\@evil.test/v1": "not a URL",
	} {
		_, err := New(shopPlatform(), nil, shotengai.WithBaseURL(address))
		if want == "" {
			require.NoError(t, err, address)
			continue
		}
		require.ErrorContains(t, err, want, address)
		assert.NotContains(t, err.Error(), "pass", address)
	}
}

// H11: a test server is on this machine.
func TestH11TestServer(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"http://127.0.0.1:8080": true, "http://[::1]:8080": true, "http://localhost": true, "https://127.0.0.1": true,
		"http://[::ffff:127.0.0.1]": true, "http://127.8.8.8": true,
		"http://0177.0.0.1": false, "http://10.0.0.1": false, "http://api.shop.test": false, "http://169.254.169.254": false,
		"http://user@127.0.0.1": false, "http://localhost.evil.test": false, "http://0.0.0.0": false, "http://2130706433": false,
	} {
		_, err := New(shopPlatform(), nil, shotengai.WithTestServer(address))
		assert.Equal(t, ok, err == nil, "%s: %v", address, err)
	}
}

// configured is a platform whose endpoint comes from the app's configuration.
func configured(address string) *Platform {
	p := shopPlatform()
	p.BaseURL, p.AnyHost = address, true
	return p
}

// H11: an endpoint of the app's choice is https and on the public internet.
func TestH11ConfiguredEndpoint(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://api.example.jp/graphql":   "",
		"https://203.0.113.7":              "",
		"https://api.shop.test":            "",
		"http://api.example.jp":            "only https",
		"http://127.0.0.1:8080":            "only https",
		"http://localhost":                 "only https",
		"https://user:pass@api.example.jp": "user info",
		"https://localhost":                "not on the public internet",
		"https://sub.localhost":            "not on the public internet",
		"https://metadata.google.internal": "not on the public internet",
		"https://printer.local.":           "not on the public internet",
		"https://metadata":                 "not on the public internet",
		"https://127.0.0.1":                "not on the public internet",
		"https://169.254.169.254":          "not on the public internet",
		"https://10.1.2.3":                 "not on the public internet",
		"https://[::1]":                    "not on the public internet",
		"https://[::ffff:127.0.0.1]":       "not on the public internet",
		"https://[::ffff:a9fe:a9fe]":       "not on the public internet",
		"https://[::ffff:100.64.0.1]":      "not on the public internet",
		"https://[64:ff9b::7f00:1]":        "not on the public internet",
		"https://0177.0.0.1":               "not on the public internet",
		"https://0x7f.0.0.1":               "not on the public internet",
		"https://2130706433":               "not on the public internet",
		"https://127.1":                    "not on the public internet",
		"https://0.0.0.0":                  "not on the public internet",
		"https://[fd00:ec2::254]":          "not on the public internet",
		"https://[fe80::1%25eth0]":         "not on the public internet",
	} {
		_, err := New(configured(address), nil)
		if want == "" {
			require.NoError(t, err, address)
			continue
		}
		require.ErrorContains(t, err, want, address)
	}
	t.Run("a test server is the exception", func(t *testing.T) {
		t.Parallel()
		srv := serve(t, answer(200, "application/json", `{}`))
		e, err := New(configured("https://api.example.jp"), nil, shotengai.WithTestServer(srv.URL))
		require.NoError(t, err)
		require.NoError(t, e.Do(t.Context(), Request{Operation: "GET /v1"}, nil))
	})
}

// H11: what a name stands for is looked at when dialling, since it may change.
func TestH11DialTimeCheck(t *testing.T) {
	t.Parallel()
	e, err := New(configured("https://api.example.jp"), nil, impatient)
	require.NoError(t, err)
	assert.Equal(t, quiet{publicTransport()}, e.config.client.Transport)
	base := e.config.base.Value()
	base.Host = "localhost:1" // as a name that has come to stand for this machine
	e.config.base = unique.Make(base)
	err = e.Do(t.Context(), Request{Operation: "POST /v1"}, nil)
	require.ErrorContains(t, err, "127.0.0.1 is not a public address")
	assert.NotErrorIs(t, err, shotengai.ErrOutcomeUnknown)

	e, err = New(shopPlatform(), nil)
	require.NoError(t, err)
	assert.Equal(t, quiet{transport()}, e.config.client.Transport, "a host of the platform's needs no check")
}

func TestPublicAddress(t *testing.T) {
	t.Parallel()
	for address, ok := range map[string]bool{
		"203.0.113.7:443": true, "8.8.8.8:443": true, "[2606:4700::1]:443": true, "[::ffff:8.8.8.8]:443": true,
		"127.0.0.1:443": false, "127.255.0.1:443": false, "0.0.0.0:443": false, "0.1.2.3:443": false, "10.0.0.1:443": false,
		"172.16.0.1:443": false, "192.168.0.1:443": false, "100.64.0.1:443": false, "169.254.169.254:80": false, "198.18.0.1:443": false,
		"192.0.0.1:443": false, "224.0.0.1:443": false, "240.0.0.1:443": false, "255.255.255.255:443": false,
		"[::]:443": false, "[::1]:443": false, "[::127.0.0.1]:443": false, "[::ffff:10.0.0.1]:443": false, "[::ffff:100.64.0.1]:443": false, "[fe80::1]:443": false,
		"[fd00::1]:443": false, "[fec0::1]:443": false, "[64:ff9b::a00:1]:443": false, "[2002:7f00:1::]:443": false, "[2001::1]:443": false,
		"[ff02::1]:443": false, "localhost:443": false, "8.8.8.8": false, "": false,
	} {
		assert.Equal(t, ok, publicAddress(address) == nil, address)
	}
}

// FuzzPublicName: no spelling of an address that is not public passes.
func FuzzPublicName(f *testing.F) {
	for _, s := range []string{"127.0.0.1", "::1", "example.jp", "", ".", "a.", "0x7f.1", "fe80::1%eth0", "localhost."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, host string) {
		ok := publicName(host)
		if ip, err := netip.ParseAddr(host); err == nil {
			require.Equal(t, publicIP(ip), ok)
			require.False(t, ok && (ip.Unmap().IsLoopback() || ip.Unmap().IsPrivate() || ip.IsLinkLocalUnicast()))
		}
		require.False(t, ok && host == "localhost")
	})
}
