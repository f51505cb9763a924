package hooks_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func colorMeReceiver(s setup) (*hooks.ColorMe, error) {
	return hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: s.secrets,
		Ledger:  s.ledger,
		Options: s.options,
		OnInstall: func(ctx context.Context, e *hooks.ColorMeInstall) (string, error) {
			return landing, s.handle(ctx, e.AccountID, e.Raw)
		},
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			return s.handle(ctx, e.AccountID, e.Raw)
		},
	})
}

func install(n int) hooks.ColorMeInstall {
	return hooks.ColorMeInstall{
		AccountID:                    fmt.Sprintf("PA%08d", n),
		ApplicationChargeSourceID:    "F3RN9A",
		RecurringApplicationChargeID: fmt.Sprintf("A3FT%04d", n),
		Mail:                         "shop@example.com",
	}
}

func uninstall(n int, at time.Time) hooks.ColorMeUninstall {
	return hooks.ColorMeUninstall{
		AccountID:                    fmt.Sprintf("PA%08d", n),
		ApplicationChargeSourceID:    "F3RN9A",
		RecurringApplicationChargeID: fmt.Sprintf("A3FT%04d", n),
		UninstalledAt:                at,
		Reason:                       hooks.ColorMeByShopOwner,
	}
}

func colorMeInstallSubject() subject {
	return subject{
		name:      "colorme install",
		signature: hooks.ColorMeSignatureHeader,
		refusal:   refusal{http.StatusUnauthorized, hooks.ErrSignature},
		format:    jsonFormat(),
		memory:    hooks.Retention,
		install:   true,
		build: func(s setup) (http.Handler, error) {
			c, err := colorMeReceiver(s)
			if err != nil {
				return nil, err
			}
			return c.InstallHandler(), nil
		},
		event: func(n int, secret shotengai.Secret) hookstest.Event {
			return hookstest.ColorMeInstall(install(n), secret)
		},
		next: func(n int, secret shotengai.Secret) hookstest.Event {
			again := install(n)
			again.RecurringApplicationChargeID = fmt.Sprintf("B4NEW%04d", n)
			return hookstest.ColorMeInstall(again, secret)
		},
		resign: func(body []byte, secret shotengai.Secret) hookstest.Event {
			return hookstest.ColorMe(hooks.ColorMeInstallKind, body, secret)
		},
		afterwards: onceMore,
		accepted:   `{"redirect_url":"https://app.example.com/welcome?from=hook\u0026x=1"}`,
		broken: []string{
			`{}`,
			`{"account_id":"PA1","application_charge_source_id":"F3RN9A","application_charge_id":"A3FT4N","mail":"a@b"}`,
			`{"account_id":"PA0000000\ud800","application_charge_source_id":"F3RN9A","application_charge_id":"A3FT4N","mail":"a@b"}`,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","mail":"a@b"}`,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","application_charge_id":"a3ft4n","mail":"a@b"}`,
		},
	}
}

func colorMeUninstallSubject() subject {
	return subject{
		name:      "colorme uninstall",
		signature: hooks.ColorMeSignatureHeader,
		refusal:   refusal{http.StatusUnauthorized, hooks.ErrSignature},
		format:    jsonFormat(),
		memory:    hooks.Retention,
		build: func(s setup) (http.Handler, error) {
			c, err := colorMeReceiver(s)
			if err != nil {
				return nil, err
			}
			return c.UninstallHandler(), nil
		},
		event: func(n int, secret shotengai.Secret) hookstest.Event {
			return hookstest.ColorMeUninstall(uninstall(n, time.Unix(1552022740, 0)), secret)
		},
		next: func(n int, secret shotengai.Secret) hookstest.Event {
			again := uninstall(n, time.Unix(1552022741, 0))
			again.RecurringApplicationChargeID = fmt.Sprintf("B4NEW%04d", n)
			return hookstest.ColorMeUninstall(again, secret)
		},
		resign: func(body []byte, secret shotengai.Secret) hookstest.Event {
			return hookstest.ColorMe(hooks.ColorMeUninstallKind, body, secret)
		},
		afterwards: nothing,
		broken: []string{
			`{}`,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","reason":"by_shop_owner"}`,
			`{"account_id":"PA00000001","application_charge_source_id":"F3RN9A","uninstalled_at":0,"reason":"by_shop_owner"}`,
			`{"account_id":"PA00000001","recurring_application_charge_id":"A3","uninstalled_at":1552022740,"reason":"by_unpaid"}`,
			`{"account_id":"PA0000000x","application_charge_source_id":"F3RN9A","uninstalled_at":1552022740,"reason":"by_unpaid"}`,
		},
	}
}

