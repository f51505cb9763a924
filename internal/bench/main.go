package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
)

func main() {
	rounds := flag.Int("rounds", 31, "of each comparison of times; an odd number")
	docs := flag.String("write", "", "the `folder` with the guides, en and ja, to write the table to")
	stdout := os.Stdout
	os.Stdout = os.Stderr // where package testing says PASS
	table := func(t *testing.T) {
		if *docs != "" && len(peerPrograms) == 0 {
			t.Fatal("the guides show the peers too: go run -tags peers ./internal/bench -write docs")
		}
		rows := measure(&meter{t: t, rounds: *rounds})
		fmt.Fprint(stdout, page(rows, english))
		if *docs == "" {
			return
		}
		err := errors.Join(write(*docs+"/en/performance.md", page(rows, english)), write(*docs+"/ja/performance.md", page(rows, japanese)))
		if err != nil {
			t.Error(err)
		}
	}
	// A bubble of package synctest needs a test.
	testing.Main(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "table", F: table}}, nil, nil)
}

// measure measures all families, in the order of the table.
func measure(m *meter) (rows []row) {
	for _, family := range []func(*meter) []row{gets, pages, graphQL, webhooks, tokens, idTokens, jobs, idleClients, binaries} {
		rows = append(rows, family(m)...)
	}
	return rows
}
