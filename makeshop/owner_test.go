package makeshop_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/makeshop"
)

var (
	ownedBy7  = ok(`{"data":{"getShop":{"shop":{"shopId":"shop-7"}}}}`)
	pings     = ok(`{"data":{"__typename":"Query"}}`)
	forbidden = answer{http.StatusForbidden, "application/json", `{"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}`}
	dead      = answer{http.StatusUnauthorized, "application/json", `{"errors":[{"message":"invalid token","extensions":{"code":"UNAUTHENTICATED"}}]}`}
)

func TestOwner(t *testing.T) {
	t.Parallel()
	down := errors.New("database is down")
	for name, tt := range map[string]struct {
		token   shotengai.Secret // of an install
		kept    shotengai.Secret
		keptErr error
		answers []answer
		id      string
		err     error
		calls   int
	}{
		"install":               {token: "PAT.new", answers: []answer{ownedBy7}, id: "shop-7", calls: 1},
		"kept":                  {kept: "PAT.kept", answers: []answer{ownedBy7}, id: "shop-7", calls: 1},
		"nothing kept":          {},
		"grant is dead":         {keptErr: shotengai.ErrReauthorize},
		"store is down":         {keptErr: down, err: down},
		"dead":                  {kept: "PAT.kept", answers: []answer{dead}, calls: 1},
		"dead install":          {token: "PAT.new", answers: []answer{dead}, calls: 1},
		"no scope":              {kept: "PAT.kept", answers: []answer{forbidden, pings}, err: makeshop.ErrScope, calls: 2},
		"closed":                {kept: "PAT.kept", answers: []answer{forbidden, forbidden}, calls: 2},
		"dies meanwhile":        {kept: "PAT.kept", answers: []answer{forbidden, dead}, calls: 2},
		"firewall":              {kept: "PAT.kept", answers: []answer{{http.StatusForbidden, "text/html", "<html>"}}, err: shotengai.ErrForbidden, calls: 1},
		"firewall at the ping":  {kept: "PAT.kept", answers: []answer{forbidden, {http.StatusForbidden, "text/html", "<html>"}}, err: shotengai.ErrForbidden, calls: 2},
		"platform is down":      {kept: "PAT.kept", answers: []answer{{http.StatusServiceUnavailable, "", ""}}, err: shotengai.ErrUnavailable, calls: 3},
		"platform names nobody": {kept: "PAT.kept", answers: []answer{ok(`{"data":{"getShop":{"shop":{}}}}`)}, err: makeshop.ErrUnknownShop, calls: 1},
		"no shop":               {kept: "PAT.kept", answers: []answer{ok(`{"data":{"getShop":{"shop":null}}}`)}, err: makeshop.ErrUnknownShop, calls: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t, tt.answers...)
			owner, err := makeshop.Owner(makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey},
				func(_ context.Context, shop string) (shotengai.Secret, error) {
					assert.Equal(t, "shop-7", shop)
					assert.Empty(t, tt.token, "the token of an install is enough")
					return tt.kept, tt.keptErr
				}, shotengai.WithTestServer(srv.URL+"/v1/graphql"), impatient)
			require.NoError(t, err)
			id, err := owner(t.Context(), "shop-7", tt.token)
			require.ErrorIs(t, err, tt.err)
			assert.Equal(t, tt.id, id)
			got := srv.requests()
			require.Len(t, got, tt.calls)
			if tt.calls > 0 {
				assert.Equal(t, "Bearer "+(tt.token+tt.kept).Reveal(), got[0].Header.Get("Authorization"))
			}
		})
	}
}

// What the receiver makes of it: an uninstall is true when no token works any more, and never
// while it is not known.
func TestOwnerConfirms(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kept      shotengai.Secret
		answers   []answer
		uninstall bool
		other     bool
	}{
		"nothing kept": {"", nil, true, false},
		"dead":         {"PAT.kept", []answer{dead}, true, false},
		"works":        {"PAT.kept", []answer{ownedBy7}, false, true},
		"no scope":     {"PAT.kept", []answer{forbidden, pings}, false, false},
		"firewall":     {"PAT.kept", []answer{{http.StatusForbidden, "text/html", "<html>"}}, false, false},
	} {
		for kind, want := range map[hooks.Kind]bool{hooks.MakeShopUninstallKind: tt.uninstall, hooks.MakeShopPlanChangeKind: tt.other} {
			t.Run(name+" "+string(kind), func(t *testing.T) {
				t.Parallel()
				srv := newServer(t, tt.answers...)
				owner, err := makeshop.Owner(makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey},
					func(context.Context, string) (shotengai.Secret, error) { return tt.kept, nil },
					shotengai.WithTestServer(srv.URL+"/v1/graphql"), impatient)
				require.NoError(t, err)
				err = hooks.ConfirmMakeShop(owner)(t.Context(), kind, "shop-7", "")
				assert.Equal(t, want, err == nil, "%v", err)
			})
		}
	}
}

func TestOwnerRefuses(t *testing.T) {
	t.Parallel()
	_, err := makeshop.Owner(makeshop.Config{}, nil)
	require.EqualError(t, err, "makeshop: Owner needs a function for the kept token\n"+
		"makeshop: no endpoint; it comes by mail when an app is registered\n"+
		"makeshop: the API key is empty, or has characters that no header may carry")
}
