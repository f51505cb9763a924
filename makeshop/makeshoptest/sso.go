package makeshoptest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
	"github.com/shotengai/shotengai-go/makeshop"
)

// codeLife is how long a code can be exchanged; the platform does not say.
const codeLife = 10 * time.Minute

type object = map[string]any

// token is a token for the API.
type token struct {
	shop *Shop
	// installation is what the token belongs to; it dies with it.
	installation *Installation
	// until is zero for a persistent token.
	until time.Time
	grant *grant
}

// grant is one login, through all its refreshes.
type grant struct {
	shop         *Shop
	installation *Installation
	nonce        string
	dead         bool
}

// code is an authorisation code that has not been exchanged.
type code struct {
	grant     *grant
	redirect  string
	challenge string
	until     time.Time
}

// refresh is a refresh token.
type refresh struct {
	grant *grant
	until time.Time
	// usedAt is zero for one that was not used.
	usedAt time.Time
}

// LoginAs decides whose owner sits at the login page; the default is the first
// shop.
func (s *Server) LoginAs(shop *Shop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.login = shop
}

// DenyLogins lets the login fail, or succeed again. By default it succeeds at
// once.
func (s *Server) DenyLogins(deny bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deny = deny
}

func newSecret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// loginPage is where a shop's owner logs in. A wrong client or redirect URI ends
// at an error page; what the platform shows there, and which errors it sends
// back, is not known. So is what it does for a shop without the app: the fake
// denies the access.
func (s *Server) loginPage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	redirect := q.Get("redirect_uri")
	shop := s.login
	if shop == nil {
		shop = s.shops[0]
	}
	switch {
	case q.Get("client_id") != s.app.ClientID:
		page(w, http.StatusBadRequest, "クライアントIDが正しくありません。")
	case !slices.Contains(s.app.RedirectURIs, redirect):
		page(w, http.StatusBadRequest, "リダイレクトURIが登録されていません。")
	case badState(q.Get("state")):
		sendBack(w, redirect, "error", "invalid_request", "error_description", "state must be 8 or more letters and digits")
	case q.Get("response_type") != "code":
		sendBack(w, redirect, "error", "unsupported_response_type", "error_description", "response_type must be code", "state", q.Get("state"))
	case badChallenge(q):
		sendBack(w, redirect, "error", "invalid_request", "error_description", "code_challenge_method must be S256", "state", q.Get("state"))
	case shop.installed == nil:
		sendBack(w, redirect, "error", "access_denied", "error_description", "the app is not installed", "state", q.Get("state"))
	case s.deny:
		sendBack(w, redirect, "error", "access_denied", "error_description", "the login was refused", "state", q.Get("state"))
	default:
		value := newSecret(20)
		s.codes[value] = &code{
			grant:    &grant{shop: shop, installation: shop.installed, nonce: q.Get("nonce")},
			redirect: redirect, challenge: q.Get("code_challenge"), until: s.Now().Add(codeLife),
		}
		sendBack(w, redirect, "code", value, "scope", s.scope(), "state", q.Get("state"))
	}
}

func badState(state string) bool {
	return len(state) < 8 || strings.ContainsFunc(state, notAlphanumeric)
}

// badChallenge also refuses a challenge that no SHA-256 has.
func badChallenge(q url.Values) bool {
	challenge, method := q.Get("code_challenge"), q.Get("code_challenge_method")
	if challenge == "" {
		return method != ""
	}
	sum, err := base64.RawURLEncoding.DecodeString(challenge)
	return method != "S256" || err != nil || len(sum) != sha256.Size
}

// scope names the operations of the app; which names the platform has is not
// known.
func (s *Server) scope() string {
	all := slices.Concat(s.schema.Operations("Query"), s.schema.Operations("Mutation"))
	return strings.Join(slices.DeleteFunc(all, func(name string) bool { return !s.app.granted(name) }), " ")
}

// sendBack redirects with pairs of a name and a value.
func sendBack(w http.ResponseWriter, to string, pairs ...string) {
	var query []string
	for i := 0; i < len(pairs); i += 2 {
		query = append(query, pairs[i]+"="+url.QueryEscape(pairs[i+1]))
	}
	separator := "?"
	if strings.Contains(to, "?") {
		separator = "&"
	}
	w.Header().Set("Location", to+separator+strings.Join(query, "&"))
	w.WriteHeader(http.StatusFound)
}

func page(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!DOCTYPE html><html lang=\"ja\"><body><p>" + html.EscapeString(text) + "</p></body></html>"))
}

