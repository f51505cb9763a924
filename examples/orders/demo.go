package main

import (
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
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
	d.closers = append(d.closers, colorMeServer.Close)
	colorMeClient, err := colorMeServer.Client(colorme.WithLimiter(nil))
	if err != nil {
		return nil, nil, err
	}
	return &d, []shop{colorMeShop("demo-colorme", colorMeClient)}, nil
}
