package main

import (
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// demo is a fake of each platform, each with a shop.
type demo struct {
	colorMe  *colormetest.Server
	makeShop *makeshoptest.Server
	rakuten  *rakutentest.Server
	stores   *storestest.Server
	places   map[string]place
}

func startDemo() (*demo, error) {
	d := &demo{
		colorMe:  colormetest.NewServer(colormetest.WithSales(60), colormetest.WithProducts(30), colormetest.WithoutRateLimits()),
		makeShop: makeshoptest.NewServer(),
		rakuten:  rakutentest.NewServer(rakutentest.WithOrders(40), rakutentest.WithoutRateLimits()),
		stores:   storestest.NewServer(storestest.WithoutRateLimits()),
	}
	colorMeClient, err1 := d.colorMe.Client(shotengai.WithLimiter(nil))
	makeShopClient, err2 := d.makeShop.Client()
	rakutenClient, err3 := d.rakuten.Client(shotengai.WithLimiter(nil))
	storesClient, err4 := d.stores.Client(shotengai.WithLimiter(nil))
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		d.close()
		return nil, err
	}
	d.places = map[string]place{
		"demo-colorme":  {"demo-colorme", "colorme", colorMe{colorMeClient}},
		"demo-makeshop": {"demo-makeshop", "makeshop", makeShop{makeShopClient}},
		"demo-rakuten":  {"demo-rakuten", "rakuten", rakutenShop{rakutenClient}},
		"demo-stores":   {"demo-stores", "stores", storesShop{storesClient}},
	}
	return d, nil
}

func (d *demo) close() {
	d.colorMe.Close()
	d.makeShop.Close()
	d.rakuten.Close()
	d.stores.Close()
}
