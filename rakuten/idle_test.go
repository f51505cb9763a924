package rakuten_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/rakuten"
)

// An app keeps a client for each of its shops, and most of them are idle.
func TestIdleClient(t *testing.T) { //nolint:paralleltest // what other tests keep would be counted
	const n = 1000
	licenses := rakuten.StaticLicense(rakuten.License{ServiceSecret: "SP", Key: "SL"})
	clients := make([]*rakuten.Client, n+1)
	heap := func() uint64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.GC() // pools are empty after two
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	var before uint64
	for i := range clients {
		if i == 1 { // what all clients share is made with the first
			before = heap()
		}
		var err error
		clients[i], err = rakuten.NewClient(licenses)
		require.NoError(t, err)
	}
	size := (heap() - before) / n
	runtime.KeepAlive(clients)
	t.Logf("%d bytes", size)
	assert.LessOrEqual(t, size, uint64(2560))
}