// makeShopProof is one of the two ways in which an event of makeshop is proven.
type makeShopProof struct {
	name    string
	config  func(secrets []shotengai.Secret) hooks.MakeShopConfig
	event   func(kind hooks.Kind, body []byte, secret shotengai.Secret) hookstest.Event
	subject subject
}

// bySignature is how the test's makeshop signs; the secret is put in per event.
func bySignature(secrets ...shotengai.Secret) *hooks.MakeShopSignature {
	return &hooks.MakeShopSignature{Secrets: secrets}
}

// signed is the proof by a signature, as far as one is known.
var signed = makeShopProof{
	name: "makeshop",
	config: func(secrets []shotengai.Secret) hooks.MakeShopConfig {
		return hooks.MakeShopConfig{Signature: bySignature(secrets...)}
	},
	event: func(kind hooks.Kind, body []byte, secret shotengai.Secret) hookstest.Event {
		return hookstest.SignMakeShop(hookstest.MakeShop(kind, body, ""), *bySignature(secret), time.Now())
	},
	subject: subject{
		signature: hooks.MakeShopSignatureHeader,
		refusal:   refusal{http.StatusUnauthorized, hooks.ErrSignature},
		memory:    hooks.Retention,
	},
}

// addressed is the proof by an address and the API, which finds every event true.
var addressed = makeShopProof{
	name: "makeshop by address",
	config: func(secrets []shotengai.Secret) hooks.MakeShopConfig {
		return hooks.MakeShopConfig{
			PathToken: addressOf(secrets[0]),
			Confirm:   func(context.Context, hooks.Kind, string, shotengai.Secret) error { return nil },
		}
	},
	event: func(kind hooks.Kind, body []byte, secret shotengai.Secret) hookstest.Event {
		return hookstest.MakeShop(kind, body, addressOf(secret))
	},
	subject: subject{
		byAddress: true,
		refusal:   refusal{http.StatusNotFound, hooks.ErrPathToken},
		memory:    hooks.Retention,
	},
}

// addressOf makes a path token of a secret.
func addressOf(secret shotengai.Secret) shotengai.Secret {
	sum := sha256.Sum256([]byte(secret))
	return shotengai.Secret(hex.EncodeToString(sum[:]))
}

func makeShopReceiver(proof makeShopProof, s setup) (*hooks.MakeShop, error) {
	config := proof.config(s.secrets)
	on := func(ctx context.Context, e *hooks.MakeShopEvent) error { return s.handle(ctx, e.ShopID, e.Raw) }
	config.OnInstall = func(ctx context.Context, e *hooks.MakeShopInstall) error {
		return s.handle(ctx, e.ShopID, e.Raw)
	}
	config.OnUninstall = on
	config.On = map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{
		hooks.MakeShopOrderUpdateKind: on,
	}
	config.Ledger, config.Options = s.ledger, s.options
	return hooks.NewMakeShop(config)
}

