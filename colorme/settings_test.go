package colorme_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	runExchanges(t, map[string]exchange{
		"shop": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Shop.Get(ctx) },
			method: "GET", path: "/v1/shop", status: 200, reply: `{"shop":{"id":"PA01234567","state":"unsigned","contract_payment_state":null}}`,
			want: &colorme.Shop{ID: "PA01234567", State: colorme.ShopUnsigned},
		},
		"payments": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Payments.List(ctx) },
			method: "GET", path: "/v1/payments", status: 200, reply: `{"payments":[{"id":1,"type":99}]}`,
			want: &shotengai.Page[colorme.Payment]{Items: []colorme.Payment{{ID: 1, Type: 99}}, Total: new(1)},
		},
		"deliveries": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Deliveries.List(ctx) },
			method: "GET", path: "/v1/deliveries", status: 200, reply: `{"deliveries":[{"id":1,"method_type":"drone"}]}`,
			want: &shotengai.Page[colorme.Delivery]{Items: []colorme.Delivery{{ID: 1, MethodType: "drone"}}, Total: new(1)},
		},
		"delivery days": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Deliveries.DateSetting(ctx) },
			method: "GET", path: "/v1/deliveries/date", status: 200, reply: `{"delivery_date":{"days":{"enabled":null,"min":3}}}`,
			want: &colorme.DeliveryDateSetting{Days: colorme.DeliveryDateDays{Min: 3}},
		},
		"gift": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Gift.Get(ctx) },
			method: "GET", path: "/v1/gift", status: 200, reply: `{"gift":{"enabled":true}}`, want: &colorme.Gift{Enabled: new(true)},
		},
		"reviews": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Reviews.List(ctx, colorme.ListReviewsParams{Limit: 1, Offset: 2})
			},
			method: "GET", path: "/v1/reviews", query: "limit=1&offset=2", status: 200, reply: `{"reviews":[{"id":1,"customer":null,"reply":null}],"meta":{"total":3,"limit":1,"offset":2}}`,
			want: &shotengai.Page[colorme.Review]{Items: []colorme.Review{{ID: 1}}, Total: new(3), Limit: 1, Offset: 2},
		},
		"templates": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Templates.List(ctx) },
			method: "GET", path: "/v1/templates", status: 200, reply: `{"templates":[{"id":1,"state":"active"}]}`,
			want: &shotengai.Page[colorme.Template]{Items: []colorme.Template{{ID: 1, State: colorme.TemplateActive}}, Total: new(1)},
		},
		"preview address is flat": {
			call:   func(ctx context.Context, c *colorme.Client) (any, error) { return c.Templates.PreviewURL(ctx, 1) },
			method: "GET", path: "/v1/templates/1/preview_url", status: 200, reply: `{"preview_url":"https://x/"}`, want: "https://x/",
		},
		"template page": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Templates.GetPage(ctx, 1, colorme.PageOptionStock)
			},
			method: "GET", path: "/v1/templates/1/pages/option_stock", status: 200, reply: `{"template_page":{"template_id":1,"css":null}}`,
			want: &colorme.TemplatePage{TemplateID: 1},
		},
		"template page update": {
			call: func(ctx context.Context, c *colorme.Client) (any, error) {
				return c.Templates.UpdatePage(ctx, 1, colorme.PageTop, colorme.UpdateTemplatePageRequest{CSS: new("")})
			},
			method: "PUT", path: "/v1/templates/1/pages/top", status: 200, body: `{"template_page":{"css":""}}`, reply: `{"template_page":{"template_id":1}}`,
		},
	})
	runRefusals(t, map[string]refusal{
		"no content": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.Templates.UpdatePage(ctx, 1, colorme.PageTop, colorme.UpdateTemplatePageRequest{})
		}, "neither html nor css"},
		"long html": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.Templates.UpdatePage(ctx, 1, colorme.PageTop, colorme.UpdateTemplatePageRequest{HTML: new(strings.Repeat("あ", 120_001))})
		}, "120001 characters"},
		"a page that climbs": {func(ctx context.Context, c *colorme.Client) (any, error) {
			return c.Templates.GetPage(ctx, 1, "..")
		}, "path"},
	})
}

func TestPaymentTypesFollowTheDocumentation(t *testing.T) {
	t.Parallel()
	assert.EqualValues(t, 0, colorme.PaymentTypeCashOnDelivery)
	assert.EqualValues(t, 22, colorme.PaymentTypeAllPoints)
	assert.EqualValues(t, 45, colorme.PaymentTypeSquareInPerson)
}
