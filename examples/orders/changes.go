package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"text/tabwriter"

	"golang.org/x/sync/errgroup"

	"github.com/shotengai/shotengai-go"
)

// changes is a directory with a file for each run that found new or changed orders, and a
// journal of how far each shop is. What the journal says is true: the rows that a cursor covers
// are synced before the cursor is written down. A file appears under its name when its run
// ends, so whoever takes it away has all of it.
type changes struct {
	job     job
	journal *journal

	mu     sync.Mutex
	part   tail // the file of this run
	number int  // of the file
	shops  map[string]*position
}

// position is how far a shop is. The platforms yield the last minutes of a run once more, so
// it has what came in the last run, to keep orders without a change out of the next file.
type position struct {
	cursor shotengai.Cursor
	before map[string]uint64 // states of orders in the last run that was finished, by number
	seen   map[string]uint64 // in this one
}

func (p *position) knows(number string, state uint64) bool {
	return p.before[number] == state || p.seen[number] == state
}

// saved is a line of the journal: the rows of a shop up to a cursor are in a file.
type saved struct {
	Shop   string            `json:"shop"`
	File   int               `json:"file"`
	Size   int64             `json:"size"` // of the file, up to and with these rows; 0: there is no file yet
	Cursor shotengai.Cursor  `json:"cursor"`
	Seen   map[string]uint64 `json:"seen,omitempty"`
	Done   bool              `json:"done,omitempty"` // the shop's run has come to its end
}

// form is what all files of a directory have in common.
type form struct {
	Format   string `json:"format"`
	Encoding string `json:"encoding"`
}

// ordersPerSave is how many orders of a shop come before they and their cursor are written, so
// that a run that is killed has little to do again and memory stays flat.
const ordersPerSave = 500

