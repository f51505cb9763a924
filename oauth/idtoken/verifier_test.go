package idtoken_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/oauth/idtoken"
)

// reasons are all those for which a token may be refused; each refusal has one.
var reasons = []error{
	idtoken.ErrMalformed, idtoken.ErrAlgorithm, idtoken.ErrCritical, idtoken.ErrUnknownKey, idtoken.ErrSignature,
	idtoken.ErrClaims, idtoken.ErrIssuer, idtoken.ErrAudience, idtoken.ErrExpired, idtoken.ErrNotYetValid,
	idtoken.ErrTooOld, idtoken.ErrNonce,
}

// refuses asserts the one reason for which v refuses a token.
func refuses(t *testing.T, v *idtoken.Verifier, token string, want error, name string) {
	t.Helper()
	got, err := v.Verify(t.Context(), token, testNonce)
	assert.Nil(t, got, name)
	require.ErrorIs(t, err, want, name)
	require.ErrorIs(t, err, idtoken.ErrInvalidToken, name)
	require.NotErrorIs(t, err, shotengai.ErrUnavailable, name)
	for _, other := range reasons {
		if !errors.Is(want, other) {
			require.NotErrorIs(t, err, other, name)
		}
	}
}

func accepts(t *testing.T, v *idtoken.Verifier, token, name string) {
	t.Helper()
	_, err := v.Verify(t.Context(), token, testNonce)
	require.NoError(t, err, name)
}

func TestVerify(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	issued := time.Now().Truncate(time.Second)
	payload := claims(map[string]any{"shop_id": 42, "name": "商店"})
	token, err := v.Verify(t.Context(), sign(p.key, es256, payload), testNonce)
	require.NoError(t, err)
	assert.Equal(t, testIssuer, token.Issuer)
	assert.Equal(t, "shop-1", token.Subject)
	assert.Equal(t, []string{testClient}, token.Audience)
	assert.WithinRange(t, token.IssuedAt, issued, time.Now())
	assert.Equal(t, 5*time.Minute, token.Expiry.Sub(token.IssuedAt))
	assert.Equal(t, payload, string(token.Payload))
	var more struct {
		ShopID int    `json:"shop_id"`
		Name   string `json:"name"`
	}
	require.NoError(t, token.Decode(&more))
	assert.Equal(t, 42, more.ShopID)
	assert.Equal(t, "商店", more.Name)
	require.Error(t, token.Decode(&[]int{}))

	only, err := v.Claims(t.Context(), sign(p.key, es256, payload), testNonce)
	require.NoError(t, err)
	assert.JSONEq(t, payload, string(only))
	_, err = v.Claims(t.Context(), "x", testNonce)
	require.ErrorIs(t, err, idtoken.ErrMalformed)
	assert.EqualValues(t, 1, p.fetched.Load())
}

func TestNew(t *testing.T) {
	t.Parallel()
	good := func() idtoken.Config {
		return idtoken.Config{
			Issuer: testIssuer, ClientID: testClient, Algorithms: []string{"RS256"}, KeySetURL: "https://a.example/jwks",
		}
	}
	_, err := idtoken.New(good())
	require.NoError(t, err)
	for want, change := range map[string]func(*idtoken.Config){
		"no issuer":                        func(c *idtoken.Config) { c.Issuer = "" },
		"no client id":                     func(c *idtoken.Config) { c.ClientID = "" },
		"no algorithms":                    func(c *idtoken.Config) { c.Algorithms = nil },
		`"none" cannot be allowed`:         func(c *idtoken.Config) { c.Algorithms = []string{"RS256", "none"} },
		`"HS256" cannot be allowed`:        func(c *idtoken.Config) { c.Algorithms = []string{"HS256"} },
		"negative time":                    func(c *idtoken.Config) { c.Leeway = -1 },
		"negative time ":                   func(c *idtoken.Config) { c.MaxAge = -1 },
		"key set address: https":           func(c *idtoken.Config) { c.KeySetURL = "http://a.example/jwks" },
		"key set address: not an address ": func(c *idtoken.Config) { c.KeySetURL = "https://u:p@a.example/jwks" },
		"key set address: not an address":  func(c *idtoken.Config) { c.KeySetURL = "" },
	} {
		config := good()
		change(&config)
		_, err := idtoken.New(config)
		require.ErrorContains(t, err, strings.TrimSpace(want))
	}
}

