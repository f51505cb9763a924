package idtoken_test

import (
	"errors"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go/oauth/idtoken"
)

// FuzzVerify asserts that nothing is accepted that the reference does not accept.
func FuzzVerify(f *testing.F) {
	p := newPlatform(f, false)
	v := p.verifier(f)
	good := p.token(nil)
	for _, token := range []string{
		good, good[:len(good)-1], good + ".", "..", "", "a.b.c", "{}", sign(p.key, `{"alg":"none"}`, claims(nil)),
		sign(p.key, `{"alg":"ES256","kid":"k1","crit":["x"]}`, claims(nil)), p.token(map[string]any{"aud": []string{"x"}}),
		sign(p.key, `{"alg":"ES384"}`, claims(nil)), sign(p.key, `{"alg":"ES256","kid":"k2"}`, claims(nil)),
	} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		verified, err := v.Verify(t.Context(), token, testNonce)
		if err != nil {
			refused := errors.Is(err, idtoken.ErrInvalidToken)
			later := errors.Is(err, idtoken.ErrKeysUnavailable) // a key that may have come since the last fetch
			require.True(t, refused != later, "%v", err)
			return
		}
		reference, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256})
		require.NoError(t, err)
		payload, err := reference.Verify(p.key.Public())
		require.NoError(t, err)
		require.Equal(t, string(payload), string(verified.Payload))
		require.Equal(t, testIssuer, verified.Issuer)
	})
}

// FuzzClaims signs whatever claims, so that they are looked at.
func FuzzClaims(f *testing.F) {
	p := newPlatform(f, false)
	v := p.verifier(f)
	for _, text := range []string{
		claims(nil), claims(map[string]any{"aud": []string{testClient}}), "{}", "[]", "null", `{"aud":[null]}`,
		`{"iss":null}`, claims(map[string]any{"exp": raw("1e300")}), `{ "iss" : "https://app-auth.example" , "aud" : [ ] }`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		verified, err := v.Verify(t.Context(), sign(p.key, es256, text), testNonce)
		if err != nil {
			require.ErrorIs(t, err, idtoken.ErrInvalidToken)
			return
		}
		require.Contains(t, verified.Audience, testClient)
	})
}

// FuzzKeySet reads whatever a platform may publish.
func FuzzKeySet(f *testing.F) {
	p := newPlatform(f, false)
	token := p.token(nil)
	for _, set := range []string{
		keySet(jwk(p.key, "k1", nil)), `{"keys":[]}`, `{"keys":[{}]}`, `{"keys":null}`, "", "null", `{"keys":[{"kty":"RSA","n":"AQ","e":"AQ"}]}`,
		`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"k1"}]}`, `{"keys":[{"kty":"oct","k":"AAAA","kid":"k1"}]}`,
	} {
		f.Add(set)
	}
	f.Fuzz(func(t *testing.T, set string) {
		p.set.Store(set)
		verified, err := p.verifier(t).Verify(t.Context(), token, testNonce)
		if err == nil {
			require.Equal(t, testIssuer, verified.Issuer)
		}
	})
}
