package api

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// entry is a row of a feed without a platform.
type entry struct {
	Name  string
	State int
}

// entries is a feed whose answers are functions.
func entries(find func(from, to time.Time) iter.Seq2[*entry, error], again func([]Kept) iter.Seq2[*entry, error]) Feed[entry] {
	return Feed[entry]{
		Operation: "GET /entries", Overlap: time.Minute,
		ID:    func(t *entry) string { return t.Name },
		Open:  func(t *entry) bool { return t.State < 10 },
		Find:  func(_ context.Context, from, to time.Time) iter.Seq2[*entry, error] { return find(from, to) },
		Again: func(_ context.Context, kept []Kept) iter.Seq2[*entry, error] { return again(kept) },
	}
}

type got struct {
	row *entry
	err error
}

func rowsOf(pairs ...got) iter.Seq2[*entry, error] {
	return func(yield func(*entry, error) bool) {
		for _, p := range pairs {
			if !yield(p.row, p.err) {
				return
			}
		}
	}
}

func feedEngine(t *testing.T, now time.Time) *Engine {
	t.Helper()
	e, err := New(&Platform{Name: "acme", BaseURL: "https://api.acme.example", Hosts: []string{"api.acme.example"}}, nil, shotengai.WithClock(func() time.Time { return now }))
	require.NoError(t, err)
	return e
}

func take(seq iter.Seq2[*entry, error]) (states []int, errs []error) {
	for row, err := range seq {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		states = append(states, row.State)
	}
	return states, errs
}

var noon = time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC)

// Rows that move, in a list by date or in one of open rows, cost another walk and no row, and
// what was yielded before does not come again.
func TestFeedWalksAgainWhenRowsMove(t *testing.T) {
	t.Parallel()
	walks := 0
	moving := func(rows ...got) iter.Seq2[*entry, error] {
		if walks++; walks%2 == 1 {
			return rowsOf(rows[0], got{nil, &shotengai.PageError{Err: shotengai.ErrRowsMoved}})
		}
		return rowsOf(rows...)
	}
	a, b := got{&entry{"a", 1}, nil}, got{&entry{"b", 2}, nil}
	feed := entries(func(time.Time, time.Time) iter.Seq2[*entry, error] { return moving(a, b) }, func([]Kept) iter.Seq2[*entry, error] {
		return moving(got{&entry{"a", 3}, nil}, got{&entry{"b", 10}, nil})
	})
	cursor := shotengai.CursorFrom(noon.Add(-time.Hour))
	states, errs := take(Changes(t.Context(), feedEngine(t, noon), feed, &cursor))
	assert.Empty(t, errs)
	assert.Equal(t, []int{1, 2}, states)
	feed.Find = func(context.Context, time.Time, time.Time) iter.Seq2[*entry, error] { return rowsOf() }
	states, errs = take(Changes(t.Context(), feedEngine(t, noon), feed, &cursor))
	assert.Empty(t, errs)
	assert.Equal(t, []int{3, 10}, states)
}

// A row that changes while its list is walked again comes once more, whether it is kept or not.
func TestFeedYieldsWhatChangedBetweenWalks(t *testing.T) {
	t.Parallel()
	for first, second := range map[int]int{1: 2, 10: 11, 11: 1, 2: 10} {
		walks := 0
		feed := entries(func(time.Time, time.Time) iter.Seq2[*entry, error] {
			if walks++; walks == 1 {
				return rowsOf(got{&entry{"a", first}, nil}, got{nil, shotengai.ErrRowsMoved})
			}
			return rowsOf(got{&entry{"a", second}, nil})
		}, nil)
		cursor := shotengai.CursorFrom(noon.Add(-time.Hour))
		states, errs := take(Changes(t.Context(), feedEngine(t, noon), feed, &cursor))
		assert.Empty(t, errs)
		assert.Equal(t, []int{first, second}, states)
	}
}

func TestFeedGivesUpOnRowsThatAlwaysMove(t *testing.T) {
	t.Parallel()
	walks := 0
	feed := entries(func(time.Time, time.Time) iter.Seq2[*entry, error] {
		walks++
		return rowsOf(got{nil, shotengai.ErrRowsMoved})
	}, nil)
	cursor := shotengai.CursorFrom(noon)
	before := cursor
	_, errs := take(Changes(t.Context(), feedEngine(t, noon), feed, &cursor))
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], shotengai.ErrRowsMoved)
	assert.Equal(t, maxWalks, walks)
	assert.Equal(t, before, cursor)
}

