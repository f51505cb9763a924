package stores_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/stores"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// A private app has a credential for one shop, which does not expire.
func ExampleNewClient() {
	platform := storestest.NewServer()
	defer platform.Close()
	credential := platform.Shop().Credential()

	client, err := stores.NewClient(
		oauth2.StaticTokenSource(&oauth2.Token{AccessToken: credential}),
		shotengai.WithUserAgent("my-app/1.0"),
		shotengai.WithTestServer(platform.URL), // leave out to reach STORES
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	store, err := client.Store.Get(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	states := make(map[stores.Status]int)
	for order, err := range client.Orders.All(ctx, stores.ListOrdersParams{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		states[order.Status()]++
	}
	fmt.Println(store.Name, states)
	// Output: 商店街ストア1 map[canceled:1 pending:13 repaid:2 shipped:20 unpaid:2]
}

// A public app logs in by OAuth, with a signed assertion in place of a secret, and keeps
// the grant in a manager, which refreshes it every hour.
func ExampleOAuth() {
	platform := storestest.NewServer()
	defer platform.Close()
	app := platform.App()
	// Without Adopt, the provider is that of STORES.
	provider, err := platform.Adopt(stores.OAuth(oauth.Client{
		ID: app.ClientID, RedirectURL: "http://localhost/callback",
		Scopes: []string{stores.ScopeRead, stores.ScopeWrite, stores.ScopeOfflineAccess},
	}, app.Key))
	if err != nil {
		fmt.Println(err)
		return
	}
	manager, err := oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: oauth.NewMemoryStore(oauth.AllowVolatile())})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	defer manager.Close(ctx)

	login, err := provider.Begin()
	if err != nil {
		fmt.Println(err)
		return
	}
	query, err := platform.Login(ctx, login.URL) // what the owner's browser does
	if err != nil {
		fmt.Println(err)
		return
	}
	grant, err := provider.Exchange(ctx, login, query)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := manager.Put(ctx, "tea", grant); err != nil {
		fmt.Println(err)
		return
	}
	client, err := stores.NewClient(manager.TokenSource("tea"), platform.Options()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	platform.Advance(time.Hour) // the access token ends
	store, err := client.Store.Get(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(store.Name, provider.RefreshLifetime)
	// Output: 商店街ストア1 840h0m0s
}

// An app keeps a copy of the orders, and stores the cursor beside it.
func ExampleOrdersService_Changes() {
	platform := storestest.NewServer(storestest.WithOrders(0))
	defer platform.Close()
	client, err := platform.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	cursor := shotengai.CursorFrom(platform.Now())
	id := platform.Shop().AddOrder(map[string]any{"number": "0747498784"})
	for range 2 {
		for order, err := range client.Orders.Changes(context.Background(), &cursor) {
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Println(order.Number, order.Status()) // and save both, the order and the cursor
		}
		platform.Shop().CancelOrder(id, true)
	}
	// Output:
	// 0747498784 pending
	// 0747498784 repaid
}

// An image is uploaded first, and then named by an item.
func ExampleImagesService_Upload() {
	platform := storestest.NewServer()
	defer platform.Close()
	client, err := platform.Client()
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	key, err := client.Images.Upload(ctx, "tea.png", strings.NewReader("\x89PNG\r\n\x1a\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	item, err := client.Items.Create(ctx, stores.CreateItemRequest{
		Name: "深蒸し煎茶", Description: "静岡のお茶です。", Status: stores.ItemShown, Images: []string{key}, ReducedTax: new(true),
		Variations: []stores.CreateVariationRequest{{Name: "100g", RegularPrice: 1080, Quantity: new(int64(20))}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(item.Name, len(item.ImageURLs), item.Variations[0].SalesPrice)
	// Output: 深蒸し煎茶 1 1080
}
