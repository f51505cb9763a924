package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
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
	end := max(limit-len("…"), 0)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// LooksLikeHTML tells a page from an answer, by its content type or its first bytes.
func LooksLikeHTML(contentType string, body []byte) bool {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(contentType)), "text/html") {
		return true
	}
	start := strings.ToLower(strings.TrimSpace(string(body[:min(len(body), 64)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
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
