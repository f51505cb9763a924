package rakuten

import "github.com/shotengai/shotengai-go/internal/api"

// PageError is what an iteration over pages ends with when a page cannot be had. All rows
// of the pages before it have been yielded, so a new iteration may start at its Offset,
// which counts what the family counts: rows or pages. Err is the cause.
type PageError = api.PageError

// ErrPageRepeated is the cause when the platform gives the same page twice.
var ErrPageRepeated = api.ErrPageRepeated
