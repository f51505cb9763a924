package hooks_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

func TestW01SignatureMissing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		b.refused(with(sub.event(1, secretNew), sub.signature), http.StatusUnauthorized, hooks.ErrSignatureMissing)
		assert.Empty(t, b.report().Body, "the body is not even read")
	}, isSigned)
}

// TestW01AddressWithoutToken is the missing signature of what is proven by its address,
// and the misspelt one (W04) as well.
func TestW01AddressWithoutToken(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		for _, path := range []string{
			"", "/", "/x", event.Path[:len(event.Path)-1], event.Path + "0", "/" + strings.ToUpper(event.Path[1:]), event.Path + "/x",
			"/?token=" + event.Path[1:],
		} {
			stray := event
			stray.Path = path
			b.unproven(stray)
			assert.Empty(t, b.report().Body, "the body is not even read")
		}
		b.accepted(event)
	}, func(s subject) bool { return s.byAddress })
}

func TestW02SignatureBlank(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		for _, value := range []string{"", " ", "\t  "} {
			b.refused(with(sub.event(1, secretNew), sub.signature, value), http.StatusUnauthorized, hooks.ErrSignatureMissing)
			assert.Empty(t, b.report().Body, "the body is not even read")
		}
	}, isSigned)
	for _, value := range []string{"", " ", "\t  "} {
		require.ErrorIs(t, hooks.VerifyColorMe([]byte("{}"), value, secretNew), hooks.ErrSignatureMissing)
	}
}

func TestW03TwoSignatures(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		good := event.Header.Get(sub.signature)
		for _, values := range [][]string{{good, "bad"}, {"bad", good}, {good, good}, {good, ""}} {
			b.refused(with(event, sub.signature, values...), http.StatusBadRequest, hooks.ErrSignatureAmbiguous)
		}
		b.refused(with(event, sub.signature, good+", "+good), http.StatusUnauthorized, hooks.ErrSignatureMalformed)
	}, isSigned)
}

// spellings are wrong spellings of a right MAC.
func spellings(mac []byte) map[string]string {
	std := base64.StdEncoding.EncodeToString(mac)
	return map[string]string{
		"hex":              hex.EncodeToString(mac),
		"upper-case hex":   strings.ToUpper(hex.EncodeToString(mac)),
		"base64url":        strings.NewReplacer("+", "-", "/", "_").Replace(std),
		"no padding":       base64.RawStdEncoding.EncodeToString(mac),
		"31 bytes":         base64.StdEncoding.EncodeToString(mac[:31]),
		"33 bytes":         base64.StdEncoding.EncodeToString(append(bytes.Clone(mac), 0)),
		"prefix":           "sha256=" + std,
		"a line break":     std[:20] + "\n" + std[20:],
		"a trailing break": std + "\n",
		"obs-fold":         std[:20] + "\r\n " + std[20:],
		"a NUL":            std + "\x00",
		"four kilobytes":   strings.Repeat(std, 100),
	}
}

func colorMeMAC(t *testing.T, body []byte) []byte {
	t.Helper()
	// A MAC that has no URL-safe spelling of its own: it holds a "+" or a "/".
	mac, err := base64.StdEncoding.DecodeString(hookstest.SignColorMe(body, secretNew))
	require.NoError(t, err)
	return mac
}

func TestW04SignatureSpelling(t *testing.T) {
	t.Parallel()
	body := []byte(`{"account_id":"PA00000003"}`)
	mac := colorMeMAC(t, body)
	require.True(t, strings.ContainsAny(base64.StdEncoding.EncodeToString(mac), "+/"))
	require.NoError(t, hooks.VerifyColorMe(body, base64.StdEncoding.EncodeToString(mac), secretNew))
	for name, text := range spellings(mac) {
		err := hooks.VerifyColorMe(body, text, secretNew)
		require.ErrorIs(t, err, hooks.ErrSignatureMalformed, name)
		require.ErrorIs(t, err, hooks.ErrSignature, name)
	}
}

func TestW04SignatureSpellingOverHTTP(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		good := event.Header.Get(sub.signature)
		for _, value := range []string{good[:len(good)-1], "sha256=" + good, good + good, "?" + good[1:]} {
			b.refused(with(event, sub.signature, value), http.StatusUnauthorized, hooks.ErrSignatureMalformed)
		}
		b.accepted(event)
	}, isSigned)
}

func TestW05NonCanonicalBase64(t *testing.T) {
	t.Parallel()
	body := []byte("{}")
	good := hookstest.SignColorMe(body, secretNew)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	last := strings.IndexByte(alphabet, good[42])
	twin := good[:42] + string(alphabet[last^1]) + "="
	decoded, err := base64.StdEncoding.DecodeString(twin)
	require.NoError(t, err, "a lax decoder reads it")
	require.Equal(t, colorMeMAC(t, body), decoded, "as the same MAC")
	require.ErrorIs(t, hooks.VerifyColorMe(body, twin, secretNew), hooks.ErrSignatureMalformed)
}

func TestW06SignatureWithFold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		good := event.Header.Get(sub.signature)
		bare := with(event, sub.signature)
		fold := sub.signature + ": " + good[:20] + "\r\n " + good[20:]
		status := b.raw(head(bare, fold, "Content-Length: 2")+"{}", false)
		assert.Contains(t, []int{http.StatusBadRequest, http.StatusUnauthorized}, status)
		for _, text := range []string{strings.ToUpper(good), strings.ToLower(good), strings.ToUpper(good) + "A", good + "\u00a0"} {
			if text != good {
				b.refused(with(event, sub.signature, text), http.StatusUnauthorized, hooks.ErrSignature)
			}
		}
		assert.Zero(t, b.calls.count())
	}, isSigned)
}

