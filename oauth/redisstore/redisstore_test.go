package redisstore_test

import (
	"context"
	"crypto/rand"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/redisstore"
	"github.com/shotengai/shotengai-go/oauth/storetest"
)

// connect returns a client of the Redis on this machine and a prefix of the test's own.
func connect(t *testing.T) (*redis.Client, string) {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:6379"})
	t.Cleanup(func() { _ = client.Close() })
	if err := client.Ping(t.Context()).Err(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no Redis: %v", err)
		}
		t.Skipf("no Redis: %v", err)
	}
	prefix := "redisstore-test-" + rand.Text() + ":"
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		keys, err := client.Keys(ctx, prefix+"*").Result()
		if err == nil && len(keys) > 0 {
			client.Del(ctx, keys...)
		}
	})
	return client, prefix
}

func open(t *testing.T) (*redisstore.Store, *redis.Client, string) {
	t.Helper()
	client, prefix := connect(t)
	store, err := redisstore.New(client, redisstore.WithPrefix(prefix))
	require.NoError(t, err)
	return store, client, prefix
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) oauth.TokenStore {
		store, _, _ := open(t)
		return store
	})
}

var key = oauth.Key{Platform: "makeshop", App: "app", Shop: "PA01234567"}

func put(t *testing.T, store oauth.TokenStore) {
	t.Helper()
	_, err := store.Put(t.Context(), key, oauth.Record{SaveID: "1", Status: oauth.StatusActive, Sealed: []byte("grant")})
	require.NoError(t, err)
}

func TestS11NoTimeToLive(t *testing.T) {
	t.Parallel()
	store, client, prefix := open(t)
	_, err := store.Check(t.Context())
	require.NoError(t, err)
	put(t, store)
	_, err = store.Acquire(t.Context(), key, 1, "a", 1)
	require.NoError(t, err)
	keys, err := client.Keys(t.Context(), prefix+"*").Result()
	require.NoError(t, err)
	require.Len(t, keys, 3)
	for _, key := range keys {
		ttl, err := client.TTL(t.Context(), key).Result()
		require.NoError(t, err)
		assert.Negative(t, ttl, "%s", key)
	}
}

// The clock of a bubble starts in the year 2000: leases are measured by Redis.
func TestS08ClockOfTheAppIsWrong(t *testing.T) {
	t.Parallel()
	store, _, prefix := open(t)
	put(t, store)
	_, err := store.Acquire(t.Context(), key, 1, "right", time.Hour)
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		require.Equal(t, 2000, time.Now().UTC().Year())
		client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:6379"})
		defer client.Close()
		wrong, err := redisstore.New(client, redisstore.WithPrefix(prefix))
		require.NoError(t, err)
		lease, err := wrong.Acquire(t.Context(), key, 1, "wrong", time.Hour)
		require.NoError(t, err)
		assert.False(t, lease.Held, "the lease of the other holds")
		assert.InDelta(t, time.Hour, lease.Remaining, float64(time.Minute))
		require.NoError(t, wrong.Release(t.Context(), key, "right", 0))
		lease, err = wrong.Acquire(t.Context(), key, 1, "wrong", time.Hour)
		require.NoError(t, err)
		assert.True(t, lease.Held)
	})
	lease, err := store.Acquire(t.Context(), key, 1, "right", time.Hour)
	require.NoError(t, err)
	assert.False(t, lease.Held)
	assert.InDelta(t, time.Hour, lease.Remaining, float64(time.Minute))
}

func TestS09EmptiedRedis(t *testing.T) {
	t.Parallel()
	store, client, prefix := open(t)
	report, err := store.Check(t.Context())
	require.NoError(t, err)
	assert.True(t, report.Fresh)
	put(t, store)
	report, err = store.Check(t.Context())
	require.NoError(t, err)
	assert.False(t, report.Fresh)

	other := key
	other.Shop = "never installed"
	_, err = store.Load(t.Context(), other)
	require.ErrorIs(t, err, oauth.ErrNoGrant)
	require.NotErrorIs(t, err, oauth.ErrStoreLost)

	keys, err := client.Keys(t.Context(), prefix+"*").Result()
	require.NoError(t, err)
	require.NoError(t, client.Del(t.Context(), keys...).Err())
	_, err = store.Load(t.Context(), key)
	require.ErrorIs(t, err, oauth.ErrStoreLost)
	require.NotErrorIs(t, err, oauth.ErrNoGrant, "a lost store is not a shop that never installed")

	starting, err := redisstore.New(client, redisstore.WithPrefix(prefix))
	require.NoError(t, err)
	report, err = starting.Check(t.Context())
	require.NoError(t, err)
	assert.True(t, report.Fresh, "an instance that starts now can only warn")
	_, err = store.Load(t.Context(), key)
	require.ErrorIs(t, err, oauth.ErrStoreLost, "but cannot hide the loss from those that ran before")
}

func TestNew(t *testing.T) {
	t.Parallel()
	_, err := redisstore.New(nil)
	require.ErrorContains(t, err, "no client")
	client := redis.NewClient(&redis.Options{})
	defer client.Close()
	for _, prefix := range []string{"a{b", "a b", "é"} {
		_, err = redisstore.New(client, redisstore.WithPrefix(prefix))
		require.ErrorContains(t, err, "prefix", "%s", prefix)
	}
}
