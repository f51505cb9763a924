package main

import (
	"errors"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
	"github.com/shotengai/shotengai-go/stores/storestest"
)

// demo is the fakes that an export without accounts runs against.
type demo struct{ closers []func() }

func (d *demo) close() {
	for _, c := range d.closers {
		c()
	}
}

// startDemo starts a fake of each platform with a shop in it.
func startDemo() (*demo, []shop, error) {
	var d demo
	colorMeServer := colormetest.NewServer(colormetest.WithSales(120), colormetest.WithoutRateLimits())
	storesServer := storestest.NewServer(storestest.WithoutRateLimits())
	rakutenServer := rakutentest.NewServer(rakutentest.WithOrders(60), rakutentest.WithoutRateLimits())
	makeshopServer := makeshoptest.NewServer()
	d.closers = append(d.closers, colorMeServer.Close, storesServer.Close, rakutenServer.Close, makeshopServer.Close)

	colorMeClient, err1 := colorMeServer.Client(shotengai.WithLimiter(nil))
	storesClient, err2 := storesServer.Client(shotengai.WithLimiter(nil))
	rakutenClient, err3 := rakutenServer.Client(shotengai.WithLimiter(nil))
	makeshopClient, err4 := makeshopServer.Client()
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		d.close()
		return nil, nil, err
	}
	return &d, []shop{
		colorMeShop("demo-colorme", colorMeClient), makeShop("demo-makeshop", makeshopClient),
		rakutenShop("demo-rakuten", rakutenClient), storesShop("demo-stores", storesClient),
	}, nil
}
