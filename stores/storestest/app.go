package storestest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// App is a public app as registered with the platform.
type App struct {
	// ClientID names the app.
	ClientID string
	// RedirectURIs are compared exactly.
	RedirectURIs []string
	// Key is the private JWK that the platform made for the app.
	Key []byte
	// KeySet is a JWK set with further public keys of the app, for one that brings its own
	// or replaces its key; it may be empty.
	KeySet []byte
}

func defaultApp() App {
	return App{
		ClientID:     "shotengai-client-id",
		RedirectURIs: []string{"http://localhost/callback"},
		Key:          NewKey("shotengai-1"),
	}
}

func (a App) clone() App {
	a.RedirectURIs = slices.Clone(a.RedirectURIs)
	a.Key = slices.Clone(a.Key)
	a.KeySet = slices.Clone(a.KeySet)
	return a
}

// NewKey makes a private key as the platform hands one out: a JWK for ES256.
func NewKey(kid string) []byte {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic("storestest: make a key: " + err.Error())
	}
	private, err := key.Bytes()
	if err != nil {
		panic("storestest: write a key: " + err.Error())
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		panic("storestest: write a key: " + err.Error())
	}
	encode := base64.RawURLEncoding.EncodeToString
	return fake.JSON(object{
		"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid,
		"x": encode(point[1:33]), "y": encode(point[33:]), "d": encode(private),
	})
}

// publicKey is one key that the app may sign with.
type publicKey struct {
	id  string
	key *ecdsa.PublicKey
}

type jwk struct {
	Type  string `json:"kty"`
	Curve string `json:"crv"`
	ID    string `json:"kid"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

func (k jwk) public() (publicKey, error) {
	x, errX := base64.RawURLEncoding.DecodeString(k.X)
	y, errY := base64.RawURLEncoding.DecodeString(k.Y)
	if k.Type != "EC" || k.Curve != "P-256" || errX != nil || errY != nil {
		return publicKey{}, errors.New("not a JWK with an EC key on P-256")
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
	if err != nil {
		return publicKey{}, fmt.Errorf("the point is not on the curve: %w", err)
	}
	return publicKey{k.ID, key}, nil
}

// register takes the app's keys; it panics when they cannot be read.
func (s *Server) register(app App) {
	var set struct {
		Keys []jwk `json:"keys"`
	}
	if len(app.KeySet) > 0 {
		if err := json.Unmarshal(app.KeySet, &set); err != nil {
			panic("storestest: KeySet: " + err.Error())
		}
	}
	if len(app.Key) > 0 {
		var own jwk
		if err := json.Unmarshal(app.Key, &own); err != nil {
			panic("storestest: Key: " + err.Error())
		}
		set.Keys = append(set.Keys, own)
	}
	var keys []publicKey
	for _, k := range set.Keys {
		key, err := k.public()
		if err != nil {
			panic("storestest: key of the app: " + err.Error())
		}
		keys = append(keys, key)
	}
	s.app, s.keys = app, keys
}
