package idtoken_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth/idtoken"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// bubble runs a test with a platform in memory and a clock of its own.
func bubble(t *testing.T, f func(t *testing.T, p *platform, v *idtoken.Verifier)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(t, true)
		defer p.Close()
		f(t, p, p.verifier(t))
	})
}

// pass lets a bubble's clock run.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}

func unavailable(t *testing.T, v *idtoken.Verifier, token, name string) {
	t.Helper()
	_, err := v.Verify(t.Context(), token, testNonce)
	require.ErrorIs(t, err, idtoken.ErrKeysUnavailable, name)
	require.ErrorIs(t, err, shotengai.ErrUnavailable, name)
	require.NotErrorIs(t, err, idtoken.ErrInvalidToken, name)
}

func TestT15Rotation(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		accepts(t, v, p.token(nil), "first")
		pass(t, 10*time.Minute)
		next := ecKey()
		p.publish(jwk(next, "k2", nil))
		accepts(t, v, sign(next, `{"alg":"ES256","kid":"k2"}`, claims(nil)), "the new key")
		assert.EqualValues(t, 2, p.fetched.Load(), "one refetch")
		unavailable(t, v, p.token(nil), "the old key is gone, as far as is known")
		assert.EqualValues(t, 2, p.fetched.Load())
		pass(t, 30*time.Second)
		refuses(t, v, p.token(nil), idtoken.ErrUnknownKey, "the old key is gone")
		assert.EqualValues(t, 3, p.fetched.Load())
	})
}

// A key that is younger than the last fetch is missing for as long as the set may not be
// fetched: its tokens are not refused for that.
func TestT56KeyYoungerThanTheLastFetch(t *testing.T) {
	t.Parallel()
	for _, header := range []string{`{"alg":"ES256","kid":"k2"}`, `{"alg":"ES256"}`} {
		bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
			accepts(t, v, p.token(nil), "first")
			pass(t, 12*time.Second)
			next := ecKey()
			p.publish(jwk(next, "k2", nil))
			token := sign(next, header, claims(nil))
			unavailable(t, v, token, header)
			_, err := v.Verify(t.Context(), token, testNonce)
			var later interface{ RetryAfter() time.Duration }
			require.ErrorAs(t, err, &later)
			assert.Equal(t, 18*time.Second, later.RetryAfter())
			assert.EqualValues(t, 1, p.fetched.Load())
			pass(t, later.RetryAfter())
			accepts(t, v, token, "the same token")
			assert.EqualValues(t, 2, p.fetched.Load())
		})
	}
}

func TestT15RotationWithoutKeyID(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		const header = `{"alg":"ES256"}`
		accepts(t, v, sign(p.key, header, claims(nil)), "any key of the set may have signed")
		pass(t, time.Minute)
		next := ecKey()
		p.publish(jwk(next, "", nil))
		accepts(t, v, sign(next, header, claims(nil)), "after one refetch")
		assert.EqualValues(t, 2, p.fetched.Load())
		for range 10 {
			unavailable(t, v, sign(p.key, header, claims(nil)), "the old one")
		}
		assert.EqualValues(t, 2, p.fetched.Load())
		pass(t, 30*time.Second)
		refuses(t, v, sign(p.key, header, claims(nil)), idtoken.ErrSignature, "the old one")
	})
}

// A token without the name of a key costs no fetch while the keys at hand have signed it, nor
// when they were fetched for it.
func TestT15FetchesWithoutKeyID(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		const header = `{"alg":"ES256"}`
		refuses(t, v, sign(ecKey(), header, claims(nil)), idtoken.ErrSignature, "a stranger's, with a new set")
		for range 3 {
			pass(t, time.Minute)
			accepts(t, v, sign(p.key, header, claims(nil)), "known")
		}
		assert.EqualValues(t, 1, p.fetched.Load())

		p.publish(jwk(rsaKeys()[0], "", nil))
		refuses(t, v, sign(ecKey(), header, claims(nil)), idtoken.ErrUnknownKey, "no key of its kind is left")
		assert.EqualValues(t, 2, p.fetched.Load())
	})
}

