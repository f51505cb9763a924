package httpx

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

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
