package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

func absent(t *testing.T, s suite) {
	key := s.key("nobody")
	_, err := s.store.Load(t.Context(), key)
	require.ErrorIs(t, err, oauth.ErrNoGrant)
	_, err = s.store.Acquire(t.Context(), key, 1, "a", lease)
	require.ErrorIs(t, err, oauth.ErrNoGrant)
	require.ErrorIs(t, s.store.Save(t.Context(), key, 1, record(2)), oauth.ErrNoGrant)
	require.NoError(t, s.store.Release(t.Context(), key, "a", 0))
	require.NoError(t, s.store.Delete(t.Context(), key))
	_, err = s.store.Load(t.Context(), key)
	require.ErrorIs(t, err, oauth.ErrNoGrant, "a delete of nothing leaves nothing")
}

func roundTrip(t *testing.T, s suite) {
	want := s.put(t, "PA01234567")
	assert.Equal(t, int64(1), want.Version)
	got := s.load(t, "PA01234567")
	equal(t, want, got)
	s.put(t, "PA01234567")
	later := s.load(t, "PA01234567").UpdatedAt
	assert.WithinRange(t, got.UpdatedAt, time.Unix(946684800, 0), time.Unix(7258118400, 0), "a year from 2000 to 2199, by whatever clock the store has")
	assert.WithinDuration(t, got.UpdatedAt, later, 24*time.Hour)

	without := oauth.Record{SaveID: rand.Text(), Status: oauth.StatusActive, Sealed: []byte{0}}
	_, err := s.store.Put(t.Context(), s.key("never ends"), without)
	require.NoError(t, err)
	got = s.load(t, "never ends")
	assert.True(t, got.Expiry.IsZero())
	assert.True(t, got.Due.IsZero())
	assert.True(t, got.Ends.IsZero())
}

func large(t *testing.T, s suite) {
	want := record(0)
	want.Sealed = bytes.Repeat([]byte("\x00\xff'\\\"\n%?$1"), 6<<10)
	want.Reason = "期限切れ ' \" \\ $1 ?"
	want.Status = oauth.StatusReauthorize
	version, err := s.store.Put(t.Context(), s.key("large"), want)
	require.NoError(t, err)
	want.Version = version
	equal(t, want, s.load(t, "large"))

	next := want
	next.Version, next.SaveID = 2, rand.Text()
	require.NoError(t, s.store.Save(t.Context(), s.key("large"), 1, next))
	equal(t, next, s.load(t, "large"))
}

func exactKeys(t *testing.T, s suite) {
	shops := []string{
		"shop", "Shop", "shop ", " shop", "店", "店舗", "ｓｈｏｐ", "shóp", "a/b", "a", "b/c", "a:b", "{a}", "a}b", "a'b", `a\b`, "a%b", "a_b", "a*b",
		strings.Repeat("x", 255), strings.Repeat("x", 254) + "y",
	}
	want := make(map[string]oauth.Record)
	for _, shop := range shops {
		want[shop] = s.put(t, shop)
	}
	for _, shop := range shops {
		equal(t, want[shop], s.load(t, shop))
	}
	// Parts that run together to the same text are different keys all the same.
	a := oauth.Key{Platform: "storetest", App: s.app + "/x", Shop: "y"}
	b := oauth.Key{Platform: "storetest", App: s.app, Shop: "x/y"}
	_, err := s.store.Put(t.Context(), a, record(0))
	require.NoError(t, err)
	_, err = s.store.Load(t.Context(), b)
	require.ErrorIs(t, err, oauth.ErrNoGrant)
}

func consent(t *testing.T, s suite) {
	s.put(t, "shop")
	require.True(t, s.acquire(t, "shop", 1, "a", lease).Held)
	again := s.put(t, "shop")
	assert.Equal(t, int64(2), again.Version)
	require.ErrorIs(t, s.store.Save(t.Context(), s.key("shop"), 1, record(2)), shotengai.ErrConflict)
	equal(t, again, s.load(t, "shop"))
	assert.Equal(t, oauth.Lease{Held: true}, s.acquire(t, "shop", 2, "b", lease), "the old lease is over")
}

func saveWithoutLease(t *testing.T, s suite) {
	s.put(t, "shop")
	require.True(t, s.acquire(t, "shop", 1, "b", lease).Held)
	next := record(2)
	require.NoError(t, s.store.Save(t.Context(), s.key("shop"), 1, next))
	equal(t, next, s.load(t, "shop"))
	assert.Equal(t, oauth.Lease{Held: true}, s.acquire(t, "shop", 2, "c", lease), "a save ends the lease")
}

func saveAgain(t *testing.T, s suite) {
	s.put(t, "shop")
	next := record(2)
	require.NoError(t, s.store.Save(t.Context(), s.key("shop"), 1, next))
	require.NoError(t, s.store.Save(t.Context(), s.key("shop"), 1, next))
	equal(t, next, s.load(t, "shop"))
}

func saveOld(t *testing.T, s suite) {
	s.put(t, "shop")
	next := record(2)
	require.NoError(t, s.store.Save(t.Context(), s.key("shop"), 1, next))
	require.ErrorIs(t, s.store.Save(t.Context(), s.key("shop"), 1, record(2)), shotengai.ErrConflict)
	require.ErrorIs(t, s.store.Save(t.Context(), s.key("shop"), 3, record(4)), shotengai.ErrConflict)
	equal(t, next, s.load(t, "shop"))
}

