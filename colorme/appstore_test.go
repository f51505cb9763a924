package colorme_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

func TestAppStore(t *testing.T) {
	t.Parallel()
	const shopTags, oldTags, inlineTags = "/appstore/v1/script_tags", "/v1/script_tags", "/v1/inline_script_tags"
	const tag, inline = `{"script_tag":{"id":1}}`, `{"inline_script_tag":{"id":1}}`
	runExchanges(t, map[string]exchange{
		"application charge": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ApplicationCharges.Create(ctx, "F3RN9A")
			},
			method: "POST", path: "/appstore/v1/application_charges.json", status: 201, body: `{"application_charge":{"application_charge_source_id":"F3RN9A"}}`,
			reply: `{"application_charge":{"id":"AB12CD","point":500}}`, want: &colorme.ApplicationCharge{ID: "AB12CD", Point: 500},
		},
		"usage charge": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.UsageCharges.Create(ctx, "A3FT4N", colorme.CreateUsageChargeRequest{Point: 100, Description: "SMS 12通"})
			},
			method: "POST", path: "/appstore/v1/recurring_application_charges/A3FT4N/usage_charges.json", status: 201,
			body: `{"usage_charge":{"point":100,"description":"SMS 12通"}}`, reply: `{"usage_charge":{"id":"XY","point":100}}`,
		},
		"installation delete answers 200": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Installation.Delete(ctx) },
			method: "DELETE", path: "/appstore/v1/installation.json", status: 200, reply: `{"account_id":"PA01234567","usage_charge":{"api_token":"t"}}`,
			want: &colorme.Uninstallation{AccountID: "PA01234567", UsageCharge: &colorme.UninstalledUsageCharge{APIToken: "t"}},
		},
		"shop tags": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ShopScriptTags.List(ctx) },
			method: "GET", path: shopTags + ".json", status: 200, reply: `{"script_tags":[{"id":1}]}`, want: &shotengai.Page[colorme.ShopScriptTag]{Items: []colorme.ShopScriptTag{{ID: 1}}, Total: new(1)},
		},
		"shop tag": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ShopScriptTags.Get(ctx, 1) },
			method: "GET", path: shopTags + "/1.json", status: 200, reply: tag,
		},
		"shop tag create answers 200": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ShopScriptTags.Create(ctx, colorme.CreateShopScriptTagRequest{Src: "https://x.example/a.js", DisplayScope: colorme.ScriptThanksPage, Integrity: colorme.Integrity([]byte(""))})
			},
			method: "POST", path: shopTags + ".json", status: 200, reply: tag,
			body: `{"script_tag":{"src":"https://x.example/a.js","display_scope":"thanks_page","integrity":"sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"}}`,
		},
		"shop tag update": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ShopScriptTags.Update(ctx, 1, colorme.UpdateShopScriptTagRequest{Integrity: "sha384-x"})
			},
			method: "PUT", path: shopTags + "/1.json", status: 200, reply: tag, body: `{"script_tag":{"integrity":"sha384-x"}}`,
		},
		"shop tag delete": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return only(c.ShopScriptTags.Delete(ctx, 1))
			},
			method: "DELETE", path: shopTags + "/1.json", status: 204,
		},
		"old tags": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ScriptTags.List(ctx) },
			method: "GET", path: oldTags + ".json", status: 200, reply: `{"script_tags":[]}`,
		},
		"old tag": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.ScriptTags.Get(ctx, 1) },
			method: "GET", path: oldTags + "/1.json", status: 200, reply: tag,
		},
		"old tag create": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ScriptTags.Create(ctx, colorme.CreateScriptTagRequest{Src: "https://x.example/a.js", DisplayScope: colorme.ScriptCart})
			},
			method: "POST", path: oldTags + ".json", status: 200, reply: tag, body: `{"script_tag":{"src":"https://x.example/a.js","display_scope":"cart"}}`,
		},
		"old tag update": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.ScriptTags.Update(ctx, 1, colorme.UpdateScriptTagRequest{DisplayScope: colorme.ScriptAll})
			},
			method: "PUT", path: oldTags + "/1.json", status: 200, reply: tag, body: `{"script_tag":{"display_scope":"all"}}`,
		},
		"old tag delete": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return only(c.ScriptTags.Delete(ctx, 1)) },
			method: "DELETE", path: oldTags + "/1.json", status: 204,
		},
		"inline tags": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.InlineScriptTags.List(ctx) },
			method: "GET", path: inlineTags + ".json", status: 200, reply: `{"inline_script_tags":[]}`,
		},
		"inline tag": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.InlineScriptTags.Get(ctx, 1) },
			method: "GET", path: inlineTags + "/1.json", status: 200, reply: inline,
		},
		"inline tag create answers 201, its markup unescaped": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.InlineScriptTags.Create(ctx, colorme.CreateInlineScriptTagRequest{Script: "a<b&&c", TriggerEvent: colorme.TriggerObjectBuilded, DisplayScope: colorme.ScriptCart})
			},
			method: "POST", path: inlineTags + ".json", status: 201, reply: inline,
			body: `{"inline_script_tag":{"script":"a<b&&c","trigger_event":"object_builded","display_scope":"cart"}}`,
		},
		"inline tag update": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.InlineScriptTags.Update(ctx, 1, colorme.UpdateInlineScriptTagRequest{Script: "1"})
			},
			method: "PUT", path: inlineTags + "/1.json", status: 200, reply: inline, body: `{"inline_script_tag":{"script":"1"}}`,
		},
		"inline tag delete": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return only(c.InlineScriptTags.Delete(ctx, 1))
			},
			method: "DELETE", path: inlineTags + "/1.json", status: 204,
		},
	})
}

