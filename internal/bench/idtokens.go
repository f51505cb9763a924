package main

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
	"math/big"
	"net/http"
	"time"

	"github.com/shotengai/shotengai-go/oauth/idtoken"
)

const (
	issuer = "https://a.example"
	nonce  = "n-0123456789"
)

// idTokens compares the verification of an ID token with that of its signature alone.
func idTokens(m *meter) (rows []row) {
	for _, s := range []signer{ecSigner(), rsaSigner()} {
		ours, peers := s.verifications()
		rows = append(
			rows,
			row{
				what: [2]string{"ID token, " + s.algorithm + ", time of the signature check", "ID トークン、" + s.algorithm + "、署名の検証に対する時間"},
				ours: m.times(ours), peers: m.times(peers),
			},
			row{
				what: [2]string{"ID token, " + s.algorithm + ", allocations", "ID トークン、" + s.algorithm + "、アロケーション"}, unit: allocs, goal: 60,
				ours: allocationsOf(ours), peers: allocationsOf(peers),
			},
		)
	}
	return rows
}

// signer is a key with an algorithm.
type signer struct {
	algorithm string
	public    crypto.PublicKey
	jwk       map[string]string
	sign      func(digest []byte) []byte
	check     func(digest, signature []byte) bool
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func ecSigner() signer {
	key := got(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	point := got(key.PublicKey.Bytes())[1:]
	return signer{
		"ES256", key.Public(),
		map[string]string{"kid": "k1", "kty": "EC", "crv": "P-256", "x": b64(point[:32]), "y": b64(point[32:])},
		func(digest []byte) []byte {
			r, s, err := ecdsa.Sign(rand.Reader, key, digest)
			must(err)
			return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		},
		func(digest, signature []byte) bool {
			return ecdsa.Verify(&key.PublicKey, digest, new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
		},
	}
}

func rsaSigner() signer {
	key := got(rsa.GenerateKey(rand.Reader, 2048))
	return signer{
		"RS256", key.Public(),
		map[string]string{"kid": "k1", "kty": "RSA", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())},
		func(digest []byte) []byte { return got(rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest)) },
		func(digest, signature []byte) bool {
			return rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest, signature) == nil
		},
	}
}

func (s signer) verifications() (ours, peers []pair) {
	now := time.Now().Unix()
	input := b64(fmt.Appendf(nil, `{"alg":%q,"kid":"k1","typ":"JWT"}`, s.algorithm)) + "." +
		b64(fmt.Appendf(nil, `{"iss":%q,"aud":"client-id","sub":"shop-1","nonce":%q,"iat":%d,"exp":%d}`, issuer, nonce, now, now+3600))
	digest := sha256.Sum256([]byte(input))
	signature := s.sign(digest[:])
	token := input + "." + b64(signature)
	bare := func() error {
		digest := sha256.Sum256([]byte(input))
		return verified(s.check(digest[:], signature))
	}
	keys := got(json.Marshal(map[string]any{"keys": []any{s.jwk}}))
	verifier := got(idtoken.New(idtoken.Config{
		Issuer: issuer, ClientID: "client-id", Algorithms: []string{s.algorithm},
		KeySetURL: issuer + "/jwks.json", HTTPClient: &http.Client{Transport: memory{body: keys}},
	}))
	ours = []pair{{"", bare, func() error { _, err := verifier.Verify(ctx, token, nonce); return err }}}
	return ours, peerIDTokens(s, token, bare)
}
