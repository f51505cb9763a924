package storetest

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
)

// lease is longer than any test waits.
const lease = time.Hour

// Run tests a store. The factory is called once per case, and may return a store that
// holds other rows: every case names its own app.
func Run(t *testing.T, factory func(t *testing.T) oauth.TokenStore) {
	t.Helper()
	cases := []struct {
		name string
		run  func(t *testing.T, s suite)
	}{
		{"an absent grant is not found", absent},
		{"a record comes back as it was put", roundTrip},
		{"S17 large and binary grants", large},
		{"keys are exact", exactKeys},
		{"S19 a new consent moves the version on", consent},
		{"a lease excludes others", leaseExcludes},
		{"a lease needs the version and an active record", leaseNeeds},
		{"S12 a repeated acquire is given the same answer", acquireAgain},
		{"a release does not count as an attempt", release},
		{"T28 a release with a wait holds everybody off", releaseWait},
		{"T31 a lease that runs out is counted", runsOut},
		{"S04 a save needs the version, not the lease", saveWithoutLease},
		{"T33 a repeated save succeeds", saveAgain},
		{"T34 a save of an old version is a conflict", saveOld},
		{"S10 a save may skip versions", saveSkips},
		{"a save stores the status", saveStatus},
		{"S18 a deleted grant stays deleted", tombstone},
		{"due records are listed in order", due},
		{"a listing shows all that is not deleted", listing},
		{"S05 one of many saves wins", manySaves},
		{"T23 one of many acquires wins", manyAcquires},
		{"S18 deletes and saves at once", deletesAndSaves},
		{"S19 puts and saves at once", putsAndSaves},
		{"a cancelled context", cancelled},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, suite{store: factory(t), app: "storetest-" + rand.Text()})
		})
	}
}

// suite is a store and a corner of it that is the case's own.
type suite struct {
	store oauth.TokenStore
	app   string
}

func (s suite) key(shop string) oauth.Key {
	return oauth.Key{Platform: "storetest", App: s.app, Shop: shop}
}

// record is an active record with all fields set, at times that every store can keep.
func record(version int64) oauth.Record {
	at := time.Date(2026, 4, 1, 9, 30, 0, 123456000, time.UTC)
	return oauth.Record{
		Version: version,
		SaveID:  rand.Text(),
		Status:  oauth.StatusActive,
		Sealed:  []byte("sealed " + rand.Text()),
		Expiry:  at,
		Due:     at.Add(6 * time.Hour),
		Ends:    at.Add(12 * time.Hour),
	}
}

func (s suite) put(t *testing.T, shop string) oauth.Record {
	t.Helper()
	rec := record(0)
	version, err := s.store.Put(t.Context(), s.key(shop), rec)
	require.NoError(t, err)
	rec.Version = version
	return rec
}

func (s suite) load(t *testing.T, shop string) oauth.Record {
	t.Helper()
	rec, err := s.store.Load(t.Context(), s.key(shop))
	require.NoError(t, err)
	return rec
}

func (s suite) acquire(t *testing.T, shop string, version int64, owner string, ttl time.Duration) oauth.Lease {
	t.Helper()
	got, err := s.store.Acquire(t.Context(), s.key(shop), version, owner, ttl)
	require.NoError(t, err)
	return got
}

// eventually acquires as soon as the lease or the wait of somebody else is over.
func (s suite) eventually(t *testing.T, shop string, version int64, owner string) oauth.Lease {
	t.Helper()
	var got oauth.Lease
	require.Eventually(t, func() bool {
		var err error
		got, err = s.store.Acquire(context.WithoutCancel(t.Context()), s.key(shop), version, owner, lease)
		return err == nil && got.Held
	}, 20*time.Second, 10*time.Millisecond, "the lease does not run out")
	return got
}

// equal compares what the caller stores; the store adds UpdatedAt.
func equal(t *testing.T, want, got oauth.Record) {
	t.Helper()
	assert.Equal(t, want.Version, got.Version, "version")
	assert.Equal(t, want.SaveID, got.SaveID, "save id")
	assert.Equal(t, want.Status, got.Status, "status")
	assert.Equal(t, want.Reason, got.Reason, "reason")
	assert.Equal(t, want.Sealed, got.Sealed, "sealed")
	assert.True(t, want.Expiry.Equal(got.Expiry), "expiry: want %s, got %s", want.Expiry, got.Expiry)
	assert.True(t, want.Due.Equal(got.Due), "due: want %s, got %s", want.Due, got.Due)
	assert.True(t, want.Ends.Equal(got.Ends), "ends: want %s, got %s", want.Ends, got.Ends)
}
