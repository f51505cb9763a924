package colormetest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// A fake has a seeded shop; what a test needs beside that it adds itself, in
// the platform's spelling.
func Example() {
	srv := colormetest.NewServer(colormetest.WithSales(0))
	defer srv.Close()
	id := srv.Shop().AddSale(map[string]any{"paid": false, "total_price": 5400})

	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	if _, err := client.Sales.Update(ctx, id, colorme.UpdateSaleRequest{Paid: new(true)}); err != nil {
		fmt.Println(err)
		return
	}
	sale, err := client.Sales.Get(ctx, id)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sale.TotalPrice, sale.Paid)
	// Output: 5400 true
}

// Faults show what the app does when a write may have been carried out.
func ExampleServer_Fail() {
	srv := colormetest.NewServer()
	defer srv.Close()
	customer := srv.Shop().AddCustomer(map[string]any{"points": 0})
	srv.Fail(1, shotengaitest.Fault{Method: http.MethodPost, ResetAfter: true})

	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	_, err = client.Customers.AddPoints(ctx, customer, 50)
	fmt.Println(errors.Is(err, shotengai.ErrOutcomeUnknown))
	after, err := client.Customers.Get(ctx, customer)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(after.Points)
	// Output:
	// true
	// 50
}

// A shop's owner logs in and allows what the app asks for. The grant opens the API.
func ExampleServer_Login() {
	srv := colormetest.NewServer()
	defer srv.Close()
	provider, err := srv.Provider("https://app.example/callback")
	if err != nil {
		fmt.Println(err)
		return
	}
	login, err := provider.Begin()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	query, err := srv.Login(ctx, login.URL) // what the owner does
	if err != nil {
		fmt.Println(err)
		return
	}
	grant, err := provider.Exchange(ctx, login, query)
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := colorme.NewClient(oauth2.StaticTokenSource(grant.Token()), srv.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	shop, err := client.Shop.Get(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(shop.ID)
	// Output: PA00000001
}

// An app is installed, charges, and is uninstalled; the last charge goes by
// the token of the uninstall.
func ExampleServer_Install() {
	now := time.Date(2026, time.November, 10, 12, 0, 0, 0, time.UTC)
	srv := colormetest.NewServer(colormetest.WithClock(func() time.Time { return now }))
	defer srv.Close()
	ctx := context.Background()
	installation, err := srv.Install(ctx, srv.Shop(), colormetest.PlanMetered)
	if err != nil {
		fmt.Println(err)
		return
	}
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	charge := colorme.CreateUsageChargeRequest{Point: 300, Description: "配送ラベル 10枚"}
	_, err = client.UsageCharges.Create(ctx, installation.ContractID, charge)
	fmt.Println("installed:", err)

	installation, err = srv.Uninstall(ctx, srv.Shop(), colormetest.ByShopOwner)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.UsageCharges.Create(ctx, installation.ContractID, charge)
	fmt.Println("token dead:", errors.Is(err, shotengai.ErrUnauthorized))
	_, err = client.UsageCharges.CreateAfterUninstall(ctx, shotengai.Secret(installation.UsageToken), installation.ContractID, charge)
	fmt.Println("uninstalled:", err)
	fmt.Println("charges:", len(srv.Shop().UsageCharges()))
	// Output:
	// installed: <nil>
	// token dead: true
	// uninstalled: <nil>
	// charges: 2
}
