package main

import (
	"syscall"
	"time"
)

// processorTime is what the process has used of all processors: work of the collector included, and
// what other processes did meanwhile not.
func processorTime() time.Duration {
	var u syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
