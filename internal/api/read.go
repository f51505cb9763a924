package api

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go/internal/lenient"
	"github.com/shotengai/shotengai-go/internal/text"
)

// utf8Text returns a body without its byte order mark, provided that it is meant to be in
// UTF-8, and whether some of its texts are broken. A character set that is declared is
// believed; without one, see lenient.OtherCharset.
func utf8Text(contentType string, body []byte) (data []byte, broken bool, err error) {
	name := charset(contentType)
	if name != "" && !slices.ContainsFunc([]string{"utf-8", "utf8", "us-ascii"}, func(s string) bool { return strings.EqualFold(s, name) }) {
		return nil, false, fmt.Errorf("%w but in %s", ErrCharset, text.OneLine(name))
	}
	body = bytes.TrimPrefix(body, text.ByteOrderMark)
	broken = !utf8.Valid(body)
	const escape = 0x1b
	if (broken || bytes.IndexByte(body, escape) >= 0) && lenient.OtherCharset(body) {
		return nil, false, ErrCharset
	}
	return body, broken, nil
}

// charset is what a content type declares, "" when it does not. Unlike mime.ParseMediaType it
// reads on behind a broken parameter, which must not cost the answer.
func charset(contentType string) string {
	_, rest, _ := strings.Cut(contentType, ";")
	for param := ""; rest != ""; {
		param, rest = cutParameter(rest)
		name, value, _ := strings.Cut(param, "=")
		if strings.EqualFold(strings.TrimSpace(name), "charset") {
			return strings.Trim(strings.TrimSpace(value), "\"'")
		}
	}
	return ""
}

// cutParameter cuts at the first semicolon that is not quoted. A quote that nobody closes is
// none.
func cutParameter(params string) (first, rest string) {
	quoted := false
	for i := 0; i < len(params); i++ {
		switch c := params[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case !quoted && c == ';':
			return params[:i], params[i+1:]
		}
	}
	if quoted {
		first, rest, _ = strings.Cut(params, ";")
		return first, rest
	}
	return params, ""
}
