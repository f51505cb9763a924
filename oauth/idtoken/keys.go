package idtoken

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	maxKeys = 100
	minRSA  = 2048
	maxRSA  = 4096 // go-jose takes no more, unless the app has it so
)

// parseKeys reads a JWK set. Keys that cannot be used are skipped, so that one bad key
// does not take the others down; a set without a usable key is an error, so that it
// does not take the place of one that had some.
func parseKeys(body []byte) ([]key, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("not a JWK set")
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("%d keys, more than %d", len(set.Keys), maxKeys)
	}
	var keys []key
	for _, raw := range set.Keys {
		if k, ok := parseKey(raw); ok {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("no usable key among %d", len(set.Keys))
	}
	return keys, nil
}

func parseKey(raw json.RawMessage) (key, bool) {
	var jwk jose.JSONWebKey
	var more struct {
		Operations []string `json:"key_ops"`
	}
	if json.Unmarshal(raw, &jwk) != nil || json.Unmarshal(raw, &more) != nil {
		return key{}, false
	}
	if jwk.Use != "" && jwk.Use != "sig" || more.Operations != nil && !slices.Contains(more.Operations, "verify") {
		return key{}, false
	}
	k := key{id: jwk.KeyID, algorithm: jwk.Algorithm}
	jwk = jwk.Public() // whoever publishes a private key: only its public half is used
	switch public := jwk.Key.(type) {
	case *rsa.PublicKey:
		if bits := public.N.BitLen(); bits < minRSA || bits > maxRSA || public.E < 3 || public.E%2 == 0 {
			return key{}, false
		}
		k.kind = "RSA"
	case *ecdsa.PublicKey:
		k.kind = curves[public.Curve]
	}
	k.public = jwk.Key
	return k, k.kind != ""
}

var curves = map[elliptic.Curve]string{
	elliptic.P256(): string(jose.ES256),
	elliptic.P384(): string(jose.ES384),
	elliptic.P521(): string(jose.ES512),
}

// freshness reads how long an answer may be kept, within bounds of our own.
func freshness(h http.Header) time.Duration {
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-store", "no-cache":
			return minFresh
		case "max-age":
			seconds, err := strconv.ParseInt(strings.Trim(value, `"`), 10, 64)
			if err != nil || seconds < 0 {
				continue
			}
			return min(max(time.Duration(min(seconds, int64(maxFresh/time.Second)))*time.Second, minFresh), maxFresh)
		}
	}
	return defaultFresh
}
