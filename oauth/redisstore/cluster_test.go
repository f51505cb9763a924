package redisstore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/port"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/redisstore"
	"github.com/shotengai/shotengai-go/oauth/storetest"
)

func freePort(t *testing.T) string {
	t.Helper()
	free, err := port.Free(t.Context())
	require.NoError(t, err)
	return free
}

// startCluster runs a cluster of two nodes, each with half of the slots.
func startCluster(t *testing.T) (*redis.ClusterClient, []*redis.Client) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	ports, buses := []string{freePort(t), freePort(t)}, []string{freePort(t), freePort(t)}
	var nodes []*redis.Client
	for i, slots := range [][2]int{{0, 8191}, {8192, 16383}} {
		node := start(t, "--bind", "127.0.0.1", "--port", ports[i], "--cluster-enabled", "yes", "--cluster-port", buses[i])
		require.NoError(t, node.ClusterAddSlotsRange(ctx, slots[0], slots[1]).Err())
		nodes = append(nodes, node)
	}
	require.NoError(t, nodes[0].Do(ctx, "CLUSTER", "MEET", "127.0.0.1", ports[1], buses[1]).Err())
	for _, node := range nodes {
		require.Eventually(t, func() bool {
			info, err := node.ClusterInfo(ctx).Result()
			return err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:2")
		}, 20*time.Second, 20*time.Millisecond, "the nodes do not find each other")
	}
	client := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"127.0.0.1:" + ports[0], "127.0.0.1:" + ports[1]}})
	t.Cleanup(func() { _ = client.Close() })
	return client, nodes
}

// A cluster refuses a script whose keys lie in two slots, or that touches a key it was
// not called with.
func TestS13Cluster(t *testing.T) {
	t.Parallel()
	client, nodes := startCluster(t)
	store, err := redisstore.New(client)
	require.NoError(t, err)
	storetest.Run(t, func(*testing.T) oauth.TokenStore { return store })

	t.Run("the shops are spread over the nodes", func(t *testing.T) {
		t.Parallel()
		for i := range 50 {
			k := key
			k.Shop = fmt.Sprint("PA", i)
			_, err := store.Put(t.Context(), k, oauth.Record{SaveID: "1", Status: oauth.StatusActive})
			require.NoError(t, err)
		}
		for _, node := range nodes {
			keys, err := node.Keys(t.Context(), redisstore.DefaultPrefix+"{makeshop/app/*").Result()
			require.NoError(t, err)
			assert.NotEmpty(t, keys)
		}
	})
	t.Run("Check asks every node", func(t *testing.T) {
		t.Parallel()
		require.NoError(t, nodes[1].ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err())
		report, err := store.Check(t.Context())
		require.NoError(t, err)
		assert.Contains(t, strings.Join(report.Warnings, "\n"), "maxmemory-policy is allkeys-lru")
	})
}

// The tag must not depend on what a shop is called: all that belongs to a grant is in the
// slot of its row, whatever braces the name has.
func TestS13HashTag(t *testing.T) {
	t.Parallel()
	store, client, prefix := open(t)
	want := []string{prefix + "shops:{makeshop/app}"}
	for shop, tag := range map[string]string{
		"PA01234567": "makeshop/app/PA01234567",
		"a}b{c":      "makeshop/app/a%7Db%7Bc",
		"{}":         "makeshop/app/%7B%7D",
	} {
		k := key
		k.Shop = shop
		_, err := store.Put(t.Context(), k, oauth.Record{SaveID: "1", Status: oauth.StatusActive})
		require.NoError(t, err)
		_, err = store.Acquire(t.Context(), k, 1, "a", time.Hour)
		require.NoError(t, err)
		row := prefix + "{" + tag + "}"
		assert.Equal(t, slot(tag), slot(row), "the whole tag counts: %s", row)
		want = append(want, row)
	}
	keys, err := client.Keys(t.Context(), prefix+"*").Result()
	require.NoError(t, err)
	assert.ElementsMatch(t, want, keys)
	assert.Equal(t, 12739, slot("123456789"), "the example of Redis's own specification")
}

// slot computes the slot of a key as a cluster does: CRC-16 of the tag, if there is one.
func slot(key string) int {
	if _, rest, found := strings.Cut(key, "{"); found {
		if tag, _, closed := strings.Cut(rest, "}"); closed && tag != "" {
			key = tag
		}
	}
	crc := uint16(0)
	for _, b := range []byte(key) {
		crc ^= uint16(b) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x1021
			} else {
				crc <<= 1
			}
		}
	}
	return int(crc) % 16384
}
