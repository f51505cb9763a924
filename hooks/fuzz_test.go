package hooks_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/hooks"
	"github.com/shotengai/shotengai-go/hooks/hookstest"
)

// FuzzVerifyColorMe holds the verifier to crypto/hmac: it accepts the one spelling of
// the one MAC, and nothing else.
func FuzzVerifyColorMe(f *testing.F) {
	body := []byte(`{"account_id":"PA00000001"}`)
	f.Add(body, hookstest.SignColorMe(body, "secret"), "secret")
	f.Add(body, "", "secret")
	f.Add([]byte{}, "sha256=00", string(bytes.Repeat([]byte("k"), 100)))
	for _, text := range spellings(make([]byte, 32)) {
		f.Add(body, text, "secret")
	}
	f.Fuzz(func(t *testing.T, body []byte, signature, secret string) {
		err := hooks.VerifyColorMe(body, signature, shotengai.Secret(secret))
		h := hmac.New(sha256.New, []byte(secret))
		h.Write(body)
		right := base64.StdEncoding.EncodeToString(h.Sum(nil))
		if (err == nil) != (signature == right && !errors.Is(err, hooks.ErrSecret)) && !errors.Is(err, hooks.ErrSecret) {
			t.Fatalf("%q for %q: %v", signature, right, err)
		}
		if !errors.Is(err, hooks.ErrSecret) {
			require.NoError(t, hooks.VerifyColorMe(body, right, shotengai.Secret(secret)))
		}
	})
}

// FuzzSignatureHeader sends any headers to every receiver that verifies one: no panic,
// and success only for the right one.
func FuzzSignatureHeader(f *testing.F) {
	type target struct {
		handler http.Handler
		event   hookstest.Event
		header  string
	}
	now := time.Now()
	var targets []target
	for _, sub := range subjects() {
		if !isSigned(sub) {
			continue
		}
		s := setup{secrets: []shotengai.Secret{secretNew}, calls: &recorder{}}
		s.options.Now = func() time.Time { return now }
		handler, err := sub.build(s)
		require.NoError(f, err)
		target := target{handler, sub.event(1, secretNew), sub.signature}
		right := target.event.Header.Get(target.header)
		f.Add(len(targets), right, "")
		f.Add(len(targets), right, right)
		f.Add(len(targets), "", "x")
		f.Add(len(targets), right+" ", "")
		for _, text := range spellings(make([]byte, 32)) {
			f.Add(len(targets), text, "")
		}
		targets = append(targets, target)
	}
	f.Fuzz(func(t *testing.T, n int, one, two string) {
		target := targets[uint(n)%uint(len(targets))]
		event := with(target.event, target.header, one)
		if two != "" {
			event = with(target.event, target.header, one, two)
		}
		right := target.event.Header.Get(target.header)
		if code := serve(t, target.handler, event).Code; (code == http.StatusOK) != (one == right && two == "") {
			t.Fatalf("%d for %q and %q", code, one, two)
		}
	})
}

