package api

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shotengai/shotengai-go/internal/text"
)

// utf8Text returns a body without its byte order mark, provided that it is in UTF-8. The
// decoders would put replacement characters in the place of anything else.
func utf8Text(contentType string, body []byte) ([]byte, error) {
	name := charset(contentType)
	if name != "" && !slices.ContainsFunc([]string{"utf-8", "utf8", "us-ascii"}, func(s string) bool { return strings.EqualFold(s, name) }) {
		return nil, fmt.Errorf("%w but in %s", ErrCharset, text.OneLine(name))
	}
	if !utf8.Valid(body) {
		return nil, ErrCharset
	}
	return bytes.TrimPrefix(body, text.ByteOrderMark), nil
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
