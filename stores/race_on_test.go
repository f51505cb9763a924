//go:build race

package stores_test

// raced: the race detector allocates, so that ceilings do not hold.
const raced = true
