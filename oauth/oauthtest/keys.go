package oauthtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// signingKey is a key that the server signs ID tokens with.
type signingKey struct {
	id        string
	algorithm string
	signer    crypto.Signer
}

func newSigningKey(algorithm string) *signingKey {
	k := &signingKey{id: "key-" + rand.Text()[:8], algorithm: algorithm}
	var err error
	switch algorithm {
	case "ES256":
		k.signer, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "RS256":
		k.signer, err = rsa.GenerateKey(rand.Reader, 2048)
	default:
		panic(fmt.Sprintf("oauthtest: unknown algorithm %q", algorithm))
	}
	if err != nil {
		panic(fmt.Sprintf("oauthtest: make a key: %v", err))
	}
	return k
}

// jwk is the public half.
func (k *signingKey) jwk() map[string]string {
	jwk := map[string]string{"kid": k.id, "use": "sig", "alg": k.algorithm}
	switch public := k.signer.Public().(type) {
	case *ecdsa.PublicKey:
		point, err := public.Bytes()
		if err != nil {
			panic(fmt.Sprintf("oauthtest: encode a key: %v", err))
		}
		jwk["kty"], jwk["crv"], jwk["x"], jwk["y"] = "EC", "P-256", encode(point[1:33]), encode(point[33:])
	case *rsa.PublicKey:
		jwk["kty"], jwk["n"], jwk["e"] = "RSA", encode(public.N.Bytes()), encode(big.NewInt(int64(public.E)).Bytes())
	}
	return jwk
}

// sign makes a compact JWS of the claims.
func (k *signingKey) sign(claims any) string {
	return k.signParts(map[string]any{"alg": k.algorithm, "kid": k.id, "typ": "JWT"}, claims)
}

func (k *signingKey) signParts(header, claims any) string {
	input := encode(fake.JSON(header)) + "." + encode(fake.JSON(claims))
	digest := sha256.Sum256([]byte(input))
	var signature []byte
	var err error
	switch key := k.signer.(type) {
	case *ecdsa.PrivateKey:
		var r, v *big.Int
		if r, v, err = ecdsa.Sign(rand.Reader, key, digest[:]); err == nil {
			signature = append(r.FillBytes(make([]byte, 32)), v.FillBytes(make([]byte, 32))...)
		}
	case *rsa.PrivateKey:
		signature, err = rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	}
	if err != nil {
		panic(fmt.Sprintf("oauthtest: sign: %v", err))
	}
	return input + "." + encode(signature)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// idClaims are the claims of a shop's ID token.
func (a *Authority) idClaims(g *grant, nonce string, now time.Time) map[string]any {
	claims := map[string]any{
		"iss": a.config.Issuer,
		"aud": a.config.ClientID,
		"sub": g.Shop,
		"iat": now.Unix(),
		"exp": now.Add(5 * time.Minute).Unix(),
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if a.config.Claims != nil {
		maps.Copy(claims, a.config.Claims(g.Shop))
	}
	return claims
}

// SignIDToken signs any header and claims with the current key; an empty header is the
// usual one.
func (a *Authority) SignIDToken(header, claims map[string]any) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := a.signingKey()
	if header == nil {
		return key.sign(claims)
	}
	return key.signParts(header, claims)
}

// KeyID names the key in use.
func (a *Authority) KeyID() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.signingKey().id
}

// signingKey is the key in use, made when it is first needed: RSA keys take time.
func (a *Authority) signingKey() *signingKey {
	if len(a.keys) == 0 {
		a.keys = []*signingKey{newSigningKey(a.config.Algorithm)}
	}
	return a.keys[len(a.keys)-1]
}

// RotateKeys signs with a new key from now on. The key set names the earlier keys too,
// as many as [Config.EarlierKeys] allows, unless they are dropped.
func (a *Authority) RotateKeys(dropEarlier bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.signingKey()
	if keep := a.config.EarlierKeys; keep > 0 {
		a.keys = a.keys[max(len(a.keys)-keep, 0):]
	}
	if dropEarlier {
		a.keys = nil
	}
	a.keys = append(a.keys, newSigningKey(a.config.Algorithm))
}

// KeySet is the JWK set as the server publishes it.
func (a *Authority) KeySet() json.RawMessage {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.signingKey()
	keys := make([]map[string]string, len(a.keys))
	for i, key := range a.keys {
		keys[i] = key.jwk()
	}
	return fake.JSON(map[string]any{"keys": keys})
}

func (a *Authority) jwks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(a.KeySet())
}