func TestAppStoreRefused(t *testing.T) {
	t.Parallel()
	usage := func(contract string, point int64, description string) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.UsageCharges.Create(ctx, contract, colorme.CreateUsageChargeRequest{Point: point, Description: description})
		}
	}
	tag := func(src string, scope colorme.ScriptDisplayScope) func(context.Context, *colorme.Client) (any, error) {
		return func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ShopScriptTags.Create(ctx, colorme.CreateShopScriptTagRequest{Src: src, DisplayScope: scope})
		}
	}
	runRefusals(t, map[string]refusal{
		"99 yen":         {usage("A", 99, "x"), "between 100 and 1000000"},
		"1,000,001 yen":  {usage("A", 1_000_001, "x"), "between 100 and 1000000"},
		"no description": {usage("A", 100, ""), "description: must not be empty"},
		"51 characters":  {usage("A", 100, strings.Repeat("通", 51)), "51 characters"},
		"an emoji":       {usage("A", 100, "SMS 📨"), "JIS X 0201"},
		"no contract":    {usage("", 100, "x"), "recurring_application_charge_id"},
		"no price": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.ApplicationCharges.Create(ctx, " ")
		}, "application_charge_source_id"},
		"http":         {tag("http://x.example/a.js", colorme.ScriptShop), "https"},
		"no address":   {tag("", colorme.ScriptShop), "src: must not be empty"},
		"an old scope": {tag("https://x.example/a.js", colorme.ScriptCart), "display_scope"},
		"no trigger event": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.InlineScriptTags.Create(ctx, colorme.CreateInlineScriptTagRequest{Script: "1", DisplayScope: colorme.ScriptAll})
		}, "trigger_event"},
		"no token after uninstall": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.UsageCharges.CreateAfterUninstall(ctx, "", "A", colorme.CreateUsageChargeRequest{Point: 100, Description: "x"})
		}, "no usage charge token"},
	})
}

// The token that outlives an installation travels in its own header and is never shown.
func TestUsageChargeAfterUninstall(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "s3cret", r.Header.Get("X-Appstore-Usage-Charge-Token"))
		assert.Empty(t, r.Header.Get("Authorization"))
		answer(w, 422, `{"errors":[{"code":422001,"message":"s3cret is closed","field":"s3cret"}]}`)
	})
	_, err := client.UsageCharges.CreateAfterUninstall(t.Context(), "s3cret", "A3FT4N", colorme.CreateUsageChargeRequest{Point: 100, Description: "x"})
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	e, ok := errors.AsType[*shotengai.Error](err)
	require.True(t, ok)
	assert.Equal(t, "422001", e.Code)
	assert.NotContains(t, fmt.Sprintf("%v %+v %s", err, *e, e.Body), "s3cret")

	gone := colorme.Uninstallation{UsageCharge: &colorme.UninstalledUsageCharge{APIToken: "s3cret"}}
	data, err := json.Marshal(gone)
	require.NoError(t, err)
	assert.NotContains(t, string(data)+fmt.Sprintf("%+v %#v %s", *gone.UsageCharge, *gone.UsageCharge, gone.UsageCharge.APIToken), "s3cret")
}

// Uninstalling through the API kills the token and takes the script tags away, and sends
// no hook.
func TestInstallationDeleteOverTheFake(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t)
	ctx := t.Context()
	_, err := srv.Install(ctx, srv.Shop(), colormetest.PlanMetered)
	require.NoError(t, err)
	_, err = client.ShopScriptTags.Create(ctx, colorme.CreateShopScriptTagRequest{Src: "https://app.example.com/a.js", DisplayScope: colorme.ScriptShop})
	require.NoError(t, err)
	hooks := len(srv.HookDeliveries())
	gone, err := client.Installation.Delete(ctx)
	require.NoError(t, err)
	assert.Len(t, srv.HookDeliveries(), hooks)
	require.NotNil(t, gone.UsageCharge)
	require.ErrorIs(t, client.Verify(ctx), shotengai.ErrReauthorize)
	charge := colorme.CreateUsageChargeRequest{Point: 100, Description: "最後の請求"}
	_, err = client.UsageCharges.CreateAfterUninstall(ctx, gone.UsageCharge.APIToken, gone.RecurringApplicationChargeID, charge)
	require.NoError(t, err)

	again, err := srv.Client(shotengai.WithLimiter(nil))
	require.NoError(t, err)
	tags, err := again.ShopScriptTags.List(ctx)
	require.NoError(t, err)
	assert.Empty(t, tags.Items)
}

// A script that the platform cannot fetch is refused by it.
func TestUnreachableScript(t *testing.T) {
	t.Parallel()
	srv, client := startFake(t)
	srv.BreakScript("https://app.example.com/gone.js")
	_, err := client.ShopScriptTags.Create(t.Context(), colorme.CreateShopScriptTagRequest{Src: "https://app.example.com/gone.js", DisplayScope: colorme.ScriptShop})
	require.ErrorIs(t, err, shotengai.ErrInvalid)
	_, ok := errors.AsType[*shotengai.Error](err)
	assert.True(t, ok)
}
