package hookstest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

// The app's database is away when Color Me reports an uninstall. The platform sends it
// again, two and a half hours later, and once more because the answer was lost: the
// function of the app has run to its end once.
func Example() {
	const secret = shotengai.Secret("webhook-secret")
	ctx := context.Background()
	away := true
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{secret},
		OnUninstall: func(_ context.Context, e *hooks.ColorMeUninstall) error {
			if away {
				return errors.New("the database is away")
			}
			fmt.Println("uninstalled:", e.AccountID, e.Reason)
			return nil
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	app := httptest.NewServer(receiver.UninstallHandler())
	defer app.Close()

	uninstall := hookstest.ColorMeUninstall(hooks.ColorMeUninstall{
		AccountID: "PA00000001", RecurringApplicationChargeID: "F3RN9A",
		UninstalledAt: time.Unix(1552022740, 0), Reason: hooks.ColorMeByShopOwner,
	}, secret)
	platform := hookstest.Sender{Wait: func(_ context.Context, d time.Duration) error {
		fmt.Println("resent after", d)
		away = false
		return nil
	}}
	attempts, err := platform.Deliver(ctx, app.URL, uninstall)
	fmt.Println(len(attempts), "attempts:", attempts[0].Status, attempts[1].Status, err)

	again := platform.Send(ctx, app.URL, uninstall)
	fmt.Println("once more:", again.Status == http.StatusOK)
	// Output:
	// resent after 2h30m0s
	// uninstalled: PA00000001 by_shop_owner
	// 2 attempts: 500 200 <nil>
	// once more: true
}