// A row that cannot be read comes once a run, is asked for again, and leaves the cursor when
// it was read or has vanished.
func TestFeedRemembersUnreadRows(t *testing.T) {
	t.Parallel()
	unread := func(id string, err error) got {
		return got{nil, &shotengai.RowError{Platform: "acme", ID: id, Err: err}}
	}
	odd := errors.New("odd")
	answers := [][]got{
		{unread("x", odd), unread("y", odd)},
		{got{&entry{"x", 10}, nil}, unread("y", shotengai.ErrNotFound)},
	}
	var asked [][]string
	feed := entries(func(time.Time, time.Time) iter.Seq2[*entry, error] { return rowsOf() }, func(kept []Kept) iter.Seq2[*entry, error] {
		var ids []string
		for _, k := range kept {
			ids = append(ids, k.ID)
		}
		asked = append(asked, ids)
		answer := answers[0]
		answers = answers[1:]
		return rowsOf(answer...)
	})
	first := feed
	first.Find = func(context.Context, time.Time, time.Time) iter.Seq2[*entry, error] {
		return rowsOf(unread("x", odd), unread("y", odd), unread("x", odd), unread("", odd))
	}
	cursor := shotengai.CursorFrom(noon.Add(-time.Hour))
	_, errs := take(Changes(t.Context(), feedEngine(t, noon), first, &cursor))
	assert.Len(t, errs, 3)
	_, errs = take(Changes(t.Context(), feedEngine(t, noon), feed, &cursor))
	assert.Len(t, errs, 2)
	states, errs := take(Changes(t.Context(), feedEngine(t, noon), feed, &cursor))
	assert.Equal(t, []int{10}, states)
	assert.Len(t, errs, 1)
	assert.Equal(t, [][]string{{"x", "y"}, {"x", "y"}}, asked)
	_, errs = take(Changes(t.Context(), feedEngine(t, noon), feed, &cursor))
	assert.Empty(t, errs)
	assert.Len(t, asked, 2)
}

// A time of many years is searched in parts that grow, and the last has no end.
func TestFeedSearchesInParts(t *testing.T) {
	t.Parallel()
	var ends []time.Time
	next := noon.AddDate(-2, 0, 0)
	feed := entries(func(from, to time.Time) iter.Seq2[*entry, error] {
		assert.True(t, from.Equal(next), "no time is left out")
		next, ends = to, append(ends, to)
		return rowsOf()
	}, nil)
	cursor := shotengai.CursorFrom(next)
	_, errs := take(Changes(t.Context(), feedEngine(t, noon), feed, &cursor))
	assert.Empty(t, errs)
	assert.Len(t, ends, 10)
	assert.True(t, ends[9].IsZero())
	p, err := readCursor("acme", &cursor, nil)
	require.NoError(t, err)
	assert.True(t, p.since.Equal(noon.Add(-time.Minute)))
}

// What a run keeps is in the cursor, each row once and in its last state, and read from there
// by the next run.
func TestCursorKeepsRows(t *testing.T) {
	t.Parallel()
	p := &progress{since: noon, at: make(map[string]int)}
	for _, k := range []Kept{{ID: "a", Sum: 1}, {ID: "b: c", Sum: 2, Date: noon}, {ID: "d", Sum: 3}, {ID: "a", Sum: 4}} {
		p.keep(k)
	}
	cursor := p.cursor("acme")
	q, err := readCursor("acme", &cursor, nil)
	require.NoError(t, err)
	require.True(t, q.since.Equal(noon))
	require.Len(t, q.kept, 3)
	for id, want := range map[string]uint64{"a": 4, "b: c": 2, "d": 3} {
		sum, kept := q.sum(id)
		assert.True(t, kept, id)
		assert.Equal(t, want, sum, id)
		assert.Equal(t, id == "b: c", q.date(id).Equal(noon), id)
	}

	q.drop("a")
	q.drop("a")
	q.drop("never kept")
	_, kept := q.sum("a")
	assert.False(t, kept)
	q.keep(Kept{ID: "e", Sum: 5})
	q.keep(Kept{ID: "a", Sum: 6})
	var ids []string
	for _, k := range q.kept {
		ids = append(ids, k.ID)
	}
	assert.ElementsMatch(t, []string{"a", "b: c", "d", "e"}, ids)
}

