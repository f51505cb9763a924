package api

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// The versions of the cursors that are written. In the first one the cursor keeps the rows to
// look at again, in the second one the app does.
const (
	cursorOfRows  = 1
	cursorOfNotes = 2
)

// progress is what a cursor says: PLATFORM.VERSION.SINCE and a piece for each row that is to be
// looked at again, separated by spaces. A piece is the id, quoted for a URL, and the note, which
// is the sum and the date, in base 36.
type progress struct {
	since time.Time // what changed before was yielded
	kept  []Kept
	at    map[string]int // the place of each id in kept

	notes shotengai.Notes // of the rows in kept, for the app to store; nil: the cursor has them
	old   map[string]bool // rows that came with an earlier cursor and have no note yet
}

// Kept is a row that a run looks at again.
type Kept struct {
	ID   string
	Date time.Time // that of the row, as the feed gives it; zero for a row that could not be read
	Sum  uint64    // of the row as it was yielded; 0 for a row that could not be read

	text string // the piece of the cursor
}

func (p *progress) keep(k Kept) {
	k.text = url.QueryEscape(k.ID) + ":" + strconv.FormatUint(k.Sum, 36)
	if !k.Date.IsZero() {
		k.text += ":" + strconv.FormatInt(k.Date.Unix(), 36)
	}
	if p.notes != nil {
		_, p.notes[k.ID], _ = strings.Cut(k.text, ":")
		delete(p.old, k.ID)
	}
	if at, known := p.at[k.ID]; known {
		p.kept[at] = k
		return
	}
	p.at[k.ID] = len(p.kept)
	p.kept = append(p.kept, k)
}

func (p *progress) date(id string) time.Time {
	if at, known := p.at[id]; known {
		return p.kept[at].Date
	}
	return time.Time{}
}

func (p *progress) drop(id string) {
	at, known := p.at[id]
	if !known {
		return
	}
	last := len(p.kept) - 1
	p.kept[at] = p.kept[last]
	p.at[p.kept[at].ID] = at
	p.kept = p.kept[:last]
	delete(p.at, id)
	delete(p.notes, id)
	delete(p.old, id)
}

func (p *progress) sum(id string) (uint64, bool) {
	at, known := p.at[id]
	if !known {
		return 0, false
	}
	return p.kept[at].Sum, true
}

func (p *progress) cursor(platform string) shotengai.Cursor {
	var b strings.Builder
	version := cursorOfRows
	if p.notes != nil {
		version = cursorOfNotes
	}
	fmt.Fprintf(&b, "%s.%d.%s", platform, version, strconv.FormatInt(p.since.Unix(), 36))
	if p.notes != nil && len(p.old) == 0 {
		return shotengai.Cursor(b.String())
	}
	for i := range p.kept {
		if p.notes == nil || p.old[p.kept[i].ID] {
			b.WriteByte(' ')
			b.WriteString(p.kept[i].text)
		}
	}
	return shotengai.Cursor(b.String())
}

var errBadCursor = errors.New("cursor: it is damaged")

// readCursor reads a cursor of this platform, or the first one of an app, and the app's notes.
func readCursor(platform string, cursor *shotengai.Cursor, notes shotengai.Notes) (*progress, error) {
	if cursor == nil || *cursor == "" {
		return nil, errors.New("cursor: there is none; an app begins with CursorFrom")
	}
	of, rest, _ := strings.Cut(string(*cursor), ".")
	number, rest, whole := strings.Cut(rest, ".")
	version, err := strconv.Atoi(number)
	switch {
	case !whole || err != nil || version < 1:
		return nil, errBadCursor
	case of != platform && of != "from":
		return nil, fmt.Errorf("cursor: it is of %.20q, not of %s", of, platform)
	case version > cursorOfNotes:
		return nil, fmt.Errorf("cursor: it has version %d and this library reads up to %d: update the library", version, cursorOfNotes)
	case version == cursorOfNotes && notes == nil:
		return nil, errors.New("cursor: the app keeps its notes: pass them by WithNotes")
	}
	p := &progress{at: make(map[string]int), old: make(map[string]bool)}
	if of == "from" {
		p.since, err = time.Parse(time.RFC3339, rest)
	} else {
		err = p.readRows(rest)
	}
	if err != nil {
		return nil, errBadCursor
	}
	return p, p.readNotes(notes)
}

// readRows reads the time and the rows of a cursor.
func (p *progress) readRows(text string) error {
	since, pieces, _ := strings.Cut(text, " ")
	seconds, err := strconv.ParseInt(since, 36, 64)
	if err != nil {
		return err
	}
	p.since = time.Unix(seconds, 0)
	for piece := range strings.FieldsSeq(pieces) {
		id, note, _ := strings.Cut(piece, ":")
		if id, err = url.QueryUnescape(id); err != nil || id == "" {
			return errBadCursor
		}
		k, err := readNote(id, note)
		if err != nil {
			return err
		}
		p.keep(k)
	}
	return nil
}

// readNotes has the app keep the rows from now on, those of the cursor too: they come once
// more, for the app to have a note of each.
func (p *progress) readNotes(notes shotengai.Notes) error {
	if notes == nil {
		return nil
	}
	for _, k := range p.kept {
		p.old[k.ID] = true
	}
	p.notes = notes
	for _, id := range slices.Sorted(maps.Keys(notes)) {
		if notes[id] == "" {
			continue
		}
		k, err := readNote(id, notes[id])
		if err != nil || id == "" {
			return fmt.Errorf("notes: that of %.100q is damaged", id)
		}
		p.keep(k)
	}
	return nil
}

func readNote(id, note string) (Kept, error) {
	sum, date, dated := strings.Cut(note, ":")
	k := Kept{ID: id}
	var err error
	if k.Sum, err = strconv.ParseUint(sum, 36, 64); err != nil {
		return k, err
	}
	if dated {
		seconds, err := strconv.ParseInt(date, 36, 64)
		if err != nil {
			return k, err
		}
		k.Date = time.Unix(seconds, 0)
	}
	return k, nil
}
