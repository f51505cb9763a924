package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/oauth"
)

// makeShopHooks are the kinds of events of an app with a subscription, each with an
// address of its own, by the last word of that but the path token.
var makeShopHooks = map[string]hooks.Kind{
	"install":        hooks.MakeShopInstallKind,
	"uninstall":      hooks.MakeShopUninstallKind,
	"renewal-paid":   hooks.MakeShopMonthlyRenewalSucceededKind,
	"renewal-failed": hooks.MakeShopMonthlyRenewalFailedKind,
	"plan-change":    hooks.MakeShopPlanChangeKind,
	"cancel":         hooks.MakeShopCancelKind,
	"unpaid":         hooks.MakeShopRepaymentExceededKind,
}

func (a *app) makeShop(c *makeShopConfig) (*platform, error) {
	p := &platform{name: "makeshop", usable: subscribed}
	if err := a.permit(p, c.Provider); err != nil {
		return p, err
	}
	sso, err := makeshop.NewSSO(makeshop.SSOConfig{
		Config: c.API, Manager: p.grants, Options: c.Options,
		Known: func(ctx context.Context, id string) (bool, error) {
			shops, err := a.store.shops(ctx, `platform = $1 AND id = $2 AND stage <> 'new'`, "makeshop", id)
			return len(shops) > 0, err
		},
	})
	if err != nil {
		return p, err
	}
	p.admit = func(ctx context.Context, grant *oauth.Grant) (string, string, error) {
		visit, err := sso.Finish(ctx, grant)
		if err != nil {
			return "", "", err
		}
		name := visit.ShopID
		if visit.Shop != nil {
			name = visit.Shop.ShopName
		}
		return visit.ShopID, name, nil
	}
	p.connection = a.byToken
	clients, err := shotengai.NewClients(keptClients, func(_ context.Context, id string) (*makeshop.Client, error) {
		return makeshop.NewClient(c.API, makeshop.TokenFunc(func(ctx context.Context) (shotengai.Secret, error) {
			return a.installToken(ctx, id) // of the newest install
		}), c.Options...)
	})
	if err != nil {
		return p, err
	}
	p.orders = func(ctx context.Context, id string, cursor *shotengai.Cursor) iter.Seq2[order, error] {
		client, err := clients.Get(ctx, id)
		if err != nil {
			return failed(err)
		}
		return common(a.log, client.Orders.Changes(ctx, cursor), func(o *makeshop.Order) (order, error) {
			at, err := o.OrderDate.Time()
			return order{ID: o.SystemOrderNumber, Number: o.DisplayOrderNumber, At: at, Status: string(o.PaymentStatusCode), Total: &o.SumPrice}, err
		})
	}
	receiver, err := a.makeShopReceiver(p, c)
	if err != nil {
		return p, err
	}
	p.hooks = make(map[string]http.Handler)
	for word, kind := range makeShopHooks {
		p.hooks["/hooks/makeshop/"+word+"/"] = receiver.Handler(kind)
	}
	return p, nil
}

// installToken is the persistent token of the install, with which the app works while the owner
// is away; "" for a shop that was never known, or was erased.
func (a *app) installToken(ctx context.Context, id string) (shotengai.Secret, error) {
	token, err := a.store.token(ctx, shopKey{"makeshop", id})
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return shotengai.Secret(token), err
}

