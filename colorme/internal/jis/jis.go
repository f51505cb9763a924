// Package jis knows the characters that the platform accepts in a charge's description:
// ASCII, JIS X 0201, JIS X 0208 and JIS X 0212.
package jis

import (
	_ "embed"
	"fmt"
)

// charset has one bit for each code point of the basic plane, lowest first. All
// characters of the four sets are in that plane.
//
//go:embed charset.bin
var charset string

// Contains reports whether one of the sets has r. Control characters count as absent.
func Contains(r rune) bool {
	return r >= 0 && int(r>>3) < len(charset) && charset[r>>3]&(1<<(r&7)) != 0
}

// Check refuses a text with a character outside the sets, and names the first.
func Check(field, text string) error {
	for i, r := range text {
		if !Contains(r) {
			return fmt.Errorf("%s: %q at byte %d is outside ASCII and JIS X 0201, 0208 and 0212", field, r, i)
		}
	}
	return nil
}
