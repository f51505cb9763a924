package shotengai_test

import (
	"log/slog"
	"net/http"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// An app keeps a client for each of its shops, and most of them are idle: each takes at most
// 1 KiB, with the options of most apps as well. The ceilings leave 8 bytes for what else the
// process does.
func TestIdleClients(t *testing.T) { //nolint:paralleltest // what other tests keep would be counted
	tokens := staticToken()
	licenses := rakuten.StaticLicense(rakuten.License{ServiceSecret: serviceSecret, Key: licenseKey})
	config := makeshop.Config{Endpoint: "https://app-api.makeshop.jp/v1/graphql", APIKey: apiKey}
	usual := []shotengai.Option{
		shotengai.WithUserAgent("app/1.0"), shotengai.WithHTTPClient(&http.Client{}),
		shotengai.WithLogger(slog.New(slog.DiscardHandler)),
	}
	for _, platform := range []struct {
		name           string
		open           func(opts ...shotengai.Option) (any, error)
		bytes, objects uint64
	}{
		{"colorme", func(opts ...shotengai.Option) (any, error) { return colorme.NewClient(tokens, opts...) }, 896, 8},
		{"makeshop", func(opts ...shotengai.Option) (any, error) { return makeshop.NewClient(config, tokens, opts...) }, 816, 10},
		{"stores", func(opts ...shotengai.Option) (any, error) { return stores.NewClient(tokens, opts...) }, 768, 8},
		{"rakuten", func(opts ...shotengai.Option) (any, error) { return rakuten.NewClient(licenses, opts...) }, 1032, 4},
	} {
		for options, opts := range map[string][]shotengai.Option{"no options": nil, "usual options": usual} {
			const n = 10_000
			clients := make([]any, n+1)
			var before runtime.MemStats
			for i := range clients {
				if i == 1 { // what all clients share is made with the first
					before = kept()
				}
				var err error
				clients[i], err = platform.open(opts...)
				require.NoError(t, err)
			}
			after := kept()
			runtime.KeepAlive(clients)
			bytes, objects := (after.HeapAlloc-before.HeapAlloc)/n, (after.HeapObjects-before.HeapObjects)/n
			t.Logf("%s with %s: %d bytes, %d objects", platform.name, options, bytes, objects)
			assert.LessOrEqual(t, bytes, platform.bytes, platform.name)
			assert.LessOrEqual(t, objects, platform.objects, platform.name)
		}
	}
}

// kept is what the heap holds.
func kept() (stats runtime.MemStats) {
	runtime.GC()
	runtime.GC() // pools are empty after two
	runtime.ReadMemStats(&stats)
	return stats
}
