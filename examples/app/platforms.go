package main

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/oauth2"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
	"github.com/shotengai/shotengai-go/stores"
)

// common turns a platform's orders into the app's. One that cannot be read, or that the
// platform found and did not return, is logged and left out.
func common[T any](log *slog.Logger, orders iter.Seq2[*T, error], of func(*T) (order, error)) iter.Seq2[order, error] {
	return func(yield func(order, error) bool) {
		for o, err := range orders {
			if unread, ok := errors.AsType[*shotengai.RowError](err); ok {
				log.Warn("order left out", "platform", unread.Platform, "number", unread.ID, "error", err)
				continue
			}
			var row order
			if err == nil {
				row, err = of(o)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// failed is a list that cannot be read.
func failed(err error) iter.Seq2[order, error] {
	return func(yield func(order, error) bool) { yield(order{}, err) }
}

func (a *app) colorMe(c *colorMeConfig) (*platform, error) {
	p := &platform{name: "colorme"}
	if err := a.permit(p, c.Provider); err != nil {
		return p, err
	}
	client := func(tokens oauth2.TokenSource) (*colorme.Client, error) {
		return colorme.NewClient(tokens, c.Options...)
	}
	p.admit = func(ctx context.Context, grant *oauth.Grant) (string, string, error) {
		api, err := client(oauth2.StaticTokenSource(grant.Token()))
		if err != nil {
			return "", "", err
		}
		owner, err := api.Shop.Get(ctx)
		if err != nil {
			return "", "", err
		}
		return owner.ID, owner.Title, p.grants.Put(ctx, owner.ID, grant)
	}
	p.orders = func(ctx context.Context, id string, since time.Time) iter.Seq2[order, error] {
		api, err := client(p.grants.TokenSource(id))
		if err != nil {
			return failed(err)
		}
		sales := api.Sales.All(ctx, colorme.ListSalesParams{MakeDateMin: colorme.At(since)})
		return common(a.log, sales, func(s *colorme.Sale) (order, error) {
			return order{strconv.FormatInt(s.ID, 10), s.MakeDate.Time, colorMeStatus(s), &s.TotalPrice}, nil
		})
	}
	p.usable = func(sh shop, _ time.Time) bool { return sh.Contract != "" } // from install to uninstall, also for non-payment
	receiver, err := a.colorMeHooks(p, c.WebhookSecrets)
	if err != nil {
		return p, err
	}
	p.hooks = map[string]http.Handler{
		"/hooks/colorme/install":   receiver.InstallHandler(),
		"/hooks/colorme/uninstall": receiver.UninstallHandler(),
	}
	return p, nil
}

func (a *app) colorMeHooks(p *platform, secrets []shotengai.Secret) (*hooks.ColorMe, error) {
	return hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: secrets, Ledger: a.store.ledger, Options: hooks.Options{Logger: a.log},
		OnInstall: func(ctx context.Context, e *hooks.ColorMeInstall) (string, error) {
			return a.config.URL + "/login/colorme", a.store.installed(ctx, shopKey{"colorme", e.AccountID}, e.ContractID())
		},
		OnUninstall: func(ctx context.Context, e *hooks.ColorMeUninstall) error {
			if err := a.store.left(ctx, shopKey{"colorme", e.AccountID}); err != nil {
				return err
			}
			return p.grants.Forget(ctx, e.AccountID) // the platform has killed the token
		},
	})
}

func colorMeStatus(s *colorme.Sale) string {
	switch {
	case s.Canceled:
		return "canceled"
	case s.Delivered:
		return "delivered"
	case s.Paid:
		return "paid"
	}
	return "unpaid"
}

func (a *app) stores(c *storesConfig) (*platform, error) {
	p := &platform{name: "stores"}
	if err := a.permit(p, c.Provider); err != nil {
		return p, err
	}
	client := func(tokens oauth2.TokenSource) (*stores.Client, error) { return stores.NewClient(tokens, c.Options...) }
	p.admit = func(ctx context.Context, grant *oauth.Grant) (string, string, error) {
		api, err := client(oauth2.StaticTokenSource(grant.Token()))
		if err != nil {
			return "", "", err
		}
		owner, err := api.Store.Get(ctx)
		if err != nil {
			return "", "", err
		}
		return owner.ID, owner.Name, p.grants.Put(ctx, owner.ID, grant)
	}
	p.orders = func(ctx context.Context, id string, since time.Time) iter.Seq2[order, error] {
		api, err := client(p.grants.TokenSource(id))
		if err != nil {
			return failed(err)
		}
		return common(a.log, api.Orders.All(ctx, stores.ListOrdersParams{OrderedAtFrom: stores.At(since)}), func(o *stores.Order) (order, error) {
			return order{string(o.Number), o.OrderedAt.Time, string(o.Status()), &o.PaymentAmount}, nil
		})
	}
	return p, nil
}

// rakuten has no login: a person of the shop hands the licence key to the operator, who
// alone sees these shops.
func (a *app) rakuten(ctx context.Context, c *rakutenConfig) (*platform, error) {
	p := &platform{name: "rakuten"}
	clients := make(map[string]*rakuten.Client)
	var ids []string
	for _, license := range c.Licenses {
		client, err := rakuten.NewClient(rakuten.StaticLicense(license), c.Options...)
		if err != nil {
			return p, err
		}
		clients[license.Shop] = client
		ids = append(ids, license.Shop)
		if err := a.store.seen(ctx, shopKey{p.name, license.Shop}, license.Shop, stageActive); err != nil {
			return p, err
		}
	}
	p.usable = func(sh shop, _ time.Time) bool { return clients[sh.ID] != nil }
	p.orders = func(ctx context.Context, id string, since time.Time) iter.Seq2[order, error] {
		params := rakuten.SearchOrdersParams{DateType: rakuten.DateOrdered, StartDatetime: rakuten.At(since), EndDatetime: rakuten.At(time.Now())}
		return common(a.log, clients[id].Orders.All(ctx, params), func(o *rakuten.Order) (order, error) {
			row := order{Number: o.OrderNumber, At: o.OrderDatetime.Time, Status: strconv.Itoa(int(o.OrderProgress))}
			if total, fixed := o.Total(); fixed {
				row.Total = &total
			}
			return row, nil
		})
	}
	var err error
	a.watcher, err = licensewatch.New(licensewatch.Config{
		Shops:  func(context.Context) ([]string, error) { return ids, nil },
		Client: func(_ context.Context, id string) (*rakuten.Client, error) { return clients[id], nil },
		Store:  &licensewatch.MemoryStore{},
	})
	return p, err
}

func (a *app) onLicense(event licensewatch.Event, err error) error {
	a.log.Warn("licence key", "event", string(event.Kind), "shop", event.Shop, "days_left", event.DaysLeft, "error", err)
	return nil // a real app mails the shop here
}
