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
	w       io.Writer
	file    *os.File // nil: standard output
	journal *journal // the same

	mu     sync.Mutex
	size   int64 // bytes of the file that count
	shops  map[string]done
	broken error // half a day is in the file and cannot be taken back
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
		o.w = stdout
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
		return fmt.Errorf("%s exists already: choose another -out, or say -overwrite", o.job.path)
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
		return fmt.Errorf("%s belongs to an export of %s: finish that, or remove both files", o.journal.path, saved)
	}
	for _, r := range records {
		if r.Day != nil {
			o.count(*r.Day)
		}
	}
	return nil
}

func (o *output) count(a added) {
	before := o.shops[a.Shop]
	o.shops[a.Shop] = done{a.Day, before.orders + a.Orders, before.total + a.Total}
	o.size = a.Size
}

// openFile opens the file where its journal ends.
func (o *output) openFile() (err error) {
	host, _ := os.Hostname()
	if err := o.journal.append(record{Run: &owner{os.Getpid(), host, time.Now()}}); err != nil {
		return err
	}
	flags := os.O_WRONLY
	if o.size == 0 {
		flags |= os.O_CREATE
	}
	o.file, err = os.OpenFile(o.job.path, flags, 0o600) // orders are personal data
	if err != nil {
		return fmt.Errorf("%w (remove %s to start over)", err, o.journal.path)
	}
	o.w = o.file
	if err := lock(o.file); err != nil { // an export under another name of the file
		return fmt.Errorf("%s: %w", o.job.path, err)
	}
	if info, err := o.file.Stat(); err != nil || info.Size() < o.size {
		return fmt.Errorf("%s is shorter than its checkpoint says: remove both to start over", o.job.path)
	}
	if err := o.rewind(); err != nil {
		return err
	}
	if o.size == 0 {
		o.size, err = o.job.writeHeader(o.file)
	}
	return err
}

// add appends one day of one shop.
func (o *output) add(c chunk) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.broken != nil {
		return o.broken
	}
	n, err := io.Copy(o.w, c.file)
	a := added{Shop: c.shop, Day: c.day.Format(time.DateOnly), Size: o.size + n, Orders: c.orders, Total: c.total}
	if err == nil {
		err = o.save(a)
	}
	if err != nil {
		o.broken = o.rewind()
		return errors.Join(err, o.broken)
	}
	o.count(a)
	return nil
}

// save makes a day that was written survive a crash.
func (o *output) save(a added) error {
	if o.file == nil {
		return nil
	}
	if err := o.file.Sync(); err != nil {
		return err
	}
	return o.journal.append(record{Day: &a})
}

// rewind takes back a day that was not written whole.
func (o *output) rewind() error {
	if o.file == nil {
		return errors.New("standard output is broken off")
	}
	_, err := o.file.Seek(o.size, io.SeekStart)
	return errors.Join(err, o.file.Truncate(o.size))
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
	return errors.Join(o.file.Sync(), o.journal.remove())
}

func (o *output) close() {
	if o.file != nil {
		_ = o.file.Close()
	}
	if o.journal != nil {
		o.journal.close()
	}
}
