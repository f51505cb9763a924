package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go"
	"github.com/shotengai/shotengai-go/internal/httpx"
	"github.com/shotengai/shotengai-go/internal/strictjson"
	"github.com/shotengai/shotengai-go/internal/text"
)

const (
	// maxToken is how long a token may be, in bytes.
	maxToken = 16 << 10
	// maxLifetime bounds what expires_in can promise.
	maxLifetime = 366 * 24 * time.Hour

	maxErrorCode   = 100
	maxDescription = 300
	maxRequestID   = 128
)

// grant reads the answer to an exchange or a refresh.
func (c *tokenCall) grant(a *answer) (*Grant, error) {
	m := members(a.body)
	if a.status < 200 || a.status >= 300 || refusal(m) {
		return nil, c.refused(a, m)
	}
	if err := strictjson.CheckObject(a.body); err != nil {
		return nil, c.unusable(a, err)
	}
	g := &Grant{TokenType: "Bearer", ObtainedAt: a.sentAt}
	if err := g.read(m); err != nil {
		return nil, c.unusable(a, err)
	}
	if lifetime, ends := c.lifetime(m["expires_in"]); ends {
		g.Expiry = a.sentAt.Add(lifetime)
	}
	if g.RefreshToken != "" && c.RefreshLifetime > 0 {
		g.RefreshExpiry = a.sentAt.Add(c.RefreshLifetime)
	}
	return g, nil
}

// read takes over the members of an answer, each only in a form that can be stored and
// sent.
func (g *Grant) read(m map[string]json.RawMessage) error {
	for _, field := range []struct {
		name     string
		into     *shotengai.Secret
		required bool
	}{
		{"access_token", &g.AccessToken, true},
		{"refresh_token", &g.RefreshToken, false},
	} {
		value, err := stringMember(m, field.name)
		switch {
		case err != nil:
			return err
		case value == "" && field.required:
			return fmt.Errorf("no %s", field.name)
		case len(value) > maxToken:
			return fmt.Errorf("%s is longer than %d bytes", field.name, maxToken)
		case !visible(value):
			return fmt.Errorf("%s holds white space, control characters or characters beyond ASCII", field.name)
		}
		*field.into = shotengai.Secret(value)
	}
	tokenType, err := stringMember(m, "token_type")
	if err != nil {
		return err
	}
	if tokenType != "" && !strings.EqualFold(tokenType, "bearer") {
		return errors.New("token_type is not bearer")
	}
	// The rest must not cost the grant: a rotating server has issued it by now.
	if token, err := stringMember(m, "id_token"); err == nil {
		g.IDToken = shotengai.Secret(token)
	}
	if scope, err := stringMember(m, "scope"); err == nil && scope != "" {
		g.Scopes = strings.Fields(scope)
	}
	return nil
}

// lifetime reads expires_in, which platforms spell as a number or a string, and reports
// whether the token ends at all. What cannot be read is as good as absent; a part of a
// second is dropped.
func (p *Provider) lifetime(raw json.RawMessage) (lifetime time.Duration, ends bool) {
	number := strings.Trim(string(raw), "\" ")
	seconds, err := strconv.ParseFloat(number, 64)
	if !json.Valid([]byte(number)) || err != nil && !errors.Is(err, strconv.ErrRange) {
		return p.AccessLifetime, p.AccessLifetime > 0
	}
	seconds = math.Floor(min(max(seconds, 0), maxLifetime.Seconds()))
	return time.Duration(seconds) * time.Second, true
}

// members returns the members of a JSON object, nil for anything else.
func members(body []byte) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(body, &m) != nil {
		return nil
	}
	return m
}

// stringMember returns a member that is a string; absent and null are "".
func stringMember(m map[string]json.RawMessage, name string) (string, error) {
	var s string
	if raw, ok := m[name]; ok && json.Unmarshal(raw, &s) != nil {
		return "", fmt.Errorf("%s is not a string", name)
	}
	return s, nil
}

// refusal reports whether a body says no, which may also come with a status of success.
func refusal(m map[string]json.RawMessage) bool {
	raw, ok := m["error"]
	return ok && string(raw) != "null" && string(raw) != `""`
}

// visible reports whether s can go into a header as it is.
func visible(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// refused describes an answer that is a refusal.
func (c *tokenCall) refused(a *answer, m map[string]json.RawMessage) error {
	e := c.tokenError(a)
	code, _ := stringMember(m, "error")
	description, _ := stringMember(m, "error_description")
	e.Code = text.Excerpt([]byte(c.redact(code)), maxErrorCode)
	e.Description = text.Excerpt([]byte(c.redact(description)), maxDescription)
	e.reason = c.reason(a.status, code)
	return e
}

// unusable describes an answer that should be a grant and cannot be read as one.
func (c *tokenCall) unusable(a *answer, cause error) error {
	e := c.tokenError(a)
	e.reason, e.cause = shotengai.ErrOutcomeUnknown, cause
	return e
}

func (c *tokenCall) tokenError(a *answer) *TokenError {
	e := &TokenError{
		Platform:   c.Name,
		Op:         c.op,
		StatusCode: a.status,
		RequestID:  requestID(a.header),
		Body:       text.Excerpt([]byte(c.redact(string(a.body[:min(len(a.body), 8*text.MaxExcerpt)]))), text.MaxExcerpt),
	}
	e.RetryAfter, _ = httpx.ParseRetryAfter(a.header, now())
	return e
}

// reason returns what a refusal means for the grant.
func (p *Provider) reason(status int, code string) error {
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return ErrTemporary
	case status >= 500, status == http.StatusRequestTimeout, code == "server_error":
		return shotengai.ErrOutcomeUnknown
	case code == "temporarily_unavailable":
		return ErrTemporary
	case code == "invalid_grant", slices.Contains(p.InvalidGrantCodes, code):
		return ErrInvalidGrant
	case status >= 300, slices.Contains(configCodes, code):
		return ErrClientConfig
	}
	return shotengai.ErrOutcomeUnknown // a success with an error that nobody has described
}

// configCodes are the codes of RFC 6749 that lie with the app.
var configCodes = []string{
	"invalid_request", "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
}

func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := h.Get(name); id != "" {
			return text.Excerpt([]byte(id), maxRequestID)
		}
	}
	return ""
}