// FuzzReceiver sends any body, proven genuine, to every receiver: no panic, and one of
// the answers that a body can have.
func FuzzReceiver(f *testing.F) {
	subjects := subjects()
	handlers := make([]http.Handler, len(subjects))
	for i, sub := range subjects {
		handler, err := sub.build(setup{secrets: []shotengai.Secret{secretNew}, calls: &recorder{}})
		require.NoError(f, err)
		handlers[i] = handler
		f.Add(i, sub.event(1, secretNew).Body)
		for _, body := range sub.broken {
			f.Add(i, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, n int, body []byte) {
		i := uint(n) % uint(len(subjects))
		w := serve(t, handlers[i], subjects[i].resign(body, secretNew))
		switch w.Code {
		case http.StatusOK, http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge:
		case http.StatusUnauthorized: // the authKey is a part of the body
			require.Empty(t, subjects[i].signature)
		default:
			t.Fatalf("%d for %q", w.Code, body)
		}
	})
}

// FuzzContentType sends any content types with a genuine body: it is taken under one of the
// names of its own type in UTF-8, and refused as of another under any other.
func FuzzContentType(f *testing.F) {
	subjects := subjects()
	handlers := make([]http.Handler, len(subjects))
	for i, sub := range subjects {
		handler, err := sub.build(setup{secrets: []shotengai.Secret{secretNew}, calls: &recorder{}})
		require.NoError(f, err)
		handlers[i] = handler
		for _, contentType := range append(sub.format.contentTypes, sub.format.foreign...) {
			f.Add(i, contentType, "")
		}
		f.Add(i, sub.format.contentTypes[0], sub.format.contentTypes[0])
	}
	f.Fuzz(func(t *testing.T, n int, one, two string) {
		i := uint(n) % uint(len(subjects))
		types := []string{one}
		if two != "" {
			types = append(types, two)
		}
		code := serve(t, handlers[i], with(subjects[i].event(1, secretNew), "Content-Type", types...)).Code
		mediaType, params, err := mime.ParseMediaType(one)
		names := []string{"application/json"}
		if subjects[i].format.xml {
			names = []string{"text/xml", "application/xml"}
		}
		charset, named := params["charset"]
		want := http.StatusUnsupportedMediaType
		if err == nil && two == "" && slices.Contains(names, mediaType) && (!named || strings.EqualFold(charset, "utf-8")) {
			want = http.StatusOK
		}
		require.Equal(t, want, code, "%q %q", one, two)
	})
}

// FuzzDeliveredWasSigned sends any body with any signature to every receiver that verifies
// one; without a signature it is the right one. What is accepted was signed, by a MAC that is
// computed here, and what reaches the application's function is what was signed.
func FuzzDeliveredWasSigned(f *testing.F) {
	type target struct {
		handler http.Handler
		event   hookstest.Event
		header  string
		calls   *recorder
	}
	now := time.Now()
	var targets []target
	for _, sub := range subjects() {
		if !isSigned(sub) {
			continue
		}
		s := setup{secrets: []shotengai.Secret{secretNew}, calls: &recorder{}}
		s.options.Now = func() time.Time { return now }
		handler, err := sub.build(s)
		require.NoError(f, err)
		event := sub.event(1, secretNew)
		right := event.Header.Get(sub.signature)
		f.Add(len(targets), event.Body, "")
		f.Add(len(targets), event.Body, right)
		f.Add(len(targets), append(bytes.Clone(event.Body), ' '), right)
		f.Add(len(targets), bytes.Replace(event.Body, []byte("1"), []byte("2"), 1), right)
		f.Add(len(targets), bytes.Replace(event.Body, []byte("1"), []byte("2"), 1), "")
		f.Add(len(targets), event.Body[1:], right)
		targets = append(targets, target{handler, event, sub.signature, s.calls})
	}
	f.Fuzz(func(t *testing.T, n int, body []byte, signature string) {
		target := targets[uint(n)%uint(len(targets))]
		h := hmac.New(sha256.New, []byte(secretNew))
		encode := base64.StdEncoding.EncodeToString
		if target.header == hooks.MakeShopSignatureHeader {
			h.Write([]byte(target.event.Header.Get(hooks.MakeShopTimestampHeader) + "."))
			encode = hex.EncodeToString
		}
		h.Write(body)
		right := encode(h.Sum(nil))
		if signature == "" {
			signature = right
		}
		before := target.calls.count()
		code := serve(t, target.handler, with(withBody(target.event, body), target.header, signature)).Code
		if code == http.StatusOK {
			require.Equal(t, right, signature)
		}
		if target.calls.count() > before {
			require.Equal(t, http.StatusOK, code)
			require.Equal(t, string(body), string(target.calls.raw))
		}
	})
}

func seedBodies(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("testdata/colorme-*")
	require.NoError(f, err)
	for _, name := range files {
		body, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(body)
	}
	for _, sub := range subjects() {
		f.Add(sub.event(1, secretNew).Body)
		for _, body := range sub.broken {
			f.Add([]byte(body))
		}
	}
	f.Add([]byte(shopifyDataRequest))
	f.Add([]byte(shopifyRedactOne))
	f.Add(bytes.Repeat([]byte("["), 200))
	f.Add(bytes.Repeat([]byte("<a>"), 200))
}

// failure is what a parser may fail with.
func failure(t *testing.T, err error, body []byte) {
	t.Helper()
	if !errors.Is(err, hooks.ErrPayload) {
		t.Fatalf("%q: %v is no ErrPayload", body, err)
	}
}

func FuzzParseColorMeInstall(f *testing.F) {
	seedBodies(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		event, err := hooks.ParseColorMeInstall(body)
		if err != nil {
			failure(t, err, body)
			return
		}
		again, err := hooks.ParseColorMeInstall(hookstest.ColorMeInstall(*event, secretNew).Body)
		require.NoError(t, err)
		event.Raw, again.Raw = nil, nil
		require.Equal(t, event, again)
	})
}

