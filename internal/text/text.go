// Package text makes foreign text fit for errors and logs.
package text

import (
	"bytes"
	"encoding/json"
	"slices"
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

// LooksLikeHTML reports whether an answer is a web page, by its content type or its first
// bytes. JSON is none, whatever it is called: PHP calls everything text/html that does not
// say what it is.
func LooksLikeHTML(contentType string, body []byte) bool {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, ByteOrderMark))
	contentType = strings.ToLower(strings.TrimSpace(contentType))
	if strings.HasPrefix(contentType, "text/html") || strings.HasPrefix(contentType, "application/xhtml") {
		return !isJSON(body)
	}
	start := afterProlog(body)
	opening := strings.ToLower(string(start[:min(len(start), 16)]))
	return slices.ContainsFunc(pageStarts, func(tag string) bool {
		rest, found := strings.CutPrefix(opening, tag)
		return found && (rest == "" || !isNameByte(rest[0]))
	})
}

// pageStarts are the tags that pages begin with, also those without an html element.
var pageStarts = []string{"<!doctype html", "<html", "<head", "<body", "<title", "<script", "<center", "<h1"}

// isNameByte reports whether c goes on with the name of a tag, as in <headers>.
func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == ':'
}

func isJSON(body []byte) bool {
	return len(body) > 0 && (body[0] == '{' || body[0] == '[') && json.Valid(body)
}

// afterProlog skips what XHTML and pages of proxies have in front of the first tag: an XML
// declaration and comments.
func afterProlog(body []byte) []byte {
	for _, part := range [][2]string{{"<?", "?>"}, {"<!--", "-->"}} {
		for bytes.HasPrefix(body, []byte(part[0])) {
			_, rest, _ := bytes.Cut(body, []byte(part[1]))
			body = bytes.TrimSpace(rest)
		}
	}
	return body
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
