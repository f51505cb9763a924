package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/colorme/colormetest"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/makeshop/makeshoptest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// control puts a page beside those of the app on which its visitor plays the platforms: it shows
// what becomes of a shop when they do what they do. It has no password, so it is there only
// where nobody but this machine can reach it.
func (d *demo) control() {
	if address, ok := d.listener.Addr().(*net.TCPAddr); !ok || !address.IP.IsLoopback() {
		return
	}
	web, rest := http.NewServeMux(), d.app.handler
	web.Handle("GET /demo", d.app.page(d.controlPage))
	web.Handle("POST /demo", d.app.form(d.playScene))
	controlled := d.app.browsed(web)
	mux := http.NewServeMux()
	mux.Handle("/demo", controlled)
	mux.Handle("/", rest)
	d.app.demo, d.app.handler = true, mux
}

// scene is something that happens at a platform.
type scene struct {
	Name string // of the text: play_ and this
	play func(ctx context.Context) error
	// look lets the app read the shop's orders afterwards, which it would do within syncEvery.
	look bool
}

// theatre is a platform with its one shop and what can happen to it now.
type theatre struct {
	Key    shopKey
	Scenes []scene
}

// theatres are those of the present moment. Its caller has locked d.mu.
func (d *demo) theatres() []theatre {
	colorMe, makeShop, stores, rakuten := d.colorMe.Shop(), d.makeShop.Shop(), d.stores.Shop(), d.rakuten.Shop()
	return []theatre{
		{shopKey{"colorme", colorMe.ID}, []scene{
			{Name: "install", play: d.installColorMe},
			{Name: "uninstall", play: d.uninstallColorMe(colormetest.ByShopOwner)},
			{Name: "unpaid", play: d.uninstallColorMe(colormetest.ByUnpaid)},
			{Name: "unlink", play: nothingFails(colorMe.Unlink), look: true},
			d.refusal("colorme", d.colorMe.DenyLogins), d.outage("colorme", d.colorMe),
		}},
		{shopKey{"makeshop", makeShop.ID}, []scene{
			{Name: "install", play: d.installMakeShop},
			{Name: "uninstall", play: d.uninstallMakeShop},
			{Name: "payment_failed", play: d.renewal(hooks.MakeShopMonthlyRenewalFailedKind)},
			{Name: "payment_made", play: d.renewal(hooks.MakeShopMonthlyRenewalSucceededKind)},
			d.refusal("makeshop", d.makeShop.DenyLogins), d.outage("makeshop", d.makeShop),
		}},
		{shopKey{"stores", stores.ID}, []scene{
			{Name: "unlink", play: nothingFails(stores.Unlink), look: true},
			d.refusal("stores", d.stores.DenyLogins), d.outage("stores", d.stores),
		}},
		{shopKey{"rakuten", rakuten.ID}, []scene{
			{Name: "expire", play: nothingFails(rakuten.ExpireKey), look: true},
			{Name: "renew", play: d.renewKey, look: true},
			d.outage("rakuten", d.rakuten),
		}},
	}
}

func nothingFails(play func()) func(context.Context) error {
	return func(context.Context) error {
		play()
		return nil
	}
}

// toggle begins what is not the case, or ends what is.
func (d *demo) toggle(platform, begin, end string, set func(on bool)) scene {
	key := platform + " " + begin
	on := d.on[key]
	name := begin
	if on {
		name = end
	}
	return scene{Name: name, play: nothingFails(func() {
		set(!on)
		d.on[key] = !on
	})}
}

func (d *demo) refusal(platform string, deny func(bool)) scene {
	return d.toggle(platform, "refuse", "allow", deny)
}

// outage is a platform that answers every call with 503.
func (d *demo) outage(platform string, server interface {
	Fail(n int, f shotengaitest.Fault)
	Heal()
},
) scene {
	s := d.toggle(platform, "outage", "heal", func(on bool) {
		if on {
			server.Fail(-1, shotengaitest.Fault{Status: http.StatusServiceUnavailable})
		} else {
			server.Heal()
		}
	})
	s.look = true
	return s
}

func (d *demo) installColorMe(ctx context.Context) error {
	_, err := d.colorMe.Install(ctx, d.colorMe.Shop(), colormetest.PlanMonthly)
	return err
}

func (d *demo) uninstallColorMe(reason colormetest.Reason) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := d.colorMe.Uninstall(ctx, d.colorMe.Shop(), reason)
		return err
	}
}

