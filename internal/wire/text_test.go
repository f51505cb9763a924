package wire

import (
	"encoding/json"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzParseInt: what is read is what strconv reads, and each number has one sign and digits.
func FuzzParseInt(f *testing.F) {
	for _, text := range []string{"0", "-0", "3800", "-9223372036854775808", "9223372036854775808", "+1", "--1", "1e3", "3800.0", "", "１", "1_0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParseInt([]byte(text))
		if err != nil {
			return
		}
		want, err := strconv.ParseInt(text, 10, 64)
		require.NoError(t, err)
		require.Equal(t, want, n)
		require.NotContains(t, text, "+")
	})
}

// FuzzDecodeString: of a value of JSON, texts and null are read, as encoding/json reads them.
func FuzzDecodeString(f *testing.F) {
	for _, data := range []string{`"a"`, `null`, `""`, `"\u3042\ud83d\ude00"`, `"\ud800"`, "\"\xff\"", `7`, `{}`, `["a"]`, `"a\"b\\"`, `true`} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := DecodeString(data)
		if !json.Valid(data) || data[0] <= ' ' || data[len(data)-1] <= ' ' {
			return
		}
		var want *string
		if json.Unmarshal(data, &want) != nil || !utf8.Valid(data) {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		if want == nil {
			want = new("")
		}
		require.Equal(t, *want, text)
	})
}

// FuzzExcerpt: an excerpt is the begin of a text, and short.
func FuzzExcerpt(f *testing.F) {
	f.Add("a")
	f.Add("日本語の長い値日本語の長い値日本語の長い値日本語の長い値日本語の長い値日本語の長い値")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		short := Excerpt(text)
		require.LessOrEqual(t, utf8.RuneCountInString(short), excerptLength+1)
		require.Equal(t, short, Excerpt([]byte(text)))
	})
}
