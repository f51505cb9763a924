package rakutentest_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// A fake has a seeded shop; what a test needs beside that it adds itself, in the platform's
// spelling.
func Example() {
	srv := rakutentest.NewServer(rakutentest.WithOrders(0), rakutentest.WithoutRateLimits())
	defer srv.Close()
	number := srv.Shop().AddOrder(map[string]any{"remarks": "のしをお願いします"})

	client, err := srv.Client(shotengai.WithLimiter(nil)) // no pauses between calls
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	results, err := client.Orders.Confirm(ctx, []string{number})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(results.Failed()), "failed")
	order, err := client.Orders.Get(ctx, number)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*order.Remarks, order.OrderProgress)
	// Output:
	// 0 failed
	// のしをお願いします 200
}

// importer is the app: it copies a shop's orders and remembers up to when it has all.
type importer struct {
	client *rakuten.Client
	clock  func() time.Time
	until  time.Time
	orders map[string]bool
}

// run takes what has come in since the last run that ended well.
func (app *importer) run(ctx context.Context) error {
	now := app.clock()
	params := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(app.until), EndDatetime: rakuten.At(now)}
	for order, err := range app.client.Orders.All(ctx, params) {
		if err != nil {
			return err
		}
		app.orders[order.OrderNumber] = true
	}
	app.until = now
	return nil
}

// The licence key ends in the night: the import stops with an error that says so, the shop
// issues a new key, and the import goes on without having lost an order.
func Example_licenceKeyEnds() {
	evening := time.Date(2026, 11, 1, 21, 0, 0, 0, shotengai.JST)
	srv := rakutentest.NewServer(rakutentest.WithClock(func() time.Time { return evening }), rakutentest.WithOrders(0), rakutentest.WithoutRateLimits())
	defer srv.Close()
	shop := srv.AddShop(rakutentest.Seed{IssuedAt: evening.AddDate(0, 0, -90)}) // the key ends today at 23:59:59

	// The app holds the key that the shop has handed over, and asks for it at each call.
	held := shop.License()
	source := rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return held, nil })
	client, err := rakuten.NewClient(source, append(srv.Options(), shotengai.WithLimiter(nil))...)
	if err != nil {
		fmt.Println(err)
		return
	}
	app := &importer{client: client, clock: srv.Now, until: evening.AddDate(0, -6, 0), orders: map[string]bool{}}
	ctx := context.Background()

	shop.AddOrder(nil)
	srv.Advance(time.Hour)
	fmt.Println("22:00", app.run(ctx), len(app.orders))

	shop.AddOrder(nil)
	srv.Advance(3 * time.Hour) // midnight passes
	shop.AddOrder(nil)
	err = app.run(ctx)
	fmt.Println("01:00", errors.Is(err, shotengai.ErrUnauthorized), len(app.orders))
	verdict := client.Diagnose(ctx).Verdict
	who, _ := verdict.Act(shotengai.English)
	fmt.Println("01:00", verdict+",", who, "has to act")

	srv.Advance(8 * time.Hour)
	srv.RenewKey(shop) // a person of the shop issues a key and hands it over
	held = shop.License()
	fmt.Println("09:00", app.run(ctx), len(app.orders))
	// Output:
	// 22:00 <nil> 1
	// 01:00 true 1
	// 01:00 expired, shop has to act
	// 09:00 <nil> 3
}
