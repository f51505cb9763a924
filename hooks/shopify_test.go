package hooks_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

const (
	shopifyDataRequest = `{"shop_id":42,"shop_domain":"SHOP","orders_requested":[1,2],"customer":{"id":9,"email":"c@example.com","phone":"1"},"data_request":{"id":77}}`
	shopifyRedactOne   = `{"shop_id":42,"shop_domain":"SHOP","customer":{"id":9},"orders_to_redact":[3]}`
	shopifyRedactShop  = `{"shop_id":42,"shop_domain":"SHOP"}`
	shopifyGone        = `{"id":42,"domain":"shop.example.com","myshopify_domain":"SHOP"}`
)

func parseShopify(t *testing.T, topic hooks.Kind, body string) (any, error) {
	t.Helper()
	event := hookstest.Shopify(shopifyMeta(topic, 1, body), secretNew)
	require.NoError(t, hooks.VerifyShopify(event.Body, event.Header.Get(hooks.ShopifySignatureHeader), secretNew))
	return hooks.ParseShopify(event.Header, event.Body)
}

func TestParseShopify(t *testing.T) {
	t.Parallel()
	parsed, err := parseShopify(t, hooks.ShopifyAppUninstalledKind, shopifyGone)
	require.NoError(t, err)
	gone := parsed.(*hooks.ShopifyUninstall)
	assert.Equal(t, int64(42), gone.ShopID)
	assert.Equal(t, "shop.example.com", gone.Domain)
	assert.Equal(t, "shop1.myshopify.com", gone.Shop)
	assert.Equal(t, "event-1", gone.EventID)
	assert.Equal(t, "webhook-1", gone.WebhookID)
	assert.Equal(t, "2026-10", gone.APIVersion)
	assert.Equal(t, time.Date(2026, 10, 10, 3, 0, 0, 0, time.UTC), gone.TriggeredAt)

	parsed, err = parseShopify(t, hooks.ShopifyCustomersDataRequestKind, shopifyDataRequest)
	require.NoError(t, err)
	request := parsed.(*hooks.ShopifyDataRequest)
	assert.Equal(t, int64(77), request.RequestID)
	assert.Equal(t, []int64{1, 2}, request.OrdersRequested)
	assert.Equal(t, hooks.ShopifyCustomer{ID: 9, Email: "c@example.com", Phone: "1"}, request.Customer)

	parsed, err = parseShopify(t, hooks.ShopifyCustomersRedactKind, shopifyRedactOne)
	require.NoError(t, err)
	assert.Equal(t, []int64{3}, parsed.(*hooks.ShopifyCustomerRedact).OrdersToRedact)

	parsed, err = parseShopify(t, hooks.ShopifyShopRedactKind, shopifyRedactShop)
	require.NoError(t, err)
	assert.Equal(t, int64(42), parsed.(*hooks.ShopifyRedact).ShopID)

	parsed, err = parseShopify(t, "shopify.orders/create", `{"id":1}`)
	require.NoError(t, err)
	other := parsed.(*hooks.ShopifyEvent)
	assert.Equal(t, "orders/create", other.Topic())
	assert.Equal(t, hooks.Kind("shopify.orders/create"), other.Kind)
	assert.Equal(t, `{"id":1}`, string(other.Raw))
	_, err = parseShopify(t, "shopify.orders/create", `{"id":1,"ID":2}`)
	require.NoError(t, err, "nobody reads it")
	_, err = parseShopify(t, "shopify.app/uninstalled", `{"id":1,"ID":2}`)
	require.ErrorIs(t, err, hooks.ErrPayload)
	_, err = parseShopify(t, hooks.ShopifyCustomersDataRequestKind, strings.Replace(shopifyDataRequest, "[1,2]", `"all"`, 1))
	require.ErrorIs(t, err, hooks.ErrPayload, "a part of a request is none")
	_, err = hooks.ParseShopify(http.Header{}, []byte(shopifyGone))
	var first *hooks.FieldError
	require.ErrorAs(t, err, &first)
	assert.Equal(t, hooks.ShopifyTopicHeader, first.Field, "of two that are missing")
}

