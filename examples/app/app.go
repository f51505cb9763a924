package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// app is the whole app but its listener.
type app struct {
	config    config
	log       *slog.Logger
	store     *store
	sealer    *oauth.Sealer
	platforms []*platform
	licenses  *licenses             // nil without Rakuten
	watcher   *licensewatch.Watcher // nil without Rakuten
	handler   http.Handler
	demo      bool // see demo.control
	timers    sync.WaitGroup
	stop      context.CancelFunc
}

// platform is what the app needs of one.
type platform struct {
	name   string
	grants *oauth.Manager // nil where nobody logs in
	login  *oauth.Handler
	// admit finds out whose login brought a grant, and keeps it.
	admit func(ctx context.Context, grant *oauth.Grant) (id, name string, err error)
	// orders are those of a shop that are new or have changed since the cursor.
	orders func(ctx context.Context, id string, cursor *shotengai.Cursor) iter.Seq2[order, error]
	// connection is whether the app can read the orders of a shop, and when that ends; nil where
	// nobody logs in.
	connection func(ctx context.Context, sh shop) (connection, time.Time, error)
	// judge is called before the orders are read, and what it returns after; nil where the manager
	// of the grants judges.
	judge func(ctx context.Context, id string) (judgement, error)
	// unlink ends what lets the app read the shop.
	unlink func(ctx context.Context, id string) error
	// usable reports whether the shop's contract lets it use the app; nil: it has none.
	usable func(sh shop, now time.Time) bool
	// hooks are the receivers of its hooks by path.
	hooks map[string]http.Handler
}

func newApp(ctx context.Context, c config) (*app, error) {
	sealer, err := oauth.NewSealer(c.SealKey)
	if err != nil {
		return nil, err
	}
	a := &app{config: c, log: c.Log, sealer: sealer, stop: func() {}}
	if a.store, err = openStore(ctx, c.Database, sealer); err != nil {
		return nil, err
	}
	if err := a.connect(); err != nil {
		return nil, errors.Join(err, a.close(ctx))
	}
	return a, nil
}