func saveSkips(t *testing.T, s suite) {
	s.put(t, "shop")
	next := record(9)
	require.NoError(t, s.store.Save(t.Context(), s.key("shop"), 1, next))
	equal(t, next, s.load(t, "shop"))
	assert.Equal(t, int64(10), s.put(t, "shop").Version)
}

func saveStatus(t *testing.T, s suite) {
	s.put(t, "shop")
	lost := record(2)
	lost.Status, lost.Reason = oauth.StatusInDoubt, "invalid_grant: 期限切れ"
	require.NoError(t, s.store.Save(t.Context(), s.key("shop"), 1, lost))
	equal(t, lost, s.load(t, "shop"))
	_, err := s.store.Acquire(t.Context(), s.key("shop"), 2, "a", lease)
	require.ErrorIs(t, err, shotengai.ErrConflict, "what is not active is not refreshed")
	require.NoError(t, s.store.Save(t.Context(), s.key("shop"), 2, record(3)), "it can be revived")
}

func tombstone(t *testing.T, s suite) {
	s.put(t, "shop")
	require.True(t, s.acquire(t, "shop", 1, "a", lease).Held)
	require.NoError(t, s.store.Delete(t.Context(), s.key("shop")))
	require.ErrorIs(t, s.store.Save(t.Context(), s.key("shop"), 1, record(2)), shotengai.ErrConflict)
	require.ErrorIs(t, s.store.Save(t.Context(), s.key("shop"), 2, record(3)), shotengai.ErrConflict)
	_, err := s.store.Acquire(t.Context(), s.key("shop"), 2, "a", lease)
	require.ErrorIs(t, err, shotengai.ErrConflict)

	got := s.load(t, "shop")
	assert.Equal(t, oauth.StatusDeleted, got.Status)
	assert.Equal(t, int64(2), got.Version)
	assert.Empty(t, got.Sealed, "the grant itself is removed")
	assert.True(t, got.Due.IsZero())

	require.NoError(t, s.store.Delete(t.Context(), s.key("shop")))
	assert.Equal(t, int64(2), s.load(t, "shop").Version, "it is deleted once")
	again := s.put(t, "shop")
	assert.Equal(t, int64(3), again.Version, "the version goes on, so that no old save fits")
	equal(t, again, s.load(t, "shop"))
}

func due(t *testing.T, s suite) {
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	for shop, at := range map[string]time.Time{
		"c": now, "a": now.Add(-time.Hour), "B": now.Add(-time.Minute), "d": now.Add(time.Microsecond), "e": {}, "店": now, "f": now, "g": now,
	} {
		rec := record(0)
		rec.Due = at
		if shop == "f" {
			rec.Status = oauth.StatusReauthorize
		}
		_, err := s.store.Put(t.Context(), s.key(shop), rec)
		require.NoError(t, err)
	}
	require.NoError(t, s.store.Delete(t.Context(), s.key("g")))

	query := oauth.DueQuery{Platform: "storetest", App: s.app, Before: now, Limit: 3}
	assert.Equal(t, []string{"B", "a", "c"}, s.shops(t, query))
	query.After = "c"
	assert.Equal(t, []string{"店"}, s.shops(t, query))
	query.After = "店"
	assert.Empty(t, s.shops(t, query))
	query.After, query.Limit = "", 1
	assert.Equal(t, []string{"B"}, s.shops(t, query))
	query.App = "another"
	assert.Empty(t, s.shops(t, query))
}

func listing(t *testing.T, s suite) {
	want := make(map[string]oauth.Record)
	for _, shop := range []string{"a", "b", "c", "d"} {
		want[shop] = s.put(t, shop)
	}
	require.NoError(t, s.store.Delete(t.Context(), s.key("c")))
	lost := record(2)
	lost.Status, lost.Reason, lost.Due = oauth.StatusReauthorize, "invalid_grant", time.Time{}
	require.NoError(t, s.store.Save(t.Context(), s.key("b"), 1, lost))
	want["b"] = lost

	entries, err := s.store.Due(t.Context(), oauth.DueQuery{Platform: "storetest", App: s.app, Limit: 10})
	require.NoError(t, err)
	require.Len(t, entries, 3)
	for i, shop := range []string{"a", "b", "d"} {
		assert.Equal(t, s.key(shop), entries[i].Key)
		assert.Empty(t, entries[i].Sealed, "a listing has no grants")
		rec := want[shop]
		rec.Sealed = entries[i].Sealed
		equal(t, rec, entries[i].Record)
	}
}

func (s suite) shops(t *testing.T, query oauth.DueQuery) []string {
	t.Helper()
	entries, err := s.store.Due(t.Context(), query)
	require.NoError(t, err)
	var shops []string
	for _, entry := range entries {
		shops = append(shops, entry.Shop)
	}
	return shops
}

func cancelled(t *testing.T, s suite) {
	s.put(t, "shop")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.store.Load(ctx, s.key("shop"))
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.store.Put(ctx, s.key("shop"), record(0))
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.store.Acquire(ctx, s.key("shop"), 1, "a", lease)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, s.store.Save(ctx, s.key("shop"), 1, record(2)), context.Canceled)
	require.ErrorIs(t, s.store.Release(ctx, s.key("shop"), "a", 0), context.Canceled)
	require.ErrorIs(t, s.store.Delete(ctx, s.key("shop")), context.Canceled)
	_, err = s.store.Due(ctx, oauth.DueQuery{Platform: "storetest", App: s.app, Limit: 1})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, int64(1), s.load(t, "shop").Version)
}
