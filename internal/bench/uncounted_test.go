//go:build race || goexperiment.jsonv2

package main

const counted = false
