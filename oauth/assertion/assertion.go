package assertion

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Lifetime is how long an assertion is good for. It is also how far the clocks of the
// app and the platform may be apart.
const Lifetime = 5 * time.Minute

// Signer makes assertions for one client, signed with ES256. It is safe for concurrent
// use. Printed, it shows nothing of its keys.
type Signer struct {
	clientID string

	mu   sync.Mutex
	keys []jose.JSONWebKey // the first one signs
}

// New returns a signer for the client with the given private keys, each a JWK of the
// curve P-256 as the platform hands it out. The first one signs; further ones are those
// that it replaces, see [Signer.Rotate].
func New(clientID string, key []byte, earlier ...[]byte) (*Signer, error) {
	if clientID == "" {
		return nil, errors.New("assertion: no client id")
	}
	s := &Signer{clientID: clientID}
	for i, text := range append([][]byte{key}, earlier...) {
		parsed, err := parseKey(text)
		if err != nil {
			return nil, fmt.Errorf("assertion: key %d: %w", i+1, err)
		}
		s.keys = append(s.keys, parsed)
	}
	return s, nil
}

// parseKey reads a private key. Its errors say nothing of the content.
func parseKey(text []byte) (jose.JSONWebKey, error) {
	var key jose.JSONWebKey
	if err := json.Unmarshal(text, &key); err != nil {
		return key, errors.New("not a JWK")
	}
	private, ok := key.Key.(*ecdsa.PrivateKey)
	switch {
	case !ok:
		return key, errors.New("not a private key for ES256")
	case private.Curve != elliptic.P256():
		return key, errors.New("not of the curve P-256")
	case key.Use != "" && key.Use != "sig":
		return key, errors.New("not for signing")
	case key.Algorithm != "" && key.Algorithm != string(jose.ES256):
		return key, errors.New("not for ES256")
	}
	return key, nil
}

// Rotate signs with a new key from now on. The earlier ones stay in the key set, so
// that the platform accepts what is still on its way; register the new key there first.
func (s *Signer) Rotate(key []byte) error {
	parsed, err := parseKey(key)
	if err != nil {
		return fmt.Errorf("assertion: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = slices.Insert(s.keys, 0, parsed)
	return nil
}

// KeySet returns the public halves of all keys as a JWK set, to register or to serve.
func (s *Signer) KeySet() (json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	set := jose.JSONWebKeySet{Keys: make([]jose.JSONWebKey, len(s.keys))}
	for i, key := range s.keys {
		set.Keys[i] = key.Public()
		set.Keys[i].Use, set.Keys[i].Algorithm = "sig", string(jose.ES256)
	}
	return json.Marshal(set)
}

// claims are those of RFC 7523; aud is a single text, as the platforms' examples have it.
type claims struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience string `json:"aud"`
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// Assert returns a fresh assertion for the audience, the token endpoint's address as
// the platform writes it. Each has its own jti: use it for one request.
func (s *Signer) Assert(ctx context.Context, audience string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if audience == "" {
		return "", errors.New("assertion: no audience")
	}
	now := time.Now()
	payload, err := json.Marshal(claims{
		Issuer:   s.clientID,
		Subject:  s.clientID,
		Audience: audience,
		ID:       rand.Text(),
		IssuedAt: now.Unix(),
		Expires:  now.Add(Lifetime).Unix(),
	})
	if err != nil {
		return "", fmt.Errorf("assertion: %w", err)
	}
	s.mu.Lock()
	key := s.keys[0]
	s.mu.Unlock()
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key.Key, KeyID: key.KeyID}},
		(&jose.SignerOptions{}).WithType("JWT"),
	)
	if err != nil {
		return "", fmt.Errorf("assertion: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("assertion: sign: %w", err)
	}
	return signed.CompactSerialize()
}

// String names the client and hides the keys.
func (s *Signer) String() string { return "assertion.Signer(" + s.clientID + ")" }

// Format writes what String returns, whatever the verb.
func (s *Signer) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }
