package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/rakutentest"
)

// rakutenStop imports the orders of a shop whose licence key is renewed in the middle of
// it, and later ends because nobody has renewed it again.
func rakutenStop(ctx context.Context, say *guide) error {
	platform := rakutentest.NewServer(rakutentest.WithOrders(2000), rakutentest.WithOrderEvery(time.Hour), rakutentest.WithoutRateLimits())
	defer platform.Close()
	shop := platform.Shop()
	var license atomic.Pointer[rakuten.License] // a real app keeps it in its database
	license.Store(new(shop.License()))
	renew := func() {
		platform.RenewKey(shop, rakutentest.OldKeyStaysFor(time.Minute)) // a person of the shop does, and hands the key over
		license.Store(new(shop.License()))
	}
	client, err := rakuten.NewClient(rakuten.LicenseFunc(func(context.Context) (rakuten.License, error) { return *license.Load(), nil }),
		append(platform.Options(), shotengai.WithLimiter(nil))...)
	if err != nil {
		return err
	}
	say.step("licence key", "shop %s, valid for 90 days", shop.ID)

	now := platform.Now()
	imp := &rakutenImport{client: client, since: now.AddDate(-1, 0, 0), until: now, saved: make(map[string]bool)}
	err = imp.run(ctx, func(n int) {
		switch n {
		case 1:
			renew()
			say.step("renewed key", "while orders flow: used at once, by the same client")
		case 1100:
			platform.Advance(91 * 24 * time.Hour) // and now nobody renews it, with calls ahead of this order still under way
		}
	})
	if !errors.Is(err, rakuten.ErrKeyExpired) {
		return fmt.Errorf("the key has ended, yet the import ended with: %w", err)
	}
	diagnosis, _ := client.DiagnoseError(ctx, err)
	who, _ := diagnosis.Act(shotengai.English)
	say.step("orders", "%d imported, then a refusal: %s; %s has to act", len(imp.saved), diagnosis.Verdict, who)

	renew()
	if err := imp.run(ctx, func(int) {}); err != nil {
		return err
	}
	say.step("renewed key", "the import goes on from the last order that was saved")
	say.step("orders", "%d in all; %d came again, and was saved under its number", len(imp.saved), imp.again)
	return nil
}

// rakutenImport is an import that can be taken up again.
type rakutenImport struct {
	client       *rakuten.Client
	since, until time.Time
	saved        map[string]bool // by number: a real app has a table of orders, and since in the same transaction
	again        int
}

func (i *rakutenImport) run(ctx context.Context, after func(n int)) error {
	params := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(i.since), EndDatetime: rakuten.At(i.until)}
	for order, err := range i.client.Orders.All(ctx, params) {
		if err != nil {
			return err
		}
		if i.saved[order.OrderNumber] {
			i.again++
		}
		i.saved[order.OrderNumber], i.since = true, order.OrderDatetime.Time
		after(len(i.saved))
	}
	return nil
}