func (a *app) makeShopReceiver(p *platform, c *makeShopConfig) (*hooks.MakeShop, error) {
	today := func() time.Time { return time.Now().In(shotengai.JST) }
	apply := func(event func(*hooks.MakeShopEvent) (billing.Event, error)) func(context.Context, *hooks.MakeShopEvent) error {
		return func(ctx context.Context, e *hooks.MakeShopEvent) error {
			change, err := event(e)
			if err != nil {
				return err
			}
			return a.store.subscribe(ctx, shopKey{"makeshop", e.ShopID}, change)
		}
	}
	renewal := func(failed bool) func(context.Context, *hooks.MakeShopEvent) error {
		return func(ctx context.Context, e *hooks.MakeShopEvent) error {
			key := shopKey{"makeshop", e.ShopID}
			sh, err := a.store.shop(ctx, key)
			if err != nil {
				return err
			}
			return a.store.subscribe(ctx, key, billing.Renewal{On: renewalDue(sh.Subscription, today()), Failed: failed})
		}
	}
	owner, err := makeshop.Owner(c.API, a.installToken, c.Options...)
	if err != nil {
		return nil, err
	}
	receiver, err := hooks.NewMakeShop(hooks.MakeShopConfig{
		PathToken: c.PathToken, Ledger: a.store.ledger, Options: hooks.Options{Logger: a.log},
		Confirm: hooks.ConfirmMakeShop(owner),
		OnInstall: func(ctx context.Context, e *hooks.MakeShopInstall) error {
			return a.makeShopInstalled(ctx, c, e, today())
		},
		OnUninstall: func(ctx context.Context, e *hooks.MakeShopEvent) error {
			return a.makeShopLeft(ctx, p, shopKey{"makeshop", e.ShopID}, today())
		},
		On: map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{
			hooks.MakeShopMonthlyRenewalSucceededKind: renewal(false),
			hooks.MakeShopMonthlyRenewalFailedKind:    renewal(true),
			hooks.MakeShopCancelKind: apply(func(*hooks.MakeShopEvent) (billing.Event, error) {
				return billing.Cancel{On: today()}, nil
			}),
			hooks.MakeShopPlanChangeKind: apply(func(e *hooks.MakeShopEvent) (billing.Event, error) {
				plan, known := c.Plans[e.PlanID]
				if !known {
					return nil, fmt.Errorf("plan %d is not configured", e.PlanID)
				}
				return billing.PlanChange{On: today(), Plan: plan}, nil
			}),
			// The payment had failed before, so the app is blocked already.
			hooks.MakeShopRepaymentExceededKind: func(context.Context, *hooks.MakeShopEvent) error { return nil },
		},
	})
	if err != nil {
		return nil, err
	}
	return receiver, receiver.AssertHandles(hooks.MakeShopPlanSubscription, hooks.MakeShopPlanOptions{SeveralPlans: true})
}

// renewalDue is the day on which a payment fell due, which its event does not say: the first of
// this month, or of an earlier one whose payment has failed and is made now.
func renewalDue(sub billing.Subscription, today time.Time) time.Time {
	if sub.Status == billing.StatusPaymentFailed {
		return billing.NextRenewal(sub.PaidMonth)
	}
	return firstOf(today)
}

func firstOf(today time.Time) time.Time {
	year, month, _ := today.In(shotengai.JST).Date()
	return billing.Date(year, month, 1)
}

func (a *app) makeShopInstalled(ctx context.Context, c *makeShopConfig, e *hooks.MakeShopInstall, today time.Time) error {
	plan, known := c.Plans[e.PlanID]
	if !known {
		return fmt.Errorf("plan %d is not configured", e.PlanID)
	}
	key := shopKey{"makeshop", e.ShopID}
	if err := a.store.installed(ctx, key, ""); err != nil {
		return err
	}
	if err := a.store.putToken(ctx, key, e.Token); err != nil {
		return err
	}
	sh, err := a.store.shop(ctx, key)
	if err != nil {
		return err
	}
	switch sub := sh.Subscription; {
	case sub.Latest.IsZero():
		return a.store.subscribe(ctx, key, billing.Install{On: today, Plan: plan})
	case sub.Status == billing.StatusNone:
		return a.store.subscribe(ctx, key, billing.Reinstall{On: today, Plan: plan, AsNew: true})
	}
	return nil // a repeated delivery, whose first run had come as far as this
}

// makeShopLeft ends the subscription. One that was not cancelled is so by the uninstall. What the
// platform would not do with it, because an event before is lost, is for the log: the shop has
// left all the same.
func (a *app) makeShopLeft(ctx context.Context, p *platform, key shopKey, today time.Time) error {
	sh, err := a.store.shop(ctx, key)
	if errors.Is(err, sql.ErrNoRows) {
		return p.grants.Forget(ctx, key.ID)
	}
	if err != nil {
		return err
	}
	var events []billing.Event
	if sh.Subscription.Status == billing.StatusActive {
		events = append(events, billing.Cancel{On: today})
	}
	if sh.Subscription.Status != billing.StatusNone {
		events = append(events, billing.Uninstall{On: today})
	}
	err = a.store.subscribe(ctx, key, events...)
	if _, refused := errors.AsType[*billing.RefusedError](err); refused || errors.Is(err, billing.ErrPeriod) {
		a.log.Error("subscription", "shop", key.ID, "error", err)
		err = nil
	}
	if err != nil {
		return err
	}
	if err := a.store.left(ctx, key); err != nil {
		return err
	}
	return p.grants.Forget(ctx, key.ID)
}
