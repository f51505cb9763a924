package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxExcerpt is how much of a foreign body an error keeps.
const MaxExcerpt = 2 << 10

// ReadBody reads a whole body of at most limit decoded bytes into a buffer of the
// announced size and closes it. It reads up to the end, so that the connection can
// be used again; a longer body is ErrResponseTooLarge and costs the connection.
func ReadBody(resp *http.Response, limit int64) ([]byte, error) {
	defer resp.Body.Close()
	size := resp.ContentLength
	if size > limit {
		return nil, tooLarge(limit)
	}
	if size < 0 {
		size = 4 << 10
	}
	buf := make([]byte, 0, min(size, limit)+1) // one more byte sees the end without growing
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := resp.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > limit {
			return nil, tooLarge(limit)
		}
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: more than %d bytes", ErrResponseTooLarge, limit)
}

// Excerpt shortens a foreign body to something a person can read in one line: HTML
// loses its tags, control characters become spaces, and at most limit bytes remain.
func Excerpt(body []byte, limit int) string {
	text := string(body[:min(len(body), 8*limit)])
	if LooksLikeHTML("", body) {
		text = stripTags(text)
	}
	return cut(OneLine(text), limit)
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

func cut(text string, limit int) string {
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

// LooksLikeHTML tells a page from an answer, by its content type or its first bytes.
func LooksLikeHTML(contentType string, body []byte) bool {
	contentType = strings.ToLower(strings.TrimSpace(contentType))
	if strings.HasPrefix(contentType, "text/html") || strings.HasPrefix(contentType, "application/xhtml") {
		return true
	}
	start := bytes.TrimSpace(bytes.TrimPrefix(body, byteOrderMark))
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

var byteOrderMark = []byte("\xef\xbb\xbf")

// utf8Text returns a body without its byte order mark, provided that it is in UTF-8. The
// decoders would put replacement characters in the place of anything else.
func utf8Text(contentType string, body []byte) ([]byte, error) {
	name := charset(contentType)
	if name != "" && !slices.ContainsFunc([]string{"utf-8", "utf8", "us-ascii"}, func(s string) bool { return strings.EqualFold(s, name) }) {
		return nil, fmt.Errorf("%w but in %s", ErrCharset, OneLine(name))
	}
	if !utf8.Valid(body) {
		return nil, ErrCharset
	}
	return bytes.TrimPrefix(body, byteOrderMark), nil
}

// charset is what a content type declares, "" when it does not.
func charset(contentType string) string {
	_, params, _ := strings.Cut(contentType, ";")
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		if strings.EqualFold(strings.TrimSpace(name), "charset") {
			return strings.Trim(strings.TrimSpace(value), "\"'")
		}
	}
	return ""
}

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
