package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

// A second process on the file of one that runs is refused, and is not after that was killed.
func TestS23TwoRunsOnOneFile(t *testing.T) { //nolint:paralleltest // dense sets the environment
	srv, from, to, config := dense(t, 4, 30)
	args := func(path string) []string { return []string{"-config", config, "-from", from, "-to", to, "-out", path} }
	want := filepath.Join(t.TempDir(), "want.csv")
	require.NoError(t, run(t.Context(), args(want), io.Discard, io.Discard))

	path := filepath.Join(t.TempDir(), "orders.csv")
	link := filepath.Join(t.TempDir(), "link.csv")
	require.NoError(t, os.Symlink(path, link))
	seen := len(srv.Requests())
	first := command(t.Context(), args(path)...)
	hang(srv, 2)
	require.NoError(t, first.Start())
	waitForRequests(t, srv, seen+3)
	before := readFile(t, path)

	host, err := os.Hostname()
	require.NoError(t, err)
	patience, cancel := context.WithTimeout(t.Context(), 20*time.Second) // a run that is not refused hangs
	defer cancel()
	said, err := command(patience, args(path)...).CombinedOutput()
	assert.Equal(t, 1, exitStatus(t, err))
	assert.Regexp(t, fmt.Sprintf(`^orders: another run is writing this export \(process %d on %s since 20\d\d-.*\): wait for it, or choose another -out\n$`, first.Process.Pid, host), string(said))
	said, err = command(patience, append(args(link), "-overwrite")...).CombinedOutput()
	assert.Equal(t, 1, exitStatus(t, err), "under another name, too")
	assert.Contains(t, string(said), "locked by another process")
	assert.NoFileExists(t, link+".checkpoint")
	assert.True(t, bytes.Equal(before, readFile(t, path)), "the first one's file is untouched")

	require.NoError(t, first.Process.Kill())
	_ = first.Wait()
	srv.Heal()
	require.NoError(t, command(t.Context(), args(path)...).Run(), "no lock survives its process")
	assert.True(t, bytes.Equal(readFile(t, want), readFile(t, path)))
}

// Of many processes that start at once, one writes the file.
func TestS23ManyRunsAtOnce(t *testing.T) { //nolint:paralleltest // dense sets the environment
	_, from, to, config := dense(t, 3, 20)
	path := filepath.Join(t.TempDir(), "orders.csv")
	errs := make([]error, 6)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			errs[i] = command(context.WithoutCancel(t.Context()), "-config", config, "-from", from, "-to", to, "-out", path).Run()
		})
	}
	group.Wait()
	succeeded := 0
	for _, err := range errs {
		if err == nil {
			succeeded++
		}
	}
	assert.Equal(t, 1, succeeded)
	assert.Equal(t, 3*20, countOrders(t, path))
	assert.NoFileExists(t, path+".checkpoint")
}

func exitStatus(t *testing.T, err error) int {
	t.Helper()
	exited, ok := errors.AsType[*exec.ExitError](err)
	require.True(t, ok, "%v", err)
	return exited.ExitCode()
}

// A run that goes on after midnight goes on with the days of the first run.
func TestDatesStayPastMidnight(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "orders.csv")
	open := func(now time.Time, args ...string) (job, error) {
		j, _, _, err := parse(append([]string{"-demo", "-out", path}, args...), now)
		require.NoError(t, err)
		o, err := j.open(io.Discard)
		if err != nil {
			return j, err
		}
		defer o.close()
		return o.job, nil
	}
	evening := time.Date(2026, 3, 31, 23, 59, 0, 0, shotengai.JST)
	first, err := open(evening)
	require.NoError(t, err)
	assert.Equal(t, "2026-03-01 to 2026-03-30, csv, utf8", first.period().String())

	second, err := open(evening.Add(2 * time.Minute))
	require.NoError(t, err)
	assert.Equal(t, first.days(), second.days())
	for _, args := range [][]string{{"-to", "2026-03-31"}, {"-from", "2026-02-01"}, {"-encoding", "sjis"}, {"-format", "jsonl"}} {
		_, err = open(evening, args...)
		require.ErrorContains(t, err, "belongs to an export of 2026-03-01 to 2026-03-30, csv, utf8: finish that, or remove both files")
	}
}