// connect makes the platforms and the pages.
func (a *app) connect() error {
	var errs []error
	add := func(p *platform, err error) {
		a.platforms = append(a.platforms, p)
		errs = append(errs, err)
	}
	if a.config.ColorMe != nil {
		add(a.colorMe(a.config.ColorMe))
	}
	if a.config.MakeShop != nil {
		add(a.makeShop(a.config.MakeShop))
	}
	if a.config.Stores != nil {
		add(a.stores(a.config.Stores))
	}
	if a.config.Rakuten != nil {
		add(a.rakuten(a.config.Rakuten))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	receivers := make(map[string]http.Handler)
	for _, p := range a.platforms {
		maps.Copy(receivers, p.hooks)
	}
	a.handler = a.routes()
	if len(receivers) == 0 { // neither Color Me nor makeshop
		return nil
	}
	mux, err := hooks.NewMux(receivers)
	if err == nil {
		a.handler = beside(mux, a.handler)
	}
	return err
}

// permit sets up the login of a platform and the keeping of its grants.
func (a *app) permit(p *platform, provider *oauth.Provider) (err error) {
	p.unlink = func(ctx context.Context, id string) error { return a.revoke(ctx, p, id) }
	p.connection = p.byGrant
	p.grants, err = oauth.NewManager(oauth.ManagerConfig{Provider: provider, Store: a.store.grants, Sealer: a.sealer, OnEvent: a.onEvent})
	if err != nil {
		return err
	}
	p.login, err = oauth.NewHandler(oauth.HandlerConfig{
		Provider: provider, Sealer: a.sealer, Hint: a.hint, OnError: a.loginFailed,
		OnGrant: func(ctx context.Context, login *oauth.FinishedLogin) (string, error) { return a.onGrant(ctx, p, login) },
	})
	return err
}

// hint is what the callback needs to know of the page where a login began.
type hint struct {
	Session string `json:"session"` // its id in the store
	Shop    string `json:"shop"`    // whose permission is renewed
}

func (a *app) hint(r *http.Request) (string, error) {
	s, err := a.session(r)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(hint{s.ID, r.URL.Query().Get("shop")})
	return string(text), err
}

// errOtherShop is a login to renew the permission of a shop that ended at another shop.
var errOtherShop = errors.New("the owner logged in to another shop")

// onGrant opens the page of a shop whose owner has logged in.
func (a *app) onGrant(ctx context.Context, p *platform, login *oauth.FinishedLogin) (string, error) {
	var h hint
	if err := json.Unmarshal([]byte(login.Hint), &h); err != nil {
		return "", err
	}
	id, name, err := p.admit(ctx, login.Grant)
	if err != nil {
		return "", err
	}
	if h.Shop != "" && h.Shop != id {
		return "", errOtherShop
	}
	key := shopKey{p.name, id}
	if err := a.store.seen(ctx, key, name); err != nil {
		return "", err
	}
	cookie, err := a.store.signIn(ctx, h.Session, false, key)
	if err != nil {
		return "", err
	}
	login.SetCookie(cookie)
	return shopPath(key), nil
}

func shopPath(key shopKey) string { return "/shops/" + key.Platform + "/" + url.PathEscape(key.ID) }

func (a *app) platform(name string) *platform {
	for _, p := range a.platforms {
		if p.name == name {
			return p
		}
	}
	return nil
}

// usable reports whether a shop may use the app.
func (a *app) usable(sh shop, now time.Time) bool {
	p := a.platform(sh.Platform)
	return p != nil && sh.Stage != stageLeft && (p.usable == nil || p.usable(sh, now))
}

// subscribed is usable of makeshop, which requires that an app blocks its use when the
// subscription has ended. After a failed payment the app may choose: this one blocks.
func subscribed(sh shop, now time.Time) bool {
	until, ends := sh.Subscription.UsableUntil()
	return sh.Subscription.Status != billing.StatusPaymentFailed && (!ends || now.Before(until))
}

// nextMonth is what a shop will pay next month; known is false where the platform
// computes it alone.
func nextMonth(sh shop, now time.Time) (total billing.Yen, known bool) {
	if sh.Subscription.Status == billing.StatusNone {
		return 0, false
	}
	first := billing.NextRenewal(now)
	for _, charge := range billing.Forecast(sh.Subscription, first.AddDate(0, 1, -1)) {
		if !charge.On.Before(first) {
			total += charge.Total
		}
	}
	return total, true
}

const (
	shown     = 30 * 24 * time.Hour // how far back orders are read and shown
	syncEvery = 10 * time.Minute
	syncLimit = 20 * time.Second // while somebody waits
	syncLong  = 5 * time.Minute  // while nobody does; the first run of a shop of Rakuten may need it
)

// errUnfinished is a run that was not ended in its time. The next one goes on behind it.
var errUnfinished = errors.New("there was no time to read all orders")

// sync brings the copy of a shop's orders up to date while somebody waits.
func (a *app) sync(ctx context.Context, sh shop) error { return a.syncWithin(ctx, sh, syncLimit) }

// syncWithin brings the copy of a shop's orders up to date. What came before an error is kept
// too, and the next run goes on behind it.
func (a *app) syncWithin(ctx context.Context, sh shop, limit time.Duration) error {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	now := time.Now()
	cursor := sh.Cursor
	if cursor == "" {
		cursor = shotengai.CursorFrom(now.Add(-shown))
	}
	p := a.platform(sh.Platform)
	judged := judgement(func(context.Context, error) error { return nil })
	if p.judge != nil {
		var err error
		if judged, err = p.judge(ctx, sh.ID); err != nil {
			return err
		}
	}
	var orders []order
	var failure error
	for o, err := range p.orders(limited, sh.ID, &cursor) {
		if failure = err; err != nil {
			break
		}
		orders = append(orders, o)
	}
	if failure != nil {
		now = sh.SyncedAt
		if ctx.Err() == nil && limited.Err() != nil {
			failure = fmt.Errorf("%w: %w", errUnfinished, failure)
		}
	}
	failure = errors.Join(failure, judged(ctx, failure))
	return errors.Join(failure, a.store.putOrders(ctx, sh, orders, cursor, now), a.store.noteTrouble(ctx, sh, troubleOf(failure)))
}

func (a *app) onEvent(event oauth.Event) {
	a.log.Info("grant", "event", string(event.Kind), "platform", event.Key.Platform, "shop", event.Key.Shop, "error", event.Err)
}

// start lets the timers run until close.
func (a *app) start(ctx context.Context) {
	ctx, a.stop = context.WithCancel(ctx)
	a.every(ctx, time.Hour, a.refreshDue)
	a.every(ctx, syncEvery, a.syncAll)
	a.every(ctx, time.Hour, a.purge)
	if a.watcher != nil {
		a.timers.Go(func() { _ = a.watcher.Run(ctx, a.onLicense) }) // ends with ctx
	}
}

// every runs a task at once and then from a timer.
func (a *app) every(ctx context.Context, wait time.Duration, task func(context.Context) error) {
	a.timers.Go(func() {
		timer := time.NewTicker(wait)
		defer timer.Stop()
		for ctx.Err() == nil {
			if err := task(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("timer", "error", err)
			}
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		}
	})
}

func (a *app) refreshDue(ctx context.Context) error {
	var errs []error
	for _, p := range a.platforms {
		if p.grants != nil {
			_, err := p.grants.RefreshDue(ctx)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// syncAll reads the orders of one shop after the other; see examples/fleet for thousands.
func (a *app) syncAll(ctx context.Context) error {
	shops, err := a.store.shops(ctx, `stage = 'active'`)
	errs := []error{err}
	for _, sh := range shops {
		if a.usable(sh, time.Now()) {
			if err := a.syncWithin(ctx, sh, syncLong); err != nil {
				errs = append(errs, fmt.Errorf("orders of %s %s: %w", sh.Platform, sh.ID, err))
			}
		}
	}
	return errors.Join(errs...)
}

// purge erases shops that left long ago.
func (a *app) purge(ctx context.Context) error {
	shops, err := a.store.shops(ctx, `stage = 'left' AND left_at < $1`, time.Now().Add(-retention).Unix())
	errs := []error{err, a.store.endSessions(ctx)}
	for _, sh := range shops {
		errs = append(errs, a.erase(ctx, sh.shopKey))
	}
	return errors.Join(errs...)
}

// close stops the timers, then waits for refreshes and their saves, then closes the
// database.
func (a *app) close(ctx context.Context) error {
	a.stop()
	a.timers.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	var errs []error
	for _, p := range a.platforms {
		if p != nil && p.grants != nil {
			errs = append(errs, p.grants.Close(ctx))
		}
	}
	return errors.Join(append(errs, a.store.db.Close())...)
}
