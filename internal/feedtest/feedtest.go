// Package feedtest proves a platform's Changes: a fake shop lives through random events while
// an app keeps a copy of its orders, and after a quiet time the two have to be the same.
package feedtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// World is a fake shop and the feed of its orders.
type World[T any] struct {
	// Events are what can happen in the shop, by name. Each picks an order itself.
	Events map[string]func(r *rand.Rand)
	// Advance moves the platform's clock, and the app's with it.
	Advance func(d time.Duration)
	// Quiet ends all faults, and lets everything spread that still has to.
	Quiet func()
	// Truth is the state of each order as far as the feed has to show it.
	Truth func() (map[string]string, error)
	// Changes is the feed under test.
	Changes func(ctx context.Context, cursor *shotengai.Cursor, opts ...shotengai.CallOption) iter.Seq2[*T, error]
	// State returns the id and the state of an order that the feed yields.
	State func(*T) (id, state string)
	// Vanishing reports that orders can vanish. The app then stores no order without the cursor.
	Vanishing bool
	// Begin is the first cursor.
	Begin shotengai.Cursor
}

// app is an app with its database: the copy, the cursor and the notes, changed in one
// transaction.
type app struct {
	copy   map[string]string
	cursor shotengai.Cursor
	notes  shotengai.Notes // nil while the cursor has them
}

// save stores what became of an order, and its note.
func (a *app) save(id, state string, gone bool, notes shotengai.Notes) {
	switch {
	case gone:
		delete(a.copy, id)
	case state != "":
		a.copy[id] = state
	}
	if note := notes[id]; note != "" {
		a.notes[id] = note
	} else {
		delete(a.notes, id)
	}
}

// The length of a life. It is long enough for orders to be new, change, and grow too old for
// the shop to touch them. A longer one would cost more for each event, and play no others.
const (
	events       = 250
	betweenQuiet = 125 // events between two comparisons
)

// Lives is how many lives a test plays: 4, or 40 if SHOTENGAI_TEST_SIZE is full.
func Lives() uint64 {
	if os.Getenv("SHOTENGAI_TEST_SIZE") == "full" {
		return 40
	}
	return 4
}

// Run plays a life of a shop, with runs of the feed between its events that are cut off
// anywhere, and compares the copy with the shop now and then. The seed makes the same life
// again, and is in the error.
func Run[T any](ctx context.Context, seed uint64, w World[T]) error {
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // the same seed has to give the same life
	names := slices.Sorted(maps.Keys(w.Events))
	a := &app{copy: make(map[string]string), cursor: w.Begin}
	notesFrom := notesFrom(seed)
	for i := range events {
		if i == notesFrom {
			a.notes = make(shotengai.Notes)
		}
		w.Events[names[r.IntN(len(names))]](r)
		switch r.IntN(10) {
		case 0, 1, 2:
			w.Advance(time.Duration(r.IntN(120)) * time.Second)
		case 3:
			w.Advance(time.Duration(r.IntN(36)) * time.Hour / 10)
		case 4:
			_ = a.run(ctx, w, func() { w.between(r, names) }, r.IntN(20), r)
		case 5, 6:
			_ = a.run(ctx, w, func() { w.between(r, names) }, -1, r)
		}
		if i%betweenQuiet == betweenQuiet-1 {
			if err := compare(ctx, w, a, r); err != nil {
				return fmt.Errorf("seed %d, event %d of %d: %w", seed, i, events, err)
			}
		}
	}
	return nil
}

// notesFrom is the event from which on the app of a life keeps the notes itself: at once, later,
// or in every other life never.
func notesFrom(seed uint64) int {
	if (seed+seed/4)%2 == 0 {
		return -1
	}
	return int(seed % 3 * betweenQuiet / 2)
}

// maxCursor is the longest cursor of an app that keeps the notes itself, once it has them all.
const maxCursor = 100

func compare[T any](ctx context.Context, w World[T], a *app, r *rand.Rand) error {
	w.Quiet()
	w.Advance(10 * time.Minute)
	if err := a.run(ctx, w, nil, -1, r); err != nil {
		return fmt.Errorf("the quiet run failed: %w", err)
	}
	if a.notes != nil && len(a.cursor) > maxCursor {
		return fmt.Errorf("the cursor has %d bytes: %s", len(a.cursor), a.cursor)
	}
	truth, err := w.Truth()
	if err != nil {
		return fmt.Errorf("the shop cannot be read: %w", err)
	}
	if diff := difference(a.copy, truth); diff != "" {
		return errors.New("the copy differs from the shop: " + diff)
	}
	return nil
}

