package makeshoptest_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// A fake has a seeded shop; what a test needs beside that it adds itself, in the
// platform's spelling.
func Example() {
	srv := makeshoptest.NewServer(makeshoptest.WithOrders(0))
	defer srv.Close()
	number := srv.Shop().AddOrder(map[string]any{"message": "のしをお願いします||はい", "sumPrice": 5400})

	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	for order, err := range client.Orders.All(context.Background(), makeshop.ListOrdersParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(order.DisplayOrderNumber == number, order.SumPrice, order.Note())
	}
	// Output: true 5400 のしをお願いします
}

// Faults show what the app does when a write may have been carried out.
func ExampleServer_Fail() {
	srv := makeshoptest.NewServer()
	defer srv.Close()
	member := srv.Shop().AddMember(map[string]any{"shopPoint": 10})
	srv.Fail(1, shotengaitest.Fault{Path: makeshoptest.EndpointPath, ResetAfter: true})

	client, err := srv.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	err = client.Mutate(ctx, `mutation { updateMemberShopPoint(input: {shopPoints: {memberId: "`+member+`", point: 60}}) { results { message } } }`, nil, nil)
	fmt.Println(errors.Is(err, shotengai.ErrOutcomeUnknown))
	members := srv.Shop().Members()
	fmt.Println(members[len(members)-1]["shopPoint"])
	// Output:
	// true
	// 60
}

// A shop's owner logs in. After five minutes the temporary token is refused, and
// the client goes on with a refreshed one.
func ExampleServer_Login() {
	srv := makeshoptest.NewServer()
	defer srv.Close()
	if err := logInAndWait(context.Background(), srv); err != nil {
		fmt.Println(err)
	}
	// Output:
	// shotengai1 new: true
	// orders: 30
	// orders: 30
}

func logInAndWait(ctx context.Context, srv *makeshoptest.Server) error {
	if _, err := srv.Install(ctx, srv.Shop(), 1); err != nil {
		return err
	}
	provider, err := srv.Provider("https://app.example/callback")
	if err != nil {
		return err
	}
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	if err != nil {
		return err
	}
	defer manager.Close(ctx)
	sso, err := makeshop.NewSSO(makeshop.SSOConfig{
		Config:  srv.Config(),
		Options: srv.Options(),
		Manager: manager,
		Known:   func(context.Context, string) (bool, error) { return false, nil },
	})
	if err != nil {
		return err
	}

	login, err := provider.Begin()
	if err != nil {
		return err
	}
	query, err := srv.Login(ctx, login.URL)
	if err != nil {
		return err
	}
	grant, err := provider.Exchange(ctx, login, query)
	if err != nil {
		return err
	}
	visit, err := sso.Finish(ctx, grant)
	if err != nil {
		return err
	}
	fmt.Println(visit.ShopID, "new:", visit.New)

	client, err := sso.Login(ctx, visit.ShopID)
	if err != nil {
		return err
	}
	for _, wait := range []time.Duration{0, makeshop.TemporaryTokenLifetime} {
		srv.Advance(wait)
		page, err := client.Orders.List(ctx, makeshop.ListOrdersParams{})
		if err != nil {
			return err
		}
		fmt.Println("orders:", len(page.Items))
	}
	return nil
}
