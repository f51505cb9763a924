package shotengai_test

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// shopClient stands for a platform's client: it paces its calls.
type shopClient struct {
	shop    string
	limiter shotengai.Limiter
}

// countedClients counts how often a client is made.
func countedClients(t *testing.T, limit int) (*shotengai.Clients[shopClient], *atomic.Int64) {
	t.Helper()
	var made atomic.Int64
	clients, err := shotengai.NewClients(limit, func(_ context.Context, shop string) (*shopClient, error) {
		made.Add(1)
		return &shopClient{shop, shotengai.PerMinute(60, 2)}, nil
	})
	require.NoError(t, err)
	return clients, &made
}

func mustGet(t *testing.T, clients *shotengai.Clients[shopClient], shop string) *shopClient {
	t.Helper()
	client, err := clients.Get(t.Context(), shop)
	require.NoError(t, err)
	require.Equal(t, shop, client.shop)
	return client
}

func TestNewClientsRefuses(t *testing.T) {
	t.Parallel()
	_, err := shotengai.NewClients(0, func(context.Context, string) (*shopClient, error) { return nil, nil })
	require.EqualError(t, err, "shotengai: a limit of 0 clients: at least 1")
	_, err = shotengai.NewClients[shopClient](1, nil)
	require.EqualError(t, err, "shotengai: clients without a function that makes one")
}

func TestClientsMakeOneAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		failure := errors.New("no token yet")
		clients, err := shotengai.NewClients(10, func(ctx context.Context, shop string) (*shopClient, error) {
			<-time.After(time.Second) // by the clock of the bubble
			if made.Add(1) == 1 {
				return nil, failure
			}
			return &shopClient{shop: shop}, ctx.Err()
		})
		require.NoError(t, err)

		got := make(chan error, 20)
		for range cap(got) {
			go func() {
				_, err := clients.Get(t.Context(), "a")
				got <- err
			}()
		}
		for range cap(got) {
			require.ErrorIs(t, <-got, failure)
		}
		require.EqualValues(t, 1, made.Load(), "the error is shared")

		left, leave := context.WithTimeout(t.Context(), time.Millisecond)
		defer leave()
		_, err = clients.Get(left, "a")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.EqualError(t, err, `shotengai: the client of shop "a": context deadline exceeded`)
		first := mustGet(t, clients, "a")
		require.EqualValues(t, 2, made.Load(), "the error was not kept, and the client was made without the one who left")
		assert.Same(t, first, mustGet(t, clients, "a"))
		assert.EqualValues(t, 2, made.Load())
	})
}

// A client that is being made when the shop is forgotten may be made of old settings.
func TestClientsForget(t *testing.T) {
	t.Parallel()
	clients, made := countedClients(t, 10)
	first := mustGet(t, clients, "a")
	clients.Forget("a")
	clients.Forget("b")
	assert.NotSame(t, first, mustGet(t, clients, "a"))
	assert.EqualValues(t, 2, made.Load())

	synctest.Test(t, func(t *testing.T) {
		var made atomic.Int64
		clients, err := shotengai.NewClients(10, func(_ context.Context, shop string) (*shopClient, error) {
			made.Add(1)
			<-time.After(time.Second) // by the clock of the bubble
			return &shopClient{shop: shop}, nil
		})
		require.NoError(t, err)
		old := make(chan *shopClient, 1)
		go func() { old <- mustGet(t, clients, "a") }()
		synctest.Wait()
		clients.Forget("a")
		second := mustGet(t, clients, "a")
		assert.NotSame(t, <-old, second)
		assert.Same(t, second, mustGet(t, clients, "a"))
		assert.EqualValues(t, 2, made.Load())
	})
}

// A limiter that may still hold back calls is not forgotten.
func TestClientsKeepPacing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		clients, made := countedClients(t, 2)
		for range 2 { // twice the limit, within the minute
			runtime.GC()
			for _, shop := range []string{"a", "b", "c", "d"} {
				client := mustGet(t, clients, shop)
				require.NoError(t, client.limiter.Wait(t.Context()))
			}
		}
		require.EqualValues(t, 4, made.Load())
		start := time.Now()
		require.NoError(t, mustGet(t, clients, "a").limiter.Wait(t.Context()))
		assert.Equal(t, time.Second, time.Since(start), "the burst was spent")

		<-time.After(time.Minute) // by the clock of the bubble
		mustGet(t, clients, "a")
		mustGet(t, clients, "e") // b, c and d are idle, and too many
		runtime.GC()
		require.EqualValues(t, 5, made.Load())
		mustGet(t, clients, "a")
		mustGet(t, clients, "e")
		require.EqualValues(t, 5, made.Load(), "the two that were used last are kept")
		mustGet(t, clients, "b")
		assert.EqualValues(t, 6, made.Load())
	})
}

func TestClientsAreBounded(t *testing.T) {
	t.Parallel()
	clients, made := countedClients(t, 4)
	for i := range 1000 {
		mustGet(t, clients, strconv.Itoa(i))
		if i%100 == 0 {
			runtime.GC()
		}
	}
	runtime.GC()
	for i := range 8 {
		mustGet(t, clients, strconv.Itoa(999-i))
	}
	require.EqualValues(t, 1000, made.Load(), "twice the limit")
	mustGet(t, clients, "0")
	require.EqualValues(t, 1001, made.Load())
}

// A job that holds its client for hours, and a request of the same shop, keep in one line.
func TestClientsInUseAreOne(t *testing.T) {
	t.Parallel()
	clients, made := countedClients(t, 1)
	held := mustGet(t, clients, "held")
	for i := range 100 {
		mustGet(t, clients, strconv.Itoa(i))
	}
	runtime.GC()
	before := made.Load()
	assert.Same(t, held, mustGet(t, clients, "held"))
	assert.Equal(t, before, made.Load())
	runtime.KeepAlive(held)
}

func TestClientsSurviveTheirFunction(t *testing.T) {
	t.Parallel()
	clients, err := shotengai.NewClients(1, func(_ context.Context, shop string) (*shopClient, error) {
		switch shop {
		case "panics":
			panic("no settings")
		case "exits":
			runtime.Goexit()
		}
		return nil, nil
	})
	require.NoError(t, err)
	for shop, message := range map[string]string{
		"panics": `shotengai: making the client of shop "panics" panicked: no settings`,
		"exits":  "shotengai: the function that makes clients has ended its goroutine",
		"none":   `shotengai: no client was made for shop "none", and no error returned`,
	} {
		for range 2 {
			_, err := clients.Get(t.Context(), shop)
			assert.EqualError(t, err, message)
		}
	}
}

func TestClientsGetAllocatesNothing(t *testing.T) {
	clients, _ := countedClients(t, 10)
	ctx := t.Context()
	mustGet(t, clients, "a")
	assert.Zero(t, testing.AllocsPerRun(100, func() { _, _ = clients.Get(ctx, "a") }))
}

func TestClientsTogether(t *testing.T) {
	t.Parallel()
	clients, _ := countedClients(t, 3)
	done := make(chan struct{})
	for g := range 8 {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := range 500 {
				shop := strconv.Itoa((i * (g + 1)) % 12)
				client, err := clients.Get(t.Context(), shop)
				assert.NoError(t, err)
				assert.Equal(t, shop, client.shop)
				if i%50 == 0 {
					clients.Forget(shop)
				}
			}
		}()
	}
	for range 8 {
		<-done
	}
}
