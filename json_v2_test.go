//go:build goexperiment.jsonv2

package shotengai_test

// jsonParts is how many allocations more an answer costs that is read in parts, with the
// encoding/json that is built on encoding/json/v2.
const jsonParts = 10
