package shotengai

import (
	"fmt"
	"time"
)

// Cursor is how far an app has come in the changes of a shop's orders. It is a text without
// meaning for the app, to be stored beside the orders, and names its platform and its version.
// The Changes methods of all platforms read and write it, under one contract:
//
//   - Changes yields every order that is new or has changed since the cursor, in its newest
//     state, at least once. None is passed over. An order can come more than once, also
//     without a change: save by id.
//   - Inside the loop the cursor covers the order at hand. Store both in one transaction: an
//     order that was stored alone, and vanishes before it comes again, would stay. The cursor
//     may be stored after any number of orders, and once more after the loop, since a run
//     without an order moves it as well. A process that dies goes on from the cursor that was
//     stored last.
//   - A [*RowError] is one order that cannot be read; the loop may go on. The cursor remembers
//     it, and each run asks for it again. One that matches [ErrNotFound] is an order that was
//     there and has vanished: the app deletes its copy.
//   - Any other error ends the run. All orders before it were yielded, and the next run goes on
//     from the cursor.
//   - A run searches the time since the cursor in parts, and the cursor moves past a part at its
//     end. A run that is cut off begins its part again: give it the minutes that a bulk change
//     of a day's orders takes.
//   - What changes during a run may come with it or with the next one.
//
// A loop that ends before it has stored the order at hand has to go on from the stored cursor,
// not from the variable. A cursor is used by one run at a time. One of another platform, or of
// a newer version of this library, is refused with [ErrInvalid].
//
// Where an order can change without a date that the platform searches by, the cursor keeps a
// note of each such order: it grows by some 30 to 50 bytes for each order that is open or could
// not be read. An app that stores the cursor with every order, and has more than some hundred
// of them, stores the notes beside its orders instead: see [WithNotes].
type Cursor string

// CursorFrom returns the cursor of an app that wants the orders of a time and later ones. It
// suits all platforms. How far back a platform can look is in the comment of its Changes.
func CursorFrom(t time.Time) Cursor {
	return Cursor("from.1." + t.UTC().Format(time.RFC3339))
}

// Notes are what the Changes methods have to know of the orders that they look at again: a text
// without meaning for the app of at most 32 bytes for each order that is open or could not be
// read, by its id. See [WithNotes].
type Notes map[string]string

// WithNotes has an app store the notes of its orders itself, a column beside each, and not
// within the cursor, which then stays below 100 bytes. It is for the Changes methods of all
// platforms, under the contract of [Cursor]; other methods do not use it.
//
//   - Before a run, notes has the notes of all orders that the app has stored. It is empty,
//     and not nil, at first.
//   - Inside the loop, notes[id] is the note of the order at hand, or "" when it needs none.
//     Store it with the order and the cursor in one transaction. An order that could not be
//     read has a note too: store it by the ID of its [*RowError].
//   - Delete the note of an order that has vanished with the order.
//   - Changes reads and writes the map until the loop ends. The next run begins with what was
//     stored, not with the map of a loop that was cut off.
//
// An order whose note is gone is not looked at again. With a cursor that was written without
// notes, the orders that it keeps come once more, each with its note, and leave the cursor. A
// cursor that was written with notes is refused without them, with [ErrInvalid].
func WithNotes(notes Notes) CallOption {
	return func(s *CallSettings) error {
		if notes == nil {
			return fmt.Errorf("%w: WithNotes needs a map", ErrInvalid)
		}
		s.Notes = notes
		return nil
	}
}
