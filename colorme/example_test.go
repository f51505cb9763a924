package colorme_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// Setting the stock of many products sends one call for each product, at the pace that
// the platform asks for, and says of each row how it went.
func ExampleStocksService_UpdateMany() {
	srv := colormetest.NewServer()
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	cup := srv.Shop().AddProduct(map[string]any{"name": "湯のみ", "stock_managed": true})
	shirt := srv.Shop().AddProduct(map[string]any{"name": "シャツ", "stock_managed": true})
	srv.Shop().AddOption(shirt, "色", "赤", "青")

	rows := []colorme.UpdateStockRequest{
		{ProductID: cup, Stocks: colorme.SetStocks(12)},
		{ProductID: shirt, Option1Value: "赤", Stocks: colorme.SetStocks(3)},
		{ProductID: shirt, Option1Value: "青", Stocks: colorme.SetStocks(0)},
		{ProductID: 1, Stocks: colorme.SetStocks(5)},
	}
	results, err := client.Stocks.UpdateMany(context.Background(), rows)
	if err != nil {
		fmt.Println(err)
	}
	for _, row := range results.Rows {
		fmt.Printf("%q %s\n", row.Key.Option1Value, row.State)
	}
	fmt.Println(results.Failed()[0].Code)
	// Output:
	// "" done
	// "赤" done
	// "青" done
	// "" failed
	// 404100
}

// The orders of a month, 100 a request; the counter shows how many requests it took.
func ExampleSalesService_All() {
	now := time.Date(2026, time.November, 10, 12, 0, 0, 0, shotengai.JST)
	srv := colormetest.NewServer(colormetest.WithClock(func() time.Time { return now }), colormetest.WithSales(120))
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	var requests atomic.Int64
	orders := 0
	params := colorme.ListSalesParams{
		MakeDateMin: colorme.At(time.Date(2026, time.October, 1, 0, 0, 0, 0, shotengai.JST)),
		MakeDateMax: colorme.At(time.Date(2026, time.October, 31, 23, 59, 59, 0, shotengai.JST)),
	}
	for sale, err := range client.Sales.All(context.Background(), params, shotengai.WithRequestCount(&requests)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if sale.MakeDate.In(shotengai.JST).Month() == time.October {
			orders++
		}
	}
	fmt.Println(orders, "orders in", requests.Load(), "request")
	// Output: 91 orders in 1 request
}

// A coupon's days are days in Japan.
func ExampleCouponsService_Create() {
	srv := colormetest.NewServer()
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	coupon, err := client.Coupons.Create(context.Background(), colorme.CreateCouponRequest{
		Code:           "NEWYEAR",
		Name:           new("新年"),
		CouponType:     colorme.CouponRate,
		DiscountAmount: new(int64(10)),
		StartsAt:       shotengai.Date{Year: 2027, Month: time.January, Day: 1},
		EndsAt:         shotengai.Date{Year: 2027, Month: time.January, Day: 7},
		UsageLimit:     colorme.UsageDisposable,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(coupon.Code, coupon.DiscountAmount, "percent from", shotengai.DateOf(coupon.StartsAt.Time))
	// Output: NEWYEAR 10 percent from 2027-01-01
}

// A script tag with the hash of its script: a browser runs that script and no other.
func ExampleShopScriptTagsService_Create() {
	srv := colormetest.NewServer()
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	script := []byte("console.log('いらっしゃいませ')\n")
	tag, err := client.ShopScriptTags.Create(context.Background(), colorme.CreateShopScriptTagRequest{
		Src:          "https://app.example.com/greet.js",
		DisplayScope: colorme.ScriptShop,
		Integrity:    colorme.Integrity(script),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tag.DisplayScope, tag.Integrity[:16])
	// Output: shop sha384-zO1NMckh6
}

// A metered charge. It is never sent again by itself: an outcome that is not known has to
// be looked into.
func ExampleUsageChargesService_Create() {
	srv := colormetest.NewServer()
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
	charge, err := client.UsageCharges.Create(ctx, installation.ContractID, colorme.CreateUsageChargeRequest{Point: 1200, Description: "SMS 120通"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(charge.Point, charge.Description)
	// Output: 1200 SMS 120通
}
