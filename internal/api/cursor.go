package api

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
)

// cursorVersion is the version of the cursors that are written. Earlier ones are read.
const cursorVersion = 1

// progress is what a cursor says: PLATFORM.VERSION.SINCE and a piece for each row that is to be
// looked at again, separated by spaces. Numbers are in base 36, ids are quoted for a URL.
type progress struct {
	since time.Time // what changed before was yielded
	kept  []Kept
	at    map[string]int // the place of each id in kept
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
	fmt.Fprintf(&b, "%s.%d.%s", platform, cursorVersion, strconv.FormatInt(p.since.Unix(), 36))
	for i := range p.kept {
		b.WriteByte(' ')
		b.WriteString(p.kept[i].text)
	}
	return shotengai.Cursor(b.String())
}

var errBadCursor = errors.New("cursor: it is damaged")

// readCursor reads a cursor of this platform, or the first one of an app.
func readCursor(platform string, cursor *shotengai.Cursor) (*progress, error) {
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
	case version > cursorVersion:
		return nil, fmt.Errorf("cursor: it has version %d and this library reads up to %d: update the library", version, cursorVersion)
	}
	p := &progress{at: make(map[string]int)}
	if of == "from" {
		if p.since, err = time.Parse(time.RFC3339, rest); err != nil {
			return nil, errBadCursor
		}
		return p, nil
	}
	since, pieces, _ := strings.Cut(rest, " ")
	seconds, err := strconv.ParseInt(since, 36, 64)
	if err != nil {
		return nil, errBadCursor
	}
	p.since = time.Unix(seconds, 0)
	for piece := range strings.FieldsSeq(pieces) {
		k, err := readKept(piece)
		if err != nil {
			return nil, err
		}
		p.keep(k)
	}
	return p, nil
}

func readKept(piece string) (Kept, error) {
	parts := strings.Split(piece, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return Kept{}, errBadCursor
	}
	id, err := url.QueryUnescape(parts[0])
	sum, err2 := strconv.ParseUint(parts[1], 36, 64)
	if errors.Join(err, err2) != nil || id == "" {
		return Kept{}, errBadCursor
	}
	k := Kept{ID: id, Sum: sum}
	if len(parts) == 3 {
		seconds, err := strconv.ParseInt(parts[2], 36, 64)
		if err != nil {
			return Kept{}, errBadCursor
		}
		k.Date = time.Unix(seconds, 0)
	}
	return k, nil
}
