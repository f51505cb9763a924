package storetest

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

// short is a time that a test can wait for.
const short = 200 * time.Millisecond

func leaseExcludes(t *testing.T, s suite) {
	s.put(t, "shop")
	assert.Equal(t, oauth.Lease{Held: true}, s.acquire(t, "shop", 1, "a", lease))
	got := s.acquire(t, "shop", 1, "b", lease)
	assert.False(t, got.Held)
	assert.False(t, got.HeldOff)
	assert.Greater(t, got.Remaining, lease/2, "it says how long to wait")
	assert.LessOrEqual(t, got.Remaining, lease)
	s.put(t, "other")
	assert.True(t, s.acquire(t, "other", 1, "b", lease).Held, "another grant is another lease")
}

func leaseNeeds(t *testing.T, s suite) {
	s.put(t, "shop")
	_, err := s.store.Acquire(t.Context(), s.key("shop"), 2, "a", lease)
	require.ErrorIs(t, err, shotengai.ErrConflict)
	_, err = s.store.Acquire(t.Context(), s.key("shop"), 0, "a", lease)
	require.ErrorIs(t, err, shotengai.ErrConflict)
	assert.True(t, s.acquire(t, "shop", 1, "b", lease).Held, "a refused acquire leaves no lease")
}

func acquireAgain(t *testing.T, s suite) {
	s.put(t, "shop")
	for range 3 {
		assert.Equal(t, oauth.Lease{Held: true}, s.acquire(t, "shop", 1, "a", lease))
	}
	assert.False(t, s.acquire(t, "shop", 1, "b", lease).Held)
	require.NoError(t, s.store.Release(t.Context(), s.key("shop"), "a", 0))
	assert.Equal(t, oauth.Lease{Held: true}, s.acquire(t, "shop", 1, "b", lease), "three answers, one lease")
}

func release(t *testing.T, s suite) {
	s.put(t, "shop")
	require.True(t, s.acquire(t, "shop", 1, "a", lease).Held)
	require.NoError(t, s.store.Release(t.Context(), s.key("shop"), "b", 0))
	assert.False(t, s.acquire(t, "shop", 1, "b", lease).Held, "only its owner gives a lease back")
	require.NoError(t, s.store.Release(t.Context(), s.key("shop"), "a", 0))
	require.NoError(t, s.store.Release(t.Context(), s.key("shop"), "a", 0), "a repetition does nothing")
	assert.Equal(t, oauth.Lease{Held: true}, s.acquire(t, "shop", 1, "b", lease))
	require.NoError(t, s.store.Release(t.Context(), s.key("shop"), "a", 0))
	assert.False(t, s.acquire(t, "shop", 1, "a", lease).Held, "a late repetition does not end the lease of the next")
}

func releaseWait(t *testing.T, s suite) {
	s.put(t, "shop")
	require.True(t, s.acquire(t, "shop", 1, "a", lease).Held)
	require.NoError(t, s.store.Release(t.Context(), s.key("shop"), "a", lease))
	for _, owner := range []string{"a", "b"} {
		got := s.acquire(t, "shop", 1, owner, lease)
		assert.False(t, got.Held)
		assert.True(t, got.HeldOff)
		assert.Greater(t, got.Remaining, lease/2)
	}
	s.put(t, "shop")
	assert.Equal(t, oauth.Lease{Held: true}, s.acquire(t, "shop", 2, "b", lease), "a new consent ends the wait")

	require.NoError(t, s.store.Release(t.Context(), s.key("shop"), "b", short))
	assert.Equal(t, oauth.Lease{Held: true}, s.eventually(t, "shop", 2, "c"), "a wait is no attempt")
}

