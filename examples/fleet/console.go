package main

import (
	"fmt"
	"io"
	"os"
	"sync"
)

// console is the standard error: log lines, and below them one line of progress if it is a
// terminal.
type console struct {
	mu       sync.Mutex
	out      io.Writer
	terminal bool
	line     string
}

func newConsole(out io.Writer) *console {
	c := &console{out: out}
	if file, ok := out.(*os.File); ok && os.Getenv("TERM") != "dumb" {
		info, err := file.Stat()
		c.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return c
}

const clearLine = "\r\x1b[K"

// progress replaces the line of progress. It does nothing where there is no terminal.
func (c *console) progress(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if line := fmt.Sprintf(format, args...); c.terminal && line != c.line {
		_, _ = io.WriteString(c.out, clearLine+line)
		c.line = line
	}
}

// Write writes above the line of progress, which may be that of the demo that started this
// process.
func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.terminal {
		return c.out.Write(p)
	}
	if _, err := io.WriteString(c.out, clearLine+string(p)+c.line); err != nil {
		return 0, err
	}
	return len(p), nil
}

// clear removes the line of progress.
func (c *console) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.line != "" {
		_, _ = io.WriteString(c.out, clearLine)
		c.line = ""
	}
}
