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