func TestT01None(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	for _, name := range []string{"none", "None", "NONE", "", "es256"} {
		header := `{"alg":"` + name + `","kid":"k1"}`
		unsigned := b64([]byte(header)) + "." + b64([]byte(claims(nil))) + "."
		refuses(t, v, unsigned, idtoken.ErrAlgorithm, name)
		refuses(t, v, sign(p.key, header, claims(nil)), idtoken.ErrAlgorithm, name)
	}
	assert.Zero(t, p.fetched.Load(), "such a token is not worth a fetch")
}

func TestT02PublicKeyAsSecret(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	list := p.config()
	list.Algorithms = append(list.Algorithms, "HS256")
	_, err := idtoken.New(list)
	require.ErrorContains(t, err, "cannot be allowed")
	v := p.verifier(t)
	der, err := x509.MarshalPKIXPublicKey(p.key.Public())
	require.NoError(t, err)
	point, err := p.key.PublicKey.Bytes()
	require.NoError(t, err)
	for name, secret := range map[string][]byte{
		"PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "DER": der, "point": point,
	} {
		refuses(t, v, sign(secret, `{"alg":"HS256","kid":"k1"}`, claims(nil)), idtoken.ErrAlgorithm, name)
		refuses(t, v, sign(secret, es256, claims(nil)), idtoken.ErrSignature, name)
	}
}

func TestT03OtherAlgorithm(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	rsaKey := rsaKeys()[0]
	p.publish(jwk(p.key, "k1", nil), jwk(rsaKey, "r1", nil))
	elliptical := p.verifier(t)
	rivest := p.verifierOf(t, "RS256")

	rs256 := sign(rsaKey, `{"alg":"RS256","kid":"r1"}`, claims(nil))
	accepts(t, rivest, rs256, "RS256 where it is expected")
	refuses(t, elliptical, rs256, idtoken.ErrAlgorithm, "RS256 for ES256")
	refuses(t, rivest, p.token(nil), idtoken.ErrAlgorithm, "ES256 for RS256")
	refuses(t, rivest, sign(rsaKey, `{"alg":"PS256","kid":"r1"}`, claims(nil)), idtoken.ErrAlgorithm, "PS256 for RS256")
	refuses(t, elliptical, sign(rsaKey, `{"alg":"ES256","kid":"k1"}`, claims(nil)), idtoken.ErrSignature, "an RSA signature under ES256")
}

// Each algorithm that may be allowed is the one it is called, with its hash and its padding.
func TestT03Algorithms(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	elliptical := map[string]*ecdsa.PrivateKey{}
	published := []map[string]any{jwk(rsaKeys()[0], "RSA", nil)}
	for size, curve := range map[string]elliptic.Curve{"256": elliptic.P256(), "384": elliptic.P384(), "512": elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
		elliptical["ES"+size] = key
		published = append(published, jwk(key, "ES"+size, nil))
	}
	p.publish(published...)
	all := []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
	v := p.verifierOf(t, all...)
	for _, algorithm := range all[:6] {
		for _, other := range all[:6] {
			token := signAs(other, rsaKeys()[0], `{"alg":"`+algorithm+`","kid":"RSA"}`, claims(nil))
			if other == algorithm {
				accepts(t, v, token, algorithm)
			} else {
				refuses(t, v, token, idtoken.ErrSignature, other+" as "+algorithm)
			}
		}
	}
	for algorithm, key := range elliptical {
		accepts(t, v, signAs(algorithm, key, `{"alg":"`+algorithm+`","kid":"`+algorithm+`"}`, claims(nil)), algorithm)
	}
}

