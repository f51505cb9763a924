// Package fake is the ground that the in-process platform fakes stand on: an
// HTTP server on the loopback interface or in memory, a log of the requests it
// received, faults to order, a clock to move and a rate limit to trip over.
//
// It knows no platform and needs no testing package, so examples run on it too.
package fake
