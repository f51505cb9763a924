package api

import (
	"bytes"
	"mime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/text"
)

func TestCharset(t *testing.T) {
	t.Parallel()
	for contentType, want := range map[string]string{
		"":                                       "",
		"application/json":                       "",
		"application/json;":                      "",
		"application/json; charset":              "",
		"application/json; charset=":             "",
		"application/json;charset=EUC-JP":        "EUC-JP",
		"text/xml ; Charset = 'us-ascii' ; v=":   "us-ascii",
		`application/json; charset="utf-8"; a=b`: "utf-8",
		// What is quoted declares nothing.
		`application/json; profile="a; charset=Shift_JIS"`:                           "",
		`application/json; profile="a; charset=Shift_JIS"; charset=utf-8`:            "utf-8",
		`application/json; profile="\"; charset=Shift_JIS; b=\""; charset="UTF-8"`:   "UTF-8",
		`multipart/mixed; boundary=";charset=EUC-JP;"; charset=utf-8; start="<a;b>"`: "utf-8",
		// What is broken costs nothing.
		`application/json; ; =; a; charset=utf-8`:          "utf-8",
		`application/json; charset=utf-8; charset=utf-8`:   "utf-8",
		`application/json; charset="utf-8; a=b`:            "utf-8",
		`application/json; a="b; charset=utf-8`:            "utf-8",
		`application/json; a=b"c; charset=utf-8; d="e;f"`:  "",
		`application/json; a="b\`:                          "",
		`application/json; a=b\; charset=utf-8`:            "utf-8",
		"application/json, application/json;charset=utf-8": "utf-8",
	} {
		assert.Equal(t, want, charset(contentType), contentType)
	}
}

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
		`application/json; a="; charset=Shift_JIS"`:      "{}",
		";;=;charset": "{\"a\":\"\xff\"}",
		"":            "",
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
		if bad == nil && !strings.ContainsAny(contentType, `\*'`) { // no escapes, no charset*=
			require.Equal(t, params["charset"], charset(contentType))
		}
		called := bad == nil && params["charset"] != "" || strings.Contains(strings.ToLower(contentType), "charset")
		if plain := utf8.Valid(body) && !bytes.ContainsRune(body, 0x1b); plain && (!called || strings.EqualFold(contentType, "application/json; charset=utf-8")) {
			require.NoError(t, err)
		}
	})
}
