package rakuten_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

func ExampleOrdersService_UpdateShipping() {
	srv := rakutentest.NewServer(rakutentest.WithOrders(40), rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client(shotengai.WithLimiter(nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	found, err := client.Orders.Search(ctx, rakuten.SearchOrdersParams{
		DateType: rakuten.DateOrdered, OrderProgressList: []rakuten.OrderProgress{rakuten.ProgressToShip},
		StartDatetime: rakuten.At(srv.Now().AddDate(0, 0, -60)), EndDatetime: rakuten.At(srv.Now()),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	order, err := client.Orders.Get(ctx, found.Items[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := client.Orders.UpdateShipping(ctx, rakuten.UpdateShippingRequest{
		OrderNumber: order.OrderNumber,
		Packages: []rakuten.ShippingBasket{{BasketID: order.Packages[0].BasketID, Rows: []rakuten.ShippingRow{
			{DeliveryCompany: new(rakuten.CarrierYamato), ShippingNumber: new("1234-5678-9012")},
			{ShippingDetailID: new(int64(1)), ShippingNumber: new("0000-0000-0000")}, // there is no such parcel
		}}},
	})
	if err != nil { // the call failed: the rows that are shotengai.RowNotSent need only another try
		fmt.Println(err)
		return
	}
	for _, row := range result.Failed() { // for a person: what was refused, and why
		fmt.Println(row.Index, row.Key.ShippingNumber, row.State, row.Message)
	}
	// Output:
	// 1 0000-0000-0000 failed 指定されたshippingDetailIdは存在しません。
}

func ExampleOrder_UnreportedParcels() {
	order := rakuten.Order{ // as Orders.GetBatch returns it
		OrderNumber: "400001-20261127-0000000001",
		Packages: []rakuten.OrderPackage{{
			BasketID: 7, Shippings: []rakuten.OrderShipping{{ShippingDetailID: 1, ShippingNumber: new("1234-5678-9012")}},
		}},
	}
	request := order.UnreportedParcels(rakuten.ShippingBasket{BasketID: 7, Rows: []rakuten.ShippingRow{
		{ShippingNumber: new("123456789012")}, // reported before
		{ShippingNumber: new("1234-5678-9023")},
	}})
	for _, row := range request.Packages[0].Rows {
		fmt.Println(*row.ShippingNumber)
	}
	// Output: 1234-5678-9023
}

func ExampleInventoryService_BulkUpsert() {
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	changes := []rakuten.UpsertInventoryRequest{
		{SKU: rakuten.SKU{ManageNumber: "umbrella", VariantID: "red"}, Mode: rakuten.StockAbsolute, Quantity: 12},
		{SKU: rakuten.SKU{ManageNumber: "umbrella", VariantID: "blue"}, Mode: rakuten.StockAbsolute, Quantity: 0},
	}
	results, err := client.Inventory.BulkUpsert(context.Background(), changes)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range results.Rows {
		fmt.Println(row.Key.ManageNumber, row.Key.VariantID, row.State)
	}
	// Output:
	// umbrella red done
	// umbrella blue done
}

func ExampleCouponsService_Issue() {
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	begin := srv.Now().Add(2 * time.Hour)
	issued, err := client.Coupons.Issue(context.Background(), rakuten.IssueCouponRequest{
		CouponName:      "夏の10%引き",
		CouponStartDate: rakuten.ItemTime{Time: begin}, CouponEndDate: rakuten.ItemTime{Time: begin.AddDate(0, 0, 7)},
		IssueCount: 100, MemberAvailMaxCount: 1, ItemType: rakuten.CouponWholeOrder,
		DiscountType: rakuten.DiscountPercent, DiscountFactor: 10, CombineFlag: true, DisplayFlag: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(issued.CouponCode != "")
	// Output: true
}

func ExampleCabinetService_InsertFile() {
	srv := rakutentest.NewServer(rakutentest.WithoutRateLimits())
	defer srv.Close()
	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		fmt.Println(err)
		return
	}
	id, err := client.Cabinet.InsertFile(context.Background(), rakuten.InsertFileRequest{
		FileName: "赤い傘", FilePath: new("umbrella-red.png"), FolderID: rakuten.RootFolder, Picture: picture.Bytes(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id > 0)
	// Output: true
}
