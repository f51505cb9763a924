package programs

import (
	"context"
	"errors"
	"fmt"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// An order is imported, confirmed, released by Rakuten, and shipped.
func ExampleRakutenImport() {
	srv := rakutentest.NewServer(rakutentest.WithOrders(0), rakutentest.WithoutRateLimits())
	defer srv.Close()
	ctx, shop := context.Background(), srv.Shop()
	app := &RakutenImport{
		Client: must(srv.Client(shotengai.WithLimiter(nil))),
		Orders: make(map[string]rakuten.OrderProgress),
		Cursor: shotengai.CursorFrom(srv.Now()),
	}
	number := shop.AddOrder(nil)
	warehouse := func(string, int64) (string, bool) { return "123456789012", true }
	run := func() {
		err := errors.Join(app.Import(ctx), app.Confirm(ctx), app.Ship(ctx, warehouse))
		fmt.Println(app.Orders[number], err)
	}
	run()
	run()
	shop.Process(number) // Rakuten releases the order
	run()
	run()
	run() // has nothing left to report
	order := must(app.Client.Orders.Get(ctx, number))
	for _, parcel := range order.Packages[0].Shippings {
		fmt.Println(*parcel.ShippingNumber)
	}
	// Output:
	// 100 <nil>
	// 200 <nil>
	// 300 <nil>
	// 500 <nil>
	// 500 <nil>
	// 123456789012
}
