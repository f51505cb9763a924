// Package e2e holds the tests that need more than the library itself: real
// databases, processes that are killed, and independent oracles. It is a module
// of its own so that its drivers never reach a program that imports shotengai.
package e2e