func TestOpenShopify(t *testing.T) {
	t.Parallel()
	event := hookstest.Shopify(shopifyMeta(hooks.ShopifyShopRedactKind, 1, shopifyRedactShop), secretOld)
	verified, err := hooks.OpenShopify(event.Header, event.Body, secretNew, secretOld)
	require.NoError(t, err)
	assert.Equal(t, "previous", verified.Secret())
	assert.Equal(t, int64(42), verified.Event().(*hooks.ShopifyRedact).ShopID)

	forged, err := hooks.OpenShopify(event.Header, event.Body, secretNew)
	require.ErrorIs(t, err, hooks.ErrSignature)
	assert.Nil(t, forged.Event())
	_, err = hooks.OpenShopify(with(event, hooks.ShopifySignatureHeader).Header, event.Body, secretOld)
	require.ErrorIs(t, err, hooks.ErrSignatureMissing)
	signature := event.Header.Get(hooks.ShopifySignatureHeader)
	_, err = hooks.OpenShopify(with(event, hooks.ShopifySignatureHeader, signature, signature).Header, event.Body, secretOld)
	require.ErrorIs(t, err, hooks.ErrSignatureAmbiguous)
	_, err = hooks.OpenShopify(event.Header, event.Body)
	require.ErrorIs(t, err, hooks.ErrSecret)
	_, err = hooks.OpenShopify(with(event, hooks.ShopifyTopicHeader, "customers/redact").Header, event.Body, secretOld)
	require.ErrorIs(t, err, hooks.ErrEvent)
}

// TestShopifyHeadersAreNotSigned holds the unsigned headers to the signed body.
func TestShopifyHeadersAreNotSigned(t *testing.T) {
	t.Parallel()
	const foreign = `"other.myshopify.com"`
	for topic, body := range map[hooks.Kind]string{
		hooks.ShopifyAppUninstalledKind:       `{"id":42,"myshopify_domain":` + foreign + `}`,
		hooks.ShopifyCustomersDataRequestKind: `{"shop_id":42,"shop_domain":` + foreign + `,"data_request":{"id":77}}`,
		hooks.ShopifyCustomersRedactKind:      `{"shop_id":42,"shop_domain":` + foreign + `,"customer":{"id":9}}`,
		hooks.ShopifyShopRedactKind:           `{"shop_id":42,"shop_domain":` + foreign + `}`,
	} {
		_, err := parseShopify(t, topic, body)
		require.ErrorIs(t, err, hooks.ErrEvent, topic)
	}
	for topic, body := range map[hooks.Kind]string{
		hooks.ShopifyShopRedactKind:           shopifyRedactOne,
		hooks.ShopifyCustomersRedactKind:      shopifyRedactShop,
		hooks.ShopifyAppUninstalledKind:       shopifyRedactShop,
		hooks.ShopifyCustomersDataRequestKind: shopifyRedactOne,
	} {
		_, err := parseShopify(t, topic, body)
		require.ErrorIs(t, err, hooks.ErrEvent, "a body of another topic as %s", topic)
	}
	good := hookstest.Shopify(shopifyMeta(hooks.ShopifyShopRedactKind, 1, shopifyRedactShop), secretNew)
	for _, header := range []string{hooks.ShopifyTopicHeader, hooks.ShopifyShopHeader} {
		_, err := hooks.ParseShopify(with(good, header).Header, good.Body)
		require.ErrorIs(t, err, hooks.ErrEvent, "without %s", header)
		value := good.Header.Get(header)
		_, err = hooks.ParseShopify(with(good, header, value, value).Header, good.Body)
		require.ErrorIs(t, err, hooks.ErrEvent, "with two of %s", header)
	}
}

