package lenient

import (
	"bytes"
	"unicode/utf8"
)

// mostBroken is how many broken bytes are still those of texts that were cut or garbled, in a
// body that has fewer characters beyond ASCII than them.
const mostBroken = 16

// OtherCharset reports whether a body that is not valid UTF-8, or has escape characters, is
// as a whole in another character set, so that it is not to be repaired. It is, if it does not
// even begin with ASCII; if it switches character sets as ISO-2022-JP does; or if more of its
// bytes are broken than characters beyond ASCII are sound, and it reads as Shift_JIS or EUC-JP
// or the broken bytes are many.
func OtherCharset(body []byte) bool {
	body = bytes.TrimLeft(body, " \t\r\n")
	if len(body) > 0 && body[0] >= utf8.RuneSelf {
		return true
	}
	if bytes.Contains(body, []byte("\x1b$B")) || bytes.Contains(body, []byte("\x1b$@")) {
		return true
	}
	sound, broken := 0, 0
	for pos := 0; pos < len(body); {
		r, size := utf8.DecodeRune(body[pos:])
		switch {
		case size > 1:
			sound++
		case r == utf8.RuneError:
			broken++
		}
		pos += size
	}
	return broken > sound && (broken > mostBroken || reads(body, shiftJIS) || reads(body, eucJP))
}

// reads reports whether data are nothing but characters of a character set, of which size
// returns the length of the first, or 0.
func reads(data []byte, size func([]byte) int) bool {
	for len(data) > 0 {
		n := 1
		if data[0] >= utf8.RuneSelf {
			n = size(data)
		}
		if n == 0 || n > len(data) {
			return false
		}
		data = data[n:]
	}
	return true
}

func shiftJIS(s []byte) int {
	lead := s[0]
	switch {
	case lead >= 0xa1 && lead <= 0xdf: // half-width katakana
		return 1
	case lead == 0x80 || lead == 0xa0 || lead > 0xfc || len(s) < 2:
		return 0
	case s[1] >= 0x40 && s[1] <= 0xfc && s[1] != 0x7f:
		return 2
	}
	return 0
}

func eucJP(s []byte) int {
	high := func(at int) bool { return len(s) > at && s[at] >= 0xa1 && s[at] <= 0xfe }
	switch {
	case s[0] == 0x8e && high(1):
		return 2
	case s[0] == 0x8f && high(1) && high(2):
		return 3
	case high(0) && high(1):
		return 2
	}
	return 0
}