func TestT16UnknownKeys(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		accepts(t, v, p.token(nil), "known")
		pass(t, time.Minute)
		began := time.Now()
		for i := range 1000 {
			header := `{"alg":"ES256","kid":"forged-` + strconv.Itoa(i) + `"}`
			forged := sign(p.key, header, claims(nil))
			if fetched := p.fetched.Load(); i == 0 || i == 750 {
				refuses(t, v, forged, idtoken.ErrUnknownKey, header)
				assert.Equal(t, fetched+1, p.fetched.Load())
			} else {
				unavailable(t, v, forged, header)
			}
			if i%250 == 249 {
				pass(t, 10*time.Second)
			}
		}
		assert.Equal(t, 40*time.Second, time.Since(began))
		assert.EqualValues(t, 3, p.fetched.Load(), "at most one fetch in 30 s, the first one included")
		accepts(t, v, p.token(nil), "known keys go on meanwhile")
		assert.Equal(t, 3, v.Stats().Fetches)
	})
}

func TestT17KnownKeyWrongSignature(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		accepts(t, v, p.token(nil), "known")
		stranger := ecKey()
		for range 20 {
			pass(t, 2*time.Minute)
			refuses(t, v, sign(stranger, es256, claims(nil)), idtoken.ErrSignature, "forged")
		}
		assert.EqualValues(t, 1, p.fetched.Load())
	})
}

func TestT18KeySetDown(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		faults := map[string]shotengaitest.Fault{
			"500": {Status: 500}, "404": {Status: 404, Body: keySet(jwk(p.key, "k1", nil))}, "HTML": {Body: "<html>login</html>"},
			"reset": {Reset: true}, "truncated": {Truncate: 20}, "no keys": {Body: `{"keys":[]}`}, "nothing": {Status: 200},
			"keys to encrypt": {Body: keySet(jwk(p.key, "k1", map[string]any{"use": "enc"}))},
			"small keys":      {Body: keySet(jwk(rsaKeys()[0], "k1", map[string]any{"n": b64([]byte(strings.Repeat("\xff", 128)))}))},
			"unusable keys":   {Body: `{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"RSA","use":"enc"},null,7]}`}, "null": {Body: "null"}, "keys is a text": {Body: `{"keys":"k1"}`},
		}
		for name, fault := range faults {
			p.Fail(-1, fault)
			unavailable(t, v, p.token(nil), name)
			unavailable(t, v, p.token(nil), name+", within 30 s and without another fetch")
			p.Heal()
			pass(t, 30*time.Second)
		}
		assert.Equal(t, len(faults), v.Stats().Fetches)
		accepts(t, v, p.token(nil), "back again")

		for name, fault := range faults {
			pass(t, 2*time.Hour)
			p.Fail(-1, fault)
			accepts(t, v, p.token(nil), name+", with keys that were good before")
			p.Heal()
		}
		stats := v.Stats()
		assert.Equal(t, len(faults), stats.StaleUses)
		assert.Equal(t, 2*len(faults), stats.FailedFetches)

		p.Fail(1, shotengaitest.Fault{Status: 500})
		pass(t, time.Minute)
		unavailable(t, v, sign(p.key, `{"alg":"ES256","kid":"k2"}`, claims(nil)), "a key that may be new cannot be judged")

		p.Fail(-1, shotengaitest.Fault{Status: 500})
		pass(t, 24*time.Hour)
		unavailable(t, v, p.token(nil), "older than a day")
	})
}

// Keys that were good stay so for a day, to the nanosecond.
func TestT18StaleBound(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		accepts(t, v, p.token(nil), "fetched")
		p.Fail(-1, shotengaitest.Fault{Status: 500})
		pass(t, 24*time.Hour)
		accepts(t, v, p.token(nil), "a day old")
		pass(t, 1)
		unavailable(t, v, p.token(nil), "older")
	})
}

// The error says what was wrong with the set, and its address once.
func TestT18InWords(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		for want, fault := range map[string]shotengaitest.Fault{
			"not a JWK set": {Body: "<html>login</html>"}, "status 500": {Status: 500}, "no usable key among 1": {Body: `{"keys":[{}]}`},
			"redirect refused":          {Status: 302, Header: http.Header{"Location": {"https://elsewhere.example/"}}},
			"context deadline exceeded": {Delay: time.Hour},
		} {
			p.Fail(1, fault)
			_, err := v.Verify(t.Context(), p.token(nil), testNonce)
			require.EqualError(t, err, "idtoken: key set not available: "+p.URL+"/jwks.json: "+want)
			pass(t, 30*time.Second)
		}
	})
}

