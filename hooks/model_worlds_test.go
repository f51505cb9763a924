package hooks_test

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

// world is a platform of the model.
type world struct {
	traits
	name      string
	oneTime   bool // it has purchases whose uninstalls name no contract
	receive   func(*model, *process, hooks.Options) (map[hooks.Kind]http.Handler, error)
	install   func(*contract) hookstest.Event
	uninstall func(*contract) hookstest.Event
	orders    func(*contract) hookstest.Event // nil: there are no other events
}

// traits are what a platform does not show.
type traits struct {
	oldLooksNew bool          // how old an install is
	blind       bool          // which install an uninstall means
	silent      bool          // an uninstall that is late, to the app
	tick        time.Duration // which of two events that are closer came first
}

var worlds = []world{
	{
		name: "Color Me", oneTime: true, traits: traits{oldLooksNew: true}, receive: colorMeProcess,
		install: func(c *contract) hookstest.Event {
			body := hooks.ColorMeInstall{AccountID: c.name, ApplicationChargeSourceID: "F3RN9A"}
			if c.oneTime {
				body.ApplicationChargeID = c.id
			} else {
				body.RecurringApplicationChargeID = c.id
			}
			return hookstest.ColorMeInstall(body, secretNew)
		},
		uninstall: func(c *contract) hookstest.Event {
			body := hooks.ColorMeUninstall{AccountID: c.name, ApplicationChargeSourceID: "F3RN9A", UninstalledAt: time.Now()}
			if !c.oneTime {
				body.RecurringApplicationChargeID = c.id
			}
			return hookstest.ColorMeUninstall(body, secretNew)
		},
	},
	makeShopWorld(signed, traits{silent: true, tick: 2 * time.Second}),
	makeShopWorld(addressed, traits{silent: true, blind: true}),
}

func colorMeProcess(m *model, p *process, options hooks.Options) (map[hooks.Kind]http.Handler, error) {
	receiver, err := hooks.NewColorMe(hooks.ColorMeConfig{
		Secrets: []shotengai.Secret{secretNew},
		Ledger:  p,
		OnInstall: func(ctx context.Context, _ *hooks.ColorMeInstall) (string, error) {
			return landing, m.act(ctx, p, false)
		},
		OnUninstall:     func(ctx context.Context, _ *hooks.ColorMeUninstall) error { return m.act(ctx, p, false) },
		OnLateUninstall: func(ctx context.Context, _ *hooks.ColorMeUninstall) error { return m.act(ctx, p, true) },
		Options:         options,
	})
	if err != nil {
		return nil, err
	}
	return map[hooks.Kind]http.Handler{
		hooks.ColorMeInstallKind: receiver.InstallHandler(), hooks.ColorMeUninstallKind: receiver.UninstallHandler(),
	}, nil
}

// makeShopWorld is makeshop, whose events are proven in one of two ways. The signatures of the
// model stay good for ever, so that replays reach the ledger.
func makeShopWorld(proof makeShopProof, hidden traits) world {
	event := func(kind hooks.Kind, body []byte) hookstest.Event { return proof.event(kind, body, secretNew) }
	other := func(kind hooks.Kind, c *contract, number int) hookstest.Event {
		return event(kind, hookstest.MakeShopEventBody(hooks.MakeShopEvent{AppID: int64(number), ShopID: c.name}))
	}
	return world{
		name: proof.name, traits: hidden,
		receive: func(m *model, p *process, options hooks.Options) (map[hooks.Kind]http.Handler, error) {
			return makeShopProcess(m, p, options, proof)
		},
		install: func(c *contract) hookstest.Event {
			return event(hooks.MakeShopInstallKind, hookstest.MakeShopInstallBody(hooks.MakeShopInstall{
				AppID: 7, PlanID: 11, AppName: "app", ShopID: c.name, Token: shotengai.Secret(c.id),
			}))
		},
		uninstall: func(c *contract) hookstest.Event { return other(hooks.MakeShopUninstallKind, c, 7) },
		orders:    func(c *contract) hookstest.Event { return other(hooks.MakeShopOrderUpdateKind, c, c.orders) },
	}
}

func makeShopProcess(m *model, p *process, options hooks.Options, proof makeShopProof) (map[hooks.Kind]http.Handler, error) {
	act := func(ctx context.Context, _ *hooks.MakeShopEvent) error { return m.act(ctx, p, false) }
	config := proof.config([]shotengai.Secret{secretNew})
	config.Ledger, config.Options = p, options
	config.OnInstall = func(ctx context.Context, _ *hooks.MakeShopInstall) error { return m.act(ctx, p, false) }
	config.OnUninstall = act
	config.On = map[hooks.Kind]func(context.Context, *hooks.MakeShopEvent) error{hooks.MakeShopOrderUpdateKind: act}
	config.Identity = func(e *hooks.MakeShopEvent) string { return strconv.FormatInt(e.AppID, 10) }
	if config.Signature != nil {
		config.Signature.Tolerance = 10 * 365 * 24 * time.Hour
	} else {
		config.Confirm = hooks.ConfirmMakeShop(m.tokenOwner)
	}
	receiver, err := hooks.NewMakeShop(config)
	if err != nil {
		return nil, err
	}
	routes := make(map[hooks.Kind]http.Handler)
	for _, kind := range []hooks.Kind{hooks.MakeShopInstallKind, hooks.MakeShopUninstallKind, hooks.MakeShopOrderUpdateKind} {
		routes[kind] = receiver.Handler(kind)
	}
	return routes, nil
}

// tokenOwner is makeshop's API, which says whose token it is, and the app's store of tokens.
func (m *model) tokenOwner(ctx context.Context, _ string, token shotengai.Secret) (string, error) {
	h := m.happening(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	id := token.Reveal()
	if id == "" {
		id = h.noted
	}
	for _, c := range h.contracts {
		if c.id == id && c.alive {
			return h.name, nil
		}
	}
	return "", nil
}
