package colormetest_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/oauth"
)

// logIn goes through a whole login at a fake.
func logIn(t *testing.T, srv *colormetest.Server) (*oauth.Grant, error) {
	t.Helper()
	provider, err := srv.Provider("https://app.example/callback")
	require.NoError(t, err)
	login, err := provider.Begin()
	require.NoError(t, err)
	query, err := srv.Login(t.Context(), login.URL)
	require.NoError(t, err)
	return provider.Exchange(t.Context(), login, query)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := start(t, colormetest.InMemory())
		grant, err := logIn(t, srv)
		require.NoError(t, err)
		assert.Equal(t, colormetest.Scopes(), grant.Scopes)
		assert.True(t, grant.Expiry.IsZero())
		a := api{t: t, srv: srv, token: grant.AccessToken.Reveal()}
		a.get("/v1/shop")

		app := srv.App()
		app.RedirectURIs = nil
		srv.SetApp(app)
		_, to := browse(t, srv, authorizeQuery(srv))
		assert.Empty(t, to.String(), "no address is registered")
	})
}

// TestUninstallEndsLogins: all tokens of a shop end with the installation, and so do codes
// that were not exchanged.
func TestUninstallEndsLogins(t *testing.T) {
	t.Parallel()
	srv := start(t)
	before, err := logIn(t, srv)
	require.NoError(t, err)
	_, err = srv.Install(t.Context(), srv.Shop(), colormetest.PlanMetered)
	require.NoError(t, err)
	after, err := logIn(t, srv)
	require.NoError(t, err)
	code := newCode(t, srv)
	in, err := srv.Uninstall(t.Context(), srv.Shop(), colormetest.ByShopOwner)
	require.NoError(t, err)
	for _, grant := range []*oauth.Grant{before, after} {
		api{t: t, srv: srv, token: grant.AccessToken.Reveal()}.refused(http.MethodGet, "/v1/shop", nil, 401010)
	}
	status, _ := exchange(t, srv, tokenForm(srv, code))
	assert.Equal(t, http.StatusBadRequest, status)
	speak(t, srv).get("/v1/shop")

	last := api{t: t, srv: srv}
	path := "/appstore/v1/recurring_application_charges/" + in.ContractID + "/usage_charges.json"
	last.want(201, http.MethodPost, path, usageCharge(100, "x"), "X-Appstore-Usage-Charge-Token", in.UsageToken)
	srv.Revoke(in.UsageToken)
	last.want(401, http.MethodPost, path, usageCharge(100, "x"), "X-Appstore-Usage-Charge-Token", in.UsageToken)
}