// openChanges begins the directory of a job, or goes on with it.
func (j job) openChanges() (*changes, error) {
	if err := os.MkdirAll(j.path, 0o700); err != nil {
		return nil, failf("-out has to be a directory with -changes: %w", err)
	}
	journal, records, err := openJournal(filepath.Join(j.path, "changes.checkpoint"))
	if err != nil {
		return nil, err
	}
	c := &changes{job: j, journal: journal, number: 1, shops: make(map[string]*position)}
	if len(records) == 0 {
		err = c.begin()
	} else {
		err = c.replay(records)
	}
	if err == nil {
		err = errors.Join(c.publishAgain(), c.compact())
	}
	if err == nil {
		err = journal.append(record{Run: thisProcess()})
	}
	if err == nil && c.part.size > 0 {
		err = c.openPart()
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// begin numbers the files after those of a journal that is gone.
func (c *changes) begin() error {
	there, err := filepath.Glob(filepath.Join(c.job.path, "changes-*"))
	for _, path := range there {
		n := 0
		if _, err := fmt.Sscanf(filepath.Base(path), "changes-%d.", &n); err == nil && filepath.Ext(path) != ".part" {
			c.number = max(c.number, n+1)
		}
	}
	return errors.Join(err, c.journal.append(record{Changes: new(c.form())}), c.journal.append(record{Published: new(c.number - 1)}))
}

func (c *changes) form() form { return form{c.job.format, c.job.encoding} }

func (c *changes) replay(records []record) error {
	if f := records[0].Changes; f == nil || *f != c.form() {
		return failf("%s is of files in another format or encoding: use the same ones, or choose another -out", c.journal.path)
	}
	for _, r := range records {
		switch {
		case r.Saved != nil:
			c.part.size = r.Saved.Size
			c.position(r.Saved.Shop).advance(*r.Saved)
		case r.Published != nil:
			c.number, c.part.size = *r.Published+1, 0
		}
	}
	return nil
}

func (c *changes) position(shop string) *position {
	p := c.shops[shop]
	if p == nil {
		p = &position{cursor: shotengai.CursorFrom(c.job.from), seen: make(map[string]uint64)}
		c.shops[shop] = p
	}
	return p
}

// path is the name of a file, once it is published.
func (c *changes) path(number int) string {
	return filepath.Join(c.job.path, fmt.Sprintf("changes-%06d.%s", number, c.job.format))
}

func (c *changes) partPath(number int) string { return c.path(number) + ".part" }

func (c *changes) openPart() error { return c.part.open(c.job, c.partPath(c.number), c.journal.path) }

// journalToCompact is the size from which on a journal is written anew.
const journalToCompact = 1 << 20

// compact writes a long journal anew, without what later lines have replaced.
func (c *changes) compact() error {
	if c.journal.size < journalToCompact {
		return nil
	}
	records := []record{{Changes: new(c.form())}, {Published: new(c.number - 1)}}
	for shop, p := range c.shops {
		s := saved{Shop: shop, File: c.number, Size: c.part.size, Cursor: p.cursor, Seen: p.before, Done: true}
		records = append(records, record{Saved: &s})
		if len(p.seen) > 0 {
			s.Seen, s.Done = p.seen, false
			records = append(records, record{Saved: new(s)})
		}
	}
	return c.journal.replace(records)
}

// add writes rows of a shop and then, when they are safe, the cursor that covers them.
func (c *changes) add(rows *bytes.Buffer, s saved) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	s.File = c.number
	keep := func(size int64) error {
		s.Size = size
		return c.journal.append(record{Saved: &s})
	}
	if rows.Len() == 0 {
		return keep(c.part.size)
	}
	if c.part.file == nil {
		if err := c.openPart(); err != nil {
			return err
		}
	}
	return c.part.add(rows, keep)
}

// publish gives the file of the run its name. It returns "" if there is none.
func (c *changes) publish() (path string, err error) {
	if c.part.file == nil {
		return "", nil
	}
	if err := c.journal.append(record{Published: new(c.number)}); err != nil {
		return "", err
	}
	c.part.close()
	c.number++
	return c.path(c.number - 1), c.publishAgain()
}

// publishAgain does what a crash may have left undone between the journal and the name.
func (c *changes) publishAgain() error {
	last := c.number - 1
	if err := os.Rename(c.partPath(last), c.path(last)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (c *changes) close() {
	c.part.close()
	c.journal.close()
}

// news is what a run found of one shop.
type news struct {
	shop             shop
	orders, vanished int
	err              error
}

// run asks all shops, a few at a time, and publishes what they have. A shop that fails does
// not stop the others.
func (c *changes) run(ctx context.Context, shops []shop, bar *progress) (all []news, path string, err error) {
	defer bar.close()
	var group errgroup.Group
	group.SetLimit(c.job.parallel)
	all = make([]news, len(shops))
	for i, s := range shops {
		all[i].shop = s
		p := c.position(s.Name)
		group.Go(func() error {
			if err := c.shop(ctx, &all[i], p, bar); err != nil {
				all[i].err = fmt.Errorf("%s: %w", s.Name, err)
			}
			return nil
		})
	}
	_ = group.Wait()
	var failed []error
	for _, n := range all {
		failed = append(failed, n.err)
	}
	if ctx.Err() != nil {
		return all, "", ctx.Err()
	}
	path, err = c.publish()
	return all, path, errors.Join(append(failed, err)...)
}

// shop writes what is new of one shop. If the shop fails, what came before is kept.
func (c *changes) shop(ctx context.Context, n *news, p *position, bar *progress) error {
	cursor := p.cursor // it covers the order at hand
	next := c.newPiece()
	for o, err := range n.shop.changes(ctx, &cursor) {
		if err != nil {
			return errors.Join(err, c.save(n, p, next, cursor, false))
		}
		o.Shop, o.Platform = n.shop.Name, n.shop.Platform
		if err := next.take(o, n, p); err != nil {
			return err
		}
		if len(next.seen) < c.job.perSave {
			continue
		}
		if err := c.save(n, p, next, cursor, false); err != nil {
			return err
		}
		bar.step(n.shop.Name, len(next.seen))
		next = c.newPiece()
	}
	bar.step(n.shop.Name, len(next.seen))
	return c.save(n, p, next, cursor, true)
}

// piece is rows that are not in the file yet.
type piece struct {
	encoded *bytes.Buffer
	rows    rows
	seen    map[string]uint64
}

func (c *changes) newPiece() *piece {
	encoded := new(bytes.Buffer)
	return &piece{encoded, c.job.newRows(encoded), make(map[string]uint64)}
}

// take writes an order, unless it came before as it is.
func (w *piece) take(o order, n *news, p *position) error {
	if o.gone {
		o.Status = "vanished"
	}
	state, err := o.state()
	if err != nil {
		return err
	}
	known := p.knows(o.Number, state) || w.seen[o.Number] == state
	w.seen[o.Number] = state
	switch {
	case known:
		return nil
	case o.gone:
		n.vanished++
	default:
		n.orders++
	}
	return w.rows.write(o)
}

// state tells the states of an order apart. It is never 0.
func (o order) state() (uint64, error) {
	text, err := json.Marshal(o)
	sum := fnv.New64a()
	_, _ = sum.Write(text)
	return max(sum.Sum64(), 1), err
}

// save writes rows and how far the shop is by them.
func (c *changes) save(n *news, p *position, rows *piece, cursor shotengai.Cursor, done bool) error {
	if err := rows.rows.flush(); err != nil {
		return err
	}
	s := saved{Shop: n.shop.Name, Cursor: cursor, Seen: rows.seen, Done: done}
	if err := c.add(rows.encoded, s); err != nil {
		return err
	}
	p.advance(s)
	return nil
}

// advance is what a line of the journal means for a shop.
func (p *position) advance(s saved) {
	p.cursor = s.Cursor
	maps.Copy(p.seen, s.Seen)
	if s.Done {
		p.before, p.seen = p.seen, make(map[string]uint64)
	}
}

// summarizeChanges prints a table of what a run has found.
func summarizeChanges(w io.Writer, all []news, path string) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, text("SHOP\tPLATFORM\tORDERS\tVANISHED\t"))
	for _, n := range all {
		note := ""
		if n.err != nil {
			note = text("not complete")
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\n", n.shop.Name, n.shop.Platform, n.orders, n.vanished, note)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if path == "" {
		_, err := fmt.Fprintln(w, text("no file: nothing is new"))
		return err
	}
	_, err := fmt.Fprintln(w, path)
	return err
}
