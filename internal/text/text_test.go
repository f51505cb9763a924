package text

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const maintenance = `<!DOCTYPE html><html><head><title>503</title><style>b { color: red }</style>
<script>var secret = "<b>"; load()</script></head><body><h1>ただいま メンテナンス中です</h1></body></html>`

func TestExcerpt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		body  string
		limit int
		want  string
	}{
		{"", 100, ""},
		{"  a\r\n\tb  ", 100, "a b"},
		{maintenance, 100, "503 ただいま メンテナンス中です"},
		{`{"message":"a < b"}`, 100, `{"message":"a < b"}`},
		{"本本本", 8, "本…"},
		{"本本本", 9, "本本本"},
		{"abcdef", 2, ""},
		{"a\x00b\xffc", 100, "a b�c"},
		{"<html><script>never closed", 100, ""},
		{"<html>a<b", 100, "a"},
	} {
		assert.Equal(t, tc.want, Excerpt([]byte(tc.body), tc.limit), "%q %d", tc.body, tc.limit)
	}
}

// FuzzExcerpt: whatever came, its excerpt is one line of valid UTF-8 within the limit.
func FuzzExcerpt(f *testing.F) {
	for _, s := range []string{"", "a", maintenance, "\xff\xfe", "本\u2028本", "<html", "<html><script", "<html></", "a\x85b"} {
		f.Add([]byte(s), 10)
		f.Add([]byte(s), 0)
	}
	f.Fuzz(func(t *testing.T, body []byte, limit int) {
		limit = max(0, min(limit, MaxExcerpt))
		excerpt := Excerpt(body, limit)
		require.LessOrEqual(t, len(excerpt), limit)
		requireOneLine(t, excerpt)
	})
}

// FuzzOneLine: one line of valid UTF-8, and folding it again changes nothing.
func FuzzOneLine(f *testing.F) {
	for _, s := range []string{"", " a", "a  b ", "本\n本", "\xff", "\x7f", "a\u0085\u2029b", "\x1b[31m"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := OneLine(text)
		requireOneLine(t, line)
		require.Equal(t, line, OneLine(line))
	})
}

func requireOneLine(t *testing.T, s string) {
	t.Helper()
	require.True(t, utf8.ValidString(s))
	for _, r := range s {
		require.False(t, unicode.IsControl(r) || unicode.IsSpace(r) && r != ' ', "%q", s)
	}
}
