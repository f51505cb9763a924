package hooks

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is wrong with a field is said in words that name it.
func TestFieldErrors(t *testing.T) {
	t.Parallel()
	second := int64(maxUnix)
	beyond := second + 1
	twice := http.Header{"X-Shop": {"a", "b"}}
	attrs := []xml.Attr{{Name: xml.Name{Local: "id"}, Value: "1"}, {Name: xml.Name{Local: "id"}, Value: "2"}}
	for want, check := range map[string]func(f *fields){
		"":                                      func(f *fields) { f.unixTime("at", &second) },
		"at: not a time in unix seconds":        func(f *fields) { f.unixTime("at", &beyond) },
		"at: missing":                           func(f *fields) { f.unixTime("at", nil) },
		"account_id: missing":                   func(f *fields) { f.colorMeAccount("") },
		"X-Shop: twice":                         func(f *fields) { f.optionalHeader(twice, "X-Shop") },
		"@id: twice":                            func(f *fields) { (&node{attrs: attrs}).attr(f, "id") },
		"app_id or plan_id: not a whole number": func(f *fields) { f.err = payloadError(json.Unmarshal([]byte(`{"app_id":"x"}`), &makeShopBody{})) },
	} {
		var f fields
		check(&f)
		if want == "" {
			require.NoError(t, f.err)
			continue
		}
		failed, ok := f.err.(*FieldError) //nolint:errorlint // fields keeps the error itself
		require.True(t, ok, want)
		assert.Equal(t, want, failed.Field+": "+failed.Problem)
	}
}

func TestLooseInt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]looseInt{`null`: 0, `""`: 0, `7`: 7, `"7"`: 7} {
		n := looseInt(0)
		require.NoError(t, n.UnmarshalJSON([]byte(text)), text)
		assert.Equal(t, want, n, text)
	}
}

func TestSkewSaysWhichWay(t *testing.T) {
	t.Parallel()
	late := &SkewError{Skew: time.Hour, Tolerance: time.Minute}
	early := &SkewError{Skew: -time.Hour, Tolerance: time.Minute}
	assert.ErrorContains(t, late, "it is 1h0m0s behind the receiver's clock, tolerated are 1m0s")
	assert.ErrorContains(t, early, "it is 1h0m0s ahead of the receiver's clock, tolerated are 1m0s")
}
