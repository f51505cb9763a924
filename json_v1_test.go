//go:build !goexperiment.jsonv2

package shotengai_test

// jsonParts is how many allocations more an answer costs that is read in parts.
const jsonParts = 0
