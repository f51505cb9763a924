package oauth_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/oauth"
	"github.com/shotengai/shotengai-go/oauth/oauthtest"
	"github.com/shotengai/shotengai-go/shotengaitest"
)

// The marks are what a log must not show. Some are short and plain, so that nothing but
// knowing them or their names can hide them.
const (
	markSecret   = "marked-client-secret"
	markCode     = "marked/code"
	markRefresh  = "markedrefresh"
	markAccess   = "markedaccess"
	markID       = "markedid"
	markVerifier = "marked-verifier-0123456789-0123456789-0123456"
	markNonce    = "markednonce"
)

// leaks lists the marks in everything that can be printed of v.
func leaks(v any, marks ...string) []string {
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Error("failed", "value", v)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&log, verb+"\n", v)
	}
	encoded, _ := json.Marshal(v)
	log.Write(encoded)
	if err, ok := v.(error); ok {
		if e, ok := errors.AsType[*oauth.TokenError](err); ok {
			log.WriteString(e.Body + e.Description + e.Code + e.RequestID)
			fmt.Fprintf(&log, "%+v", *e)
		}
	}
	var found []string
	for _, mark := range marks {
		for _, spelling := range []string{mark, url.QueryEscape(mark), fmt.Sprintf("%x", mark)} {
			if strings.Contains(log.String(), spelling) {
				found = append(found, mark+" in "+log.String())
			}
		}
	}
	return found
}

// echoes are answers that quote everything that was sent.
func echoes() []shotengaitest.Fault {
	tokens := `"access_token":"` + markAccess + `","refresh_token":"` + markRefresh + `-new","id_token":"` + markID + `"`
	request := "client_secret=" + markSecret + "&code=" + markCode + "&refresh_token=" + markRefresh + "&code_verifier=" + markVerifier
	random := "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"
	bodies := []string{
		`{"error":"invalid_grant","error_description":"bad ` + strings.ReplaceAll(request, "&", " ") + `"}`,
		`{"error":"` + markCode + `","error_description":"` + markSecret + `"}`,
		`{` + tokens + `,"token_type":"mac"}`,
		`{` + tokens + `}}`,
		`[{` + tokens + `}]`,
		`{"access_token":["` + markAccess + `"],"refresh_token":{"a":"` + markRefresh + `"}}`,
		`{"access_token":"` + markAccess + "\\r\\n" + `"}`,
		`{"data":"{\"access_token\":\"` + markAccess + `\"}"}`,
		`access_token=` + markAccess + `&refresh_token=` + markRefresh,
		`<html><body>POST ` + request + ` ` + url.QueryEscape(markVerifier) + `</body></html>`,
		`{"token":"` + random + `"}`,
		strings.Repeat(" ", 2000) + `{"access_token":"` + markAccess + `"`,
	}
	var faults []shotengaitest.Fault
	for _, status := range []int{200, 400, 401, 500} {
		for _, body := range bodies {
			faults = append(faults, shotengaitest.Fault{Status: status, Body: body, Header: http.Header{"X-Request-Id": {"ok"}}})
		}
	}
	return append(faults,
		shotengaitest.Fault{Reset: true},
		shotengaitest.Fault{ResetAfter: true},
		shotengaitest.Fault{Body: `{` + tokens + `}`, Truncate: 40},
		shotengaitest.Fault{Status: 307, Header: http.Header{"Location": {"http://127.0.0.1:1/?" + request}}},
		shotengaitest.Fault{Status: 302, Header: http.Header{"Location": {"://" + markSecret}}},
	)
}

// TestH22SecretsStayOut runs the error paths with marked secrets.
func TestH22SecretsStayOut(t *testing.T) {
	t.Parallel()
	config := oauthtest.MakeShop()
	config.ClientSecret = markSecret
	srv := startServer(t, config)
	marks := []string{
		markSecret, markCode, markRefresh, markAccess, markID, markVerifier, markNonce,
		"Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA", "Y2xpZW50LWlkOm1hcmtlZC1jbGllbnQtc2VjcmV0",
	}
	later := slices.DeleteFunc(slices.Clone(marks), func(m string) bool { return m == markCode }) // spent by then
	grant := &oauth.Grant{AccessToken: markAccess, RefreshToken: markRefresh, IDToken: markID}
	for _, style := range []oauth.AuthStyle{oauth.SecretInBody, oauth.SecretInHeader} {
		p := makeshop(t, srv)
		p.Client.Secret = markSecret
		p.AuthStyle = style
		p.RevokeURL = p.TokenURL
		for i, fault := range echoes() {
			begun, err := p.Begin()
			require.NoError(t, err)
			begun.Verifier, begun.Nonce = markVerifier, markNonce
			fault.Path = "/oauth2/token"

			srv.Fail(1, fault)
			_, err = p.Exchange(t.Context(), begun, url.Values{"state": {begun.State}, "code": {markCode}})
			require.Error(t, err)
			assert.Empty(t, leaks(err, marks...), "exchange %d", i)

			srv.Fail(1, fault)
			if _, err = p.Refresh(t.Context(), grant); err != nil {
				assert.Empty(t, leaks(err, later...), "refresh %d", i)
			}

			srv.Fail(1, fault)
			if err = p.Revoke(t.Context(), grant); err != nil {
				assert.Empty(t, leaks(err, later...), "revoke %d", i)
			}
			srv.Heal()
			assert.Empty(t, leaks(begun, markVerifier))
		}
		assert.Empty(t, leaks(p.Client, marks...))
		assert.Empty(t, leaks(*p, markSecret))
	}
	assert.Empty(t, leaks(grant, marks...))
	assert.Empty(t, leaks(*grant, marks...))
}

// TestH22NotHTTP answers with something that net/http would quote in its error.
func TestH22NotHTTP(t *testing.T) {
	t.Parallel()
	p := rawServer(t, markAccess+" "+markRefresh+"\r\n\r\n")
	_, err := p.Refresh(t.Context(), &oauth.Grant{RefreshToken: markRefresh})
	assertReason(t, err, shotengai.ErrOutcomeUnknown, "not HTTP")
	assert.Empty(t, leaks(err, markAccess, markRefresh))
}