// someDay makes a chunk with some text.
func someDay(t *testing.T, shop string, day time.Time, text string) chunk {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	_, err = file.WriteString(text)
	require.NoError(t, err)
	_, err = file.Seek(0, io.SeekStart)
	require.NoError(t, err)
	return chunk{shop: shop, day: day, file: file, orders: 1, total: 10}
}

func someJob(t *testing.T) job {
	t.Helper()
	j, _, _, err := parse([]string{"-demo", "-from", "2026-03-01", "-to", "2026-03-31", "-out", filepath.Join(t.TempDir(), "o.csv")}, time.Time{})
	require.NoError(t, err)
	return j
}

// What a day of a shop costs beside its own bytes does not grow with the export.
func TestJournalIsAppendedTo(t *testing.T) { //nolint:paralleltest // it measures what the process writes
	if runtime.GOOS != "linux" {
		t.Skip("no other system counts what a process writes")
	}
	j := someJob(t)
	o, err := j.open(io.Discard)
	require.NoError(t, err)
	t.Cleanup(o.close)
	var chunks []chunk
	for i := range 1000 {
		chunks = append(chunks, someDay(t, fmt.Sprintf("shop-%03d", i%50), j.from.AddDate(0, 0, i/50), "x"))
	}
	before := written(t)
	for _, c := range chunks {
		require.NoError(t, o.add(c))
		c.close()
	}
	assert.Less(t, written(t)-before, int64(1000*120), "bytes written for 1000 days of one byte")
}

func written(t *testing.T) (n int64) {
	t.Helper()
	_, rest, _ := strings.Cut(string(readFile(t, "/proc/self/io")), "wchar: ")
	_, err := fmt.Sscan(rest, &n)
	require.NoError(t, err)
	return n
}

// A crash may leave any part of the last line of the journal, and of the days after it.
func TestTornJournal(t *testing.T) {
	t.Parallel()
	j := someJob(t)
	o, err := j.open(io.Discard)
	require.NoError(t, err)
	require.NoError(t, o.add(someDay(t, "tea", j.from, "first\n")))
	whole := len(readFile(t, j.journalPath()))
	require.NoError(t, o.add(someDay(t, "tea", j.from.AddDate(0, 0, 1), "second\n")))
	o.close()
	file, text := readFile(t, j.path), readFile(t, j.journalPath())
	for cut := whole; cut <= len(text); cut++ {
		require.NoError(t, os.WriteFile(j.path, append(bytes.Clone(file), "half a d"...), 0o600))
		require.NoError(t, os.WriteFile(j.journalPath(), text[:cut], 0o600))
		o, err := j.open(io.Discard)
		require.NoError(t, err)
		if o.progress("tea").before(j.from.AddDate(0, 0, 1)) {
			require.NoError(t, o.add(someDay(t, "tea", j.from.AddDate(0, 0, 1), "second\n")))
		}
		assert.Equal(t, done{"2026-03-02", 2, 20}, o.progress("tea"))
		o.close()
		assert.Equal(t, string(file), string(readFile(t, j.path)))
	}
	for says, journal := range map[string]string{
		"is damaged":  "{}\n",
		"damaged; re": string(text[:whole-5]) + "\n",
	} {
		require.NoError(t, os.WriteFile(j.journalPath(), []byte(journal), 0o600))
		_, err = j.open(io.Discard)
		require.ErrorContains(t, err, says)
	}
	require.NoError(t, os.WriteFile(j.journalPath(), text, 0o600))
	require.NoError(t, os.Truncate(j.path, 3))
	_, err = j.open(io.Discard)
	require.ErrorContains(t, err, "is shorter than its checkpoint says")
	require.NoError(t, os.Remove(j.path))
	_, err = j.open(io.Discard)
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.NoFileExists(t, j.path)
}

