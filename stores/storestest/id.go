package storestest

import (
	"crypto/rand"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	scopeRead    = "retail.shop.read"
	scopeWrite   = "retail.shop.write"
	scopeOffline = "offline_access"

	codeLife    = 10 * time.Minute
	accessLife  = time.Hour
	refreshLife = 35 * 24 * time.Hour
)

// grant is what an owner has permitted; all tokens of it die together.
type grant struct {
	shop   *Shop
	scopes []string
	dead   bool
}

// token is an access or a refresh token. A credential has no end.
type token struct {
	grant *grant
	until time.Time
	// used refresh tokens have been replaced.
	used bool
}

// code is an authorisation code. It is kept after its use to notice a second one.
type code struct {
	grant    *grant
	redirect string
	until    time.Time
	used     bool
}

// Scopes are all scopes that the platform knows.
func Scopes() []string { return []string{scopeRead, scopeWrite, scopeOffline} }

// LoginAs decides whose owner sits at the authorise page; the default is the first shop.
func (s *Server) LoginAs(shop *Shop) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.login = shop
}

// DenyLogins lets the shop owner refuse at the authorise page, or approve again. By
// default every request is approved at once.
func (s *Server) DenyLogins(deny bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deny = deny
}

// newSecret is a token as the platform might make one.
func newSecret() string { return rand.Text() + "-" + rand.Text() }

const sessionCookie = "stores_id_session"

// authorize is the page where a shop owner approves or refuses. What the platform shows
// for a wrong client or redirect address is not known, and neither is how it reports a
// refusal; the fake answers as RFC 6749 asks for.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	redirect := query.Get("redirect_uri")
	switch {
	case query.Get("client_id") != s.app.ClientID:
		webPage(w, http.StatusUnauthorized, "クライアントが見つかりません。")
		return
	case !slices.Contains(s.app.RedirectURIs, redirect):
		webPage(w, http.StatusBadRequest, "リダイレクトURIが一致しません。")
		return
	}
	scopes := strings.Fields(query.Get("scope"))
	unknown := func(scope string) bool { return !slices.Contains(Scopes(), scope) }
	prompt := query.Get("prompt")
	switch {
	case query.Get("response_type") != "code":
		sendBack(w, query, "error", "unsupported_response_type")
	case len(scopes) == 0 || slices.ContainsFunc(scopes, unknown):
		sendBack(w, query, "error", "invalid_scope")
	case prompt != "" && prompt != "login":
		sendBack(w, query, "error", "invalid_request")
	default:
		s.signIn(w, r, prompt == "login")
		if s.deny {
			sendBack(w, query, "error", "access_denied")
			return
		}
		sendBack(w, query, "code", s.newCode(scopes, redirect), "scope", strings.Join(scopes, " "))
	}
}

// signIn lets the owner log in, unless the browser is known and login is not forced.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request, force bool) {
	if cookie, err := r.Cookie(sessionCookie); err == nil && s.sessions[cookie.Value] && !force {
		return
	}
	s.logins++
	session := newSecret()
	s.sessions[session] = true
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: session, Path: "/oauth2", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func (s *Server) newCode(scopes []string, redirect string) string {
	shop := s.login
	if shop == nil {
		shop = s.shops[0]
	}
	value := newSecret()
	s.codes[value] = &code{grant: &grant{shop: shop, scopes: scopes}, redirect: redirect, until: s.Now().Add(codeLife)}
	return value
}

// sendBack sends the browser back with pairs and the state as it came.
func sendBack(w http.ResponseWriter, query url.Values, pairs ...string) {
	out := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	if state, ok := query["state"]; ok {
		out.Set("state", state[0])
	}
	to, separator := query.Get("redirect_uri"), "?"
	if strings.Contains(to, "?") {
		separator = "&"
	}
	w.Header().Set("Location", to+separator+out.Encode())
	w.WriteHeader(http.StatusFound)
}

func webPage(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html><html lang=\"ja\"><body><p>%s</p></body></html>", html.EscapeString(text))
}