// between has something happen while the feed is read.
func (w *World[T]) between(r *rand.Rand, names []string) {
	if r.IntN(4) == 0 {
		w.Events[names[r.IntN(len(names))]](r)
	}
}

// run reads the feed as an app does, and dies after some orders when cut is not negative:
// before or after it has stored the last one.
func (a *app) run(ctx context.Context, w interface {
	feed(context.Context, *shotengai.Cursor, ...shotengai.CallOption) iter.Seq2[row, error]
	vanishing() bool
}, between func(), cut int, r *rand.Rand,
) error {
	cursor, notes := a.cursor, maps.Clone(a.notes)
	var opts []shotengai.CallOption
	if notes != nil {
		opts = append(opts, shotengai.WithNotes(notes))
	}
	for row, err := range w.feed(ctx, &cursor, opts...) {
		if between != nil {
			between()
		}
		if cut == 0 {
			return nil
		}
		cut--
		if unread, ok := errors.AsType[*shotengai.RowError](err); ok {
			a.save(unread.ID, "", errors.Is(err, shotengai.ErrNotFound), notes)
			a.cursor = cursor
			continue
		}
		if err != nil {
			return err
		}
		a.save(row.id, row.state, false, notes)
		if r.IntN(3) > 0 || w.vanishing() { // the order alone may be stored
			a.cursor = cursor
		}
	}
	a.cursor = cursor
	return nil
}

type row struct{ id, state string }

func (w World[T]) vanishing() bool { return w.Vanishing }

func (w World[T]) feed(ctx context.Context, cursor *shotengai.Cursor, opts ...shotengai.CallOption) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		for order, err := range w.Changes(ctx, cursor, opts...) {
			var out row
			if order != nil {
				out.id, out.state = w.State(order)
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// difference is the first order of which two copies differ, and how many there are.
func difference(got, want map[string]string) string {
	var ids []string
	for id, state := range want {
		if got[id] != state {
			ids = append(ids, id)
		}
	}
	for id := range got {
		if _, known := want[id]; !known {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	slices.Sort(ids)
	return fmt.Sprintf("%d of %d orders, the first %s:\n got %q\nwant %q", len(ids), len(want), ids[0], got[ids[0]], want[ids[0]])
}

// Fault is one of the faults that a platform's answers can have. The member is an amount of
// an order, which one of them spells so that the order cannot be read.
func Fault(r *rand.Rand, member string) shotengaitest.Fault {
	faults := []shotengaitest.Fault{
		{Status: 500},
		{Status: 503},
		{Status: 429, RetryAfter: "1"},
		{Status: 401},
		{Reset: true},
		{ResetAfter: true},
		{Truncate: 200},
		{Status: 200, Body: "<html>", ContentType: "text/html"},
		{Rewrite: func(body []byte) []byte {
			return bytes.Replace(body, []byte(`"`+member+`":`), []byte(`"`+member+`":0.5,"was":`), 1)
		}},
	}
	return faults[r.IntN(len(faults))]
}

// Truth reads the state of all orders of a list.
func Truth[T any](orders iter.Seq2[*T, error], state func(*T) (id, state string)) (map[string]string, error) {
	truth := make(map[string]string)
	for order, err := range orders {
		if err != nil {
			return nil, err
		}
		id, text := state(order)
		truth[id] = text
	}
	return truth, nil
}

// JSON is the state of an order that is compared as a whole.
func JSON(order any) string {
	text, err := json.Marshal(order)
	if err != nil {
		panic(err) // an order of a fake
	}
	return string(text)
}

// Cost reads a feed to its end, and returns how many orders it yielded and what it sent.
func Cost[T any](ctx context.Context, changes func(context.Context, *shotengai.Cursor, ...shotengai.CallOption) iter.Seq2[*T, error], cursor *shotengai.Cursor) (rows int, calls int64, err error) {
	var requests atomic.Int64
	for _, err := range changes(ctx, cursor, shotengai.WithRequestCount(&requests)) {
		if err != nil {
			return rows, requests.Load(), err
		}
		rows++
	}
	return rows, requests.Load(), nil
}
