// Package hooks receives the events that the platforms send, and lets each take
// effect once.
package hooks
