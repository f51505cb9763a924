package hooks

import (
	"net/http"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// Headers of hooks of Shopify's form. The signature is the standard base64 of the
// HMAC-SHA256 of the body, keyed with the app's client secret. It covers no header.
const (
	ShopifySignatureHeader   = "X-Shopify-Hmac-Sha256"
	ShopifyTopicHeader       = "X-Shopify-Topic"
	ShopifyShopHeader        = "X-Shopify-Shop-Domain"
	ShopifyEventIDHeader     = "X-Shopify-Event-Id"
	ShopifyWebhookIDHeader   = "X-Shopify-Webhook-Id"
	ShopifyTriggeredAtHeader = "X-Shopify-Triggered-At"
	ShopifyVersionHeader     = "X-Shopify-Api-Version"
)

// shopifyKeys are those of the functions; a receiver has its own.
var shopifyKeys keyrings

// VerifyShopify checks the signature of a hook of Shopify's form over the body exactly
// as received, as [VerifyColorMe] does.
func VerifyShopify(body []byte, signature string, secrets ...shotengai.Secret) error {
	_, err := MatchShopify(body, signature, secrets...)
	return err
}

// MatchShopify is [VerifyShopify], and returns the index of the secret that matched.
func MatchShopify(body []byte, signature string, secrets ...shotengai.Secret) (int, error) {
	return shopifyKeys.match(secrets, decodeBase64, signature, body)
}

// ShopifyEvent is what every hook has: what its headers say, which are not signed, and
// the body.
type ShopifyEvent struct {
	Kind Kind
	// Shop is the shop's myshopify.com domain.
	Shop string
	// EventID is the same for every hook about one thing that happened, WebhookID for
	// every delivery of one hook.
	EventID   string
	WebhookID string
	// TriggeredAt is zero when the header is missing or unreadable.
	TriggeredAt time.Time
	APIVersion  string
	// Raw is the whole body.
	Raw Raw
}

// Topic returns what the platform calls the kind, as in "app/uninstalled".
func (e *ShopifyEvent) Topic() string { return strings.TrimPrefix(string(e.Kind), shopifyKinds) }

// ShopifyUninstall is the end of an app in a shop: the owner removed it, or the
// platform did. When an app is removed from the app store, the platform informs the
// shops, as a rule 60 days or more ahead, in grave cases less; it works and has to be
// supported until the removal date, and shops that still have it then are uninstalled
// by the platform. So this event is the last one of every install, whoever ends it, at
// the latest on the removal date.
type ShopifyUninstall struct {
	ShopifyEvent
	ShopID int64
	// Domain is the shop's own domain.
	Domain string
}

// ShopifyCustomer is the customer that a privacy topic is about.
type ShopifyCustomer struct {
	ID    int64  `json:"id"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// ShopifyDataRequest asks for what the app keeps of a customer.
type ShopifyDataRequest struct {
	ShopifyEvent
	ShopID          int64
	Customer        ShopifyCustomer
	OrdersRequested []int64
	// RequestID is the number of the request.
	RequestID int64
}

// ShopifyCustomerRedact asks for what the app keeps of a customer to be deleted.
type ShopifyCustomerRedact struct {
	ShopifyEvent
	ShopID         int64
	Customer       ShopifyCustomer
	OrdersToRedact []int64
}

// ShopifyRedact asks for what the app keeps of a shop to be deleted, some time after
// its uninstall.
type ShopifyRedact struct {
	ShopifyEvent
	ShopID int64
}

type shopifyBody struct {
	ID              int64           `json:"id"`
	Domain          string          `json:"domain"`
	MyshopifyDomain string          `json:"myshopify_domain"`
	ShopID          int64           `json:"shop_id"`
	ShopDomain      string          `json:"shop_domain"`
	Customer        ShopifyCustomer `json:"customer"`
	OrdersRequested []int64         `json:"orders_requested"`
	OrdersToRedact  []int64         `json:"orders_to_redact"`
	DataRequest     struct {
		ID int64 `json:"id"`
	} `json:"data_request"`
}

// ParseShopify reads a hook from its headers and its body. It verifies nothing: see
// [VerifyShopify], or [OpenShopify] for both. The
// result is a *[ShopifyUninstall], a *[ShopifyDataRequest], a *[ShopifyCustomerRedact],
// a *[ShopifyRedact], or for any other topic a *[ShopifyEvent]. Since the headers are
// not signed, the shop in the header has to be the one in the body where the body of a
// typed topic names it. It fails with [ErrPayload], and for a field or header with a
// [FieldError].
func ParseShopify(header http.Header, body []byte) (any, error) {
	var f fields
	meta := ShopifyEvent{
		Kind:       shopifyKinds + Kind(f.header(header, ShopifyTopicHeader)),
		Shop:       strings.ToLower(f.header(header, ShopifyShopHeader)),
		EventID:    f.optionalHeader(header, ShopifyEventIDHeader),
		WebhookID:  f.optionalHeader(header, ShopifyWebhookIDHeader),
		APIVersion: f.optionalHeader(header, ShopifyVersionHeader),
		Raw:        body,
	}
	if at, err := time.Parse(time.RFC3339Nano, header.Get(ShopifyTriggeredAtHeader)); err == nil {
		meta.TriggeredAt = at
	}
	if f.err != nil {
		return nil, f.err
	}
	if !meta.typed() {
		return &meta, checkObject(body, struct{}{})
	}
	var in shopifyBody
	if err := decodeJSON(body, &in); err != nil {
		return nil, err
	}
	event := in.event(&f, meta)
	if f.err != nil {
		return nil, f.err
	}
	return event, nil
}

// OpenShopify verifies a hook as [VerifyShopify] does, by the signature in its headers, and
// then parses it: for an application that takes its hooks from a queue rather than from
// [Shopify]. The event is of one of the types that [ParseShopify] returns.
func OpenShopify(header http.Header, body []byte, secrets ...shotengai.Secret) (Verified[any], error) {
	if err := checkSignatureHeader(header, ShopifySignatureHeader); err != nil {
		return Verified[any]{}, err
	}
	matched, err := MatchShopify(body, header.Get(ShopifySignatureHeader), secrets...)
	return verified(matched, err, func() (any, error) { return ParseShopify(header, body) })
}

// event fills the type of the topic.
func (in *shopifyBody) event(f *fields, meta ShopifyEvent) any {
	if meta.Kind == ShopifyAppUninstalledKind {
		f.positive("id", in.ID)
		f.sameShop("myshopify_domain", in.MyshopifyDomain, meta.Shop)
		return &ShopifyUninstall{ShopifyEvent: meta, ShopID: in.ID, Domain: in.Domain}
	}
	f.positive("shop_id", in.ShopID)
	f.required("shop_domain", in.ShopDomain)
	f.sameShop("shop_domain", in.ShopDomain, meta.Shop)
	switch meta.Kind {
	case ShopifyCustomersDataRequestKind:
		f.positive("data_request.id", in.DataRequest.ID)
		return &ShopifyDataRequest{
			ShopifyEvent: meta, ShopID: in.ShopID, Customer: in.Customer,
			OrdersRequested: in.OrdersRequested, RequestID: in.DataRequest.ID,
		}
	case ShopifyCustomersRedactKind:
		f.positive("customer.id", in.Customer.ID)
		return &ShopifyCustomerRedact{
			ShopifyEvent: meta, ShopID: in.ShopID, Customer: in.Customer, OrdersToRedact: in.OrdersToRedact,
		}
	}
	// A redaction of a customer under this topic would delete a whole shop.
	if in.Customer.ID != 0 {
		f.fail("customer", "not part of "+meta.Topic())
	}
	return &ShopifyRedact{ShopifyEvent: meta, ShopID: in.ShopID}
}

// typed reports whether the topic has a type of its own.
func (e *ShopifyEvent) typed() bool {
	switch e.Kind {
	case ShopifyAppUninstalledKind, ShopifyCustomersDataRequestKind, ShopifyCustomersRedactKind, ShopifyShopRedactKind:
		return true
	}
	return false
}

func (f *fields) sameShop(field, domain, shop string) {
	if domain != "" && !strings.EqualFold(domain, shop) {
		f.fail(field, "not the shop of the header "+ShopifyShopHeader)
	}
}

func (f *fields) header(header http.Header, name string) string {
	value := f.optionalHeader(header, name)
	f.required(name, value)
	return value
}

func (f *fields) optionalHeader(header http.Header, name string) string {
	values := header.Values(name)
	switch {
	case len(values) > 1:
		f.fail(name, "twice")
	case len(values) == 1:
		return values[0]
	}
	return ""
}