// A cursor that is not whole is refused: what it lacks would be a row that nobody looks at
// again.
func TestDamagedCursor(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"acme", "acme.1", "acme.2", "acme.3", "acme..x", "acme.0.x", "acme.-1.x", "acme.one.x", "acme.99999999999999999999.x", "from.1", "from.1.noon",
		"acme.1.", "acme.1.!", "acme.1.t6b0w0 a", "acme.1.t6b0w0 a:1 b", "acme.1.t6b0w0 :1", "acme.1.t6b0w0 %zz:1", "acme.1.t6b0w0 a:-1",
		"acme.1.t6b0w0 a:1:!", "acme.1.t6b0w0 a:1:2:3",
	} {
		cursor := shotengai.Cursor(text)
		_, err := readCursor("acme", &cursor, nil)
		require.ErrorIs(t, err, errBadCursor, text)
	}
	for text, reason := range map[string]string{"": "begins with CursorFrom", "other.1.t6b0w0": "it is of \"other\", not of acme", "acme.3.x": "update the library", "acme.2.t6b0w0": "pass them by WithNotes"} {
		cursor := shotengai.Cursor(text)
		_, err := readCursor("acme", &cursor, nil)
		require.ErrorContains(t, err, reason)
	}
}

func TestSkew(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"": 0, "yesterday": 0, noon.Add(-time.Hour).Format(http.TimeFormat): -time.Hour, noon.AddDate(-50, 0, 0).Format(http.TimeFormat): -24 * time.Hour,
	} {
		e := feedEngine(t, noon)
		e.skew.note(http.Header{"Date": {text}}, noon)
		assert.Equal(t, want, e.Skew(), text)
	}
}

func FuzzCursor(f *testing.F) {
	for _, text := range []string{"", "from.1.2026-02-28T12:00:00Z", "acme.1.t6b0w0", "acme.1.t6b0w0 a:1 b%3A:2:t6b0w0", "acme.2.t6b0w0 a:1:2", "acme.1.t6b0w0 a:1:2:3", "acme.99.x", "other.1.t"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, notes := range []shotengai.Notes{nil, {}, {"a": "3", "c d": "4:t6b0w0"}} {
			cursor := shotengai.Cursor(text)
			p, err := readCursor("acme", &cursor, notes)
			if err != nil {
				continue
			}
			again := p.cursor("acme")
			q, err := readCursor("acme", &again, notes)
			if err != nil || q.cursor("acme") != again || len(q.kept) != len(p.kept) {
				t.Errorf("%q became %q: %v", text, again, err)
			}
		}
	})
}

// shelf is a feed over entries that all come by date at first, and are then looked at by name.
type shelf map[string]*entry

func (s shelf) feed() Feed[entry] {
	fresh := true
	return entries(func(time.Time, time.Time) iter.Seq2[*entry, error] {
		return func(yield func(*entry, error) bool) {
			for _, name := range slices.Sorted(maps.Keys(s)) {
				if fresh && !yield(s[name], nil) {
					return
				}
			}
			fresh = false
		}
	}, func(kept []Kept) iter.Seq2[*entry, error] {
		return func(yield func(*entry, error) bool) {
			for _, k := range kept {
				var err error
				if s[k.ID] == nil {
					err = &shotengai.RowError{ID: k.ID, Err: shotengai.ErrNotFound}
				}
				if !yield(s[k.ID], err) {
					return
				}
			}
		}
	})
}

// An app that stores its notes beside its rows has a short cursor, is not given what has not
// changed, and is told what vanished.
func TestFeedWithNotes(t *testing.T) {
	t.Parallel()
	s := shelf{"a": {"a", 1}, "b": {"b", 2}, "c: d": {"c: d", 3}, "e": {"e", 10}}
	feed, e := s.feed(), feedEngine(t, noon)
	cursor, notes := shotengai.CursorFrom(noon.Add(-time.Hour)), shotengai.Notes{}
	run := func() (states []int, errs []error) {
		return take(Changes(t.Context(), e, feed, &cursor, shotengai.WithNotes(notes)))
	}
	states, errs := run()
	assert.Empty(t, errs)
	assert.Equal(t, []int{1, 2, 3, 10}, states)
	assert.ElementsMatch(t, []string{"a", "b", "c: d"}, slices.Collect(maps.Keys(notes)))
	assert.Less(t, len(cursor), 20)

	states, errs = run()
	assert.Empty(t, errs)
	assert.Empty(t, states)
	s["a"] = &entry{"a", 11}
	s["c: d"] = &entry{"c: d", 4}
	delete(s, "b")
	notes["f"] = "" // a row of which the app has no note
	states, errs = run()
	assert.Equal(t, []int{11, 4}, states)
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], shotengai.ErrNotFound)
	assert.ElementsMatch(t, []string{"c: d", "f"}, slices.Collect(maps.Keys(notes)))
}