func makeShopSubject(proof makeShopProof, name string, kind hooks.Kind, body func(n int) []byte) subject {
	sub := proof.subject
	sub.name = proof.name + " " + name
	sub.format = jsonFormat()
	sub.build = func(s setup) (http.Handler, error) {
		m, err := makeShopReceiver(proof, s)
		if err != nil {
			return nil, err
		}
		return m.Handler(kind), nil
	}
	sub.event = func(n int, secret shotengai.Secret) hookstest.Event { return proof.event(kind, body(n), secret) }
	sub.resign = func(body []byte, secret shotengai.Secret) hookstest.Event { return proof.event(kind, body, secret) }
	return sub
}

func makeShopInstallSubject(proof makeShopProof) subject {
	body := func(n, token int) []byte {
		return hookstest.MakeShopInstallBody(hooks.MakeShopInstall{
			AppID: 7, PlanID: 11, AppName: "app", ShopID: fmt.Sprintf("shop%d", n), Token: shotengai.Secret(fmt.Sprintf("PAT.%064d", token)),
		})
	}
	sub := makeShopSubject(proof, "install", hooks.MakeShopInstallKind, func(n int) []byte { return body(n, n) })
	sub.install = true
	sub.next = func(n int, secret shotengai.Secret) hookstest.Event {
		return proof.event(hooks.MakeShopInstallKind, body(n, n+1000), secret)
	}
	sub.afterwards = onceMore
	sub.broken = []string{
		`{}`,
		`{"app_id":1,"plan_id":1,"app_name":"a","shop_id":"s"}`,
		`{"app_id":1,"plan_id":1,"app_name":"a","token":"t"}`,
		`{"app_id":1,"app_name":"a","shop_id":"s","token":"t"}`,
		`{"plan_id":1,"app_name":"a","shop_id":"s","token":"t"}`,
		`{"app_id":"one","plan_id":1,"app_name":"a","shop_id":"s","token":"t"}`,
	}
	return sub
}

func makeShopUninstallSubject(proof makeShopProof) subject {
	sub := makeShopSubject(proof, "uninstall", hooks.MakeShopUninstallKind, func(n int) []byte {
		return hookstest.MakeShopEventBody(hooks.MakeShopEvent{AppID: 7, AppName: "app", ShopID: fmt.Sprintf("shop%d", n)})
	})
	sub.afterwards = nothing
	sub.broken = []string{`{}`, `{"app_id":1}`, `{"shop_id":""}`, `{"shop_id":null}`}
	return sub
}

func makeShopEventSubject(proof makeShopProof) subject {
	body := func(n int, app int64) []byte {
		return hookstest.MakeShopEventBody(hooks.MakeShopEvent{AppID: app, ShopID: fmt.Sprintf("shop%d", n)})
	}
	sub := makeShopSubject(proof, "order update", hooks.MakeShopOrderUpdateKind, func(n int) []byte { return body(n, 7) })
	sub.next = func(n int, secret shotengai.Secret) hookstest.Event {
		return proof.event(hooks.MakeShopOrderUpdateKind, body(n, 8), secret)
	}
	sub.afterwards = asNew
	if proof.subject.byAddress {
		sub.memory = time.Minute
	}
	return sub
}

func rakutenReceiver(s setup) (*hooks.Rakuten, error) {
	return hooks.NewRakuten(hooks.RakutenConfig{
		AuthKeys: s.secrets,
		OnOrders: func(ctx context.Context, e *hooks.RakutenOrders) error {
			return s.handle(ctx, e.Shop.ShopURL, e.Raw)
		},
		OnNotices: func(ctx context.Context, e *hooks.RakutenNotices) error {
			return s.handle(ctx, e.Shop.ShopURL, e.Raw)
		},
		Ledger:  s.ledger,
		Options: s.options,
	})
}

func rakutenOrders(n int) hooks.RakutenOrders {
	return hooks.RakutenOrders{
		Shop: hooks.RakutenShop{ContractID: "c1", ShopURL: fmt.Sprintf("shop%d", n)},
		Orders: []hooks.RakutenOrderNotice{{
			OrderNumber: fmt.Sprintf("123456-20261010-%010d", n), SeqID: itoa(n), OrderType: 1,
			OrderDate: "2026-10-10 12:00:00",
			Baskets:   []hooks.RakutenBasket{{ItemID: "10000001", Units: 2, ItemNumber: "a&b<c>", SelectedChoice: "色:赤"}},
		}},
	}
}

