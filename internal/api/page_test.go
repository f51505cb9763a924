package api

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
)

// paged serves rows by offset, limit at a time, and counts the pages.
type paged struct {
	rows    []int
	limit   int
	fetched []int
	fail    map[int]error // by offset
	latency time.Duration
	busy    bool
}

func (p *paged) fetch(ctx context.Context, offset int) (Batch[int], error) {
	p.fetched = append(p.fetched, offset)
	p.busy = true
	defer func() { p.busy = false }()
	if err := httpx.Sleep(ctx, p.latency); err != nil {
		return Batch[int]{}, err
	}
	if err := p.fail[offset]; err != nil {
		return Batch[int]{}, err
	}
	end := min(offset+p.limit, len(p.rows))
	return Batch[int]{Items: slices.Clone(p.rows[min(offset, end):end]), Next: offset + p.limit, Last: end == len(p.rows)}, nil
}

func itself(v *int) int { return *v }

func collect(t *testing.T, offset int, fetch func(context.Context, int) (Batch[int], error)) ([]int, error) {
	t.Helper()
	var got []int
	for v, err := range Walk(t.Context(), offset, itself, fetch) {
		if err != nil {
			assert.Nil(t, v)
			return got, err
		}
		got = append(got, *v)
	}
	return got, nil
}

func TestWalk(t *testing.T) {
	t.Parallel()
	p := &paged{rows: []int{1, 2, 3, 4, 5}, limit: 2}
	got, err := collect(t, 0, p.fetch)
	require.NoError(t, err)
	assert.Equal(t, p.rows, got)
	assert.Equal(t, []int{0, 2, 4}, p.fetched)

	got, err = collect(t, 3, p.fetch)
	require.NoError(t, err)
	assert.Equal(t, []int{4, 5}, got)

	empty := &paged{limit: 2}
	got, err = collect(t, 0, empty.fetch)
	require.NoError(t, err)
	assert.Empty(t, got)
	assert.Equal(t, []int{0}, empty.fetched)
}

func TestWalkIsLazyAndStartsAnew(t *testing.T) {
	t.Parallel()
	p := &paged{rows: []int{1, 2, 3, 4, 5}, limit: 2}
	all := Walk(t.Context(), 0, itself, p.fetch)
	assert.Empty(t, p.fetched, "nothing is fetched before it is ranged over")
	for range 2 {
		p.fetched = nil
		for v, err := range all {
			require.NoError(t, err)
			assert.Equal(t, 1, *v)
			break
		}
		assert.Equal(t, []int{0}, p.fetched, "nor for a loop that takes one row")
	}
	p.fetched = nil
	var got []int
	for v := range all {
		got = append(got, *v)
	}
	assert.Equal(t, p.rows, got, "the second range begins at the beginning")
}

// A loop and the calls for its pages overlap, whichever takes longer.
func TestWalkReadsAhead(t *testing.T) {
	t.Parallel()
	const pages, size, latency = 30, 100, 500 * time.Millisecond
	for perRow, want := range map[time.Duration]time.Duration{
		0:                     pages * latency,
		5 * time.Millisecond:  (pages+1)*latency + (pages-1)*5*time.Millisecond, // each call begins with the second row
		10 * time.Millisecond: latency + pages*size*10*time.Millisecond,
	} {
		for _, opts := range [][]shotengai.CallOption{nil, {shotengai.WithoutReadAhead()}, {shotengai.WithResponse(new(shotengai.Response))}} {
			synctest.Test(t, func(t *testing.T) {
				p := &paged{rows: make([]int, pages*size), limit: size, latency: latency}
				for i := range p.rows {
					p.rows[i] = i
				}
				began, rows := time.Now(), 0
				for v, err := range Walk(t.Context(), 0, itself, p.fetch, opts...) {
					require.NoError(t, err)
					assert.Equal(t, rows, *v)
					rows++
					<-time.After(perRow)
				}
				assert.Equal(t, pages*size, rows)
				assert.Len(t, p.fetched, pages)
				if opts != nil {
					want = pages*latency + pages*size*perRow
				}
				assert.Equal(t, want, time.Since(began), "%s a row", perRow)
			})
		}
	}
}

