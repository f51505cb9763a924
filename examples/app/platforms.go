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
	"github.com/shotengai/shotengai-go/stores"
)

// common turns a platform's orders into the app's. One that cannot be read, or that the
// platform found and did not return, is logged and left out: the next run asks for it again.
func common[T any](log *slog.Logger, orders iter.Seq2[*T, error], of func(*T) (order, error)) iter.Seq2[order, error] {
	return func(yield func(order, error) bool) {
		for o, err := range orders {
			var row order
			unread, ok := errors.AsType[*shotengai.RowError](err)
			switch {
			case ok && errors.Is(err, shotengai.ErrNotFound):
				row, err = order{ID: unread.ID, vanished: true}, nil
			case ok:
				log.Warn("order left out", "platform", unread.Platform, "number", unread.ID, "error", err)
				continue
			case err == nil:
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

// keptClients is how many clients of a platform are kept. Each paces the calls of its shop.
const keptClients = 1000

func (a *app) colorMe(c *colorMeConfig) (*platform, error) {
	p := &platform{name: "colorme"}
	if err := a.permit(p, c.Provider); err != nil {
		return p, err
	}
	client := func(tokens oauth2.TokenSource) (*colorme.Client, error) {
		return colorme.NewClient(tokens, c.Options...)
	}
	clients, err := shotengai.NewClients(keptClients, func(_ context.Context, id string) (*colorme.Client, error) {
		return client(p.grants.TokenSource(id))
	})
	if err != nil {
		return p, err
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
	p.orders = func(ctx context.Context, id string, cursor *shotengai.Cursor) iter.Seq2[order, error] {
		api, err := clients.Get(ctx, id)
		if err != nil {
			return failed(err)
		}
		return common(a.log, api.Sales.Changes(ctx, cursor), func(s *colorme.Sale) (order, error) {
			number := strconv.FormatInt(s.ID, 10)
			return order{ID: number, Number: number, At: s.MakeDate.Time, Status: colorMeStatus(s), Total: &s.TotalPrice}, nil
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
	clients, err := shotengai.NewClients(keptClients, func(_ context.Context, id string) (*stores.Client, error) {
		return client(p.grants.TokenSource(id))
	})
	if err != nil {
		return p, err
	}
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
	p.orders = func(ctx context.Context, id string, cursor *shotengai.Cursor) iter.Seq2[order, error] {
		api, err := clients.Get(ctx, id)
		if err != nil {
			return failed(err)
		}
		return common(a.log, api.Orders.Changes(ctx, cursor), func(o *stores.Order) (order, error) {
			return order{ID: string(o.ID), Number: string(o.Number), At: o.OrderedAt.Time, Status: string(o.Status()), Total: &o.PaymentAmount}, nil
		})
	}
	return p, nil
}
