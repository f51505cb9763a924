package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	goshopify "github.com/bold-commerce/go-shopify/v4"
	"github.com/digitalocean/godo"
	"github.com/google/go-github/v71/github"
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/stripe/stripe-go/v84"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// idleClients measures what an app keeps for each of its shops while nothing is going on. All
// clients of an SDK share what can be shared.
func idleClients(*meter) []row {
	shared := &http.Client{}
	backends := stripe.NewBackendsWithConfig(&stripe.BackendConfig{HTTPClient: shared})
	license := rakuten.StaticLicense(rakuten.License{ServiceSecret: "SP", Key: "SL"})
	config := makeshop.Config{Endpoint: endpoint, APIKey: "key"}
	persistent := makeshop.PersistentToken("token")
	return []row{{
		what: [2]string{"idle client, bytes of heap", "待機中のクライアント、ヒープのバイト数"}, unit: heapBytes, goal: 1024,
		ours: []figure{
			{"Color Me", 0, heapOf(func() *colorme.Client { return got(colorme.NewClient(token)) })},
			{"makeshop", 0, heapOf(func() *makeshop.Client { return got(makeshop.NewClient(config, persistent)) })},
			{"STORES", 0, heapOf(func() *stores.Client { return got(stores.NewClient(token)) })},
			{"Rakuten", 0, heapOf(func() *rakuten.Client { return got(rakuten.NewClient(license)) })},
		},
		peers: []figure{
			{"go-github", 0, heapOf(func() *github.Client { return github.NewClient(shared).WithAuthToken("token") })},
			{"godo", 0, heapOf(func() *godo.Client { return godo.NewClient(shared) })},
			{"stripe-go", 0, heapOf(func() *stripe.Client { return stripe.NewClient("sk_test_1", stripe.WithBackends(backends)) })},
			{"go-shopify", 0, heapOf(func() *goshopify.Client { return shopifyClient(shared) })},
			{"line-bot-sdk", 0, heapOf(func() *messaging_api.MessagingApiAPI { return lineClient(shared) })},
		},
	}}
}

// programs make one call each: the first by net/http alone, the next ones through the library, the
// others through a peer.
var programs = [][2]string{
	{"", "bare"},
	{"Color Me", "colorme"},
	{"makeshop", "makeshop"},
	{"STORES", "stores"},
	{"Rakuten", "rakuten"},
	{"go-github", "github"},
	{"godo", "godo"},
	{"stripe-go", "stripe"},
	{"go-shopify", "shopify"},
	{"line-bot-sdk", "line"},
	{"genqlient", "genqlient"},
}

// binaries measures what a program grows by when it makes its call through a client.
func binaries(m *meter) []row {
	const own = 5 // the bare one included
	some := programs
	if m.quick { // it takes long to link them
		some = programs[:own]
	}
	dir := got(os.MkdirTemp("", "bench"))
	defer os.RemoveAll(dir)
	module := strings.TrimSpace(string(got(exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "github.com/shotengai/shotengai-go/internal/bench").Output())))
	sizes, results := shotengai.Parallel(ctx, runtime.NumCPU(), some, func(ctx context.Context, program [2]string) (float64, error) {
		file := filepath.Join(dir, program[1])
		cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", file, filepath.Join("programs", program[1]+".go"))
		cmd.Dir, cmd.Stderr = module, os.Stderr
		if err := cmd.Run(); err != nil {
			return 0, err
		}
		info, err := os.Stat(file)
		if err != nil {
			return 0, err
		}
		return float64(info.Size()), nil
	})
	must(results.Err())
	figures := make([]figure, len(sizes))
	for i, size := range sizes {
		figures[i] = figure{some[i][0], sizes[0], size - sizes[0]}
	}
	return []row{{
		what: [2]string{"binary with one call, above bare", "1 回呼び出すプログラムのバイナリ、増分"}, unit: bytesAbove, goal: 0.8e6,
		ours: figures[1:own], peers: figures[own:],
	}}
}
