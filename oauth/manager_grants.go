package oauth

import (
	"context"
	"iter"
	"time"
)

// GrantInfo is what may be shown of a grant.
type GrantInfo struct {
	// Shop is the shop's id.
	Shop string
	// Status says whether the grant can be used.
	Status Status
	// Reason is the platform's word on why not.
	Reason string
	// Expiry is when the access token ends; the zero time means never.
	Expiry time.Time
	// Due is when RefreshDue will refresh the grant; the zero time means never.
	Due time.Time
	// Ends is when the grant is lost if nothing refreshes it; the zero time means never,
	// or not known. A grant past its end needs a login, whatever Status says: that is
	// what the platform last said.
	Ends time.Time
	// UpdatedAt is when the grant was last stored, by the store's clock.
	UpdatedAt time.Time
}

// Grants lists the app's grants in the order of the shops' ids, without the deleted
// ones: for a page that shows when grants end and who has to log in again.
func (m *Manager) Grants(ctx context.Context) iter.Seq2[GrantInfo, error] {
	return func(yield func(GrantInfo, error) bool) {
		query := DueQuery{Platform: m.provider.Name, App: m.provider.Client.ID, Limit: page}
		for {
			entries, err := m.store.Due(ctx, query)
			if err != nil {
				yield(GrantInfo{}, m.storeError(Key{Platform: query.Platform, App: query.App}, "list", err))
				return
			}
			for _, entry := range entries {
				if !yield(info(entry.Key, entry.Record), nil) {
					return
				}
			}
			if len(entries) < query.Limit {
				return
			}
			query.After = entries[len(entries)-1].Key.Shop
		}
	}
}

// Status tells what the store has of one shop. It returns an error that matches
// [ErrNoGrant] if there is no grant.
func (m *Manager) Status(ctx context.Context, shop string) (GrantInfo, error) {
	key, err := m.key(shop)
	if err != nil {
		return GrantInfo{}, err
	}
	rec, err := m.store.Load(ctx, key)
	switch {
	case err != nil:
		return GrantInfo{}, m.storeError(key, "load", err)
	case rec.Status == StatusDeleted:
		return GrantInfo{}, m.absent(key)
	}
	return info(key, rec), nil
}

func info(key Key, rec Record) GrantInfo {
	return GrantInfo{
		Shop:      key.Shop,
		Status:    rec.Status,
		Reason:    rec.Reason,
		Expiry:    rec.Expiry,
		Due:       rec.Due,
		Ends:      rec.Ends,
		UpdatedAt: rec.UpdatedAt,
	}
}