func TestW07BodyChanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		flipped := bytes.Clone(event.Body)
		flipped[len(flipped)/2] ^= 1
		changed := map[string][]byte{
			"one bit":  flipped,
			"one more": append(bytes.Clone(event.Body), '\n'),
			"BOM":      append([]byte("\xef\xbb\xbf"), event.Body...),
		}
		var pretty bytes.Buffer // what is signed is JSON
		require.NoError(t, json.Indent(&pretty, event.Body, "", " "))
		changed["re-serialised"] = pretty.Bytes()
		for name, body := range changed {
			b.refused(withBody(event, body), http.StatusUnauthorized, hooks.ErrSignature)
			assert.NotErrorIs(t, b.report().Err, hooks.ErrSignatureMalformed, name)
		}
		assert.Contains(t, b.log.String(), "body_sha256=")
		assert.Contains(t, b.log.String(), "body_bytes=")
	}, isSigned)
}

func TestW08UnusableSecrets(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		for _, secrets := range [][]shotengai.Secret{
			{}, {""}, {" "}, {"\t\n"}, {secretNew + "\n"}, {secretNew, ""}, {"", secretNew}, {secretNew, "x\r\n"}, {"\n" + secretNew}, {"\r" + secretNew},
		} {
			_, err := sub.build(setup{secrets: secrets, calls: &recorder{}})
			require.ErrorIs(t, err, hooks.ErrSecret, "%d secrets", len(secrets))
		}
		var log bytes.Buffer
		padded := setup{secrets: []shotengai.Secret{" " + secretNew}, calls: &recorder{}}
		padded.options.Logger = slog.New(slog.NewTextHandler(&log, nil))
		_, err := sub.build(padded)
		require.NoError(t, err)
		assert.Contains(t, log.String(), "white space")
		assert.NotContains(t, log.String(), secretNew)
	}, hasSecrets)
}

func TestW08VerifyRefusesEmptySecrets(t *testing.T) {
	t.Parallel()
	body := []byte("{}")
	for want, secrets := range map[string][]shotengai.Secret{
		"none given": nil, "secret 1 is empty": {""}, "secret 2 is blank": {"x", "  "}, "secret 2 is empty": {"x", ""},
		"secret 3 has a line break": {"x", "y", "z\n"},
	} {
		err := hooks.VerifyColorMe(body, hookstest.SignColorMe(body, ""), secrets...)
		require.ErrorIs(t, err, hooks.ErrSecret)
		require.ErrorContains(t, err, want)
	}
}

func TestW09TwoSecrets(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		secrets := []shotengai.Secret{secretNew, secretOld, "oldest-secret-0"}
		b := newBench(t, sub, setup{secrets: secrets})
		clear(secrets) // the receiver has a list of its own
		for i, row := range []struct{ secret, name string }{
			{secretNew, "current"}, {secretOld, "previous"}, {"oldest-secret-0", "previous-2"},
		} {
			b.accepted(sub.event(i, shotengai.Secret(row.secret)))
			assert.Equal(t, row.name, b.calls.last().Secret)
			assert.Contains(t, b.log.String(), "secret_name="+row.name)
		}
	}, hasSecrets)
}

func TestW09MatchTellsWhichSecret(t *testing.T) {
	t.Parallel()
	body := testdata(t, "colorme-install-monthly.json")
	i, err := hooks.MatchColorMe(body, hookstest.SignColorMe(body, secretOld), secretNew, secretOld)
	require.NoError(t, err)
	assert.Equal(t, 1, i)
	i, err = hooks.MatchColorMe(body, hookstest.SignColorMe(body, secretNew), secretNew, secretNew)
	require.NoError(t, err)
	assert.Zero(t, i, "the first one")
	i, err = hooks.MatchColorMe(body, hookstest.SignColorMe(body, "other"), secretNew, secretOld)
	require.ErrorIs(t, err, hooks.ErrSignature)
	assert.Equal(t, -1, i)
}

func TestW10OldSecretRemoved(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		b.unproven(sub.event(1, secretOld))
		b.accepted(sub.event(1, secretNew))
	})
}

// TestW39ErrorsShowNoProof sends the proof of another event, or of another sender.
func TestW39ErrorsShowNoProof(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, sub subject) {
		b := newBench(t, sub, setup{})
		event := sub.event(1, secretNew)
		wrong := sub.event(1, "a guess")
		if sub.signature != "" {
			wrong = with(event, sub.signature, sub.event(2, secretNew).Header.Get(sub.signature))
		}
		attempt := b.send(wrong)
		require.Equal(t, sub.refusal.status, attempt.Status)
		secrets := []string{secretNew, addressOf(secretNew).Reveal()}
		if sub.signature != "" {
			secrets = append(secrets, event.Header.Get(sub.signature))
		}
		for _, secret := range secrets {
			for _, text := range []string{string(attempt.Body), b.report().Err.Error(), b.log.String()} {
				assert.NotContains(t, text, secret)
			}
		}
	})
}

// TestW40AllSecretsAreTried shows by what is refused, not by a clock, that nothing
// ends the comparison early: an unusable secret behind the matching one is found, and
// a malformed signature passes the same checks as a wrong one.
func TestW40AllSecretsAreTried(t *testing.T) {
	t.Parallel()
	body := []byte("{}")
	require.ErrorIs(t, hooks.VerifyColorMe(body, hookstest.SignColorMe(body, secretNew), secretNew, ""), hooks.ErrSecret)
	require.ErrorIs(t, hooks.VerifyColorMe(body, "?", secretNew, ""), hooks.ErrSecret)
	err := hooks.VerifyColorMe(body, strings.Repeat("A", 43)+"=", secretNew)
	require.ErrorIs(t, err, hooks.ErrSignature)
	assert.False(t, errors.Is(err, hooks.ErrSignatureMalformed))
}
