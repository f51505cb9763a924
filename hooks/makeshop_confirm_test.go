package hooks_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func TestConfirmMakeShop(t *testing.T) {
	t.Parallel()
	down := errors.New("no answer")
	for _, row := range []struct {
		name   string
		kind   hooks.Kind
		owner  string
		err    error
		accept bool
	}{
		{"install", hooks.MakeShopInstallKind, "ms1", nil, true},
		{"install with a token that does not work", hooks.MakeShopInstallKind, "", nil, false},
		{"install with the token of another shop", hooks.MakeShopInstallKind, "ms2", nil, false},
		{"install that cannot be confirmed", hooks.MakeShopInstallKind, "", down, false},
		{"uninstall", hooks.MakeShopUninstallKind, "", nil, true},
		{"uninstall of a shop that has the app", hooks.MakeShopUninstallKind, "ms1", nil, false},
		{"uninstall that cannot be confirmed", hooks.MakeShopUninstallKind, "", down, false},
		{"cancellation", hooks.MakeShopCancelKind, "ms1", nil, true},
		{"cancellation by a shop without the app", hooks.MakeShopCancelKind, "", nil, false},
		{"cancellation, with the token of another shop kept", hooks.MakeShopCancelKind, "ms2", nil, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			confirm := hooks.ConfirmMakeShop(func(_ context.Context, shop string, token shotengai.Secret) (string, error) {
				assert.Equal(t, "ms1", shop)
				assert.Equal(t, shotengai.Secret("PAT"), token)
				return row.owner, row.err
			})
			err := confirm(t.Context(), row.kind, "ms1", "PAT")
			assert.Equal(t, row.accept, err == nil, "%v", err)
			if row.err != nil {
				require.ErrorIs(t, err, row.err)
			}
		})
	}
}

// A replayed uninstall of the time before a new installation finds the token alive.
func TestW32ConfirmMakeShopRefusesAReplay(t *testing.T) {
	t.Parallel()
	kept, calls := "", &recorder{}
	m, err := hooks.NewMakeShop(hooks.MakeShopConfig{
		PathToken: pathToken,
		Confirm: hooks.ConfirmMakeShop(func(_ context.Context, shop string, token shotengai.Secret) (string, error) {
			if token == "PAT.2" || token == "" && kept == "PAT.2" {
				return shop, nil
			}
			return "", nil
		}),
		OnInstall: func(_ context.Context, e *hooks.MakeShopInstall) error {
			kept = e.Token.Reveal()
			return nil
		},
		OnUninstall: func(ctx context.Context, e *hooks.MakeShopEvent) error { return calls.run(ctx, e.ShopID, nil) },
	})
	require.NoError(t, err)
	send := func(kind hooks.Kind, body []byte) int {
		return serve(t, m.Handler(kind), hookstest.MakeShop(kind, body, pathToken)).Code
	}
	uninstall := []byte(`{"shop_id":"ms1"}`)
	assert.Equal(t, http.StatusOK, send(hooks.MakeShopUninstallKind, uninstall))
	assert.Equal(t, http.StatusOK, send(hooks.MakeShopInstallKind, makeShopInstallEvent("PAT.2").Body))
	assert.Equal(t, http.StatusForbidden, send(hooks.MakeShopUninstallKind, uninstall))
	assert.Equal(t, 1, calls.count())
}
