package storestest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"golang.org/x/oauth2"

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

// A shop's owner logs in and allows what the app asks for. The grant opens the API.
func ExampleServer_Login() {
	srv := storestest.NewServer()
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
	client, err := stores.NewClient(oauth2.StaticTokenSource(grant.Token()), srv.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	store, err := client.Store.Get(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(store.Name)
	// Output: 商店街ストア1
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