func rakutenNotices(n int, request string) hooks.RakutenNotices {
	event := hooks.RakutenNotices{
		Shop:    hooks.RakutenShop{ContractID: "c1", ShopURL: fmt.Sprintf("shop%d", n)},
		Notices: []hooks.RakutenNotice{{RequestID: request, ServiceID: hooks.RakutenOrderChanged, FunctionID: 1100}},
	}
	event.Notices[0].Values[0] = hooks.RakutenValue{Name: "orderNumber", Value: "123456-20261010-0000000001"}
	event.Notices[0].Values[9] = hooks.RakutenValue{Name: `"quoted" & <more>`, Value: "十"}
	return event
}

func rakutenSubject(name string, kind hooks.Kind) subject {
	return subject{
		name:    "rakuten " + name,
		refusal: refusal{http.StatusUnauthorized, hooks.ErrAuthKey},
		format:  xmlFormat(),
		build: func(s setup) (http.Handler, error) {
			r, err := rakutenReceiver(s)
			if err != nil {
				return nil, err
			}
			return r.Handler(), nil
		},
		resign: func(body []byte, _ shotengai.Secret) hookstest.Event { return hookstest.Rakuten(kind, body) },
		accepted: `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
			"<responseModel><resultCode>N-000-000</resultCode></responseModel>\n",
		memory:     hooks.Retention,
		afterwards: asNew,
	}
}

// rakutenBody is a body with the right authKey.
func rakutenBody(root, content string) string {
	return "<" + root + "><authModel><shopUrl>s</shopUrl><authKey>" + secretNew + "</authKey></authModel>" + content + "</" + root + ">"
}

func rakutenOrdersSubject() subject {
	sub := rakutenSubject("orders", hooks.RakutenOrdersKind)
	sub.event = func(n int, secret shotengai.Secret) hookstest.Event {
		return hookstest.RakutenOrders(rakutenOrders(n), secret)
	}
	sub.next = func(n int, secret shotengai.Secret) hookstest.Event {
		more := rakutenOrders(n)
		more.Orders[0].OrderNumber += "1"
		return hookstest.RakutenOrders(more, secret)
	}
	for _, content := range []string{
		"",
		"<orderInfoNotifyModel/>",
		"<orderInfoNotifyModel><orderNumber>1</orderNumber><orderType>x</orderType></orderInfoNotifyModel>",
		"<orderInfoNotifyModel><orderNumber>1</orderNumber><orderType>99999999999</orderType></orderInfoNotifyModel>",
		"<orderInfoNotifyModel><orderNumber><b>1</b></orderNumber></orderInfoNotifyModel>",
	} {
		sub.broken = append(sub.broken, rakutenBody("orderNotifyModel", content))
	}
	return sub
}

func rakutenNoticesSubject() subject {
	sub := rakutenSubject("notices", hooks.RakutenNoticesKind)
	sub.event = func(n int, secret shotengai.Secret) hookstest.Event {
		return hookstest.RakutenNotices(rakutenNotices(n, "r"+itoa(n)), secret)
	}
	sub.next = func(n int, secret shotengai.Secret) hookstest.Event {
		return hookstest.RakutenNotices(rakutenNotices(n, "s"+itoa(n)), secret)
	}
	for _, content := range []string{
		"",
		"<notifyInfoModel/>",
		"<notifyInfoModel><serviceId>x</serviceId></notifyInfoModel>",
		"<notifyInfoModel><serviceId>99999999999</serviceId></notifyInfoModel>",
		"<notifyInfoModel><serviceId>-1</serviceId></notifyInfoModel>",
	} {
		sub.broken = append(sub.broken, rakutenBody("notifyModel", content))
	}
	return sub
}

func shopifyReceiver(s setup) (*hooks.Shopify, error) {
	return hooks.NewShopify(hooks.ShopifyConfig{
		Secrets: s.secrets,
		OnAppUninstalled: func(ctx context.Context, e *hooks.ShopifyUninstall) error {
			return s.handle(ctx, e.Shop, e.Raw)
		},
		OnCustomersDataRequest: func(ctx context.Context, e *hooks.ShopifyDataRequest) error {
			return s.handle(ctx, e.Shop, e.Raw)
		},
		OnCustomersRedact: func(ctx context.Context, e *hooks.ShopifyCustomerRedact) error {
			return s.handle(ctx, e.Shop, e.Raw)
		},
		OnShopRedact: func(ctx context.Context, e *hooks.ShopifyRedact) error {
			return s.handle(ctx, e.Shop, e.Raw)
		},
		OnOther: func(ctx context.Context, e *hooks.ShopifyEvent) error {
			return s.handle(ctx, e.Shop, e.Raw)
		},
		Ledger:  s.ledger,
		Options: s.options,
	})
}

func shopifyMeta(topic hooks.Kind, n int, body string) hooks.ShopifyEvent {
	return hooks.ShopifyEvent{
		Kind:        topic,
		Shop:        fmt.Sprintf("shop%d.myshopify.com", n),
		EventID:     fmt.Sprintf("event-%d", n),
		WebhookID:   fmt.Sprintf("webhook-%d", n),
		TriggeredAt: time.Date(2026, 10, 10, 3, 0, 0, 0, time.UTC),
		APIVersion:  "2026-10",
		Raw:         hooks.Raw(strings.ReplaceAll(body, "SHOP", fmt.Sprintf("shop%d.myshopify.com", n))),
	}
}

func shopifySubject(topic hooks.Kind, body string, broken ...string) subject {
	return subject{
		name:      strings.NewReplacer(".", " ", "/", " ").Replace(string(topic)),
		signature: hooks.ShopifySignatureHeader,
		refusal:   refusal{http.StatusUnauthorized, hooks.ErrSignature},
		format:    jsonFormat(),
		build: func(s setup) (http.Handler, error) {
			r, err := shopifyReceiver(s)
			if err != nil {
				return nil, err
			}
			return r.Handler(), nil
		},
		event: func(n int, secret shotengai.Secret) hookstest.Event {
			return hookstest.Shopify(shopifyMeta(topic, n, body), secret)
		},
		next: func(n int, secret shotengai.Secret) hookstest.Event {
			meta := shopifyMeta(topic, n, body)
			meta.EventID = fmt.Sprintf("later-%d", n)
			return hookstest.Shopify(meta, secret)
		},
		resign: func(body []byte, secret shotengai.Secret) hookstest.Event {
			meta := shopifyMeta(topic, 7, "")
			meta.Raw = body
			return hookstest.Shopify(meta, secret)
		},
		broken:     broken,
		memory:     hooks.Retention,
		afterwards: asNew,
	}
}

func shopifyUninstallSubject() subject {
	return shopifySubject(hooks.ShopifyAppUninstalledKind, shopifyGone,
		`{}`, `{"id":0}`, `{"id":42,"myshopify_domain":"other.myshopify.com"}`)
}

func shopifyRedactSubject() subject {
	return shopifySubject(hooks.ShopifyCustomersRedactKind, shopifyRedactOne,
		`{}`, `{"shop_id":42,"shop_domain":"shop7.myshopify.com"}`,
		`{"shop_id":42,"shop_domain":"other.myshopify.com","customer":{"id":9}}`,
		`{"shop_id":-1,"shop_domain":"shop7.myshopify.com","customer":{"id":9}}`)
}

// shopifyOtherSubject is a topic without a type of its own: no field of it is certain.
func shopifyOtherSubject() subject {
	return shopifySubject("shopify.orders/paid", `{"id":1,"shop":"SHOP"}`)
}
