package rakuten_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/rakuten"
)

// turnstile counts the calls that it lets pass.
type turnstile struct{ passed int }

func (s *turnstile) Wait(context.Context) error {
	s.passed++
	return nil
}

// always answers every call alike.
func always(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { says(status, body)(w) }
}

func TestLimitersOfGroups(t *testing.T) {
	t.Parallel()
	all, items := &turnstile{}, &turnstile{}
	call := func(opts ...shotengai.Option) {
		t.Helper()
		all.passed, items.passed = 0, 0
		client := serve(t, always(200, `{"numFound":0,"results":[]}`), opts...)
		_, err := client.Items.Search(t.Context(), rakuten.SearchItemsParams{})
		require.NoError(t, err)
		require.NoError(t, client.Do(t.Context(), "GET", "/es/2.0/categories/shop-category-set-lists", nil, nil))
	}
	call(shotengai.WithLimiter(all))
	assert.Equal(t, 2, all.passed, "each call waits once")
	call(shotengai.WithLimiter(all), rakuten.WithGroupLimiter(items, rakuten.RateItem))
	assert.Equal(t, []int{1, 1}, []int{all.passed, items.passed})
	call(rakuten.WithGroupLimiter(items, rakuten.RateItem, rakuten.RateCategory))
	assert.Equal(t, 2, items.passed)
	call(rakuten.WithGroupLimiter(items, rakuten.RateItem), shotengai.WithLimiter(nil))
	assert.Zero(t, items.passed, "a later option wins")
}

func TestGroupLimiterElsewhere(t *testing.T) {
	t.Parallel()
	err := rakuten.WithGroupLimiter(nil, rakuten.RateItem)(&shotengai.Settings{})
	require.ErrorContains(t, err, "this platform has no rate groups")
}

func TestDefaultLimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limiter := rakuten.DefaultLimiter(rakuten.RateInventoryBulkGet)
		started := time.Now()
		for range 6 {
			require.NoError(t, limiter.Wait(t.Context()))
		}
		assert.Equal(t, time.Second, time.Since(started), "5 a second, without a burst")
	})
	assert.Nil(t, rakuten.DefaultLimiter("none"))
}

func TestVerify(t *testing.T) {
	t.Parallel()
	var got call
	require.NoError(t, serve(t, record(&got, 200, `{"version":{"id":1}}`)).Verify(t.Context()))
	assert.Equal(t, "GET /es/2.0/navigation/version", got.Method+" "+got.Path)
	client := serve(t, always(http.StatusUnauthorized, unauthorised))
	require.ErrorIs(t, client.Verify(t.Context()), shotengai.ErrUnauthorized)
}

// The platform's way of refusing a call is in every field of the one error.
func TestErrorFields(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("RequestId", "r-1")
		says(400, `{"errors":[{"code":"IE0002","message":"no","metadata":{"propertyPath":"genreId"}},{"code":"IE0004","message":"too long","metadata":null}]}`)(w)
	})
	_, err := client.Items.Get(t.Context(), "shirt")
	var e *shotengai.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "rakuten GET /es/2.0/items/manage-numbers/{manageNumber} /base/es/2.0/items/manage-numbers/shirt", e.Platform+" "+e.Operation+" "+e.Path)
	assert.Equal(t, []shotengai.Detail{{Code: "IE0002", Message: "no", Field: "genreId"}, {Code: "IE0004", Message: "too long"}}, e.Details)
	assert.Equal(t, "r-1", e.RequestID)
	require.EqualError(t, err, "rakuten: GET /es/2.0/items/manage-numbers/{manageNumber}: 400 bad request (IE0002): genreId: no (and 1 more) [request r-1]")
}

// An answer without a known form is shown as it came, although the error keeps which licence
// was refused.
func TestErrorOfAnUnknownForm(t *testing.T) {
	t.Parallel()
	client := serve(t, always(http.StatusForbidden, "go away"))
	require.EqualError(t, client.Verify(t.Context()), "rakuten: GET /es/2.0/navigation/version: 403 forbidden: go away")
}

func TestFlag(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]rakuten.Flag{`1`: true, `"1"`: true, `true`: true, `0`: false, `"0"`: false, `false`: false, `null`: false, `""`: false} {
		flag := !want
		require.NoError(t, flag.UnmarshalJSON([]byte(text)), text)
		assert.Equal(t, want, flag, text)
	}
	for _, text := range []string{`2`, `"Y"`, `[]`, `{}`, `1.0`} {
		flag := rakuten.Flag(true)
		require.ErrorContains(t, flag.UnmarshalJSON([]byte(text)), "neither 0 nor 1", text)
	}
}

func TestLicenseFingerprint(t *testing.T) {
	t.Parallel()
	other := pair
	other.Key += "x"
	assert.NotEqual(t, pair.Fingerprint(), other.Fingerprint())
	other = pair
	other.ExpiresAt = time.Now()
	assert.Equal(t, pair.Fingerprint(), other.Fingerprint(), "the dates are no part of it")
	assert.NotContains(t, pair.Fingerprint(), pair.Key.Reveal())
}
