package storestest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// A fake has a seeded shop; what a test needs beside that it adds itself, in the
// platform's spelling.
func Example() {
	srv := storestest.NewServer(storestest.WithOrders(0))
	defer srv.Close()
	id := srv.Shop().AddOrder(map[string]any{"number": "0114550798", "remarks": "お急ぎください"})

	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	order, err := client.Orders.Shipped(context.Background(), stores.OrderID(id))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(order.Number, order.Remarks, order.Status())
	// Output: 0114550798 お急ぎください shipped
}

// Faults show what the app does when the platform is busy with an order.
func ExampleRefusal() {
	srv := storestest.NewServer()
	defer srv.Close()
	id := srv.Shop().AddOrder(nil)
	srv.Fail(1, storestest.Refusal(http.MethodPatch, "/retail/202211/orders/"+id+"/deliveries", http.StatusLocked, "処理中です"))

	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	change := stores.UpdateDeliveriesRequest{TrackingNumber: new("123456789012")}
	for range 2 {
		_, err := client.Orders.UpdateDeliveries(context.Background(), stores.OrderID(id), change)
		fmt.Println(errors.Is(err, stores.ErrLocked))
	}
	// Output:
	// true
	// false
}
