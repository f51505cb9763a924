package redisledger_test

import (
	"context"
	"crypto/rand"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/ledgertest"
	"github.com/shotengai/shotengai-go/hooks/redisledger"
)

const address = "127.0.0.1:6379"

func connect(t *testing.T, opts *redis.Options) *redis.Client {
	t.Helper()
	opts.Addr = address
	client := redis.NewClient(opts)
	t.Cleanup(func() { _ = client.Close() })
	if err := client.Ping(t.Context()).Err(); err != nil {
		if os.Getenv("CI") == "true" {
			require.NoError(t, err)
		}
		t.Skipf("no Redis at %s: %v", address, err)
	}
	return client
}

func newLedger(t *testing.T, client *redis.Client) (*redisledger.Ledger, string) {
	t.Helper()
	prefix := "shotengai-test-" + rand.Text() + ":"
	ledger, err := redisledger.New(client, redisledger.WithPrefix(prefix))
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		keys, err := client.Keys(ctx, prefix+"*").Result()
		if err == nil && len(keys) > 0 {
			client.Del(ctx, keys...)
		}
	})
	return ledger, prefix
}

func TestLedger(t *testing.T) {
	t.Parallel()
	client := connect(t, &redis.Options{})
	ledgertest.Run(t, ledgertest.Suite{New: func(t *testing.T) hooks.Ledger {
		t.Helper()
		ledger, _ := newLedger(t, client)
		return ledger
	}})
}

// TestS12LostReply breaks the connection after each script has run and before its
// reply arrives: go-redis sends it again, and the owner must be answered as the owner.
func TestS12LostReply(t *testing.T) {
	t.Parallel()
	var lose atomic.Bool
	client := connect(t, &redis.Options{
		MaxRetries: 3,
		Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &forgetful{Conn: conn, lose: &lose}, nil
		},
	})
	ledger, _ := newLedger(t, client)
	claim := hooks.Claim{ID: "e", Shop: "s", Owner: rand.Text(), Lease: time.Minute}
	warm := hooks.Claim{ID: "warm", Owner: rand.Text(), Lease: time.Minute}
	_, err := ledger.Begin(t.Context(), warm)
	require.NoError(t, err)
	require.NoError(t, ledger.Finish(t.Context(), warm, hooks.Outcome{}))
	require.NoError(t, ledger.Abandon(t.Context(), warm))

	lose.Store(true)
	decision, err := ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	assert.Equal(t, hooks.Granted, decision.State, "it is our own claim")
	assert.Equal(t, 1, decision.Attempt)
	lose.Store(true)
	require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Result: []byte("r")}))
	lose.Store(true)
	require.NoError(t, ledger.Abandon(t.Context(), claim))
	assert.False(t, lose.Load(), "each reply was lost once")
}

// forgetful loses one reply, after the server has acted.
type forgetful struct {
	net.Conn
	lose *atomic.Bool
}

func (c *forgetful) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && c.lose.CompareAndSwap(true, false) {
		_ = c.Close()
		return 0, net.ErrClosed
	}
	return n, err
}

func TestS13OneSlotPerShop(t *testing.T) {
	t.Parallel()
	client := connect(t, &redis.Options{})
	ledger, prefix := newLedger(t, client)
	for _, id := range []string{"one", "two", "th{r}ee"} {
		claim := hooks.Claim{ID: id, Shop: "sh{o}p", Owner: rand.Text(), Lease: time.Minute}
		decision, err := ledger.Begin(t.Context(), claim)
		require.NoError(t, err)
		require.Equal(t, hooks.Granted, decision.State)
		require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Ends: []string{id}}))
	}
	keys, err := client.Keys(t.Context(), prefix+"*").Result()
	require.NoError(t, err)
	require.Len(t, keys, 5)
	tags := map[string]bool{}
	for _, key := range keys {
		_, rest, _ := strings.Cut(key, "{")
		tag, _, found := strings.Cut(rest, "}")
		require.True(t, found && tag != "", key)
		tags[tag] = true
	}
	assert.Len(t, tags, 1, "the hash tag decides the slot")
}

// TestRetention lets a week pass by moving the record, since the clock is the server's.
func TestRetention(t *testing.T) {
	t.Parallel()
	client := connect(t, &redis.Options{})
	ledger, prefix := newLedger(t, client)
	claim := hooks.Claim{ID: "e", Shop: "s", Owner: "o", Lease: time.Minute}
	key := prefix + "{shop/s}:e:e"
	isKept := func() {
		t.Helper()
		left, err := client.PTTL(t.Context(), key).Result()
		require.NoError(t, err)
		assert.InDelta(t, hooks.Retention.Hours(), left.Hours(), 0.1)
	}
	_, err := ledger.Begin(t.Context(), claim)
	require.NoError(t, err)
	isKept()
	require.NoError(t, ledger.Finish(t.Context(), claim, hooks.Outcome{Result: []byte("answer"), Ends: []string{"A"}}))
	isKept()
	pass := func(d time.Duration) hooks.Decision {
		require.NoError(t, client.HIncrBy(t.Context(), key, "expires", -d.Milliseconds()).Err())
		later := claim
		later.Owner = "p"
		decision, err := ledger.Begin(t.Context(), later)
		require.NoError(t, err)
		return decision
	}
	decision := pass(hooks.Retention - time.Minute)
	assert.Equal(t, hooks.Finished, decision.State)
	assert.Equal(t, "answer", string(decision.Result))
	decision = pass(time.Minute)
	assert.Equal(t, hooks.Granted, decision.State)
	assert.Equal(t, 1, decision.Attempt)
	for _, key := range []string{"{shop/s}:s", "{shop/s}:g"} {
		left, err := client.PTTL(t.Context(), prefix+key).Result()
		require.NoError(t, err)
		assert.Equal(t, time.Duration(-1), left, "the newest event of a shop and what has ended stay for good")
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	client := connect(t, &redis.Options{})
	ledger, _ := newLedger(t, client)
	config, err := client.ConfigGet(t.Context(), "appendonly").Result()
	require.NoError(t, err)
	err = ledger.Check(t.Context())
	if config["appendonly"] == "no" {
		require.ErrorIs(t, err, redisledger.ErrVolatile)
	} else {
		require.NoError(t, err)
	}
	dead := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1})
	defer dead.Close()
	gone, err := redisledger.New(dead)
	require.NoError(t, err)
	require.Error(t, gone.Check(t.Context()))
	_, err = gone.Begin(t.Context(), hooks.Claim{ID: "e", Owner: "o", Lease: time.Second})
	require.Error(t, err)
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	_, err := redisledger.New(nil)
	require.Error(t, err)
	for _, prefix := range []string{"", "a{b}"} {
		_, err = redisledger.New(redis.NewClient(&redis.Options{}), redisledger.WithPrefix(prefix))
		require.Error(t, err)
	}
}
