package httpx

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What an Authorization header holds is a credential in each of its parts.
func TestHeaderCredentials(t *testing.T) {
	t.Parallel()
	basic := func(plain string) string { return base64.StdEncoding.EncodeToString([]byte(plain)) }
	for value, want := range map[string][]string{
		"Bearer tok3n-value":                   {"Bearer tok3n-value", "tok3n-value"},
		"PAT.tok3n-value":                      {"PAT.tok3n-value", "PAT.tok3n-value"},
		"Basic " + basic("user ~:password:x"):  {"Basic " + basic("user ~:password:x"), basic("user ~:password:x"), "user ~:password:x", "user ~", "password:x"},
		"ESA " + basic("key without a colon"):  {"ESA " + basic("key without a colon"), basic("key without a colon"), "key without a colon", "key without a colon", ""},
		"Basic " + basic("control\x1f:secret"): {"Basic " + basic("control\x1f:secret"), basic("control\x1f:secret")},
		"Basic " + basic("delete\x7f:secret"):  {"Basic " + basic("delete\x7f:secret"), basic("delete\x7f:secret")},
	} {
		assert.Equal(t, want, HeaderCredentials(value))
	}
	assert.Equal(t, []string{"one", "one", "two", "two"}, HeaderCredentials("one", "two"))
	assert.Empty(t, HeaderCredentials())
}

func TestRedactor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		credentials []string
		text, want  string
	}{
		"the longest first":             {[]string{"secret", "secret-and-more", "secret-and"}, "secret-and-more, secret-and, secret", "[redacted], [redacted], [redacted]"},
		"as JSON without HTML escapes":  {[]string{`a"b<c>&d`}, `{"key":"a\"b<c>&d"}`, `{"key":"[redacted]"}`},
		"too short to be no chance":     {[]string{"12345", ""}, "order 12345", "order 12345"},
		"as short as a credential gets": {[]string{"123456"}, "order 123456", "order [redacted]"},
		"none":                          {nil, "secret", "secret"},
	} {
		assert.Equal(t, tt.want, NewRedactor(tt.credentials...).Text(tt.text), name)
	}
}

// An error that quotes no credential stays the same, and one that does loses its text alone.
func TestRedactedErrors(t *testing.T) {
	t.Parallel()
	r := NewRedactor("tok3n-value")
	require.NoError(t, r.Error(nil))
	plain := &url.Error{Op: "Get", URL: "https://shop.example", Err: io.EOF}
	assert.Same(t, plain, r.Error(plain))
	quoting := fmt.Errorf("tok3n-value: %w", io.EOF)
	err := r.Error(quoting)
	require.EqualError(t, err, "[redacted]: EOF")
	require.ErrorIs(t, err, io.EOF)
	assert.NotContains(t, fmt.Sprintf("%+v %#v", errors.Unwrap(err), errors.Unwrap(err)), "tok3n")
}

// FuzzRedactor: whatever an answer has around a credential, and in whatever encoding it quotes
// it, nothing of it is left.
func FuzzRedactor(f *testing.F) {
	f.Add(`{"message":"`, "tok3n/with+signs=", `"}`, "")
	f.Add("Bearer ", "SP400001_secret0123456", "", "SL400001_key0123456789")
	f.Add("tok3n/tok3n/", "tok3n/", "tok3n/", "tok3n/tok3n/")
	f.Add("<p>", `a"b<c>&d\e`, "\xff", "é日本")
	f.Add("[redacted", "aaaaaa", "aaaaa]", "aaaaaaa")
	f.Fuzz(func(t *testing.T, before, secret, after, other string) {
		if len(secret) < shortest || strings.ContainsAny(secret+other, "[]") || strings.Contains(redacted, secret) {
			t.Skip("no credential")
		}
		quoted, err := json.Marshal(secret)
		require.NoError(t, err)
		r := NewRedactor(other, secret)
		for _, spelling := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret), string(quoted[1 : len(quoted)-1]),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		} {
			text := r.Text(before + spelling + after)
			require.NotContains(t, text, spelling)
			require.Equal(t, text, string(r.Bytes([]byte(before+spelling+after))))
			require.Equal(t, text, r.Error(errors.New(before+spelling+after)).Error())
		}
	})
}
