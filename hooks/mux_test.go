package hooks_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func newMux(t *testing.T, calls *recorder) *hooks.Mux {
	t.Helper()
	s := setup{secrets: []shotengai.Secret{secretNew}, calls: calls}
	c, err := colorMeReceiver(s)
	require.NoError(t, err)
	r, err := rakutenReceiver(s)
	require.NoError(t, err)
	shopify, err := shopifyReceiver(s)
	require.NoError(t, err)
	m := makeShopApp(t, calls, func(hooks.Kind, string, shotengai.Secret) error { return nil })
	mux, err := hooks.NewMux(map[string]http.Handler{
		"/hooks/colorme/install":   c.InstallHandler(),
		"/hooks/colorme/uninstall": c.UninstallHandler(),
		"/hooks/rakuten":           r.Handler(),
		"/hooks/shopify":           shopify.Handler(),
		"/hooks/makeshop/install/": m.Handler(hooks.MakeShopInstallKind),
	})
	require.NoError(t, err)
	return mux
}

// buffering is a middleware that reads the body and puts it back, and counts what is
// written through a writer of its own.
func buffering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
	})
}

func TestW42MuxRejectsUnsigned(t *testing.T) {
	t.Parallel()
	for name, wrap := range map[string]func(http.Handler) http.Handler{
		"bare":    func(h http.Handler) http.Handler { return h },
		"timeout": func(h http.Handler) http.Handler { return http.TimeoutHandler(h, time.Minute, "slow") },
		"buffering and size": func(h http.Handler) http.Handler {
			return http.MaxBytesHandler(buffering(h), 1<<20)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := &recorder{}
			server := httptest.NewServer(wrap(newMux(t, calls)))
			defer server.Close()
			genuine := map[string]hookstest.Event{
				"/hooks/colorme/install":   colorMeInstallSubject().event(1, secretNew),
				"/hooks/colorme/uninstall": colorMeUninstallSubject().event(2, secretNew),
				"/hooks/rakuten":           rakutenOrdersSubject().event(1, secretNew),
				"/hooks/shopify":           shopifyUninstallSubject().event(1, secretNew),
				"/hooks/makeshop/install":  makeShopInstallEvent("PAT.1"),
			}
			send := func(path string, e hookstest.Event) int {
				return hookstest.Sender{}.Send(t.Context(), server.URL+path, e).Status
			}
			for path, event := range genuine {
				forged := with(with(event, hooks.ColorMeSignatureHeader), hooks.ShopifySignatureHeader)
				forged.Path = ""
				forged.Body = bytes.ReplaceAll(forged.Body, []byte(secretNew), []byte("guess"))
				status := send(path, forged)
				assert.Contains(t, []int{http.StatusUnauthorized, http.StatusNotFound}, status, path)
			}
			assert.Equal(t, http.StatusNotFound, send("/hooks/makeshop/install/", hookstest.MakeShop("x", []byte("{}"), "")))
			for _, path := range []string{"/", "/hooks", "/hooks/colorme/install/", "/hooks/colorme/install/x", "//hooks/rakuten", "/hooks/../hooks/rakuten"} {
				assert.Equal(t, http.StatusNotFound, send(path, genuine["/hooks/rakuten"]), path)
			}
			assert.Zero(t, calls.count())
			for path, event := range genuine {
				assert.Equal(t, http.StatusOK, send(path, event), path)
			}
			assert.Equal(t, len(genuine), calls.count())
		})
	}
}

func TestNewMuxRefuses(t *testing.T) {
	t.Parallel()
	c, err := colorMeReceiver(setup{secrets: []shotengai.Secret{secretNew}, calls: &recorder{}})
	require.NoError(t, err)
	bare, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets:     []shotengai.Secret{secretNew},
		OnUninstall: func(context.Context, *hooks.ColorMeUninstall) error { return nil },
	})
	require.NoError(t, err)
	m := makeShopApp(t, &recorder{}, nil)
	for name, routes := range map[string]map[string]http.Handler{
		"no routes":                 nil,
		"a handler of other":        {"/x": http.NotFoundHandler()},
		"a nil handler":             {"/x": nil},
		"a wrapped handler":         {"/x": hideConnection(c.InstallHandler())},
		"no function":               {"/x": bare.InstallHandler()},
		"a relative path":           {"x": c.InstallHandler()},
		"a method":                  {"POST /x": c.InstallHandler()},
		"a wildcard":                {"/{x}": c.InstallHandler()},
		"no place for a path token": {"/x": m.Handler(hooks.MakeShopInstallKind)},
		"another path token":        {"/x/" + pathToken[1:]: m.Handler(hooks.MakeShopInstallKind)},
	} {
		_, err := hooks.NewMux(routes)
		require.ErrorIs(t, err, hooks.ErrConfig, name)
		assert.NotContains(t, err.Error(), pathToken[1:], name)
	}
	_, err = hooks.NewMux(map[string]http.Handler{"/x/" + pathToken: m.Handler(hooks.MakeShopInstallKind)})
	require.NoError(t, err, "a path that ends in the path token")
}
