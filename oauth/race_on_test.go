//go:build race

package oauth_test

// underRace says that allocations cannot be counted.
const underRace = true
