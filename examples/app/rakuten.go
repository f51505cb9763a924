package main

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// rakuten has no login: a person of the shop hands the licence key to the operator, who enters
// it and alone sees these shops.
func (a *app) rakuten(c *rakutenConfig) (*platform, error) {
	var err error
	if a.licenses, err = newLicenses(a.store, c.ServiceSecret, c.Options); err != nil {
		return nil, err
	}
	p := &platform{name: "rakuten", unlink: a.licenses.remove, judge: a.judgeLicense}
	p.orders = func(ctx context.Context, id string, cursor *shotengai.Cursor) iter.Seq2[order, error] {
		client, err := a.licenses.clients.Get(ctx, id)
		if err != nil {
			return failed(err)
		}
		return common(a.log, client.Orders.Changes(ctx, cursor), func(o *rakuten.Order) (order, error) {
			row := order{ID: o.OrderNumber, Number: o.OrderNumber, At: o.OrderDatetime.Time, Status: strconv.Itoa(int(o.OrderProgress))}
			if total, fixed := o.Total(); fixed {
				row.Total = &total
			}
			return row, nil
		})
	}
	a.watcher, err = licensewatch.New(licensewatch.Config{
		Shops: a.licenses.shops, Client: a.licenses.clients.Get, Contacts: a.licenses.contacts, Store: a.store.watch,
	})
	return p, err
}

// onLicense mails a warning to the shop. One that cannot be written comes again.
func (a *app) onLicense(event licensewatch.Event, err error) error {
	if err != nil {
		a.log.Error("licence keys", "error", err)
		return nil
	}
	a.log.Warn("licence key", "event", string(event.Kind), "shop", event.Shop, "days_left", event.DaysLeft, "error", event.Err)
	return a.warn(event.Status())
}

// warn mails what a shop has to do about its key.
func (a *app) warn(status licensewatch.Status) error {
	return a.config.Outbox.Put(licensewatch.NewNotice(status, time.Now(), licensewatch.Japanese()))
}

// judgement notes what reading the orders, with success or without, says of what they were read
// with.
type judgement func(ctx context.Context, failure error) error

// judgeLicense judges the key of a shop. It is called before the orders are read: what another
// run has found out meanwhile is newer, and stays.
func (a *app) judgeLicense(ctx context.Context, shop string) (judgement, error) {
	found, err := a.licenses.get(ctx, shop)
	if errors.Is(err, errNoLicense) {
		return func(context.Context, error) error { return nil }, nil // removed just now
	}
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, failure error) error {
		if failure == nil {
			return a.licenses.judged(ctx, found, rakuten.VerdictWorks)
		}
		client, err := a.licenses.clients.Get(ctx, shop)
		if errors.Is(err, errNoLicense) {
			return nil
		}
		if err != nil {
			return err
		}
		diagnosis, concerned := client.DiagnoseError(ctx, failure)
		if !concerned {
			return nil
		}
		return a.condemn(ctx, found, diagnosis.Verdict)
	}, nil
}

// condemn notes what is wrong with a key, and has it said to the shop.
func (a *app) condemn(ctx context.Context, found license, verdict rakuten.Verdict) (err error) {
	switch verdict {
	case found.Verdict, rakuten.VerdictUnknown, rakuten.VerdictWorks: // works: another key is in force by now
		return nil
	case rakuten.VerdictFunctionNotEnabled:
		err = a.warn(licensewatch.Status{Shop: found.Shop, ExpiresAt: found.Expiry(), Verdict: verdict, Contacts: found.Contacts})
	default:
		err = a.licenses.wake(ctx, found.Shop) // the watch warns, once
	}
	if err != nil {
		return err
	}
	return a.licenses.judged(ctx, found, verdict)
}

// standing is how a licence key stands.
type standing struct {
	licensewatch.Status

	IssuedAt time.Time
}

// refused reports whether the platform refuses the key. Then it does not matter when it ends.
func (s standing) refused() bool {
	return slices.Contains([]rakuten.Verdict{rakuten.VerdictWrongPair, rakuten.VerdictRefused, rakuten.VerdictExpired}, s.Verdict)
}

// standing puts together what is known of a shop's key: what reading its orders has shown, else
// what the watch has found since, else its dates.
func (a *app) standing(ctx context.Context, shop string, now time.Time) (standing, error) {
	found, err := a.licenses.get(ctx, shop)
	if err != nil {
		return standing{}, err
	}
	record, err := a.store.watch.Load(ctx, shop)
	if err != nil {
		return standing{}, err
	}
	if record.KeyID != found.Fingerprint() {
		record = licensewatch.Record{} // of the key before
	}
	s := standing{licensewatch.Status{Shop: shop, ExpiresAt: found.Expiry(), CheckedAt: record.CheckedAt, Contacts: found.Contacts}, found.IssuedAt}
	if !record.CheckedAt.IsZero() {
		s.ExpiresAt = record.ExpiresAt
	}
	worked := found.WorkedAt
	if record.CheckedAt.After(worked) {
		worked = record.CheckedAt
	}
	switch {
	case found.Verdict != "":
		s.Verdict = found.Verdict
	case record.AnsweredAt.After(found.WorkedAt):
		s.Verdict = record.Verdict
	case !worked.IsZero():
		s.Verdict = rakuten.VerdictWorks
	}
	if over := (rakuten.License{ExpiresAt: s.ExpiresAt}).Expired(now); over && !s.refused() && !worked.After(s.ExpiresAt) {
		s.Verdict = rakuten.VerdictExpired
	}
	return s, nil
}
