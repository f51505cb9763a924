package oauth

import (
	"crypto/subtle"
	"encoding/base64"
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

const (
	accessToken  = "access_token"
	refreshToken = "refresh_token"
)

func (a *answer) success() bool { return a.status >= 200 && a.status < 300 }

// members finds in an answer what it says of a grant.
func (a *answer) members() (m members, ends bool) {
	return scan(a.body, accessToken, refreshToken, "error")
}

// grant reads the answer to an exchange. It takes nothing that could be read in two ways:
// the owner is there, and can begin again. A grant that comes with an error is to be revoked.
func (c *tokenCall) grant(a *answer) (*Grant, error) {
	m, _ := a.members()
	if !a.success() || m.refusal() {
		return nil, c.refused(a, m)
	}
	g, err := c.tokens(a, m)
	if strict := strictjson.CheckObject(a.body); strict != nil {
		err = strict
	} else if err == nil {
		err = g.details(m)
	}
	if err != nil {
		return g, c.unusable(a, m, err)
	}
	return g, nil
}

// renewed reads the answer to a refresh. The old refresh token may be spent by then, so that
// nothing counts but the tokens: if each is there with one value that can be sent, the grant
// is taken, and flaw is what else is wrong with the answer. Where the answer broke off,
// broken is why, and what has come of it is read.
func (c *tokenCall) renewed(a *answer, nonce shotengai.Secret, broken error) (g *Grant, flaw, err error) {
	m, ends := a.members()
	g, err = c.tokens(a, m)
	both := err == nil && g.RefreshToken != ""
	switch {
	case !a.success(), !both && m.refusal():
		return nil, nil, c.refused(a, m)
	case !both && broken != nil:
		return nil, nil, broken
	case !both && err == nil && !ends:
		err = errors.New("no " + refreshToken)
	}
	if e, ok := errors.AsType[*callError](broken); ok {
		flaw = e.cause
	} else {
		flaw = strictjson.CheckObject(a.body)
	}
	if err != nil {
		return nil, nil, c.unusable(a, m, joined(err, flaw))
	}
	if m.refusal() {
		flaw = joined(errors.New("an error beside the tokens"), flaw)
	}
	flaw = joined(g.details(m), flaw)
	if flaw = joined(g.checkNonce(nonce), flaw); flaw != nil {
		flaw = c.odd(a, g, flaw)
	}
	return g, flaw, nil
}

// joined is errors.Join on one line.
func joined(a, b error) error {
	if a == nil || b == nil {
		return errors.Join(a, b)
	}
	return fmt.Errorf("%w; %w", a, b)
}

// tokens takes over the tokens of an answer, each only in a form that can be stored and
// sent, and their times.
func (c *tokenCall) tokens(a *answer, m members) (*Grant, error) {
	g := &Grant{TokenType: "Bearer", ObtainedAt: a.sentAt}
	for _, field := range []struct {
		name     string
		into     *shotengai.Secret
		required bool
	}{
		{accessToken, &g.AccessToken, true},
		{refreshToken, &g.RefreshToken, false},
	} {
		value, err := m.unique(field.name)
		switch {
		case err != nil:
			return nil, err
		case value == "" && field.required:
			return nil, fmt.Errorf("no %s", field.name)
		case len(value) > maxToken:
			return nil, fmt.Errorf("%s is longer than %d bytes", field.name, maxToken)
		case !visible(value):
			return nil, fmt.Errorf("%s holds white space, control characters or characters beyond ASCII", field.name)
		}
		*field.into = shotengai.Secret(value)
	}
	if lifetime, ends := c.lifetime(m.last("expires_in")); ends {
		g.Expiry = a.sentAt.Add(lifetime)
	}
	if g.RefreshToken != "" && c.RefreshLifetime > 0 {
		g.RefreshExpiry = a.sentAt.Add(c.RefreshLifetime)
	}
	return g, nil
}

// details takes over what an answer says beside the tokens, and returns what is wrong with
// the token type. A scope or an ID token that is no text is as good as absent.
func (g *Grant) details(m members) error {
	if token, err := m.text("id_token"); err == nil {
		g.IDToken = shotengai.Secret(token)
	}
	if scope, err := m.text("scope"); err == nil && scope != "" {
		g.Scopes = strings.Fields(scope)
	}
	tokenType, err := m.text("token_type")
	if err == nil && tokenType != "" && !strings.EqualFold(tokenType, "bearer") {
		err = errors.New("token_type is not bearer")
	}
	return err
}

// checkNonce drops the ID token of a refresh whose nonce is that of another login.
func (g *Grant) checkNonce(want shotengai.Secret) error {
	nonce := nonceOf(g.IDToken.Reveal())
	if want == "" || nonce == "" || subtle.ConstantTimeCompare([]byte(nonce), []byte(want.Reveal())) == 1 {
		return nil
	}
	g.IDToken = ""
	return errors.New("the ID token has the nonce of another login")
}

// nonceOf reads the nonce of an ID token without verifying anything; "" if there is none.
func nonceOf(token string) (nonce string) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	var claims map[string]json.RawMessage
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	_ = json.Unmarshal(payload, &claims)
	_ = json.Unmarshal(claims["nonce"], &nonce)
	return nonce
}

