package oauthtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	// maxAssertion is the longest life of an assertion, what the platform's own example
	// uses.
	maxAssertion = time.Hour
)

// authenticate refuses a client that proves itself wrongly, or in another way than the
// configured one.
func (a *Authority) authenticate(r *http.Request) *Refusal {
	form := r.PostForm
	ok := form.Get("client_id") == a.config.ClientID && !a.otherwise(r)
	switch a.config.ClientAuth {
	case SecretInHeader:
		id, secret, basic := a.basicAuth(r)
		good := basic && id == a.config.ClientID && same(secret, a.config.ClientSecret.Reveal())
		if good && form.Get("client_id") == "" {
			return refuse("invalid_request", "Missing required parameter: client_id.")
		}
		ok = ok && good
	case PrivateKeyJWT:
		if ok {
			return a.checkAssertion(form)
		}
	default:
		ok = ok && same(form.Get("client_secret"), a.config.ClientSecret.Reveal())
	}
	if !ok {
		return badClient("Client authentication failed.")
	}
	return nil
}

// basicAuth returns the Basic credentials in the spelling that the platform takes.
func (a *Authority) basicAuth(r *http.Request) (id, secret string, ok bool) {
	id, secret, ok = r.BasicAuth()
	if !ok || a.config.RawBasic {
		return id, secret, ok
	}
	id, badID := url.QueryUnescape(id)
	secret, badSecret := url.QueryUnescape(secret)
	return id, secret, badID == nil && badSecret == nil
}

// otherwise reports whether a client proves itself in another way than the configured one,
// whether or not it also does so in that way.
func (a *Authority) otherwise(r *http.Request) bool {
	way := a.config.ClientAuth
	return way != SecretInHeader && r.Header.Get("Authorization") != "" ||
		way != SecretInBody && r.PostForm.Has("client_secret") ||
		way != PrivateKeyJWT && r.PostForm.Has("client_assertion")
}

func badClient(description string) *Refusal {
	return &Refusal{http.StatusUnauthorized, "invalid_client", description}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// clientKey is a public key that the client has registered.
type clientKey struct {
	id  string
	key *ecdsa.PublicKey
}

func parseClientKeys(raw json.RawMessage) []clientKey {
	if len(raw) == 0 {
		return nil
	}
	type jwk struct{ Kty, Crv, Kid, X, Y string }
	var set struct {
		Keys []jwk
		jwk
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		panic(fmt.Sprintf("oauthtest: ClientKeys: %v", err))
	}
	if set.Kty != "" {
		set.Keys = append(set.Keys, set.jwk)
	}
	var keys []clientKey
	for _, k := range set.Keys {
		x, errX := base64.RawURLEncoding.DecodeString(k.X)
		y, errY := base64.RawURLEncoding.DecodeString(k.Y)
		point := append(append([]byte{4}, x...), y...)
		key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
		if errX != nil || errY != nil || err != nil || k.Kty != "EC" || k.Crv != "P-256" {
			panic("oauthtest: ClientKeys: not a P-256 key")
		}
		keys = append(keys, clientKey{k.Kid, key})
	}
	return keys
}

// SetClientKeys changes the client's registered keys, as in a key rotation.
func (a *Authority) SetClientKeys(keys json.RawMessage) {
	a.Update(func(c *Config) { c.ClientKeys = keys })
}

// checkAssertion verifies a client assertion (RFC 7523). It goes by the machine's time,
// which Advance does not move: the client that signs goes by it too.
func (a *Authority) checkAssertion(form url.Values) *Refusal {
	if form.Get("client_assertion_type") != assertionType {
		return badClient("client_assertion_type is missing or unknown.")
	}
	payload, problem := a.verifyES256(form.Get("client_assertion"))
	if problem != "" {
		return badClient(problem)
	}
	var claims struct {
		Iss, Sub, Aud, Jti string
		Iat, Exp           float64 // seconds, as JSON has them
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return badClient("The assertion's claims cannot be read.")
	}
	now := time.Now()
	expires := time.Unix(int64(claims.Exp), 0)
	maps.DeleteFunc(a.state.seenJTI, func(_ string, end time.Time) bool { return now.After(end) })
	switch {
	case claims.Iss != a.config.ClientID || claims.Sub != a.config.ClientID:
		return badClient("The assertion's iss and sub have to be the client id.")
	case claims.Aud != a.TokenURL:
		return badClient("The assertion's aud has to be the token address.")
	case claims.Exp == 0 || !now.Before(expires):
		return badClient("The assertion has expired.")
	case expires.Sub(now) > maxAssertion || time.Unix(int64(claims.Iat), 0).After(now.Add(time.Minute)):
		return badClient("The assertion's times are wrong.")
	case claims.Jti == "":
		return badClient("The assertion has no jti.")
	}
	if _, seen := a.state.seenJTI[claims.Jti]; seen {
		return badClient("The assertion was used before.")
	}
	a.state.seenJTI[claims.Jti] = expires
	return nil
}

// verifyES256 returns the payload of a compact JWS, or what is wrong with it.
func (a *Authority) verifyES256(token string) (payload []byte, problem string) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, "The assertion is no JWT."
	}
	var raw [3][]byte
	for i, part := range parts {
		var err error
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return nil, "The assertion is not base64url."
		}
	}
	var header struct{ Alg, Kid string }
	if err := json.Unmarshal(raw[0], &header); err != nil || header.Alg != "ES256" || len(raw[2]) != 64 {
		return nil, "The assertion has to be signed with ES256."
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	r, v := new(big.Int).SetBytes(raw[2][:32]), new(big.Int).SetBytes(raw[2][32:])
	for _, client := range a.clients {
		if (header.Kid == "" || client.id == "" || header.Kid == client.id) && ecdsa.Verify(client.key, digest[:], r, v) {
			return raw[1], ""
		}
	}
	return nil, "No registered key has signed the assertion."
}
