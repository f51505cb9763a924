package hookstest

import (
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/internal/fake"
)

// ShopifyResend is a schedule of Shopify's form: eight resends over four hours, each
// wait longer than the last. The exact waits are not published.
var ShopifyResend = Schedule{
	time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute,
	15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
}

// Shopify returns a signed hook with what meta says in its headers. The body is meta.Raw.
func Shopify(meta hooks.ShopifyEvent, secret shotengai.Secret) Event {
	header := http.Header{
		"Content-Type":               {"application/json"},
		hooks.ShopifySignatureHeader: {fake.HMACSHA256(secret.Reveal(), meta.Raw)},
	}
	for name, value := range map[string]string{
		hooks.ShopifyTopicHeader:     meta.Topic(),
		hooks.ShopifyShopHeader:      meta.Shop,
		hooks.ShopifyEventIDHeader:   meta.EventID,
		hooks.ShopifyWebhookIDHeader: meta.WebhookID,
		hooks.ShopifyVersionHeader:   meta.APIVersion,
	} {
		if value != "" {
			header.Set(name, value)
		}
	}
	if !meta.TriggeredAt.IsZero() {
		header.Set(hooks.ShopifyTriggeredAtHeader, meta.TriggeredAt.UTC().Format(time.RFC3339Nano))
	}
	return Event{Kind: meta.Kind, Header: header, Body: meta.Raw, Resend: ShopifyResend}
}
