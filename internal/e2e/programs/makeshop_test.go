package programs

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/examples/snippets/programs"
	"github.com/shotengai/shotengai-go/internal/e2e/engine"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
)

// An owner who opens the app is logged in without a form and sees the orders, also after
// the token has expired and after a restart of the app.
func TestMakeShopApp(t *testing.T) {
	t.Parallel()
	srv := makeshoptest.NewServer(makeshoptest.WithOrders(0))
	t.Cleanup(srv.Close)
	srv.Shop().AddOrder(map[string]any{"displayOrderNumber": "ORDER1", "sumPrice": 5400})
	_, err := srv.Install(t.Context(), srv.Shop(), 1)
	require.NoError(t, err)
	site := httptest.NewUnstartedServer(nil)
	address := "http://" + site.Listener.Addr().String()
	provider, err := srv.Provider(address + "/callback")
	require.NoError(t, err)
	dsn := engine.SQLiteDSN(t)
	start := func() *programs.MakeShopApp {
		db := engine.OpenSQL(t, engine.SQLiteDriver, dsn)
		app, err := programs.NewMakeShopApp(t.Context(), true, db, srv.Config(), provider, newSealer(t), srv.Options()...)
		require.NoError(t, err)
		return app
	}
	first := start()
	site.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { first.ServeHTTP(w, r) })
	site.Start()
	t.Cleanup(site.Close)
	browser := srv.Browser()
	assert.Equal(t, "ORDER1 5400円\n", open(t, browser, address))
	srv.Shop().ExpireTokens()
	assert.Equal(t, "ORDER1 5400円\n", open(t, browser, address))
	require.NoError(t, first.Grants.Close(t.Context()))
	first = start()
	assert.Equal(t, "ORDER1 5400円\n", open(t, browser, address))
	require.NoError(t, first.Grants.Close(t.Context()))
}

// open returns what a browser shows at an address, or "" after an error.
func open(t *testing.T, browser *http.Client, address string) string {
	t.Helper()
	answer, err := browser.Get(address)
	if !assert.NoError(t, err) {
		return ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	assert.NoError(t, err)
	return string(text)
}
