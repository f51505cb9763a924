package hooks

import (
	"crypto/sha256"
	"hash"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// counting counts the inner hashes, of which each MAC has one.
type counting struct {
	hash.Hash
	sums int
}

func (c *counting) Sum(b []byte) []byte {
	c.sums++
	return c.Hash.Sum(b)
}

// TestW40EveryMACIsComputed counts instead of measuring: whichever secret matches, and
// also when the signature cannot match any, all MACs are computed.
func TestW40EveryMACIsComputed(t *testing.T) { //nolint:paralleltest // it exchanges the pool
	digest := &counting{Hash: sha256.New()}
	saved := hashers
	hashers = &sync.Pool{New: func() any { return &hasher{digest: digest} }}
	defer func() { hashers = saved }()

	secrets := []string{"one", "two", "three"}
	right := func(secret string) encoding {
		return func(dst *[macSize]byte, _ string) error {
			*dst = (&hasher{digest: sha256.New()}).mac(secret, []byte("body"))
			return nil
		}
	}
	malformed := func(*[macSize]byte, string) error { return ErrSignatureMalformed }
	for _, row := range []struct {
		decode   encoding
		expected int
	}{{right("one"), 0}, {right("three"), 2}, {right("four"), -1}, {malformed, -1}} {
		digest.sums = 0
		found, _ := match(row.decode, "signature", secrets, []byte("body"))
		assert.Equal(t, row.expected, found)
		assert.Equal(t, len(secrets), digest.sums)
	}
}