func runsOut(t *testing.T, s suite) {
	s.put(t, "shop")
	require.True(t, s.acquire(t, "shop", 1, "a", short).Held)
	assert.Equal(t, oauth.Lease{Held: true, Attempts: 1}, s.eventually(t, "shop", 1, "b"))
	assert.Equal(t, oauth.Lease{Held: true, Attempts: 1}, s.acquire(t, "shop", 1, "b", short))
	assert.Equal(t, oauth.Lease{Held: true, Attempts: 2}, s.eventually(t, "shop", 1, "c"))
	require.NoError(t, s.store.Release(t.Context(), s.key("shop"), "c", 0))
	assert.Equal(t, oauth.Lease{Held: true, Attempts: 2}, s.acquire(t, "shop", 1, "b", lease), "a release takes back its own attempt only")
	require.NoError(t, s.store.Save(t.Context(), s.key("shop"), 1, record(2)))
	assert.Equal(t, oauth.Lease{Held: true}, s.acquire(t, "shop", 2, "d", lease), "attempts are counted by version")
}

// crowd is how many goroutines meet in the concurrent cases.
const crowd = 16

// together runs f in many goroutines at once.
func together(f func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range crowd {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			f(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

func manyAcquires(t *testing.T, s suite) {
	s.put(t, "shop")
	for version := int64(1); version <= 5; version++ {
		var held atomic.Int64
		together(func(i int) {
			got, err := s.store.Acquire(t.Context(), s.key("shop"), version, "owner-"+strconv.Itoa(i), lease)
			assert.NoError(t, err)
			if got.Held {
				held.Add(1)
				assert.Zero(t, got.Attempts)
			}
		})
		assert.Equal(t, int64(1), held.Load(), "one owner")
		require.NoError(t, s.store.Save(t.Context(), s.key("shop"), version, record(version+1)))
	}
}

func manySaves(t *testing.T, s suite) {
	s.put(t, "shop")
	for version := int64(1); version <= 5; version++ {
		var won atomic.Pointer[oauth.Record]
		var wins atomic.Int64
		together(func(int) {
			rec := record(version + 1)
			err := s.store.Save(t.Context(), s.key("shop"), version, rec)
			if err == nil {
				wins.Add(1)
				won.Store(&rec)
				return
			}
			assert.ErrorIs(t, err, shotengai.ErrConflict)
		})
		require.Equal(t, int64(1), wins.Load(), "one save")
		equal(t, *won.Load(), s.load(t, "shop"))
	}
}

func deletesAndSaves(t *testing.T, s suite) {
	s.put(t, "shop")
	together(func(i int) {
		if i%4 == 0 {
			assert.NoError(t, s.store.Delete(t.Context(), s.key("shop")))
			return
		}
		err := s.store.Save(t.Context(), s.key("shop"), 1, record(2))
		assert.True(t, err == nil || errors.Is(err, shotengai.ErrConflict), "%v", err)
	})
	got := s.load(t, "shop")
	assert.Equal(t, oauth.StatusDeleted, got.Status, "a delete wins over every save")
	assert.Empty(t, got.Sealed)
}

func putsAndSaves(t *testing.T, s suite) {
	s.put(t, "shop")
	puts := make([]oauth.Record, crowd)
	var wins atomic.Int64
	together(func(i int) {
		rec := record(2)
		if i%4 == 0 {
			var err error
			rec.Version, err = s.store.Put(t.Context(), s.key("shop"), rec)
			assert.NoError(t, err)
			puts[i] = rec
			return
		}
		if err := s.store.Save(t.Context(), s.key("shop"), 1, rec); err == nil {
			wins.Add(1)
		} else {
			assert.ErrorIs(t, err, shotengai.ErrConflict)
		}
	})
	assert.LessOrEqual(t, wins.Load(), int64(1))
	last := puts[0]
	seen := make(map[int64]bool)
	for i := 0; i < crowd; i += 4 {
		assert.False(t, seen[puts[i].Version], "every put has its own version")
		seen[puts[i].Version] = true
		if puts[i].Version > last.Version {
			last = puts[i]
		}
	}
	equal(t, last, s.load(t, "shop"))
}
