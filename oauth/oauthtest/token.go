package oauthtest

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shotengai/shotengai-go/internal/fake"
)

// tokenError is a refusal of the token endpoint.
type tokenError struct {
	status      int
	code        string
	description string
}

func refuse(code, description string) *tokenError {
	return &tokenError{http.StatusBadRequest, code, description}
}

// token answers the token endpoint.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	form, problem := s.readForm(r)
	var answer map[string]any
	if problem == nil {
		switch form.Get("grant_type") {
		case "authorization_code":
			answer, problem = s.exchange(form)
		case "refresh_token":
			answer, problem = s.refresh(form)
		case "":
			problem = refuse("invalid_request", "Missing required parameter: grant_type.")
		default:
			problem = refuse("unsupported_grant_type", "The grant type is not supported.")
			if s.config.EmptyRefusals {
				problem = &tokenError{status: http.StatusForbidden}
			}
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Request-Id", "req-"+rand.Text()[:8])
	if problem != nil {
		s.mu.Lock()
		s.state.counts.Refused++
		s.mu.Unlock()
		problem.write(w)
		return
	}
	if bad := s.nextMalformed(); bad != nil {
		bad.write(w, answer)
		return
	}
	fake.WriteJSON(w, http.StatusOK, answer)
}

func (e *tokenError) write(w http.ResponseWriter) {
	if e.code == "" {
		w.WriteHeader(e.status)
		return
	}
	fake.WriteJSON(w, e.status, map[string]string{"error": e.code, "error_description": e.description})
}

// readForm checks the form and who sent it.
func (s *Server) readForm(r *http.Request) (url.Values, *tokenError) {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if mediaType != "application/x-www-form-urlencoded" {
		return nil, refuse("invalid_request", "The body has to be a form.")
	}
	if err := r.ParseForm(); err != nil {
		return nil, refuse("invalid_request", "The form cannot be read.")
	}
	for name, values := range r.PostForm {
		if len(values) > 1 {
			return nil, refuse("invalid_request", "The parameter "+name+" is given twice.")
		}
	}
	if r.URL.RawQuery != "" {
		return nil, refuse("invalid_request", "Parameters belong into the body.")
	}
	return r.PostForm, s.authenticate(r)
}

func (s *Server) exchange(form url.Values) (map[string]any, *tokenError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if form.Get("code") == "" {
		return nil, refuse("invalid_request", "Missing required parameter: code.")
	}
	code := s.state.codes[form.Get("code")]
	switch {
	case code == nil:
		return nil, refuse("invalid_grant", "認可コードが無効です。")
	case code.grant != nil:
		s.kill(code.grant, "code reuse")
		return nil, refuse("invalid_grant", "The code was used before.")
	case !now.Before(code.expires):
		return nil, refuse("invalid_grant", "The code has expired.")
	case form.Get("redirect_uri") != code.redirectURL:
		return nil, refuse("invalid_grant", "redirect_uri differs from that of the login.")
	case !verified(code.challenge, form.Get("code_verifier")):
		return nil, refuse("invalid_grant", "code_verifier does not match the challenge.")
	}
	g := &grant{Grant: Grant{Shop: code.shop, Scopes: code.scopes}, nonce: code.nonce}
	code.grant = g
	s.state.grants = append(s.state.grants, g)
	s.issue(g, now)
	s.state.counts.Exchanges++
	return s.answer(g, g.nonce, now), nil
}

func verified(challenge, verifier string) bool {
	if challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	want := base64.RawURLEncoding.EncodeToString(sum[:])
	return len(verifier) >= 43 && subtle.ConstantTimeCompare([]byte(want), []byte(challenge)) == 1
}

func (s *Server) refresh(form url.Values) (map[string]any, *tokenError) {
	s.mu.Lock()
	before, after := s.latency[0], s.latency[1]
	s.mu.Unlock()
	s.wait(before)
	answer, problem := s.rotate(form)
	if problem == nil {
		s.wait(after)
	}
	return answer, problem
}

func (s *Server) rotate(form url.Values) (map[string]any, *tokenError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if form.Get("refresh_token") == "" {
		return nil, refuse("invalid_request", "Missing required parameter: refresh_token.")
	}
	token := s.state.refresh[form.Get("refresh_token")]
	switch {
	case token == nil:
		return nil, refuse("invalid_grant", "The refresh token is not known.")
	case token.grant.Dead != "":
		return nil, refuse("invalid_grant", "The grant was revoked.")
	case !token.spentAt.IsZero():
		return s.reused(token, now)
	case token.expired(now):
		return nil, refuse("invalid_grant", "The refresh token has expired.")
	}
	if s.config.Rotate {
		token.spentAt = now
	}
	s.issue(token.grant, now)
	s.state.counts.Refreshes++
	return s.answer(token.grant, "", now), nil
}

// reused answers a spent refresh token.
func (s *Server) reused(token *issued, now time.Time) (map[string]any, *tokenError) {
	previous := token.version == token.grant.Version-1
	if previous && s.config.Grace > 0 && now.Sub(token.spentAt) <= s.config.Grace {
		s.state.counts.Repeats++
		return s.answer(token.grant, "", now), nil
	}
	s.state.counts.Reuses++
	if !s.config.Lenient {
		s.kill(token.grant, "reuse")
	}
	return nil, refuse("invalid_grant", "The refresh token was used before.")
}

// answer describes the tokens in force.
func (s *Server) answer(g *grant, nonce string, now time.Time) map[string]any {
	answer := map[string]any{
		"access_token": g.AccessToken,
		"token_type":   "bearer",
	}
	if len(g.Scopes) > 0 {
		answer["scope"] = strings.Join(g.Scopes, " ")
	}
	if s.config.AccessLifetime > 0 {
		answer["expires_in"] = int(s.state.access[g.AccessToken].expires.Sub(now) / time.Second)
	}
	if g.RefreshToken != "" {
		answer["refresh_token"] = g.RefreshToken
	}
	if s.config.CreatedAt {
		answer["token_type"] = "Bearer"
		answer["created_at"] = now.Unix()
	}
	if s.config.Issuer != "" {
		answer["id_token"] = s.signingKey().sign(s.idClaims(g, nonce, now))
	}
	return answer
}

// revoke answers the revocation endpoint.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	form, problem := s.readForm(r)
	if problem == nil && form.Get("token") == "" {
		problem = refuse("invalid_request", "Missing required parameter: token.")
	}
	if problem != nil {
		problem.write(w)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, known := range []map[string]*issued{s.state.access, s.state.refresh} {
		if token := known[form.Get("token")]; token != nil {
			s.kill(token.grant, "revoked")
		}
	}
	w.WriteHeader(http.StatusOK) // also for a token nobody knows
}
