package licensewatch

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/mail"
	"time"

	"github.com/shotengai/shotengai-go/rakuten"
)

// Times of a Watcher.
const (
	watchLease      = 10 * time.Minute // a check under way; another instance takes over after it
	watchAsk        = 5 * time.Minute  // the calls of a check, so that the rest of the lease is for handing over
	watchSave       = 10 * time.Second // writing down what was handed over, also when the context has ended
	watchRetry      = time.Hour        // after a check that found nothing out, or an event that was not handled
	watchIdle       = time.Hour        // the longest pause between rounds, so that new shops and keys are seen
	watchShortest   = 5 * time.Minute  // the shortest pause between rounds
	failuresAllowed = 3                // checks in a row that may find nothing out of a key not known before
)

// shop checks one shop if it is due and returns when it is due next.
func (w *Watcher) shop(ctx context.Context, shop string, handle watchHandler) (time.Time, error) {
	record, client, license, err := w.open(ctx, shop)
	if err != nil {
		return time.Time{}, err
	}
	now := w.config.Now()
	record.use(license, now)
	if w.later(record.NextCheck, now) {
		return record.NextCheck, nil
	}
	record.NextCheck = now.Add(watchLease)
	if claimed, err := w.config.Store.Save(ctx, record); err != nil || !claimed {
		return record.NextCheck, err
	}
	record.Version++
	if err := w.config.Pace.Wait(ctx); err != nil {
		return record.NextCheck, err
	}
	events := w.check(ctx, client, license, &record)
	if ctx.Err() != nil {
		return record.NextCheck, ctx.Err()
	}
	var contacts []mail.Address
	if len(events) > 0 {
		contacts, err = w.contacts(ctx, shop)
	}
	for _, event := range events {
		event.Contacts = contacts
		if err == nil && handle(event, nil) == nil {
			record.raise(event)
		} else if retry := w.config.Now().Add(watchRetry); retry.Before(record.NextCheck) {
			record.NextCheck = retry
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), watchSave)
	defer cancel()
	_, unsaved := w.config.Store.Save(ctx, record) // false: the lease ran out, and another instance has taken over
	return record.NextCheck, errors.Join(err, unsaved)
}

// open gets all that a check begins with.
func (w *Watcher) open(ctx context.Context, shop string) (record Record, client *rakuten.Client, license rakuten.License, err error) {
	if record, err = w.config.Store.Load(ctx, shop); err != nil {
		return record, nil, license, err
	}
	record.Shop = shop
	if client, err = w.config.Client(ctx, shop); err != nil {
		return record, nil, license, err
	}
	if client == nil {
		return record, nil, license, errors.New("there is no client")
	}
	license, err = client.License(ctx)
	return record, client, license, err
}

// later reports whether a check has to wait. A time farther off than any that is ever set
// comes from a clock that was wrong.
func (w *Watcher) later(next, now time.Time) bool {
	return now.Before(next) && next.Sub(now) <= max(w.config.Every, watchRetry)
}

// check asks the platform for the end of a key, writes down what it says and returns the
// events that are due.
func (w *Watcher) check(ctx context.Context, client *rakuten.Client, license rakuten.License, record *Record) []Event {
	ctx, cancel := context.WithTimeout(ctx, watchAsk)
	defer cancel()
	now := w.config.Now()
	license.ExpiresAt = record.ExpiresAt // what the platform said while it could
	diagnosis := client.DiagnoseLicense(ctx, license)
	if diagnosis.Expiry == nil {
		record.ExpiresAt, record.CheckedAt = diagnosis.ExpiresAt, now
		w.found(record, rakuten.VerdictWorks, now)
		return record.ends(now)
	}
	alarm := Event{Shop: record.Shop, Kind: Unknown, ExpiresAt: record.ExpiresAt, Err: diagnosis.Expiry}
	alarm.DaysLeft, _ = record.status().DaysLeft(now)
	if diagnosis.KeyRefused() {
		alarm.Diagnosis = &diagnosis
	}
	switch verdict := alarm.verdict(); {
	case verdict == rakuten.VerdictUnknown:
		record.Failures++
		record.NextCheck = now.Add(watchRetry)
		if record.patient(diagnosis.KeyRefused(), w.config.Every, now) {
			return record.ends(now)
		}
		record.Verdict = verdict
	case verdict == rakuten.VerdictSettling, verdict != rakuten.VerdictExpired && record.settling(now):
		w.found(record, rakuten.VerdictSettling, now)
		record.NextCheck = now.Add(watchLease)
		return record.ends(now)
	default:
		w.found(record, verdict, now)
	}
	events := record.ends(now)
	if alarm.DaysLeft < 0 { // that it has ended says it all
		return events
	}
	return append(events, record.unraised(alarm)...)
}

// found writes down what the platform has said of a key and sets the next check: a day
// later, or in the first hours of the day in Japan that brings the next event.
func (w *Watcher) found(record *Record, verdict rakuten.Verdict, now time.Time) {
	record.Verdict, record.AnsweredAt, record.Failures = verdict, now, 0
	record.forget(now)
	slack := rand.N(w.config.Every/10 + 1)
	record.NextCheck = now.Add(w.config.Every - slack)
	if at, known := record.status().nextLevel(now); known && at.Before(record.NextCheck) {
		record.NextCheck = at.Add(slack)
	}
}
