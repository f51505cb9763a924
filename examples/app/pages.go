package main

import (
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
	"github.com/shotengai/shotengai-go/oauth"
)

// view is what the templates see.
type view struct {
	*visit
	Data any
}

// CSRF is the token of the forms.
func (v view) CSRF() string { return v.session.CSRF }

// Lang is the language of the page.
func (v view) Lang() string { return v.lang }

// T is a text in that language.
func (v view) T(key string) string { return texts[v.lang][key] }

// SignedIn reports whether there is a session to end.
func (v view) SignedIn() bool { return v.session.Admin || len(v.session.Shops) > 0 }

// Admin reports whether the operator looks on.
func (v view) Admin() bool { return v.session.Admin }

// With is the same view of other data, for a part of a page.
func (v view) With(data any) view { return view{v.visit, data} }

// Time writes an instant in Japan time.
func (view) Time(t time.Time) string { return t.In(shotengai.JST).Format("2006-01-02 15:04") }

// Yen writes an amount; nil is one that is not fixed yet.
func (view) Yen(yen *int64) string {
	if yen == nil {
		return "–"
	}
	return billing.Yen(*yen).String()
}

// Status is a state of an order in the platform's words, or in ours where there is a text.
func (v view) Status(status string) string {
	if text := v.T("status_" + status); text != "" {
		return text
	}
	return status
}

// card is one shop as pages show it, without its orders.
type card struct {
	shop
	Path     string
	LoginURL string // where the permission is renewed; empty where nobody logs in
	Usable   bool
	Lost     bool      // the permission: the owner has to log in again
	Ends     time.Time // of the grant; zero: it does not end, or that is not known
	DaysLeft *int      // of the licence key; nil: there is none, or its end is not known
	Pays     string    // next month; empty: the platform alone knows
}

func (a *app) card(r *http.Request, sh shop) (card, error) {
	now := time.Now()
	c := card{shop: sh, Path: shopPath(sh.shopKey), Usable: a.usable(sh, now)}
	if yen, known := nextMonth(sh, now); known {
		c.Pays = yen.String()
	}
	p := a.platform(sh.Platform)
	switch {
	case p == nil: // not configured any more
		return c, nil
	case p.grants == nil:
		return c, a.license(r, &c, now)
	}
	c.LoginURL = "/login/" + p.name + "?shop=" + url.QueryEscape(sh.ID)
	info, err := p.grants.Status(r.Context(), sh.ID)
	if errors.Is(err, oauth.ErrNoGrant) {
		err = nil
	}
	c.Lost, c.Ends = info.Status != oauth.StatusActive, info.Ends
	return c, err
}

// license notes when the shop's licence key ends.
func (a *app) license(r *http.Request, c *card, now time.Time) error {
	statuses, err := a.watcher.Statuses(r.Context())
	for _, status := range statuses {
		if days, known := status.DaysLeft(now); known && status.Shop == c.ID {
			c.DaysLeft, c.Ends = &days, status.ExpiresAt
		}
	}
	return err
}

// home shows an owner the shops of this browser, and a visitor where to log in.
func (a *app) home(w http.ResponseWriter, r *http.Request, v *visit) error {
	var shops []shop
	for _, key := range v.session.Shops {
		sh, err := a.store.shop(r.Context(), key)
		if errors.Is(err, sql.ErrNoRows) {
			continue // erased just now
		}
		if err != nil {
			return err
		}
		shops = append(shops, sh)
	}
	return a.overview(w, r, v, shops)
}

func (a *app) overview(w http.ResponseWriter, r *http.Request, v *visit, shops []shop) error {
	var data struct {
		Cards  []card
		Logins []string
	}
	for _, sh := range shops {
		c, err := a.card(r, sh)
		if err != nil {
			return err
		}
		data.Cards = append(data.Cards, c)
	}
	for _, p := range a.platforms {
		if p.login != nil {
			data.Logins = append(data.Logins, p.name)
		}
	}
	a.render(w, http.StatusOK, "home", v, data)
	return nil
}

// shopPage is the page of one shop: another one for a new shop, for one that is back, and
// for one whose contract is over.
func (a *app) shopPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	var data struct {
		card

		Failed bool // the orders could not be read
		Orders []order
		Count  int
		Chart  chart
	}
	active := v.shop.Stage == stageActive && a.usable(v.shop, time.Now())
	if active && v.shop.SyncedAt.IsZero() {
		if err := a.sync(r.Context(), v.shop); err != nil {
			a.log.Warn("orders", "platform", v.shop.Platform, "shop", v.shop.ID, "error", err)
			data.Failed = true
		}
		var err error
		if v.shop, err = a.store.shop(r.Context(), v.shop.shopKey); err != nil {
			return err
		}
	}
	var err error
	if data.card, err = a.card(r, v.shop); err != nil {
		return err
	}
	if active {
		now := time.Now()
		orders, err := a.store.orders(r.Context(), v.shop.shopKey, now.Add(-shown))
		if err != nil {
			return err
		}
		data.Orders, data.Count, data.Chart = orders[:min(len(orders), 10)], len(orders), perDay(orders, now)
	}
	a.render(w, http.StatusOK, "shop", v, data)
	return nil
}

// chart is the orders per day as bars of an SVG of 720 by 180.
type chart struct {
	Bars []bar
	Most int
}

type bar struct {
	Day                 string // for people
	Count               int
	X, Y, Width, Height int
	Label               bool // the day is written below
}

// Middle is where the label stands.
func (b bar) Middle() int { return b.X + b.Width/2 }

const chartDays, chartHeight, barStep = 30, 140, 23

func perDay(orders []order, now time.Time) chart {
	counts := make(map[string]int)
	c := chart{Most: 1}
	for _, o := range orders {
		day := o.At.In(shotengai.JST).Format(time.DateOnly)
		counts[day]++
		c.Most = max(c.Most, counts[day])
	}
	first := now.In(shotengai.JST).AddDate(0, 0, 1-chartDays)
	for i := range chartDays {
		day := first.AddDate(0, 0, i)
		count := counts[day.Format(time.DateOnly)]
		height := count * chartHeight / c.Most
		c.Bars = append(c.Bars, bar{
			Day: day.Format("01-02"), Count: count, X: 28 + i*barStep, Y: 10 + chartHeight - height, Width: barStep - 5, Height: height,
			Label: (chartDays-1-i)%7 == 0,
		})
	}
	return c
}
