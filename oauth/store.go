package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go"
)

// Why a kept grant cannot be used, or not now.
var (
	// ErrNoGrant means that the store has no grant of the shop: it never logged in, or its
	// grant was deleted. It wraps [shotengai.ErrReauthorize], as the shop has to log in.
	// It does not match [shotengai.ErrNotFound], which is about a resource of the platform.
	ErrNoGrant error = needsLogin("no grant kept")
	// ErrRevoked means that the platform refuses an access token that cannot be refreshed, and
	// has not expired if it does: the shop has uninstalled the app. It wraps [shotengai.ErrReauthorize]. See [StatusRevoked].
	ErrRevoked error = needsLogin("access token revoked: " + shotengai.ErrReauthorize.Error())
	// ErrStoreUnavailable means that the store did not answer. Without it nothing is
	// refreshed, so that no other process can be refreshing the same grant. It comes
	// together with [ErrTemporary].
	ErrStoreUnavailable error = passing("token store not available")
	// ErrStoreSetup means that the store answers but cannot be used as it is: its
	// schema is missing or of another version, or its connection only reads.
	ErrStoreSetup = errors.New("token store not set up")
	// ErrStoreLost means that the store no longer has what it had: it was emptied or
	// restored from an old copy. The shop's permission itself may well be intact.
	ErrStoreLost = errors.New("token store has lost its records")
	// ErrUnsaved means that a grant was refreshed and could not be stored yet.
	ErrUnsaved = errors.New("refreshed grant not stored")
	// ErrSealed means that a stored grant cannot be opened: its key is not known, or it
	// was changed or moved to another shop's row.
	ErrSealed = errors.New("stored grant cannot be opened")
	// ErrClosed means that the manager is closed.
	ErrClosed = errors.New("manager closed")
)

// Key names a grant: one shop's permission for one app on one platform.
type Key struct {
	// Platform is the provider's name.
	Platform string
	// App is the client id.
	App string
	// Shop is the shop's id on the platform.
	Shop string
}

// Limits of the parts of a key, in bytes: what an index of MySQL holds.
const (
	maxPlatform = 64
	maxName     = 255
)

// Validate refuses a key that a store could not keep apart from others.
func (k Key) Validate() error {
	for _, part := range []struct {
		name, value string
		limit       int
	}{
		{"platform", k.Platform, maxPlatform},
		{"app", k.App, maxName},
		{"shop", k.Shop, maxName},
	} {
		switch {
		case part.value == "":
			return fmt.Errorf("oauth: key without %s", part.name)
		case len(part.value) > part.limit:
			return fmt.Errorf("oauth: key: %s of %d bytes, at most %d", part.name, len(part.value), part.limit)
		case !plainText(part.value):
			return fmt.Errorf("oauth: key: %s has control characters or is not UTF-8", part.name)
		}
	}
	return nil
}

func plainText(s string) bool {
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s)
}

// Status reports whether a stored grant can be used.
type Status string

const (
	// StatusActive is a grant that works as far as is known.
	StatusActive Status = "active"
	// StatusReauthorize is a grant whose refresh token the platform refused.
	StatusReauthorize Status = "reauthorize"
	// StatusInDoubt is like StatusReauthorize, after an earlier refresh whose answer
	// was lost: the refusal is the loss showing, not the owner's will.
	StatusInDoubt Status = "in_doubt"
	// StatusRevoked is a grant whose access token, which cannot be refreshed, the platform has
	// refused before its end, if it has one. It is handed out all the same: the refusal may
	// have been the platform's fault, and only a call shows it.
	StatusRevoked Status = "revoked"
	// StatusDeleted marks a grant that was deleted. The mark stays, so that a refresh
	// that was under way cannot bring the grant back.
	StatusDeleted Status = "deleted"
)

// Record is a grant as a store keeps it. Times are kept to the microsecond; the zero
// time stands for none.
type Record struct {
	// Version counts the changes of the record, from 1.
	Version int64
	// SaveID is the name that the writer of this version gave its write.
	SaveID string
	// Status reports whether the grant can be used.
	Status Status
	// Reason is why the status is not active, in a few words.
	Reason string
	// Sealed is the grant itself, encrypted.
	Sealed []byte
	// Expiry is when the access token ends.
	Expiry time.Time
	// Due is when the grant has to be refreshed to be kept alive; of a grant without a refresh
	// token it is the end.
	Due time.Time
	// Ends is when the grant ends if it is not refreshed.
	Ends time.Time
	// UpdatedAt is when this version was written, by the store's clock.
	UpdatedAt time.Time
}

// Lease is the answer of [TokenStore.Acquire].
type Lease struct {
	// Held reports that the caller has the lease.
	Held bool
	// Attempts is how many leases on this version ended without a Save or a Release,
	// which is what the death of their owner looks like.
	Attempts int
	// Remaining is how long the lease of somebody else still lasts.
	Remaining time.Duration
	// HeldOff reports that nobody has the lease, and that it was released with a wait
	// that is not over.
	HeldOff bool
}

// DueQuery selects records of one app.
type DueQuery struct {
	// Platform and App are those of the key.
	Platform, App string
	// Before selects active records with a Due that is not later; the zero time selects
	// all that are not deleted.
	Before time.Time
	// After selects shops that sort after it, byte by byte; empty starts at the first.
	After string
	// Limit is the greatest number of records to return.
	Limit int
}

// Entry is a record in a listing, with the key that names it and without Sealed.
type Entry struct {
	Key
	Record
}

// TokenStore keeps sealed grants for all instances of an app. Package
// oauth/storetest holds what an implementation has to do; oauth/sqlstore and
// oauth/redisstore are implementations.
//
// A method returns [ErrNoGrant] and [shotengai.ErrConflict] where its comment says so. Any
// other error means that the outcome is not known. Leases are measured by one
// clock, the store's own. All methods are safe for concurrent use.
type TokenStore interface {
	// Load returns the record, also that of a deleted grant, or ErrNoGrant.
	Load(ctx context.Context, key Key) (Record, error)
	// Put stores a new consent: it replaces whatever is there, moves the version on,
	// and ends leases and waits. It returns the new version.
	Put(ctx context.Context, key Key, rec Record) (int64, error)
	// Acquire takes the lease on an active record of the given version for ttl, if it
	// is free or runs out. The owner who has it already gets it anew, and the
	// answer is the same. It returns ErrNoGrant, or shotengai.ErrConflict if the version is
	// another or the record is not active.
	Acquire(ctx context.Context, key Key, version int64, owner string, ttl time.Duration) (Lease, error)
	// Save replaces the record of the given version, whoever has the lease, by one of
	// the higher version rec.Version, and ends the lease. It returns ErrNoGrant, or
	// shotengai.ErrConflict if the version is another or the record is deleted. A repetition with
	// the same SaveID succeeds.
	Save(ctx context.Context, key Key, version int64, rec Record) error
	// Release gives the owner's lease back without counting it as an attempt; for the
	// time of wait nobody gets it. It does nothing if the owner does not have it.
	Release(ctx context.Context, key Key, owner string, wait time.Duration) error
	// Delete marks the record as deleted, removes the grant in it and moves the version
	// on. It does nothing if there is no record.
	Delete(ctx context.Context, key Key) error
	// Due lists records in the order of the shops.
	Due(ctx context.Context, query DueQuery) ([]Entry, error)
}
