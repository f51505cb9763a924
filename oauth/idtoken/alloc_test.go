package idtoken_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth/idtoken"
)

// subject is a verifier, a token for it, and the bare check of a digest that it cannot do
// without.
type subject struct {
	v     *idtoken.Verifier
	token string
	bare  func(digest, signature []byte) bool
}

var subjects = map[string]func(tb testing.TB) subject{
	"ES256": func(tb testing.TB) subject {
		tb.Helper()
		p := newPlatform(tb, false)
		return subject{p.verifier(tb), p.token(nil), func(digest, signature []byte) bool {
			r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
			return ecdsa.Verify(&p.key.PublicKey, digest, r, s)
		}}
	},
	"RS256": func(tb testing.TB) subject {
		tb.Helper()
		p, key := newPlatform(tb, false), rsaKeys()[0]
		p.publish(jwk(key, "r1", nil))
		token := sign(key, `{"alg":"RS256","kid":"r1","typ":"JWT"}`, claims(nil))
		return subject{p.verifierOf(tb, "RS256"), token, func(digest, signature []byte) bool {
			return rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest, signature) == nil
		}}
	},
}

// Each part of a token is read once. Of the allocations, 22 are those of a bare check of an
// ES256 signature, and 10 those of an RS256 signature.
func TestAllocsPerToken(t *testing.T) {
	for algorithm, most := range map[string]float64{"ES256": 42, "RS256": 30} {
		s := subjects[algorithm](t)
		accepts(t, s.v, s.token, algorithm)
		count := testing.AllocsPerRun(100, func() {
			if _, err := s.v.Verify(t.Context(), s.token, testNonce); err != nil {
				t.Error(err)
			}
		})
		t.Logf("%s: %v allocations", algorithm, count)
		assert.LessOrEqual(t, count, most, algorithm)
	}
}

// BenchmarkVerify verifies a token, and beside it its signature alone.
func BenchmarkVerify(b *testing.B) {
	for algorithm, of := range subjects {
		s := of(b)
		b.Run(algorithm+"/token", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.v.Verify(b.Context(), s.token, testNonce); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(algorithm+"/signature", func(b *testing.B) {
			end := strings.LastIndexByte(s.token, '.')
			input := []byte(s.token[:end])
			signature, err := base64.RawURLEncoding.DecodeString(s.token[end+1:])
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				digest := sha256.Sum256(input)
				if !s.bare(digest[:], signature) {
					b.Fatal("wrong signature")
				}
			}
		})
	}
}