// lifetime reads expires_in, which platforms spell as a number or a string, and reports
// whether the token's end is known. What cannot be read is as good as absent; a part of a
// second is dropped. What leaves less than a second is a mistake of the platform's: such a
// token is used until it is refused.
func (p *Provider) lifetime(raw json.RawMessage) (lifetime time.Duration, ends bool) {
	number := strings.Trim(string(raw), "\" ")
	seconds, err := strconv.ParseFloat(number, 64)
	if !json.Valid([]byte(number)) || err != nil && !errors.Is(err, strconv.ErrRange) {
		return p.AccessLifetime, p.AccessLifetime > 0
	}
	seconds = math.Floor(min(max(seconds, 0), maxLifetime.Seconds()))
	return time.Duration(seconds) * time.Second, seconds > 0
}

// visible reports whether s can go into a header as it is.
func visible(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// refused describes an answer that is a refusal.
func (c *tokenCall) refused(a *answer, m members) error {
	e := c.tokenError(a)
	code, _ := m.text("error")
	description, _ := m.text("error_description")
	e.Code = text.Excerpt([]byte(c.redact(code)), maxErrorCode)
	e.Description = text.Excerpt([]byte(c.redact(description)), maxDescription)
	e.reason = c.reason(a.status, code)
	if code == "" && errors.Is(e.reason, ErrClientConfig) {
		e.cause = c.elsewhere()
	}
	return e
}

// elsewhere names the address of an answer that does not look like one of a token endpoint.
func (c *tokenCall) elsewhere() error {
	return fmt.Errorf("%s does not answer as a token endpoint", c.address)
}

// unusable describes an answer that should be a grant and cannot be read as one. If it has a
// token in it, if not a usable one, it is the answer of the token endpoint itself: what was
// asked for has happened.
func (c *tokenCall) unusable(a *answer, m members, cause error) error {
	e := c.tokenError(a)
	e.spent = m[accessToken] != nil || m[refreshToken] != nil
	if !e.spent {
		cause = joined(cause, c.elsewhere())
	}
	e.reason, e.cause = shotengai.ErrOutcomeUnknown, cause
	return e
}

// odd describes an answer that a grant was taken from.
func (c *tokenCall) odd(a *answer, g *Grant, flaw error) error {
	c.sent = httpx.NewRedactor(append(c.secrets, g.AccessToken.Reveal(), g.RefreshToken.Reveal(), g.IDToken.Reveal())...)
	e := c.tokenError(a)
	e.cause = flaw
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
	known := codes[code]
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return ErrTemporary
	case status >= 500, status == http.StatusRequestTimeout:
		return shotengai.ErrOutcomeUnknown
	case slices.Contains(p.InvalidGrantCodes, code):
		return ErrInvalidGrant
	case known != nil:
		return known
	case status >= 300:
		return ErrClientConfig
	}
	return shotengai.ErrOutcomeUnknown // a success with an error that nobody has described
}

// codes are what the codes of RFC 6749 and OpenID Connect mean, in an answer of the token
// endpoint as in a redirect. Of access_denied see [ErrDenied].
var codes = map[string]error{
	"server_error":            shotengai.ErrOutcomeUnknown,
	"temporarily_unavailable": ErrTemporary,

	"invalid_grant":              ErrInvalidGrant,
	"login_required":             ErrInvalidGrant,
	"consent_required":           ErrInvalidGrant,
	"interaction_required":       ErrInvalidGrant,
	"account_selection_required": ErrInvalidGrant,

	"invalid_request":            ErrClientConfig,
	"invalid_client":             ErrClientConfig,
	"invalid_scope":              ErrClientConfig,
	"unauthorized_client":        ErrClientConfig,
	"unsupported_grant_type":     ErrClientConfig,
	"unsupported_response_type":  ErrClientConfig,
	"invalid_request_uri":        ErrClientConfig,
	"invalid_request_object":     ErrClientConfig,
	"request_not_supported":      ErrClientConfig,
	"request_uri_not_supported":  ErrClientConfig,
	"registration_not_supported": ErrClientConfig,
}

func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := h.Get(name); id != "" {
			return text.Excerpt([]byte(id), maxRequestID)
		}
	}
	return ""
}
