package hooks_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

// bySignature is how the test's makeshop signs; the secret is put in per event.
func bySignature(secrets ...string) *hooks.MakeShopSignature {
	return &hooks.MakeShopSignature{Secrets: secrets}
}

func makeShopReceiver(s setup) (*hooks.MakeShop, error) {
	on := func(ctx context.Context, e *hooks.MakeShopEvent) error { return s.calls.run(ctx, e.ShopID, s.on) }
	return hooks.NewMakeShop(hooks.MakeShopConfig{
		Signature: bySignature(s.secrets...),
		OnInstall: func(ctx context.Context, e *hooks.MakeShopInstall) error {
			return s.calls.run(ctx, e.ShopID, s.on)
		},
		OnUninstall: on,
		On: map[hooks.MakeShopKind]func(context.Context, *hooks.MakeShopEvent) error{
			hooks.MakeShopOrderUpdate: on,
		},
		Ledger:  s.ledger,
		Options: s.options,
	})
}

func makeShopSubject(name string, kind hooks.MakeShopKind, body func(n int) []byte) subject {
	sign := func(body []byte, secret string) hookstest.Event {
		return hookstest.SignMakeShop(hookstest.MakeShop(kind, body, ""), *bySignature(secret), time.Now())
	}
	return subject{
		name:      name,
		signature: hooks.MakeShopSignatureHeader,
		json:      true,
		build: func(s setup) (http.Handler, error) {
			m, err := makeShopReceiver(s)
			if err != nil {
				return nil, err
			}
			return m.Handler(kind), nil
		},
		event:  func(n int, secret string) hookstest.Event { return sign(body(n), secret) },
		resign: sign,
	}
}

func makeShopInstallSubject() subject {
	sub := makeShopSubject("makeshop install", hooks.MakeShopInstallKind, func(n int) []byte {
		return hookstest.MakeShopInstallBody(hooks.MakeShopInstall{
			AppID: 7, PlanID: 11, AppName: "app", ShopID: fmt.Sprintf("shop%d", n), Token: hooks.Secret(fmt.Sprintf("PAT.%064d", n)),
		})
	})
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

func makeShopUninstallSubject() subject {
	sub := makeShopSubject("makeshop uninstall", hooks.MakeShopUninstall, func(n int) []byte {
		return hookstest.MakeShopEventBody(hooks.MakeShopEvent{AppID: 7, AppName: "app", ShopID: fmt.Sprintf("shop%d", n)})
	})
	sub.broken = []string{`{}`, `{"app_id":1}`, `{"shop_id":""}`, `{"shop_id":null}`}
	return sub
}

func makeShopEventSubject() subject {
	return makeShopSubject("makeshop order update", hooks.MakeShopOrderUpdate, func(n int) []byte {
		return hookstest.MakeShopEventBody(hooks.MakeShopEvent{AppID: 7, ShopID: fmt.Sprintf("shop%d", n)})
	})
}

func rakutenReceiver(s setup) (*hooks.Rakuten, error) {
	return hooks.NewRakuten(hooks.RakutenConfig{
		AuthKeys: s.secrets,
		OnOrders: func(ctx context.Context, e *hooks.RakutenOrders) error {
			return s.calls.run(ctx, e.Shop.ShopURL, s.on)
		},
		OnNotices: func(ctx context.Context, e *hooks.RakutenNotices) error {
			return s.calls.run(ctx, e.Shop.ShopURL, s.on)
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

const rakutenBroken = `<orderNotifyModel><authModel><shopUrl>s</shopUrl><authKey>` + secretNew + `</authKey></authModel>%s</orderNotifyModel>`

func rakutenSubject() subject {
	return subject{
		name: "rakuten system event",
		build: func(s setup) (http.Handler, error) {
			r, err := rakutenReceiver(s)
			if err != nil {
				return nil, err
			}
			return r.Handler(), nil
		},
		event: func(n int, secret string) hookstest.Event {
			return hookstest.RakutenOrders(rakutenOrders(n), secret)
		},
		resign: func(body []byte, _ string) hookstest.Event {
			return hookstest.Rakuten(hooks.KindRakutenOrders, body)
		},
		accepted: `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
			"<responseModel><resultCode>N-000-000</resultCode></responseModel>\n",
		broken: []string{
			fmt.Sprintf(rakutenBroken, ""),
			fmt.Sprintf(rakutenBroken, "<orderInfoNotifyModel/>"),
			fmt.Sprintf(rakutenBroken, "<orderInfoNotifyModel><orderNumber>1</orderNumber><orderType>x</orderType></orderInfoNotifyModel>"),
			fmt.Sprintf(rakutenBroken, "<orderInfoNotifyModel><orderNumber>1</orderNumber><ordernumber>2</ordernumber></orderInfoNotifyModel>"),
			fmt.Sprintf(rakutenBroken, "<orderInfoNotifyModel><orderNumber><b>1</b></orderNumber></orderInfoNotifyModel>"),
			fmt.Sprintf(rakutenBroken, "<authModel/>"),
		},
	}
}

func shopifyReceiver(s setup) (*hooks.Shopify, error) {
	return hooks.NewShopify(hooks.ShopifyConfig{
		Secrets: s.secrets,
		OnAppUninstalled: func(ctx context.Context, e *hooks.ShopifyUninstall) error {
			return s.calls.run(ctx, e.Shop, s.on)
		},
		OnCustomersDataRequest: func(ctx context.Context, e *hooks.ShopifyDataRequest) error {
			return s.calls.run(ctx, e.Shop, s.on)
		},
		OnCustomersRedact: func(ctx context.Context, e *hooks.ShopifyCustomerRedact) error {
			return s.calls.run(ctx, e.Shop, s.on)
		},
		OnShopRedact: func(ctx context.Context, e *hooks.ShopifyRedact) error {
			return s.calls.run(ctx, e.Shop, s.on)
		},
		Ledger:  s.ledger,
		Options: s.options,
	})
}

func shopifyMeta(topic hooks.ShopifyTopic, n int, body string) hooks.ShopifyEvent {
	return hooks.ShopifyEvent{
		Topic:       topic,
		Shop:        fmt.Sprintf("shop%d.myshopify.com", n),
		EventID:     fmt.Sprintf("event-%d", n),
		WebhookID:   fmt.Sprintf("webhook-%d", n),
		TriggeredAt: time.Date(2026, 10, 10, 3, 0, 0, 0, time.UTC),
		APIVersion:  "2026-10",
		Raw:         hooks.Raw(strings.ReplaceAll(body, "SHOP", fmt.Sprintf("shop%d.myshopify.com", n))),
	}
}

func shopifySubject() subject {
	return subject{
		name:      "shopify",
		signature: hooks.ShopifySignatureHeader,
		json:      true,
		build: func(s setup) (http.Handler, error) {
			r, err := shopifyReceiver(s)
			if err != nil {
				return nil, err
			}
			return r.Handler(), nil
		},
		event: func(n int, secret string) hookstest.Event {
			return hookstest.Shopify(shopifyMeta(hooks.ShopifyAppUninstalled, n,
				`{"id":42,"domain":"shop.example.com","myshopify_domain":"SHOP"}`), secret)
		},
		resign: func(body []byte, secret string) hookstest.Event {
			meta := shopifyMeta(hooks.ShopifyAppUninstalled, 7, "")
			meta.Raw = body
			return hookstest.Shopify(meta, secret)
		},
		broken: []string{`{}`, `{"id":0}`, `{"id":42,"myshopify_domain":"other.myshopify.com"}`},
	}
}
