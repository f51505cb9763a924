package hooks

import (
	"hash"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

var signedBody = []byte("body")

// under stands for the right signature of signedBody under a secret.
func under(secret string) encoding {
	return func(dst *[macSize]byte, _ string) error {
		ring, err := newKeyring([]shotengai.Secret{shotengai.Secret(secret)})
		if err == nil {
			ring.macs[0].Write(signedBody)
			ring.macs[0].Sum(dst[:0])
		}
		return err
	}
}

// counting counts the MACs that are computed to their end.
type counting struct {
	hash.Hash
	sums *int
}

func (c counting) Sum(b []byte) []byte {
	*c.sums++
	return c.Hash.Sum(b)
}

// TestW40EveryMACIsComputed counts instead of measuring: whichever secret matches, and
// also when the signature cannot match any, all MACs are computed.
func TestW40EveryMACIsComputed(t *testing.T) {
	t.Parallel()
	ring, err := newKeyring([]shotengai.Secret{"one", "two", "three"})
	require.NoError(t, err)
	sums := 0
	for i, mac := range ring.macs {
		ring.macs[i] = counting{mac, &sums}
	}
	malformed := func(*[macSize]byte, string) error { return ErrSignatureMalformed }
	for _, row := range []struct {
		decode   encoding
		expected int
	}{{under("one"), 0}, {under("three"), 2}, {under("four"), -1}, {malformed, -1}} {
		sums = 0
		found, _ := ring.match(row.decode, "signature", signedBody)
		assert.Equal(t, row.expected, found)
		assert.Equal(t, 3, sums)
	}
}

// TestKeyringsFollowTheSecrets changes the secrets between two calls: a keyring that
// was made for others is not used.
func TestKeyringsFollowTheSecrets(t *testing.T) {
	t.Parallel()
	var keys keyrings
	for _, row := range []struct {
		secrets  []shotengai.Secret
		signed   string
		expected int
	}{
		{[]shotengai.Secret{"one"}, "one", 0},
		{[]shotengai.Secret{"two"}, "one", -1},
		{[]shotengai.Secret{"two", "one"}, "one", 1},
		{[]shotengai.Secret{"two"}, "one", -1},
		{[]shotengai.Secret{"one"}, "two", -1},
	} {
		found, _ := keys.match(row.secrets, under(row.signed), "signature", signedBody)
		assert.Equal(t, row.expected, found, "%v", row)
	}
	_, err := keys.match([]shotengai.Secret{"one", ""}, under("one"), "signature", signedBody)
	require.ErrorIs(t, err, ErrSecret)
}

// A key has the parts that it was made of, and no others give the same.
func TestKey(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, parts := range [][]string{
		{"colorme", "PA00000001"},
		{"colorme/PA00000001"},
		{"a", "b", "c"},
		{"a/b", "c"},
		{"a", "b/c"},
		{"a/b/c"},
		{"a", "", "c"},
		{"a b"},
		{"a", "\u672c"},
		{"a", "\x7f"},
		{strings.Repeat("a", MaxKey)},
		{strings.Repeat("a", MaxKey+1)},
		{strings.Repeat("a", MaxKey), "a"},
	} {
		k := key(parts...)
		assert.True(t, k != "" && printable(k), "%q", parts)
		assert.False(t, seen[k], "%q", parts)
		seen[k] = true
	}
	assert.Equal(t, "colorme/PA00000001", key("colorme", "PA00000001"), "it is stored")
	assert.Equal(t, "sha256/37e0e272", key("a b")[:15])
}

func TestParseTimestampKeepsMilliseconds(t *testing.T) {
	t.Parallel()
	at, err := parseTimestamp("1760000000123", time.Millisecond)
	require.NoError(t, err)
	assert.Equal(t, time.UnixMilli(1760000000123), at)
	at, err = parseTimestamp("253402300799999", time.Millisecond)
	require.NoError(t, err)
	assert.Equal(t, 9999, at.UTC().Year())
	_, err = parseTimestamp("253402300800000", time.Millisecond)
	require.ErrorIs(t, err, ErrTimestamp)
}
