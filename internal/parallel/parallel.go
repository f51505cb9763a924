// Package parallel runs calls at once.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Run calls do for each index below count, in order and at most n at once, or one at a time
// where n is less. When a call returns false, no further one begins. Run returns when all that
// began have ended. A panic of do stops the others in the same way, and is then raised in the
// goroutine of the caller; so is a runtime.Goexit.
func Run(n, count int, do func(i int) bool) {
	if n <= 1 || count <= 1 {
		for i := 0; i < count && do(i); i++ {
		}
		return
	}
	r := &run{count: int64(count), do: do}
	for range min(n, count) {
		r.workers.Go(r.work)
	}
	r.workers.Wait()
	switch {
	case r.value != nil:
		panic(r.value)
	case r.broken:
		runtime.Goexit()
	}
}

type run struct {
	count   int64
	do      func(i int) bool
	next    atomic.Int64
	stopped atomic.Bool
	workers sync.WaitGroup

	once   sync.Once
	broken bool // a call did not return
	value  any  // that it panicked with; nil after runtime.Goexit
}

func (r *run) work() {
	for !r.stopped.Load() {
		i := r.next.Add(1) - 1
		if i >= r.count {
			return
		}
		if !r.one(int(i)) {
			r.stopped.Store(true)
		}
	}
}

func (r *run) one(i int) (more bool) {
	returned := false
	defer func() {
		if returned {
			return
		}
		value := recover()
		r.once.Do(func() { r.broken, r.value = true, value })
		r.stopped.Store(true)
	}()
	more = r.do(i)
	returned = true
	return more
}
