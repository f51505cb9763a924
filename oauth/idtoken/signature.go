package idtoken

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha256" // for the hashes below
	_ "crypto/sha512"
	"io"
	"math/big"

	"github.com/go-jose/go-jose/v4"
)

// hashes of the algorithms, by the end of their names.
var hashes = map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}

// signed reports whether the key, which fits the algorithm, has signed an input. The parts of
// the token were read already; a JWS library would read each of them once more.
func (k key) signed(algorithm jose.SignatureAlgorithm, input string, signature []byte) bool {
	scheme, size := string(algorithm[:2]), string(algorithm[2:])
	hash := hashes[size]
	digester := hash.New()
	_, _ = io.WriteString(digester, input)
	digest := digester.Sum(nil)
	switch public := k.public.(type) {
	case *rsa.PublicKey:
		if scheme == "PS" {
			return rsa.VerifyPSS(public, hash, digest, signature, nil) == nil
		}
		return scheme == "RS" && rsa.VerifyPKCS1v15(public, hash, digest, signature) == nil
	case *ecdsa.PublicKey:
		half := (public.Curve.Params().BitSize + 7) / 8 // r and s, one behind the other
		if scheme != "ES" || len(signature) != 2*half {
			return false
		}
		r, s := new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])
		return ecdsa.Verify(public, digest, r, s)
	}
	return false
}
