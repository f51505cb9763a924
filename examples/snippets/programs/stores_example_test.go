package programs

import (
	"context"
	"fmt"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// One shop by its own credential, and any shop by OAuth, an hour later as well.
func ExampleStoresApp() {
	srv := storestest.NewServer(storestest.WithOrders(0))
	defer srv.Close()
	ctx, shop := context.Background(), srv.Shop()
	shop.AddOrder(map[string]any{"number": "1000000001"})
	own := must(OwnStore(shotengai.Secret(shop.Credential()), srv.Options()...))
	fmt.Println(ToShip(ctx, own))

	site, address := newSite()
	provider := must(srv.Provider(address + "/stores/callback"))
	app := must(NewStoresApp(provider, oauth.NewMemoryStore(oauth.AllowVolatile()), newSealer(), srv.Options()...))
	site.Config.Handler = must(app.Pages(oauth.HandlerConfig{Provider: provider, Sealer: newSealer(), Insecure: true}))
	site.Start()
	defer site.Close()
	fmt.Print(open(srv.Browser(), address+"/stores/login"))
	shop.ExpireTokens()
	fmt.Println(ToShip(ctx, must(app.Clients.Get(ctx, shop.ID))))
	// Output:
	// 1000000001 5000
	// <nil>
	// 連携しました
	// 1000000001 5000
	// <nil>
}
