package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
)

// inbox is a server that takes hooks, verified or not.
type inbox struct {
	*httptest.Server

	mu   sync.Mutex
	last *http.Request
	body []byte
}

func newInbox(t *testing.T, answer string) *inbox {
	t.Helper()
	in := &inbox{}
	in.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in.mu.Lock()
		defer in.mu.Unlock()
		in.last = r
		in.body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(in.Close)
	return in
}

func (in *inbox) received() (http.Header, []byte) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.last.Header, in.body
}

const hookSecret shotengai.Secret = "a secret of one's own"

// What hook send signs, the library and hook verify accept, with that secret and no other.
func TestHooksAreSigned(t *testing.T) {
	t.Parallel()
	env := environment{"HOOK_SECRET": hookSecret.Reveal()}
	const redirect = `{"redirect_url":"https://app.example/login"}`
	const accepted = `<?xml version="1.0"?><responseModel><resultCode>N-000-000</resultCode></responseModel>`
	for kind, answer := range map[string]string{
		"colorme.install": redirect, "colorme.uninstall": "", "makeshop.install": "", "makeshop.monthly_renewal": "",
		"rakuten.orders": accepted, "rakuten.notices": accepted, "shopify.orders/create": "",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			in := newInbox(t, answer)
			got := env.run(t, "", "hook", "send", kind, "--to", in.URL+"/hooks")
			require.Zero(t, got.code, got.errors)
			assert.True(t, strings.HasPrefix(got.out, "200"), got.out)
			header, body := in.received()
			verify := []string{"hook", "verify", strings.Split(kind, ".")[0]}
			switch verify[2] {
			case "colorme":
				require.NoError(t, hooks.VerifyColorMe(body, header.Get(hooks.ColorMeSignatureHeader), hookSecret))
				verify = append(verify, "--signature", header.Get(hooks.ColorMeSignatureHeader))
			case "makeshop":
				verify = append(verify, "--signature", header.Get(hooks.MakeShopSignatureHeader), "--timestamp", header.Get(hooks.MakeShopTimestampHeader))
			case "shopify":
				verify = append(verify, "--signature", header.Get(hooks.ShopifySignatureHeader))
			}
			assert.Equal(t, ran{0, "The signature is valid.\n", ""}, env.run(t, string(body), verify...))
			assert.Equal(t, ran{0, "{\"valid\":true}\n", ""}, env.run(t, string(body), append(verify, "--json")...))
			other := environment{"HOOK_SECRET": "another"}.run(t, string(body), verify...)
			assert.Equal(t, 1, other.code)
			assert.Contains(t, other.errors, "the signature does not verify")
			assert.NotContains(t, other.errors, hookSecret.Reveal())
			if verify[2] != "rakuten" { // whose key is in the body
				assert.Equal(t, 1, env.run(t, string(body)+" ", verify...).code, "the body was changed")
			}
		})
	}
}

func TestHookIsRefused(t *testing.T) {
	t.Parallel()
	env := environment{"HOOK_SECRET": hookSecret.Reveal()}
	in := newInbox(t, "no JSON")
	got := env.run(t, "", "hook", "send", "colorme.install", "--to", in.URL, "--json")
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.out, `"answer":"no JSON"`)
	assert.Contains(t, got.errors, "not accepted")
	closed := httptest.NewServer(nil)
	closed.Close()
	for line, says := range map[string]string{
		"hook send colorme.install":                                          "--to has to be an http(s) URL",
		"hook send colorme.install --to ftp://x":                             "--to has to be an http(s) URL",
		"hook send colorme.renew --to http://127.0.0.1:1":                    "colorme.install and colorme.uninstall",
		"hook send amazon.install --to http://127.0.0.1:1":                   "is no hook",
		"hook send amazon.install --by-fake --to http://127.0.0.1:1":         "is no platform",
		"hook send colorme.install --by-fake --data x --to http://127.0.0.1": "does not go with --by-fake",
		"hook send colorme.install --data /nowhere --to http://127.0.0.1:1":  "the file cannot be read",

		"hook verify amazon":  "has no hooks to verify",
		"hook verify colorme": "--signature has to be",
	} {
		got := env.run(t, "", strings.Fields(line)...)
		assert.Equal(t, 2, got.code, "%s: %s", line, got.errors)
		assert.Contains(t, got.errors, says, line)
	}
	got = env.run(t, "", "hook", "send", "colorme.install", "--by-fake="+closed.URL, "--to", in.URL)
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.errors, "no serve can be reached")
}

// A body of the caller's is sent as it is, and a secret may stand in a file.
func TestHookOfOnesOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret, body := filepath.Join(dir, "secret"), filepath.Join(dir, "body.json")
	require.NoError(t, os.WriteFile(secret, []byte(hookSecret.Reveal()+"\n"), 0o600))
	require.NoError(t, os.WriteFile(body, []byte(`{"own": true}`), 0o600))
	env := environment{"HOOK_SECRET_FILE": secret}
	in := newInbox(t, "")
	for _, kind := range []string{"colorme.uninstall", "makeshop.cancel", "rakuten.notices", "shopify.app/uninstalled"} {
		_ = env.run(t, "", "hook", "send", kind, "--to", in.URL, "--data", body)
		_, got := in.received()
		assert.Equal(t, `{"own": true}`, string(got), kind)
	}
	for content, env := range map[string]environment{
		"cannot be read": {"HOOK_SECRET_FILE": filepath.Join(dir, "nothing")},
		"is empty":       {"HOOK_SECRET_FILE": emptyFile(t)},
		"set the":        {},
	} {
		got := env.run(t, "", "hook", "send", "colorme.uninstall", "--to", in.URL)
		assert.Equal(t, 2, got.code)
		assert.Contains(t, got.errors, content)
	}
}

func emptyFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(name, nil, 0o600))
	return name
}

// A hook by the fake installs the app there: with the second one it is there already.
func TestHookByFake(t *testing.T) {
	t.Parallel()
	s := startServe(t)
	in := newInbox(t, `{"redirect_url":"https://app.example/login"}`)
	send := func(args ...string) ran {
		return environment{}.run(t, "", append([]string{"hook", "send", "--by-fake=" + s.Control, "--to", in.URL}, args...)...)
	}
	require.Zero(t, send("makeshop.install", "--plan", "7").code)
	_, body := in.received()
	assert.Contains(t, string(body), `"plan_id":7`)
	got := send("colorme.install", "--json", "--shop", s.Platforms["colorme"].Shops[0].ID)
	require.Zero(t, got.code, got.errors)
	sent := decode[delivery](t, got.out)
	assert.Equal(t, "https://app.example/login", sent.RedirectURL)
	header, body := in.received()
	require.NoError(t, hooks.VerifyColorMe(body, header.Get(hooks.ColorMeSignatureHeader), "shotengai-webhook-secret"))
	again := send("colorme.install")
	assert.Equal(t, 1, again.code)
	assert.Contains(t, again.errors, "installed in")
	assert.Equal(t, 1, send("stores.install").code)
}