func TestT19SlowKeySet(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		p.Fail(1, shotengaitest.Fault{Delay: 8 * time.Second})
		token := p.token(nil)
		began := time.Now()
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := v.Verify(t.Context(), token, testNonce)
				assert.NoError(t, err)
			})
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := v.Verify(ctx, token, testNonce)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, idtoken.ErrKeysUnavailable)
		assert.Equal(t, time.Second, time.Since(began), "a waiter honours its own context")
		wg.Wait()
		assert.Equal(t, 8*time.Second, time.Since(began))
		assert.EqualValues(t, 1, p.fetched.Load(), "one flight")
	})
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		p.Fail(1, shotengaitest.Fault{Delay: time.Hour})
		began := time.Now()
		unavailable(t, v, p.token(nil), "silent")
		assert.Equal(t, 10*time.Second, time.Since(began))
	})
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		p.Fail(1, shotengaitest.Fault{Delay: 5 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := v.Verify(ctx, p.token(nil), testNonce)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		pass(t, 5*time.Second)
		accepts(t, v, p.token(nil), "the fetch went on without the one who began it")
		assert.EqualValues(t, 1, p.fetched.Load())
	})
}

func TestT20BadKeySets(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		good := jwk(p.key, "k1", nil)
		p.set.Store(strings.Repeat(" ", 1<<20) + keySet(good))
		unavailable(t, v, p.token(nil), "more than 1 MiB")
		pass(t, 30*time.Second)
		many := make([]map[string]any, 10_000)
		for i := range many {
			many[i] = map[string]any{"kty": "oct"}
		}
		many[0] = good
		p.set.Store(keySet(many...))
		unavailable(t, v, p.token(nil), "10,000 keys")
		pass(t, 30*time.Second)
		p.publish(many[:100]...)
		accepts(t, v, p.token(nil), "100 keys")
	})
}

func TestT20BadKeys(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	other := ecKey()
	offCurve := jwk(other, "k1", nil)
	offCurve["y"] = b64(make([]byte, 32))
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	good := jwk(p.key, "k1", map[string]any{"use": "sig", "alg": "ES256", "key_ops": []string{"verify"}})
	p.publish(
		map[string]any{}, map[string]any{"kty": "EC"}, map[string]any{"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
		map[string]any{"kty": "oct", "k": "AAAA", "kid": "k1"}, offCurve, jwk(p384, "k1", nil),
		jwk(p.key, "enc", map[string]any{"use": "enc"}), jwk(p.key, "es384", map[string]any{"alg": "ES384"}),
		jwk(p.key, "ops", map[string]any{"key_ops": []string{"encrypt"}}), jwk(p.key, "noops", map[string]any{"key_ops": []string{}}),
		jwk(p.key, "opstext", map[string]any{"key_ops": "verify"}), jwk(p.key, "x5c", map[string]any{"x5c": []string{"AAAA"}}),
		jwk(other, "k1", nil), good,
	)
	v := p.verifier(t)
	accepts(t, v, p.token(nil), "the good one of several bad ones, and the second of its name")
	for _, kid := range []string{"enc", "es384", "ops", "noops", "opstext", "x5c"} {
		refuses(t, p.verifier(t), sign(p.key, `{"alg":"ES256","kid":"`+kid+`"}`, claims(nil)), idtoken.ErrUnknownKey, kid)
	}
}

func TestT20RSASizes(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	real := rsaKeys()[0]
	modulus := func(bits int) string {
		n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
		return b64(n.Add(n, big.NewInt(1)).Bytes())
	}
	set := []map[string]any{jwk(real, "good", nil)}
	for _, bits := range []int{512, 1024, 2047, 4097, 8192, 32768} {
		set = append(set, jwk(real, "bits-"+strconv.Itoa(bits), map[string]any{"n": modulus(bits)}))
	}
	set = append(set, jwk(real, "e-1", map[string]any{"e": b64([]byte{1})}), jwk(real, "e-2", map[string]any{"e": b64([]byte{2})}))
	p.publish(set...)
	config := p.config()
	config.Algorithms = []string{"RS256"}
	v, err := idtoken.New(config)
	require.NoError(t, err)
	accepts(t, v, sign(real, `{"alg":"RS256","kid":"good"}`, claims(nil)), "2048 bits")
	for _, key := range set[1:] {
		kid := key["kid"].(string)
		v, err := idtoken.New(config)
		require.NoError(t, err)
		refuses(t, v, sign(real, `{"alg":"RS256","kid":"`+kid+`"}`, claims(nil)), idtoken.ErrUnknownKey, kid)
	}
	p.publish(jwk(real, "most", map[string]any{"n": modulus(4096)}), jwk(real, "e-3", map[string]any{"e": b64([]byte{3})}))
	for _, kid := range []string{"e-3", "most"} { // keys that may be used, of somebody else
		v, err := idtoken.New(config)
		require.NoError(t, err)
		refuses(t, v, sign(real, `{"alg":"RS256","kid":"`+kid+`"}`, claims(nil)), idtoken.ErrSignature, kid)
	}
	private := jwk(real, "private", map[string]any{
		"d": b64(real.D.Bytes()), "p": b64(real.Primes[0].Bytes()), "q": b64(real.Primes[1].Bytes()),
	})
	p.publish(private)
	again, err := idtoken.New(config)
	require.NoError(t, err)
	accepts(t, again, sign(real, `{"alg":"RS256","kid":"private"}`, claims(nil)), "a published private key: its public half")
	refuses(t, again, sign(rsaKeys()[1], `{"alg":"RS256","kid":"private"}`, claims(nil)), idtoken.ErrSignature, "another key")
}

func TestT21Redirects(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
		for name, target := range map[string]string{
			"another host": "http://127.0.0.1:2/jwks.json", "another scheme": "https://127.0.0.1:1/jwks.json",
			"metadata service": "http://169.254.169.254/", "no target": "",
		} {
			p.Fail(1, shotengaitest.Fault{Status: 302, Header: http.Header{"Location": {target}}})
			unavailable(t, v, p.token(nil), name)
			if _, err := v.Verify(t.Context(), p.token(nil), testNonce); target != "" {
				require.ErrorContains(t, err, "redirect refused", name)
			}
			pass(t, 30*time.Second)
		}
		assert.Len(t, p.Requests(), 4)
		p.Fail(4, shotengaitest.Fault{Status: 302, Header: http.Header{"Location": {"/v2/jwks.json"}}})
		unavailable(t, v, p.token(nil), "one too many")
		assert.Len(t, p.Requests(), 8)
		pass(t, 30*time.Second)
		p.Fail(3, shotengaitest.Fault{Status: 302, Header: http.Header{"Location": {"/v2/jwks.json"}}})
		accepts(t, v, p.token(nil), "three within the host")
		assert.Len(t, p.Requests(), 12)
	})
}

func TestKeySetFreshness(t *testing.T) {
	t.Parallel()
	for control, fresh := range map[string]time.Duration{
		"": time.Hour, "public": time.Hour, "max-age=": time.Hour, "max-age=x": time.Hour, "max-age=-1": time.Hour,
		"public, max-age=7200": 2 * time.Hour, `Max-Age="7200"`: 2 * time.Hour,
		"max-age=0": 5 * time.Minute, "no-store": 5 * time.Minute, "no-cache, max-age=7200": 5 * time.Minute,
		"max-age=999999999999": 24 * time.Hour,
	} {
		bubble(t, func(t *testing.T, p *platform, v *idtoken.Verifier) {
			p.header.Set("Cache-Control", control)
			accepts(t, v, p.token(nil), control)
			pass(t, fresh-time.Second)
			accepts(t, v, p.token(nil), control)
			assert.EqualValues(t, 1, p.fetched.Load(), "%q: never for a known key", control)
			pass(t, time.Second)
			accepts(t, v, p.token(nil), control)
			assert.EqualValues(t, 2, p.fetched.Load(), "%q: keys that were withdrawn have to go", control)
		})
	}
}

func TestKeySetRequest(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, false)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	address, err := url.Parse(p.URL)
	require.NoError(t, err)
	jar.SetCookies(address, []*http.Cookie{{Name: "session", Value: "of the app"}})
	transport := &patterns{RoundTripper: p.HTTPClient().Transport}
	config := p.config()
	config.HTTPClient = &http.Client{Transport: transport, Jar: jar}
	v, err := idtoken.New(config)
	require.NoError(t, err)
	accepts(t, v, p.token(nil), "")
	request := p.Requests()[0]
	assert.Equal(t, "application/json", request.Header.Get("Accept"))
	assert.Contains(t, request.Header.Get("User-Agent"), "shotengai-go")
	assert.NotContains(t, request.Header, "Authorization")
	assert.NotContains(t, request.Header, "Cookie", "the app's cookies are not the platform's")
	assert.Same(t, jar, config.HTTPClient.Jar, "the app's client stays as it is")
	assert.Equal(t, []string{"oauth keys"}, transport.seen)
}

// patterns notes the names of requests, as a transport that measures them does.
type patterns struct {
	http.RoundTripper
	seen []string
}

func (p *patterns) RoundTrip(req *http.Request) (*http.Response, error) {
	p.seen = append(p.seen, req.Pattern)
	return p.RoundTripper.RoundTrip(req)
}
