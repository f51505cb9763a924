package hooks

import (
	"hash"
	"testing"

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
