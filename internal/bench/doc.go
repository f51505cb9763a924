// Command bench compares the library with its peers, and prints the table of docs/en/performance.md:
//
//	go run ./internal/bench                            # the table without the peers, in English
//	go run -tags peers ./internal/bench                # with them
//	go run -tags peers ./internal/bench -write docs    # into the guides of both languages
//
// Each family of measurements has a file. A time is never given by itself: it is the median of
// many rounds, in each of which the library, or a peer, and the bare standard library take turns
// at the same work. Nothing leaves the machine: the calls are answered in memory or on loopback.
//
// The tests hold the library to the ceilings of allocations, calls and bytes that no other package
// has a test for. They judge no time.
package main
