package programs

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// The owners of three shops log in, a fourth shop has copied its licence key, and each has
// one new order.
func ExampleServer() {
	colorMe, makeShop := colormetest.NewServer(colormetest.WithSales(0)), makeshoptest.NewServer(makeshoptest.WithOrders(0))
	inStores, ichiba := storestest.NewServer(storestest.WithOrders(0)), rakutentest.NewServer(rakutentest.WithOrders(0), rakutentest.WithoutRateLimits())
	defer colorMe.Close()
	defer makeShop.Close()
	defer inStores.Close()
	defer ichiba.Close()
	site, address := newSite()
	server := NewServer(oauth.NewMemoryStore(oauth.AllowVolatile()), newSealer())
	server.Local = true
	must(server, errors.Join(
		server.AddColorMe(must(colorMe.Provider(address+"/colorme/callback")), colorMe.Options()...),
		server.AddMakeShop(makeShop.Config(), must(makeShop.Provider(address+"/makeshop/callback")), makeShop.Options()...),
		server.AddStores(must(inStores.Provider(address+"/stores/callback")), inStores.Options()...),
		server.AddRakuten(func(context.Context, string) (rakuten.License, error) { return ichiba.Shop().License(), nil }, append(ichiba.Options(), shotengai.WithLimiter(nil))...),
	))
	site.Config.Handler = server.Pages
	site.Start()
	defer site.Close()

	ctx := context.Background()
	must(makeShop.Install(ctx, makeShop.Shop(), 1))
	var page string
	for platform, browser := range map[string]*http.Client{
		"colorme": colorMe.Browser(), "makeshop": makeShop.Browser(), "stores": inStores.Browser(),
	} {
		page = open(browser, address+"/"+platform+"/login")
	}
	fmt.Print(page)
	cursor := shotengai.CursorFrom(ichiba.Now().AddDate(0, 0, -1))
	colorMe.Shop().AddSale(nil)
	makeShop.Shop().AddOrder(nil)
	inStores.Shop().AddOrder(nil)
	ichiba.Shop().AddOrder(nil)
	for _, shop := range []struct{ platform, id string }{
		{"colorme", colorMe.Shop().ID}, {"makeshop", makeShop.Shop().ID}, {"stores", inStores.Shop().ID}, {"rakuten", ichiba.Shop().ID},
	} {
		since := cursor
		n, err := server.Orders[shop.platform](ctx, shop.id, &since)
		fmt.Println(shop.platform, n, err)
	}
	// Output:
	// colorme PA00000001 active
	// makeshop shotengai1 active
	// stores 66097a715707000000000001 active
	// colorme 1 <nil>
	// makeshop 1 <nil>
	// stores 1 <nil>
	// rakuten 1 <nil>
}
