package main

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows on a terminal how many shops were asked: one a second, since each is asked at
// the platform's pace. The function that it returns counts a shop.
func progress(w io.Writer, terminal bool, shops int) (step func()) {
	if !terminal {
		return func() {}
	}
	bar := progressbar.NewOptions(shops, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(text("shops")),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
	return func() { _ = bar.Add(1) }
}

func isTerminal(f *os.File) bool {
	return os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}
