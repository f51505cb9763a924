// Package process runs workers: processes of the test binary itself that a test kills,
// stops and ends in the middle of their work. Workers note each step of their work, so
// that a test waits for progress and not for the clock.
package process

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// notes is the file number of a worker's notes, and the one of the first file that its
// test hands over.
const (
	notes     = 3
	FirstFile = 4
)

// Note notes a step of a worker's work. What is noted before a kill is read after it.
func Note(step byte) {
	once.Do(func() { pipe = os.NewFile(notes, "notes") })
	_, _ = pipe.Write([]byte{step})
}

var (
	once sync.Once
	pipe *os.File
)

// EndWithParent ends this process when its standard input closes, as it does when the
// process that started it is gone.
func EndWithParent() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(2)
	}()
}

// Group is the workers of a test.
type Group struct {
	t     testing.TB
	limit time.Duration
	ctx   context.Context

	mu      sync.Mutex
	changed chan struct{} // closed at the next note
	all     []*Process
}

// NewGroup returns a group without workers. A wait that has not ended after limit, counted
// from now, fails the test. What is running at the end of the test is killed.
func NewGroup(t testing.TB, limit time.Duration) *Group {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	g := &Group{t: t, limit: limit, ctx: ctx, changed: make(chan struct{})}
	t.Cleanup(func() {
		cancel()
		for _, p := range g.all {
			p.Kill()
		}
	})
	return g
}

// Context ends at the limit of the group.
func (g *Group) Context() context.Context { return g.ctx }

// Signal has the waits look again. A test calls it when something has changed that is no
// note of a worker.
func (g *Group) Signal() { g.signal(nil) }

func (g *Group) signal(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if change != nil {
		change()
	}
	close(g.changed)
	g.changed = make(chan struct{})
}

// Wait returns when done returns true, which is asked at each note of a worker. At the
// limit the test fails with what missing returns.
func (g *Group) Wait(done func() bool, missing func() string) {
	g.t.Helper()
	for {
		g.mu.Lock()
		changed := g.changed
		g.mu.Unlock()
		if done() {
			return
		}
		select {
		case <-changed:
		case <-g.ctx.Done():
			g.t.Fatalf("after %v: %s%s", g.limit, missing(), g.errors())
		}
	}
}

// errors returns what the workers have written to their standard errors.
func (g *Group) errors() string {
	var text strings.Builder
	for _, p := range g.all {
		p.Kill()
		if said := strings.TrimSpace(p.stderr.String()); said != "" {
			text.WriteString("\na worker: " + said)
		}
	}
	return text.String()
}

// Process is a worker.
type Process struct {
	group  *Group
	cmd    *exec.Cmd
	stdin  io.Closer
	stdout bytes.Buffer
	stderr bytes.Buffer
	read   chan struct{} // closed when all notes are read

	counts [256]int // guarded by the group's mu
	ended  bool
	err    error
}

// Start starts the test binary once more, with additions to its environment. The files
// have the numbers from [FirstFile] on.
func (g *Group) Start(env []string, files ...*os.File) *Process {
	g.t.Helper()
	self, err := os.Executable()
	if err != nil {
		g.t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		g.t.Fatal(err)
	}
	p := &Process{group: g, cmd: exec.Command(self), read: make(chan struct{})}
	p.cmd.Env = append(append(os.Environ(), "GORACE=atexit_sleep_ms=0"), env...)
	p.cmd.ExtraFiles = append([]*os.File{w}, files...)
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	p.stdin, err = p.cmd.StdinPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	_ = w.Close()
	if err != nil {
		_ = r.Close()
		g.t.Fatal(err)
	}
	go p.readNotes(r)
	g.all = append(g.all, p)
	return p
}

func (p *Process) readNotes(r *os.File) {
	defer close(p.read)
	defer func() { _ = r.Close() }()
	buffer := make([]byte, 512)
	for {
		n, err := r.Read(buffer)
		if n > 0 {
			p.group.signal(func() {
				for _, step := range buffer[:n] {
					p.counts[step]++
				}
			})
		}
		if err != nil {
			return
		}
	}
}

// Count returns how many steps of a kind the worker has noted.
func (p *Process) Count(step byte) int {
	p.group.mu.Lock()
	defer p.group.mu.Unlock()
	return p.counts[step]
}

// Kill kills the worker and waits for its end.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	_ = p.Wait()
}

// Terminate asks the worker to end, and waits for its end.
func (p *Process) Terminate() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return p.Wait()
}

// Freeze stops the worker until Thaw is called.
func (p *Process) Freeze() error { return p.cmd.Process.Signal(syscall.SIGSTOP) }

// Thaw lets a frozen worker go on.
func (p *Process) Thaw() error { return p.cmd.Process.Signal(syscall.SIGCONT) }

// Wait waits for the end of the worker and of its notes.
func (p *Process) Wait() error {
	if !p.ended {
		p.ended = true
		p.err = p.cmd.Wait()
		<-p.read
	}
	return p.err
}

// Output returns what a worker that has ended has written to its standard output.
func (p *Process) Output() string { return p.stdout.String() }

// Errors returns what a worker that has ended has written to its standard error.
func (p *Process) Errors() string { return strings.TrimSpace(p.stderr.String()) }

// EndedByItself reports whether the worker has ended without a signal.
func (p *Process) EndedByItself() bool {
	if !p.ended {
		return false
	}
	exit, ok := errors.AsType[*exec.ExitError](p.err)
	return !ok || exit.Exited()
}
