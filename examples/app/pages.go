package main

import (
	"cmp"
	"database/sql"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/billing"
)

// view is what the templates see.
type view struct {
	*visit
	page string // its template
	Data any
}

// CSRF is the token of the forms.
func (v view) CSRF() string { return v.session.CSRF }

// Lang is the language of the page.
func (v view) Lang() string { return v.lang }

// T is a text in that language. On the pages of a shop it calls an order as the shop's console does.
func (v *visit) T(key string) string {
	if words := consoles[v.shop.Platform]; words != nil {
		return words.Replace(texts[v.lang][key])
	}
	return texts[v.lang][key]
}

// Title is what tabs and bookmarks call the page.
func (v view) Title() string {
	title := v.title
	if title == "" {
		title = v.T("title_" + v.page)
		if v.shop.ID != "" {
			title += " – " + v.shop.title() + " (" + v.T(v.shop.Platform) + ")"
		}
	}
	return title + " – " + v.T("app")
}

// Heading is the first heading of a page that does not write its own.
func (v view) Heading() string { return cmp.Or(v.title, v.T("title_"+v.page)) }

func (sh shop) title() string { return cmp.Or(sh.Name, sh.ID) }

// LangURL is the address of this page in a language.
func (v view) LangURL(lang string) string {
	query := maps.Clone(v.query)
	if query == nil {
		query = make(url.Values)
	}
	query.Set("lang", lang)
	return v.reopen + "?" + query.Encode()
}

// Demo reports whether there is a page that plays what happens at the platforms.
func (v view) Demo() bool { return v.demo }

// SignedIn reports whether there is a session to end.
func (v view) SignedIn() bool { return v.session.Admin || len(v.session.Shops) > 0 }

// Admin reports whether the operator looks on.
func (v view) Admin() bool { return v.session.Admin }

// With is the same view of other data, for a part of a page.
func (v view) With(data any) view { return view{v.visit, v.page, data} }

// Time writes an instant in Japan time.
func (view) Time(t time.Time) string { return t.In(shotengai.JST).Format("2006-01-02 15:04") }

// Clock writes a time of the day in Japan.
func (view) Clock(t time.Time) string { return t.In(shotengai.JST).Format("15:04") }

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
	Path       string
	LoginURL   string // where the permission is renewed; empty where nobody logs in
	Usable     bool
	Connection connection    // empty where nobody logs in
	Ends       time.Time     // of the grant; zero: it does not end, or that is not known
	DaysLeft   *int          // of the licence key; nil: there is none, it is refused, or its end is not known
	License    *licenseState // nil: there is none
	Pays       string        // next month; empty: the platform alone knows
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
		return c, a.license(r.Context(), &c, now)
	}
	c.LoginURL = "/login/" + p.name + "?shop=" + url.QueryEscape(sh.ID)
	var err error
	c.Connection, c.Ends, err = p.connection(r.Context(), sh)
	return c, err
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
		Cards    []card
		Logins   []string
		Licenses bool // there is a page of licence keys
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
	if v.title == "" && len(v.session.Shops) > 0 {
		v.title = v.T("shops")
	}
	data.Licenses = v.session.Admin && a.licenses != nil
	a.render(w, http.StatusOK, "home", v, data)
	return nil
}

// shopPage is the page of one shop: another one for a new shop, for one that is back, and
// for one whose contract is over.
func (a *app) shopPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	var data struct {
		card

		Orders []order
		Count  int
		Chart  chart
	}
	active := v.shop.Stage == stageActive && a.usable(v.shop, time.Now())
	if active && v.shop.SyncedAt.IsZero() {
		if err := a.sync(r.Context(), v.shop); err != nil {
			a.log.Warn("orders", "platform", v.shop.Platform, "shop", v.shop.ID, "error", err) // the page says it too
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
