package programs

import (
	"context"
	"fmt"

	"github.com/shotengai/shotengai-go/colorme/colormetest"
)

// A shop installs the app, its owner logs in, and what the shop has used is charged: once
// while it has the app, and once more after the uninstall.
func ExampleColorMeApp() {
	srv := colormetest.NewServer()
	defer srv.Close()
	site, address := newSite()
	provider := must(srv.Provider(address + "/callback"))
	app := must(NewColorMeApp(address, true, provider, srv.App().WebhookSecret, newSealer(), srv.Options()...))
	site.Config.Handler = app
	site.Start()
	defer site.Close()
	registration := srv.App()
	registration.InstallURL, registration.UninstallURL = address+"/install", address+"/uninstall"
	srv.SetApp(registration)

	ctx, shop := context.Background(), srv.Shop()
	installation := must(srv.Install(ctx, shop, colormetest.PlanMetered))
	fmt.Print(open(srv.Browser(), installation.RedirectURL))
	for range 30 {
		app.Sent(shop.ID)
	}
	fmt.Println("charged:", app.Charge(ctx, shop.ID))
	for range 6 {
		app.Sent(shop.ID)
	}
	fmt.Println("too few to charge:", app.Charge(ctx, shop.ID))
	for range 6 {
		app.Sent(shop.ID)
	}
	must(srv.Uninstall(ctx, shop, colormetest.ByShopOwner))
	for _, charge := range shop.UsageCharges() {
		fmt.Println(charge.Point, charge.Description)
	}
	// Output:
	// ようこそ
	// charged: <nil>
	// too few to charge: <nil>
	// 300 メッセージ 30通
	// 120 メッセージ 12通
}
