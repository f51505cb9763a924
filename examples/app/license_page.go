package main

import (
	"context"
	"errors"
	"net/http"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// licenseState is a licence key as pages show it.
type licenseState struct {
	standing

	Topic string // the end of keys of texts
	Tag   string // class of its tag: good, bad or none
}

// licenseWarns is how many days before the end of a key pages ask for the next one.
const licenseWarns = 30

func licenseStateOf(s standing, now time.Time) *licenseState {
	l := &licenseState{standing: s, Tag: "bad"}
	days, known := s.DaysLeft(now)
	switch {
	case s.Verdict == rakuten.VerdictExpired:
		l.Topic = "expired"
	case s.refused():
		l.Topic = "refused"
	case s.Verdict == rakuten.VerdictFunctionNotEnabled:
		l.Topic = "functions"
	case s.Verdict == rakuten.VerdictSettling:
		l.Topic, l.Tag = "settling", ""
	case known && days <= licenseWarns:
		l.Topic, l.Tag = "ends", ""
	case s.Verdict == rakuten.VerdictExpiryNotEnabled:
		l.Topic, l.Tag = "no_date", ""
	case s.Verdict == rakuten.VerdictWorks:
		l.Topic, l.Tag = "works", "good"
	default:
		l.Topic, l.Tag = "unknown", ""
	}
	return l
}

// Asks reports whether somebody has to do something about the key.
func (l *licenseState) Asks() bool { return l.Topic != "works" && l.Topic != "unknown" }

// Halts reports whether no orders come with the key.
func (l *licenseState) Halts() bool {
	return slices.Contains([]string{"expired", "refused", "functions"}, l.Topic)
}

// Days is the days that are left; nil when that is not known, or does not matter any more.
func (l *licenseState) Days(now time.Time) *int {
	days, known := l.DaysLeft(now)
	if !known || l.refused() {
		return nil
	}
	return &days
}

// Halted reports whether the shop's licence key keeps its orders from coming.
func (c card) Halted() bool { return c.License != nil && c.License.Halts() }

// Notice is the text for the shop about its key, in the language of the page.
func (v view) Notice(l *licenseState) licensewatch.Notice {
	words := licensewatch.Japanese()
	if v.lang == "en" {
		words = licensewatch.English()
	}
	return licensewatch.NewNotice(l.Status, time.Now(), words)
}

// Lines are the lines of a text.
func (view) Lines(text string) []string { return strings.Split(text, "\n") }

// Day writes a day in Japan time.
func (view) Day(t time.Time) string { return t.In(shotengai.JST).Format(time.DateOnly) }

// license puts what is known of the shop's licence key on its card.
func (a *app) license(ctx context.Context, c *card, now time.Time) error {
	s, err := a.standing(ctx, c.ID, now)
	if errors.Is(err, errNoLicense) {
		return nil
	}
	if err != nil {
		return err
	}
	c.License = licenseStateOf(s, now)
	if c.DaysLeft = c.License.Days(now); c.DaysLeft != nil {
		c.Ends = s.ExpiresAt
	}
	return nil
}

// operated is a page of licence keys, which only the operator sees. To others, and without
// Rakuten, it does not exist.
func (a *app) operated(serve handler) handler {
	return func(w http.ResponseWriter, r *http.Request, v *visit) error {
		if !v.session.Admin || a.licenses == nil {
			return errNotFound
		}
		return serve(w, r, v)
	}
}

// licensesPage lists the keys and has the form for a new one.
func (a *app) licensesPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	shops, err := a.licenses.shops(r.Context())
	if err != nil {
		return err
	}
	var cards []card
	for _, id := range shops {
		sh, err := a.store.shop(r.Context(), shopKey{"rakuten", id})
		if err != nil {
			return err
		}
		c, err := a.card(r, sh)
		if err != nil {
			return err
		}
		cards = append(cards, c)
	}
	a.render(w, http.StatusOK, "licenses", v, cards)
	return nil
}

var rakutenShopID = regexp.MustCompile(`^[0-9]{1,10}$`)

var (
	errLicenseShop     = problem{http.StatusBadRequest, "license_bad_shop"}
	errLicenseContacts = problem{http.StatusBadRequest, "license_bad_contacts"}
	errLicenseDay      = problem{http.StatusBadRequest, "license_bad_day"}
	errLicenseText     = problem{http.StatusBadRequest, "license_bad_key"}
	errLicenseRefused  = problem{http.StatusConflict, "license_refused_entry"}
)

// licenseEntered takes a shop's first licence key, or a renewed one.
func (a *app) licenseEntered(w http.ResponseWriter, r *http.Request, v *visit) error {
	key := rakuten.License{
		ServiceSecret: a.licenses.serviceSecret, Key: shotengai.Secret(r.PostFormValue("key")), Shop: r.PostFormValue("shop"),
	}
	if !rakutenShopID.MatchString(key.Shop) {
		return errLicenseShop
	}
	contacts, err := parseContacts(r.PostFormValue("contacts"))
	if err != nil {
		return errLicenseContacts
	}
	if key.IssuedAt, err = issuedAt(r.PostFormValue("issued"), time.Now()); err != nil {
		return errLicenseDay
	}
	if err := a.enterLicense(r.Context(), key, contacts); err != nil {
		return err
	}
	sh, err := a.store.shop(r.Context(), shopKey{"rakuten", key.Shop})
	if err != nil {
		return err
	}
	if sh.Stage == stageActive {
		if err := a.sync(r.Context(), sh); err != nil { // the page says so
			a.log.Warn("orders", "platform", sh.Platform, "shop", sh.ID, "error", err)
		}
	}
	http.Redirect(w, r, shopPath(sh.shopKey), http.StatusSeeOther)
	return nil
}

// issuedAt reads the day of issue; of a key of today it is now, as the platform may refuse it
// for some minutes.
func issuedAt(day string, now time.Time) (time.Time, error) {
	switch day {
	case "":
		return time.Time{}, nil
	case now.In(shotengai.JST).Format(time.DateOnly):
		return now, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, day, shotengai.JST)
	if err == nil && at.After(now) {
		err = errLicenseDay
	}
	return at, err
}

// enterLicense tries a licence key and keeps it unless the platform refuses it: one that was
// copied wrongly must not replace one that works. A platform that is out of reach refuses nothing.
func (a *app) enterLicense(ctx context.Context, key rakuten.License, contacts []mail.Address) error {
	client, err := a.licenses.clients.Get(ctx, key.Shop)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, syncLimit)
	defer cancel()
	diagnosis := client.DiagnoseLicense(limited, key)
	found := standing{Status: licensewatch.Status{Verdict: diagnosis.Verdict}}
	switch {
	case found.refused():
		return errLicenseRefused
	case errors.Is(diagnosis.Expiry, shotengai.ErrReauthorize) && !diagnosis.KeyRefused():
		return errLicenseText // it was not sent: blanks, or letters that no key has
	}
	key.ExpiresAt = diagnosis.ExpiresAt
	if err := a.licenses.put(ctx, key, contacts); err != nil {
		return err
	}
	return a.store.handedOver(ctx, shopKey{"rakuten", key.Shop})
}

// licenseRemoved ends the use of a key: the shop has left, and may come back.
func (a *app) licenseRemoved(w http.ResponseWriter, r *http.Request, _ *visit) error {
	id := r.PathValue("id")
	if err := errors.Join(a.licenses.remove(r.Context(), id), a.store.left(r.Context(), shopKey{"rakuten", id})); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/licenses", http.StatusSeeOther)
	return nil
}
