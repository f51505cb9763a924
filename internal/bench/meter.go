package main

import (
	"runtime"
	"slices"
	"testing"
	"time"
)

// meter measures.
type meter struct {
	t      *testing.T // for the bubbles of package synctest
	rounds int        // of a comparison of times
	quick  bool       // everything is done once and small: the times say nothing
}

// pair is the same work done by the bare standard library and by whom it is the name of.
type pair struct {
	who       string
	bare, sdk func() error
}

// turn is how long one of the two works before it is the other's turn.
const turn = 10 * time.Millisecond

// times compares the times of pairs: each the median of its rounds.
func (m *meter) times(pairs []pair) []figure {
	return each(pairs, func(p pair) figure {
		n := 1
		for !m.quick && clock(p.bare, n) < turn {
			n *= 2
		}
		var bares, ratios []float64
		for i := range m.rounds {
			var bare, sdk time.Duration
			if i%2 == 0 {
				bare, sdk = clock(p.bare, n), clock(p.sdk, n)
			} else {
				sdk, bare = clock(p.sdk, n), clock(p.bare, n)
			}
			bares, ratios = append(bares, float64(bare)/float64(n)), append(ratios, float64(sdk)/float64(bare))
		}
		return figure{p.who, median(bares), median(ratios)}
	})
}

// clock is how much time of the processors n calls take, from an empty heap on.
func clock(f func() error, n int) time.Duration {
	runtime.GC()
	began := processorTime()
	for range n {
		must(f())
	}
	return max(processorTime()-began, 1)
}

// allocationsAbove counts the allocations that the bare library does not make.
func allocationsAbove(pairs []pair) []figure {
	return each(pairs, func(p pair) figure {
		bare := allocations(p.bare)
		return figure{p.who, bare, allocations(p.sdk) - bare}
	})
}

// allocationsOf counts all allocations.
func allocationsOf(pairs []pair) []figure {
	return each(pairs, func(p pair) figure { return figure{p.who, allocations(p.bare), allocations(p.sdk)} })
}

func allocations(f func() error) float64 { return testing.AllocsPerRun(100, func() { must(f()) }) }

func each(pairs []pair, measure func(pair) figure) []figure {
	figures := make([]figure, len(pairs))
	for i, p := range pairs {
		figures[i] = measure(p)
	}
	return figures
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// heapOf is how many bytes what build returns keeps.
func heapOf[T any](build func() T) float64 {
	const n = 1000
	kept := make([]T, n+1)
	var before uint64
	for i := range kept {
		if i == 1 { // what all share is made with the first
			before = heap()
		}
		kept[i] = build()
	}
	size := (float64(heap()) - float64(before)) / n
	runtime.KeepAlive(kept)
	return size
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // pools are empty after two
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// must ends the program: nothing that is measured may fail.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func got[T any](v T, err error) T {
	must(err)
	return v
}