// The rows that an earlier cursor keeps are handed to the app: each comes once more, with its
// note, and only then leaves the cursor.
func TestCursorHandsItsRowsToTheNotes(t *testing.T) {
	t.Parallel()
	s := shelf{"a": {"a", 1}, "b": {"b", 2}, "c": {"c", 3}}
	feed, e := s.feed(), feedEngine(t, noon)
	cursor := shotengai.CursorFrom(noon.Add(-time.Hour))
	_, errs := take(Changes(t.Context(), e, feed, &cursor))
	require.Empty(t, errs)
	notes := shotengai.Notes{}
	for row, err := range Changes(t.Context(), e, feed, &cursor, shotengai.WithNotes(notes)) {
		require.NoError(t, err)
		assert.NotEmpty(t, notes[row.Name])
		if row.Name == "b" {
			break // which the app does not store
		}
	}
	stored := shotengai.Cursor(strings.Replace(string(cursor), " ", " b:1 ", 1)) // that of the row before
	delete(notes, "b")
	delete(s, "b")
	states, errs := take(Changes(t.Context(), e, feed, &stored, shotengai.WithNotes(notes)))
	assert.Equal(t, []int{3}, states)
	assert.Len(t, errs, 1, "b has vanished")
	assert.ElementsMatch(t, []string{"a", "c"}, slices.Collect(maps.Keys(notes)))
	assert.Less(t, len(stored), 20)
	for name := range s {
		s[name] = &entry{name, 9}
	}
	states, _ = take(Changes(t.Context(), e, feed, &stored, shotengai.WithNotes(notes)))
	assert.Equal(t, []int{9, 9}, states)
}

// A row that cannot be read has a note, by which the next run asks for it again.
func TestUnreadRowsHaveNotes(t *testing.T) {
	t.Parallel()
	var asked []string
	feed := entries(func(time.Time, time.Time) iter.Seq2[*entry, error] {
		return rowsOf(got{nil, &shotengai.RowError{Platform: "acme", ID: "x", Err: errors.New("odd")}})
	}, func(kept []Kept) iter.Seq2[*entry, error] {
		asked = append(asked, kept[0].ID)
		return rowsOf(got{&entry{"x", 10}, nil})
	})
	cursor, notes := shotengai.CursorFrom(noon.Add(-time.Hour)), shotengai.Notes{}
	for range Changes(t.Context(), feedEngine(t, noon), feed, &cursor, shotengai.WithNotes(notes)) {
		assert.Equal(t, shotengai.Notes{"x": "0"}, notes)
	}
	feed.Find = func(context.Context, time.Time, time.Time) iter.Seq2[*entry, error] { return rowsOf() }
	states, _ := take(Changes(t.Context(), feedEngine(t, noon), feed, &cursor, shotengai.WithNotes(notes)))
	assert.Equal(t, []int{10}, states)
	assert.Equal(t, []string{"x"}, asked)
	assert.Empty(t, notes)
}

func TestDamagedNotes(t *testing.T) {
	t.Parallel()
	for _, notes := range []shotengai.Notes{{"a": "!"}, {"a": "1:"}, {"a": "1:2:3"}, {"": "1"}, {"a": "-1"}} {
		cursor := shotengai.CursorFrom(noon)
		_, errs := take(Changes(t.Context(), feedEngine(t, noon), shelf{}.feed(), &cursor, shotengai.WithNotes(notes)))
		require.Len(t, errs, 1)
		require.ErrorIs(t, errs[0], shotengai.ErrInvalid)
	}
	require.ErrorIs(t, shotengai.WithNotes(nil)(&shotengai.CallSettings{}), shotengai.ErrInvalid)
}

// The bytes that an app writes to remember how far it has come, when it stores the cursor with
// each of 10,000 open orders, and their notes beside them. No cursor has more than 1 KB.
func TestBytesWrittenForManyOrders(t *testing.T) {
	t.Parallel()
	s := make(shelf)
	for i := range 10_000 {
		name := fmt.Sprintf("123456-20260228-%010d", i)
		s[name] = &entry{name, 1}
	}
	feed, e := s.feed(), feedEngine(t, noon)
	cursor, notes := shotengai.CursorFrom(noon.Add(-time.Hour)), shotengai.Notes{}
	longest, cursors, beside := 0, 0, 0
	for row, err := range Changes(t.Context(), e, feed, &cursor, shotengai.WithNotes(notes)) {
		require.NoError(t, err)
		longest = max(longest, len(cursor))
		cursors += len(cursor)
		beside += len(notes[row.Name])
	}
	assert.Less(t, longest, 1<<10)
	assert.Less(t, cursors, 150_000)
	assert.Less(t, beside, 150_000)
	assert.Len(t, notes, 10_000)
	t.Logf("the cursor: at most %d bytes, %d in all; the notes: %d", longest, cursors, beside)
}
