package oauth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/shotengai/shotengai-go"
)

// Sealed bytes are: form, length of the key id, key id, nonce, ciphertext with tag.
const (
	formPlain  = 0
	formSealed = 1

	sealKeyBytes = 32
	maxSealKeyID = 64
)

// SealKey is a key that grants are encrypted with.
type SealKey struct {
	// ID names the key in the stored bytes. It is no secret, and it must never come to
	// name another key.
	ID string
	// Key is 32 random bytes. [ParseSealKey] reads them from base64.
	Key shotengai.Secret
}

// ParseSealKey reads a key of 32 bytes in standard base64, as
// "openssl rand -base64 32" prints it.
func ParseSealKey(id, text string) (SealKey, error) {
	key, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(text))
	if err != nil {
		return SealKey{}, fmt.Errorf("oauth: seal key %q is not base64", id)
	}
	k := SealKey{ID: id, Key: shotengai.Secret(key)}
	return k, k.validate()
}

func (k SealKey) validate() error {
	switch {
	case k.ID == "" || len(k.ID) > maxSealKeyID || !plainText(k.ID):
		return fmt.Errorf("oauth: seal key id %q: 1 to %d bytes without control characters", k.ID, maxSealKeyID)
	case len(k.Key) != sealKeyBytes:
		return fmt.Errorf("oauth: seal key %q has %d bytes, not %d", k.ID, len(k.Key), sealKeyBytes)
	}
	return nil
}

// Sealer encrypts grants with AES-256-GCM before they go to a store. The key of the
// row is authenticated with them, so that a row that was copied to another shop does
// not open. A Sealer is safe for concurrent use.
//
// The zero Sealer seals and opens nothing: make one with [NewSealer], or choose [NoSeal].
type Sealer struct {
	plain   bool
	current string
	keys    map[string]cipher.AEAD
}

// NewSealer seals with the current key and opens what the current or an earlier key
// has sealed. To change the key, make a new one current and keep the old one as an
// earlier key until every grant has been refreshed or put once.
func NewSealer(current SealKey, earlier ...SealKey) (*Sealer, error) {
	s := &Sealer{current: current.ID, keys: make(map[string]cipher.AEAD)}
	for _, key := range append([]SealKey{current}, earlier...) {
		if err := key.validate(); err != nil {
			return nil, err
		}
		if s.keys[key.ID] != nil {
			return nil, fmt.Errorf("oauth: two seal keys have the id %q", key.ID)
		}
		block, err := aes.NewCipher([]byte(key.Key.Reveal()))
		if err != nil {
			return nil, fmt.Errorf("oauth: seal key %q: %w", key.ID, err)
		}
		if s.keys[key.ID], err = cipher.NewGCM(block); err != nil {
			return nil, fmt.Errorf("oauth: seal key %q: %w", key.ID, err)
		}
	}
	return s, nil
}

// NoSeal stores grants as they are: whoever can read the store can act for every shop.
// It does not open what was sealed.
func NoSeal() *Sealer { return &Sealer{plain: true} }

// processSealer has a key that ends with the process.
func processSealer() (*Sealer, error) {
	key := make([]byte, sealKeyBytes)
	_, _ = rand.Read(key)
	return NewSealer(SealKey{ID: "process", Key: shotengai.Secret(key)})
}

// Seal encrypts the plain bytes for the row of the given key.
func (s *Sealer) Seal(key Key, plain []byte) ([]byte, error) {
	if s.plain {
		return append([]byte{formPlain}, plain...), nil
	}
	aead := s.keys[s.current]
	if aead == nil {
		return nil, errors.New("oauth: sealer without a key")
	}
	sealed := make([]byte, 0, 2+len(s.current)+aead.NonceSize()+len(plain)+aead.Overhead())
	sealed = append(sealed, formSealed, byte(len(s.current)))
	sealed = append(sealed, s.current...)
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce)
	sealed = append(sealed, nonce...)
	return aead.Seal(sealed, nonce, plain, rowData(key)), nil
}

// Open decrypts what Seal made for the same key. Its errors match [ErrSealed].
func (s *Sealer) Open(key Key, sealed []byte) ([]byte, error) {
	plain, err := s.open(key, sealed)
	if err != nil {
		return nil, fmt.Errorf("oauth: %s shop %q: %w: %w", key.Platform, key.Shop, ErrSealed, err)
	}
	return plain, nil
}

func (s *Sealer) open(key Key, sealed []byte) ([]byte, error) {
	switch {
	case len(sealed) > 0 && sealed[0] == formPlain:
		if !s.plain {
			return nil, errors.New("it is not encrypted, and NoSeal is not set")
		}
		return sealed[1:], nil
	case len(sealed) < 2 || sealed[0] != formSealed || len(sealed) < 2+int(sealed[1]):
		return nil, errors.New("unknown form")
	}
	id, rest := string(sealed[2:2+int(sealed[1])]), sealed[2+int(sealed[1]):]
	aead := s.keys[id]
	switch {
	case aead == nil:
		return nil, fmt.Errorf("no key with the id %q", id)
	case len(rest) < aead.NonceSize():
		return nil, errors.New("too short")
	}
	plain, err := aead.Open(nil, rest[:aead.NonceSize()], rest[aead.NonceSize():], rowData(key))
	if err != nil {
		return nil, errors.New("it was changed, or sealed for another row or with another key")
	}
	return plain, nil
}

// rowData writes the parts of a key so that no two keys read the same.
func rowData(key Key) []byte {
	var b []byte
	for _, part := range []string{key.Platform, key.App, key.Shop} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	return b
}