func TestT04KeysInTheToken(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	stranger := ecKey()
	elsewhere := newPlatform(t, false)
	own := string(fake.JSON(jwk(stranger, "k1", nil)))
	for name, member := range map[string]string{
		"jwk": `"jwk":` + own,
		"jku": `"jku":"` + elsewhere.URL + `"`,
		"x5u": `"x5u":"` + elsewhere.URL + `"`,
		"x5c": `"x5c":["AAAA"]`, "private jwk": `"jwk":{"kty":"oct","k":"AAAA"}`,
	} {
		header := `{"alg":"ES256","kid":"k1",` + member + `}`
		refuses(t, v, sign(stranger, header, claims(nil)), idtoken.ErrSignature, name)
		accepts(t, v, sign(p.key, header, claims(nil)), name+" beside the right key is ignored")
	}
	assert.Zero(t, elsewhere.fetched.Load())
	assert.EqualValues(t, 1, p.fetched.Load())
}

func TestT05Critical(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	for _, member := range []string{`"crit":["exp"]`, `"crit":[]`, `"crit":null`, `"crit":["b64"],"b64":false`, `"b64":false`} {
		refuses(t, v, sign(p.key, `{"alg":"ES256","kid":"k1",`+member+`}`, claims(nil)), idtoken.ErrCritical, member)
	}
}

func TestT06Form(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	good := p.token(nil)
	parts := strings.Split(good, ".")
	last := good[len(good)-1:]
	other := string("AQgw"[strings.Index("AQgw", last)] + 1) // the same bits, with others set that count for nothing
	for name, token := range map[string]string{
		"empty":                    "",
		"flattened JSON":           `{"protected":"` + parts[0] + `","payload":"` + parts[1] + `","signature":"` + parts[2] + `"}`,
		"general JSON":             `{"payload":"` + parts[1] + `","signatures":[{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"}]}`,
		"JWE":                      good + ".AAAA.AAAA",
		"four parts":               good + ".",
		"two parts":                parts[0] + "." + parts[1],
		"leading space":            " " + good,
		"trailing newline":         good + "\n",
		"newline inside":           parts[0] + ".\n" + parts[1] + "." + parts[2],
		"CR inside a part":         parts[0][:8] + "\r" + parts[0][8:] + "." + parts[1] + "." + parts[2],
		"padding":                  good + "==",
		"standard base64":          parts[0] + "." + base64.StdEncoding.EncodeToString([]byte(claims(map[string]any{"x": "???>>>"}))) + "." + parts[2],
		"another spelling":         good[:len(good)-1] + other,
		"header is not JSON":       sign(p.key, `alg=ES256`, claims(nil)),
		"header is an array":       sign(p.key, `["ES256"]`, claims(nil)),
		"alg is missing":           sign(p.key, `{"kid":"k1"}`, claims(nil)),
		"alg is a list":            sign(p.key, `{"alg":["ES256"],"kid":"k1"}`, claims(nil)),
		"kid is a number":          sign(p.key, `{"alg":"ES256","kid":1}`, claims(nil)),
		"payload is not JSON":      sign(p.key, es256, "hello"),
		"payload is an array":      sign(p.key, es256, "["+claims(nil)+"]"),
		"payload with more behind": sign(p.key, es256, claims(nil)+"{}"),
		"payload is not UTF-8":     sign(p.key, es256, strings.Replace(claims(nil), "shop-1", "\xff", 1)),
		"payload is empty":         sign(p.key, es256, ""),
	} {
		refuses(t, v, token, idtoken.ErrMalformed, name)
	}
	accepts(t, v, good, "as it was")
}

// A server in PHP escapes each slash. It is the same text, and what is no text is refused.
func TestEscapedClaims(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	payload := strings.NewReplacer("/", `\/`, "shop-1", `shop\u002d1`).Replace(claims(nil))
	require.Contains(t, payload, `\/`)
	token, err := v.Verify(t.Context(), sign(p.key, es256, payload), testNonce)
	require.NoError(t, err)
	assert.Equal(t, testIssuer, token.Issuer)
	assert.Equal(t, "shop-1", token.Subject)
	refuses(t, v, p.token(map[string]any{"sub": 5}), idtoken.ErrClaims, "a number for a subject")
}

