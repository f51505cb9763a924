package oauth_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
)

func TestSealer(t *testing.T) {
	t.Parallel()
	sealer := newGrantSealer(t, "k1")
	key := oauth.Key{Platform: "makeshop", App: "app", Shop: "shop"}
	plain := []byte("the grant")
	sealed, err := sealer.Seal(key, plain)
	require.NoError(t, err)
	assert.NotContains(t, string(sealed), string(plain))
	again, err := sealer.Seal(key, plain)
	require.NoError(t, err)
	assert.NotEqual(t, sealed, again, "a nonce of its own each time")
	got, err := sealer.Open(key, sealed)
	require.NoError(t, err)
	assert.Equal(t, plain, got)

	for name, other := range map[string]oauth.Key{
		"T50 another shop":     {Platform: "makeshop", App: "app", Shop: "other"},
		"T50 another app":      {Platform: "makeshop", App: "other", Shop: "shop"},
		"T50 another platform": {Platform: "stores", App: "app", Shop: "shop"},
		"T50 shifted parts":    {Platform: "makeshop", App: "apps", Shop: "hop"},
	} {
		_, err := sealer.Open(other, sealed)
		require.ErrorIs(t, err, oauth.ErrSealed, name)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		_, err := sealer.Open(key, changed)
		require.ErrorIs(t, err, oauth.ErrSealed, "byte %d", i)
		_, err = sealer.Open(key, sealed[:i])
		require.ErrorIs(t, err, oauth.ErrSealed, "cut at %d", i)
	}
	_, err = sealer.Open(key, nil)
	require.ErrorIs(t, err, oauth.ErrSealed)
}

func TestT51SealerKeys(t *testing.T) {
	t.Parallel()
	key := oauth.Key{Platform: "makeshop", App: "app", Shop: "shop"}
	old, err := newGrantSealer(t, "k1").Seal(key, []byte("grant"))
	require.NoError(t, err)

	both := newGrantSealer(t, "k2", sealKey("k1"))
	got, err := both.Open(key, old)
	require.NoError(t, err, "the old key still opens")
	assert.Equal(t, "grant", string(got))
	renewed, err := both.Seal(key, got)
	require.NoError(t, err)
	_, err = newGrantSealer(t, "k2").Open(key, renewed)
	require.NoError(t, err, "the new key seals")
	_, err = newGrantSealer(t, "k2").Open(key, old)
	require.ErrorIs(t, err, oauth.ErrSealed)
	require.ErrorContains(t, err, `no key with the id "k1"`)
	_, err = mustSealer(t, oauth.SealKey{ID: "k1", Key: shotengai.Secret(strings.Repeat("x", 32))}).Open(key, old)
	require.ErrorContains(t, err, "sealed for another row or with another key")
}

func TestNoSeal(t *testing.T) {
	t.Parallel()
	key := oauth.Key{Platform: "makeshop", App: "app", Shop: "shop"}
	plain, err := oauth.NoSeal().Seal(key, []byte("grant"))
	require.NoError(t, err)
	got, err := oauth.NoSeal().Open(key, plain)
	require.NoError(t, err)
	assert.Equal(t, "grant", string(got))
	_, err = newGrantSealer(t, "k1").Open(key, plain)
	require.ErrorIs(t, err, oauth.ErrSealed, "a plain row is not slipped in where rows are sealed")
	sealed, err := newGrantSealer(t, "k1").Seal(key, []byte("grant"))
	require.NoError(t, err)
	_, err = oauth.NoSeal().Open(key, sealed)
	require.ErrorIs(t, err, oauth.ErrSealed)

	_, err = new(oauth.Sealer).Seal(key, []byte("grant"))
	require.ErrorContains(t, err, "without a key", "plain storage has to be chosen")
	_, err = new(oauth.Sealer).Open(key, plain)
	require.ErrorIs(t, err, oauth.ErrSealed)
}

func TestSealKey(t *testing.T) {
	t.Parallel()
	raw := strings.Repeat("s", 32)
	key, err := oauth.ParseSealKey("k1", base64.StdEncoding.EncodeToString([]byte(raw))+"\n")
	require.NoError(t, err)
	assert.Equal(t, raw, key.Key.Reveal())
	assert.NotContains(t, fmt.Sprintf("%+v %#v %s", key, key, key), raw)

	for name, text := range map[string]string{
		"not base64": "???", "short": base64.StdEncoding.EncodeToString([]byte("short")), "empty": "",
	} {
		_, err := oauth.ParseSealKey("k1", text)
		require.Error(t, err, name)
	}
	for _, id := range []string{"", strings.Repeat("x", 65), "a\nb"} {
		_, err := oauth.NewSealer(oauth.SealKey{ID: id, Key: shotengai.Secret(raw)})
		require.ErrorContains(t, err, "seal key id")
	}
	_, err = oauth.NewSealer(sealKey("k1"), sealKey("k1"))
	require.ErrorContains(t, err, "two seal keys")
}

func mustSealer(t *testing.T, key oauth.SealKey) *oauth.Sealer {
	t.Helper()
	sealer, err := oauth.NewSealer(key)
	require.NoError(t, err)
	return sealer
}

func FuzzSealerOpen(f *testing.F) {
	sealer := newGrantSealer(f, "k1")
	key := oauth.Key{Platform: "makeshop", App: "app", Shop: "shop"}
	sealed, err := sealer.Seal(key, []byte("grant"))
	require.NoError(f, err)
	f.Add(sealed)
	f.Add([]byte{0})
	f.Add([]byte{1, 255})
	f.Add([]byte{1, 2, 'k', '1'})
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, err := sealer.Open(key, data)
		if err != nil {
			require.ErrorIs(t, err, oauth.ErrSealed)
			return
		}
		require.Equal(t, "grant", string(plain), "nothing opens that was not sealed")
	})
}
