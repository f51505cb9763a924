package oauthtest

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// Malformed is a way in which a token answer can be wrong. The tokens have been issued
// by then, so a client that ends there has lost them.
type Malformed struct {
	// Name is what is wrong.
	Name string
	// Usable reports that a client should take the tokens all the same.
	Usable bool

	status      int
	contentType string
	member      string
	value       any // of the member; missing removes it, raw stands for itself
	body        func(good []byte) []byte
}

type (
	missing struct{}
	raw     string
)

func (r raw) MarshalJSON() ([]byte, error) { return []byte(r), nil }

// Malformations lists all of them.
func Malformations() []Malformed {
	return []Malformed{
		{Name: "expires_in missing", Usable: true, member: "expires_in", value: missing{}},
		{Name: "expires_in null", Usable: true, member: "expires_in", value: nil},
		{Name: "expires_in zero", Usable: true, member: "expires_in", value: 0},
		{Name: "expires_in negative", Usable: true, member: "expires_in", value: -300},
		{Name: "expires_in huge", Usable: true, member: "expires_in", value: raw("1e300")},
		{Name: "expires_in beyond floats", Usable: true, member: "expires_in", value: raw("1e999999")},
		{Name: "expires_in float", Usable: true, member: "expires_in", value: raw("300.0")},
		{Name: "expires_in fraction", Usable: true, member: "expires_in", value: raw("299.5")},
		{Name: "expires_in exponent", Usable: true, member: "expires_in", value: raw("3e2")},
		{Name: "expires_in string", Usable: true, member: "expires_in", value: "300"},
		{Name: "expires_in words", Usable: true, member: "expires_in", value: "soon"},
		{Name: "expires_in object", Usable: true, member: "expires_in", value: raw(`{"seconds":300}`)},
		{Name: "token_type in capitals", Usable: true, member: "token_type", value: "BEARER"},
		{Name: "token_type missing", Usable: true, member: "token_type", value: missing{}},
		{Name: "token_type unknown", member: "token_type", value: "mac"},
		{Name: "id_token missing", Usable: true, member: "id_token", value: missing{}},
		{Name: "text/plain", Usable: true, contentType: "text/plain"},
		{Name: "no content type", Usable: true, contentType: "-"},
		{Name: "error null beside the tokens", Usable: true, member: "error", value: nil},
		{Name: "error with 200", body: fixed(`{"error":"invalid_request","error_description":"no"}`)},
		{Name: "HTML with 200", contentType: "text/html", body: fixed("<!DOCTYPE html><html><body>Maintenance</body></html>")},
		{Name: "empty with 200", body: fixed("")},
		{Name: "no content", status: http.StatusNoContent, body: fixed("")},
		{Name: "null", body: fixed("null")},
		{Name: "array", body: func(good []byte) []byte { return []byte("[" + string(good) + "]") }},
		{Name: "cut short", body: func(good []byte) []byte { return good[:len(good)-10] }},
		{Name: "trailing garbage", body: func(good []byte) []byte { return append(good, "}}"...) }},
		{Name: "two documents", body: func(good []byte) []byte { return append(good, good...) }},
		{Name: "duplicate keys", body: func(good []byte) []byte {
			return append([]byte(`{"access_token":"at-first",`), good[1:]...)
		}},
		{Name: "keys that differ by case", body: func(good []byte) []byte {
			return append([]byte(`{"ACCESS_TOKEN":"at-first",`), good[1:]...)
		}},
		{Name: "invalid UTF-8", body: func(good []byte) []byte {
			return append([]byte("{\"note\":\"\xff\","), good[1:]...)
		}},
		{Name: "more than 1 MiB", body: func(good []byte) []byte {
			return append(good, bytes.Repeat([]byte(" "), 1<<20)...)
		}},
		{Name: "access token missing", member: "access_token", value: missing{}},
		{Name: "access token empty", member: "access_token", value: ""},
		{Name: "access token a number", member: "access_token", value: 12345},
		{Name: "access token with CR LF", member: "access_token", value: "at\r\nX-Evil: 1"},
		{Name: "access token with NUL", member: "access_token", value: "at\x00"},
		{Name: "access token over 16 KiB", member: "access_token", value: strings.Repeat("a", 16<<10+1)},
		{Name: "refresh token with LF", member: "refresh_token", value: "rt\n"},
	}
}

func fixed(body string) func([]byte) []byte {
	return func([]byte) []byte { return []byte(body) }
}

// malformed is one with the number of answers it still applies to.
type malformed struct {
	Malformed
	left int
}

// Malform spoils the next n successful token answers; a negative n means all until
// Heal.
func (a *Authority) Malform(n int, how Malformed) {
	if n == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.malformed = append(a.malformed, &malformed{how, n})
}

func (a *Authority) nextMalformed() *malformed {
	if len(a.malformed) == 0 {
		return nil
	}
	next := a.malformed[0]
	if next.left > 0 {
		next.left--
	}
	if next.left == 0 {
		a.malformed = a.malformed[1:]
	}
	return next
}

func (m *malformed) write(w http.ResponseWriter, answer map[string]any) {
	if m.member != "" {
		answer[m.member] = m.value
		if _, gone := m.value.(missing); gone {
			delete(answer, m.member)
		}
	}
	body := fake.JSON(answer)
	if m.body != nil {
		body = m.body(body)
	}
	switch m.contentType {
	case "":
		w.Header().Set("Content-Type", "application/json")
	case "-":
		w.Header()["Content-Type"] = nil
	default:
		w.Header().Set("Content-Type", m.contentType)
	}
	if m.status != 0 {
		w.WriteHeader(m.status)
	}
	_, _ = w.Write(body)
}