// A verifier's own times hold in place of the usual ones.
func TestOwnTimes(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, _ *idtoken.Verifier) {
		config := p.config()
		config.Leeway, config.MaxAge = 5*time.Minute, time.Hour
		v, err := idtoken.New(config)
		require.NoError(t, err)
		now := time.Now().Unix()
		accepts(t, v, p.token(map[string]any{"exp": now - 299}), "past within the leeway")
		refuses(t, v, p.token(map[string]any{"exp": now - 300}), idtoken.ErrExpired, "past")
		accepts(t, v, p.token(map[string]any{"iat": now - 3900}), "an hour ago, and the leeway")
		refuses(t, v, p.token(map[string]any{"iat": now - 3901}), idtoken.ErrTooOld, "a second more")
	})
}

// A refusal says what is wrong with the form.
func TestFormInWords(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	for token, want := range map[string]string{
		strings.Repeat("A", idtoken.MaxSize):   "not three parts",
		strings.Repeat("A", idtoken.MaxSize+1): "longer than 16384 bytes",
		"!.e30.AA":                             "part 1 is not base64url",
		"e30.!.AA":                             "part 2 is not base64url",
		sign(p.key, `{"alg":"ES256","ALG":"ES256"}`, claims(nil)): "header: strictjson: duplicate member name at byte 15",
		sign(p.key, es256, `{"iss":"a","Iss":"b"}`):               "payload: strictjson: duplicate member name at byte 11",
	} {
		_, err := v.Verify(t.Context(), token, testNonce)
		require.ErrorIs(t, err, idtoken.ErrMalformed)
		require.ErrorContains(t, err, want)
	}
}

func TestT07Size(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	refuses(t, v, strings.Repeat(".", 1<<20), idtoken.ErrMalformed, "dots")
	refuses(t, v, strings.Repeat(".", 16<<10), idtoken.ErrMalformed, "dots within the limit")
	refuses(t, v, strings.Repeat("A", 1<<20), idtoken.ErrMalformed, "letters")
	refuses(t, v, p.token(map[string]any{"x": strings.Repeat("x", 16<<10)}), idtoken.ErrMalformed, "a real one over the limit")
	accepts(t, v, p.token(map[string]any{"x": strings.Repeat("x", 8<<10)}), "a big one")
	assert.EqualValues(t, 1, p.fetched.Load())
}

func TestT08Issuer(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	for name, issuer := range map[string]any{
		"another": "https://evil.example", "trailing slash": testIssuer + "/", "other case": strings.ToUpper(testIssuer),
		"http": "http://app-auth.example", "missing": nil, "empty": "",
	} {
		refuses(t, v, p.token(map[string]any{"iss": issuer}), idtoken.ErrIssuer, name)
	}
	refuses(t, v, p.token(map[string]any{"iss": []string{testIssuer}}), idtoken.ErrClaims, "a list")
	refuses(t, v, p.token(map[string]any{"iss": raw("null")}), idtoken.ErrClaims, "null")
	_, err := v.Verify(t.Context(), p.token(map[string]any{"iss": testIssuer + "/"}), testNonce)
	require.ErrorContains(t, err, `"https://app-auth.example/", not "https://app-auth.example"`)
}

func TestT09Audience(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	for name, tt := range map[string]struct {
		aud, azp any
		want     error
	}{
		"alone":                      {testClient, nil, nil},
		"list of one":                {[]string{testClient}, nil, nil},
		"alone with azp":             {testClient, testClient, nil},
		"with others and azp":        {[]string{"other", testClient}, testClient, nil},
		"missing":                    {nil, nil, idtoken.ErrAudience},
		"another":                    {"other", nil, idtoken.ErrAudience},
		"another with our azp":       {"other", testClient, idtoken.ErrAudience},
		"empty list":                 {[]string{}, nil, idtoken.ErrAudience},
		"with others, no azp":        {[]string{testClient, "other"}, nil, idtoken.ErrAudience},
		"with others, their azp":     {[]string{testClient, "other"}, "other", idtoken.ErrAudience},
		"alone, their azp":           {testClient, "other", idtoken.ErrAudience},
		"in part":                    {testClient + " other", nil, idtoken.ErrAudience},
		"a number":                   {7, nil, idtoken.ErrClaims},
		"a list with a number":       {[]any{testClient, 7}, testClient, idtoken.ErrClaims},
		"a list with null":           {[]any{testClient, raw("null")}, testClient, idtoken.ErrClaims},
		"an object":                  {map[string]any{"x": testClient}, nil, idtoken.ErrClaims},
		"azp a number":               {testClient, 7, idtoken.ErrClaims},
		"azp empty is not ours":      {testClient, "", idtoken.ErrAudience},
		"our id with another's case": {strings.ToUpper(testClient), nil, idtoken.ErrAudience},
	} {
		token := p.token(map[string]any{"aud": tt.aud, "azp": tt.azp})
		if tt.want == nil {
			accepts(t, v, token, name)
			continue
		}
		refuses(t, v, token, tt.want, name)
	}
}

