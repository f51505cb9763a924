package makeshoptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// signingKey is a key for ID tokens. The platform's algorithm is not documented;
// the fake signs by ES256.
type signingKey struct {
	id      string
	private *ecdsa.PrivateKey
}

func newSigningKey(n int) *signingKey {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(fmt.Sprintf("makeshoptest: signing key: %v", err))
	}
	return &signingKey{id: fmt.Sprintf("key-%d", n), private: private}
}

// RotateKeys signs with a new key from now on. The key set keeps the one before
// it, for ID tokens that are on their way, and drops all older ones.
func (s *Server) RotateKeys() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = []*signingKey{newSigningKey(s.newID() + 1), s.keys[0]}
}

// idToken signs the claims of a login. Which claims the platform has besides nonce
// is not documented: sub is a person here, and one claim holds the shop if the app
// names it. A refresh repeats the nonce.
func (s *Server) idToken(g *grant, now time.Time) string {
	claims := object{
		"iss": s.app.Issuer,
		"sub": "owner-" + g.shop.ID,
		"aud": s.app.ClientID,
		"iat": now.Unix(),
		"exp": now.Add(5 * time.Minute).Unix(),
	}
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	if s.app.ShopIDClaim != "" {
		claims[s.app.ShopIDClaim] = g.shop.ID
	}
	return s.keys[0].sign(claims)
}

func (k *signingKey) sign(claims object) string {
	header := object{"alg": "ES256", "kid": k.id, "typ": "JWT"}
	signed := base64URL(fake.JSON(header)) + "." + base64URL(fake.JSON(claims))
	sum := sha256.Sum256([]byte(signed))
	r, v, err := ecdsa.Sign(rand.Reader, k.private, sum[:])
	if err != nil {
		panic(fmt.Sprintf("makeshoptest: sign: %v", err))
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	v.FillBytes(signature[32:])
	return signed + "." + base64URL(signature)
}

func base64URL(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// keySet publishes the keys.
func (s *Server) keySet(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := []object{}
	for _, k := range s.keys {
		point, err := k.private.PublicKey.Bytes()
		if err != nil {
			panic(fmt.Sprintf("makeshoptest: public key: %v", err))
		}
		keys = append(keys, object{
			"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": k.id,
			"x": base64URL(point[1:33]), "y": base64URL(point[33:]),
		})
	}
	fake.WriteJSON(w, http.StatusOK, object{"keys": keys})
}