// A loop that ends early ends the call for the next page, and waits for that.
func TestWalkEndsTheCallAhead(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]shotengai.CallOption{"[0 2]": nil, "[0]": {shotengai.WithoutReadAhead()}} {
		synctest.Test(t, func(t *testing.T) {
			p := &paged{rows: []int{1, 2, 3, 4, 5}, limit: 2, latency: time.Hour}
			began := time.Now()
			for v, err := range Walk(t.Context(), 0, itself, p.fetch, opts...) {
				require.NoError(t, err)
				if *v == 2 {
					synctest.Wait()
					break
				}
			}
			assert.Equal(t, time.Hour, time.Since(began), "for the first page")
			assert.False(t, p.busy)
			assert.Equal(t, name, fmt.Sprint(p.fetched))
		})
	}
}

// A page that is odd is not followed by a call for the next one.
func TestWalkChecksAPageBeforeItReadsAhead(t *testing.T) {
	t.Parallel()
	next := script(Batch[int]{Items: []int{1, 2}, Next: 2, Total: new(4)}, Batch[int]{Items: []int{3, 4}, Next: 4, Total: new(3)})
	fetched := 0
	var got []int
	for v, err := range Walk(t.Context(), 0, itself, func(ctx context.Context, offset int) (Batch[int], error) {
		fetched++
		return next(ctx, offset)
	}) {
		if err != nil {
			require.ErrorIs(t, err, shotengai.ErrRowsMoved)
			break
		}
		got = append(got, *v)
	}
	assert.Equal(t, []int{1, 2}, got)
	assert.Equal(t, 2, fetched)
}

// What panics in a call for the next page panics in the loop, where it can be recovered.
func TestWalkPanicsInTheLoop(t *testing.T) {
	t.Parallel()
	var got []int
	assert.PanicsWithValue(t, "an observer's fault", func() {
		for v, err := range Walk(t.Context(), 0, itself, func(_ context.Context, offset int) (Batch[int], error) {
			if offset > 0 {
				panic("an observer's fault")
			}
			return Batch[int]{Items: []int{1, 2}, Next: 2}, nil
		}) {
			require.NoError(t, err)
			got = append(got, *v)
		}
	})
	assert.Equal(t, []int{1, 2}, got)
}

func TestWalkResumes(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	p := &paged{rows: []int{1, 2, 3, 4, 5}, limit: 2, fail: map[int]error{2: down}}
	got, err := collect(t, 0, p.fetch)
	require.ErrorIs(t, err, down)
	assert.Equal(t, []int{1, 2}, got)
	assert.Equal(t, []int{0, 2}, p.fetched, "it stops after an error")
	page, ok := errors.AsType[*shotengai.PageError](err)
	require.True(t, ok)
	assert.Equal(t, "down (all before offset 2 was yielded)", err.Error())

	p.fail = nil
	rest, err := collect(t, page.Offset, p.fetch)
	require.NoError(t, err)
	assert.Equal(t, p.rows, append(got, rest...))
}

// script gives page after page, whatever is asked for.
func script(pages ...Batch[int]) func(context.Context, int) (Batch[int], error) {
	return func(context.Context, int) (Batch[int], error) {
		page := pages[0]
		if len(pages) > 1 {
			pages = pages[1:]
		}
		return page, nil
	}
}

