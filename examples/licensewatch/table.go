package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
	"github.com/shotengai/shotengai-go/rakuten/licensewatch"
)

// soon is how many days before its end a key should be renewed.
const soon = 14

// print writes a line for each shop: those without a key first, then those that nothing is
// known of, then the others by their end.
func (f fleet) print(out io.Writer, statuses []licensewatch.Status, now time.Time) error {
	rows := [][]string{{text("SHOP"), text("DAYS LEFT"), text("LAST DAY"), text("STATE"), text("WHO ACTS"), text("WHAT TO DO")}}
	for _, s := range f.shops {
		if s.client == nil {
			who, what := rakuten.LicenseAwaitingApproval.Act(language())
			rows = append(rows, []string{s.name, "?", "?", string(rakuten.LicenseAwaitingApproval), text(string(who)), what})
		}
	}
	for _, status := range statuses {
		rows = append(rows, row(status, now))
	}
	return align(out, rows)
}

// row is the line of a shop that has handed over a key.
func row(status licensewatch.Status, now time.Time) []string {
	left, last := "?", "?"
	days, known := status.DaysLeft(now)
	if known {
		left, last = strconv.Itoa(days), shotengai.DateOf(status.ExpiresAt).String()
	}
	state := language().Pick(status.Verdict.Explain(language()), string(status.Verdict))
	who, what := status.Verdict.Act(language())
	switch {
	case known && days < 0, status.Verdict == rakuten.VerdictExpired:
		state = string(rakuten.LicenseExpired)
		who, what = rakuten.LicenseExpired.Act(language())
	case status.Verdict == rakuten.VerdictWorks:
		state, what = string(rakuten.LicenseInUse), ""
		if days <= soon {
			who, what = rakuten.ShopActs, text("issue a new licence key in RMS and hand it over before the last day")
		}
	}
	return []string{status.Shop, left, last, state, text(string(who)), what}
}

// align writes a table with two spaces between its columns.
func align(out io.Writer, rows [][]string) error {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-width(cell)+2))
		}
		if _, err := fmt.Fprintln(out, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// width is how many columns a terminal takes for a text: two for a character of Japanese.
func width(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case unicode.Is(wide, r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// wide is the characters of two columns, as far as names of shops have them.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, // Hangul
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1}, // radicals, punctuation
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, // kana, ideographs
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, // Hangul
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1}, // ideographs
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1}, // vertical and small forms
		{Lo: 0xff01, Hi: 0xff60, Stride: 1}, // full-width forms
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1faff, Stride: 1}, // pictures
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1}, // ideographs
	},
}
