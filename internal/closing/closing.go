// Package closing has the rule of Color Me's closing date, which the hooks, package
// billing and the fake share.
package closing

import (
	"time"

	"github.com/shotengai/shotengai-go"
)

// End returns the first instant after a closing date: up to it the token of an
// uninstalled contract is good for usage charges. The platform calls closing_on a date
// (ポイント締め日) and sends it as an instant whose hour it does not state, so the whole
// day counts on which the instant falls in Japan, also where it is the day's first.
func End(closingOn time.Time) time.Time {
	return shotengai.DateOf(closingOn).AddDays(1).In(shotengai.JST)
}
