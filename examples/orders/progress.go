package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far an export is: a bar on a terminal, a line now and then elsewhere. A
// run whose end is not known counts orders.
type progress struct {
	w    io.Writer
	bar  *progressbar.ProgressBar
	mu   sync.Mutex
	done int
	all  int // the steps to the end; -1: not known
}

func newProgress(w io.Writer, terminal bool, all int) *progress {
	p := &progress{w: w, all: all}
	if terminal {
		unit := text("days")
		if all < 0 {
			unit = text("orders")
		}
		p.bar = progressbar.NewOptions(all, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(unit),
			progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
	}
	return p
}

// step counts a day of a shop that is done, or some orders where the end is not known.
func (p *progress) step(shop string, orders int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	switch {
	case p.bar != nil && p.all < 0:
		_ = p.bar.Add(orders)
	case p.bar != nil:
		_ = p.bar.Add(1)
	case p.all < 0 && orders > 0:
		_, _ = fmt.Fprintf(p.w, text("%s: %d orders\n"), shop, orders)
	case p.all >= 0 && (p.done%max(p.all/10, 1) == 0 || p.done == p.all):
		_, _ = fmt.Fprintf(p.w, text("%d of %d days; %s: %d orders\n"), p.done, p.all, shop, orders)
	}
}

func (p *progress) close() {
	if p.bar != nil {
		_ = p.bar.Close()
	}
}