func TestWalkOddPages(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		pages    []Batch[int]
		want     []int
		repeated bool
	}{
		"the same page for ever":         {[]Batch[int]{{Items: []int{1, 2}, Next: 2}, {Items: []int{1, 2}, Next: 4}}, []int{1, 2}, true},
		"the same page, called the last": {[]Batch[int]{{Items: []int{1, 2}, Next: 2}, {Items: []int{2, 1}, Next: 4, Last: true}}, []int{1, 2}, true},
		"an offset that stays":           {[]Batch[int]{{Items: []int{1, 2}, Next: 0}}, []int{1, 2}, true},
		"an offset that goes back":       {[]Batch[int]{{Items: []int{1}, Next: 1}, {Items: []int{2}, Next: 0}}, []int{1, 2}, true},
		"empty pages for ever":           {[]Batch[int]{{Next: 0}}, nil, true},
		"an empty page that goes on":     {[]Batch[int]{{Items: []int{1}, Next: 1}, {Next: 2}, {Items: []int{2}, Last: true}}, []int{1, 2}, false},
		"rows that moved on":             {[]Batch[int]{{Items: []int{1, 2}, Next: 2}, {Items: []int{2, 3}, Last: true}}, []int{1, 2, 3}, false},
		"a last page that moved on":      {[]Batch[int]{{Items: []int{1, 2}, Next: 2}, {Items: []int{2}, Last: true}}, []int{1, 2}, false},
		"a last page that stays":         {[]Batch[int]{{Items: []int{1, 2}, Next: 2}, {Items: []int{2}, Next: 4}, {Items: []int{2}, Next: 6}}, []int{1, 2}, true},
		"a last page without next":       {[]Batch[int]{{Items: []int{1}, Last: true}}, []int{1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := collect(t, 0, script(tc.pages...))
			assert.Equal(t, tc.want, got)
			assert.Equal(t, tc.repeated, errors.Is(err, shotengai.ErrPageRepeated), "%v", err)
		})
	}
}

// Whatever the total, one page is held at a time: while a page is fetched, of the pages
// before it only the one that was yielded last may still be in memory.
func TestWalkHoldsOnePage(t *testing.T) {
	t.Parallel()
	type big struct {
		id int
		_  [1 << 10]byte
	}
	const pages, size = 50, 100
	var held []weak.Pointer[big]
	most := 0
	fetch := func(_ context.Context, offset int) (Batch[big], error) {
		runtime.GC()
		alive := 0
		for _, p := range held {
			if p.Value() != nil {
				alive++
			}
		}
		most = max(most, alive)
		items := make([]big, size)
		for i := range items {
			items[i].id = offset + i
		}
		held = append(held, weak.Make(&items[0]))
		return Batch[big]{Items: items, Next: offset + size, Last: offset+size == pages*size}, nil
	}
	count := 0
	for v, err := range Walk(t.Context(), 0, func(b *big) int { return b.id }, fetch) {
		require.NoError(t, err)
		require.Equal(t, count, v.id)
		count++
	}
	assert.Equal(t, pages*size, count)
	assert.LessOrEqual(t, most, 1)
}

func TestPageErrorsSayWhereToGoOn(t *testing.T) {
	t.Parallel()
	down := &shotengai.PageError{Offset: 200, Err: errors.New("down")}
	assert.Equal(t, "down (all before offset 200 was yielded)", down.Error())
	down.Start = 200
	assert.Equal(t, "down", down.Error(), "nothing was yielded")
	moved := &shotengai.PageError{Offset: 200, Err: shotengai.ErrRowsMoved}
	assert.NotContains(t, moved.Error(), "before offset", "rows before it may be missing")
	assert.ErrorIs(t, moved, shotengai.ErrRowsMoved)
}

// H26: a list whose total falls while it is walked ends with ErrRowsMoved, before a row of
// the page in question. One that grows goes on.
func TestH26RowsMoved(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		totals []int
		rows   int
		moved  bool
	}{
		"it stays":        {[]int{6, 6, 6}, 6, false},
		"it grows":        {[]int{6, 7, 8}, 6, false},
		"it shrinks":      {[]int{6, 5, 5}, 2, true},
		"at its end":      {[]int{6, 6, 5}, 4, true},
		"all have left":   {[]int{6, 0}, 2, true},
		"grew and shrank": {[]int{6, 8, 7}, 4, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := 0
			rows := Walk(t.Context(), 0, func(row *int) int { return *row }, func(_ context.Context, offset int) (Batch[int], error) {
				total := tc.totals[page]
				page++
				return Batch[int]{Items: []int{offset, offset + 1}, Next: offset + 2, Last: page == 3, Total: &total}, nil
			})
			var seen int
			var last error
			for _, err := range rows {
				if last = err; err == nil {
					seen++
				}
			}
			assert.Equal(t, tc.rows, seen)
			assert.Equal(t, tc.moved, errorIs(last, shotengai.ErrRowsMoved))
			if tc.moved {
				_, ok := errors.AsType[*shotengai.PageError](last)
				assert.True(t, ok)
			}
		})
	}
}
