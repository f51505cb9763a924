package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// journal is how far an export is, in a file beside the exported one: what is exported, each
// run, and what of a shop is in the file, as lines of JSON. Lines are appended and never
// written again. Whoever has locked the file owns the export; the system takes the lock
// from a process that ends, however it ends.
type journal struct {
	path string
	file *os.File
	size int64
}

// record is a line of a journal; it has one of the members. The first line has Export or
// Changes.
type record struct {
	Export *period `json:"export,omitempty"`
	Run    *owner  `json:"run,omitempty"`
	Day    *added  `json:"day,omitempty"`

	Changes   *form  `json:"changes,omitempty"`
	Saved     *saved `json:"saved,omitempty"`
	Published *int   `json:"published,omitempty"` // the number of a file that is complete
}

// period is what an export has, whichever run writes it.
type period struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Format   string `json:"format"`
	Encoding string `json:"encoding"`
}

func (p period) String() string {
	return fmt.Sprintf("%s to %s, %s, %s", p.From, p.To, p.Format, p.Encoding)
}

// owner is the process of a run.
type owner struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Start time.Time `json:"start"`
}

func thisProcess() *owner {
	host, _ := os.Hostname()
	return &owner{os.Getpid(), host, time.Now()}
}

func (o owner) String() string {
	return fmt.Sprintf(text("process %d on %s since %s"), o.PID, o.Host, o.Start.Format(time.DateTime))
}

// added is a day of a shop that is in the file.
type added struct {
	Shop   string `json:"shop"`
	Day    string `json:"day"`
	Size   int64  `json:"size"` // of the file, up to and with the day
	Orders int    `json:"orders"`
	Total  int64  `json:"total"`
}

// errLocked says that another process has the lock.
var errLocked = failf("locked by another process")

// openJournal opens and locks the journal at path and returns what it says.
func openJournal(path string) (*journal, []record, error) {
	for {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // it lies beside the user's -out
		if err != nil {
			return nil, nil, err
		}
		j := &journal{path: path, file: file}
		if err := lock(file); err != nil {
			defer func() { _ = file.Close() }()
			if errors.Is(err, errLocked) {
				err = failf("another run is writing this export (%s): wait for it, or choose another -out", j.lastOwner())
			}
			return nil, nil, err
		}
		if !j.gone() {
			records, err := j.read()
			if err != nil {
				j.close()
			}
			return j, records, err
		}
		j.close()
	}
}

// gone reports whether the run that had the lock before has finished and removed the file.
func (j *journal) gone() bool {
	mine, err1 := j.file.Stat()
	there, err2 := os.Stat(j.path)
	return err1 != nil || err2 != nil || !os.SameFile(mine, there)
}

func (j *journal) lastOwner() string {
	name := text("a process without a name")
	records, _, _ := j.parse()
	for _, r := range records {
		if r.Run != nil {
			name = r.Run.String()
		}
	}
	return name
}

// read reads the lines, and cuts off one that a crash has left half written.
func (j *journal) read() ([]record, error) {
	records, size, err := j.parse()
	if err != nil {
		return nil, err
	}
	j.size = size
	return records, j.rewind()
}

func (j *journal) parse() (records []record, size int64, err error) {
	text, err := os.ReadFile(j.path)
	if err != nil {
		return nil, 0, err
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1]
	for line := range bytes.Lines(text) {
		var r record
		if err := json.Unmarshal(line, &r); err != nil || (len(records) == 0 && r.Export == nil && r.Changes == nil) {
			return records, 0, failf("%s is damaged; remove it together with the export to start over", j.path)
		}
		records = append(records, r)
	}
	return records, int64(len(text)), nil
}

// append makes a line survive a crash.
func (j *journal) append(r record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := j.write(append(line, '\n')); err != nil {
		return errors.Join(err, j.rewind())
	}
	return nil
}

func (j *journal) write(lines []byte) error {
	n, err := j.file.Write(lines)
	if err == nil {
		err = j.file.Sync()
	}
	if err == nil {
		j.size += int64(n)
	}
	return err
}

// replace puts other lines in the place of the journal's, all at once, and keeps the lock. It
// does nothing on Windows, where an open file cannot be replaced.
func (j *journal) replace(records []record) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, r := range records {
		if err := encoder.Encode(r); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(j.path+".new", os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	next := &journal{path: j.path, file: file}
	err = lock(file)
	if err == nil {
		err = next.write(lines.Bytes())
	}
	if err == nil {
		err = os.Rename(file.Name(), j.path)
	}
	if err != nil {
		next.close()
		return err
	}
	j.close()
	*j = *next
	return nil
}

func (j *journal) rewind() error {
	_, err := j.file.Seek(j.size, io.SeekStart)
	return errors.Join(err, j.file.Truncate(j.size))
}

// remove ends the export. The lock is kept until the file is gone, except on Windows, where
// an open file cannot be removed.
func (j *journal) remove() error {
	if runtime.GOOS == "windows" {
		j.close()
	}
	return os.Remove(j.path)
}

func (j *journal) close() {
	unlock(j.file)
	_ = j.file.Close()
}
