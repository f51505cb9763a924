package shotengai_test

import (
	"encoding/json"
	"encoding/xml"
	"net/url"
	"testing"

	"github.com/google/go-querystring/query"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// decode reads one JSON value.
func decode[T any](t *testing.T, data string) T {
	t.Helper()
	var value T
	require.NoError(t, json.Unmarshal([]byte(data), &value), data)
	return value
}

// encode writes one JSON value.
func encode(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	require.NoError(t, err)
	return string(data)
}

// respell decodes each key, and expects its value when that is encoded again, also
// where the type is an XML element or attribute.
func respell[T any](t *testing.T, cases map[string]string) {
	t.Helper()
	for in, want := range cases {
		value := decode[T](t, in)
		assert.Equal(t, want, encode(t, value), in)
		assert.Equal(t, value, decode[T](t, want), in)

		type element struct {
			Attribute T `xml:"attribute,attr"`
			Content   T `xml:"content"`
		}
		document, err := xml.Marshal(element{value, value})
		require.NoError(t, err)
		var back element
		require.NoError(t, xml.Unmarshal(document, &back), "%s", document)
		assert.Equal(t, value, back.Content, "%s", document)
		assert.Equal(t, value, back.Attribute, "%s", document)
	}
}

// refuse expects an error for each value, which leaves the target as it was.
func refuse[T any](t *testing.T, message string, kept T, values ...string) {
	t.Helper()
	for _, in := range values {
		value := kept
		require.ErrorContains(t, json.Unmarshal([]byte(in), &value), message, in)
		assert.Equal(t, kept, value, in)
	}
}

// inQuery returns the query string of one parameter named v.
func inQuery[T any](t *testing.T, value T) string {
	t.Helper()
	values, err := query.Values(struct {
		V T `url:"v"`
	}{value})
	require.NoError(t, err)
	return values.Encode()
}

// queryValue returns the decoded value of one parameter.
func queryValue[T any](t *testing.T, value T) string {
	t.Helper()
	values, err := url.ParseQuery(inQuery(t, value))
	require.NoError(t, err)
	return values.Get("v")
}

// fuzz shows that T never panics, and that what it accepts is the same value after
// encoding and decoding again.
func fuzz[T any](f *testing.F, seeds ...string) {
	for _, seed := range append(seeds, `null`, `""`, `"--"`, `0`, `{}`, `"\u0031"`, `[1]`, `1e400`, `true`) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var value T
		if json.Unmarshal(data, &value) != nil {
			return
		}
		written := encode(t, value)
		again := decode[T](t, written)
		require.Equal(t, value, again)
		require.Equal(t, written, encode(t, again))
	})
}
