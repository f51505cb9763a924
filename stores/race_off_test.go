//go:build !race

package stores_test

const raced = false
