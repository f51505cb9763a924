package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/shotengai/shotengai-go"
)

// standardOutput is the -out of an export that goes to standard output. It has no journal
// and cannot be resumed.
const standardOutput = "-"

// output is the exported file and its journal beside it. What the journal says is true: the
// file is synced before the journal is, and whatever the file has beyond it is cut off when
// the export goes on.
type output struct {
	job     job
	journal *journal // nil: standard output

	mu    sync.Mutex
	tail  tail
	shops map[string]done
}

// tail is a file that grows by whole pieces.
type tail struct {
	w      io.Writer
	file   *os.File // nil: standard output
	size   int64    // bytes of the file that count
	broken error    // half a piece is in the file and cannot be taken back
}

// open opens a file at its size, where a journal ends, and begins a new one with what a job
// has at the head of its files.
func (t *tail) open(j job, path, journalPath string) (err error) {
	flags := os.O_WRONLY
	if t.size == 0 {
		flags |= os.O_CREATE
	}
	t.file, err = os.OpenFile(path, flags, 0o600) //nolint:gosec // orders are personal data; the user says where
	if err != nil {
		return failf("%w (remove %s to start over)", err, journalPath)
	}
	t.w = t.file
	if err := lock(t.file); err != nil { // an export under another name of the file
		return fmt.Errorf("%s: %w", path, err)
	}
	if info, err := t.file.Stat(); err != nil || info.Size() < t.size {
		return failf("%s is shorter than its checkpoint says: remove both to start over", path)
	}
	if err := t.rewind(); err != nil {
		return err
	}
	if t.size == 0 {
		t.size, err = j.writeHeader(t.file)
	}
	return err
}

// add appends a piece and syncs it before keep writes down the new size.
func (t *tail) add(piece io.Reader, keep func(size int64) error) error {
	if t.broken != nil {
		return t.broken
	}
	n, err := io.Copy(t.w, piece)
	if err == nil && t.file != nil {
		err = t.file.Sync()
	}
	if err == nil {
		err = keep(t.size + n)
	}
	if err != nil {
		t.broken = t.rewind()
		return errors.Join(err, t.broken)
	}
	t.size += n
	return nil
}

// rewind takes back a piece that was not written whole.
func (t *tail) rewind() error {
	if t.file == nil {
		return failf("standard output is broken off")
	}
	_, err := t.file.Seek(t.size, io.SeekStart)
	return errors.Join(err, t.file.Truncate(t.size))
}

func (t *tail) close() {
	if t.file != nil {
		_ = t.file.Close()
	}
	*t = tail{}
}

// done is how far one shop is.
type done struct {
	through string // the last day that is in the file
	orders  int
	total   int64
}

func (d done) before(day time.Time) bool { return d.through < day.Format(time.DateOnly) }

func (j job) journalPath() string { return j.path + ".checkpoint" }

// open begins an export, or goes on with one.
func (j job) open(stdout io.Writer) (*output, error) {
	o := &output{job: j, shops: make(map[string]done)}
	if j.path == standardOutput {
		o.tail.w = stdout
		_, err := j.writeHeader(stdout)
		return o, err
	}
	journal, records, err := openJournal(j.journalPath())
	if err != nil {
		return nil, err
	}
	o.journal = journal
	if len(records) == 0 {
		err = o.begin()
	} else {
		err = o.replay(records)
	}
	if err == nil {
		err = o.openFile()
	}
	if err != nil && len(records) == 0 {
		err = errors.Join(err, journal.remove())
	}
	if err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

func (o *output) begin() error {
	if _, err := os.Lstat(o.job.path); !o.job.overwrite && !errors.Is(err, fs.ErrNotExist) {
		return failf("%s exists already: choose another -out, or say -overwrite", o.job.path)
	}
	return o.journal.append(record{Export: new(o.job.period())})
}

// replay takes over what earlier runs have done, and their days: yesterday may be another
// day by now.
func (o *output) replay(records []record) (err error) {
	saved := *records[0].Export
	if !o.job.fromGiven {
		o.job.from, err = time.ParseInLocation(time.DateOnly, saved.From, shotengai.JST)
	}
	if !o.job.toGiven && err == nil {
		o.job.to, err = time.ParseInLocation(time.DateOnly, saved.To, shotengai.JST)
	}
	if err != nil || o.job.period() != saved {
		return failf("%s belongs to an export of %s: finish that, or remove both files", o.journal.path, saved)
	}
	for _, r := range records {
		if r.Day != nil {
			o.count(*r.Day)
			o.tail.size = r.Day.Size
		}
	}
	return nil
}

func (o *output) count(a added) {
	before := o.shops[a.Shop]
	o.shops[a.Shop] = done{a.Day, before.orders + a.Orders, before.total + a.Total}
}

func (o *output) openFile() error {
	if err := o.journal.append(record{Run: thisProcess()}); err != nil {
		return err
	}
	return o.tail.open(o.job, o.job.path, o.journal.path)
}

// add appends one day of one shop.
func (o *output) add(c chunk) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	a := added{Shop: c.shop, Day: c.day.Format(time.DateOnly), Orders: c.orders, Total: c.total}
	err := o.tail.add(c.file, func(size int64) error {
		a.Size = size
		if o.journal == nil {
			return nil
		}
		return o.journal.append(record{Day: &a})
	})
	if err == nil {
		o.count(a)
	}
	return err
}

func (o *output) progress(shop string) done {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.shops[shop]
}

// finish takes the journal away: the export is complete.
func (o *output) finish() error {
	if o.journal == nil {
		return nil
	}
	return errors.Join(o.tail.file.Sync(), o.journal.remove())
}

func (o *output) close() {
	o.tail.close()
	if o.journal != nil {
		o.journal.close()
	}
}