func TestT10Expiry(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		now := time.Now().Unix()
		for name, exp := range map[string]any{
			"past within the leeway": now - 59, "float": raw("33e8"), "the last second of 9999": 253402300799,
		} {
			accepts(t, v, p.token(map[string]any{"exp": exp}), name)
		}
		token, err := v.Verify(t.Context(), p.token(map[string]any{"exp": float64(now) + 60.5}), testNonce)
		require.NoError(t, err)
		assert.Equal(t, 60500*time.Millisecond, token.Expiry.Sub(time.Unix(now, 0)), "a fraction counts")
		refuses(t, v, p.token(map[string]any{"exp": now - 60}), idtoken.ErrExpired, "past")
		refuses(t, v, p.token(map[string]any{"exp": 0}), idtoken.ErrExpired, "zero")
		for name, exp := range map[string]any{
			"missing": nil, "null": raw("null"), "huge": raw("1e300"), "beyond floats": raw("1e999"), "negative": -1, "the year 10000": 253402300800,
			"string": "9999999999", "object": map[string]any{}, "true": true,
		} {
			refuses(t, v, p.token(map[string]any{"exp": exp}), idtoken.ErrClaims, name)
		}
	})
}

func TestT11Times(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		now := time.Now().Unix()
		for name, changes := range map[string]map[string]any{
			"nbf within the leeway":  {"nbf": now + 60},
			"iat within the leeway":  {"iat": now + 60},
			"iat eleven minutes ago": {"iat": now - 660},
			"nbf long ago":           {"nbf": 1},
		} {
			accepts(t, v, p.token(changes), name)
		}
		refuses(t, v, p.token(map[string]any{"nbf": now + 61}), idtoken.ErrNotYetValid, "nbf ahead")
		refuses(t, v, p.token(map[string]any{"iat": now + 61}), idtoken.ErrNotYetValid, "iat ahead")
		refuses(t, v, p.token(map[string]any{"iat": now - 661}), idtoken.ErrTooOld, "iat a second more")
		refuses(t, v, p.token(map[string]any{"iat": now - 3*24*3600}), idtoken.ErrTooOld, "iat days ago")
		refuses(t, v, p.token(map[string]any{"iat": nil}), idtoken.ErrClaims, "no iat")
		refuses(t, v, p.token(map[string]any{"nbf": "soon"}), idtoken.ErrClaims, "nbf in words")
	})
}

func TestT12Nonce(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	for name, nonce := range map[string]any{"missing": nil, "another": "n-other", "longer": testNonce + "x", "empty": ""} {
		refuses(t, v, p.token(map[string]any{"nonce": nonce}), idtoken.ErrNonce, name)
	}
	refuses(t, v, p.token(map[string]any{"nonce": []string{testNonce}}), idtoken.ErrClaims, "a list")
	_, err := v.Verify(t.Context(), p.token(nil), "")
	require.ErrorIs(t, err, idtoken.ErrNonce, "a login without a nonce")
	_, err = v.Verify(t.Context(), p.token(map[string]any{"nonce": ""}), "")
	require.ErrorIs(t, err, idtoken.ErrNonce, "empty does not match empty")
	assert.NotContains(t, err.Error(), testNonce)

	config := p.config()
	config.WithoutNonce = true
	without, err := idtoken.New(config)
	require.NoError(t, err)
	_, err = without.Verify(t.Context(), p.token(map[string]any{"nonce": nil}), "")
	require.NoError(t, err)
	refuses(t, without, p.token(map[string]any{"nonce": nil}), idtoken.ErrNonce, "but a nonce that was sent has to come back")
}

