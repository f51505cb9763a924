package shotengai_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
)

func ExampleSecret() {
	token := shotengai.Secret("hunter2")
	fmt.Println(token, len(token.Reveal()))
	fmt.Printf("%+v %#v %q\n", struct{ Token shotengai.Secret }{token}, token, token)
	// Output:
	// [redacted] 7
	// {Token:[redacted]} [redacted] [redacted]
}

func TestSecretIsNeverPrinted(t *testing.T) {
	t.Parallel()
	secret := shotengai.Secret("hunter2")
	type holder struct {
		Secret  shotengai.Secret
		Pointer *shotengai.Secret
		List    []shotengai.Secret
		Keys    map[shotengai.Secret]shotengai.Secret
		Any     any
	}
	values := []any{
		secret,
		&secret,
		[]shotengai.Secret{secret},
		map[string]shotengai.Secret{"a": secret},
		map[shotengai.Secret]int{secret: 1},
		holder{secret, &secret, []shotengai.Secret{secret}, map[shotengai.Secret]shotengai.Secret{secret: secret}, secret},
		&holder{secret, &secret, nil, nil, &secret},
		fmt.Errorf("token %v", secret),
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%c", "%U", "%b", "%o", "%e", "%20s", "%-20v", "%.2s", "%T", "%z"} {
		for _, value := range values {
			hidden(t, fmt.Sprintf(verb, value), verb)
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		assert.Equal(t, "[redacted]", fmt.Sprintf(verb, secret))
		assert.Equal(t, "[redacted]", fmt.Sprintf(verb, &secret), verb)
	}
}

func TestSecretIsNeverEncoded(t *testing.T) {
	t.Parallel()
	secret := shotengai.Secret("hunter2")
	assert.Equal(t, `{"Secret":"[redacted]","Pointer":"[redacted]"}`, encode(t, struct {
		Secret  shotengai.Secret
		Pointer *shotengai.Secret
	}{secret, &secret}))
	document, err := xml.Marshal(struct {
		XMLName struct{}         `xml:"a"`
		Content shotengai.Secret `xml:"b"`
		Attr    shotengai.Secret `xml:"c,attr"`
	}{Content: secret, Attr: secret})
	require.NoError(t, err)
	hidden(t, string(document), "XML")
	hidden(t, inQuery(t, secret), "query")

	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		logger := slog.New(handler).With("with", secret)
		logger.Info("m", "plain", secret, "pointer", &secret, "struct", struct{ Token shotengai.Secret }{secret}, slog.Group("g", "s", secret))
	}
	hidden(t, log.String(), "slog")
}

func TestEmptySecretShowsNothing(t *testing.T) {
	t.Parallel()
	assert.Empty(t, fmt.Sprintf("%v%s%q%#v", shotengai.Secret(""), shotengai.Secret(""), shotengai.Secret(""), shotengai.Secret("")))
	assert.Equal(t, `""`, encode(t, shotengai.Secret("")))
	assert.Equal(t, "[redacted]", shotengai.Secret("hunter2").GoString())
}

func TestSecretIsRead(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "hun\"ter2", decode[shotengai.Secret](t, `"hun\"ter2"`).Reveal())
	assert.Empty(t, decode[shotengai.Secret](t, `null`).Reveal())
	var secret shotengai.Secret
	for _, data := range []string{`7312345`, `["hunter2"]`, `{"hunter2":1}`, `true`} {
		assert.EqualError(t, json.Unmarshal([]byte(data), &secret), "shotengai: a secret is not a string")
	}
}

func FuzzSecret(f *testing.F) {
	f.Add("hunter2")
	f.Fuzz(func(t *testing.T, text string) {
		require.Equal(t, text, shotengai.Secret(text).Reveal())
		if text != "" {
			require.Equal(t, "[redacted][redacted]", fmt.Sprintf("%v%x", shotengai.Secret(text), shotengai.Secret(text)))
		}
	})
}

func hidden(t *testing.T, output, where string) {
	t.Helper()
	for _, leak := range []string{"hunter", "68756e746572", "68 75 6e", "68756E"} {
		assert.NotContains(t, output, leak, where)
	}
}