func TestShopifyTopicsReachTheirFunctions(t *testing.T) {
	t.Parallel()
	var seen []string
	note := func(ctx context.Context, e hooks.ShopifyEvent) error {
		delivery, _ := hooks.DeliveryFrom(ctx)
		assert.Equal(t, e.Kind, delivery.Kind)
		seen = append(seen, string(e.Kind))
		return nil
	}
	s, err := hooks.NewShopify(hooks.ShopifyConfig{
		Secrets:                []shotengai.Secret{secretNew},
		OnAppUninstalled:       func(ctx context.Context, e *hooks.ShopifyUninstall) error { return note(ctx, e.ShopifyEvent) },
		OnCustomersDataRequest: func(ctx context.Context, e *hooks.ShopifyDataRequest) error { return note(ctx, e.ShopifyEvent) },
		OnCustomersRedact:      func(ctx context.Context, e *hooks.ShopifyCustomerRedact) error { return note(ctx, e.ShopifyEvent) },
		OnShopRedact:           func(ctx context.Context, e *hooks.ShopifyRedact) error { return note(ctx, e.ShopifyEvent) },
		OnOther:                func(ctx context.Context, e *hooks.ShopifyEvent) error { return note(ctx, *e) },
	})
	require.NoError(t, err)
	for topic, body := range map[hooks.Kind]string{
		hooks.ShopifyAppUninstalledKind: shopifyGone, hooks.ShopifyCustomersDataRequestKind: shopifyDataRequest,
		hooks.ShopifyCustomersRedactKind: shopifyRedactOne, hooks.ShopifyShopRedactKind: shopifyRedactShop, "shopify.orders/paid": "{}",
	} {
		event := hookstest.Shopify(shopifyMeta(topic, 1, body), secretNew)
		assert.Equal(t, http.StatusOK, serve(t, s.Handler(), event).Code, topic)
		assert.Equal(t, http.StatusOK, serve(t, s.Handler(), event).Code, topic)
		assert.Equal(t, string(topic), seen[len(seen)-1])
	}
	assert.Len(t, seen, 5)

	few, err := hooks.NewShopify(hooks.ShopifyConfig{Secrets: []shotengai.Secret{secretNew}, OnShopRedact: func(context.Context, *hooks.ShopifyRedact) error { return nil }})
	require.NoError(t, err)
	for topic, body := range map[hooks.Kind]string{
		hooks.ShopifyAppUninstalledKind: shopifyGone, hooks.ShopifyCustomersDataRequestKind: shopifyDataRequest,
		hooks.ShopifyCustomersRedactKind: shopifyRedactOne, "shopify.orders/paid": "{}",
	} {
		assert.Equal(t, http.StatusNotImplemented, serve(t, few.Handler(), hookstest.Shopify(shopifyMeta(topic, 1, body), secretNew)).Code)
	}
}

// TestW32ShopifyLateUninstall sends an uninstall that is older than the install, and one
// that only seems to be, by an app's clock that is ahead.
func TestW32ShopifyLateUninstall(t *testing.T) {
	t.Parallel()
	calls := &recorder{}
	triggered := shopifyMeta(hooks.ShopifyAppUninstalledKind, 1, shopifyGone).TriggeredAt
	installed, failure := triggered.Add(5*time.Minute+time.Second), error(nil)
	s, err := hooks.NewShopify(hooks.ShopifyConfig{
		Secrets:          []shotengai.Secret{secretNew},
		OnAppUninstalled: func(ctx context.Context, e *hooks.ShopifyUninstall) error { return calls.run(ctx, e.Shop, nil) },
		InstalledAt: func(_ context.Context, shop string) (time.Time, error) {
			assert.Equal(t, "shop1.myshopify.com", shop)
			return installed, failure
		},
	})
	require.NoError(t, err)
	send := func(id string) int {
		meta := shopifyMeta(hooks.ShopifyAppUninstalledKind, 1, shopifyGone)
		meta.EventID = id
		return serve(t, s.Handler(), hookstest.Shopify(meta, secretNew)).Code
	}
	assert.Equal(t, http.StatusOK, send("late"))
	assert.Zero(t, calls.count())
	failure = errDown
	assert.Equal(t, http.StatusInternalServerError, send("unknown"))
	installed, failure = triggered.Add(2*time.Minute), nil
	assert.Equal(t, http.StatusOK, send("unknown"))
	assert.Equal(t, 1, calls.count())
}

func TestW37ShopifyIdentity(t *testing.T) {
	t.Parallel()
	clock := newClock()
	b := newBench(t, shopifyUninstallSubject(), setup{ledger: hooks.NewVolatileLedger(clock.Now)})
	send := func(event, webhook string) {
		meta := shopifyMeta(hooks.ShopifyAppUninstalledKind, 1, shopifyGone)
		meta.EventID, meta.WebhookID = event, webhook
		b.accepted(hookstest.Shopify(meta, secretNew))
	}
	send("e1", "w1")
	send("e1", "w2")
	assert.Equal(t, 1, b.calls.count(), "one event, delivered twice")
	send("e2", "w1")
	assert.Equal(t, 2, b.calls.count(), "the same body, another event")
	send("", "w3")
	send("", "w3")
	assert.Equal(t, 3, b.calls.count())
	send("", "")
	send("", "")
	assert.Equal(t, 4, b.calls.count(), "without an id, equal bodies are one event")
	clock.advance(time.Minute)
	send("", "")
	assert.Equal(t, 5, b.calls.count(), "for a minute")
}
