//go:build !race && !goexperiment.jsonv2

package main

// counted reports whether allocations are those that a program makes.
const counted = true
