package api

import (
	"bytes"
	"mime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/text"
)

// FuzzUTF8Text: an answer comes back as it is, without its byte order mark, or with an error
// that says what it is. UTF-8 that is called nothing else is never refused.
func FuzzUTF8Text(f *testing.F) {
	for contentType, body := range map[string]string{
		"application/json;charset=UTF-8":                 `{"name":"本"}`,
		"application/json; charset=\"utf8\"; version=1":  "\ufeff{}",
		"Application/JSON ; Charset = 'us-ascii'":        `{}`,
		"application/xml; charset=Shift_JIS":             "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><a>\x96{</a>",
		"application/xml;charset=EUC-JP":                 "<a>\xcb\xdc</a>",
		"text/plain; charset=ISO-2022-JP":                "\x1b$BK\\\x1b(B",
		"text/html; charset=windows-31j; charset=utf-8":  "<html>",
		"text/csv; header=present; charset=\xff\x1b[31m": "id,name\n",
		"charset=utf-16":                                 "\xff\xfe{\x00}\x00",
		";;=;charset":                                    "{\"a\":\"\xff\"}",
		"":                                               "",
	} {
		f.Add(contentType, []byte(body))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		data, broken, err := utf8Text(contentType, body)
		if err != nil {
			require.ErrorIs(t, err, ErrCharset)
			require.Equal(t, text.OneLine(err.Error()), err.Error(), "one line of a log")
			require.Nil(t, data)
		} else {
			require.Equal(t, bytes.TrimPrefix(body, text.ByteOrderMark), data)
			require.Equal(t, !utf8.Valid(data), broken)
		}
		_, params, bad := mime.ParseMediaType(contentType)
		called := bad == nil && params["charset"] != "" || strings.Contains(strings.ToLower(contentType), "charset")
		if plain := utf8.Valid(body) && !bytes.ContainsRune(body, 0x1b); plain && (!called || strings.EqualFold(contentType, "application/json; charset=utf-8")) {
			require.NoError(t, err)
		}
	})
}
