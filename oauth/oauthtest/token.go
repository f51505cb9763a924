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

// token answers the token endpoint.
func (a *Authority) token(w http.ResponseWriter, r *http.Request) {
	answer, bad, refused := a.answerToken(r)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Request-Id", "req-"+rand.Text()[:8])
	switch {
	case refused != nil:
		refused.write(w)
	case bad != nil:
		bad.write(w, answer)
	default:
		fake.WriteJSON(w, http.StatusOK, answer)
	}
}

// answerToken carries out a request with the server locked.
func (a *Authority) answerToken(r *http.Request) (map[string]any, *malformed, *Refusal) {
	a.mu.Lock()
	defer a.mu.Unlock()
	answer, problem := a.grantFor(r)
	if problem != nil {
		a.state.counts.Refused++
		return nil, nil, new(a.config.worded(problem))
	}
	return answer, a.nextMalformed(), nil
}

func (a *Authority) grantFor(r *http.Request) (map[string]any, *Refusal) {
	form, problem := readForm(r)
	if problem != nil {
		return nil, problem
	}
	kind := form.Get("grant_type")
	known := kind == "" || kind == "authorization_code" || kind == "refresh_token" && a.config.RefreshLifetime > 0
	if !known && a.config.EmptyRefusals {
		return nil, &Refusal{Status: http.StatusForbidden}
	}
	if problem := a.authenticate(r); problem != nil {
		return nil, problem
	}
	switch {
	case !known:
		return nil, refuse("unsupported_grant_type", "The grant type is not supported.")
	case kind == "":
		return nil, refuse("invalid_request", "Missing required parameter: grant_type.")
	case kind == "refresh_token":
		return a.refresh(form)
	}
	return a.exchange(form)
}

// readForm checks the form.
func readForm(r *http.Request) (url.Values, *Refusal) {
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
	return r.PostForm, nil
}

func (a *Authority) exchange(form url.Values) (map[string]any, *Refusal) {
	now := a.now()
	for _, name := range []string{"code", "redirect_uri"} {
		if form.Get(name) == "" {
			return nil, refuse("invalid_request", "Missing required parameter: "+name+".")
		}
	}
	code := a.state.codes[form.Get("code")]
	switch {
	case code == nil:
		return nil, refuse("invalid_grant", "認可コードが無効です。")
	case code.grant != nil:
		a.kill(code.grant, "code reuse")
		return nil, refuse("invalid_grant", "The code was used before.")
	case !now.Before(code.expires):
		return nil, refuse("invalid_grant", "The code has expired.")
	case form.Get("redirect_uri") != code.redirectURL:
		return nil, refuse("invalid_grant", "redirect_uri differs from that of the login.")
	case a.config.PKCE && !verified(code.challenge, form.Get("code_verifier")):
		return nil, refuse("invalid_grant", "code_verifier does not match the challenge.")
	}
	g := &grant{Grant: Grant{Shop: code.shop, Scopes: code.scopes}, nonce: code.nonce}
	code.grant = g
	a.state.grants = append(a.state.grants, g)
	a.issue(g, now)
	a.state.counts.Exchanges++
	return a.answer(g, g.nonce, now), nil
}

func verified(challenge, verifier string) bool {
	if challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	want := base64.RawURLEncoding.EncodeToString(sum[:])
	return len(verifier) >= 43 && subtle.ConstantTimeCompare([]byte(want), []byte(challenge)) == 1
}

func (a *Authority) refresh(form url.Values) (map[string]any, *Refusal) {
	before, after := a.latency[0], a.latency[1]
	a.wait(before)
	answer, problem := a.rotate(form)
	if problem == nil {
		a.wait(after)
	}
	return answer, problem
}

func (a *Authority) rotate(form url.Values) (map[string]any, *Refusal) {
	now := a.now()
	if form.Get("refresh_token") == "" {
		return nil, refuse("invalid_request", "Missing required parameter: refresh_token.")
	}
	token := a.state.refresh[form.Get("refresh_token")]
	switch {
	case token == nil:
		return nil, refuse("invalid_grant", "The refresh token is not known.")
	case token.grant.Dead != "":
		return nil, refuse("invalid_grant", "The grant was revoked.")
	case token.expired(now):
		return nil, refuse("invalid_grant", "The refresh token has expired.")
	}
	if a.config.RefuseRefresh != nil {
		if why := a.config.RefuseRefresh(token.grant.Shop); why != "" {
			return nil, refuse("invalid_grant", why)
		}
	}
	if !token.spentAt.IsZero() {
		return a.reused(token, now)
	}
	if a.config.Rotate {
		token.spentAt = now
	}
	a.issue(token.grant, now)
	a.state.counts.Refreshes++
	return a.answer(token.grant, a.repeatedNonce(token.grant), now), nil
}

func (a *Authority) repeatedNonce(g *grant) string {
	if !a.config.RepeatNonce {
		return ""
	}
	return g.nonce
}

// reused answers a spent refresh token.
func (a *Authority) reused(token *issued, now time.Time) (map[string]any, *Refusal) {
	previous := token.version == token.grant.Version-1
	if previous && a.config.Grace > 0 && now.Sub(token.spentAt) <= a.config.Grace {
		a.state.counts.Repeats++
		return a.answer(token.grant, a.repeatedNonce(token.grant), now), nil
	}
	a.state.counts.Reuses++
	if !a.config.Lenient {
		a.kill(token.grant, "reuse")
	}
	return nil, refuse("invalid_grant", "The refresh token was used before.")
}

// answer describes the tokens in force.
func (a *Authority) answer(g *grant, nonce string, now time.Time) map[string]any {
	answer := map[string]any{
		"access_token": g.AccessToken,
		"token_type":   "bearer",
	}
	if len(g.Scopes) > 0 {
		answer["scope"] = strings.Join(g.Scopes, " ")
	}
	if a.config.AccessLifetime > 0 {
		answer["expires_in"] = int(a.state.access[g.AccessToken].expires.Sub(now) / time.Second)
	}
	if g.RefreshToken != "" {
		answer["refresh_token"] = g.RefreshToken
	}
	if a.config.CreatedAt {
		answer["token_type"] = "Bearer"
		answer["created_at"] = now.Unix()
	}
	if a.config.Issuer != "" {
		answer["id_token"] = a.signingKey().sign(a.idClaims(g, nonce, now))
	}
	return answer
}

// revoke answers the revocation endpoint. A token that nobody knows is no error.
func (a *Authority) revoke(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	form, problem := readForm(r)
	if problem == nil {
		problem = a.authenticate(r)
	}
	if problem == nil && form.Get("token") == "" {
		problem = refuse("invalid_request", "Missing required parameter: token.")
	}
	if problem != nil {
		a.config.worded(problem).write(w)
		return
	}
	a.revokeToken(form.Get("token"))
	w.WriteHeader(http.StatusOK)
}
