package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// output is the exported file and its checkpoint beside it. What the checkpoint says is
// true: the file is synced before the checkpoint moves on, and whatever the file has
// beyond it is cut off when the export goes on.
type output struct {
	job  job
	file *os.File

	mu    sync.Mutex
	state checkpoint
}

// checkpoint is how far an export is.
type checkpoint struct {
	Options string          `json:"options"` // period and format, which have to stay
	Size    int64           `json:"size"`    // bytes of the file that count
	Shops   map[string]done `json:"shops"`
}

// done is how far one shop is.
type done struct {
	Through string `json:"through"` // the last day that is in the file
	Orders  int    `json:"orders"`
	Total   int64  `json:"total"`
}

func (d done) before(day time.Time) bool { return d.Through < day.Format(time.DateOnly) }

func (j job) checkpointPath() string { return j.path + ".checkpoint" }

func (j job) options() string {
	return fmt.Sprintf("%s to %s, %s", j.from.Format(time.DateOnly), j.to.Format(time.DateOnly), j.encoding)
}

// open begins an export, or goes on with one.
func (j job) open() (*output, error) {
	o := &output{job: j, state: checkpoint{Options: j.options(), Shops: make(map[string]done)}}
	saved, err := os.ReadFile(j.checkpointPath()) //nolint:gosec // it lies beside the user's -out
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return o, o.begin()
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(saved, &o.state); err != nil {
		return nil, fmt.Errorf("%s is damaged; remove it together with %s to start over", j.checkpointPath(), j.path)
	}
	if o.state.Options != j.options() {
		return nil, fmt.Errorf("%s belongs to an export of %s: finish that, or remove both files", j.checkpointPath(), o.state.Options)
	}
	return o, o.resume()
}

func (o *output) begin() (err error) {
	flags := os.O_CREATE | os.O_WRONLY | os.O_EXCL
	if o.job.overwrite {
		flags = os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	}
	o.file, err = os.OpenFile(o.job.path, flags, 0o600) // orders are personal data
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already: choose another -out, or say -overwrite", o.job.path)
	}
	if err != nil {
		return err
	}
	n, err := o.job.writeHeader(o.file)
	if err != nil {
		return err
	}
	o.state.Size = n
	return o.save()
}

func (o *output) resume() (err error) {
	o.file, err = os.OpenFile(o.job.path, os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%s is gone: remove %s to start over", o.job.path, o.job.checkpointPath())
	}
	if info, err := o.file.Stat(); err != nil || info.Size() < o.state.Size {
		return fmt.Errorf("%s is shorter than its checkpoint says: remove both to start over", o.job.path)
	}
	if err := o.file.Truncate(o.state.Size); err != nil {
		return err
	}
	_, err = o.file.Seek(o.state.Size, io.SeekStart)
	return err
}

// add appends one day of one shop.
func (o *output) add(c chunk) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err := io.Copy(o.file, c.file)
	if err != nil {
		return errors.Join(err, o.rewind())
	}
	before := o.state.Shops[c.shop]
	o.state.Size += n
	o.state.Shops[c.shop] = done{Through: c.day.Format(time.DateOnly), Orders: before.Orders + c.orders, Total: before.Total + c.total}
	if err := o.save(); err != nil {
		o.state.Size -= n
		o.state.Shops[c.shop] = before
		return errors.Join(err, o.rewind())
	}
	return nil
}

// rewind takes back a day that was not written whole.
func (o *output) rewind() error {
	_, err := o.file.Seek(o.state.Size, io.SeekStart)
	return errors.Join(err, o.file.Truncate(o.state.Size))
}

// save makes the state survive a crash.
func (o *output) save() error {
	if err := o.file.Sync(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(o.state, "", "  ")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(o.job.path), ".checkpoint-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(text)
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return errors.Join(err, os.Remove(temp.Name())) //nolint:gosec // the same
	}
	return os.Rename(temp.Name(), o.job.checkpointPath()) //nolint:gosec // the same
}

func (o *output) progress(shop string) done {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state.Shops[shop]
}

// finish takes the checkpoint away: the export is complete.
func (o *output) finish() error {
	return os.Remove(o.job.checkpointPath()) //nolint:gosec // the same
}

func (o *output) close() { _ = o.file.Close() }
