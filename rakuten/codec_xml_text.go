package rakuten

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlText is a document with the texts repaired that encoding/xml does not take.
type xmlText struct {
	data    []byte
	source  []byte   // as it came
	repairs []repair // in the order of data
}

// repair is a part of a document that stands for another.
type repair struct {
	at, size    int // in the repaired document
	from, width int // in the source
}

// origin is the place in the source of a place in the repaired document.
func (t xmlText) origin(at int) int {
	offset := 0
	for _, r := range t.repairs {
		if r.at >= at {
			break
		}
		offset = r.from + r.width - r.at - r.size
	}
	return at + offset
}

// asIs are the parts of a document in which an ampersand is a character like others.
var asIs = []struct{ start, end string }{{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}}

// cleanXML repairs a document: a byte that is no UTF-8 and a character that XML forbids
// become U+FFFD, an entity of HTML becomes its character, and any other ampersand that
// begins nothing, or "]]>" that ends nothing, stands for itself. Data that need none of it are returned as they are.
func cleanXML(data []byte) xmlText {
	text := xmlText{data: data, source: data}
	var out []byte
	copied, end := 0, ""
	for pos := 0; pos < len(data); {
		if end == "" && data[pos] == '<' {
			for _, part := range asIs {
				if bytes.HasPrefix(data[pos:], []byte(part.start)) {
					end = part.end
				}
			}
		} else if end != "" && bytes.HasPrefix(data[pos:], []byte(end)) {
			pos, end = pos+len(end), ""
			continue
		}
		width, by := xmlCharacter(data[pos:], end == "")
		if by != "" {
			out = append(out, data[copied:pos]...)
			text.repairs = append(text.repairs, repair{len(out), len(by), pos, width})
			out = append(out, by...)
			copied = pos + width
		}
		pos += width
	}
	if copied > 0 {
		text.data = append(out, data[copied:]...)
	}
	return text
}

// xmlCharacter returns the length of the character or reference that data begins with, and
// what has to stand for it, if it cannot stay.
func xmlCharacter(data []byte, references bool) (width int, by string) {
	if references {
		switch {
		case data[0] == '&':
			return xmlReference(data)
		case bytes.HasPrefix(data, []byte("]]>")):
			return len("]]>"), "]]&gt;"
		}
	}
	r, size := utf8.DecodeRune(data)
	if r == utf8.RuneError && size == 1 || !isXMLCharacter(r) {
		return size, string(utf8.RuneError)
	}
	return size, ""
}

// longestReference is more than the length of any reference, in bytes.
const longestReference = 40

// xmlReference is xmlCharacter for what begins with an ampersand.
func xmlReference(data []byte) (width int, by string) {
	const bare = "&amp;"
	name, _, ended := strings.Cut(string(data[1:min(len(data), longestReference)]), ";")
	if !ended {
		return 1, bare
	}
	width = len(name) + len("&;")
	if digits, numeric := strings.CutPrefix(name, "#"); numeric {
		base := 10
		if hex, ok := strings.CutPrefix(digits, "x"); ok {
			digits, base = hex, 16
		}
		code, err := strconv.ParseUint(digits, base, 32)
		switch {
		case err != nil:
			return 1, bare
		case code > utf8.MaxRune || !isXMLCharacter(rune(code)):
			return width, string(utf8.RuneError)
		}
		return width, ""
	}
	if strings.Contains(" lt gt amp apos quot ", " "+name+" ") && name != "" {
		return width, ""
	}
	if character, ok := xml.HTMLEntity[name]; ok {
		return width, character
	}
	return 1, bare
}

// isXMLCharacter reports whether XML allows a character.
func isXMLCharacter(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= utf8.MaxRune
}
