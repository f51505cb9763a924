package hooks

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"sync"
)

// macSize is the length of an HMAC-SHA256.
const macSize = sha256.Size

// encoding is a spelling of a MAC.
type encoding func(dst *[macSize]byte, text string) error

// decodeBase64 accepts the one standard, padded and canonical base64 text of 32 bytes.
func decodeBase64(dst *[macSize]byte, text string) error {
	const size = 44
	if len(text) != size {
		return ErrSignatureMalformed
	}
	var src [size]byte
	var room [size / 4 * 3]byte
	copy(src[:], text)
	n, err := base64.StdEncoding.Strict().Decode(room[:], src[:])
	if err != nil || n != macSize {
		return ErrSignatureMalformed
	}
	copy(dst[:], room[:])
	return nil
}

// decodeHex accepts 64 lower-case hexadecimal digits.
func decodeHex(dst *[macSize]byte, text string) error {
	const size = 2 * macSize
	if len(text) != size || strings.ToLower(text) != text {
		return ErrSignatureMalformed
	}
	var src [size]byte
	copy(src[:], text)
	if _, err := hex.Decode(dst[:], src[:]); err != nil {
		return ErrSignatureMalformed
	}
	return nil
}

// hasher computes HMAC-SHA256 (RFC 2104) without a new allocation for each
// message, as crypto/hmac needs six.
type hasher struct {
	digest hash.Hash
	pad    [sha256.BlockSize]byte
	// outer is the block of the outer hash, and the sum of the inner one behind it.
	outer [sha256.BlockSize + macSize]byte
}

// The blocks that are combined with the secret, for the inner and the outer hash.
var (
	innerPad = [sha256.BlockSize]byte(bytes.Repeat([]byte{0x36}, sha256.BlockSize))
	outerPad = [sha256.BlockSize]byte(bytes.Repeat([]byte{0x5c}, sha256.BlockSize))
)

var hashers = &sync.Pool{New: func() any { return &hasher{digest: sha256.New()} }}

// mac returns the MAC of the parts, one after the other, under the secret.
func (h *hasher) mac(secret string, parts ...[]byte) [macSize]byte {
	h.pad = [sha256.BlockSize]byte{}
	if len(secret) > sha256.BlockSize {
		sum := sha256.Sum256([]byte(secret))
		copy(h.pad[:], sum[:])
	} else {
		copy(h.pad[:], secret)
	}
	subtle.XORBytes(h.outer[:], h.pad[:], outerPad[:])
	subtle.XORBytes(h.pad[:], h.pad[:], innerPad[:])
	h.digest.Reset()
	h.digest.Write(h.pad[:])
	for _, part := range parts {
		h.digest.Write(part)
	}
	h.digest.Sum(h.outer[:sha256.BlockSize])
	return sha256.Sum256(h.outer[:])
}

func (h *hasher) release() {
	h.digest.Reset()
	clear(h.pad[:])
	clear(h.outer[:])
	hashers.Put(h)
}

// match returns the index of the first secret under which signature is the MAC of
// the parts. Every secret is tried whatever the outcome, also for a signature that
// cannot match any, so the time taken says nothing.
func match(decode encoding, signature string, secrets []string, parts ...[]byte) (int, error) {
	if err := checkSecrets(secrets); err != nil {
		return -1, err
	}
	if strings.TrimSpace(signature) == "" {
		return -1, ErrSignatureMissing
	}
	var given [macSize]byte
	malformed := decode(&given, signature)

	h := hashers.Get().(*hasher)
	defer h.release()
	found := -1
	for i, secret := range secrets {
		expected := h.mac(secret, parts...)
		if hmac.Equal(expected[:], given[:]) && found < 0 {
			found = i
		}
	}
	switch {
	case malformed != nil:
		return -1, malformed
	case found < 0:
		return -1, ErrSignature
	}
	return found, nil
}

// checkSecrets refuses what would verify anything, or nothing for a reason that is
// hard to see.
func checkSecrets(secrets []string) error {
	if len(secrets) == 0 {
		return fmt.Errorf("%w: none given", ErrSecret)
	}
	for i, secret := range secrets {
		switch {
		case secret == "":
			return fmt.Errorf("%w: secret %d is empty", ErrSecret, i+1)
		case strings.TrimSpace(secret) == "":
			return fmt.Errorf("%w: secret %d is blank", ErrSecret, i+1)
		case strings.IndexByte(secret, '\n') >= 0 || strings.IndexByte(secret, '\r') >= 0:
			return fmt.Errorf("%w: secret %d has a line break in it", ErrSecret, i+1)
		}
	}
	return nil
}

// secretName names the secret at index i of a list that begins with the newest.
func secretName(i int) string {
	switch i {
	case 0:
		return "current"
	case 1:
		return "previous"
	default:
		return "previous-" + strconv.Itoa(i)
	}
}
