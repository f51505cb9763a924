package lenient

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// replacement stands for what cannot be text.
const replacement = "\uFFFD"

// CleanJSON returns a document whose strings encoding/json takes: a byte that is no UTF-8, a
// control character and half of a surrogate pair become U+FFFD; line breaks and tabs are
// escaped. Data that needs none of it are returned as they are.
func CleanJSON(data []byte) []byte {
	var out []byte
	copied := 0
	for pos := 0; pos < len(data); {
		if data[pos] != '"' {
			pos++
			continue
		}
		end := stringEnd(data, pos)
		if fixed, changed := cleanString(nil, data[pos:end]); changed {
			out = append(append(out, data[copied:pos]...), fixed...)
			copied = end
		}
		pos = end
	}
	if copied == 0 {
		return data
	}
	return append(out, data[copied:]...)
}

// isClean reports whether no string of a document needs to be repaired.
func isClean(data []byte) bool {
	clean := CleanJSON(data)
	return len(clean) == len(data) && (len(data) == 0 || &clean[0] == &data[0])
}

// stringEnd returns where the string that begins at pos ends, behind its quote.
func stringEnd(data []byte, pos int) int {
	for pos++; pos < len(data); pos++ {
		switch data[pos] {
		case '"':
			return pos + 1
		case '\\':
			pos++
		}
	}
	return len(data)
}

// cleanString appends a string, quotes included, and reports whether it had to be changed. One
// that had not, appended to nothing, is the string itself.
func cleanString(dst, raw []byte) (out []byte, changed bool) {
	copied := 0
	replace := func(from, to int, by string) {
		dst = append(append(dst, raw[copied:from]...), by...)
		copied, changed = to, true
	}
	for pos := 0; pos < len(raw); {
		c := raw[pos]
		switch {
		case c < ' ':
			replace(pos, pos+1, escaped(c))
			pos++
		case c == '\\':
			size, whole := escape(raw[pos:])
			if !whole {
				replace(pos, pos+size, replacement)
			}
			pos += size
		case c < utf8.RuneSelf:
			pos++
		default:
			r, size := utf8.DecodeRune(raw[pos:])
			if r == utf8.RuneError && size == 1 {
				replace(pos, pos+1, replacement)
			}
			pos += size
		}
	}
	if dst == nil && !changed {
		return raw, false
	}
	return append(dst, raw[copied:]...), changed
}

// escaped is what stands for a control character: those of white space are meant so.
func escaped(c byte) string {
	switch c {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	return replacement
}

// escape returns the length of the escape that s begins with, that of both halves for a
// surrogate pair, and false for half of one.
func escape(s []byte) (size int, whole bool) {
	r, ok := codeUnit(s)
	if !ok {
		return min(2, len(s)), true // one of a single character, or none that the decoder takes
	}
	if !utf16.IsSurrogate(r) {
		return 6, true
	}
	if low, ok := codeUnit(s[6:]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
		return 12, true
	}
	return 6, false
}

// codeUnit reads an escape of four hexadecimal digits.
func codeUnit(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(n), err == nil
}

// HalfSurrogates reports whether data may have half of a surrogate pair.
func HalfSurrogates(data []byte) bool {
	return bytes.Contains(data, []byte(`\ud`)) || bytes.Contains(data, []byte(`\uD`))
}

// MaxDepth is how deep encoding/json reads.
const MaxDepth = 10_000

// TooDeep reports whether a document opens more arrays and objects at a time than the
// decoder reads.
func TooDeep(data []byte) bool {
	depth := 0
	for pos := 0; pos < len(data); pos++ {
		switch data[pos] {
		case '"':
			pos = stringEnd(data, pos) - 1
		case '{', '[':
			if depth++; depth > MaxDepth {
				return true
			}
		case '}', ']':
			depth--
		}
	}
	return false
}