func FuzzParseColorMeUninstall(f *testing.F) {
	seedBodies(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		event, err := hooks.ParseColorMeUninstall(body)
		if err != nil {
			failure(t, err, body)
			return
		}
		again, err := hooks.ParseColorMeUninstall(hookstest.ColorMeUninstall(*event, secretNew).Body)
		require.NoError(t, err)
		event.Raw, again.Raw = nil, nil
		require.Equal(t, event, again)
	})
}

func FuzzParseMakeShop(f *testing.F) {
	seedBodies(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		install, err := hooks.ParseMakeShopInstall(body)
		if err != nil {
			failure(t, err, body)
		} else {
			again, err := hooks.ParseMakeShopInstall(hookstest.MakeShopInstallBody(*install))
			require.NoError(t, err)
			install.Raw, again.Raw = nil, nil
			require.Equal(t, install, again)
		}
		event, err := hooks.ParseMakeShopEvent(hooks.MakeShopOrderUpdateKind, body)
		if err != nil {
			failure(t, err, body)
			return
		}
		require.True(t, json.Valid(event.Raw))
	})
}

func FuzzParseRakuten(f *testing.F) {
	seedBodies(f)
	f.Add(hookstest.RakutenNotices(rakutenNotices(1, "r"), secretNew).Body)
	f.Fuzz(func(t *testing.T, body []byte) {
		orders, err := hooks.ParseRakutenOrders(body)
		if err == nil {
			again, err := hooks.ParseRakutenOrders(hookstest.RakutenOrders(*orders, secretNew).Body)
			require.NoError(t, err)
			orders.Raw, again.Raw = nil, nil
			require.Equal(t, orders, again)
		} else {
			failure(t, err, body)
		}
		if _, err := hooks.ParseRakutenNotices(body); err != nil {
			failure(t, err, body)
		}
		if err := hooks.VerifyRakuten(body, secretNew); err != nil && !errors.Is(err, hooks.ErrAuthKey) {
			failure(t, err, body)
		}
	})
}

func FuzzParseShopify(f *testing.F) {
	for _, body := range []string{shopifyGone, shopifyDataRequest, shopifyRedactOne, shopifyRedactShop, "{}", "[]"} {
		f.Add("app/uninstalled", "SHOP", []byte(body))
		f.Add("shop/redact", "SHOP", []byte(body))
		f.Add("customers/redact", "", []byte(body))
		f.Add("customers/data_request", "x", []byte(body))
		f.Add("orders/create", "x", []byte(body))
	}
	f.Fuzz(func(t *testing.T, topic, shop string, body []byte) {
		header := http.Header{hooks.ShopifyTopicHeader: {topic}, hooks.ShopifyShopHeader: {shop}}
		if _, err := hooks.ParseShopify(header, body); err != nil {
			failure(t, err, body)
		}
	})
}

// FuzzMakeShopSignature sends any signature and timestamp: success only for a right
// signature over a time within the tolerance.
func FuzzMakeShopSignature(f *testing.F) {
	now := time.Unix(1_760_000_000, 0)
	body := []byte(`{"shop_id":"s"}`)
	f.Add("1760000000", "", true)
	f.Add("1e9", "", true)
	f.Add("-1", "00", false)
	calls := &recorder{}
	m, err := makeShopReceiver(signed, setup{secrets: []shotengai.Secret{secretNew}, calls: calls, options: hooks.Options{Now: func() time.Time { return now }}})
	require.NoError(f, err)
	handler := m.Handler(hooks.MakeShopUninstallKind)
	f.Fuzz(func(t *testing.T, stamp, signature string, signed bool) {
		h := hmac.New(sha256.New, []byte(secretNew))
		h.Write([]byte(stamp + "." + string(body)))
		right := hex.EncodeToString(h.Sum(nil))
		if signed {
			signature = right
		}
		req := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		req.Header["Content-Type"] = []string{"application/json"}
		req.Header[hooks.MakeShopSignatureHeader] = []string{signature}
		req.Header[hooks.MakeShopTimestampHeader] = []string{stamp}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req)
		if w.Code == http.StatusOK {
			seconds, err := strconv.ParseInt(stamp, 10, 64)
			require.NoError(t, err)
			require.Equal(t, right, signature)
			require.WithinDuration(t, now, time.Unix(seconds, 0), 5*time.Minute)
		}
	})
}
