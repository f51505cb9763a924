package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const workerEnv = "PROCESS_TEST_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(workerEnv) != "" {
		EndWithParent()
		Note('a')
		Note('b')
		Note('b')
		select {}
	}
	os.Exit(m.Run())
}

func TestNotesAndSignals(t *testing.T) {
	t.Parallel()
	g := NewGroup(t, time.Minute)
	p := g.Start([]string{workerEnv + "=1"})
	g.Wait(func() bool { return p.Count('b') == 2 }, func() string { return "no notes" })
	assert.Equal(t, 1, p.Count('a'))
	require.NoError(t, p.Freeze())
	require.NoError(t, p.Thaw())
	p.Kill()
	assert.False(t, p.EndedByItself())
}

// A worker whose parent is gone ends by itself.
func TestEndWithParent(t *testing.T) {
	t.Parallel()
	g := NewGroup(t, time.Minute)
	p := g.Start([]string{workerEnv + "=1"})
	g.Wait(func() bool { return p.Count('b') == 2 }, func() string { return "no notes" })
	require.NoError(t, p.stdin.Close())
	exit, ok := errors.AsType[*exec.ExitError](p.Wait())
	require.True(t, ok)
	assert.Equal(t, 2, exit.ExitCode())
	assert.True(t, p.EndedByItself())
}

// At the limit the test fails with what is missing and with what the workers have written.
func TestLimit(t *testing.T) {
	t.Parallel()
	said := &failure{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		g := NewGroup(said, time.Nanosecond)
		g.Wait(func() bool { return false }, func() string { return "2 of 3 kills" })
	}()
	<-done
	assert.Equal(t, "after 1ns: 2 of 3 kills", said.text)
}

// failure is a test that keeps why it failed.
type failure struct {
	testing.TB
	text string
}

func (f *failure) Fatalf(format string, args ...any) {
	f.text = fmt.Sprintf(format, args...)
	runtime.Goexit()
}