func TestT13Duplicates(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	good := claims(nil)
	for name, member := range map[string]string{
		"aud twice": `"aud":"other"`, "AUD": `"AUD":"other"`, "escaped": `"\u0061ud":"other"`, "ISS": `"Iss":"x"`,
	} {
		refuses(t, v, sign(p.key, es256, "{"+member+","+good[1:]), idtoken.ErrMalformed, name)
	}
	refuses(t, v, sign(p.key, `{"alg":"ES256","kid":"k1","ALG":"none"}`, good), idtoken.ErrMalformed, "in the header")
	refuses(t, v, sign(p.key, es256, strings.Replace(good, `"aud"`, `"AUD"`, 1)), idtoken.ErrAudience, "names are exact")
}

func TestT14Signatures(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	v := p.verifier(t)
	good := p.token(nil)
	input := good[:strings.LastIndex(good, ".")]
	raw, err := base64.RawURLEncoding.DecodeString(good[len(input)+1:])
	require.NoError(t, err)
	digest := sha256.Sum256([]byte(input))
	der, err := ecdsa.SignASN1(rand.Reader, p.key, digest[:])
	require.NoError(t, err)
	for name, signature := range map[string][]byte{
		"DER": der, "zeros": make([]byte, 64), "none": nil, "short": make([]byte, 63), "long": make([]byte, 65),
		"a zero before s": slices.Insert(raw, 32, 0),
		"ones":            []byte(strings.Repeat("\xff", 64)),
	} {
		refuses(t, v, input+"."+b64(signature), idtoken.ErrSignature, name)
	}
	parts := strings.Split(good, ".")
	changed := parts[0] + "." + b64([]byte(claims(map[string]any{"sub": "shop-2"}))) + "." + parts[2]
	refuses(t, v, changed, idtoken.ErrSignature, "changed claims")
}

func TestWithoutSignature(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	for name, tt := range map[string]struct {
		token  string
		issuer string
		want   error
	}{
		"a good one":                 {token: p.token(nil)},
		"signed by a stranger":       {token: sign(ecKey(), `{"alg":"ES256","kid":"nobody's"}`, claims(nil))},
		"another issuer":             {token: p.token(map[string]any{"iss": "https://elsewhere.example"})},
		"the issuer that is set":     {token: p.token(nil), issuer: testIssuer},
		"not the issuer that is set": {token: p.token(map[string]any{"iss": "https://elsewhere.example"}), issuer: testIssuer, want: idtoken.ErrIssuer},
		"another nonce":              {token: p.token(map[string]any{"nonce": "other"}), want: idtoken.ErrNonce},
		"no nonce":                   {token: p.token(map[string]any{"nonce": nil}), want: idtoken.ErrNonce},
		"another app":                {token: p.token(map[string]any{"aud": "other"}), want: idtoken.ErrAudience},
		"expired":                    {token: p.token(map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}), want: idtoken.ErrExpired},
		"two parts":                  {token: "a.b", want: idtoken.ErrMalformed},
		"too long":                   {token: strings.Repeat("a", idtoken.MaxSize) + ".b.c", want: idtoken.ErrMalformed},
		"a claim twice":              {token: sign(p.key, es256, `{"nonce":"a",`+claims(nil)[1:]), want: idtoken.ErrMalformed},
	} {
		v, err := idtoken.New(idtoken.Config{Issuer: tt.issuer, ClientID: testClient, WithoutSignature: true, HTTPClient: p.HTTPClient()})
		require.NoError(t, err)
		if tt.want != nil {
			refuses(t, v, tt.token, tt.want, name)
		} else {
			accepts(t, v, tt.token, name)
		}
		assert.Zero(t, v.Stats())
	}
	assert.Zero(t, p.fetched.Load())
	_, err := idtoken.New(idtoken.Config{WithoutSignature: true})
	require.ErrorContains(t, err, "no client id")
}
