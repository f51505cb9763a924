package hooks_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

// An app that serves shops on four platforms mounts all of its hooks in one place.
func Example() {
	handler, err := wire()
	if err != nil {
		fmt.Println(err)
		return
	}
	app := httptest.NewServer(handler)
	defer app.Close()

	ctx := context.Background()
	platform := hookstest.Sender{}

	install := hookstest.ColorMeInstall(hooks.ColorMeInstall{
		AccountID:                    "PA00000001",
		ApplicationChargeSourceID:    "F3RN9A",
		RecurringApplicationChargeID: "A3FT4N",
		Mail:                         "shop@example.com",
	}, "colorme-webhook-secret")
	answer := platform.Send(ctx, app.URL+"/hooks/colorme/install", install)
	redirect, err := hookstest.RedirectURL(answer)
	fmt.Println(answer.Status, redirect, err)

	answer = platform.Send(ctx, app.URL+"/hooks/colorme/install", install)
	fmt.Println("again:", answer.Status)

	forged := hookstest.ColorMe(install.Kind, install.Body, "a guess")
	answer = platform.Send(ctx, app.URL+"/hooks/colorme/install", forged)
	fmt.Println("forged:", answer.Status)

	orders := hookstest.RakutenOrders(hooks.RakutenOrders{
		Shop:   hooks.RakutenShop{ContractID: "c1", ShopURL: "tea-house"},
		Orders: []hooks.RakutenOrderNotice{{OrderNumber: "123456-20261010-0000000001", SeqID: "1"}},
	}, "rakuten-auth-key")
	answer = platform.Send(ctx, app.URL+"/hooks/rakuten", orders)
	fmt.Println(answer.Status, hookstest.RakutenResultCode(answer))

	bill := hookstest.MakeShop(hooks.MakeShopMonthlyRenewalKind, []byte(`{"shop_id":"tea-house"}`), makeShopToken)
	answer = platform.Send(ctx, app.URL+"/hooks/makeshop/monthly", bill)
	fmt.Println(answer.Status)

	gone := hookstest.Shopify(hooks.ShopifyEvent{
		Kind:    hooks.ShopifyAppUninstalledKind,
		Shop:    "tea-house.myshopify.com",
		EventID: "1",
		Raw:     hooks.Raw(`{"id":42,"myshopify_domain":"tea-house.myshopify.com"}`),
	}, "shopify-client-secret")
	answer = platform.Send(ctx, app.URL+"/hooks/shopify", gone)
	fmt.Println(answer.Status)

	// Output:
	// installed PA00000001, contract A3FT4N, attempt 1
	// 200 https://app.example.com/login <nil>
	// again: 200
	// forged: 401
	// orders of tea-house: 1
	// 200 N-000-000
	// makeshop.monthly_renewal tea-house
	// 200
	// uninstalled tea-house.myshopify.com
	// 200
}

// makeShopToken is the end of the addresses that are declared to makeshop.
const makeShopToken = "0f8c2a61d4b94e0bb7f3a5d2c1e60793"