func (d *demo) installMakeShop(ctx context.Context) error {
	_, err := d.makeShop.Install(ctx, d.makeShop.Shop(), 1)
	return err
}

func (d *demo) uninstallMakeShop(ctx context.Context) error {
	delivery, err := d.makeShop.Uninstall(ctx, d.makeShop.Shop())
	return errors.Join(err, accepted(delivery))
}

// accepted is the error of a webhook that the app did not accept.
func accepted(delivery makeshoptest.HookDelivery) error {
	if delivery.Err == nil && delivery.Status != http.StatusOK {
		return fmt.Errorf("the app answered the webhook with %d", delivery.Status)
	}
	return delivery.Err
}

// renewal delivers the outcome of this month's payment. A shop that has paid for this month
// already is taken for one that was installed last month. When the month ends in between, the
// payment was none that is due, and the next month's is played.
func (d *demo) renewal(kind hooks.Kind) func(context.Context) error {
	return func(ctx context.Context) error {
		for {
			month := firstOf(time.Now())
			err := d.pay(ctx, kind, month)
			if err == nil || firstOf(time.Now()).Equal(month) {
				return err
			}
		}
	}
}

func (d *demo) pay(ctx context.Context, kind hooks.Kind, month time.Time) error {
	shop := d.makeShop.Shop()
	if err := d.dueIn(ctx, shopKey{"makeshop", shop.ID}, month); err != nil {
		return err
	}
	return accepted(d.makeShop.Notify(ctx, shop, string(kind), map[string]any{
		"played_at": time.Now().Format(time.RFC3339Nano), // or it is a repetition to the app
	}))
}

func (d *demo) dueIn(ctx context.Context, key shopKey, month time.Time) error {
	sh, err := d.app.store.shop(ctx, key)
	if err != nil || sh.Subscription.Status != billing.StatusActive {
		return err
	}
	sub, _, err := billing.Subscription{}.Apply(billing.Install{On: month.AddDate(0, -1, 14), Plan: sh.Subscription.Plan})
	if err != nil {
		return err
	}
	return d.app.store.setSubscription(ctx, key, sub)
}

// renewKey issues a new licence key, and the shop hands it over.
func (d *demo) renewKey(ctx context.Context) error {
	d.rakuten.RenewKey(d.rakuten.Shop())
	return d.app.enterLicense(ctx, d.rakuten.Shop().License(), nil)
}

// controlPage shows each shop as the app sees it, and what can happen to it.
func (d *demo) controlPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	if err := d.app.beginSession(w, r, v); err != nil {
		return err
	}
	d.mu.Lock()
	theatres := d.theatres()
	d.mu.Unlock()
	type row struct {
		theatre

		Card  *card // nil: the app does not know the shop
		Opens bool  // in this browser
	}
	rows := make([]row, 0, len(theatres))
	for _, t := range theatres {
		next := row{theatre: t, Opens: v.session.mayRead(t.Key)}
		sh, err := d.app.store.shop(r.Context(), t.Key)
		if err == nil {
			c, err := d.app.card(r, sh)
			if err != nil {
				return err
			}
			next.Card = &c
		} else if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		rows = append(rows, next)
	}
	d.app.render(w, http.StatusOK, "control", v, rows)
	return nil
}

// playScene plays what was chosen. A page that was loaded before another scene may offer one
// that there is no more: nothing is played then.
func (d *demo) playScene(w http.ResponseWriter, r *http.Request, _ *visit) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.theatres() {
		for _, s := range t.Scenes {
			if r.PostFormValue("platform") == t.Key.Platform && r.PostFormValue("scene") == s.Name {
				if err := d.play(r.Context(), t.Key, s); err != nil {
					d.app.log.Warn("demo", "platform", t.Key.Platform, "scene", s.Name, "error", err)
					return problem{http.StatusConflict, "not_played"}
				}
			}
		}
	}
	http.Redirect(w, r, "/demo#"+r.PostFormValue("platform"), http.StatusSeeOther) //nolint:gosec // a path of this app
	return nil
}

func (d *demo) play(ctx context.Context, key shopKey, s scene) error {
	if err := s.play(ctx); err != nil || !s.look {
		return err
	}
	sh, err := d.app.store.shop(ctx, key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && sh.Stage == stageActive && d.app.usable(sh, time.Now()) {
		if err := d.app.sync(ctx, sh); err != nil { // the shop's page says so
			d.app.log.Info("orders", "platform", key.Platform, "shop", key.ID, "error", err)
		}
	}
	return err
}
