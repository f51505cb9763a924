package hooks

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// ShopifyConfig configures a [Shopify].
type ShopifyConfig struct {
	// Secrets are the app's client secret, and during a rotation the one before it,
	// newest first.
	Secrets []shotengai.Secret
	// OnAppUninstalled runs once for each uninstall.
	OnAppUninstalled func(context.Context, *ShopifyUninstall) error
	// OnCustomersDataRequest, OnCustomersRedact and OnShopRedact run once for each
	// request of the three privacy topics, which every public app has to serve.
	OnCustomersDataRequest func(context.Context, *ShopifyDataRequest) error
	OnCustomersRedact      func(context.Context, *ShopifyCustomerRedact) error
	OnShopRedact           func(context.Context, *ShopifyRedact) error
	// OnOther runs once for each event of any other topic.
	OnOther func(context.Context, *ShopifyEvent) error
	// InstalledAt, when not nil, returns when the shop last installed the app, or the
	// zero time. An uninstall that was triggered more than 5 minutes before that, by
	// Shopify's clock, is late: it is answered with 200 and does not reach
	// OnAppUninstalled. There is no hook of an install, so only the app knows.
	InstalledAt func(ctx context.Context, shop string) (time.Time, error)
	// Ledger lets each event take effect once. Nil is a [VolatileLedger]: one process,
	// empty after a restart.
	Ledger Ledger
	// Options are the limits and the observers.
	Options Options
}

// Shopify receives hooks of Shopify's form. It is safe for concurrent use.
type Shopify struct {
	receiver
	config ShopifyConfig
	keys   keyrings
}

// NewShopify returns a receiver. It fails with [ErrSecret] when a secret is missing,
// empty, blank or has a line break in it, and with [ErrConfig] without a function and for
// options out of range. The error has all of that, a line each.
func NewShopify(config ShopifyConfig) (*Shopify, error) {
	handled := config.OnAppUninstalled != nil || config.OnCustomersDataRequest != nil ||
		config.OnCustomersRedact != nil || config.OnShopRedact != nil || config.OnOther != nil
	receiver, err := newReceiver(config.Options, config.Ledger, handled, "OnAppUninstalled, a privacy topic or OnOther",
		checkConfigured(config.Secrets, config.Options.Logger))
	if err != nil {
		return nil, err
	}
	config.Secrets = slices.Clone(config.Secrets)
	return &Shopify{receiver: receiver, config: config}, nil
}

// Handler returns the handler for the URL of all topics: a header names the topic. A
// topic without a function is answered with 501.
func (c *Shopify) Handler() http.Handler {
	return c.endpoint(hook{
		kind:       "shopify",
		mediaTypes: []string{jsonType},
		handled:    true,
		check: func(r *http.Request) error {
			return checkSignatureHeader(r.Header, ShopifySignatureHeader)
		},
		open: c.open,
	})
}

func (c *Shopify) open(r *http.Request, body []byte) (*event, error) {
	matched, err := c.keys.match(c.config.Secrets, decodeBase64, r.Header.Get(ShopifySignatureHeader), body)
	if err != nil {
		return nil, err
	}
	parsed, err := ParseShopify(r.Header, body)
	if err != nil {
		return nil, err
	}
	meta, run := c.dispatch(parsed)
	if run == nil {
		return nil, ErrNoHandler
	}
	id, keep := c.identity(meta)
	return &event{
		kind:   meta.Kind,
		id:     id,
		keep:   keep,
		shop:   c.key("shopify", meta.Shop),
		secret: secretName(matched),
		plan: func(Decision) step {
			return step{run: func(ctx context.Context) ([]byte, error) { return nil, run(ctx) }}
		},
	}, nil
}

// identity is what the event says of itself; without an id, its body for a minute.
func (c *Shopify) identity(meta *ShopifyEvent) (string, time.Duration) {
	topic := strings.ReplaceAll(meta.Topic(), "/", ".") // a slash parts the keys
	if id := cmp.Or(meta.EventID, meta.WebhookID); id != "" {
		return c.key("shopify", topic, meta.Shop, id), 0
	}
	return c.key("shopify", topic, meta.Shop, "body", digest(meta.Raw)), indistinct
}

// dispatch returns the application's function for an event, nil when there is none.
func (c *Shopify) dispatch(parsed any) (*ShopifyEvent, func(context.Context) error) {
	switch e := parsed.(type) {
	case *ShopifyUninstall:
		if c.config.OnAppUninstalled == nil {
			return &e.ShopifyEvent, nil
		}
		return &e.ShopifyEvent, func(ctx context.Context) error { return c.uninstall(ctx, e) }
	case *ShopifyDataRequest:
		return &e.ShopifyEvent, bind(c.config.OnCustomersDataRequest, e)
	case *ShopifyCustomerRedact:
		return &e.ShopifyEvent, bind(c.config.OnCustomersRedact, e)
	case *ShopifyRedact:
		return &e.ShopifyEvent, bind(c.config.OnShopRedact, e)
	case *ShopifyEvent:
		return e, bind(c.config.OnOther, e)
	}
	return nil, nil
}

func bind[T any](handle func(context.Context, *T) error, event *T) func(context.Context) error {
	if handle == nil {
		return nil
	}
	return func(ctx context.Context) error { return handle(ctx, event) }
}

// uninstall leaves a newer install alone.
func (c *Shopify) uninstall(ctx context.Context, e *ShopifyUninstall) error {
	if c.config.InstalledAt != nil && !e.TriggeredAt.IsZero() {
		installed, err := c.config.InstalledAt(ctx, e.Shop)
		if err != nil {
			return err
		}
		if e.TriggeredAt.Before(installed.Add(-clockTolerance)) {
			return nil
		}
	}
	return c.config.OnAppUninstalled(ctx, e)
}
