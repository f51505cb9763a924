package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// rakutenStop imports the orders of a shop whose licence key ends in the middle of it.
func rakutenStop(ctx context.Context, say *guide) error {
	platform := rakutentest.NewServer(rakutentest.WithOrders(1000))
	defer platform.Close()
	shop := platform.Shop()
	var license atomic.Pointer[rakuten.License]
	license.Store(new(shop.License()))
	client, err := rakuten.NewClient(rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return *license.Load(), nil }),
		rakuten.WithTestServer(platform.URL), rakuten.WithHTTPClient(platform.HTTPClient()), rakuten.WithLimiter(nil), rakuten.WithClock(platform.Now))
	if err != nil {
		return err
	}
	say.step("licence key", "shop %s, valid for 90 days", shop.ID)

	imp := &rakutenImport{client: client, until: platform.Now(), seen: make(map[string]int)}
	err = imp.run(ctx, func(n int) {
		if n == 100 {
			platform.Advance(91 * 24 * time.Hour) // nobody of the shop has renewed it
		}
	})
	if !errors.Is(err, rakuten.ErrKeyExpired) {
		return fmt.Errorf("the key has ended, yet the import ended with: %w", err)
	}
	diagnosis := client.Diagnose(ctx)
	say.step("orders", "%d imported, then a refusal: %s; %s has to act", len(imp.seen), diagnosis.Verdict, diagnosis.Who)

	renewed := *license.Load()
	renewed.Key, renewed.ExpiresAt = rakuten.Secret(platform.RenewKey(shop)), time.Time{}
	license.Store(&renewed)
	if err := imp.run(ctx, func(int) {}); err != nil {
		return err
	}
	for number, times := range imp.seen {
		if times != 1 {
			return fmt.Errorf("order %s came %d times", number, times)
		}
	}
	say.step("renewed key", "used at once, by the same client")
	say.step("orders", "%d in all, each once", len(imp.seen))
	return nil
}

// rakutenImport is an import that can be taken up again.
type rakutenImport struct {
	client *rakuten.Client
	until  time.Time
	at     rakuten.Checkpoint // a real app stores it together with the orders
	seen   map[string]int
}

func (i *rakutenImport) run(ctx context.Context, after func(n int)) error {
	params := rakuten.AllOrdersParams{Checkpoint: &i.at}
	params.DateType = rakuten.DateOrdered
	params.StartDatetime, params.EndDatetime = rakuten.At(i.until.AddDate(0, 0, -365)), rakuten.At(i.until)
	for order, err := range i.client.Orders.All(ctx, params) {
		if err != nil {
			return err
		}
		i.seen[order.OrderNumber]++
		after(len(i.seen))
	}
	return nil
}
