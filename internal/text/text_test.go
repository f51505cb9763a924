package text

import (
	"bytes"
	"encoding/json"
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

// What stands in the place of an answer, as servers and proxies send it, and what only looks
// like that.
var answers = []struct {
	contentType, body string
	page              bool
}{
	{"text/html", "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", true},
	{"", maintenance, true},
	{"application/json", maintenance, true},
	{"application/json", "\xef\xbb\xbf\r\n <HTML lang=ja>", true},
	{"application/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"\n  \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\">", true},
	{"", "<!-- a proxy -->\n<!-- of two comments --> <head>", true},
	{"", "<?xml version=\"1.0\"?><!-- 503 --><body\n>", true},
	{"", "<title>Access denied</title><h1>Error 1010</h1>", true},
	{"", "<script>location.href=\"/login\"</script>", true},
	{"", "<center>", true},
	{"", "<h1>503", true},
	{"", "<body", true},
	{"text/html", "", true},
	{"text/html; charset=Shift_JIS", "\x82\xb5\x82\xce\x82\xe7\x82\xad", true},
	{" Text/HTML", "Service Unavailable", true},
	{"application/xhtml+xml", "<div/>", true},
	{"text/html", `{"orders":[`, true},
	{"text/html", `"maintenance"`, true},
	{"text/html; charset=UTF-8", ` {"id":1,"memo":"<html>"} `, false},
	{"text/html", "\xef\xbb\xbf[]", false},
	{"application/json", `{"html":"<!DOCTYPE html><html></html>"}`, false},
	{"text/plain", "Service Unavailable", false},
	{"", "", false},
	{"", "<", false},
	{"", "<!-- never ends", false},
	{"", "<?xml never ends", false},
	{"application/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><result><status><systemStatus>OK</systemStatus></status></result>", false},
	{"application/xml", "<headers><title>a</title></headers>", false},
	{"application/xml", "<head-line/>", false},
	{"application/xml", "<h1:item/>", false},
}

func TestLooksLikeHTML(t *testing.T) {
	t.Parallel()
	for _, a := range answers {
		assert.Equal(t, a.page, LooksLikeHTML(a.contentType, []byte(a.body)), "%q %q", a.contentType, a.body)
	}
}

// FuzzLooksLikeHTML: JSON is never a page, whatever it is called, and a page is one, whatever
// it is called and whatever comments stand in front of it.
func FuzzLooksLikeHTML(f *testing.F) {
	for _, a := range answers {
		f.Add(a.contentType, []byte(a.body))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		page := LooksLikeHTML(contentType, body)
		var object map[string]json.RawMessage
		if json.Unmarshal(body, &object) == nil && object != nil {
			require.False(t, page)
			require.False(t, LooksLikeHTML("text/html", body))
		}
		byItself := LooksLikeHTML("", body)
		require.True(t, page || !byItself, "it is a page under any name")
		if !bytes.HasPrefix(body, ByteOrderMark) && !bytes.HasPrefix(bytes.TrimSpace(body), []byte("<?")) {
			require.Equal(t, byItself, LooksLikeHTML("", append([]byte("<?xml version=\"1.0\"?>\n<!-- a page -->\n"), body...)))
		}
	})
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
