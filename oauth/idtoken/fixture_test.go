package idtoken_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256" // for the hashes of signatures
	_ "crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/oauth/idtoken"
)

const (
	testIssuer = "https://app-auth.example"
	testClient = "client-id"
	testNonce  = "n-0123456789"
)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// rsaKeys are made once: they take time.
var rsaKeys = sync.OnceValue(func() [2]*rsa.PrivateKey {
	var keys [2]*rsa.PrivateKey
	for i := range keys {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = key
	}
	return keys
})

func ecKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

// jwk describes a public key; extra members replace its own.
func jwk(key crypto.Signer, kid string, extra map[string]any) map[string]any {
	m := map[string]any{"kid": kid}
	switch public := key.Public().(type) {
	case *ecdsa.PublicKey:
		point, err := public.Bytes()
		if err != nil {
			panic(err)
		}
		half := (len(point) - 1) / 2
		m["kty"], m["crv"] = "EC", public.Curve.Params().Name
		m["x"], m["y"] = b64(point[1:1+half]), b64(point[1+half:])
	case *rsa.PublicKey:
		m["kty"], m["n"], m["e"] = "RSA", b64(public.N.Bytes()), b64(big.NewInt(int64(public.E)).Bytes())
	}
	maps.Copy(m, extra)
	return m
}

func keySet(keys ...map[string]any) string {
	return string(fake.JSON(map[string]any{"keys": keys}))
}

// sign makes a compact JWS of exactly these bytes, with the algorithm of 256 bits that is the
// usual one for the key: RS256, ES256 or HS256.
func sign(key any, header, payload string) string {
	return signAs("RS256", key, header, payload)
}

// signAs is sign with the hash of another algorithm, and with its padding for an RSA key.
func signAs(algorithm string, key any, header, payload string) string {
	hash := map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}[algorithm[2:]]
	input := b64([]byte(header)) + "." + b64([]byte(payload))
	digester := hash.New()
	digester.Write([]byte(input))
	digest := digester.Sum(nil)
	var signature []byte
	var err error
	switch key := key.(type) {
	case *ecdsa.PrivateKey:
		half := (key.Params().BitSize + 7) / 8
		var r, s *big.Int
		r, s, err = ecdsa.Sign(rand.Reader, key, digest)
		signature = append(r.FillBytes(make([]byte, half)), s.FillBytes(make([]byte, half))...)
	case *rsa.PrivateKey:
		if algorithm[:2] == "PS" {
			signature, err = rsa.SignPSS(rand.Reader, key, hash, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		} else {
			signature, err = rsa.SignPKCS1v15(rand.Reader, key, hash, digest)
		}
	case []byte:
		mac := hmac.New(hash.New, key)
		mac.Write([]byte(input))
		signature = mac.Sum(nil)
	}
	if err != nil {
		panic(err)
	}
	return input + "." + b64(signature)
}

// platform publishes a key set that a test may change.
type platform struct {
	*fake.Server
	key     *ecdsa.PrivateKey
	set     atomic.Value // string
	header  http.Header
	fetched atomic.Int64
}

// newPlatform starts one with a single ES256 key, named k1. In memory it may run in a
// bubble.
func newPlatform(tb testing.TB, inMemory bool) *platform {
	tb.Helper()
	p := &platform{key: ecKey(), header: http.Header{}}
	p.set.Store(keySet(jwk(p.key, "k1", nil)))
	p.Server = fake.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		p.fetched.Add(1)
		maps.Copy(w.Header(), p.header)
		_, _ = w.Write([]byte(p.set.Load().(string)))
	}), fake.Config{InMemory: inMemory})
	if !inMemory {
		tb.Cleanup(p.Close)
	}
	return p
}

func (p *platform) publish(keys ...map[string]any) { p.set.Store(keySet(keys...)) }

func (p *platform) config() idtoken.Config {
	return idtoken.Config{
		Issuer: testIssuer, ClientID: testClient, Algorithms: []string{"ES256"},
		KeySetURL: p.URL + "/jwks.json", HTTPClient: p.HTTPClient(),
	}
}

func (p *platform) verifier(tb testing.TB) *idtoken.Verifier {
	tb.Helper()
	return p.verifierOf(tb, "ES256")
}

// verifierOf is a verifier of other algorithms.
func (p *platform) verifierOf(tb testing.TB, algorithms ...string) *idtoken.Verifier {
	tb.Helper()
	config := p.config()
	config.Algorithms = algorithms
	v, err := idtoken.New(config)
	require.NoError(tb, err)
	return v
}

// claims are good ones with changes; nil removes a claim.
func claims(changes map[string]any) string {
	now := time.Now().Unix()
	c := map[string]any{
		"iss": testIssuer, "aud": testClient, "sub": "shop-1", "nonce": testNonce, "iat": now, "exp": now + 300,
	}
	for name, value := range changes {
		if c[name] = value; value == nil {
			delete(c, name)
		}
	}
	return string(fake.JSON(c))
}

const es256 = `{"alg":"ES256","kid":"k1","typ":"JWT"}`

// token is a good one with changed claims.
func (p *platform) token(changes map[string]any) string { return sign(p.key, es256, claims(changes)) }

func raw(text string) json.RawMessage { return json.RawMessage(text) }
