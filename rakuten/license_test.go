package rakuten_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// A key with characters that no key has is refused with the reason before anything is sent:
// the platform would refuse it like a wrong one.
func TestLicensesWithForeignCharacters(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"":                     "the licence key is empty",
		" SL400001_key":        "the licence key has white space around it",
		"SL400001_key\n":       "the licence key has white space around it",
		"SL400001_key\u3000":   "the licence key has white space around it",
		"SL400001 key":         "the licence key has white space in it",
		"SL400001\u00a0key":    "the licence key has white space in it",
		"SL400001_\u200bkey":   "the licence key has the invisible character U+200B in it",
		"\ufeffSL400001_key":   "the licence key has the invisible character U+FEFF in it",
		"SL400001_key\x00":     "the licence key has the invisible character U+0000 in it",
		"SL400001_ｋｅｙ":         "the licence key has full-width letters in it",
		"ＳＬ400001_key":         "the licence key has full-width letters in it",
		"SL400001_鍵":           "the licence key has letters in it that are not ASCII",
		"SL400001_key\xff":     "the licence key has bytes in it that are no text",
		"SL400001_key!~09azAZ": "",
	} {
		for _, half := range []string{"licence key", "service secret"} {
			license := rakuten.License{ServiceSecret: "SP400001_secret", Key: shotengai.Secret(key)}
			if half == "service secret" {
				license = rakuten.License{ServiceSecret: shotengai.Secret(key), Key: "SL400001_key"}
			}
			sent := 0
			transport := &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
				sent++
				return nil, assert.AnError
			})}
			client, err := rakuten.NewClient(rakuten.StaticLicense(license), shotengai.WithHTTPClient(transport), shotengai.WithLimiter(nil))
			require.NoError(t, err)
			err = client.Do(t.Context(), http.MethodPost, "/es/2.0/things", nil, nil)
			if want == "" {
				require.ErrorIs(t, err, assert.AnError)
				assert.Equal(t, 1, sent)
				continue
			}
			require.ErrorIs(t, err, shotengai.ErrReauthorize, "%q", key)
			require.ErrorContains(t, err, half+strings.TrimPrefix(want, "the licence key"))
			assert.Zero(t, sent)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
