// Package hookstest plays the platforms' part in tests: it signs events and delivers
// them as the platform does, resends included, on a clock of the caller's.
//
// An [Event] is a request that waits for an address. [Sender.Deliver] sends it and
// resends it until it is accepted or the platform gives up; [Delivery] is the same one
// step at a time, for a fake that has a clock of its own.
//
// The fakes of the platforms, such as package colormetest, send their hooks as this
// package does, with the same code and on the same schedule.
package hookstest