// refusal is an error of the token endpoint.
type refusal struct {
	status            int
	code, description string
}

var (
	badRequest   = &refusal{http.StatusBadRequest, "invalid_request", "The request is missing a parameter or is malformed"}
	badClient    = &refusal{http.StatusUnauthorized, "invalid_client", "Client authentication failed"}
	badGrant     = &refusal{http.StatusBadRequest, "invalid_grant", "The code or the refresh token is not valid"}
	badGrantType = &refusal{http.StatusBadRequest, "unsupported_grant_type", "The grant type is not supported"}
)

// tokenEndpoint exchanges codes and refresh tokens.
func (s *Server) tokenEndpoint(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, refused := s.exchange(r)
	w.Header().Set("Cache-Control", "no-store")
	if refused == nil {
		fake.WriteJSON(w, http.StatusOK, answer)
		return
	}
	name := refused.code
	if s.config.freeText {
		name = strings.ToLower(http.StatusText(refused.status))
	}
	fake.WriteJSON(w, refused.status, object{"error": name, "error_description": refused.description})
}

func (s *Server) exchange(r *http.Request) (object, *refusal) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		return nil, badRequest
	}
	form := r.PostForm
	id, secret, ok := r.BasicAuth()
	switch {
	case !ok || id != s.app.ClientID || !equal(secret, s.app.ClientSecret):
		return nil, badClient
	case form.Get("client_id") == "":
		return nil, badRequest
	case form.Get("client_id") != id:
		return nil, badClient
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		return s.exchangeCode(form)
	case "refresh_token":
		return s.refresh(form)
	case "":
		return nil, badRequest
	default:
		return nil, badGrantType
	}
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (s *Server) exchangeCode(form url.Values) (object, *refusal) {
	value := form.Get("code")
	if value == "" || form.Get("redirect_uri") == "" {
		return nil, badRequest
	}
	c := s.codes[value]
	if c == nil {
		return nil, badGrant
	}
	delete(s.codes, value)
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	proven := c.challenge == "" || equal(base64.RawURLEncoding.EncodeToString(sum[:]), c.challenge)
	if !proven || c.redirect != form.Get("redirect_uri") || !s.Now().Before(c.until) || !s.alive(c.grant) {
		return nil, badGrant
	}
	return s.issue(c.grant), nil
}

// refresh replaces a refresh token. A second use kills all tokens of the login,
// unless it is within the grace.
func (s *Server) refresh(form url.Values) (object, *refusal) {
	value := form.Get("refresh_token")
	if value == "" {
		return nil, badRequest
	}
	t, now := s.refreshes[value], s.Now()
	if t == nil || !now.Before(t.until) || !s.alive(t.grant) {
		return nil, badGrant
	}
	if t.usedAt.IsZero() {
		t.usedAt = now
	} else if s.config.grace == 0 || now.Sub(t.usedAt) > s.config.grace {
		t.grant.dead = true
		return nil, badGrant
	}
	return s.issue(t.grant), nil
}

// alive reports whether tokens of a login still count.
func (s *Server) alive(g *grant) bool { return !g.dead && g.installation == g.shop.installed }

// issue makes the three tokens. The 12 hours begin anew with each refresh token,
// which the platform does not say.
func (s *Server) issue(g *grant) object {
	now := s.Now()
	access, next := newSecret(32), newSecret(32)
	s.tokens[access] = &token{shop: g.shop, installation: g.installation, until: now.Add(makeshop.TemporaryTokenLifetime), grant: g}
	s.refreshes[next] = &refresh{grant: g, until: now.Add(makeshop.RefreshTokenLifetime)}
	return object{
		"token_type":    "bearer",
		"access_token":  access,
		"id_token":      s.idToken(g, now),
		"refresh_token": next,
		"scope":         s.scope(),
		"expires_in":    int(makeshop.TemporaryTokenLifetime.Seconds()),
	}
}

// Login plays a shop's owner who opens a login address, and returns the query that
// the platform sends to the redirect URI, which is not called.
func (s *Server) Login(ctx context.Context, loginURL string) (url.Values, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, loginURL, nil)
	if err != nil {
		return nil, err
	}
	client := s.HTTPClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusFound {
		return nil, fmt.Errorf("makeshoptest: the login page answers %d", resp.StatusCode)
	}
	target, err := resp.Location()
	if err != nil {
		return nil, err
	}
	return target.Query(), nil
}
