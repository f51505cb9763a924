package httpx

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"slices"
	"strings"
)

// redacted is what stands in the place of a credential.
const redacted = "[redacted]"

// shortest is the length from which a credential is masked. A shorter one occurs by chance
// in any text.
const shortest = 6

// Redactor masks what was sent as a credential wherever an answer quotes it. The zero
// Redactor masks nothing.
type Redactor struct{ secrets []string }

// NewRedactor returns a Redactor for credentials, each in the encodings in which an answer
// may quote it.
func NewRedactor(credentials ...string) Redactor {
	var r Redactor
	for _, credential := range credentials {
		r.add(credential)
	}
	// The longest first, so that no part of it remains.
	slices.SortFunc(r.secrets, func(a, b string) int { return len(b) - len(a) })
	r.secrets = slices.Compact(r.secrets)
	return r
}

// HeaderCredentials returns what the values of header fields hold as credentials: each
// value, what follows its scheme, and what that is in base64 with its parts.
func HeaderCredentials(values ...string) []string {
	var credentials []string
	for _, value := range values {
		credentials = append(credentials, value)
		scheme, token, found := strings.Cut(value, " ")
		if !found {
			token = scheme
		}
		credentials = append(credentials, token)
		plain, err := base64.StdEncoding.DecodeString(token)
		if err != nil || !printable(plain) {
			continue
		}
		first, second, _ := strings.Cut(string(plain), ":")
		credentials = append(credentials, string(plain), first, second)
	}
	return credentials
}

func printable(data []byte) bool {
	return !slices.ContainsFunc(data, func(c byte) bool { return c < ' ' || c >= 0x7f })
}

func (r *Redactor) add(credential string) {
	if len(credential) < shortest {
		return
	}
	quoted, _ := json.Marshal(credential)
	var plain strings.Builder // JSON as most servers write it
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(credential)
	r.secrets = append(
		r.secrets, credential, url.QueryEscape(credential), url.PathEscape(credential), html.EscapeString(credential),
		string(quoted[1:len(quoted)-1]), strings.Trim(plain.String(), "\"\n"), base64.StdEncoding.EncodeToString([]byte(credential)),
		base64.RawURLEncoding.EncodeToString([]byte(credential)),
	)
}

// Text returns s with all credentials masked.
func (r Redactor) Text(s string) string {
	for _, secret := range r.secrets {
		s = strings.ReplaceAll(s, secret, redacted)
	}
	return s
}

// Bytes is Text for bytes. It returns a copy.
func (r Redactor) Bytes(b []byte) []byte { return []byte(r.Text(string(b))) }

// Error returns err, or one whose text has all credentials masked and that matches what
// err matches.
func (r Redactor) Error(err error) error {
	if err == nil {
		return nil
	}
	if text := err.Error(); r.Text(text) != text {
		return Masked(r.Text(text), err)
	}
	return err
}

// Masked returns an error with another text. What it masks can be asked for by errors.Is,
// and not be printed.
func Masked(text string, cause error) error { return &masked{text, cause} }

type masked struct {
	text  string
	cause error
}

func (m *masked) Error() string { return m.text }

func (m *masked) Is(target error) bool { return errors.Is(m.cause, target) }