func TestStandardOutput(t *testing.T) { //nolint:paralleltest // dense sets the environment
	_, from, to, config := dense(t, 2, 5)
	args := []string{"-config", config, "-from", from, "-to", to, "-out", "-"}
	dir := t.TempDir()
	program := func(args ...string) *exec.Cmd {
		cmd := command(t.Context(), args...)
		cmd.Dir = dir
		return cmd
	}
	var said bytes.Buffer
	cmd := program(args...)
	cmd.Stderr = &said
	out, err := cmd.Output()
	require.NoError(t, err)
	assert.Contains(t, said.String(), "2026-03-01 to 2026-03-02 in standard output")
	path := filepath.Join(t.TempDir(), "same.csv")
	require.NoError(t, run(t.Context(), append(args[:6:6], "-out", path), io.Discard, io.Discard))
	assert.True(t, bytes.Equal(readFile(t, path), out), "the same as in a file")

	out, err = program(append(args, "-format", "jsonl")...).Output()
	require.NoError(t, err)
	assert.Equal(t, 10, bytes.Count(out, []byte("\n")))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left, "no file is made")

	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no device is always full here")
	}
	defer func() { _ = full.Close() }()
	for _, args := range [][]string{args, {"-demo", "-out", path, "-overwrite"}, {"-h"}} {
		cmd = program(args...)
		cmd.Stdout = full
		assert.Equal(t, 1, exitStatus(t, cmd.Run()), "%v", args)
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	out, err := command(t.Context(), "-h").Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	assert.Len(t, lines, 1+10, "a line for each flag")
	for i, name := range []string{"changes", "config", "demo", "encoding", "format", "from", "out", "overwrite", "parallel", "to"} {
		assert.Regexp(t, "^  -"+name+" .* {2}\\w", lines[1+i])
	}
	said, err := command(t.Context(), "-demo", "-parallel", "x").CombinedOutput()
	assert.Equal(t, 2, exitStatus(t, err))
	assert.Regexp(t, `^orders: .*\n$`, string(said), "one line")
	assert.Equal(t, 1, exitStatus(t, command(t.Context(), "-demo", "-out", t.TempDir()).Run()))
}

// Who gets the lock of a run that has finished does not have the journal of the next one.
func TestAFinishedJournalIsGone(t *testing.T) {
	t.Parallel()
	j := someJob(t)
	o, err := j.open(io.Discard)
	require.NoError(t, err)
	t.Cleanup(o.close)
	file, err := os.Open(j.journalPath())
	require.NoError(t, err)
	late := journal{path: j.journalPath(), file: file}
	t.Cleanup(late.close)
	require.ErrorIs(t, lock(file), errLocked)
	assert.False(t, late.gone())
	require.NoError(t, o.finish())
	require.ErrorIs(t, lock(file), errLocked, "until the file is gone")
	o.close()
	require.NoError(t, lock(file))
	assert.True(t, late.gone())
	require.NoError(t, os.WriteFile(j.journalPath(), nil, 0o600))
	assert.True(t, late.gone(), "another file of its name")
}

// A piece that is not written whole is taken back, and no journal hears of it.
func TestTailTakesBackHalfAPiece(t *testing.T) {
	t.Parallel()
	j := someJob(t)
	tail := tail{}
	require.NoError(t, tail.open(j, j.path, "journal"))
	t.Cleanup(tail.close)
	head := string(readFile(t, j.path))
	kept := func(int64) error { t.Error("was kept"); return nil }
	half := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))
	require.ErrorIs(t, tail.add(half, kept), io.ErrUnexpectedEOF)
	assert.Equal(t, head, string(readFile(t, j.path)))
	require.ErrorIs(t, tail.add(strings.NewReader("whole"), func(int64) error { return io.ErrShortWrite }), io.ErrShortWrite)
	assert.Equal(t, head, string(readFile(t, j.path)))
	require.NoError(t, tail.add(strings.NewReader("whole"), func(size int64) error {
		assert.Equal(t, head+"whole", string(readFile(t, j.path)), "it is there before it is kept")
		assert.EqualValues(t, len(head)+5, size)
		return nil
	}))
}