// wire makes the receivers and mounts them. In an app of more than one process, ledger
// is one of package sqlledger or redisledger.
func wire() (http.Handler, error) {
	ledger := hooks.NewVolatileLedger(nil)
	colorme, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{"colorme-webhook-secret"},
		Ledger:  ledger,
		OnInstall: func(ctx context.Context, e *hooks.ColorMeInstall) (string, error) {
			d, _ := hooks.DeliveryFrom(ctx)
			fmt.Printf("installed %s, contract %s, attempt %d\n", e.AccountID, e.ContractID(), d.Attempt)
			return "https://app.example.com/login", nil
		},
		OnUninstall: func(_ context.Context, e *hooks.ColorMeUninstall) error {
			fmt.Println("uninstalled", e.AccountID)
			return nil
		},
		RedirectHosts: []string{"app.example.com"},
	})
	if err != nil {
		return nil, err
	}
	makeshop, err := wireMakeShop(ledger)
	if err != nil {
		return nil, err
	}
	rakuten, err := hooks.NewRakuten(hooks.RakutenConfig{
		AuthKeys: []shotengai.Secret{"rakuten-auth-key"},
		Ledger:   ledger,
		OnOrders: func(_ context.Context, e *hooks.RakutenOrders) error {
			fmt.Printf("orders of %s: %d\n", e.Shop.ShopURL, len(e.Orders))
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	shopify, err := hooks.NewShopify(hooks.ShopifyConfig{
		Secrets: []shotengai.Secret{"shopify-client-secret"},
		Ledger:  ledger,
		OnAppUninstalled: func(_ context.Context, e *hooks.ShopifyUninstall) error {
			fmt.Println("uninstalled", e.Shop)
			return nil
		},
		OnCustomersDataRequest: func(context.Context, *hooks.ShopifyDataRequest) error { return nil },
		OnCustomersRedact:      func(context.Context, *hooks.ShopifyCustomerRedact) error { return nil },
		OnShopRedact:           func(context.Context, *hooks.ShopifyRedact) error { return nil },
	})
	if err != nil {
		return nil, err
	}
	return hooks.NewMux(map[string]http.Handler{
		"/hooks/colorme/install":     colorme.InstallHandler(),
		"/hooks/colorme/uninstall":   colorme.UninstallHandler(),
		"/hooks/makeshop/install/":   makeshop.Handler(hooks.MakeShopInstallKind),
		"/hooks/makeshop/uninstall/": makeshop.Handler(hooks.MakeShopUninstallKind),
		"/hooks/makeshop/monthly/":   makeshop.Handler(hooks.MakeShopMonthlyRenewalKind),
		"/hooks/makeshop/cancel/":    makeshop.Handler(hooks.MakeShopCancelKind),
		"/hooks/makeshop/exceeded/":  makeshop.Handler(hooks.MakeShopRepaymentExceededKind),
		"/hooks/rakuten":             rakuten.Handler(),
		"/hooks/shopify":             shopify.Handler(),
	})
}

// wireMakeShop proves events by an address that nobody else knows, and by the API. The
// app does not start when its plan type requires an event that it does not handle.
func wireMakeShop(ledger hooks.Ledger) (*hooks.MakeShop, error) {
	note := func(_ context.Context, e *hooks.MakeShopEvent) error {
		fmt.Println(e.Kind, e.ShopID)
		return nil
	}
	m, err := hooks.NewMakeShop(hooks.MakeShopConfig{
		PathToken: makeShopToken,
		Confirm: func(_ context.Context, _ hooks.Kind, _ string, _ shotengai.Secret) error {
			return nil // ask the API with the token
		},
		Ledger:      ledger,
		OnInstall:   func(context.Context, *hooks.MakeShopInstall) error { return nil },
		OnUninstall: note,
		On: map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{
			hooks.MakeShopMonthlyRenewalKind:    note,
			hooks.MakeShopCancelKind:            note,
			hooks.MakeShopRepaymentExceededKind: note,
		},
	})
	if err != nil {
		return nil, err
	}
	return m, m.AssertHandles(hooks.MakeShopPlanSubscription, hooks.MakeShopPlanOptions{AsOf: hooks.MakeShopEdition202406})
}

func ExampleVerifyColorMe() {
	body := []byte(`{"account_id":"PA00000001"}`)
	signature := hookstest.SignColorMe(body, "previous-secret")

	fmt.Println(hooks.VerifyColorMe(body, signature, "current-secret"))
	fmt.Println(hooks.VerifyColorMe(body, signature, "current-secret", "previous-secret"))
	// Output:
	// hooks: signature does not match
	// <nil>
}

// After an uninstall, usage is charged with the hook's token, to the end of
// the closing date, here 28 February.
func ExampleColorMeUninstall_UsageDeadline() {
	event, err := hooks.ParseColorMeUninstall([]byte(`{
		"account_id": "PA00000001",
		"application_charge_source_id": "WA37CA",
		"recurring_application_charge_id": "F3WQ1S",
		"uninstalled_at": 1610204400,
		"reason": "by_shop_owner",
		"usage_charge": {"api_token": "token", "closing_on": 1614438000}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	deadline, ok := event.UsageDeadline()
	fmt.Println(deadline.Format(time.DateTime), ok)
	fmt.Println(event.CanChargeUsage(event.UninstalledAt.Add(47*time.Hour + 30*time.Minute)))
	fmt.Println(event.UsageCharge.APIToken)
	// Output:
	// 2021-03-01 00:00:00 true
	// true
	// [redacted]
}

func ExampleRequiredEvents() {
	kinds, err := hooks.RequiredEvents(hooks.MakeShopPlanSubscriptionTrial, hooks.MakeShopPlanOptions{SeveralPlans: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, kind := range kinds {
		fmt.Println(kind)
	}
	// Output:
	// makeshop.install
	// makeshop.uninstall
	// makeshop.trial_renewal
	// makeshop.monthly_renewal
	// makeshop.plan_change
	// makeshop.cancel
}
