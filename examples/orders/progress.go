package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far an export is: a bar on a terminal, a line now and then elsewhere.
type progress struct {
	w    io.Writer
	bar  *progressbar.ProgressBar
	mu   sync.Mutex
	done int
	all  int
}

func newProgress(w io.Writer, terminal bool, all int) *progress {
	p := &progress{w: w, all: all}
	if terminal {
		p.bar = progressbar.NewOptions(all, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("days"),
			progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
	}
	return p
}

// step counts a day of a shop that is done.
func (p *progress) step(shop string, orders int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.bar != nil {
		_ = p.bar.Add(1)
		return
	}
	if tenth := max(p.all/10, 1); p.done%tenth == 0 || p.done == p.all {
		_, _ = fmt.Fprintf(p.w, "%d of %d days; %s: %d orders\n", p.done, p.all, shop, orders)
	}
}

func (p *progress) close() {
	if p.bar != nil {
		_ = p.bar.Close()
	}
}
