// Package text makes foreign text fit for errors and logs.
package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxExcerpt is how much of a foreign body an error keeps.
const MaxExcerpt = 2 << 10

// Excerpt shortens a foreign body to something a person can read in one line: HTML
// loses its tags, control characters become spaces, and at most limit bytes remain.
func Excerpt(body []byte, limit int) string {
	text := string(body[:min(len(body), 8*limit)])
	if LooksLikeHTML("", body) {
		text = stripTags(text)
	}
	return Cut(OneLine(text), limit)
}

// OneLine makes text fit for one line of a log: valid UTF-8, no control characters,
// runs of white space folded.
func OneLine(text string) string {
	if plain(text) {
		return text
	}
	fields := strings.FieldsFunc(strings.ToValidUTF8(text, "�"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
	return strings.Join(fields, " ")
}

func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == ' ' && (i == 0 || text[i-1] == ' ') {
			return false
		}
	}
	return true
}

// Cut shortens text to at most limit bytes, at the end of a character.
func Cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit - len("…")
	if end < 0 {
		return ""
	}
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// LooksLikeHTML reports whether an answer is a web page, by its content type or its first bytes.
func LooksLikeHTML(contentType string, body []byte) bool {
	contentType = strings.ToLower(strings.TrimSpace(contentType))
	if strings.HasPrefix(contentType, "text/html") || strings.HasPrefix(contentType, "application/xhtml") {
		return true
	}
	start := bytes.TrimSpace(bytes.TrimPrefix(body, ByteOrderMark))
	if len(start) == 0 || start[0] != '<' {
		return false
	}
	opening := strings.ToLower(string(start[:min(len(start), 16)]))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if strings.HasPrefix(opening, tag) {
			return true
		}
	}
	return false
}

// ByteOrderMark begins some texts in UTF-8.
var ByteOrderMark = []byte("\xef\xbb\xbf")

// stripTags drops markup, and the text of scripts and styles with it.
func stripTags(text string) string {
	var b strings.Builder
	for text != "" {
		before, rest, found := strings.Cut(text, "<")
		b.WriteString(before)
		if !found {
			break
		}
		b.WriteByte(' ')
		name := strings.ToLower(rest[:min(len(rest), 6)])
		_, text, _ = strings.Cut(rest, ">")
		for _, hidden := range []string{"script", "style"} {
			if strings.HasPrefix(name, hidden) {
				_, text, _ = strings.Cut(text, "</"+hidden)
				_, text, _ = strings.Cut(text, ">")
			}
		}
	}
	return b.String()
}
