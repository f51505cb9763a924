package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/colorme"
	"github.com/shotengai/shotengai-go/makeshop"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/stores"
)

// idleClients measures what an app keeps for each of its shops while nothing is going on. All
// clients of an SDK share what can be shared.
func idleClients(*meter) []row {
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
		peers: peerClients(),
	}}
}

// programs make one call each: the first by net/http alone, the others through the library.
var programs = [][2]string{
	{"", "bare"},
	{"Color Me", "colorme"},
	{"makeshop", "makeshop"},
	{"STORES", "stores"},
	{"Rakuten", "rakuten"},
}

// binaries measures what a program grows by when it makes its call through a client.
func binaries(m *meter) []row {
	own, some := len(programs), programs
	if !m.quick { // it takes long to link them
		some = append(slices.Clone(programs), peerPrograms...)
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
