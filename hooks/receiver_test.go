package hooks_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

// A receiver that could only refuse is a mistake, and all mistakes are reported together.
func TestReceiversReportAllMistakes(t *testing.T) {
	t.Parallel()
	options := hooks.Options{Lease: -1, App: "two words"}
	const rest = "hooks: invalid configuration: an option is negative\n" +
		"hooks: invalid configuration: App is not at most 64 printable ASCII bytes"
	_, colorMe := hooks.NewColorMe(hooks.ColorMeConfig{Options: options})
	_, rakuten := hooks.NewRakuten(hooks.RakutenConfig{Options: options})
	_, shopify := hooks.NewShopify(hooks.ShopifyConfig{Options: options})
	_, makeShop := hooks.NewMakeShop(hooks.MakeShopConfig{Options: options, PathToken: "short"})
	for want, err := range map[string]error{
		"hooks: unusable secret: none given\n" +
			"hooks: invalid configuration: no function for any event: set OnInstall or OnUninstall\n" + rest: colorMe,
		"hooks: unusable secret: none given\n" +
			"hooks: invalid configuration: no function for any event: set OnOrders or OnNotices\n" + rest: rakuten,
		"hooks: unusable secret: none given\n" +
			"hooks: invalid configuration: no function for any event: set OnAppUninstalled, a privacy topic or OnOther\n" + rest: shopify,
		"hooks: invalid configuration: a PathToken alone is no proof: it needs Confirm\n" +
			"hooks: unusable secret: PathToken needs 32 or more characters, none of them a slash or white space\n" +
			"hooks: invalid configuration: no function for any event: set OnInstall, OnUninstall or On\n" + rest: makeShop,
	} {
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, hooks.ErrConfig)
		require.ErrorIs(t, err, hooks.ErrSecret)
	}
	_, err := hooks.NewMakeShop(hooks.MakeShopConfig{
		Signature: &hooks.MakeShopSignature{Encoding: "base32", SignedText: "{timestamp}"},
		On:        map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{hooks.MakeShopCancelKind: nil},
	})
	require.Error(t, err)
	assert.Len(t, strings.Split(err.Error(), "\n"), 4)
	assert.ErrorContains(t, err, "is nil")
}

// Without a Logger an owner's first question, why nothing arrives, has its answer in the log,
// and a flood of refusals does not drown it.
func TestRefusalsAreLoggedByDefault(t *testing.T) { //nolint:paralleltest // it replaces slog's default
	before := slog.Default()
	defer slog.SetDefault(before)
	var lines bytes.Buffer
	slog.SetDefault(slog.New(slog.NewTextHandler(&lines, nil)))
	synctest.Test(t, func(t *testing.T) {
		receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
			Secrets: []shotengai.Secret{secretNew},
			OnInstall: func(context.Context, *hooks.ColorMeInstall) (string, error) {
				return "", errors.New("database is down")
			},
			OnUninstall: func(context.Context, *hooks.ColorMeUninstall) error { return nil },
		})
		require.NoError(t, err)
		send := func(secret shotengai.Secret) int {
			req, err := hookstest.ColorMeInstall(install(1), secret).Request(t.Context(), "")
			require.NoError(t, err)
			w := httptest.NewRecorder()
			receiver.InstallHandler().ServeHTTP(w, req)
			return w.Code
		}
		for range 100 {
			require.Equal(t, http.StatusUnauthorized, send("another"))
		}
		require.Equal(t, http.StatusInternalServerError, send(secretNew))
		<-time.After(11 * time.Second) // by the clock of the bubble
		require.Equal(t, http.StatusUnauthorized, send("another"))
	})
	got := strings.Split(strings.TrimSpace(lines.String()), "\n")
	require.Len(t, got, 3, "%s", lines.String())
	assert.Contains(t, got[0], `level=WARN msg="hook rejected"`)
	assert.Contains(t, got[0], `reason="hooks: signature does not match"`)
	assert.Contains(t, got[0], "skipped=0")
	assert.Contains(t, got[1], `level=ERROR msg="hook failed"`)
	assert.Contains(t, got[1], "database is down")
	assert.Contains(t, got[2], "skipped=99")
	assert.NotContains(t, lines.String(), secretNew)
}
