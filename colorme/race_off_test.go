//go:build !race

package colorme_test

const raceEnabled = false
